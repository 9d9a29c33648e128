# Votes of one value are that value, without spread; 29 of 100 is an NPS of 29.
stream() {
    printf '#bell\t1\n#fields\twho\tscore\tscale\n#types\tstr\tdecimal\tstr\n'
    printf '#scale\t%s\tmin=0\tmax=10\tpoints=%s\n' "$1" "$2"
    awk -v n="$3" -v s="$1" "BEGIN { OFS = \"\\t\"; for (i = 0; i < n; i++) print \"u\" i, $4, s }"
    printf '#end\tin=%d\tout=%d\trejected=0\tdropped=0\n' "$3" "$3"
}
for n in 3 6 7; do
    stream p 3.3,9 $n 3.3 |
        bell-aggregate --people who --vote person --stats full --columns mean,sd,skewness,net
done
stream nps 0,1,2,3,4,5,6,7,8,9,10 100 'i < 29 ? 10 : 7' | bell-aggregate --columns net,nps
