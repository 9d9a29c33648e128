printf 'a,v\nx,0\nx,1\n' | bell-ingest | bell-normalize --from v --scale thumbs |
    bell-aggregate --by a --layout long | head -n 8
