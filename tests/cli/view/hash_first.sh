# A text that begins with '#' is a record still when it comes to stand first.
printf 'id,text\n1,#refund\n2,#end\n3,\\#\n' | bell-ingest -o in.bell.gz
bell-view --fields text,id in.bell.gz | tail -n 4
bell-view --fields text,id in.bell.gz | bell-view --fields id,text --to csv
bell-view --fields text --body in.bell.gz
# Back at its place it is written as before: the same bytes as through one process.
bell-view --fields text,id in.bell.gz | bell-view --fields id,text --body
