# The section's population: a file, groups written out, a total; windows each have it.
printf 'platform,window,n_1,n_2\nx,2015-02-23,30,10\nx,2015-03-02,5,5\ny,2015-02-23,1,1\n' >t.csv
printf 'platform,population\nx,400\n' >p.csv
bell-estimate --population p.csv t.csv | grep ',population,\|,participation,'
printf 'estimate: {population: {groups: {y: 10}}}\n' >s.yaml
bell-estimate -s s.yaml t.csv | grep ',population,\|,participation,'
printf 'n_1,n_2\n30,10\n' >one.csv
bell-estimate --population-total 400 one.csv | grep ',population,\|,participation,'
# more answers than people
bell-estimate --population-total 39 -o out.csv one.csv
echo $?
ls
# a population of other groups is none of this table
bell-estimate --population p.csv -o out.csv one.csv
echo $?
printf 'g,n_1,n_2\na,1,2\n' | bell-estimate --population p.csv
echo $?
