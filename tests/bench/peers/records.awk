# The table from records as TSV: awk -F '\t' -f figures.awk -f records.awk

NR == 1 { next }
{ seen[$8 "," $9 "," $6 "," $5]++ }

END {
    for (spelt in seen) {
        split(spelt, part, ",")
        add(part[1] "," part[2], part[3], part[4] == "\\N" ? "" : part[4], seen[spelt])
    }
    figures("account_class,intent", 1)
}
