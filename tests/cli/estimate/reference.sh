# What reference groups teach; few of them need tau; refusals.
printf 'g,n_1,n_2,n_3\nt,300,100,200\nfew,1,1,1\n' >t.csv
cat >answers.csv <<'END'
g,n_1,n_2,n_3
a,310,120,230
b,250,80,260
c,410,100,190
d,220,90,210
e,330,130,240
alone,1,2,3
END
cat >probe.csv <<'END'
g,n_1,n_2,n_3
a,40,60,50
b,30,50,60
c,60,60,40
d,35,60,55
e,45,65,50
END
estimate() { bell-estimate --reference-answers answers.csv --reference-probe probe.csv "$@" t.csv; }
estimate | grep 'calibrated\|refused'
estimate --tau 0 --form tilt | grep ',mean,.*calibrated'
estimate --reference-exact | grep ',t,.*mean,.*calibrated\|^t.*,mean,.*calibrated'
sed -i 3,6d answers.csv
estimate
echo $?
estimate --tau 0.1 | grep '^t.*,mean,.*calibrated'
# a probe of 5
printf 'g,n_1,n_2,n_3\na,2,2,1\n' >probe.csv
estimate --tau 0.1 | grep 'refused'
# the group's own check sample goes before
printf 'g,n_1,n_2,n_3\nt,20,60,40\n' >own.csv
estimate --tau 0.1 --probe own.csv | grep '^t.*,mean,.*calibrated'
printf 'h,n_1,n_2,n_3\na,2,2,1\n' >probe.csv
estimate
echo $?
