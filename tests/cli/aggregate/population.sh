printf 'p,population\nx,10\ny,4\n' >pop.csv
printf 'p,v\nx,1\nx,0\ny,1\nz,1\n' | bell-ingest | bell-normalize --from v --scale thumbs -o in.bell.gz
bell-aggregate --by p --population pop.csv --columns scored,population,participation in.bell.gz
bell-aggregate --by p --population pop.csv --population-total 20 --total --columns scored,population,participation in.bell.gz
printf 'p,population\nx,1\ny,4\n' >pop.csv
bell-aggregate --by p --population pop.csv -o out in.bell.gz 2>err
echo "$? $(grep -c '^bell-aggregate: ' err)"
ls
