printf 'made by a "machine\n2020\na,b\nA long name,B\n1,2\n' >in.csv
bell-ingest --skip-lines=2 --skip-records=1 --text --no-provenance in.csv | sed -n '2,$p'
