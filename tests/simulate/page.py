#!/usr/bin/env python3
"""tests/simulate/page.py PART=FILE... - puts tables into doc/COVERAGE.md, between the lines

    <!-- PART -->
    <!-- end of PART -->

PART is simulate (FILE: what `simulate` wrote) or sample (what sample_coverage.py wrote).  The text
around them is written by hand; tests/suites hold it to the figures.
"""
import os
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc", "COVERAGE.md")


def put(page, part, text):
    begin, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->\n"
    if page.count(begin) != 1 or page.count(end) != 1:
        sys.exit(f"page.py: doc/COVERAGE.md has no one place for {part}")
    head, tail = page.split(begin)
    return head + begin + "\n" + text.strip() + "\n\n" + end + tail.split(end)[1]


def pieces(part, text):
    """What goes where: of simulate, the overview stands apart from the rest."""
    if part != "simulate":
        return {part: text}
    said, scenarios, overview, every = text.strip().split("\n\n")
    return {"simulate overview": said + "\n\n" + overview, "simulate scenarios": scenarios,
            "simulate": every}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(PAGE, encoding="utf-8") as f:
        page = f.read()
    for argument in sys.argv[1:]:
        part, _, path = argument.partition("=")
        with open(path, encoding="utf-8") as f:
            for name, text in pieces(part, f.read()).items():
                page = put(page, name, text)
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(page)


if __name__ == "__main__":
    main()
