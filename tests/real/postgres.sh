#!/bin/bash
# The body of a stream goes into a real PostgreSQL by COPY ... FROM, with equal counts and values.
# The server runs in a scratch folder, as an ordinary user, on a private socket and no TCP port.
set -u
count=0 failed=0
ok() { count=$((count + 1)); echo "ok - $1"; }
no() { count=$((count + 1)); failed=1; echo "not ok - $1"; shift; printf '%s\n' "$@" | sed 's/^/# /'; }
equal() { if [ "$2" = "$3" ]; then ok "$1"; else no "$1" "expected $2" "seen     $3"; fi; }
end() { echo "1..$count"; exit "$failed"; }
skip() { echo "ok - PostgreSQL # SKIP $1"; count=$((count + 1)); end; }

bin=''
for dir in /usr/lib/postgresql/*/bin; do
    [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && bin=$dir
done
if [ -z "$bin" ] && command -v initdb >/dev/null && command -v postgres >/dev/null; then
    bin=$(dirname "$(command -v initdb)")
fi
[ -n "$bin" ] || skip 'no PostgreSQL server here'
command -v psql >/dev/null || [ -x "$bin/psql" ] || skip 'no psql here'
PATH=$PATH:$bin

scratch=$(mktemp -d /tmp/bell-pg.XXXXXX) || exit 1
chmod 755 "$scratch"
as=()
if [ "$(id -u)" = 0 ]; then
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
    mkdir "$scratch/pg" && chown "$user" "$scratch/pg"
else
    mkdir "$scratch/pg"
fi
# shellcheck disable=SC2317 # called by the trap
quit() {
    if [ -s "$scratch/pg/data/postmaster.pid" ]; then
        (cd "$scratch/pg" && "${as[@]}" "$bin/pg_ctl" -D data -m immediate stop) >/dev/null 2>&1
    fi
    rm -rf "$scratch"
}
trap quit EXIT

cd "$scratch/pg" || exit 1
if ! "${as[@]}" "$bin/initdb" -D data -U bell -A trust -E UTF8 --locale=C.UTF-8 -N >"$scratch/init.log" 2>&1; then
    no 'initdb' "$(tail -5 "$scratch/init.log")"; end
fi
if ! "${as[@]}" "$bin/pg_ctl" -D data -w -t 60 -l log \
    -o "-k '$scratch/pg' -c listen_addresses='' -c fsync=off -c max_connections=5 -c shared_buffers=16MB" \
    start >"$scratch/start.log" 2>&1; then
    no 'the server starts' "$(tail -5 "$scratch/start.log" log)"; end
fi
sql() { psql -X -q -A -t -F '|' -v ON_ERROR_STOP=1 -h "$scratch/pg" -U bell -d postgres "$@"; }

# load NAME FILE: a table with the fields of the stream, filled by COPY from its body.
load() {
    local columns
    columns=$(bell-view --header "$2" | awk -F '\t' '
        $1 == "#fields" { for (i = 2; i <= NF; i++) name[i] = $i }
        $1 == "#types" {
            for (i = 2; i <= NF; i++) {
                type = $i == "int" ? "bigint" : $i == "decimal" ? "numeric" : \
                       $i == "time" ? "timestamptz" : "text"
                printf "%s\"%s\" %s", (i > 2 ? ", " : ""), name[i], type
            }
        }')
    sql -c "CREATE TABLE $1 ($columns)" && bell-view --body "$2" | sql -c "COPY $1 FROM STDIN"
}

# Awkward values of our own: every escape, missing beside empty, a first field that begins with #.
printf '%b' 'n,name,text\n1,#x,"tab\there"\n2,"back\\slash","two\nlines"\n' \
    '3,\\N,"cr\rff\fvt\vbs\b"\n4,"",é 😀\n5,\\.,"\\."\n6,NA,#end\n' >awkward.csv
cat >awkward.yaml <<'YAML'
ingest:
  trim: false
  missing: ["NA"]
  fields:
    name: {column: name}
    n: {column: n, type: int}
    text: {column: text}
YAML
cat >awkward.want <<'END'
1,2378,7461620968657265
2,6261636b5c736c617368,74776f0a6c696e6573
3,5c4e,63720d66660c76740b627308
4,,c3a920f09f9880
5,5c2e,5c2e
6,(null),23656e64
END
if bell-ingest -s awkward.yaml -o awkward.bell.gz awkward.csv && load awkward awkward.bell.gz; then
    ok 'awkward values load'
    equal 'awkward values: each byte' "$(cat awkward.want)" "$(sql -F , -P 'null=(null)' -c \
        "SELECT n, encode(convert_to(name, 'UTF8'), 'hex'), encode(convert_to(text, 'UTF8'), 'hex')
         FROM awkward ORDER BY n")"
else
    no 'awkward values load'
fi

# A sample of the project's own, with messy text.
if bell-sample --rows 20000 --seed 7 -o sample.csv && bell-ingest -o sample.bell.gz sample.csv &&
    load sample sample.bell.gz; then
    ok 'sample loads'
    equal 'sample: rows' 20000 "$(sql -c 'SELECT count(*) FROM sample')"
else
    no 'sample loads'
fi

data=${BELL_REAL_DATA:-$ROOT/../shared/data}
if [ -d "$data/truth" ]; then
    here=$TESTS/real/studies
    bell-ingest -s "$here/airline_6col.yaml" "$data/airline_6col_us_dates.csv" |
        bell-normalize -s "$here/airline_6col.yaml" -o airline.bell.gz
    if load airline airline.bell.gz; then
        ok 'airline tweets load'
        equal 'airline tweets: rows' 14640 "$(sql -c 'SELECT count(*) FROM airline')"
        equal 'airline tweets: distinct ids' 14485 "$(sql -c 'SELECT count(DISTINCT id) FROM airline')"
        want=$(awk -F , '$1 == "none" && $2 != "(ALL)" { print $2 "|" $3 "|" $7 "|" $8 "|" $9 }' \
            "$data/truth/airline_6col.summary.csv" | LC_ALL=C sort)
        seen=$(sql -c "SELECT airline, count(*), count(*) FILTER (WHERE score = -1),
            count(*) FILTER (WHERE score = 0), count(*) FILTER (WHERE score = 1)
            FROM airline GROUP BY airline ORDER BY airline COLLATE \"C\"")
        equal 'airline tweets: counts by airline and score' "$want" "$seen"
    else
        no 'airline tweets load'
    fi
    bell-ingest -q -s "$here/twcs.yaml" --rejects rejects -o twcs.bell.gz "$data/twcs_5000.csv"
    if load twcs twcs.bell.gz; then
        equal 'support threads: rows' 4999 "$(sql -c 'SELECT count(*) FROM twcs')"
    else
        no 'support threads load'
    fi
else
    count=$((count + 1)); echo 'ok - real files in PostgreSQL # SKIP no real data here'
fi
end
