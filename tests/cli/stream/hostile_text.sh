# Plain text that looks like a stream and is none.
part() { # FIELDS TYPES RECORD COUNTS
    printf '#bell\t1\n#fields\t%b\n#types\t%b\n%b\n#end\t%b\n' "$@"
}
one='in=1\tout=1\trejected=0\tdropped=0'
try() {
    part "$@" | bell-view --to csv >out || echo "$? $(wc -c <out)"
}
try 'a' 'str' 'x' "$one" && cat out
try 'a' 'str' 'x\\0y' "$one"
try 'a' 'str' 'x\\xffy' "$one"
try 'a' 'str' 'x\\xc3\\xa9\\\\x00y' "$one" && cat out
try 'a\0377' 'str' 'x' "$one"
try 'a\\xff' 'str' 'x' "$one"
try 'a\t\\N' 'str\tstr' 'x\ty' "$one"
try 'a' 'str' 'x' 'in=1\tin=1\tout=1\trejected=0\tdropped=0'
try 'a' 'str' 'x' 'in=1\tout=1\trejected=18446744073709551614\tdropped=2'
