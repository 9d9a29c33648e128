# The input's errors end the run, with file and line, and nothing is written.
try() {
    cat >t.csv
    bell-estimate "$@" -o out.csv t.csv
    echo $?
    ls out.csv 2>/dev/null
}
printf 'n_1,n_2\n3,-1\n' | try
printf 'n_1,n_2,population\n3,1,4\n3,1,3\n' | try
printf 'n_1,n_2\n3,x\n' | try
printf 'scored,n_1,n_2\n3,1,1\n' | try
printf 'n_1,n_2\n3,"1\n' | try
printf 'a,b\n3,1\n' | try
printf '' | try
printf 'n_a,n_b\n3,1\n' | try
printf 'n_1,n_2\n3,1\n' | try --scale nps
printf 'n_1,n_2\n3,1\n' | try --yardstick 0.5
printf 'n_1,n_2\n3,1\n' | try --gammas 2,x
printf 'n_1,n_2\n3,1\n' | try --rhos 0
printf 'n_1,n_2\n3,1\n' | try --confidence 1
printf 'n_1,n_2\n3,1\n' | try --probe absent.csv
printf 'n_1,n_2\n3,1\n' | try --reference-answers t.csv
printf 'n_1,n_2\n3,1\n' | try --tau 0.1
printf '#bell\t1\n#fields\ta\n' | try
bell-estimate absent.csv
echo $?
# a pipe gets nothing either
printf 'n_1,n_2\n3,1\n3,x\n' | bell-estimate -j 2
echo $?
