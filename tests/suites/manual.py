#!/usr/bin/env python3
"""The key section of bell-study(5) is what the key table says today."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import bell_test  # noqa: E402


def main():
    suite = bell_test.Suite()
    doc = os.path.join(bell_test.ROOT, "doc")
    program = os.path.join(suite.build, "doc", "study-manual")
    page = subprocess.run([program, os.path.join(doc, "bell-study.5.in")], capture_output=True,
                          check=False)
    with open(os.path.join(doc, "bell-study.5"), "rb") as f:
        suite.check("doc/bell-study.5 is current (doc/study-manual doc/bell-study.5.in)",
                    page.returncode == 0 and page.stdout == f.read(), page.stderr)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
