# A weighted table: its own figures, and the answers as they came.
cat >t.csv <<'END'
records,people,scored,missing,off_scale,n_down,n_up,weighted,n_eff,w_down,w_up,share_down,share_up,mean,sd,median,population,status
110,90,100,6,4,60,40,100,80.5,45,55,0.45,0.55,0.55,0.5,1,1000,
END
bell-estimate --scale thumbs --gammas 3 --rhos 0.01 t.csv
