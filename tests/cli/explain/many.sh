# Several groups: a list, then a page each, in cases that are seldom thought of.
cat >t.csv <<'END'
case,records,people,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,population,status
settled,41,41,40,1,0,0,0,0,10,30,41,
all came,1000,1000,1000,0,0,50,50,100,300,500,1000,
reversed,1000,1000,1000,0,0,500,300,100,50,50,9999,
number unknown,1000,1000,1000,0,0,50,50,100,300,500,,
one band,500,500,500,0,0,0,0,0,0,500,50000,
at the target,400,400,400,0,0,100,0,200,0,100,50000,
at the target all,400,400,400,0,0,100,0,200,0,100,400,
by chance,40,40,40,0,0,5,5,17,6,7,50000,
busy,1000,200,990,10,0,50,50,90,300,500,50000,
few,12,12,12,0,0,1,1,2,3,5,100,u
nobody,5,5,0,5,0,0,0,0,0,0,100,u
withheld,,,,,,,,,,,,c
END
bell-estimate --explain t.csv
