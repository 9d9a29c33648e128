# What is no weight refuses the record; what weights cannot go with is said before anything is read.
for w in -1 1000000.1 0.0000001 x 1e3 ''; do
    printf 'g,r,w,v\na,4,1,1\nb,5,%s,2\n' "$w" >in.csv
    bell-ingest in.csv | bell-normalize --from r --scale stars5 --text |
        sed 's/^#types.*/#types\tstr\tstr\tdecimal\tdecimal\tdecimal\tstr\tstr/' >in.bell
    bell-aggregate --weight w in.bell >out; echo "$?, $(wc -c <out) bytes of output"
done
echo
bell-aggregate --by g --weight w --columns scored,weighted --rejects bad in.bell
cut -f 6-7 bad
echo
# A record that one table refuses stands in none of them, counted by codes or not.
cat >two.yaml <<'YAML'
tables:
  plain: {columns: [scored]}
  weighted: {weight: w, columns: [scored, weighted]}
  other: {weight: v, columns: [scored, weighted]}
YAML
bell-aggregate -s two.yaml -O out.d --rejects bad2 in.bell; echo "$?"
grep . out.d/*.csv
echo
bell-aggregate --weight g in.bell; echo "$?"
bell-aggregate --weight nothing in.bell; echo "$?"
bell-aggregate --weight w --measures v in.bell; echo "$?"
bell-aggregate --weight w --measures v --partial in.bell; echo "$?"
bell-aggregate --weight w --people g --vote person in.bell; echo "$?"
printf 'w\n1\n' | bell-ingest | bell-aggregate --weight w; echo "$?"
