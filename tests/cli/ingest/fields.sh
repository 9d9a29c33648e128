cat >s.yaml <<'END'
study: fields
ingest:
  missing: ["", "NA", "n/a"]
  fields:
    platform: {value: twitter}
    id: {column: nr, type: id}
    count: {index: 3, type: int}
    share: {column: share, type: decimal}
    text: {column: [full_text, text]}
    labels: {column: labels, type: set}
END
cat >in.csv <<'END'
nr,text,count,share,labels
12.0, hello ,007,1.50,"b,a,b"
18134929,NA,-5,+0.000001,
x1.0,n/a,NA,NA,c
END
bell-ingest -s s.yaml --text --no-provenance in.csv | grep -v '^#study'
