printf 'a,b\n1,x\ry\n' >in.csv
bell-ingest -o out in.csv
echo $?
ls
