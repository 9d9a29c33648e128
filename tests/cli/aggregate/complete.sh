printf 'force\nKent\nEssex\nDevon\n' >forces.csv
cat >s.yaml <<'END'
aggregate: {by: [force], complete: {force: forces.csv}, columns: [records, scored, status]}
END
printf 'force,v\nKent,1\nSurrey,0\n' | bell-ingest | bell-normalize --from v --scale thumbs |
    bell-aggregate -s s.yaml
