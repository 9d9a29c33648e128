#!/usr/bin/env python3
"""The cases of another implementation, to full precision, through the functions of stats/."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import ROOT, Suite  # noqa: E402

DATA = os.environ.get("BELL_REAL_DATA") or os.path.join(ROOT, "..", "shared", "data")
CASES = os.path.join(DATA, "..", "stats", "reference_cases.json")


def main():
    suite = Suite()
    program = os.path.join(suite.build, "tests", "unit", "estimator-cases")
    if not os.path.exists(CASES):
        suite.skip("estimator cases", "no case file here")
    elif not os.path.exists(program):
        suite.skip("estimator cases", "estimator-cases is not built here")
    else:
        result = subprocess.run([program, CASES], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                timeout=300, check=False)
        said = result.stdout.decode()
        suite.check("all cases of the file, and not none",
                    result.returncode == 0 and re.search(r"^[1-9]\d\d+ passed, 0 failed$", said, re.M),
                    said[-3000:])
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
