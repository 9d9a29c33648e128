# What is left out is said.
{
    echo 'n,records,scored,n_down,n_up'
    for i in 1 2 3 4 5; do echo "$i,50,50,20,30"; done
} >t.csv
bell-plot --bounds none --max-panels 2 --scale thumbs t.csv
bell-plot --bounds none --max-panels 4 --scale thumbs t.csv | grep more
bell-plot --bounds none --max-panels 2 --scale thumbs --to svg t.csv | grep -o '>[^<]*more[^<]*<'
