# What is wrong in a claim is said with its place, and what was meant; nothing is judged.
cat >t.csv <<'END'
shop,n_negative,n_neutral,n_positive
east,100,50,300
west,300,50,100
END
for claim in 'maen(score) > 0' 'mean(likes) > 0' 'mean = 0' 'mean > 3,5' 'mean > 0 always' \
    'mean > 0' 'mean[shp=east] > 0' 'mean[shop=eats] > 0' 'mean[shop=east > 0' \
    'share(postive)[shop=east] > 0.3' 'share(9)[shop=east] > 0.3' 'share(positive)[shop=east] > 30' \
    'mean[shop=east] > 4' 'mean[shop=east] > share(positive)[shop=west]' \
    'mean[shop=east] > mean[shop=east]' 'mean[shop=east] > mean[shop=west] + 3'; do
    echo "$ $claim"
    bell-claim --scale sentiment3 t.csv "$claim" 2>&1
    echo "$?"
done
bell-claim t.csv 2>&1
bell-claim t.csv 'net > 0' --each 2>&1
bell-claim t.csv 'mean > 0' --each --yardstick 0.5 2>&1
bell-claim t.csv 'mean > 0' --each --rejects r 2>&1
bell-claim nowhere.csv 'mean > 0' 2>&1
bell claim no.yaml 'mean > 0' 2>&1
