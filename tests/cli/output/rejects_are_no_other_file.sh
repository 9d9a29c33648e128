# The rejects are written in place; they must not fall on a file that the run reads or writes.
printf 'a,b\n1,2\n' >in.csv
printf 'study: s\n' >s.yaml
cp in.csv old.txt
ln in.csv link.csv
try() {
    bell-ingest "$@" >/dev/null || echo "$?"
}
try --rejects in.csv in.csv
try --rejects link.csv old.txt in.csv
try --rejects ./old.txt -o old.txt in.csv
try --rejects new.txt -o ./new.txt in.csv
try --rejects s.yaml -s s.yaml in.csv
try --rejects /dev/null -o /dev/null in.csv
try - - <in.csv
cmp in.csv old.txt && cat in.csv s.yaml
