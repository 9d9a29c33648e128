# Colour when asked for, never into a file or a pipe by itself; NO_COLOR needs no mention there.
printf 'records,scored,n_down,n_up\n50,50,20,30\n' >t.csv
bell-plot --scale thumbs t.csv >plain
bell-plot --scale thumbs --colour always t.csv >coloured
esc=$(printf '\033')
grep -c "$esc" plain
sed "s/$esc\[[0-9]*m//g" coloured | cmp - plain && echo same
NO_COLOR=1 bell-plot --scale thumbs t.csv | cmp - plain
bell-plot --scale thumbs -o file t.csv && cmp file plain
