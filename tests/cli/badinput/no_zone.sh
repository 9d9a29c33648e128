cat >s.yaml <<'END'
ingest: {fields: {time: {column: t, type: time, format: "%Y-%m-%d %H:%M"}}}
END
printf 't\n2015-03-29 00:00\n' >in.csv
bell-ingest -s s.yaml -o out in.csv
echo $?
ls
