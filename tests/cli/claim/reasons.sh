# -v: by what figures it was judged, on standard error; -q: the status alone.
cat >t.csv <<'END'
shop,records,people,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,population
east,1210,1210,1200,10,0,100,100,200,300,500,100000
west,1300,200,1300,0,0,500,300,200,200,100,100000
south,400,400,400,0,0,0,0,0,0,400,
END
exec 2>&1
bell-claim -v t.csv 'mean[shop=east] > 3' -o out
cat out
bell-claim -v t.csv 'mean[shop=west] > 3' -o out
bell-claim -v t.csv 'mean[shop=south] > 3' -o out
bell-claim -v t.csv 'mean[shop=east] > mean[shop=south] - 3' -o out
bell-claim -q t.csv 'mean[shop=east] > 3'
echo "$?"
bell-claim -q t.csv 'mean[shop=east] > 4'
echo "$?"
