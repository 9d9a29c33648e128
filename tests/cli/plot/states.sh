# Withheld, empty and small groups, weights, a table without rows.
cat >t.csv <<'END'
g,records,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,mean,status
a,,,,,,,,,,,c
b,3,0,2,1,0,0,0,0,0,,u
c,5,4,1,0,1,0,0,0,3,4,u
END
bell-plot --bounds none t.csv
head -n 1 t.csv | bell-plot
printf 'records,scored,n_1,n_2,weighted,n_eff,w_1,w_2,share_1,share_2,mean\n40,40,30,10,80,25.6,20,60,0.25,0.75,1.75\n' |
    bell-plot --bounds none
