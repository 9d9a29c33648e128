# Sums of weights in partials: merged exactly; partials that differ in the weight are not joined.
make() { # NAME ROWS...
    name=$1; shift
    {
        printf '#bell\t1\n#fields\tg\tscore\tscale\tunscored\tw\tv\n'
        printf '#types\tstr\tdecimal\tstr\tstr\tdecimal\tint\n'
        printf '#scale\tstars5\tmin=1\tmax=5\tpoints=1,2,3,4,5\n'
        for row in "$@"; do
            echo "$row" | tr ' ' '\t'
        done
    } >"$name.bell"
}
make 1 'a 5 stars5 \N 0.333333 1' 'b 1 stars5 \N 1000000 2' 'a \N stars5 missing 4 1'
make 2 'a 5 stars5 \N 0 1' 'a 2 stars5 \N 0.000001 1' 'b 1 stars5 \N 1000000 3'
make 3 'a 5 stars5 \N 12.5 0'
for i in 1 2 3; do
    bell-aggregate --no-end --by g --weight w --partial -o "$i.part" "$i.bell"
done
bell-view --body 2.part
grep -a '^#partial' <<TEXT
$(bell-view --header 2.part)
TEXT
tail -q -n +5 2.bell 3.bell | cat 1.bell - >all.bell
bell-aggregate --no-end --by g --weight w all.bell >direct
bell-aggregate --merge 1.part 2.part 3.part | cmp - direct && echo same
bell-aggregate --merge 3.part 1.part 2.part | cmp - direct && echo same
bell-aggregate --merge --partial 3.part 2.part -o 32.part
bell-aggregate --merge --weight w --by g 32.part 1.part | cmp - direct && echo same
cat direct
echo
bell-aggregate --no-end --by g --weight v --partial -o v.part 1.bell
bell-aggregate --no-end --by g --partial -o n.part 1.bell
bell-aggregate --merge 1.part v.part; echo "other weight: $?"
bell-aggregate --merge 1.part n.part; echo "none: $?"
bell-aggregate --merge --weight v 1.part; echo "asked for another: $?"
bell-aggregate --merge --weight w n.part; echo "asked for one: $?"
# Sums that no records can have.
bell-view 1.part | sed 's/\t333333\t/\t3333333333333\t/' >forged
bell-aggregate --merge forged; echo "forged: $?"
