# From partials everything is estimated first and withheld after.
awk 'BEGIN { print "g,v"; for (i = 0; i < 60; i++) print (i < 50 ? "many" : "few") "," 1 + i % 5 }' >s.csv
bell-ingest s.csv | bell-normalize --from v --range 1,5 --step 1 -o s.bell.gz
bell-aggregate --by g --partial -o p.bell.gz s.bell.gz
bell-estimate --min-cell 5 p.bell.gz | grep -n 'refused\|^many,none' | head -n 4
bell-estimate p.bell.gz | grep -c '^few'
# the study's aggregate says it for both
printf 'aggregate: {by: [g], min_cell: 10}\n' >s.yaml
bell-estimate -s s.yaml p.bell.gz | grep '^few'
bell-aggregate -s s.yaml s.bell.gz | bell-estimate --scale 1..5/1 -s s.yaml - | grep '^few'
