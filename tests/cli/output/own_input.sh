# An output may be named like an input.
printf 'a\n1\n2\n' | bell-ingest -o s.bell.gz
bell-normalize --unique a -o s.bell.gz s.bell.gz
bell-view --count s.bell.gz
