printf 'id,x\n1,a\n2,b\n1,c\n,d\n,d\n1,a\n' | bell-ingest --no-provenance -o in.bell.gz
bell-normalize --unique id --text --no-provenance in.bell.gz | sed -n '4,$p'
bell-normalize --unique all --text --no-provenance in.bell.gz | sed -n '4,$p'
