# Rejects of all stages go to one file; what is left makes the table.
cat >s.yaml <<'END'
ingest: {ragged: reject, fields: {id: {column: id, type: id}, v: {column: v}}}
normalize: {score: {from: v, scale: thumbs, unknown: reject}}
aggregate: {columns: [records, scored]}
END
printf 'id,v\n1,up\n2\n3,maybe\n4,down\n' >in.csv
bell run s.yaml in.csv --rejects rej
cut -f 1,2,5,6 rej | sed -n '/^in.csv/p'
bell run s.yaml in.csv >out 2>err; echo "$? $(wc -c <out) $(wc -l <err)"
