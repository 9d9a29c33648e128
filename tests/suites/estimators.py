#!/usr/bin/env python3
"""What the estimators must refuse, and that the program that says so can fail."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import ROOT, Suite, estimator_cases, says  # noqa: E402


def main():
    suite = Suite()
    refusals = os.path.join(ROOT, "tests", "estimators", "refusals.json")
    program = estimator_cases(suite, refusals)
    if program is None:
        return suite.end()
    result = suite.run([program, refusals])
    suite.check("all that must be refused is", result.returncode == 0
                and re.search(rb"^[1-9]\d passed, 0 failed$", result.stdout, re.M), says(result))
    for expected in ({"mean": 2.5}, {"mean": None}, {"n": "3"}, {"share": [0.5]}, {"nothing": 1}, {"error": True}):
        case = {"id": "wrong", "op": "describe", "input": {"counts": [1, 1, 1]}, "expected": expected}
        path = suite.write("wrong.json", json.dumps({"cases": [case]}))
        result = suite.run([program, path])
        suite.check(f"{json.dumps(expected)} fails", result.returncode == 1
                    and result.stdout.endswith(b"0 passed, 1 failed\n"), says(result))
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
