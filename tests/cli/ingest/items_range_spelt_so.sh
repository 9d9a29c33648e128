# A header that is itself spelt A..B is that column, no range.
cat >s.yaml <<'END'
ingest: {fields: {id: {column: id}}, items: {columns: ["a..c"]}}
END
printf 'id,a,b,a..c,c\n1,2,3,4,5\n' >in.csv
bell-ingest -s s.yaml --text --no-provenance in.csv | grep '^1'
