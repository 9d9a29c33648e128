cat >s.yaml <<'END'
ingest: {ragged: reject, fields: {id: {column: id, type: id}, n: {column: n, type: int}, d: {column: d, type: decimal}}}
END
printf 'id,n,d\n1e5,1,1\n1,1.5,1\n1,99999999999999999999,1\n1,1,1.0000001\n1,1,1000000000000\n1,1,nan\n1,0x1,1\n1,-0,-0.0\n' >in.csv
bell-ingest -s s.yaml --rejects rej --text in.csv | sed -n '/^[^#]/p'
sed -n '/^in/p' rej | cut -f 2,5,7
