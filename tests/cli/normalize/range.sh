printf 'a\n1\n5\n2.5\n0.999999\n5.000001\n1e0\n+3\n03.0\n' | bell-ingest |
    bell-normalize --from a --range 1,5 --unknown missing --text --no-provenance | sed -n '/^[^#]/p' | cut -f 1,2,4
printf 'a\n1\n1.5\n1.25\n5\n' | bell-ingest |
    bell-normalize --from a --range 1,5 --step 0.5 --reverse --unknown missing --text | sed -n '/^[^#]/p' | cut -f 1,2,4
