# Nothing but ASCII: bars, and letters without their marks or as "?".
printf 'place,records,scored,n_1,n_2,n_3,n_4,n_5\nZürich,20,20,1,2,10,6,1\n東京,1000,1000,1,0,0,500,499\n' >t.csv
bell-plot --scale stars5 --ascii t.csv >out
LC_ALL=C grep -c '[^ -~]' out
cat out
