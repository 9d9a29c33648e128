# Weights move the figure, and their unevenness costs answers; who is certain is counted unweighted.
awk 'BEGIN { print "g,v,w"; for (i = 0; i < 600; i++) { u = i % 10 < 7; print "x," u "," (u ? 1 : 0.5) } }' >in.csv
cat >s.yaml <<'END'
ingest: {fields: {g: {column: g}, v: {column: v}, w: {column: w, type: decimal}}}
normalize: {score: {from: v, scale: thumbs}}
aggregate: {by: [g], weight: w, population: {groups: {x: 1000}}}
END
bell claim -v s.yaml 'share(up) > 60%' in.csv -o out
bell claim -v s.yaml 'share(up) > 40%' in.csv -o out
bell run s.yaml in.csv -o t.csv
bell-estimate --explain -s s.yaml t.csv | sed -n 1,17p
