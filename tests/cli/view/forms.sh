printf 'a,b\n1,"x, ""y"""\n,"tab\there"\n' | bell-ingest --no-provenance -o in.bell.gz
bell-view --no-provenance in.bell.gz
bell-view --header in.bell.gz
bell-view --body in.bell.gz
bell-view --count in.bell.gz
bell-view --check in.bell.gz
bell-view --to csv in.bell.gz
bell-view --to ndjson in.bell.gz
bell-view --to tsv in.bell.gz
