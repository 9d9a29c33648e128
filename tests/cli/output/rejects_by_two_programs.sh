# Two programs of a pipeline cannot share a file of rejects; a log keeps what it held.
printf 'a,s\n1,x\n2,4\n3\n' >in.csv
mkfifo feed
bell-ingest --ragged=reject --rejects bad -q feed >first.gz &
# The first program has its file of rejects before it opens its input, where this line waits.
exec 3>feed
bell-ingest --ragged=reject --rejects bad in.csv >second.gz 2>err
echo "$? $(grep -c 'another program' err)"
cat in.csv >&3
exec 3>&-
wait
bell-view --count first.gz
echo before >log
bell-ingest --ragged=reject --rejects /dev/stderr in.csv -q 2>>log | bell-view --count
head -n 1 log
grep -c '^#bell' log
