cat >s.yaml <<'END'
aggregate: {by: [a], min_cell: 5}
tables: {one: {}, two: {by: [b]}}
END
printf 'a,b\nx,1\n' | bell-ingest -o in.bell.gz
mkdir d
bell-aggregate -s s.yaml -O d in.bell.gz 2>err
echo "$? $(wc -l <err) $(ls d)"
