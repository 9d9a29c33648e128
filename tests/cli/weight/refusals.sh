# What must be refused: margin and level are named, and no output is written.
printf 'platform,age\ntwitter,young\ntwitter,old\nfacebook,old\n' | bell-ingest -o in.bell.gz
echo before >out.bell.gz
try() {
    echo "-- $1"
    shift
    bell-weight "$@" -o out.bell.gz --report report.csv in.bell.gz
    echo "status $?"
}
try 'a level without records' --margins '{by: platform, counts: {twitter: 10, facebook: 10, reviews: 5}}'
try 'margins of different totals' --margins '{by: platform, counts: {twitter: 10, facebook: 10}}' \
    --margins '{by: age, counts: {young: 10, old: 11}}'
try 'a level that no margin has' --margins '{by: platform, counts: {twitter: 10}}'
try 'a negative count' --margins '{by: platform, counts: {twitter: -10, facebook: 20}}'
printf 'platform,population\ntwitter,10\nfacebook,-1\n' >p.csv
try 'the same in a file' --margins p.csv
try 'more records than people' --margins '{by: platform, counts: {twitter: 1, facebook: 20}}'
try 'shares that are none' --margins '{by: platform, shares: {twitter: 40, facebook: 60}}'
try 'no convergence' --margins '{by: platform, shares: {twitter: 0.2, facebook: 0.8}}' \
    --margins '{by: age, shares: {young: 0.5, old: 0.5}}'
try 'too large a weight' --margins '{by: platform, counts: {twitter: 4000000, facebook: 2}}'
try 'too small a weight' --margins '{by: platform, shares: {twitter: 0.9999999, facebook: 0.0000001}}'
try 'a field that is not there' --margins '{by: platfrom, counts: {twitter: 4, facebook: 2}}'
try 'a key that is not there' --margins '{by: platform, count: {twitter: 4, facebook: 2}}'
try 'a file that is not there' --margins nowhere.csv
printf 'platform,people\ntwitter,10\n' >q.csv
try 'a file without numbers' --margins q.csv
printf 'platform,population\ntwitter,10\nfacebook,5\ntwitter,3\n' >r.csv
try 'a level twice' --margins r.csv
try 'trimming to nothing' --margins '{by: platform, counts: {twitter: 4, facebook: 2}}' --trim
for report in ./out.bell.gz in.bell.gz rej -; do
    echo "-- the report to $report"
    o=out.bell.gz
    [ $report != - ] || o=-
    bell-weight --margins '{by: platform, counts: {twitter: 4, facebook: 2}}' in.bell.gz -o $o --report $report --rejects rej
    echo "status $?"
done
cat out.bell.gz
ls
printf 'p,population\nx,10\n' >margin.csv
printf 'p\nx\n' | bell-ingest -o one.bell.gz
bell-weight --margins margin.csv --report margin.csv one.bell.gz >out
echo "$? $(wc -l <margin.csv)"
