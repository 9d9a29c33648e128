printf 'a,b\n2,x\n10,y\n2,z\n' | bell-ingest | bell-aggregate --by a
printf 'a,b\n2,x\n10,y\n2,z\n' | bell-ingest | bell-aggregate
