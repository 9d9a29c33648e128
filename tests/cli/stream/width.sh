printf '#bell\t1\n#fields\ta\tb\n#types\tstr\tstr\n1\t2\n3\n#end\tin=2\tout=2\trejected=0\tdropped=0\n' |
    bell-normalize --text >out 2>err
echo "$? $(wc -l <err) $(grep -c '#end' out)"
