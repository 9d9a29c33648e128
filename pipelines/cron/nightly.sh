#!/bin/sh
# Renews a table from cron: silent when all is well; else one message (cron mails it), a status
# that is not 0, and the table of the day before stays.  Two runs never overlap.
set -eu
if [ $# -lt 3 ]; then
    echo "usage: ${0##*/} STUDY.yaml TABLE.csv FILE..." >&2
    exit 2
fi
study=$1
table=$2
shift 2

trouble()
{
    status=$1
    shift
    echo "${0##*/}: $table was not renewed: $*" >&2
    if [ -e "$table" ]; then
        echo "The table of $(date -r "$table" '+%Y-%m-%d %H:%M') stays as it was." >&2
    fi
    exit "$status"
}

(: >>"$table.lock") 2>/dev/null || trouble 4 "cannot write $table.lock"
exec 9>>"$table.lock"
flock -n 9 || trouble 4 "an earlier run still holds $table.lock"

said=$(mktemp) || exit 4
trap 'rm -f "$said"' EXIT
trap 'exit 4' HUP INT TERM

# -o puts the new table in the place of the old one in one step, or leaves the old one alone.
status=0
bell run "$study" -q --progress=never -o "$table" -- "$@" >"$said" 2>&1 9>&- || status=$?
[ "$status" -eq 0 ] || trouble "$status" "bell run ended with status $status: $(head -c 2000 "$said")"
