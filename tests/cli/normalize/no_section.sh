# A filter whose section is missing passes records on unchanged.
printf 'study: x\ningest: {trim: false}\n' >s.yaml
printf 'a,b\n x ,2\n' | bell-ingest -s s.yaml | bell-normalize -s s.yaml --text --no-provenance | sed -n '/^[^#]/p;/^#fields/p'
