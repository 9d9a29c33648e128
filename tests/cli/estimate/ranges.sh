# Bands that are ranges: limits by their ends, and the exact mean of the table.
cat >t.csv <<'END'
records,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,mean,sd,median,population,status
2000,2000,0,0,200,300,500,600,400,58.5,25,60,100000,
END
bell-estimate --scale percent --gammas 1 --yardstick 1 --rhos 0.01 t.csv | grep -v share
# the names are no numbers of that scale
bell-estimate t.csv
echo $?
