printf 'a,b\n1,2\n,\n , \n3,\n' >in.csv
bell-ingest --text --no-provenance in.csv | sed -n '4,$p'
bell-ingest --blank-records=drop --text --no-provenance in.csv | sed -n '4,$p'
