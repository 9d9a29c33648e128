#!/usr/bin/env python3
"""tests/simulate/sample_coverage.py [--build DIR] [--seeds N] [--first SEED] - how often each interval
holds the truth of bell-sample.

For each seed: bell-sample with --truth, the table by kind of account and platform, what is said of
it, and the truth beside.  Writes Markdown to standard output; the same seeds give the same bytes.
"""
import argparse
import collections
import concurrent.futures
import csv
import io
import math
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
from bell_test import ROOT, environment, find_build  # noqa: E402

ROWS, POPULATION, PROBE = 20000, 400000, 200
KINDS = ["official", "neighbourhood", "individual", "anonymous", "retired"]
PLATFORMS = ["twitter", "facebook", "reviews"]
REFERENCE = "individual"  # the kind of which a check sample is drawn, on each platform
WORDS = {-1: "negative", 0: "neutral", 1: "positive"}
RATIO = "nobody is more than {} times as ready to answer as anybody else"
BELL = "feedback is bell-shaped in the population"
# Each method: its heading, which of the two runs of bell-estimate says it, and how its assumption
# begins there (ends, if it ends with a full stop: nothing may follow).
METHODS = [
    ("random sample", 0, "if this were a random sample."),
    ("Manski", 0, "none: those who were silent may think anything."),
    ("Gamma 1.5", 0, RATIO.format(1.5) + "."),
    ("Gamma 2", 0, RATIO.format(2) + "."),
    ("Gamma 3", 0, RATIO.format(3) + "."),
    ("Gamma 3 with noise", 0, RATIO.format(3) + "; with sampling noise"),
    ("Gamma 5", 0, RATIO.format(5) + "."),
    ("U-shape 3", 0, RATIO.format(3) + ", and readiness never rises"),
    ("U-shape 5", 1, RATIO.format(5) + ", and readiness never rises"),
    ("bell E", 0, BELL),
    ("bell S", 1, BELL),
    ("calibrated", 0, "who answers in this group is as in the 1 reference group"),
    ("own check sample", 1, "the check sample (probe) was drawn at random from this group"),
]
# Given for groups of few answers only; the others are as without.
NOISE = {"Gamma 3 with noise": "Gamma 3"}
RUNS = [["--yardstick", "3", "--gammas", "1.5,2,5", "--model", "E", "--tilts", "0",
         "--reference-answers", "reference.csv", "--reference-probe", "probe.csv", "--tau", "0"],
        ["--yardstick", "5", "--gammas", "10", "--model", "S", "--tilts", "0",
         "--probe", "probe_of_all.csv"]]

Claim = collections.namedtuple("Claim", "held width")  # held None: refused


def draw_probe(people, size, seed):
    """A random sample without replacement.  Only random() of Python's generator is promised to stay
    the same, so nothing else is used."""
    chance, left, probe = random.Random(seed), list(people), [0] * len(people)
    for _ in range(size):
        at = chance.random() * sum(left)
        band = 0
        while at >= left[band]:
            at -= left[band]
            band += 1
        left[band] -= 1
        probe[band] += 1
    return probe


def is_of(row, begins):
    return row["assumption"] == begins[:-1] if begins.endswith(".") else (
        row["assumption"].startswith(begins))


class Run:
    """One seed, in a scratch folder."""

    def __init__(self, build, seed, folder):
        self.seed, self.folder, self.env = seed, folder, environment(build)

    def call(self, argv):
        done = subprocess.run(argv, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, check=True)
        return list(csv.DictReader(io.StringIO(done.stdout.decode())))

    def write(self, name, rows):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8", newline="") as f:
            writer = csv.DictWriter(f, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def truth(self):
        """{(kind, platform): {score: people}}"""
        self.call(["bell-sample", "--seed", str(self.seed), "--rows", str(ROWS), "--population",
                   str(POPULATION), "--truth", "truth.csv", "-o", "feedback.csv"])
        people = collections.defaultdict(dict)
        with open(os.path.join(self.folder, "truth.csv"), encoding="utf-8") as f:
            for row in csv.DictReader(f):
                people[row["kind"], row["platform"]][int(row["score"])] = int(row["population"])
        return people

    def table(self):
        study = os.path.join(ROOT, "pipelines", "majority.yaml")  # one answer a person
        return self.call(["bell", "pipe", f"ingest -s {study} feedback.csv | normalize -s {study} "
                          f"| classify -s {study} | aggregate --by account_kind,platform "
                          "--people account --bands points"])

    def probe(self, people, table):
        """A check sample of each group, as a table of the same columns."""
        rows = []
        for row in table:
            here = people[row["account_kind"], row["platform"]]
            scores = sorted(here)
            drawn = draw_probe([here[s] for s in scores], PROBE,
                               f"{self.seed} {row['account_kind']} {row['platform']}")
            counts = {f"n_{WORDS[s] if row['platform'] == 'twitter' else s}": n
                      for s, n in zip(scores, drawn)}
            rows.append({name: counts.get(name, "") if name.startswith("n_") else
                         PROBE if name == "scored" else cell for name, cell in row.items()
                         if name.startswith("n_") or name in ("account_kind", "platform", "scale",
                                                              "scored")})
        return rows

    def estimates(self, people, table):
        """What each of the two runs says of the means, {(kind, platform): rows}."""
        self.write("table.csv", table)
        self.write("population.csv", [{"account_kind": k, "platform": p, "population":
                                       sum(here.values())} for (k, p), here in people.items()])
        probe = self.probe(people, table)
        self.write("probe_of_all.csv", probe)
        self.write("probe.csv", [row for row in probe if row["account_kind"] == REFERENCE])
        self.write("reference.csv", [row for row in table if row["account_kind"] == REFERENCE])
        found = []
        for options in RUNS:
            said = collections.defaultdict(list)
            for row in self.call(["bell-estimate", "--bands", "points", "--population",
                                  "population.csv"] + options + ["table.csv"]):
                if row["quantity"] == "mean":
                    said[row["account_kind"], row["platform"]].append(row)
            found.append(said)
        return found

    def claims(self):
        """{(kind, platform): {method: Claim}}; "error": of the plain mean."""
        people = self.truth()
        estimates = self.estimates(people, self.table())
        claims = {}
        for key, here in people.items():
            truth = sum(s * n for s, n in here.items()) / sum(here.values())
            length = max(here) - min(here)
            observed = [row for row in estimates[0][key] if row["kind"] == "observed"]
            claims[key] = {"error": (float(observed[0]["value"]) - truth) / length}
            for method, run, begins in METHODS:
                rows = [row for row in estimates[run][key] if is_of(row, begins)]
                if not rows and method in NOISE:
                    claims[key][method] = claims[key][NOISE[method]]
                    continue
                if len(rows) != 1:
                    sys.exit(f"sample_coverage.py: seed {self.seed}, {key}: {len(rows)} rows for "
                             f"{method}")
                if rows[0]["kind"] == "refused":
                    claims[key][method] = Claim(None, None)
                else:
                    low, high = float(rows[0]["low"]), float(rows[0]["high"])
                    claims[key][method] = Claim(low <= truth <= high, (high - low) / length)
        return claims


def one_seed(build, seed):
    with tempfile.TemporaryDirectory(prefix="bell-sample.") as folder:
        return Run(build, seed, folder).claims()


def percent(part):
    """Whole, but never 0 or 100 for what is not."""
    places = 1 if 0 < part < 0.0095 or 0.9905 < part < 1 else 0
    return f"{100 * part:.{places}f} %"


def cell(claims):
    shown = [c for c in claims if c.held is not None]
    if not shown:
        return "refused"
    held = percent(sum(c.held for c in shown) / len(shown))
    if len(shown) == len(claims):
        return held
    return f"{held}, refused {percent(1 - len(shown) / len(claims))}"


def print_table(runs, heads, rows):
    """heads: of the columns that name a row; rows: [(its names, groups in it)]."""
    names = [method for method, _, _ in METHODS]
    print("| " + " | ".join(heads + ["error of the mean"] + names) + " |")
    print("|" + "---|" * len(heads) + "---:|" * (1 + len(METHODS)))
    for title, keys in rows:
        errors = [run[key]["error"] for run in runs for key in keys]
        error = (f"{sum(errors) / len(errors):+.3f}" if len(keys) == 1
                 else f"{math.sqrt(sum(e * e for e in errors) / len(errors)):.3f}")
        figures = [cell([run[key][method] for run in runs for key in keys]) for method in names]
        print("| " + " | ".join(title + [error] + figures) + " |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    options = parser.parse_args()
    build = find_build(options.build)
    seeds = range(options.first, options.first + options.seeds)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = list(pool.map(lambda seed: one_seed(build, seed), seeds))
    print(f"Seeds {seeds[0]} to {seeds[-1]} of bell-sample, {ROWS} records of {POPULATION} people "
          f"each; check samples of {PROBE}.\n")
    print_table(runs, ["kind of account"], [([kind], [(kind, p) for p in PLATFORMS])
                                            for kind in KINDS])
    print()
    print_table(runs, ["kind of account", "platform"], [([kind, p], [(kind, p)]) for kind in KINDS
                                                        for p in PLATFORMS])


if __name__ == "__main__":
    main()
