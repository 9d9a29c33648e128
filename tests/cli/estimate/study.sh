# Keys of the section, options over them, the study's own scale and bands.
cat >s.yaml <<'END'
scales: {mood: {words: {bad: 1, fair: 2, good: 4}}}
normalize: {score: {from: a, scale: mood}}
estimate:
  target: 2.5
  yardstick: 2
  gammas: [3, 2, 1.5, 3]
  rhos: [0.05, 0.01]
  confidence: 0.9
END
printf 'n_bad,n_fair,n_good,population\n300,300,400,20000\n' >t.csv
bell-estimate -s s.yaml t.csv
bell-estimate -s s.yaml --gammas 4 --rhos 0.5 --target 1.5 t.csv | grep 'than\|tipping\|correlate' | grep ',mean,\|ratio,'
bell-estimate -s s.yaml --check-study
sed 's/gammas/gamas/' s.yaml >slip.yaml
bell-estimate -s slip.yaml t.csv
echo $?
