#!/usr/bin/env python3
"""The simulations: the same bytes from the same seed, and failures that show where they must."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Suite, says  # noqa: E402

HEAD = ["scenario", "interval", "its assumption holds", "promised", "held", "+-", "width",
        "error of its middle", "typical error", "refused"]
RANDOM = "if this were a random sample: mean"
MANSKI = "whatever the silent think (Manski): mean"


def cells(line):
    return [cell.strip() for cell in line.strip("|\n").split("|")]


def read(text):
    """The scenarios, and {(scenario, interval): row}."""
    first, _, second = [[cells(line) for line in part.splitlines()]
                        for part in text.strip().split("\n\n")[1:]]
    if second[0] != HEAD or not all(len(row) == len(HEAD) for row in second):
        raise ValueError(f"a table of another form: {second[0]}")
    rows = {(row[0], row[1]): dict(zip(HEAD, row)) for row in second[2:]}
    return {row[0]: row for row in first[2:]}, rows


def part(cell):
    return float(cell.rstrip(" %")) / 100


def same_bytes(suite, program):
    argv = [program, "--populations", "8", "--scenario", "ends, 5 bands"]
    one = suite.run(argv + ["--threads", "1"])
    suite.check("ends with status 0, silent", one.returncode == 0 and not one.stderr, says(one))
    suite.equal("the same at three threads", one.stdout,
                suite.run(argv + ["--threads", "3"]).stdout)
    other = suite.run(argv + ["--seed", "2"])
    suite.check("another seed, other figures", other.returncode == 0
                and other.stdout.startswith(b"Seed 2, ") and other.stdout != one.stdout, says(other))
    for wrong in (["--populations", "0"], ["--seed", "x"], ["more"]):
        result = suite.run([program] + wrong)
        suite.check(f"{' '.join(wrong)}: usage", result.returncode == 2 and result.stderr
                    and not result.stdout, says(result))


def figures(suite, scenarios, rows):
    held = {key: part(row["held"]) for key, row in rows.items() if row["held"] != "-"}
    suite.check("every scenario says how large it is", len(scenarios) > 20
                and all(float(row[3]) > 100 for row in scenarios.values()), scenarios)
    wrong = [key for key, row in rows.items() if "Manski" in key[1] and held[key] != 1]
    suite.check("Manski's bounds hold always", not wrong, wrong)
    low = [(key, held[key]) for key, row in rows.items()
           if row["its assumption holds"] == "yes" and row["promised"] == "95 %" and key in held
           and row["refused"] == "0.0 %" and held[key] < 0.75]
    suite.check("nothing fails that should hold", not low, low)
    rising = "rising, 7 bands"
    suite.check("readiness that rises: the random-sample margin fails",
                held[rising, RANDOM] < 0.1 and held[rising, MANSKI] == 1, held)
    for model in "ES":
        row = rows[rising, f"bell scenario {model}, no tilt: mean"]
        suite.check(f"readiness that rises: {model} fails and does not see it",
                    part(row["held"]) < 0.1 and part(row["refused"]) < 0.2, row)
    row = rows["ends, 7 bands", "bell scenario S, no tilt: mean"]
    suite.check("a wrong bell scenario that is seen is refused", part(row["refused"]) > 0.9, row)
    row = rows["ends, 7 bands", "bell scenario S, refusals overlooked"]
    suite.check("and would have failed", part(row["held"]) < 0.1, row)
    differ = "transfer, 16 groups that differ, 5 bands"
    plain, tau2 = (held[differ, f"calibrated by 200 in each reference group, {how}: mean"]
                   for how in ("plain", "with tau2"))
    suite.check("groups that differ: calibration fails without tau2", plain < 0.6 < tau2,
                (plain, tau2))
    for name, good in (("margins explain", True), ("margins do not explain", False)):
        raked = held[f"{name}, 5 bands", "raked to platforms and ages: mean"]
        suite.check(f"{name}: raking {'holds' if good else 'fails'}",
                    raked > 0.75 if good else raked < 0.1, raked)
    edge = held["upper side 3 times, 7 bands", "nobody 3 times readier than another (Gamma 3): mean"]
    suite.check("bounds at their edge miss about half the time: no sampling noise is in them",
                0.2 < edge < 0.8, edge)


def main():
    suite = Suite()
    program = os.path.join(suite.build, "tests", "simulate", "simulate")
    if not os.path.exists(program):
        suite.skip("simulations", "simulate is not built here")
        return suite.end()
    same_bytes(suite, program)
    result = suite.run([program, "--populations", "40"], limit=600)
    suite.check("a small run", result.returncode == 0 and re.match(
        rb"Seed 20240601, 40 populations in each scenario, ", result.stdout), says(result))
    figures(suite, *read(result.stdout.decode()))
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
