cat >s.yaml <<'END'
ingest: {fields: {author: {column: name, pseudonym: person}}}
END
printf 'name\nx\n' >in.csv
printf '0123456789abcdef0123456789abcde' >short; chmod 600 short
printf '0123456789abcdef0123456789abcdef' >open; chmod 644 open
for key in '' --key-file=short --key-file=open --key-file=absent; do
    # shellcheck disable=SC2086 # empty means no word
    bell-ingest -s s.yaml $key in.csv >out 2>err
    echo "$? $(grep -c '^bell-ingest: ' err) $(wc -l <err) $(wc -c <out)"
done
