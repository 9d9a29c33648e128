# --through writes a stream, so a form that is none is refused rather than passed over.
printf 'a,b\nx,1\ny,2\n' | bell-ingest -o in.bell.gz
for form in header count check; do
    bell-view --through 'grep x' --$form in.bell.gz || echo "$?"
done
bell-view --through 'grep x' --body in.bell.gz
# Damage in a record that the command would throw away is seen all the same.
printf '#bell\t1\n#fields\ta\tb\n#types\tstr\tstr\nx\t1\ny\n#end\tin=2\tout=2\trejected=0\tdropped=0\n' >bad.txt
bell-view --through 'grep x' bad.txt >out || echo "$?"
# A failed output ends the reading of an endless input.
{ printf '#bell\t1\n#fields\ta\tb\n#types\tstr\tstr\n'; yes "x	1"; } | bell-view --through cat >/dev/full || echo "$?"
