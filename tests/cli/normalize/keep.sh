cat >s.yaml <<'END'
ingest: {fields: {p: {column: p}, n: {column: n, type: int}, time: {column: t, type: time}}}
normalize: {keep: [{p: [x, y]}, {n: ">= 100"}]}
END
printf 'p,n,t\nx,100,2015-01-01T00:00:00Z\ny,99,2015-01-02T00:00:00Z\nz,500,2015-01-02T00:00:00Z\nx,,2015-01-02T00:00:00Z\ny,1000,2015-01-03T00:00:00Z\n' |
    bell-ingest -s s.yaml -o in.bell.gz
bell-normalize -s s.yaml --text in.bell.gz | sed -n '/^[^#]/p;/^#end/p'
bell-normalize --since 2015-01-02 --until 2015-01-03 --text in.bell.gz | sed -n '/^[^#]/p;/^#end/p'
