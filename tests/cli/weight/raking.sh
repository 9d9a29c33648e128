# Two margins that are met at once; by hand: of two independent margins the weights are the products.
cat >in.csv <<'END'
id,platform,age
1,twitter,16-34
2,twitter,35+
3,facebook,16-34
4,facebook,35+
5,facebook,35+
END
printf 'platform,population\ntwitter,30\nfacebook,70\n' >platform.csv
cat >s.yaml <<'END'
weight:
  margins:
    - {by: [platform], file: platform.csv}
    - {by: age, counts: {16-34: 40, 35+: 60}}
END
bell-ingest in.csv | bell-weight -s s.yaml --text --no-provenance --report report.csv
sed 's/\(residual,,,\).*/\1.../; s/\(rounding,,,\).*/\1.../; s/\(n_eff,,,....\).*/\1.../; s/\(.*_effect,,,....\).*/\1.../; s/\(.*_over_mean,,,....\).*/\1.../' report.csv
