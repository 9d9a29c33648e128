cat >s.yaml <<'END'
classify:
  labels:
    topics:
      from: text
      all: true
      rules:
        - {label: staff, any: [driver, conductor]}
        - {label: delay, any: [late, delay, delayed]}
        - {label: price, any: ["too dear", fare]}
END
printf 'text\n"late driver"\n"fare, too dear; LATE"\nnothing\n\n' | bell-ingest --no-provenance |
    bell-classify -s s.yaml --text --no-provenance | grep -v '^#study'
