#!/usr/bin/env python3
"""The CSV torture files, record by record, against what CPython's csv module reads in them.

Both read without a header, blanks kept.  Rows of another width than the first must stand among
the rejects, in place; all others must be equal.  Where bellpipe means to differ, MEANT says how
and why (doc/csv-grammar.md says it in prose): such a file must differ in just that way.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import REAL_DATA, Stream, Suite, says  # noqa: E402


NO_RECORDS = "no record, so the number of columns is not known: status 1"
OPEN_QUOTE = "a quote is open at the end: the record is refused, not closed in silence"
STRAY_QUOTE = "a quote that is not doubled inside quotes: the record is refused"
BARE_QUOTE = "a quote inside a field that does not begin with one: the record is refused"
# file: (status, {number of a record from 0: code of its refusal}, why)
MEANT = {
    "csv-spectrum/csvs/location_coordinates.csv": (0, {1: "quote"}, BARE_QUOTE),
    "csv-test-data/csv/all-empty.csv": (1, {}, NO_RECORDS),
    "csv-test-data/csv/bad-header-no-header.csv": (1, {}, NO_RECORDS),
    "csv-test-data/csv/bad-missing-quote.csv": (0, {1: "quote"}, OPEN_QUOTE),
    "csv-test-data/csv/bad-quotes-with-unescaped-quote.csv": (0, {1: "quote"}, STRAY_QUOTE),
    "csv-test-data/csv/bad-unescaped-quote.csv": (0, {1: "quote"}, BARE_QUOTE),
}


def expected(records, refused):
    """Good records, codes of refusals, empty lines, by the rules of bellpipe's grammar."""
    width = next((len(r) for i, r in enumerate(records) if r and i not in refused), 0)
    good, codes, blank = [], [], 0
    for i, record in enumerate(records):
        if i in refused:
            codes.append(refused[i])
        elif not record and width == 1 and good:
            good.append([""])  # with one column an empty line is a record
        elif not record:
            blank += 1
        elif len(record) != width:
            codes.append("ragged")
        else:
            good.append(record)
    return good, codes, blank


def check_file(suite, name, records):
    status, refused, why = MEANT.get(name, (0, {}, ""))
    path = os.path.join(REAL_DATA, "torture", name)
    options = ["--quoting", "strict"]
    if name.endswith(".tsv"):
        options += ["--delimiter", "\\t" if "\t" in open(path, newline="").read() else ","]
    run = suite.run(["bell-ingest", "--text", "--no-provenance", "--header=no", "--trim=no",
                     "--ragged", "reject", "--rejects", suite.path("rejects"), *options, path])
    label = f"{name} ({why})" if why else name
    if not suite.check(f"{label}: status {status}", run.returncode == status, says(run)):
        return
    if status != 0:
        return
    stream, rejects = Stream(run.stdout), Stream(suite.read("rejects"))
    good, codes, blank = expected(records, refused)
    seen = [["" if cell is None else cell for cell in record] for record in stream.records]
    suite.equal(f"{label}: records", good, seen)
    suite.equal(f"{label}: refused", codes, rejects.column("code"))
    suite.equal(f"{label}: empty lines", blank, stream.end.get("blank", 0))
    suite.equal(f"{label}: counts", (len(good) + len(codes), len(good), len(codes)),
                tuple(stream.end[k] for k in ("in", "out", "rejected")))


def main():
    suite = Suite()
    truth = os.path.join(REAL_DATA, "truth", "torture_parsed.jsonl")
    if not os.path.exists(truth):
        suite.skip("CSV torture files", "no real data here")
        return suite.end()
    with open(truth, encoding="utf-8") as f:
        files = [json.loads(line) for line in f]
    for entry in files:
        check_file(suite, entry["file"], entry["records"])
    names = {entry["file"] for entry in files}
    suite.equal("every difference that is meant belongs to a file", [],
                sorted(set(MEANT) - names))
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
