# Two scales, people, a population: bars, silent, ranges, in the terminal's width.
cat >table.csv <<'END'
site,scale,records,people,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,n_down,n_up,mean,population
shop,stars5,110,90,100,8,2,40,5,5,10,40,,,3.05,1800
shop,thumbs,60,60,60,0,0,,,,,,15,45,0.75,240
END
bell-plot --title 'Two scales' table.csv
echo
bell-plot --width 60 --bounds none --to terminal <table.csv
COLUMNS=50 bell-plot --bounds none table.csv | head -n 6
