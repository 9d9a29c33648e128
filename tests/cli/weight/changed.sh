# A file that changes while it is read counts for nothing.  The writer of a FIFO stands between the
# two readings: it gets through only when the first one is done.
printf 'platform\ntwitter\nfacebook\n' >in.csv
bell-ingest in.csv --text -o in.bell
bell-ingest in.csv --text -o more.bell
mkfifo fifo
margin='{by: platform, counts: {twitter: 10, facebook: 20}}'
echo before >out.bell
bell-weight --margins "$margin" in.bell fifo -o out.bell 2>err &
# The first reading has in.bell behind it when it opens the FIFO.
exec 3>fifo
touch -d '2001-01-01' in.bell
cat more.bell >&3
exec 3>&-
wait $!
echo "status $?"
cat err out.bell
