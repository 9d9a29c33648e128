printf 'a,b\nx,1\ny,2\n' | bell-ingest -o in.bell.gz
try() {
    bell-view --through "$1" --text in.bell.gz >out 2>err
    echo "$? $(grep -c '^bell-view: ' err) $(grep -c '^#end' out)"
}
try 'cut -f 1'
try 'cat; echo more'
try 'printf half'
try 'exit 3'
try 'kill -9 $$'
try 'no-such-command 2>/dev/null'
try 'head -n 1'
