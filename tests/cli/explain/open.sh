# Two bands: all is said of the share of the upper one.  Another yardstick says where 3 comes from.
cat >t.csv <<'END'
n_down,n_up,population
500,1200,50000
END
bell-estimate --explain --scale thumbs --yardstick 2.5 --precision 0.05 t.csv
