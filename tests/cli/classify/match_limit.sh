# A pattern that would run for ever is stopped, and the record refused.
cat >s.yaml <<'END'
classify: {labels: {k: {from: t, rules: [{label: hit, regex: "^(a+)+$"}], else: "no"}}}
END
awk 'BEGIN { print "t"; print "aaa"; for (i = 0; i < 60000; i++) printf "a"; print "!"; print "b" }' >in.csv
bell-ingest in.csv | bell-classify -s s.yaml --rejects rej --text | sed -n '/^[^#]/p;/^#end/p'
sed -n '/^.N/p' rej | cut -f 1-6
