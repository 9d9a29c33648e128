# Wide, long, partial, gzip, standard input: the same estimates of the same records.
bell-sample --rows 3000 --seed 7 -o s.csv
cat >s.yaml <<'END'
ingest:
  fields: {platform: {column: platform}, rating: {column: rating}}
normalize: {case: {platform: fold}, alias: {platform: {fb: facebook, x: twitter}}, score: {from: rating, by: platform, scales: {facebook: stars5, reviews: nps, twitter: sentiment3}, unknown: missing}}
aggregate: {by: [platform]}
estimate: {population: {groups: {facebook: 100000, reviews: 90000, twitter: 80000}}, bell: yes}
END
bell-ingest -s s.yaml s.csv | bell-normalize -s s.yaml -o s.bell.gz || exit
bell-aggregate -s s.yaml -o wide.csv s.bell.gz
bell-aggregate -s s.yaml --layout long -o long.csv s.bell.gz
bell-aggregate -s s.yaml --partial -o part.bell.gz s.bell.gz
bell-estimate -s s.yaml -o wide.out wide.csv
bell-estimate -s s.yaml -o long.out long.csv
bell-estimate -s s.yaml -o part.out part.bell.gz
gzip -nc wide.csv | bell-estimate -s s.yaml >pipe.out
gzip -dc part.bell.gz | bell-estimate -s s.yaml - >text.out
for out in long part pipe text; do cmp wide.out $out.out; done
wc -l <wide.out
cut -d, -f 1,2 wide.out | sort -u
