#!/bin/sh
# Draws the distribution in each row of a table of bell-aggregate as bars in the terminal.
# With a second table (same groups and bands) its shares stand beside those of the first: say,
# everyone (truth.sh) beside those who answered.
set -eu

usage()
{
    echo "usage: ${0##*/} [--ascii] [--width N] [--names A,B] TABLE.csv [OTHER.csv]" >&2
    exit 2
}

ascii=0
width=
names=answered,everyone
while [ $# -gt 0 ]; do
    case $1 in
        --ascii) ascii=1 ;;
        --width) [ $# -ge 2 ] || usage; width=$2; shift ;;
        --names) [ $# -ge 2 ] || usage; names=$2; shift ;;
        --) shift; break ;;
        -?*) usage ;;
        *) break ;;
    esac
    shift
done
[ $# -eq 1 ] || [ $# -eq 2 ] || usage
[ -n "$width" ] || width=$((48 / $#))
case $width in *[!0-9]* | ????* | 0) usage ;; esac
for file; do
    [ -r "$file" ] || { echo "${0##*/}: cannot read '$file'" >&2; exit 4; }
done

# Bytes are bytes: the blocks below are whole UTF-8 texts, never cut.
LC_ALL=C exec awk -v ascii="$ascii" -v width="$width" -v names="$names" -v me="${0##*/}" '
# The fields of one CSV record into field[1..]; reads on while a quote is open.
function split_csv(line,    n, value, at, more) {
    split("", field)
    sub(/\r$/, "", line)
    n = 0
    for (;;) {
        if (substr(line, 1, 1) != "\"") {
            at = index(line, ",")
            value = at ? substr(line, 1, at - 1) : line
            line = at ? substr(line, at + 1) : ""
            field[++n] = value
            if (!at)
                return n
            continue
        }
        line = substr(line, 2)
        value = ""
        for (;;) {
            at = index(line, "\"")
            if (!at) {
                value = value line " "
                if ((getline more) <= 0)
                    fail("ends inside quotes")
                sub(/\r$/, "", more)
                line = more
            } else if (substr(line, at + 1, 1) == "\"") {
                value = value substr(line, 1, at)
                line = substr(line, at + 2)
            } else {
                value = value substr(line, 1, at - 1)
                line = substr(line, at + 1)
                break
            }
        }
        field[++n] = value
        if (line == "")
            return n
        line = substr(line, 2)
    }
}

function fail(what) {
    printf "%s: %s: %s\n", me, FILENAME, what > "/dev/stderr"
    failed = 1
    exit 1
}

function repeat(text, n,    out) {
    for (out = ""; n > 0; n--)
        out = out text
    return out
}

# Columns of a terminal that a UTF-8 text takes, near enough: its characters.
function columns(text) {
    gsub(/[\200-\277]/, "", text)
    return length(text)
}

# A bar of `width` for share 1 of scale; eighths of a block where the terminal has them.
function bar(share, scale,    eighths, whole, text) {
    eighths = int(share / scale * width * 8 + 0.5)
    if (share > 0 && eighths == 0)
        eighths = 1
    if (ascii) {
        whole = int((eighths + 4) / 8)
        return repeat("#", whole) repeat(" ", width - whole)
    }
    whole = int(eighths / 8)
    text = repeat(block[8], whole)
    if (eighths % 8 > 0) {
        text = text block[eighths % 8]
        whole++
    }
    return text repeat(" ", width - whole)
}

# Bands that are numbers in their order: columns of several scales may stand mixed.
function sort_numbers(key,    i, j, held) {
    for (i = 1; i <= points[key]; i++)
        if (label[key, i] !~ /^-?[0-9]+(\.[0-9]+)?$/)
            return
    for (i = 2; i <= points[key]; i++) {
        held = label[key, i]
        for (j = i; j > 1 && label[key, j - 1] + 0 > held + 0; j--)
            label[key, j] = label[key, j - 1]
        label[key, j] = held
    }
}

BEGIN {
    block[1] = "▏"; block[2] = "▎"; block[3] = "▍"; block[4] = "▌"
    block[5] = "▋"; block[6] = "▊"; block[7] = "▉"; block[8] = "█"
    split(names, name, ",")
}

FNR == 1 {
    table++
    sub(/^\357\273\277/, "")
    split("", column)
    groups = bands = 0
    head = split_csv($0)
    for (i = 1; i <= head; i++) {
        title[i] = field[i]
        column[title[i]] = i
        if (title[i] ~ /^share_/)
            band[++bands] = i
    }
    if (!("records" in column) || bands == 0)
        fail("is no table of bell-aggregate: it has no columns records and share_...")
    groups = column["records"] - 1
    next
}

$0 != "" {
    n = split_csv($0)
    key = ""
    for (i = 1; i <= groups; i++)
        if (field[i] != "")
            key = key (key == "" ? "" : ", ") field[i]
    if (key == "")
        key = "all"
    if (table == 1) {
        if (!(key in seen))
            order[++rows] = key
        seen[key] = 1
        scored[key] = ("scored" in column) ? field[column["scored"]] : ""
        mean[key] = ("mean" in column) ? field[column["mean"]] : ""
        status[key] = ("status" in column) ? field[column["status"]] : ""
    }
    for (i = 1; i <= bands; i++) {
        value = field[band[i]]
        if (value == "")
            continue
        text = title[band[i]]
        sub(/^share_/, "", text)
        if (table == 1) {
            points[key]++
            label[key, points[key]] = text
            if (columns(text) > widest)
                widest = columns(text)
        }
        share[table, key, text] = value
        drawn[table, key] = 1
        if (value + 0 > most[key])
            most[key] = value + 0
    }
}

END {
    if (failed)
        exit 1
    for (r = 1; r <= rows; r++) {
        key = order[r]
        line = key
        if (scored[key] != "")
            line = line ": " scored[key] " scored"
        if (mean[key] != "")
            line = line sprintf(", mean %.2f", mean[key])
        if (status[key] != "")
            line = line " [" status[key] "]"
        print (r > 1 ? "\n" : "") line
        if (points[key] == 0 || most[key] == 0) {
            print "  (no distribution)"
            continue
        }
        if (table > 1)
            print "  " repeat(" ", widest + 2) name[1] \
                repeat(" ", width + 10 - length(name[1])) name[2]
        sort_numbers(key)
        for (p = 1; p <= points[key]; p++) {
            text = label[key, p]
            line = "  " text repeat(" ", widest - columns(text)) "  "
            for (t = 1; t <= table; t++)
                if (drawn[t, key])
                    line = line bar(share[t, key, text], most[key]) \
                        sprintf(" %5.1f %%  ", 100 * share[t, key, text])
            sub(/ +$/, "", line)
            print line
        }
    }
}' "$@"
