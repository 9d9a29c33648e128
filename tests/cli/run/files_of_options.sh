# A file that an option names stands in the working directory, one that a study names beside the study.
mkdir studies
printf 'aggregate:\n  by: [p]\n  population: {file: users.csv}\n' >studies/s.yaml
printf 'p,population\nx,100\n' >studies/users.csv
printf 'p,population\nx,200\n' >users.csv
printf 'p,v\nx,1\nx,0\n' | bell-ingest | bell-normalize --from v --scale thumbs -o in.bell.gz
bell-aggregate -s studies/s.yaml --columns population in.bell.gz
bell-aggregate -s studies/s.yaml --population users.csv --columns population in.bell.gz
