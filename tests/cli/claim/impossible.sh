# Tables that cannot be: the worth of weights not said or more than the answers, more people than records.
head='g,records,people,scored,missing,off_scale,n_1,n_2,n_3,weighted,n_eff,w_1,w_2,w_3'
try() {
    printf '%s\n%s\n' "$head" "$1" >t.csv
    bell-claim t.csv 'mean(score) > 1.5'
    echo "status $?"
}
try 'a,300,,300,0,0,10,100,190,300,150,10,100,190'
try 'a,300,,300,0,0,10,100,190,300,,10,100,190'
try 'a,300,,300,0,0,10,100,190,300,301,10,100,190'
try 'a,300,400,300,0,0,10,100,190,300,150,10,100,190'
# Names of columns reach the terminal as text.
printf 'a\033[31m,n_1,n_2,n_3\nx,10,100,190\ny,10,100,190\n' >t.csv
bell-claim t.csv 'mean(score) > 1.5'
bell-claim --each t.csv 'mean(score) > 1.5'
# All answers stand at the number.
printf 'n_1,n_2,n_3\n0,300,0\n' >t.csv
bell-claim t.csv 'mean(score) >= 2'
