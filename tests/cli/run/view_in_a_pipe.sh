# bell-view does in a pipe what it does alone, or says that it cannot.
printf 'a,b\n1,2\n3,4\n' >in.csv
bell pipe 'ingest in.csv | view --count'
bell pipe 'ingest in.csv | view --check' && echo checked
bell pipe 'ingest in.csv | view --to csv'
try() {
    bell pipe "$1" >out || echo "$? $(wc -c <out)"
}
try 'ingest in.csv | view --header'
try 'ingest in.csv | view --through "grep 1"'
try 'ingest in.csv | view --count --check'
try 'ingest in.csv | view --count | view'
try 'ingest in.csv | view --to csv | aggregate'
