printf 'a;b\nhe said "no" twice;x\n"quoted;text";y\n' >in.csv
bell-ingest --delimiter=';' --quoting=lenient --text --no-provenance in.csv | sed -n '/^[^#]/p'
bell-ingest --delimiter=';' --quoting=none --ragged=pad --rejects=rej --text --no-provenance in.csv | sed -n '/^[^#]/p'
sed -n '/^in/p' rej | cut -f 2-4,6
