printf '#bell\t1\n#fields\ta\n#types\tstr\n1\n2\n' >in
for p in normalize classify aggregate view; do
    bell-$p in >out 2>err
    echo "$p $? $(wc -l <err) $(grep -c '#end' out)"
done
bell-aggregate --no-end in
printf '#end\tin=2\tout=2\trejected=0\tdropped=0' >>in
bell-normalize in >out 2>err; echo "an end without its LF: $?"
