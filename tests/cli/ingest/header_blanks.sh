# Names match exactly, blanks included.
printf ' a ,b\n1,2\n' >in.csv
cat >s.yaml <<'END'
ingest: {fields: {x: {column: " a "}}}
END
bell-ingest -s s.yaml --text --no-provenance in.csv | grep -v '^#study'
