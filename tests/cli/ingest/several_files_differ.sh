printf 'a,b\n1,2\n' >one.csv
printf 'a,c\n3,4\n' >two.csv
bell-ingest --text --no-provenance -o out one.csv two.csv 2>err
echo "$?"
grep -c 'two\.csv' err
ls
