# Keys of the study's section plot; options override them; keys for another form wait for it.
cat >s.yaml <<'END'
study: shop
scales:
  mood: {words: {bad: 1, fair: 2, good: 3}}
aggregate: {by: [shop]}
plot:
  title: How was it?
  bounds: none
  ascii: true
  height: 700
  width: 60
END
printf 'shop,scale,records,scored,n_bad,n_fair,n_good,mean\nA,mood,60,60,10,20,30,2.333333333333333\n' >t.csv
bell-plot -s s.yaml t.csv
bell-plot -s s.yaml --title 'And now?' --width 50 t.csv | head -n 1
bell-plot -s s.yaml --to svg --width 400 t.csv | grep -o '<svg.*height="[0-9]*"'
bell-plot -s s.yaml --check-study
