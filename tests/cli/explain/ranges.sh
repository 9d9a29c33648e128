# Bands that are ranges: by their unfavourable ends.
awk 'BEGIN { print "v"; for (i = 0; i < 600; i++) print (i * 37) % 101 }' >in.csv
bell-ingest in.csv | bell-normalize --from v --scale percent | bell-aggregate -o t.csv
bell-estimate --explain --target 40 --scale percent t.csv
awk 'BEGIN { print "v"; for (i = 0; i < 600; i++) print i % 7 == 0 ? 2 : 9 + i % 2 }' >in.csv
bell-ingest in.csv | bell-normalize --from v --scale nps | bell-aggregate -o t.csv
bell-estimate --explain --scale nps t.csv | sed -n '/^How/,/^What/p'
