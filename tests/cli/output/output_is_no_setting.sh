# The output may take the place of an input, but not of the study or the key.
printf 'study: s\n' >s.yaml
printf 'a,b\n1,2\n' >in.csv
head -c 40 /dev/zero >key
chmod 600 key
try() {
    "$@" || echo "$?"
}
try bell-ingest -s s.yaml in.csv -o ./s.yaml
try bell-ingest --key-file key in.csv -o key
try bell run s.yaml in.csv -o s.yaml
cat in.csv s.yaml
wc -c <key
