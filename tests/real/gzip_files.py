#!/usr/bin/env python3
"""Odd and damaged gzip files against what GNU gzip and zlib say of each (truth/gzip_open.csv).

Where GNU gzip unpacks a file without complaint, bell-ingest must do with it exactly what it
does with the unpacked bytes.  Where GNU gzip complains, the input is damaged (status 3), but
for the differences that are meant: see DIFFERENCES.md.
"""
import csv
import gzip
import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import REAL_DATA, Suite, says  # noqa: E402

# Files on which bellpipe means to differ: status it must end with.
MEANT = {
    "d_plain_csv_named.gz": 0,   # plain text is told by its bytes, not by its name
    "d_zlib_stream.gz": 1,       # no gzip magic: read as text, refused as bad bytes
    "d_zero_bytes.gz": 1,        # an empty file is no CSV: it has no header line
}


def main():
    suite = Suite()
    index = os.path.join(REAL_DATA, "truth", "gzip_open.csv")
    if not os.path.exists(index):
        suite.skip("gzip files", "no real data here")
        return suite.end()
    with open(index, encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    for row in rows:
        name = row["file"]
        path = os.path.join(REAL_DATA, "torture", "gzip", name)
        before = suite.write("out.bell.gz", b"as it was")
        packed = suite.run(["bell-ingest", "--no-provenance", "--text", path])
        kept = suite.run(["bell-ingest", "-o", before, path])
        label = f"{name} (GNU gzip: {row['gnu_gzip_exit']})"
        if row["gnu_gzip_exit"] == "0":
            with gzip.open(path) as f:
                plain = f.read()
            if not suite.equal(f"{label}: our own unpacking agrees", row["gnu_gzip_out_sha256"],
                               hashlib.sha256(plain).hexdigest()):
                continue
            if plain[:2] == b"\x1f\x8b":  # gzip in gzip: one layer is taken off, the rest is no text
                suite.check(f"{label}: its content is refused as no text",
                            packed.returncode == 1 and packed.stderr, says(packed))
                continue
            unpacked = suite.run(["bell-ingest", "--no-provenance", "--text",
                                  suite.write("plain.csv", plain)])
            suite.check(f"{label}: as its content",
                        (unpacked.returncode, unpacked.stdout) == (packed.returncode, packed.stdout)
                        and unpacked.stderr.replace(b"plain.csv", b"").split(b":")[2:]
                        == packed.stderr.split(b":")[2:],
                        says(unpacked) + "\n---\n" + says(packed))
            want = unpacked.returncode
        else:
            want = MEANT.get(name, 3)
            suite.check(f"{label}: status {want}", packed.returncode == want, says(packed))
            if want:
                suite.check(f"{label}: says which file", name.encode() in packed.stderr,
                            says(packed))
        if packed.returncode:
            suite.check(f"{label}: no #end", b"\n#end" not in packed.stdout, says(packed))
            suite.equal(f"{label}: -o untouched", b"as it was", suite.read("out.bell.gz"))
        suite.check(f"{label}: same status with -o", kept.returncode == want, says(kept))
    extra = set(MEANT) - {r["file"] for r in rows}
    suite.check("no difference is listed in vain", not extra, extra)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
