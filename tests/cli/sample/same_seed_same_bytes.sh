bell-sample --rows 500 --seed 3 -o one.csv
bell-sample --rows 500 --seed 3 >two.csv
bell-sample --rows 500 --seed 4 >three.csv
cmp one.csv two.csv
cmp -s one.csv three.csv && echo 'another seed gives the same'
bell-ingest --no-provenance one.csv | bell-view --count
