# Weighted figures beside counts.  Group b: one of its scored records has no weight, so there is
# no sd; c has a median on the edge of two values, 2 and 4; d has nothing that weighs.
{
    printf '#bell\t1\n#fields\tg\tscore\tscale\tunscored\tw\n#types\tstr\tdecimal\tstr\tstr\tdecimal\n'
    printf '#scale\tstars5\tmin=1\tmax=5\tpoints=1,2,3,4,5\n'
    printf 'a\t%s\tstars5\t\\N\t%s\n' 1 0.5 2 2 5 1.25 5 0.000001
    printf 'b\t%s\tstars5\t\\N\t%s\n' 5 0 4 3
    printf 'b\t\\N\tstars5\tmissing\t1000000\n'
    printf 'c\t%s\tstars5\t\\N\t%s\n' 2 1.5 3 0 4 0.5 5 1
    printf 'd\t%s\tstars5\t\\N\t%s\n' 2 0 3 0
} >records
weigh() { bell-aggregate --no-end --by g --weight w "$@" records; }
weigh
echo
weigh --quantile-type 1 --columns p10,median,p90,w_5,n_eff
echo
weigh --total --excel --columns scored,weighted,share_5,mean | tail -n 1
echo
weigh --layout long --stats full | grep '^a'
echo
printf 'g,r,w\nx,1,7\nx,2,7\nx,2,7\ny,3,0.1\ny,5,0.1\n' | bell-ingest | bell-normalize --from r --scale stars5 --text >plain
sed 's/^#types.*/#types\tstr\tstr\tdecimal\tdecimal\tstr\tstr/' plain >equal
# Weights that are all 1 change nothing but quantiles.
sed 's/\t7\t\|\t0\.1\t/\t1\t/' equal >ones
cut='bell-aggregate --by g --stats full --quantile-type 1'
$cut ones >unweighted
head -n 1 unweighted | tr , '\n' | grep -v -x g | paste -s -d , >columns
$cut --weight w --columns "$(cat columns)" ones | cmp - unweighted && echo 'weights of 1: the same bytes'
$cut --weight w --columns weighted,n_eff equal
