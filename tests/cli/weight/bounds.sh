# Weights beyond the bounds are refused; trimmed only when asked, and then it is said what that cost.
t=twitter
printf '%s\n' platform $t $t $t $t $t $t facebook facebook |
    bell-ingest -o in.bell.gz
printf 'platform,population\ntwitter,60\nfacebook,180\n' >p.csv
w() { bell-weight --margins p.csv "$@" in.bell.gz --text | sed -n '/^[^#]/p' | sort | uniq -c | sed 's/^ *//'; }
w --bounds 0.2,5
w --bounds 0.2,2
w --bounds 0.2,2 --trim --report r.csv
grep -v ,platform, r.csv | grep -v residual
echo quiet; w --bounds 0.2,2 --trim -q
