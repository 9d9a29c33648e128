printf 'a,b\n1,caf\351\n' >in.csv
bell-ingest -o out in.csv
echo $?
ls
