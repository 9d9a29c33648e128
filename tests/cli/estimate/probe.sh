# A check sample of the group's own; a published margin; a small one; other bands.
printf 'g,n_1,n_2,n_3,population\na,300,100,200,5000\nb,30,10,20,5000\nc,3,1,2,5000\n' >t.csv
printf 'g,n_1,n_2,n_3\na,20,60,40\nb,2,2,1\n' >probe.csv
bell-estimate --probe probe.csv t.csv | grep 'calibrated\|refused'
bell-estimate --probe probe.csv --probe-exact t.csv | grep 'calibrated\|refused'
sed 's/^g,//; s/^[abc],//; 3,$d' t.csv >one.csv
cat >s.yaml <<'END'
estimate: {probe: {shares: {1: 0.2, 2: 0.5, 3: 0.3}, size: 1000}}
END
bell-estimate -s s.yaml one.csv | grep 'calibrated\|refused'
bell-estimate -s s.yaml t.csv
echo $?
printf 'estimate: {probe: {shares: {1: 0.2, 2: 0.8}, exact: true}}\n' >s.yaml
bell-estimate -s s.yaml one.csv
echo $?
printf 'estimate: {probe: {shares: {1: 0.2, 2: 0.8, 3: 0.3}, size: 5}}\n' >s.yaml
bell-estimate -s s.yaml one.csv
echo $?
printf 'g,n_1,n_2\na,20,60\n' >other.csv
bell-estimate --probe other.csv t.csv >/dev/null
echo $?
printf 'h,n_1,n_2,n_3\na,20,60,1\n' >other.csv
bell-estimate --probe other.csv t.csv
echo $?
