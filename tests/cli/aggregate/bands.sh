awk 'BEGIN { print "v"; for (i = 1; i <= 5; i++) print i }' | bell-ingest |
    bell-normalize --from v --range 1,5 -o in.bell.gz
# equal bands: an edge goes to the band nearer the middle
bell-aggregate --bands 4 in.bell.gz | cut -d, -f 5-8
bell-aggregate --bands 5 in.bell.gz | cut -d, -f 5-9
bell-aggregate --bands '{edges: [2, 4], names: [low, middle, high]}' in.bell.gz | cut -d, -f 5-7
