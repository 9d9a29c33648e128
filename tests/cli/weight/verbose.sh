# -v says what weighting did, and how many records a target of 0 has silenced.
printf 'platform,age\ntwitter,young\ntwitter,old\nfacebook,old\n' | bell-ingest |
    bell-weight -v --margins '{by: platform, counts: {twitter: 10, facebook: 20}}' >out.bell.gz
printf 'platform\ntwitter\nbots\nfacebook\nbots\n' | bell-ingest |
    bell-weight -v --margins '{by: platform, shares: {twitter: 0.4, facebook: 0.6, bots: 0}}' >out.bell.gz
