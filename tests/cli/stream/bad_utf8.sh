# UTF-8 is checked where text enters uncompressed.
printf '#bell\t1\n#fields\ta\n#types\tstr\nb\351d\n#end\tin=1\tout=1\trejected=0\tdropped=0\n' >in
bell-normalize in >out 2>err
status=$?
[ $status -ne 0 ] && echo refused
grep -c '#end' out || true
