# Base weights are honoured: proportions within a level stay.  The new field needs a name of its own.
printf 'platform,weight\ntwitter,1\ntwitter,3\nfacebook,0.5\nfacebook,0\n' | bell-ingest -o in.bell.gz
margin='{by: platform, counts: {twitter: 100, facebook: 50}}'
bell-weight --margins "$margin" --base weight --field final in.bell.gz --text | sed -n '/^[^#]/p;/^#fields/p'
bell-weight --margins "$margin" --base weight in.bell.gz -o out.bell.gz
echo "status $?"
ls
