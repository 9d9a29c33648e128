# nfc, then case, then alias, then unique, then keep.
cat >s.yaml <<'END'
normalize:
  nfc: [platform]
  case: {platform: fold}
  alias: {platform: {"caf\u00e9": cafe, fb: facebook}}
  unique: [platform, id]
  keep: [{platform: [cafe, facebook]}]
END
printf 'id,platform\n1,FB\n1,facebook\n2,Cafe\314\201\n2,CAF\303\211\n3,other\n,fb\n,fb\n' | bell-ingest --no-provenance |
    bell-normalize -s s.yaml --text --no-provenance | grep -v '^#study'
