#!/bin/sh
# peers.sh [--install] DIR: the programs that bellpipe is measured against.
# Those from PyPI go into the Python environment DIR, at the versions of requirements.txt; of those
# from Debian it says which are missing, or with --install installs them (as root).
# What cannot be had is told and left out.
set -eu

install=
[ "${1-}" != --install ] || { install=yes; shift; }
[ $# -eq 1 ] || { echo "usage: peers.sh [--install] DIR" >&2; exit 2; }
dir=$1
wanted=$(dirname "$0")/requirements.txt

missing=
for pair in mlr:miller datamash:datamash mawk:mawk igzip:isal pigz:pigz time:time; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
if [ -n "$missing" ] && [ -n "$install" ]; then
    # shellcheck disable=SC2086 # a list of names
    apt-get install -y --no-install-recommends $missing || echo "peers: not all installed: $missing" >&2
elif [ -n "$missing" ]; then
    echo "peers: missing here, from Debian:$missing" >&2
fi

! cmp -s "$wanted" "$dir/requirements.txt" || exit 0
if [ ! -x "$dir/bin/python" ] && ! python3 -m venv "$dir"; then
    echo "peers: no Python environment (Debian: python3-venv); the peers from PyPI are left out" >&2
    rm -rf "$dir"
    exit 0
fi
failed=
while read -r package; do
    case $package in
        '' | '#'*) continue ;;
    esac
    echo "peers: $package" >&2
    "$dir/bin/python" -m pip install -q --disable-pip-version-check --no-deps "$package" </dev/null >&2 || failed="$failed $package"
done <"$wanted"
if [ -n "$failed" ]; then
    echo "peers: not to be had:$failed" >&2
else
    cp "$wanted" "$dir/requirements.txt"
fi
