# Any gzip will do: several members, names, comments.
printf 'a\n1\n2\n' | bell-ingest --text >plain
gzip -9 -c plain >one.gz
{ head -n 2 plain | gzip -c; tail -n +3 plain | gzip -c; } >two.gz
for f in plain one.gz two.gz; do bell-view --count $f; done
head -c 60 one.gz | bell-view --check 2>err; echo "$?"
