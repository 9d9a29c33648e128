try() {
    printf '#bell\t1\n#fields\ta\n#types\tstr\n1\n2\n#end\t%b\n' "$1" | bell-normalize --text >out 2>err
    echo "$? $(wc -l <err) $(grep -c '#end' out)"
}
try 'in=2\tout=2\trejected=0\tdropped=0'
try 'in=3\tout=3\trejected=0\tdropped=0'
try 'in=4\tout=2\trejected=1\tdropped=0'
try 'in=4\tout=2\trejected=1\tdropped=1'
try 'in=x\tout=2\trejected=0\tdropped=0'
try ''
