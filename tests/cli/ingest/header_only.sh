# A header without records is no error.
printf 'a,b\n' | bell-ingest --text --no-provenance
printf 'a,b' | bell-ingest --text --no-provenance
