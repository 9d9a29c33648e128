# Two programs of a pipeline cannot share a file of rejects; a log keeps what it held.
printf 'a,s\n1,x\n2,4\n3\n' >in.csv
{ cat in.csv; sleep 2; } | bell-ingest --ragged=reject --rejects bad 2>one |
    { sleep 1; bell-normalize --from s --scale stars5 --unknown reject --rejects bad 2>two; } | bell-view --check 2>three
echo "$?"
cat one two | sed 's/bell-[a-z]*: bad/PROGRAM: bad/' | grep -c 'another program'
echo before >log
bell-ingest --ragged=reject --rejects /dev/stderr in.csv -q 2>>log | bell-view --count
head -n 1 log
grep -c '^#bell' log
