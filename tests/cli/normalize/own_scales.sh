cat >s.yaml <<'END'
scales:
  rude: {reverse: true, words: {"Yes, very rude": 3, "Yes, somewhat": 2, "No, not at all": 1, "No, not rude": 1}, missing: ["N/A"]}
normalize: {score: {from: a, scale: rude, unknown: missing}}
END
printf 'a\n"Yes, very rude"\n"No, not rude"\nN/A\n3\n"yes, very rude"\n4\n' | bell-ingest --no-provenance |
    bell-normalize -s s.yaml --text --no-provenance | grep -v '^#study'
