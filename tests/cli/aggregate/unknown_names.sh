printf 'account,v\nx,1\n' | bell-ingest | bell-normalize --from v --scale thumbs -o in.bell.gz
for option in --by=acount --measures=w --people=who --columns=meen --every=day --vote=person; do
    bell-aggregate $option -o out in.bell.gz 2>err
    echo "$option $? $(wc -l <err) $(ls out 2>/dev/null)"
done
bell-aggregate --by acount in.bell.gz
