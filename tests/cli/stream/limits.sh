# A record is 16 MiB at most wherever it stands; escapes count as the bytes that they mean.
try() { # how many bytes, of what, behind how many others
    {
        printf '#bell\t1\n#fields\ta\n#types\tstr\n'
        python3 -c "import sys; sys.stdout.write('y' * $3 + '\n' + '$2' * $1 + '\n')"
        printf '#end\tin=2\tout=2\trejected=0\tdropped=0\n'
    } | bell-view --count || echo "$?"
}
M=1048576
try $((16 * M)) x 0
try $((16 * M + 1)) x 0
try $((16 * M + 1)) x $((9 * M))
try $((16 * M)) '\\n' 1
try $((16 * M + 1)) '\\n' 1
# The time for many small parts grows with their number, not with its square.
python3 -c "
import sys
part = '#bell\t1\n#fields\ta\n#types\tstr\nv\n#end\tin=1\tout=1\trejected=0\tdropped=0\n'
sys.stdout.write(part * 200000)" >parts.txt
timeout 25 bell-view --count parts.txt || echo "$?"
