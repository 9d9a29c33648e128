cat >s.yaml <<'END'
ingest: {fields: {time: {column: t, type: time, zone: Europe/Lundon}}}
END
printf 't\n2015-03-29T00:00:00Z\n' >in.csv
bell-ingest -s s.yaml -o out in.csv
echo $?
printf 't\n2015-03-29T00:00:00Z\n' | bell-ingest | bell-aggregate --every day --zone Mars/Olympus -o out
echo $?
ls
