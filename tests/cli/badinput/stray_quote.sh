printf 'a,b\n1,say "hi"\n2,x\n' >in.csv
bell-ingest -o out in.csv
echo $?
ls
