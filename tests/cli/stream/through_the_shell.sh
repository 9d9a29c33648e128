# Text tools between filters, the long way round.
printf 'a,b\nx,1\ny,2\nx,3\n' | bell-ingest --text | grep -v '^y' >part
bell-aggregate --by a part >out 2>err
echo "$? $(wc -l <err)"
grep -v '^#end' part | bell-aggregate --no-end --by a
