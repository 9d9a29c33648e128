printf 'a\n1\n' | bell-ingest -o one.bell.gz
printf 'a\n1\n' | bell-ingest --trim=no -o two.bell.gz
cat one.bell.gz two.bell.gz | bell-view --header | grep -e '^#program' -e '^#also' | cut -f 1,3
cat one.bell.gz two.bell.gz | bell-normalize --text | grep -e '^#program' -e '^#also' | cut -f 1,3
cat one.bell.gz one.bell.gz | bell-normalize --text | grep -c '^#also' || true
