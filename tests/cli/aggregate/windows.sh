cat >s.yaml <<'END'
ingest: {fields: {time: {column: t, type: time}, a: {column: a}}}
END
printf 't,a\n2015-03-01T23:30:00Z,x\n2015-03-02T00:00:00Z,x\n2015-12-31T23:59:59Z,y\n2016-01-01T00:00:00Z,x\n,x\n' |
    bell-ingest -s s.yaml -o in.bell.gz
for every in hour day week month year; do
    bell-aggregate --every $every --columns records in.bell.gz
done
bell-aggregate --every day --zone Asia/Kathmandu --columns records in.bell.gz
bell-aggregate --every hour --zone Europe/London --columns records in.bell.gz | tail -n 1
