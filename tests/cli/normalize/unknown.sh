cat >s.yaml <<'END'
ingest: {origin: true}
normalize: {score: {from: opinion, scale: sentiment3}}
END
printf 'id,opinion\n1,negative\n2,posative\n3,7\n' >Tweets.csv
bell-ingest -s s.yaml -o in.bell.gz Tweets.csv
bell-normalize -s s.yaml in.bell.gz >out
echo "error: $?"
bell-normalize -s s.yaml --rejects rej in.bell.gz >out
echo "error, with --rejects: $?"
bell-normalize -s s.yaml --unknown=reject in.bell.gz >out
echo "reject, without --rejects: $?"
bell-normalize -s s.yaml --unknown=reject --rejects rej --text --no-provenance in.bell.gz | sed -n '/^[^#]/p;/^#end/p'
sed -n '/^Tweets/p' rej | cut -f 1,2,5,6
bell-normalize -s s.yaml --unknown=missing --text --no-provenance in.bell.gz | sed -n '/^[^#]/p;/^#end/p' | cut -f 1,2,4-
