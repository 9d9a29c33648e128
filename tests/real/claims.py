#!/usr/bin/env python3
"""Claims judged by self-selected answers, beside what is known of everyone.

Coat: ratings of coats that people chose to rate, beside those of coats drawn by lot, in groups.
Vaccine surveys: who answered, beside the count of those vaccinated (CDC); 39 waves.
Airline tweets: nothing is known of everyone, so that only the wording of doubt can be right.

Each claim comes out right (it is called supported or certain, and is true of everyone), undecided, or
wrong.  The judgement takes a yardstick on trust, so a wrong one is possible; how many there are is
what these figures show.
"""
import csv
import json
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import REAL_DATA, ROOT, STATISTICS, Suite, says  # noqa: E402

DATA = os.path.join(STATISTICS, "data")
Z = 1.959963984540054


def judge(suite, table, claim, *options):
    """Per group, in the order of the table: does it hold?"""
    run = suite.run(["bell-claim", table, claim, "--each", *options])
    lines = run.stdout.decode().splitlines()
    if run.returncode not in (0, 1) or run.stderr:
        suite.check(f"{claim} is judged", False, says(run))
        return []
    return [line.split(":")[0].split(" by ")[0] for line in lines]


class Score:
    def __init__(self):
        self.right = self.undecided = self.wrong = self.within = 0
        self.wrong_ones = []

    def add(self, verdict, true, unsure, name):
        """true: of everyone; unsure: everyone's figure is itself known only so well."""
        if verdict not in ("Holds", "Supported"):
            self.undecided += 1
        elif true:
            self.right += 1
        elif unsure:
            self.within += 1
        else:
            self.wrong += 1
            self.wrong_ones.append(name)

    def __str__(self):
        within = f", {self.within} within the error of the truth" if self.within else ""
        return f"{self.right} right, {self.undecided} undecided, {self.wrong} wrong{within}"


def coats(suite):
    with open(os.path.join(DATA, "coat_marginals.json"), encoding="utf-8") as f:
        coat = json.load(f)
    groups = {"all": (coat["coat_obs"], coat["coat_true"])}
    groups.update((name, tuple(pair)) for name, pair in sorted(coat["groups"].items()))
    rows, truth = [], {}
    for name, (chosen, drawn) in groups.items():
        rows.append(",".join([name] + [str(int(c)) for c in chosen]))
        n = sum(drawn)
        mean = sum((k + 1) * c for k, c in enumerate(drawn)) / n
        spread = sum((k + 1 - mean) ** 2 * c for k, c in enumerate(drawn)) / n
        truth[name] = (mean, Z * math.sqrt(spread / n))
    table = suite.write("coat.csv", "group,n_1,n_2,n_3,n_4,n_5\n" + "\n".join(rows) + "\n")
    names = [row.split(",")[0] for row in rows]
    all_of_it = Score()
    for sign in "<>":
        for t in (2, 2.25, 2.5, 2.75, 3, 3.25, 3.5):
            score = Score()
            for name, verdict in zip(names, judge(suite, table, f"mean(score) {sign} {t}")):
                mean, margin = truth[name]
                true = mean < t if sign == "<" else mean > t
                for one in (score, all_of_it):
                    one.add(verdict, true, abs(mean - t) <= margin, f"{name} {sign} {t}")
            suite.check(f"coats, {len(names)} groups, mean(score) {sign} {t}: {score}",
                        score.right + score.undecided + score.wrong + score.within == len(names))
    suite.check(f"coats in all: {all_of_it}", all_of_it.wrong == 0 and all_of_it.right > 30,
                ", ".join(all_of_it.wrong_ones))
    # The whole of it, whose truth is 2.23: what a hasty reader would say of 2.61.
    run = suite.run(["bell-claim", table, "mean(score)[group=all] > 2.5"])
    suite.check("coats: above 2.5 is true of the answers, false of everyone, and not supported",
                run.returncode == 1 and run.stdout.startswith(b"Not supported by self-selected"),
                says(run))


def vaccines(suite):
    with open(os.path.join(DATA, "bradley", "bradley_reference_table.csv"), newline="",
              encoding="utf-8") as f:
        waves = [row for row in csv.DictReader(f) if row["truth"] and row["n"]]
    rows, truth = [], []
    for row in waves:
        n, share = int(float(row["n"])), float(row["posrate"])
        yes = round(n * share)
        rows.append(f"{row['mode']},{row['end_date']},{n - yes},{yes}")
        truth.append(float(row["truth"]))
    study = suite.write("thumbs.yaml", "normalize: {score: {from: a, scale: thumbs}}\n")
    table = suite.write("vaccines.csv", "survey,day,n_down,n_up\n" + "\n".join(rows) + "\n")
    totals = {}
    for yardstick in ("1", "2.5", "3"):
        all_of_it = totals[yardstick] = Score()
        for sign in "<>":
            for percent in range(10, 91, 10):
                verdicts = judge(suite, table, f"share(up) {sign} {percent}%", "-s", study,
                                 "--yardstick", yardstick)
                for row, share, verdict in zip(waves, truth, verdicts):
                    true = share < percent / 100 if sign == "<" else share > percent / 100
                    all_of_it.add(verdict, true, False,
                                  f"{row['mode']} {row['end_date']} {sign} {percent}%")
        suite.check(f"vaccine surveys, {len(waves)} waves, share(up) below and above 10 to 90 %, "
                    f"yardstick {yardstick}: {all_of_it}",
                    yardstick == "1" or all_of_it.wrong == 0, ", ".join(all_of_it.wrong_ones))
    suite.check("vaccine surveys: without a yardstick claims would be wrong, with it many are right",
                totals["1"].wrong > 10 and totals["3"].right > 100)


def airlines(suite):
    tweets = os.path.join(REAL_DATA, "airline_6col_us_dates.csv")
    if not os.path.exists(tweets):
        suite.skip("airline tweets", "no data here")
        return
    study = os.path.join(ROOT, "pipelines", "airline.yaml")
    for claim, status, says_first in (
            ("mean(score)[airline=United] < 0", 0, b"Supported: "),
            ("share(negative)[airline=United] > 50%", 1, b"Not supported by self-selected"),
            ("mean(score)[airline=United] < mean(score)[airline=Delta]", 1,
             b"Not supported by self-selected"),
            ("mean(score)[airline=Virgin America] < 0", 1, b"Not supported by self-selected")):
        run = suite.run(["bell", "claim", study, claim, tweets])
        suite.check(f"airlines, {claim}: {run.stdout.decode().split(':')[0]}",
                    run.returncode == status and run.stdout.startswith(says_first)
                    and run.stdout.count(b"\n") == 1 and not run.stderr, says(run))


def main():
    suite = Suite()
    if os.path.exists(DATA):
        coats(suite)
        vaccines(suite)
    else:
        suite.skip("coats and vaccine surveys", "no data here")
    airlines(suite)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
