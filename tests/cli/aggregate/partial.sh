printf 'a,v\nx,1\ny,0\n' | bell-ingest | bell-normalize --from v --scale thumbs -o one.bell.gz
printf 'a,v\nx,1\nx,\n' | bell-ingest | bell-normalize --from v --scale thumbs -o two.bell.gz
bell-aggregate --by a --partial -o one.part one.bell.gz
bell-aggregate --by a --partial -o two.part two.bell.gz
bell-aggregate --merge --columns records,scored,n_up,n_down one.part two.part
bell-aggregate --merge --columns records,scored,n_up,n_down two.part one.part
zcat one.part | sed -n '/^#partial/p;/^#fields/p;/^[^#]/p'
