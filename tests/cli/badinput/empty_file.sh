: >in.csv
bell-ingest -o out in.csv
echo $?
ls
