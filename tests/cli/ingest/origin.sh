printf 'a,b\n1,"x\ny"\n2,z\n' >in.csv
bell-ingest --origin --text --no-provenance in.csv
