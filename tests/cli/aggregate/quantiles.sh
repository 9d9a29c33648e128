printf 'v\n1\n2\n3\n4\n' | bell-ingest | bell-normalize --from v --range 1,5 -o in.bell.gz
bell-aggregate --columns p10,median,p90 in.bell.gz
bell-aggregate --quantile-type 1 --columns p10,median,p90 in.bell.gz
