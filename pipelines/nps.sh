#!/bin/sh
# A recommendation survey, a row for each segment and month: detractors, passives, promoters.
# If any filter fails, so does the last one, and TABLE.csv stays as it was.
set -eu
if [ $# -ne 2 ]; then
    echo "usage: ${0##*/} ANSWERS.csv TABLE.csv" >&2
    exit 2
fi
study=$(dirname "$0")/nps.yaml
bell-ingest -s "$study" -- "$1" | bell-normalize -s "$study" \
    | bell-classify -s "$study" | bell-aggregate -s "$study" -o "$2"
