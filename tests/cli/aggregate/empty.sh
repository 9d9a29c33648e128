# A header without records gives a table without rows; an input without a header line is exit 1.
printf 'a,rating\n' | bell-ingest | bell-normalize --from rating --scale thumbs | bell-aggregate --by a
printf '' | bell-ingest >/dev/null 2>&1
echo "$?"
