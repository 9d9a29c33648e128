# Each part of `cat a b` must end as a file of its own would.
printf 'a\n1\n' | bell-ingest -z 1 -o a.gz
cat a.gz a.gz | bell-view --count
head -c -28 a.gz >cut.gz
cat cut.gz a.gz >joined.gz
bell-view --count joined.gz
echo "$?"
# Ordinary gzip has no end blocks, and text parts in one BGZF stream are one stream of text.
zcat a.gz a.gz | gzip | bell-view --count
if command -v bgzip >/dev/null; then zcat a.gz a.gz | bgzip | bell-view --count; else echo 2; fi
