# One group: a page.  The numbers of the worked example: 25,000 of 48 million.
cat >t.csv <<'END'
platform,records,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,population
twitter,26000,25000,990,10,1000,2000,3000,9000,10000,48000000
END
bell-estimate --explain t.csv
