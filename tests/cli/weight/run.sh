# Between classify and aggregate: bell run, bell pipe and the filters one by one give the same.
cat >s.yaml <<'END'
ingest: {fields: {id: {column: id}, platform: {column: p}, opinion: {column: o}}}
normalize: {unique: id, score: {from: opinion, scale: thumbs, unknown: reject}}
classify: {labels: {kind: {from: opinion, rules: [{label: good, any: [up]}], else: bad}}}
weight:
  margins: [{by: platform, shares: {twitter: 0.5, facebook: 0.5}}]
aggregate: {by: [platform], measures: [weight]}
END
printf 'id,p,o\n1,twitter,up\n2,twitter,down\n2,twitter,up\n3,facebook,up\n4,twitter,sideways\n5,twitter,down\n' >in.csv
echo '-- run'
bell run s.yaml in.csv --rejects rej -v >run.csv
cut -d, -f 1-3,19- run.csv
sed -n '/^[^#]/p;/^#end/p' rej
echo '-- to weight'
bell run s.yaml in.csv --rejects rej --to weight --text --no-provenance -q
sed -n '/^[^#]/p;/^#end/p' rej
echo '-- the same'
tail -c +1 in.csv | bell run s.yaml - -q --rejects rej -j3 | cmp - run.csv
sed -n '/^#end/p' rej
bell pipe 'ingest -s s.yaml in.csv | normalize -s s.yaml --rejects rej | classify -s s.yaml | weight -s s.yaml | aggregate -s s.yaml' -q | cmp - run.csv
bell-ingest -s s.yaml in.csv | bell-normalize -q -s s.yaml --rejects rej | bell-classify -s s.yaml |
    bell-weight -s s.yaml | bell-aggregate -s s.yaml | cmp - run.csv
echo '-- twice in one process'
bell pipe 'ingest -s s.yaml in.csv | weight -s s.yaml | weight -s s.yaml --field w2'
