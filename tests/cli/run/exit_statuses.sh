printf 'a,v\n1,up\n2,wrong\n' >in.csv
bell pipe 'ingest in.csv | normalize --from v --scale thumbs | aggregate' >out 2>err; echo "data: $? $(wc -c <out) $(wc -l <err)"
bell pipe 'ingest in.csv | normalize --from w --scale thumbs | aggregate' >out 2>err; echo "usage: $? $(wc -c <out) $(wc -l <err)"
bell pipe 'ingest absent.csv | aggregate' >out 2>err; echo "input: $? $(wc -c <out) $(wc -l <err)"
bell pipe 'ingest in.csv | nonsense' >out 2>err; echo "no stage: $? $(wc -c <out) $(wc -l <err)"
bell pipe 'ingest in.csv | normalize --nonsense' >out 2>err; echo "no option: $? $(wc -c <out) $(wc -l <err)"
bell nonsense >out 2>err; echo "no program: $? $(wc -c <out) $(wc -l <err)"
