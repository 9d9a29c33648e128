# gzip -t and bgzip read it; blocks are BGZF; the clock is not in it.
awk 'BEGIN { print "a,b"; for (i = 0; i < 20000; i++) print i ",some text to fill blocks" }' >in.csv
bell-ingest -o one.bell.gz in.csv
sleep 1
bell-ingest -o two.bell.gz in.csv
cmp one.bell.gz two.bell.gz
gzip -t one.bell.gz
bgzip -dc one.bell.gz | grep -c 'some text'
tail -c 28 one.bell.gz | od -An -tx1 | tr -d ' \n'
echo
bell-ingest --text in.csv >text
zcat one.bell.gz | cmp - text
bell-ingest in.csv | zcat | cmp - text
