cat >in.csv <<'END'
a,rating
x,1
x,5
x,5
y,3
,4
y,
END
bell-ingest in.csv | bell-normalize --from rating --scale stars5 | bell-aggregate --by a
