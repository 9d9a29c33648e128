# Scales that only some parts have are all in the table.
cat >s.yaml <<'END'
normalize: {score: {from: v, by: p, scales: {a: thumbs, b: nps, c: stars5}}}
END
for p in a b c; do
    printf 'p,v\n%s,1\n' $p | bell-ingest | bell-normalize -s s.yaml | bell-aggregate --partial -o $p.part
done
bell-aggregate --merge --columns scored,mean c.part a.part b.part
