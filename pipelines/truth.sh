#!/bin/sh
# Turns the truth of bell-sample (--truth) into the shape of a table of bell-aggregate, a row for
# each platform: what everyone thinks, those who stayed silent included.
set -eu
if [ $# -ne 1 ]; then
    echo "usage: ${0##*/} TRUTH.csv" >&2
    exit 2
fi
LC_ALL=C exec awk -F, '
# Bands have the names that bell-aggregate gives them.
function band(scale, score) {
    if (scale == "sentiment3")
        return score < 0 ? "negative" : score > 0 ? "positive" : "neutral"
    return score
}

NR == 1 {
    if ($0 != "platform,kind,scale,score,population,respondents,records,rated") {
        print "truth.sh: this is no truth of bell-sample" > "/dev/stderr"
        failed = 1
        exit 1
    }
    next
}

{
    name = band($3, $4)
    if (!(name in known)) {
        known[name] = 1
        bands[++band_count] = name
    }
    if (!($1 in scale))
        rows[++row_count] = $1
    scale[$1] = $3
    people[$1, name] += $5
    total[$1] += $5
    sum[$1] += $5 * $4
}

END {
    if (failed)
        exit 1
    printf "platform,scale,records,scored"
    for (b = 1; b <= band_count; b++)
        printf ",n_%s", bands[b]
    for (b = 1; b <= band_count; b++)
        printf ",share_%s", bands[b]
    print ",mean"
    for (r = 1; r <= row_count; r++) {
        row = rows[r]
        if (total[row] == 0)
            continue
        printf "%s,%s,%d,%d", row, scale[row], total[row], total[row]
        for (b = 1; b <= band_count; b++) {
            if ((row, bands[b]) in people)
                printf ",%d", people[row, bands[b]]
            else
                printf ","
        }
        for (b = 1; b <= band_count; b++) {
            if ((row, bands[b]) in people)
                printf ",%.6f", people[row, bands[b]] / total[row]
            else
                printf ","
        }
        printf ",%.9f\n", sum[row] / total[row]
    }
}' "$1"
