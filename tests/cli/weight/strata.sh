# One margin: post-stratification.  A file's columns say by what; a joint margin is one of several
# columns; shares give weights that are 1 in the mean; a total says what they add up to.
printf 'platform,age,x\ntwitter,young,1\ntwitter,young,2\ntwitter,old,3\nfacebook,old,4\n' |
    bell-ingest -o in.bell.gz
printf 'platform,age,population\ntwitter,young,500\ntwitter,old,300\nfacebook,old,200\n' >joint.csv
printf 'source,platform,share\nhere,twitter,.6\nhere,facebook,.4\n' >shares.csv
show() { bell-weight "$@" in.bell.gz --text | sed -n '/^[^#]/p' | cut -f 3-; }
echo joint; show --margins joint.csv
echo shares; show --margins '{by: platform, file: shares.csv}'
echo total; show --margins '{by: platform, file: shares.csv}' --total 1000
echo counts and a total; show --margins joint.csv --total 4 --field w4
echo two options; show --margins '{by: platform, shares: {twitter: 0.5, facebook: 0.5}}' --margins '{by: age, shares: {young: 0.25, old: 0.75}}'
