cat >s.yaml <<'END'
ingest:
  fields:
    opinion: {column: sentimant}
END
printf 'id,sentiment\n1,x\n' >in.csv
bell-ingest -s s.yaml -o out in.csv
echo $?
ls
