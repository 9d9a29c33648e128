#!/bin/sh
# Sets means of estimates (bell-estimate) beside the truth of bell-sample, a row for each platform.
set -eu
if [ $# -ne 3 ]; then
    echo "usage: ${0##*/} ESTIMATES.csv WEIGHTED.csv TRUTH.csv" >&2
    exit 2
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# As lines with tabs, since the assumptions hold commas.
bell-ingest --text --no-provenance "$1" >"$dir/estimates"
bell-ingest --text --no-provenance "$2" >"$dir/weighted"
"$(dirname "$0")"/truth.sh "$3" >"$dir/truth"
LC_ALL=C awk -F '\t' -v truth="$dir/truth" -v weighted="$dir/weighted" '
function fields(names, i, n, list) {
    n = split(names, list, "\t")
    for (i = 2; i <= n; i++)
        at[list[i]] = i - 1
}

function read_truth(line, cells, i, n, mean) {
    getline line <truth
    n = split(line, cells, ",")
    for (i = 1; i <= n; i++)
        if (cells[i] == "mean")
            mean = i
    while ((getline line <truth) > 0) {
        split(line, cells, ",")
        true_mean[cells[1]] = cells[mean]
    }
}

function read_weighted(line, cells) {
    while ((getline line <weighted) > 0) {
        if (line ~ /^#fields\t/)
            fields(line)
        split(line, cells, "\t")
        if (line !~ /^#/)
            weighted_mean[cells[at["platform"]]] = cells[at["mean"]]
    }
}

BEGIN {
    read_truth()
    read_weighted()
    print "platform,truth,answers,weighted,low_3,high_3,check_low,check_high"
}

/^#fields\t/ {
    fields($0)
}

/^#/ || $at["quantity"] != "mean" {
    next
}

{
    name = $at["platform"]
    if (!(name in seen)) {
        seen[name] = 1
        names[++count] = name
    }
    if ($at["kind"] == "observed")
        answers[name] = $at["value"]
    else if ($at["assumption"] ~ /^nobody is more than 3 times as ready to answer as anybody else$/) {
        low[name] = $at["low"]
        high[name] = $at["high"]
    } else if ($at["assumption"] ~ /^the check sample/) {
        check_low[name] = $at["low"]
        check_high[name] = $at["high"]
    }
}

END {
    for (i = 1; i <= count; i++) {
        name = names[i]
        printf "%s,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f\n", name, true_mean[name], answers[name],
            weighted_mean[name], low[name], high[name], check_low[name], check_high[name]
    }
}' "$dir/estimates"
