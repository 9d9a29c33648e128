printf 'a,b\n1,2\n3,4\n' | gzip -n >whole.gz
{ head -c -8 whole.gz; printf '\000\000\000\000'; tail -c 4 whole.gz; } >crc.csv.gz
bell-ingest -o out crc.csv.gz
echo $?
ls
