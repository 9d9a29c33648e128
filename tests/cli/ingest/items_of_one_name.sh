# Two items of one name could not be told apart behind this; nor can a column have two labels.
# An empty label leaves the header.
try() {
    printf '%s\n' "$1" >s.yaml
    printf 'a,b,b,c\n1,2,3,4\n' | bell-ingest -s s.yaml --text --no-provenance | sed -n '/^[^#]/p'
}
printf 'column,label\na,A\nc,\n' >l.csv
printf 'column,label\na,A\nc,C\na,B\n' >twice.csv
try 'ingest: {items: {columns: [a..c]}}'
try 'ingest: {fields: {x: {value: y}}, items: {columns: [a, c], labels: l.csv}}'
try 'ingest: {fields: {x: {value: y}}, items: {columns: [a, c], labels: twice.csv}}'
