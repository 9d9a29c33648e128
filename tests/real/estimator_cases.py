#!/usr/bin/env python3
"""The cases of another implementation, to full precision, through the functions of stats/."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import STATISTICS, Suite, estimator_cases, says  # noqa: E402

CASES = os.path.join(STATISTICS, "reference_cases.json")


def main():
    suite = Suite()
    program = estimator_cases(suite, CASES)
    if program:
        result = suite.run([program, CASES])
        suite.check("all cases of the file, and not none",
                    result.returncode == 0
                    and re.search(rb"^[1-9]\d\d+ passed, 0 failed$", result.stdout, re.M), says(result))
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
