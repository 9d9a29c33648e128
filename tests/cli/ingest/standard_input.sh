printf 'a,b\n1,2\n' | bell-ingest --text --no-provenance
printf 'a,b\r\n3,4' | bell-ingest --text --no-provenance -
