cat >s.yaml <<'END'
study: x
ingest:
  delimeter: ";"
END
printf 'a\n1\n' >in.csv
bell-ingest -s s.yaml -o out in.csv
echo $?
ls
