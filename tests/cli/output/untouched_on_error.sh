printf 'a,v\n1,up\n2,wrong\n' >in.csv
for file in a.bell.gz b.bell.gz c.csv; do echo before >$file; done
bell-ingest in.csv | bell-normalize --from v --scale thumbs -o b.bell.gz 2>/dev/null
bell-ingest in.csv | bell-normalize --from v --scale thumbs 2>/dev/null | bell-aggregate -o c.csv 2>err
echo "$?"
bell pipe 'ingest in.csv | normalize --from v --scale thumbs | aggregate -o c.csv' 2>/dev/null
echo "$?"
cat a.bell.gz b.bell.gz c.csv
ls -A
