printf 'a,b\n1,2\n' | bell-ingest -o one.bell.gz
printf 'a,c\n3,4\n' | bell-ingest -o two.bell.gz
echo before >out
cat one.bell.gz two.bell.gz | bell-normalize -o out 2>err
echo "$?"
cat out
grep -c 'a.*b.*a.*c' err
