# The light job: awk -f csv.awk -f answers.awk -f figures.awk -f light.awk
# Spellings are counted as they stand; names and scores are made once for each, at the end.

BEGIN { FS = "\"" }
NR == 1 { next }
{ csv(); seen[field[3] "," field[8]]++ }

END {
    for (spelt in seen) {
        split(spelt, part, ",")
        name = platform_name(part[1])
        add(name, scale_of[name], score_of(part[2]), seen[spelt])
    }
    figures("platform", 0)
}
