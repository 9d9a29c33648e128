#!/usr/bin/env python3
"""doc/COVERAGE.md: its tables are what the programs make, and its text says what the tables do.

BELL_SLOW=1 makes both tables anew, whole, and compares them to the byte.
"""
import math
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import ROOT, Suite, says  # noqa: E402

SEEDS = 5  # as many are made again where the table has 200
QUICK = ["no selection, 5 bands, 200 answers", "calibration, ends, 5 bands"]


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def part_of(page, name):
    return page.split(f"<!-- {name} -->\n")[1].split(f"<!-- end of {name} -->")[0].strip()


def tables(text):
    """Each table as rows of cells, without the line below its head."""
    found = [[cells(line) for line in piece.splitlines()] for piece in text.split("\n\n")
             if piece.startswith("|")]
    return [[rows[0]] + rows[2:] for rows in found]


def part(cell):
    """(held or None, refused) of "48 %, refused 1 %"."""
    held = re.match(r"([\d.]+) %", cell)
    refused = re.search(r"refused(?: ([\d.]+) %)?$", cell)
    return (float(held.group(1)) / 100 if held else None,
            0 if refused is None else float(refused.group(1) or 100) / 100)


def simulations(suite, page, program):
    seed, populations = re.match(r"Seed (\d+), (\d+) populations", part_of(
        page, "simulate overview")).groups()
    suite.check("at least 500 populations", int(populations) >= 500, populations)
    argv = [program, "--seed", seed, "--populations", populations]
    lines = set(page.splitlines())
    for name in [""] if os.environ.get("BELL_SLOW") else QUICK:
        made = suite.run(argv + ["--scenario", name], limit=3600)
        rows = [line for line in made.stdout.decode().splitlines() if line.startswith("| " + name)]
        wrong = [line for line in rows if line not in lines]
        suite.check(f"the page has the figures of {name or 'all scenarios'}",
                    made.returncode == 0 and len(rows) > 5 and not wrong,
                    "\n".join(wrong) or says(made))


def words(suite, page):
    """What the text says of the simulations, held to the table beside it."""
    rows = {row[0]: dict(zip(("promised", "good", "good kept", "good least", "bad", "bad kept",
                              "bad least", "refused"), row[1:]))
            for row in tables(part_of(page, "simulate overview"))[0][1:]}

    def says_of(start):
        return next(row for name, row in rows.items() if name.startswith(start))
    for start in ("if this were a random sample: mean", "if this were a random sample: each",
                  "if this were a random sample: all", "post-stratified", "raked",
                  "calibrated by 200 in each reference group, plain"):
        row = says_of(start)
        suite.check(f"{start}: kept where its assumption holds, nowhere else",
                    row["good"] == row["good kept"] != "0" and row["bad kept"] == "0"
                    and row["bad"] != "0", row)
    row = says_of("whatever the silent think")
    suite.check("Manski: always", row["good least"] == "100.0 %" and row["bad"] == "0", row)
    row = says_of("nobody 3 times readier")
    suite.check("Gamma 3: one scenario at its edge, about a half", int(row["good"]) ==
                int(row["good kept"]) + 1 and 0.4 < part(row["good least"])[0] < 0.6, row)
    for start in ("the same with sampling noise", "calibrated by a check sample of 200", "calibrated by a check sample of 1000",
                  "check sample of 200 in the group itself"):
        row = says_of(start)
        suite.check(f"{start}: kept", row["good"] == row["good kept"] != "0", row)
    row = says_of("calibrated by 200 in each reference group, with tau2")
    suite.check("tau2: too few groups once", (row["good"], row["good kept"]) == ("3", "2"), row)
    for model in "ES":
        row = says_of(f"bell scenario {model}, no tilt")
        suite.check(f"bell {model}: refused, or shown and wrong", int(row["refused"]) >= 5
                    and int(row["bad"]) >= 2 and row["bad kept"] == "0", row)


def samples(suite, page):
    text = part_of(page, "sample")
    suite.check("200 seeds", text.startswith("Seeds 1 to 200 of bell-sample"), text[:80])
    slow = bool(os.environ.get("BELL_SLOW"))
    script = os.path.join(ROOT, "tests", "simulate", "sample_coverage.py")
    made = suite.run([script, "--build", suite.build] + ([] if slow else ["--seeds", str(SEEDS)]),
                     limit=3600)
    if not suite.check("sample_coverage.py", made.returncode == 0, says(made)):
        return
    if slow:
        suite.equal("the page has all figures of the sample", text, made.stdout.decode().strip())
    (kinds, whole), (_, few) = tables(text), tables(made.stdout.decode())
    suite.equal("five kinds of account", 5, len(kinds) - 1)
    suite.equal("the same columns", whole[0], few[0])
    wrong = []
    for want, got in zip(whole[1:], few[1:]):
        for name, a, b in zip(whole[0][3:], want[3:], got[3:]):
            for p, x in zip(part(a), part(b)):
                # Five standard deviations of what so few seeds can show, and one seed.
                if p is not None and x is not None and (
                        abs(p - x) > 5 * math.sqrt(p * (1 - p) / SEEDS) + 1.01 / SEEDS):
                    wrong.append(f"{want[:2]} {name}: {a} on the page, {b} of {SEEDS} seeds")
        if abs(float(want[2]) - float(got[2])) > 0.04:
            wrong.append(f"{want[:2]} error of the mean: {want[2]} and {got[2]}")
    suite.check("a few seeds agree with the page", not wrong, "\n".join(wrong))
    about_samples(suite, whole)


def about_samples(suite, whole):
    head = whole[0]

    def held(row, column):
        return part(row[head.index(column)])[0]
    rows = {tuple(row[:2]): row for row in whole[1:]}
    suite.check("Manski holds always", all(held(row, "Manski") == 1 for row in rows.values()), rows)
    suite.equal("the random-sample margin holds once", [("retired", "reviews")],
                [key for key, row in rows.items() if held(row, "random sample") > 0.1])
    suite.check("Gamma 3 is safe for individual and retired accounts, not for official ones",
                all((held(row, "Gamma 3") == 1) == (key[0] in ("individual", "retired"))
                    for key, row in rows.items() if key[0] in ("individual", "retired", "official")),
                rows)
    suite.check("sampling noise only widens", all(
        held(row, "Gamma 3 with noise") >= held(row, "Gamma 3") for row in rows.values()), rows)
    suite.check("a check sample in the group keeps its promise", all(
        held(row, "own check sample") >= 0.88 for row in rows.values()), rows)
    suite.check("three points are too few for a bell", all(
        row[head.index("bell E")] == "refused" for key, row in rows.items() if key[1] == "twitter"),
        rows)
    suite.check("calibration: near its promise on 5 and 11 points, not on 3 for all", all(
        held(row, "calibrated") >= 0.8 for key, row in rows.items() if key[1] != "twitter") and all(
        held(rows[kind, "twitter"], "calibrated") < 0.93
        for kind in ("official", "neighbourhood", "anonymous")) and
        held(rows["neighbourhood", "twitter"], "calibrated") < 0.8, rows)


def main():
    suite = Suite()
    program = os.path.join(suite.build, "tests", "simulate", "simulate")
    with open(os.path.join(ROOT, "doc", "COVERAGE.md"), encoding="utf-8") as f:
        page = f.read()
    words(suite, page)
    if os.path.exists(program):
        simulations(suite, page, program)
    else:
        suite.skip("simulations", "simulate is not built here")
    samples(suite, page)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
