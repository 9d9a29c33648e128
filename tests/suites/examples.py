#!/usr/bin/env python3
"""Runs the examples of README.md, doc/tutorial.md, doc/silent-majority.md and pipelines/README.md.

    tests/suites/examples.py [--accept]

A ```sh block is run (all blocks of a page in order, in one scratch folder beside a copy of
pipelines/); the ```text block behind it, if there is one, is what it must print, and it must end
with status 0.  Blocks of any other kind are only read by people.  --accept writes what was
printed into the pages.
"""
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import ROOT, Suite  # noqa: E402

PAGES = ["README.md", "doc/tutorial.md", "doc/silent-majority.md", "pipelines/README.md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n?^```text\n(.*?)^```\n)?", re.M | re.S)


def run_page(suite, page, accept):
    path = os.path.join(ROOT, page)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    folder = suite.path(page.replace("/", "-"))
    os.makedirs(folder)
    shutil.copytree(os.path.join(ROOT, "pipelines"), os.path.join(folder, "pipelines"))
    out, last, number = [], 0, 0
    for block in BLOCK.finditer(text):
        number += 1
        result = suite.shell("set -eu; exec 2>&1\n" + block.group(1), cwd=folder)
        said = result.stdout.decode("utf-8", "backslashreplace")
        name = f"{page}: example {number}"
        if block.group(2) is not None and accept:
            out += [text[last:block.start(2)], said]
            last = block.end(2)
        wanted = block.group(2) or ""
        good = result.returncode == 0 and (accept or said == wanted)
        suite.check(name, good, f"{block.group(1)}status {result.returncode}\n--- expected\n"
                                f"{wanted}--- seen\n{said}")
    suite.check(f"{page} has examples", number > 0)
    if accept and out:
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join(out) + text[last:])


def main():
    suite = Suite()
    for page in PAGES:
        run_page(suite, page, "--accept" in sys.argv[1:])
    return suite.end()


sys.exit(main())
