printf 'a,v\n=1+1,1\n+x,1\n-2,1\nok,0\nok,1\nok,1\n' | bell-ingest | bell-normalize --from v --scale thumbs |
    bell-aggregate --by a --excel --columns records,mean >out
head -c 3 out | od -An -tx1
tail -c +4 out
