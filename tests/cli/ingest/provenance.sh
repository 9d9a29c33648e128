printf 'a,b\n1,2\n' >'my file.csv'
bell-ingest --text -j1 'my file.csv' | grep '^#program'
bell-ingest --delimiter=';' --text --trim=no 'my file.csv' | grep '^#program'
