# The input is read twice: a file, standard input that is one, a pipe, a FIFO, several of them.
{ echo platform,id; i=0; while [ $i -lt 2000 ]; do echo "twitter,$i"; echo "facebook,x$i"; i=$((i + 2)); done; } >in.csv
margin='{by: platform, counts: {twitter: 10000, facebook: 20000}}'
w() { bell-weight --margins "$margin" --no-provenance --text "$@"; }
bell-ingest in.csv -o in.bell.gz
bell-ingest in.csv --text -o in.bell
w in.bell.gz >file
w <in.bell.gz | cmp - file
tail -c +1 in.bell.gz | w | cmp - file
tail -c +1 in.bell.gz | w -j3 | cmp - file
tail -c +1 in.bell | w - | cmp - file
mkfifo one two
cat in.bell.gz >one &
cat in.bell >two &
w one two | sed -n '/^[^#]/p' >both
wait
w in.bell.gz in.bell | sed -n '/^[^#]/p' | cmp - both
mkdir tmp
tail -c +1 in.bell.gz | TMPDIR=tmp w | cmp - file
ls -A tmp
