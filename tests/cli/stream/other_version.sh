printf '#bell\t2\n#fields\ta\n#types\tstr\n1\n#end\tin=1\tout=1\trejected=0\tdropped=0\n' >in
for p in normalize classify aggregate view; do
    bell-$p in >out 2>err
    echo "$p $? $(grep -c 'version' err) $(grep -c '#end' out)"
done
