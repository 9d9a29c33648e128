#!/usr/bin/env python3
"""Each header compiles by itself, has its guard, and begins with what it is for."""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from lint import Lint, sources, text_of  # noqa: E402


def compiles(lint, compiler, path):
    run = subprocess.run([compiler, "-std=c17", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra",
                          "-Wshadow", "-Wstrict-prototypes", "-Werror", "-I" + lint.at("common"),
                          "-I" + lint.at("filters"), "-x", "c", "-include", lint.at(path), os.devnull],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return path, run.returncode, run.stdout.decode("utf-8", "replace")


def main():
    lint = Lint()
    headers = sources(("common", "filters"), (".h",))
    lint.check("there are headers to look at", headers)
    guards, openings, alone = [], [], []
    for path in headers:
        text = text_of(path)
        if not re.search(r"^#ifndef BELL_\w+_H\n#define BELL_\w+_H\n", text, re.M):
            guards.append(path)
        if not text.startswith(f"/* {os.path.basename(path)} - "):
            openings.append(f"{path}: begins with {text[:50]!r}")
    lint.report("each header has its guard", guards)
    lint.report("each header begins with what it is for", openings)
    compiler = next((c for c in ("gcc", "clang", "cc") if shutil.which(c)), None)
    if compiler is None:
        lint.skip("each header compiles by itself", "no compiler here")
        return lint.end()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for path, status, said in pool.map(lambda p: compiles(lint, compiler, p), headers):
            if status:
                alone.append(f"{path}: {said}")
    lint.report("each header compiles by itself", alone)
    return lint.end()


if __name__ == "__main__":
    sys.exit(main())
