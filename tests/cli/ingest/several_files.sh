printf 'a,b\n1,2\n' >one.csv
printf 'a,b\n3,4\n' | gzip >two.csv.gz
bell-ingest --text --no-provenance one.csv two.csv.gz | sed -n '4,$p'
