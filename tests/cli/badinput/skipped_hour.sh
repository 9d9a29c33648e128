cat >s.yaml <<'END'
ingest: {fields: {time: {column: t, type: time, format: "%Y-%m-%d %H:%M", zone: Europe/London}}}
END
printf 't\n2015-03-29 01:30\n' >in.csv
bell-ingest -s s.yaml in.csv >out
echo $?
