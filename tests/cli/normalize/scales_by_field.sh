cat >s.yaml <<'END'
normalize: {score: {from: rating, by: platform, scales: {facebook: stars5, survey: nps}, unknown: missing}}
END
printf 'platform,rating\nfacebook,5\nsurvey,10\nsurvey,5\nfacebook,9\n' | bell-ingest --no-provenance |
    bell-normalize -s s.yaml --text --no-provenance | grep -v '^#study'
