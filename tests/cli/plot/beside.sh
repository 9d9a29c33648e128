# What another table has for the same groups is marked; other groups are not.
cat >t.csv <<'END'
place,scale,records,scored,n_down,n_up,n_1,n_2,n_3,n_4,n_5
a,stars5,50,50,,,20,5,5,5,15
a,thumbs,50,50,20,30,,,,,
b,thumbs,50,50,40,10,,,,,
END
cat >known.csv <<'END'
place,scale,records,scored,n_down,n_up
a,thumbs,1000,1000,700,300
c,thumbs,1000,1000,100,900
END
bell-plot --bounds none --beside known.csv --width 60 t.csv
bell-plot --ascii --beside ./known.csv --width 60 t.csv | sed -n '/down/,/^$/p' | head -n 7
sed 's/^place/town/; s/^a/x/' known.csv >other.csv
bell-plot --beside other.csv t.csv || echo "= $?"
bell-plot --beside absent.csv t.csv || echo "= $?"
