cat >s.yaml <<'END'
ingest: {fields: {id: {column: id}, time: {column: t, type: time, format: "%Y-%m-%d", zone: UTC}}}
END
printf 'id,x,t\n1,,2015-02-28\n2,,2015-02-30\n' >Tweets.csv
bell-ingest -s s.yaml -o out Tweets.csv
echo $?
ls
