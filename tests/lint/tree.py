#!/usr/bin/env python3
"""The tree as a whole: form of files, scripts, no word of the machine it was made on."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from lint import Lint, sources, text_of, tree  # noqa: E402

TEXT = (".c", ".h", ".py", ".sh", ".md", ".yaml", ".ac", ".am", ".1", ".5", ".7", ".yml", ".csv")
# Spelt in pieces, so that this file is not its own finding.
PRIVATE = re.compile("/wo" + r"rk/|/ho" + r"me/[a-z]|/ro" + r"ot/|/us" + r"r/local/bin/[a-z]")
LINES_MAX, COLUMNS_MAX = 700, 100


def scripts(files):
    found = []
    for name in files:
        first = text_of(name).split("\n", 1)[0]
        if re.match(r"#!.*\b(sh|bash|dash)\b", first):
            found.append((name, None))
        elif name.startswith("tests/cli/") and name.endswith(".sh"):
            found.append((name, "sh"))
    return found


def unlisted(lint, files):
    """Files of the folders with a local.mk that no list names: they would miss the tarball."""
    missing = []
    for folder in ("common", "filters", "tests", "pipelines"):
        listed = set(re.findall(r"[\w./+-]+", text_of(folder + "/local.mk")))
        for name in files:
            if (name.startswith(folder + "/") and name not in listed
                    and not name.endswith(("/local.mk", "filters/bell.c", ".pyc"))):
                missing.append(name)
    return missing


def main():
    lint = Lint()
    files = tree()
    text = [n for n in files if n.endswith(TEXT) or n.split("/")[0] == ".ci"
            or text_of(n)[:2] == "#!"]
    paths, tails, tabs, long_lines, last, long_files, modes = [], [], [], [], [], [], []
    for name in text:
        content = text_of(name)
        source = name.endswith((".c", ".h"))
        if content and not content.endswith("\n") and not name.startswith(("tests/cli", "tests/data")):
            last.append(name)
        if source and content.count("\n") > (2 if name.startswith("tests/") else 1) * LINES_MAX:
            long_files.append(f"{name}: {content.count(chr(10))} lines")
        if content.startswith("#!") and not os.access(lint.at(name), os.X_OK):
            modes.append(name)
        for number, line in enumerate(content.split("\n"), 1):
            where = f"{name}:{number}"
            if PRIVATE.search(line):
                paths.append(f"{where}: {line.strip()[:120]}")
            if source or name.endswith((".py", ".sh", ".yaml")):
                if line.rstrip() != line and not name.startswith("tests/cli"):
                    tails.append(where)
            if source:
                if "\t" in line:
                    tabs.append(where)
                if len(line) > COLUMNS_MAX:
                    long_lines.append(f"{where}: {len(line)} columns")
    lint.report("no path of one machine", paths)
    lint.report("no blanks at line ends", tails)
    lint.report("no tabs in C", tabs)
    lint.report(f"no C line over {COLUMNS_MAX} columns", long_lines)
    lint.report("every file ends with a newline", last)
    lint.report(f"no C file over {LINES_MAX} lines", long_files)
    lint.report("every script may be run", modes)
    lint.report("every file stands in a local.mk (build-aux/list-sources)", unlisted(lint, files))
    lint.report("no big or binary file", [n for n in files if os.path.getsize(lint.at(n)) > 1 << 20])

    if shutil.which("shellcheck"):
        for name, dialect in scripts(files):
            argv = ["shellcheck", "-x"] + (["-s", dialect, "-e", "SC2148,SC2016"] if dialect else [])
            run = subprocess.run(argv + [lint.at(name)], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, check=False, cwd=lint.at())
            lint.check(f"shellcheck {name}", run.returncode == 0, run.stdout.decode())
    else:
        lint.skip("shell scripts", "no shellcheck here")

    if shutil.which("clang-format") and os.path.exists(lint.at(".clang-format")):
        wrong = []
        for name in sources(("common", "filters", "tests"), (".c", ".h")):
            run = subprocess.run(["clang-format", "--style=file", lint.at(name)],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            with open(lint.at(name), "rb") as f:
                if run.returncode or run.stdout != f.read():
                    wrong.append(f"{name} (clang-format -i {name})")
        lint.report("C files are as clang-format would have them", wrong)
    else:
        lint.skip("C files are as clang-format would have them", "no clang-format here")

    pages = [n for n in files if re.fullmatch(r"doc/[\w.-]+\.[1-8]", n)]
    if shutil.which("mandoc"):
        for name in pages:
            run = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", lint.at(name)],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            lint.check(f"mandoc {name}", run.returncode == 0, run.stdout.decode())
    elif shutil.which("man") and pages:
        env = dict(os.environ, MANWIDTH="80", LC_ALL="C.UTF-8", MANROFFSEQ="")
        for name in pages:
            run = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                                  lint.at(name)], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, check=False, env=env)
            lint.check(f"man {name}", run.returncode == 0 and not run.stderr, run.stderr.decode())
    elif pages:
        lint.skip("manual pages", "neither mandoc nor man here")
    return lint.end()


if __name__ == "__main__":
    sys.exit(main())
