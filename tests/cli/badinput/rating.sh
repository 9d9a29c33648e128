printf 'id,rating\n1,5\n2,six\n' >in.csv
bell-ingest --origin in.csv | bell-normalize --from rating --scale stars5 -o out
echo $?
bell-ingest in.csv | bell-normalize --from rating --scale stars5 -o out
echo $?
ls
