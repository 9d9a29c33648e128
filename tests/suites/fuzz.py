#!/usr/bin/env python3
"""The fuzz targets on inputs that are made up, the same in every run (`make fuzz` goes further)."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Suite  # noqa: E402

INPUTS = 20000


def main():
    suite = Suite()
    target = os.path.join(suite.build, "tests", "fuzz", "csv_readers")
    if not os.path.exists(target):
        suite.skip("csv_readers", "it is not built; make check builds it")
        return suite.end()
    for seed in (1, 2, 3):
        seen = suite.run([target, str(INPUTS), str(seed)], limit=300)
        suite.check(f"csv_readers, seed {seed}", seen.returncode == 0 and b"no difference" in seen.stdout,
                    seen.stderr.decode())
    return suite.end()


sys.exit(main())
