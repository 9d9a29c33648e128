# Each kind of bad record is refused alone; the others come through.
cat >s.yaml <<'END'
ingest:
  ragged: reject
  fields:
    n: {column: n, type: int}
    t: {column: t, type: time, zone: UTC}
    x: {column: x}
END
{
    printf 'n,t,x\n1,2015-01-01T00:00:00Z,ok\n'
    printf 'one,2015-01-01T00:00:00Z,int\n'
    printf '3,2015-02-30T00:00:00Z,date\n'
    printf '4,2015-01-01T00:00:00Z,b\351d\n'
    printf '5,2015-01-01T00:00:00Z,a"b\n'
    printf '6,2015-01-01T00:00:00Z,a\000b\n'
    printf '7,2015-01-01T00:00:00Z,a\rb\n'
    printf '8\n'
    printf '9,2015-01-01T00:00:00Z,ok\n'
    printf '10,2015-01-01T00:00:00Z,"open\n'
} >in.csv
bell-ingest -s s.yaml --rejects rej --text --no-provenance in.csv | sed -n '/^[^#]/p;/^#end/p'
sed -n '/^in.csv/p' rej | cut -f 2,5,6,8
tail -n 1 rej
