awk 'BEGIN { print "v"; for (i = 0; i <= 10; i++) print i; print 10 }' | bell-ingest |
    bell-normalize --from v --scale nps | bell-aggregate
