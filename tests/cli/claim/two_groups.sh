# A difference between groups, or between windows, needs more than one group does.
cat >t.csv <<'END'
shop,window,n_1,n_2,n_3,n_4,n_5
east,2015-02-16,30,40,100,400,630
east,2015-02-23,100,100,200,300,500
west,2015-02-16,500,300,200,200,100
END
claim() {
    echo "$ $1"
    bell-claim t.csv "$1"
    echo "$?"
}
claim 'mean[shop=east, window=2015-02-16] > mean[shop=west]'
claim 'mean[shop=west] < mean[shop=east, window=2015-02-16]'
claim 'mean[shop=east, window=2015-02-16] > mean[shop=west] + 1'
claim 'mean[shop=east, window=2015-02-16] > mean[shop=east, window=2015-02-23]'
claim 'share(5)[shop=east,window=2015-02-16] > share(5)[shop=west] + 10%'
claim 'mean[shop=west] > mean[shop=east, window=2015-02-16]'
claim 'net[shop=west] > net[shop=west]'
bell-claim t.csv 'mean[shop=west] > mean[shop=east]' --each
