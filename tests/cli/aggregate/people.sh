printf 'a,who,v\nx,p,1\nx,p,1\nx,p,5\nx,q,5\nx,,3\ny,p,2\n' | bell-ingest |
    bell-normalize --from v --scale stars5 -o in.bell.gz
bell-aggregate --by a --people who --columns records,people,scored,n_1,n_5,mean in.bell.gz
bell-aggregate --by a --people who --vote person --columns records,people,scored,mean,median in.bell.gz
