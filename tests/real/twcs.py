#!/usr/bin/env python3
"""Customer support threads: 5,000 records in, 4,999 out, one refused for a lone CR.

The file has 5,001 records by the CSV grammar, the header among them (counted here by their
line feeds outside quotes).

The refused record must be found again in the file by its offset and length.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bell_test import REAL_DATA, Stream, Suite, says  # noqa: E402
from stray_quotes import unraw  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
LINE, OFFSET, LENGTH = 2589, 426729, 132


def main():
    suite = Suite()
    path = os.path.join(REAL_DATA, "twcs_5000.csv")
    if not os.path.exists(path):
        suite.skip("customer support threads", "no real data here")
        return suite.end()
    with open(path, "rb") as f:
        content = f.read()
    inside, line_feeds = False, 0
    for byte in content:
        inside ^= byte == 0x22
        line_feeds += byte == 0x0A and not inside
    suite.equal("records in the file, the header included", 5001, line_feeds)
    yaml = os.path.join(HERE, "studies", "twcs.yaml")
    alone = suite.run(["bell-ingest", "-s", yaml, path])
    suite.check("without --rejects it ends with status 1 at the line",
                alone.returncode == 1 and f"{path}:{LINE}:".encode() in alone.stderr, says(alone))
    result = suite.run(["bell-ingest", "-s", yaml, "--rejects", suite.path("rejects"), "-o",
                        suite.path("out.bell.gz"), path])
    if not suite.check("with --rejects status 0", result.returncode == 0, says(result)):
        return suite.end()
    stream = Stream(suite.read("out.bell.gz"))
    suite.equal("#end", dict(stream.end, blank=0) | {"in": 5000, "out": 4999, "rejected": 1,
                                                     "dropped": 0, "blank": 0},
                dict(stream.end, blank=0))
    suite.equal("records", 4999, len(stream.records))
    suite.equal("distinct ids", 4999, len(set(stream.column("id"))))
    rejects = Stream(suite.read("rejects"))
    suite.equal("one reject", 1, len(rejects.records))
    suite.equal("its place", (str(LINE), str(OFFSET), str(LENGTH)),
                tuple(rejects.column(c)[0] for c in ("line", "offset", "length")))
    there = content[OFFSET:OFFSET + LENGTH]
    suite.check("found again in the file by its offset",
                unraw(rejects.column("raw")[0]) in (there, there.rstrip(b"\r\n")),
                repr(rejects.column("raw")[0]) + "\n" + repr(there))
    suite.check("it holds a lone CR", b"\r" in there.rstrip(b"\r\n"))
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
