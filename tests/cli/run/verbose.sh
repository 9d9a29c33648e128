# -v prints the counts of each stage.
cat >s.yaml <<'END'
ingest: {blank_records: drop}
normalize: {unique: a}
aggregate: {by: [a], columns: [records]}
END
printf 'a,b\n1,2\n,\n1,3\n' >in.csv
bell run -v s.yaml in.csv 2>err
grep -o 'in=[0-9]*.*' err | tr '\t' ' '
