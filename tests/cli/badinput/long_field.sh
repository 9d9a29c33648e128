# More than 16 MiB in a field is refused, whatever the memory.
awk 'BEGIN { print "a,b"; printf "1,"; for (i = 0; i < 17 * 1024; i++) printf "%01024d", i; print ""; print "2,x" }' >in.csv
bell-ingest --rejects rej --text in.csv 2>err | sed -n '/^[^#]/p;/^#end/p'
cut -f 1-4,6 rej | sed -n '/^in/p'
