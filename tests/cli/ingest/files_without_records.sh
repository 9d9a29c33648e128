# Files that hold no records end nothing: what stands behind them is read.
printf 'a,b\n' >none.csv
printf 'a,b\n1,2\n3,4\n' >some.csv
# A file whose last bytes just fill a batch leaves an empty batch behind.
awk 'BEGIN { print "a,b"; for (n = 0; n < 1100; n++) { printf "%d,", n; for (i = 0; i < 95; i++) printf "0123456789"; print "" } }' >large.csv
for j in 1 4; do
    bell-ingest -j $j none.csv some.csv none.csv none.csv some.csv none.csv | bell-view --count
    bell-ingest -j $j large.csv some.csv large.csv some.csv | bell-view --count
    bell-ingest -j $j none.csv | bell-view --count
done
bell-ingest none.csv some.csv none.csv | bell-view --body
