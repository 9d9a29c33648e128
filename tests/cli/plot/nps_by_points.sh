# A table of nps cut into points is read without its study; so is one cut as the scale is by default.
printf 'scale,scored,n_0,n_1,n_2,n_3,n_4,n_5,n_6,n_7,n_8,n_9,n_10\nnps,22,9,0,0,0,0,0,0,0,0,2,11\n' >points.csv
printf 'scale,scored,n_detractors,n_passives,n_promoters\nnps,22,9,0,13\n' >default.csv
printf 'scale,scored,n_low,n_high\nnps,22,9,13\n' >other.csv
bell-plot --ascii --width 60 points.csv | grep -E '^  (0|10) '
bell-plot --ascii --width 60 default.csv | grep -E '^  (detr|prom)'
bell-plot other.csv
echo "status $?"
