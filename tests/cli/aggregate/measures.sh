cat >s.yaml <<'END'
ingest: {fields: {a: {column: a}, likes: {column: likes, type: int}, w: {column: w, type: decimal}}}
aggregate: {by: [a], measures: [likes, w]}
END
printf 'a,likes,w\nx,1,0.5\nx,3,\nx,,0.25\ny,,\n' | bell-ingest -s s.yaml | bell-aggregate -s s.yaml
