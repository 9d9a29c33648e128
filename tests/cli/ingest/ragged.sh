printf 'a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,\n' >in.csv
bell-ingest --text --no-provenance in.csv >out 2>err
echo "error: $?"
grep -c '^#end' out
cut -d: -f1-3 err
bell-ingest --ragged=reject --rejects rej --text --no-provenance in.csv | sed -n '4,$p'
sed -n '/^in/p' rej | cut -f 1-6,8
bell-ingest --ragged=pad --rejects rej --text --no-provenance in.csv | sed -n '4,$p'
sed -n '/^in/p' rej | cut -f 2
