# The first line of a file without a header is data: no message shows it where a field is a
# pseudonym.
(umask 077 && head -c 32 /dev/zero >key)
printf 'name,b\nanna,1\n' >1.csv
printf 'secret,2\nx,3\n' >2.csv
echo 'ingest: {fields: {who: {column: name, pseudonym: person}}}' >s.yaml
bell-ingest -s s.yaml --key-file key 1.csv 2.csv -o out || echo $?
echo 'ingest: {fields: {who: {column: secrets, pseudonym: person}}}' >s.yaml
bell-ingest -s s.yaml --key-file key 2.csv -o out || echo $?
