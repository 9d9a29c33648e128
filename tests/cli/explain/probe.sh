# A random check sample of the group goes before readiness; known shares settle it.
cat >t.csv <<'END'
shop,n_1,n_2,n_3,n_4,n_5
east,100,100,200,300,500
west,500,300,200,200,100
north,100,100,200,300,500
END
printf 'shop,n_1,n_2,n_3,n_4,n_5\neast,80,40,40,20,20\nwest,60,40,30,3,4\nnorth,3,3,3,3,3\n' >probe.csv
bell-estimate --explain --probe probe.csv t.csv
echo
cat >s.yaml <<'END'
normalize: {score: {from: a, scale: thumbs}}
estimate: {probe: {exact: true, shares: {down: 0.4, up: 0.6}}}
END
printf 'n_down,n_up\n300,700\n' >t.csv
bell-estimate -s s.yaml --explain t.csv
bell-claim -s s.yaml t.csv 'share(up) > 50%'
bell-claim -s s.yaml t.csv 'share(up) > 60%'
bell-claim -s s.yaml t.csv 'share(up) >= 60%'
