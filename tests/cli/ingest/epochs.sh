cat >s.yaml <<'END'
ingest: {fields: {a: {column: a, type: time, format: epoch_s}, b: {column: b, type: time, format: epoch_ms}}}
END
printf 'a,b\n1424806552,1424806552000\n0,1424806552250\n-1,-1000\n' >in.csv
bell-ingest -s s.yaml --text --no-provenance in.csv | sed -n '/^[^#]/p'
