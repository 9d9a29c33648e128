# A set counts once under each label, (none) if it is empty.
cat >s.yaml <<'END'
ingest: {fields: {topics: {column: t, type: set}, n: {column: n}}}
END
printf '#bell\t1\n#fields\ttopics\tn\n#types\tset\tstr\na,b\t1\nb\t2\n\t3\n\\N\t4\n#end\tin=4\tout=4\trejected=0\tdropped=0\n' |
    bell-aggregate --by topics --total --columns records
