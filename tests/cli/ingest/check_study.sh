cat >s.yaml <<'END'
ingest: {fields: {a: {column: nowhere}}}
aggregate: {by: [a]}
END
bell-ingest -s s.yaml --check-study
bell-aggregate -s s.yaml --check-study
echo 'agregate: {by: [a]}' >>s.yaml
bell-ingest -s s.yaml --check-study
