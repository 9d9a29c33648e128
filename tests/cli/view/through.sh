printf 'id,text\n1,Refund please\n2,fine\n3,"my ""refund"""\n' | bell-ingest -o in.bell.gz
bell-view --through 'grep -i refund' in.bell.gz | bell-view --body
bell-view --through 'grep -i refund' in.bell.gz | bell-aggregate
bell-view --through 'grep -i nothing' in.bell.gz >out 2>err
echo "$? $(wc -l <err)"
bell-view --through 'grep -i nothing' --through-ok 0,1 in.bell.gz | bell-view --count
bell-view --through 'sed p' -o twice in.bell.gz 2>err
echo "$? $(wc -l <err) $(ls twice 2>/dev/null)"
bell-view --through 'sort -r' --text in.bell.gz | sed -n '/^[^#]/p;/^#end/p'
