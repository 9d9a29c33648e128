printf 'a,b\n x ,\t\n' | bell-ingest --trim=no --text --no-provenance | sed -n 4p
printf 'a,b\n x ,\t\n' | bell-ingest --text --no-provenance | sed -n 4p
