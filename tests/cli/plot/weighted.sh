# Weighted: bars, mean and ranges are; the same from the table and from its estimates, which have no
# weighted ranges of shares.
cat >w.csv <<'END'
g,scale,records,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,weighted,n_eff,w_1,w_2,w_3,w_4,w_5,mean,population
a,stars5,2000,2000,0,0,800,200,200,200,600,40000,1280.5,10000,6000,9000,5000,10000,2.975,40000
END
bell-plot --width 60 w.csv
bell-estimate w.csv -o e.csv
bell-plot --width 60 e.csv | sed -n 5,23p
