cat >s.yaml <<'END'
ingest: {fields: {n: {column: n, type: int}}}
END
printf 'n\n1\nx\n3\ny\n5\nz\n7\n8\n9\n10\n' >in.csv
try() {
    bell-ingest -s s.yaml --rejects rej "$@" -o out in.csv 2>err
    echo "$? $(grep -c "^bell-ingest: " err) $(ls out 2>/dev/null)"
    rm -f out
}
try
try --max-rejects=3
try --max-rejects=2
try --max-rejects=30%
try --max-rejects=29%
try --max-rejects=0
