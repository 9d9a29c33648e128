printf 'a,b\n1,2\n"x\ny",2,3\n' >in.csv
bell-ingest -o out in.csv
echo $?
printf 'a,b,c\n1,2\n' | bell-ingest -o out
echo $?
ls
