# t = 3: a row with scored below t shows its groups and c; one with a band of 1..t-1 also scored.
printf '%s\n' a,v x,0 x,0 x,0 x,1 x,1 x,1 y,0 y,1 y,1 y,1 z,1 z,1 >in.csv
bell-ingest in.csv | bell-normalize --from v --scale thumbs -o in.bell.gz
bell-aggregate --by a --min-cell 3 --columns records,scored,n_down,n_up,mean,status in.bell.gz
for option in --total --measures=v; do
    bell-aggregate --by a --min-cell 3 $option in.bell.gz 2>err
    echo "$? $(wc -l <err)"
done
