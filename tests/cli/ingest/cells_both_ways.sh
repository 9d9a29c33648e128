# Cells written straight from the rows, and cells laid out first (to look for blank records): one text.
awk 'BEGIN {
    n = split("plain| left|right |\"quoted\"|\"a \"\"doubled\"\" one\"|\"\"\"\"|NA| NA |\"NA\"|" \
              "\"tab\there\"|\"line\nbreak\"|\"two\r\nlines\"|back\\slash|#hash|\"\"|x|\\N|" \
              "a text of more than thirty-two bytes, and then some|\"  inner blanks  \"", v, "|")
    v[18] = "\"a text, " "of more than thirty-two bytes, with a \\ and \"\"quotes\"\" near its end\""
    printf "a,b,c\r\n"
    for (i = 1; i <= n; i++) for (j = 1; j <= n; j++)
        printf "%s,%s,%s%s", v[i], v[j], v[(i * 7 + j) % n + 1], (i + j) % 3 ? "\n" : "\r\n"
    }' | sed 's/^,$/x,x,x/' >in.csv
for options in '' '--missing NA,x' '--trim=no --missing NA' '--ragged pad'; do
    # shellcheck disable=SC2086
    bell-ingest --no-provenance --text $options in.csv >straight || exit
    # shellcheck disable=SC2086
    bell-ingest --no-provenance --text $options --blank-records drop in.csv >laid-out || exit
    grep -v '^#end' straight | grep -vx '\\N	\\N	\\N' >straight.body
    grep -v '^#end' laid-out >laid-out.body
    cmp straight.body laid-out.body && wc -l <straight.body
done
