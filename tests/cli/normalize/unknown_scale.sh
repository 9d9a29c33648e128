printf 'id,opinion\n1,positive\n' | bell-ingest | bell-normalize --from opinion --scale sentimant3 2>err
echo "$?"
grep -c 'sentiment3' err
