printf 'a,b\n1,2\n3\n' >in.csv
echo before >out
bell-ingest -o out in.csv 2>/dev/null
echo "$?"
cat out
bell-ingest --rejects rej -o new in.csv 2>/dev/null
echo "$?"
ls
