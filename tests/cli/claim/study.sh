# A study is run first; its table, wide, long or partial, gives the same sentence, and no file stays.
cat >s.yaml <<'END'
normalize: {score: {from: v, scale: stars5}}
aggregate: {by: [shop], columns: [mean], layout: long, excel: true, population: {groups: {x: 2000}}}
END
awk 'BEGIN { print "shop,v"; for (i = 0; i < 900; i++) print "x," 1 + (i * 7 % 10 > 1) * 3 + (i % 2) }' >in.csv
TMPDIR=$PWD/tmp
export TMPDIR
mkdir tmp
bell claim s.yaml 'mean(score) > 2.5' in.csv
echo "$?"
ls tmp
bell claim s.yaml 'mean(score) > 2.5' <in.csv
bell-ingest in.csv | bell-normalize -s s.yaml -o n.bell.gz
bell-aggregate -s s.yaml --columns '' --layout wide --excel=no n.bell.gz -o wide.csv
bell-aggregate -s s.yaml --columns '' --excel=no n.bell.gz -o long.csv
bell-aggregate -s s.yaml --partial n.bell.gz -o part.bell.gz
bell-claim wide.csv 'mean(score) > 2.5'
bell-claim long.csv 'mean(score) > 2.5'
bell-claim - 'mean(score) > 2.5' <wide.csv
bell-claim part.bell.gz 'mean(score) > 2.5'
printf 'ingest: {}\n' >none.yaml
bell claim none.yaml 'mean > 2.5' in.csv
echo "$?"
bell claim -s s.yaml s.yaml 'mean > 2.5' in.csv
echo "$?"
printf 'shop,v\nx,7\n' | bell claim s.yaml 'mean > 2.5'
echo "$?"
ls tmp
