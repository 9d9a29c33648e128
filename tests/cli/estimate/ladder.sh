# The whole ladder of one group; the second has no population and few answers.
cat >t.csv <<'END'
g,records,scored,missing,off_scale,n_1,n_2,n_3,n_4,n_5,mean,sd,median,population,participation,status
a,1310,1200,100,10,400,100,100,200,400,3.0833333333333335,1.7018,3,48000,0.025,
b,7,6,1,0,3,0,0,1,2,2.8333333333333335,1.8348478592697182,2.5,,,u
END
bell-estimate --target 3.5 t.csv
