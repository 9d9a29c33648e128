cat >s.yaml <<'END'
normalize: {score: {from: v, by: p, scales: {a: thumbs, b: sentiment3}}}
END
printf 'p,v\na,up\nb,negative\na,down\n' | bell-ingest | bell-normalize -s s.yaml |
    bell-aggregate --by p | cut -d, -f 1-16
