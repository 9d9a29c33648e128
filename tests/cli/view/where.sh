cat >s.yaml <<'END'
ingest: {fields: {a: {column: a}, n: {column: n, type: int}}}
END
printf 'a,n\nx,100\ny,9\nz,\nx,20\n' | bell-ingest -s s.yaml --no-provenance -o in.bell.gz
bell-view --where 'n>=20' --body in.bell.gz
bell-view --where 'a=x' --where 'n<50' --body in.bell.gz
bell-view --where 'n>=20' --count in.bell.gz
bell-view --where 'm>=20' in.bell.gz 2>err; echo "$? $(wc -l <err)"
