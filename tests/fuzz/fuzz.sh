#!/bin/sh
# Fuzzes the readers of CSV against each other with clang's libFuzzer, under ASan and UBSan.
#
#     tests/fuzz/fuzz.sh [SECONDS] [FOLDER]
#
# FOLDER (build/fuzz) keeps the corpus from run to run; what breaks is left there as crash-*.
# Needs clang and its run-time libraries (Debian: clang, libclang-rt-14-dev).
set -eu
seconds=${1:-60}
top=$(cd "$(dirname "$0")/../.." && pwd)
folder=${2:-$top/build/fuzz}
mkdir -p "$folder/corpus"
cd "$folder"
# shellcheck disable=SC2046 # names and flags without blanks
clang -std=gnu17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
    -I"$top/common" $(pkg-config --cflags libsodium) -o csv_readers \
    "$top/tests/fuzz/csv_readers.c" "$top/common/records/csv_scan.c" \
    "$top/common/records/csv_reader.c" "$top"/common/base/*.c \
    -lcsv $(pkg-config --libs libsodium) -lm
printf 'Aa,b\n1,"x ""y"""\r\n' >corpus/quoted
printf '\300a,b\n1,"x\n' >corpus/plain
./csv_readers -max_total_time="$seconds" -max_len=4096 -print_final_stats=1 corpus
