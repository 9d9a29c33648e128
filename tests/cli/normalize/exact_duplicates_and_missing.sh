# With `all`, missing equals missing; an empty text is not missing.
cat >s.yaml <<'END'
ingest: {missing: ["NA"]}
END
printf 'a,b\n1,NA\n1,NA\n1,\n1,\n' | bell-ingest -s s.yaml | bell-normalize --unique all --text |
    sed -n '/^[^#]/p'
