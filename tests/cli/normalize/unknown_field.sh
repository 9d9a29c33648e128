printf 'id,opinion\n1,positive\n' | bell-ingest | bell-normalize --from opinon --scale sentiment3 -o out 2>err
echo "$?"
grep -c 'opinion' err
ls
