#!/usr/bin/env python3
"""Figures that others have published, from the data they were made of, through the functions of stats/."""
import csv
import json
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import STATISTICS, Suite, estimator_cases, says  # noqa: E402

STATS = os.path.join(STATISTICS, "data")
ADULTS = 255200373  # of the United States, as in Bradley and others (2021)


def rows(*names):
    with open(os.path.join(STATS, *names), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


class Figures:
    def __init__(self, suite, program):
        self.suite, self.program = suite, program

    def of(self, op, **given):
        path = self.suite.write("case.json", json.dumps(
            {"cases": [{"id": op, "op": op, "input": given, "expected": {}}]}))
        run = self.suite.run([self.program, "--show", path])
        got = json.loads(run.stdout.splitlines()[0])["got"] if run.returncode == 0 else None
        if got is None:
            self.suite.check(f"{op} is computed", False, says(run))
        return got or {}

    def compare(self, name, published, computed, within):
        """published as it is printed: `within` is half of its last digit, or what it leaves open."""
        good = computed is not None and abs(computed - published) <= within
        shown = "nothing" if computed is None else f"{computed:.9g}"
        self.suite.check(f"{name}: published {published:.9g}, computed {shown}", good)


def election(figures):
    states = rows("ddi_g2016.csv")
    total = {key: sum(float(row[key]) for row in states)
             for key in ("votes_djt", "tot_votes", "cces_totdjt_vv", "cces_n_vv")}
    truth = total["votes_djt"] / total["tot_votes"]
    got = figures.of("ddc", est=total["cces_totdjt_vv"] / total["cces_n_vv"], truth=truth,
                     sigma=math.sqrt(truth * (1 - truth)), N=total["tot_votes"], n=total["cces_n_vv"])
    figures.compare("ddi, 2016 election, data defect correlation", -0.003837163, got.get("ddc"), 5e-10)


def agreement(figures):
    got = figures.of("describe", counts=[30, 40, 210, 130, 530, 50, 10])
    figures.compare("agrmt, agreement A", 0.6113333, got.get("agreement_A"), 5e-8)


def vaccines(figures):
    """Waves of two large surveys beside what was true: errors in May 2021, and what n is worth."""
    for survey, day, error in (("facebook", "2021-05-15", 0.17), ("household_pulse", "2021-05-10", 0.14)):
        found = [row for row in rows("bradley", "bradley_reference_table.csv")
                 if row["mode"] == survey and row["end_date"] == day]
        if not found:
            figures.suite.check(f"{survey} has a wave of {day}", False)
            continue
        n, truth = float(found[0]["n"]), float(found[0]["truth"])
        est = float(found[0]["posrate"])
        sigma = math.sqrt(truth * (1 - truth))
        rho = figures.of("ddc", est=est, truth=truth, sigma=sigma, N=ADULTS, n=n).get("ddc")
        worth = figures.of("meng", counts=[n * (1 - est), n * est], N=ADULTS, rho=rho).get("n_eff")
        figures.compare(f"{survey} {day}, error", error, est - truth, 0.005)
        figures.compare(f"{survey} {day}, answers are worth", 10, worth, 3)


def coats(figures):
    with open(os.path.join(STATS, "coat_marginals.json"), encoding="utf-8") as f:
        coat = json.load(f)
    seen, random = coat["coat_obs"], coat["coat_true"]
    names = {"naive mean": (2.6115, figures.of("describe", counts=seen).get("mean")),
             "random sample": (2.2289, figures.of("describe", counts=random).get("mean"))}
    cover = figures.of("coverage", counts=seen, N=coat["N_pairs"])
    names["worst case, low"] = (1.129, cover.get("manski_mean_lo"))
    names["worst case, high"] = (4.809, cover.get("manski_mean_hi"))
    three = figures.of("bounds", counts=seen, Gamma=3).get("aronow_lee", [None, None])
    five = figures.of("bounds", counts=seen, Gamma=5).get("ushape", [None, None])
    names["ratio 3, low"], names["ratio 3, high"] = (2.033, three[0]), (3.220, three[1])
    names["U of ratio 5, low"], names["U of ratio 5, high"] = (2.130, five[0]), (3.347, five[1])
    for name, (published, computed) in names.items():
        figures.compare(f"Coat, {name}", published, computed, 5e-5 if published in (2.6115, 2.2289) else 5e-4)
    for model, published, refused in (("N", 2.602, True), ("S", 2.571, True), ("E1", 2.125, True),
                                      ("E", 2.893, False), ("A", 1.408, True)):
        fit = figures.of("bell_fit", counts=seen, model=model, tilt=0)
        figures.compare(f"Coat, bell model {model}", published, fit.get("mean"), 5e-4)
        figures.suite.check(f"Coat, bell model {model} is {'refused' if refused else 'a scenario'}",
                            fit.get("refuse") is refused, str(fit.get("reasons")))


def main():
    suite = Suite()
    program = estimator_cases(suite, STATS)
    if program:
        figures = Figures(suite, program)
        for part in (election, agreement, vaccines, coats):
            part(figures)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
