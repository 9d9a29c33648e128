# An empty line is skipped and counted; with one column it is a record.
printf 'a,b\n\n1,2\n\n\n3,4\n\n' | bell-ingest -v --text --no-provenance 2>err | sed -n '4,$p'
grep -o 'blank=[0-9]*' err
printf 'a\n\n1\n\n' | bell-ingest --text --no-provenance | sed -n '4,$p'
