cat >s.yaml <<'END'
classify:
  labels:
    kind:
      from: [account, bio]
      rules:
        - {label: retired, any: [retired, "ex-cop", "former officer"]}
        - {label: official, regex: "\\b(official|newsdesk)\\b", where: {followers: ">= 50000"}}
      else: individual
ingest:
  fields: {account: {column: account}, bio: {column: bio}, followers: {column: followers, type: int}}
END
cat >in.csv <<'END'
account,bio,followers
a,Retired teacher,1
b,unretired,1
c,an ex-cop now,1
d,former   officer,1
e,the official page,50000
f,the official page,49999
g,the OFFICIAL page,50000
h,,
retired,x,1
i,retired_,1
j,"(retired)",1
k,RETIRÉ retireD,1
END
bell-ingest --no-provenance -s s.yaml in.csv | bell-classify -s s.yaml --text --no-provenance | grep -v '^#study' | cut -f 1,4
