# Without margins records pass unchanged; a section without margins is a slip.
printf 'a\n1\n' | bell-ingest | bell-weight --text --no-provenance
echo 'weight: {total: 5}' >s.yaml
printf 'a\n1\n' | bell-ingest | bell-weight -s s.yaml
echo "status $?"
bell-weight -s s.yaml --check-study
echo "status $?"
