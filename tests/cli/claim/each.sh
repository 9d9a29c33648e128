# --each: a line a group, 0 only if all hold; a group may be chosen as well.
cat >t.csv <<'END'
shop,day,n_down,n_up,population
east,1,100,900,
east,2,300,700,
north,1,0,0,500
west,1,20,500,530
END
printf 'normalize: {score: {from: a, scale: thumbs}}\n' >s.yaml
bell-claim -s s.yaml t.csv 'share(up) > 50%' --each
echo "$?"
bell-claim -s s.yaml t.csv 'share(up)[day=1, shop=east] > 50%' --each
echo "$?"
bell-claim -s s.yaml t.csv 'share(up)[shop=east] > 50%' --each --yardstick 2
echo "$?"
bell-claim -s s.yaml t.csv 'share(up)[shop=south] > 50%' --each
echo "$?"
