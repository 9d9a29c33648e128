# -v says what weighting did.
printf 'platform,age\ntwitter,young\ntwitter,old\nfacebook,old\n' | bell-ingest |
    bell-weight -v --margins '{by: platform, counts: {twitter: 10, facebook: 20}}' >out.bell.gz
