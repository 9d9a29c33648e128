cat >s.yaml <<'END'
aggregate: {by: [a], columns: [records]}
tables:
  by_a: {}
  by_b: {by: [b]}
  all: {by: []}
END
printf 'a,b\nx,1\ny,1\n' | bell-ingest -o in.bell.gz
mkdir d
bell-aggregate -s s.yaml -O d in.bell.gz
for f in d/*; do echo "$f"; cat "$f"; done
