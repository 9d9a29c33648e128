# u fewer than 30 scored, o the last window.
cat >s.yaml <<'END'
ingest: {fields: {time: {column: t, type: time}, v: {column: v}}}
END
{ echo t,v; i=0; while [ $i -lt 30 ]; do echo "2015-01-01T00:00:00Z,1"; i=$((i + 1)); done
  echo "2015-01-02T00:00:00Z,1"; } | bell-ingest -s s.yaml |
    bell-normalize --from v --scale thumbs | bell-aggregate --every day --columns scored,status
