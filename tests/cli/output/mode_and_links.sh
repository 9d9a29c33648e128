printf 'a\n1\n' >in.csv
echo old >real; chmod 640 real; ln -s real link
bell-ingest --text -o link in.csv
stat -c '%a %F' real; stat -c %F link
grep -c '^#end' real
umask 027
bell-ingest --text -o new in.csv
stat -c %a new
