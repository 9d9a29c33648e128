#!/usr/bin/env python3
"""A real file into which stray quote marks are put, through quoting: strict, lenient and none.

The real files have none of their own that strict refuses, so every 50th unquoted text gets one
here, in the scratch folder.  What must come out is worked out from the bytes, line by line: the
file has no line end inside quotes, so each physical line is a record.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import REAL_DATA, Stream, Suite, says  # noqa: E402

FIELD = rb'(?:"(?:[^"]|"")*"|[^";]*)'
STRICT = re.compile(rb"(?:" + FIELD + rb";)*" + FIELD)


def unraw(text):
    """The bytes behind the raw column of a reject."""
    return re.sub(rb"\\(?:x([0-9a-fA-F]{2})|\\)",
                  lambda m: bytes.fromhex(m.group(1).decode()) if m.group(1) else b"\\",
                  text.encode("utf-8"))


def check_rejects(suite, name, rejects, content):
    """Each reject lies in the file where it says, and holds what stands there."""
    bad = []
    for file, line, offset, length, raw in zip(*(rejects.column(c) for c in (
            "file", "line", "offset", "length", "raw"))):
        offset, length, line = int(offset), int(length), int(line)
        there = content[offset:offset + length]
        if unraw(raw) not in (there, there.rstrip(b"\r\n")):
            bad.append(f"line {line}: raw is not what stands at its offset")
        if content[:offset].count(b"\n") + 1 != line:
            bad.append(f"line {line}: the offset is on another line")
    suite.check(f"{name}: every reject is found again by offset and line", not bad,
                "\n".join(bad))


def main():
    suite = Suite()
    path = os.path.join(REAL_DATA, "finphrase_semicolon.csv")
    if not os.path.exists(path):
        suite.skip("stray quotes", "no real data here")
        return suite.end()
    with open(path, "rb") as f:
        content = f.read()
    lines = content.split(b"\r\n")
    if lines[-1] == b"":
        lines.pop()
    base = ["bell-ingest", "--delimiter", ";", "--no-provenance", "--text"]
    whole = suite.run(base + [path])
    suite.equal("as it is, strict takes every line", len(lines) - 1,
                len(Stream(whole.stdout).records))
    for n in range(1, len(lines), 50):
        if b'"' not in lines[n]:
            lines[n] = lines[n].replace(b" ", b' say "so" ', 1)
    content = b"\r\n".join(lines) + b"\r\n"
    path = suite.write("stray.csv", content)
    records = lines[1:]

    bad = [n for n, line in enumerate(records, 2) if not STRICT.fullmatch(line)]
    suite.check("the file has stray quotes at all", bad)
    alone = suite.run(base + [path])
    suite.check(f"strict without --rejects: stops at line {bad[0]}",
                alone.returncode == 1 and f"{path}:{bad[0]}:".encode() in alone.stderr
                and b"\n#end" not in alone.stdout, alone.stderr.decode())
    strict = suite.run(base + ["--rejects", suite.path("rejects"), path])
    suite.check("strict with --rejects: status 0", strict.returncode == 0, says(strict)[:800])
    stream = Stream(strict.stdout)
    rejects = Stream(suite.read("rejects"))
    suite.equal("strict: the rejected lines", bad, [int(n) for n in rejects.column("line")])
    suite.equal("strict: #end", (len(records), len(records) - len(bad), len(bad)),
                tuple(stream.end[k] for k in ("in", "out", "rejected")))
    suite.equal("strict: records", len(records) - len(bad), len(stream.records))
    check_rejects(suite, "strict", rejects, content)

    lenient = suite.run(base + ["--quoting", "lenient", path])
    suite.check("lenient: status 0", lenient.returncode == 0, says(lenient)[:800])
    suite.equal("lenient: every line is a record", len(records),
                len(Stream(lenient.stdout).records))
    cells = Stream(lenient.stdout).records
    suite.equal("lenient: stray quotes are text", [[c.decode().strip() for c in records[n - 2].split(b";")]
                                                   for n in bad], [cells[n - 2] for n in bad])

    split = [line.split(b";") for line in records]
    width = len(lines[0].split(b";"))
    ragged = [n for n, cells in enumerate(split, 2) if len(cells) != width]
    none = suite.run(base + ["--quoting", "none", "--ragged", "reject", "--trim=no", "--rejects",
                             suite.path("rejects.none"), path])
    suite.check("none: status 0", none.returncode == 0, says(none)[:800])
    stream = Stream(none.stdout)
    suite.equal("none: ragged lines", ragged,
                [int(n) for n in Stream(suite.read("rejects.none")).column("line")])
    suite.equal("none: every cell is as it stands between the delimiters",
                [[c.decode() or None for c in cells] for cells in split if len(cells) == width],
                stream.records)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
