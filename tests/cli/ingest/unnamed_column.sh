printf ',b\n1,2\n' | bell-ingest --text --no-provenance | sed -n 2p
