printf 'a\n1\n' >in.csv
bell-ingest -o absent/out in.csv 2>err; echo "$? $(wc -l <err)"
mkdir dir
bell-ingest -o dir in.csv 2>err; echo "$? $(wc -l <err)"
ls dir
