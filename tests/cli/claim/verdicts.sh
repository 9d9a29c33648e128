# Each of the verdicts, with its status: settled, supported, not supported, false, refused.
cat >t.csv <<'END'
shop,records,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,population
east,1210,1200,10,0,100,100,200,300,500,100000
west,1300,1300,0,0,500,300,200,200,100,100000
all_came,1000,1000,0,0,50,50,100,300,500,1000
nearly,1000,1000,0,0,50,50,100,300,500,1100
few,12,12,0,0,1,1,2,3,5,100
one_left,41,40,1,0,0,0,0,10,30,41
END
claim() {
    echo "$ $1"
    bell-claim t.csv "$1"
    echo "$?"
}
claim 'mean(score)[shop=east] > 3'
claim 'mean(score)[shop=east] > 3.5'
claim 'mean(score)[shop=east] > 4'
claim 'mean(score)[shop=east] < 3'
claim 'mean(score)[shop=east] >= 1'
claim 'mean(score)[shop=all_came] > 4'
claim 'mean(score)[shop=all_came] < 4'
claim 'mean(score)[shop=nearly] > 3.8'
claim 'mean(score)[shop=nearly] < 3'
claim 'mean(score)[shop=one_left] > 4.5'
claim 'mean(score)[shop=few] > 2'
claim 'share(4..5)[shop=all_came] >= 80%'
claim 'share(4..5)[shop=all_came] > 80%'
claim 'share(1, 2)[shop=east] < 0.5'
claim 'net[shop=east] > 0'
claim 'share(5)[shop=east] > share(1)[shop=east]'
