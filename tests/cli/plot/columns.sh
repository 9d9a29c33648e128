# Side by side, lines of one kind level; wide letters take two columns.
{
    echo 'place,records,scored,missing,n_1,n_2,n_3,n_4,n_5'
    echo '日本語の長い名前がここにあります,40,40,0,10,0,0,10,20'
    echo 'short,44,40,4,10,10,10,5,5'
    echo '"long, with ""quotes"", longer than its panel is wide, so that it takes two lines and more",9,9,0,1,2,3,2,1'
    echo ',0,0,0,0,0,0,0,0'
} >t.csv
bell-plot --scale stars5 --columns 2 --width 90 t.csv
bell-plot --scale stars5 --columns 3 --width 90 t.csv
