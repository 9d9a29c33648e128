cat >s.yaml <<'END'
ingest:
  fields: {id: {column: who, type: id}}
  items: {columns: ["Q1..Q3", Extra], name: item, value: answer, labels: questions.csv}
END
printf 'column,label\nQ2,"Was it, fair?"\nExtra,Else\n' >questions.csv
printf 'who,Q1,Q2,Q3,other,Extra\nu1,5,4,,x,1\nu2,3,2,1,y,NA\n' >in.csv
bell-ingest -s s.yaml --text --no-provenance in.csv | grep -v '^#study'
