printf 'a,b\n1,"never closed\n2,x\n' >in.csv
bell-ingest -o out in.csv
echo $?
ls
