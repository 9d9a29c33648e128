printf 'a\n1\n' | bell-ingest --text >good
{ cat good; echo more; } | bell-view --check 2>err; echo "$? $(wc -l <err)"
bell-view --check good; echo "$?"
printf 'a\n1\n' | bell-ingest -z1 >good
{ cat good; echo more; } | bell-view --check 2>err; echo "$? $(wc -l <err)"
# the end block of BGZF must be there
head -c -28 good | bell-view --check 2>err; echo "$? $(wc -l <err)"
