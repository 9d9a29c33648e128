printf '5,good\n1,bad\n' | bell-ingest --header=no --text --no-provenance
