printf 'a,b\n1,2\n3,4\n' | gzip -n >whole.gz
head -c -9 whole.gz >cut.csv.gz
bell-ingest -o out cut.csv.gz
echo $?
ls
