awk 'BEGIN { print "v"; n[1] = 12; n[2] = 3; n[3] = 1; n[4] = 4; n[5] = 20
    for (k = 1; k <= 5; k++) for (i = 0; i < n[k]; i++) print k }' | bell-ingest |
    bell-normalize --from v --scale stars5 -o in.bell.gz
bell-aggregate --stats full in.bell.gz | tr ',' '\n' >cells
n=$(($(wc -l <cells) / 2))
head -n $n cells >names
tail -n $n cells >values
paste names values | grep -v -e '^share_' -e '^n_' | cut -f 1
paste names values | grep '^shape'
