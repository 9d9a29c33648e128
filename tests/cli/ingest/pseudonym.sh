# HMAC-SHA-256 over domain, NUL, value: 128 bits in hex.  The raw value is nowhere.
cat >s.yaml <<'END'
ingest:
  ragged: reject
  fields:
    author: {column: name, pseudonym: person}
    n: {column: n, type: int}
END
printf '0123456789abcdef0123456789abcdef' >key
chmod 600 key
printf 'name,n\nZebulon,1\n Zebulon ,2\nOphelia,x\nZebulon\n,3\n' >in.csv
bell-ingest -s s.yaml --key-file key --rejects rej --text in.csv >out 2>err
echo "$?"
want=$(printf 'person\000Zebulon' | python3 -c 'import hmac, sys
print(hmac.new(b"0123456789abcdef" * 2, sys.stdin.buffer.read(), "sha256").hexdigest()[:32])')
sed -n '/^[^#]/p' out | sed "s/$want/RIGHT/"
sed -n '/^in/p' rej | cut -f 2-6,8
cat out rej err | grep -c -i -e zebulon -e ophelia
bell-ingest -s s.yaml --key-file key in.csv 2>err >out
echo "$?"
{ cat err; gzip -dcfq out 2>/dev/null; } | grep -a -c -i -e zebulon -e ophelia || true
