# A record without a level ends the run, or goes to the rejects; it is never left out in silence.
printf 'platform\ntwitter\n\nfacebook\nmyspace\n' >in.csv
bell-ingest --origin in.csv -o in.bell.gz
margin='{by: platform, counts: {twitter: 10, facebook: 20}}'
bell-weight --margins "$margin" --rejects rej in.bell.gz >out; echo "status $?"
bell-weight --margins "$margin" --missing reject in.bell.gz >out; echo "status $?"
bell-weight --margins "$margin" --missing reject --rejects rej in.bell.gz --text | sed -n '/^[^#]/p;/^#end/p'
sed -n '/^[^#]/p;/^#end/p' rej
bell-weight --margins "$margin" --missing reject --rejects rej --max-rejects 1 in.bell.gz >out; echo "status $?"
