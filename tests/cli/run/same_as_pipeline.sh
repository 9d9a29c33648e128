cat >s.yaml <<'END'
study: small
ingest:
  fields: {id: {column: id, type: id}, time: {column: t, type: time}, v: {column: v}, text: {column: text}}
normalize: {unique: id, score: {from: v, scale: stars5}}
classify:
  labels: {topic: {from: text, rules: [{label: staff, any: [driver]}], else: other}}
aggregate: {by: [topic], every: month}
END
printf 'id,t,v,text\n1,2015-01-01T00:00:00Z,5,a driver\n2,2015-02-01T00:00:00Z,1,x\n2,2015-02-01T00:00:00Z,1,x\n3,2015-02-01T00:00:00Z,,driver\n' >in.csv
bell-ingest -s s.yaml in.csv | bell-normalize -s s.yaml | bell-classify -s s.yaml | bell-aggregate -s s.yaml >four.csv
bell run s.yaml in.csv -o run.csv
bell run -j1 s.yaml in.csv -o run1.csv
bell pipe 'ingest -s s.yaml in.csv | normalize -s s.yaml | classify -s s.yaml | aggregate -s s.yaml' >pipe.csv
bell ingest -s s.yaml in.csv | bell normalize -s s.yaml | bell classify -s s.yaml | bell aggregate -s s.yaml >bell.csv
cmp four.csv run.csv; cmp four.csv run1.csv; cmp four.csv pipe.csv; cmp four.csv bell.csv
cut -d, -f 1-8 four.csv
bell-ingest -s s.yaml in.csv | bell-normalize -s s.yaml --text >one.txt
bell run s.yaml in.csv --to normalize --text >two.txt
sed '/^#end/d' one.txt >one.cut; sed '/^#end/d' two.txt >two.cut
cmp one.cut two.cut
bell pipe 'ingest -s s.yaml in.csv | normalize -s s.yaml --text' | cmp - two.txt
