# The CSV of bell-estimate: ranges and scenarios are those that stand there.
cat >e.csv <<'END'
kind_of,scale,assumption,quantity,band,low,value,high,kind,note
x,stars5,those who answered and nobody else,scored,,,200,,observed,
x,stars5,those who answered and nobody else,missing,,,7,,observed,
x,stars5,the population as given,population,,,4000,,observed,
x,stars5,the population as given,participation,,,0.05,,observed,
x,stars5,those who answered and nobody else,share,1,,0.5,,observed,
x,stars5,those who answered and nobody else,share,2,,0.25,,observed,
x,stars5,those who answered and nobody else,share,5,,0.25,,observed,
x,stars5,those who answered and nobody else,mean,,,2.25,,observed,
x,stars5,whatever the silent think,share,1,0.025,,0.975,bound,
x,stars5,whatever the silent think,mean,,1.06,,4.86,bound,
x,stars5,if nobody is more than 3 times as ready to answer as anybody else,share,1,0.25,,0.75,bound,
x,stars5,if nobody is more than 5 times as ready to answer as anybody else,share,1,0.16,,0.83,bound,
x,stars5,if nobody is more than 3 times as ready to answer as anybody else,mean,,1.6,,3.1,bound,
END
bell-plot e.csv
bell-plot --bounds 5 e.csv | sed -n 10,11p
bell-plot --bounds 7 e.csv || echo "= $?"
bell-plot --scenarios tilts e.csv || echo "= $?"
bell-plot <e.csv >from_stdin && bell-plot e.csv | cmp - from_stdin
{ cat e.csv; sed -n 2p e.csv | sed 's/^x/y/'; sed -n 2p e.csv; } >twice.csv
bell-plot twice.csv || echo "= $?"
sed 's/0.975/o.975/' e.csv >bad.csv
bell-plot bad.csv || echo "= $?"
