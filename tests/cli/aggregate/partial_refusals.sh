printf 'a,v\nx,1\n' | bell-ingest | bell-normalize --unique a --from v --scale thumbs -o u.bell.gz
printf 'a,v\nx,1\n' | bell-ingest | bell-normalize --from v --scale thumbs -o in.bell.gz
bell-aggregate --by a --partial u.bell.gz >out 2>err; echo "after unique: $? $(wc -l <err) $(wc -c <out)"
bell-aggregate --by a --partial --keys-disjoint -o p1 u.bell.gz; echo "keys disjoint: $?"
bell-aggregate --by a --partial --people a --vote person in.bell.gz >out 2>err; echo "votes: $? $(wc -l <err) $(wc -c <out)"
bell-aggregate --partial -o p2 in.bell.gz
bell-aggregate --merge p1 p2 >out 2>err; echo "other groups: $? $(wc -l <err) $(wc -c <out)"
bell-aggregate --merge in.bell.gz >out 2>err; echo "no partial: $? $(wc -l <err) $(wc -c <out)"
