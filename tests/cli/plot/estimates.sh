# The CSV of bell-estimate: ranges, scenarios and calibration are those that stand there.
cat >e.csv <<'END'
kind_of,scale,assumption,quantity,band,low,value,high,kind,note
x,stars5,none: what came in,scored,,,200,,observed,
x,stars5,none: what came in,missing,,,7,,observed,
x,stars5,none: what came in,population,,,4000,,observed,
x,stars5,none: what came in,participation,,,0.05,,observed,
x,stars5,none: what came in,share,1,,0.5,,observed,
x,stars5,none: what came in,share,2,,0.25,,observed,
x,stars5,none: what came in,share,5,,0.25,,observed,
x,stars5,none: what came in,mean,,,2.25,,observed,
x,stars5,if this were a random sample,share,1,0.43,0.5,0.57,noise limit,
x,stars5,none: those who were silent may think anything,share,1,0.025,,0.975,bound,
x,stars5,none: those who were silent may think anything,mean,,1.06,,4.86,bound,
x,stars5,nobody is more than 3 times as ready to answer as anybody else,share,1,0.25,,0.75,bound,
x,stars5,nobody is more than 3 times as ready to answer as anybody else; with sampling noise,share,1,0.2,,0.8,bound,
x,stars5,"nobody is more than 3 times as ready to answer as anybody else, and readiness never rises towards the middle of the scale",mean,,2,,2.5,bound,
x,stars5,within a weighting group nobody is more than 3 times as ready to answer as anybody else,mean,,2,,2.5,bound,
x,stars5,nobody is more than 5 times as ready to answer as anybody else,mean,,1.4,,3.4,bound,
x,stars5,nobody is more than 3 times as ready to answer as anybody else,mean,,1.6,,3.1,bound,
x,stars5,answering and opinion correlate by at most 0.001 (data defect correlation),mean,,2.2,,2.3,bound,
x,stars5,at this ratio the mean could lie on the other side,tipping_ratio,,,none,,bound,
END
cat >more.csv <<'END'
x,stars5,the check sample,mean,,2.5,2.7,2.9,calibrated,
x,stars5,the check sample,share,2,,0.4,,calibrated,
x,stars5,another calibration,mean,,1,1.1,1.2,calibrated,
x,stars5,bell-shaped; the bottom is readier (tilt -1),mean,,2.9,3,3.1,scenario,
x,stars5,bell-shaped; the bottom is readier (tilt -1),share,1,,0.1,,scenario,
x,stars5,bell-shaped; a little (tilt -0.5),share,1,,0.15,,scenario,
x,stars5,bell-shaped; neither (tilt 0),share,1,,0.3,,scenario,
x,stars5,bell-shaped; a little (tilt 0.5),share,1,,0.35,,scenario,
x,stars5,bell-shaped; the top is readier (tilt 1),share,1,,0.6,,scenario,
y,stars5,none: what came in,scored,,,20,,observed,
y,stars5,none: what came in,share,1,,1,,observed,
y,stars5,bell-shaped; neither (tilt 0),mean,,,,,refused,GOF: does not fit the answers
z,stars5,,,,,,,refused,c
END
bell-plot --width 60 e.csv
cat more.csv >>e.csv
bell-plot --scenarios tilts --width 60 e.csv
bell-plot --width 60 --bounds 5 --max-panels 1 e.csv | sed -n 10,20p
bell-plot <e.csv >from_stdin && bell-plot e.csv | cmp - from_stdin
