# In this order: flat, U or J, monotone, bell, other; blank below 30 scored.
shape() {
    awk -v counts="$1" 'BEGIN { print "v"; k = split(counts, n, " ")
        for (i = 1; i <= k; i++) for (j = 0; j < n[i]; j++) print i }' | bell-ingest |
        bell-normalize --from v --scale stars5 |
        bell-aggregate --stats full --columns scored,shape | tail -n 1
}
shape '10 10 12 10 10'
shape '12 3 1 4 20'
shape '10 3 1 4 20'
shape '40 3 1 4 20'
shape '1 2 5 10 20'
shape '20 10 5 2 1'
shape '3 8 15 8 3'
shape '3 15 8 15 3'
shape '1 2 3 2 1'
