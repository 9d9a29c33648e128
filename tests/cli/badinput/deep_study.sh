awk 'BEGIN { printf "aggregate: "; for (i = 0; i < 100000; i++) printf "["; print "" }' >s.yaml
bell-ingest -s s.yaml --check-study
echo $?
awk 'BEGIN { print "study: x"; for (i = 0; i < 60000; i++) print "# a comment of some length" }' >s.yaml
bell-ingest -s s.yaml --check-study
echo $?
