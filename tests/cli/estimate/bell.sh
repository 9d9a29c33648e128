# The scenario: a table over tilts, one model or another, and what it refuses.
printf 'n_1,n_2,n_3,n_4,n_5,n_6,n_7,population\n900,500,900,1100,900,700,1600,1000000\n' >t.csv
bell-estimate t.csv | grep -c scenario
bell-estimate --bell t.csv | grep scenario
bell-estimate --tilts 0 --model S t.csv | grep 'scenario\|refused'
bell-estimate --model N t.csv | grep 'tilt 0).*refused'
printf 'n_1,n_2,n_3,n_4,n_5\n50,20,70,30,40\n' >t.csv
bell-estimate --tilts 0 t.csv | grep 'scenario\|refused'
# nobody was silent, so the scenario cannot be
printf 'n_1,n_2,n_3,n_4,n_5,population\n90,20,70,30,80,291\n' >t.csv
bell-estimate --tilts 1 t.csv | grep 'scenario\|refused'
# the study may say no
printf 'estimate: {tilts: [0], bell: no}\n' >s.yaml
bell-estimate -s s.yaml t.csv | grep -c scenario
