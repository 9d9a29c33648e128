#!/bin/sh
# From feedback to what can be said of everyone.  Into the folder DIR go
#     plain.csv, weighted.csv   tables of what came in, without and with weights
#     estimates.csv             what follows for everyone, and under which assumption
#     explained.txt             the same in words
#     picture.svg
# If anything fails, so does this, and the file in question stays as it was.
set -eu
if [ $# -lt 2 ] || [ $# -gt 3 ]; then
    echo "usage: ${0##*/} FEEDBACK.csv DIR [CHECK-SAMPLE.csv]" >&2
    exit 2
fi
study=$(dirname "$0")/majority.yaml
feedback=$1
dir=$2
shift 2
bell-ingest -s "$study" -- "$feedback" | bell-normalize -s "$study" | bell-classify -s "$study" \
    | bell-weight -s "$study" | bell-aggregate -s "$study" -O "$dir"
bell-estimate -s "$study" ${1:+--probe "$1"} "$dir/plain.csv" -o "$dir/estimates.csv"
bell-estimate -s "$study" ${1:+--probe "$1"} "$dir/plain.csv" --explain -o "$dir/explained.txt"
bell-plot -s "$study" --to svg "$dir/estimates.csv" -o "$dir/picture.svg"
