bell-ingest -o out absent.csv
echo $?
bell-normalize -s absent.yaml
echo $?
ls
