# A refused row counts once an item and stands once in the rejects.
cat >s.yaml <<'END'
ingest:
  ragged: reject
  fields: {n: {column: n, type: int}}
  items: {columns: [Q1, Q2, Q3]}
END
printf 'n,Q1,Q2,Q3\n1,a,b,c\n2,a,b\nx,a,b,c\n' >in.csv
bell-ingest -s s.yaml --rejects rej --text --no-provenance in.csv | sed -n '/^[^#]/p;/^#end/p'
grep -c '^in.csv' rej
