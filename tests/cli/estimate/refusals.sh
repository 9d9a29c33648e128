# Refusals are rows; with --strict the first one ends the run and nothing is written.
cat >t.csv <<'END'
g,records,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,mean,status
bell,1000,1000,0,0,40,240,440,240,40,3,
few,9,9,0,0,3,1,1,1,3,3,u
none,4,0,4,0,0,0,0,0,0,,u
withheld,,,,,,,,,,,c
END
bell-estimate --bell --tilts 0 --target 7 t.csv | grep ',refused,'
printf 'n_3\n30\n' >one.csv
bell-estimate one.csv | grep ',refused,'
printf 'n_down,n_up\n30,10\n' >two.csv
bell-estimate --scale thumbs --bell --tilts=-1,0 two.csv | grep ',refused,'
printf 'g,records,status\na,3,\n' >scoreless.csv
bell-estimate scoreless.csv
try() {
    bell-estimate --strict "$@" -o out.csv t.csv
    echo $?
    bell-estimate --strict "$@" t.csv
    echo $?
}
try
try --target 7
try --bell --tilts 0
sed -n 1,2p t.csv | bell-estimate --strict -o out.csv
echo $?
ls out.csv
