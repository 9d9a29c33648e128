# A record longer than a block goes through, and is one record still.
awk 'BEGIN { print "a,b"; for (n = 0; n < 3; n++) { printf "%d,", n; for (i = 0; i < 30000; i++) printf "0123456789"; print "" } }' >in.csv
bell-ingest -o in.bell.gz in.csv
bell-normalize --nfc b in.bell.gz | bell-view --to csv | cmp - in.csv
bgzip -dc in.bell.gz | grep -c '^[012].0123456789'
