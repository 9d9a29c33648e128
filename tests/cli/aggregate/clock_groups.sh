cat >s.yaml <<'END'
ingest: {fields: {time: {column: t, type: time}}}
END
printf 't\n2015-03-01T23:30:00Z\n2015-03-02T00:00:00Z\n2015-03-08T23:00:00Z\n""\n' |
    bell-ingest -s s.yaml -o in.bell.gz
bell-aggregate --by weekday --columns records in.bell.gz
bell-aggregate --by hour_of_day --columns records in.bell.gz
