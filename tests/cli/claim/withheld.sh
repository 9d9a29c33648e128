# What a table withholds is not judged, from partials neither.
cat >s.yaml <<'END'
normalize: {score: {from: v, scale: thumbs}}
aggregate: {by: [shop], min_cell: 10}
END
awk 'BEGIN { print "shop,v"; for (i = 0; i < 400; i++) print (i % 2 ? "x" : "y") "," (i % 2 == 0 || i < 380) }' >in.csv
bell claim s.yaml 'share(up) > 50%' --each in.csv
echo "$?"
bell-ingest in.csv | bell-normalize -s s.yaml | bell-aggregate -s s.yaml --partial -o p.bell.gz
bell-claim -s s.yaml p.bell.gz 'share(up) > 50%' --each
awk 'BEGIN { print "shop,v"; for (i = 0; i < 400; i++) print (i % 2 ? "x" : "y") "," (i % 2 == 0 || i < 395) }' >in.csv
bell claim s.yaml 'share(up) > 50%' --each in.csv
echo "$?"
bell-ingest in.csv | bell-normalize -s s.yaml | bell-aggregate -s s.yaml --partial -o p.bell.gz
bell-claim -s s.yaml p.bell.gz 'share(up) > 50%' --each
