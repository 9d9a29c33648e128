# An edge is a neighbour that is no letter, number, mark or _ (Unicode).
cat >s.yaml <<'END'
classify: {labels: {hit: {from: t, rules: [{label: "yes", any: [cafe, "größe", "new york"]}], else: "no"}}}
END
printf 't\ncafe\ncafes\n"cafe\314\201"\n"\303\251cafe"\ncafe2\n_cafe\ncafe-bar\nGR\303\226SSE\nGR\303\226\303\237E\n"New \t York"\nnewyork\n"\360\237\230\200cafe\360\237\230\200"\n' >in.csv
bell-ingest in.csv | bell-classify -s s.yaml --text | sed -n '/^[^#]/p' | awk -F '\t' '{ print NR, $2 }'
