# Estimates that cannot be drawn.
cat >e.csv <<'END'
g,assumption,quantity,band,low,value,high,kind,note
x,none: what came in,scored,,,200,,observed,
x,nobody is more than 2 times as ready to answer as anybody else,mean,,1.4,,3.4,bound,
x,nobody is more than 5 times as ready to answer as anybody else,mean,,1.4,,3.4,bound,
END
say() { bell-plot "$@" >out; echo "= $? $(wc -c <out)"; }
say e.csv
say --bounds 5 --scenarios tilts e.csv
say --bounds 5 e.csv
{ cat e.csv; sed -n 2p e.csv | sed 's/^x/y/'; sed -n 2p e.csv; } >twice.csv
say --bounds 5 twice.csv
sed 's/3.4/3,4/' e.csv >bad.csv
say bad.csv
sed 's/3.4/3.4x/' e.csv >bad.csv
say bad.csv
