# Stored blocks into a pipe, compressed ones into a file; the content is the same.
awk 'BEGIN { print "a,b"; for (i = 0; i < 3000; i++) print i ",the same words again and again" }' >in.csv
bell-ingest --no-provenance in.csv >file
bell-ingest --no-provenance in.csv | cat >pipe
bell-ingest --no-provenance -z0 -o stored in.csv
bell-ingest --no-provenance -z9 -o best in.csv
bell-ingest --no-provenance --text -o text in.csv
cmp pipe stored
for f in file pipe best; do zcat $f | cmp - text; done
size() { wc -c <"$1"; }
[ "$(size best)" -lt "$(size file)" ] && [ "$(size file)" -lt "$(size text)" ] &&
    [ "$(size text)" -lt "$(size pipe)" ] && echo 'as expected'
bell-ingest -z10 in.csv
echo $?
