# What cannot be drawn is said, and a file that stood there stays.
printf 'records,scored,n_down,n_up\n50,50,20,30\n' >t.csv
say() { "$@" >out; echo "= $? $(wc -c <out)"; }
say bell-plot --scale thumbs --height 100 t.csv
say bell-plot --scale thumbs --to svg --ascii t.csv
say bell-plot --scale thumbs --to png --colour always t.csv
say bell-plot --scale thumbs --to svg --height 100 t.csv
say bell-plot --scale thumbs --to svg --columns 9 t.csv
say bell-plot --scale thumbs --columns 9 t.csv
say bell-plot --scale thumbs --width 20 t.csv
say bell-plot --scale thumbs --bounds 0.5 t.csv
say bell-plot --scale thumbs --bounds often t.csv
say bell-plot --scale thumbs --scenarios tilts t.csv
say bell-plot t.csv
say bell-plot absent.csv
echo 'a,b' >other.csv
say bell-plot other.csv
printf 'id\n1\n' | bell-ingest >stream.bell.gz
say bell-plot stream.bell.gz
echo kept >kept
say bell-plot --scale thumbs --to svg --height 100 -o kept t.csv
cat kept
