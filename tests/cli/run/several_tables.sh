cat >s.yaml <<'END'
ingest: {origin: true}
normalize: {score: {from: v, scale: thumbs}}
aggregate: {columns: [records, mean]}
tables: {by_a: {by: [a]}, all: {by: [], total: false}}
END
printf 'a,v\nx,1\n' >one.csv
printf 'a,v\nx,0\ny,1\n' >two.csv
mkdir d
bell run -j2 s.yaml one.csv two.csv -O d
for f in d/*; do echo "$f"; cat "$f"; done
bell run s.yaml one.csv >out 2>err; echo "$? $(wc -l <err) $(wc -c <out)"
