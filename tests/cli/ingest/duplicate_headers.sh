# A name that two columns share is reached by index only.
printf 'a,a,b\n1,2,3\n' >in.csv
printf 'ingest: {fields: {x: {column: a}}}\n' >s.yaml
bell-ingest -s s.yaml in.csv >out 2>err; echo "$? $(wc -l <err)"
printf 'ingest: {fields: {x: {index: 2}}}\n' >s.yaml
bell-ingest -s s.yaml --text in.csv | sed -n '/^[^#]/p'
