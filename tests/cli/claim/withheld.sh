# What rows withhold, a page and a claim withhold as well, whatever they read it from.
printf 'g,scored,n_1,n_2,n_3,n_4,n_5\na,40,1,2,2,5,30\nb,400,50,60,90,100,100\n' >t.csv
bell-estimate --scale stars5 --min-cell 50 t.csv | grep -E '^a,'
bell-estimate --scale stars5 --min-cell 50 --explain --group g=a t.csv | head -n 4
printf 'aggregate: {min_cell: 50}\n' >s.yaml
bell-claim -s s.yaml --scale stars5 t.csv 'mean(score)[g=a] > 3'
echo "status $?"
