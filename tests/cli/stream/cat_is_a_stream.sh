printf 'a,b\n1,2\n' | bell-ingest -o one.bell.gz
printf 'a,b\n3,4\n5,6\n' | bell-ingest -z 9 -o two.bell.gz
cat one.bell.gz two.bell.gz >both.bell.gz
gzip -t both.bell.gz
bell-view --check both.bell.gz
bell-view --count both.bell.gz
bell-normalize --no-provenance --text both.bell.gz | sed -n '/^[^#]/p;/^#end/p'
