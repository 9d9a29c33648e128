printf 'a,b\n1,x\000y\n' >in.csv
bell-ingest -o out in.csv
echo $?
ls
