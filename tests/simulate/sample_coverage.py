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
import json
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
GAMMAS, USHAPES = [1.5, 2, 3, 5], [3, 5]
# Each method: how it is named in a heading, and whether it may refuse.
METHODS = ([("random", "random sample"), ("manski", "Manski")]
           + [(f"gamma {g}", f"Gamma {g:g}") for g in GAMMAS]
           + [(f"ushape {g}", f"U-shape {g:g}") for g in USHAPES]
           + [("bell E", "bell E"), ("bell S", "bell S"), ("calibrated", "calibrated")])

Group = collections.namedtuple("Group", "scores people answers truth")
Claim = collections.namedtuple("Claim", "held width why")  # held None: refused, and why


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


class Run:
    """One seed, in a scratch folder."""

    def __init__(self, build, seed, folder):
        self.build, self.seed, self.folder = build, seed, folder
        self.env = environment(build)

    def call(self, argv):
        done = subprocess.run(argv, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()

    def truth(self):
        """{(kind, platform): {score: people}}, and who of them wrote."""
        self.call(["bell-sample", "--seed", str(self.seed), "--rows", str(ROWS), "--population",
                   str(POPULATION), "--truth", "truth.csv", "-o", "feedback.csv"])
        people, wrote = collections.defaultdict(dict), collections.defaultdict(dict)
        with open(os.path.join(self.folder, "truth.csv"), encoding="utf-8") as f:
            for row in csv.DictReader(f):
                key = row["kind"], row["platform"]
                people[key][int(row["score"])] = int(row["population"])
                wrote[key][int(row["score"])] = int(row["respondents"])
        return people, wrote

    def table(self):
        study = os.path.join(ROOT, "pipelines", "sample.yaml")
        return list(csv.DictReader(io.StringIO(self.call(
            ["bell", "pipe", f"ingest -s {study} feedback.csv | normalize -s {study} "
             f"| classify -s {study} | aggregate --by account_kind,platform --people account "
             "--bands points"]))))

    def groups(self):
        people, _ = self.truth()
        groups = {}
        for row in self.table():
            key = row["account_kind"], row["platform"]
            scores = sorted(people[key])
            names = [WORDS[s] if key[1] == "twitter" else str(s) for s in scores]
            here = [people[key][s] for s in scores]
            groups[key] = Group(scores, here, [int(row["n_" + name]) for name in names],
                                sum(s * n for s, n in zip(scores, here)) / sum(here))
        return groups

    def figures(self, groups):
        """{(kind, platform): {method: (low, high) or a reason}}"""
        cases = []
        for key, group in groups.items():
            reference = groups[REFERENCE, key[1]]
            probe = draw_probe(reference.people, PROBE, f"{self.seed} {key[1]}")
            about = {"counts": group.answers, "scores": group.scores}

            def ask(method, op, extra, key=key):
                cases.append({"id": json.dumps([key, method]), "op": op, "input": extra,
                              "expected": {}})
            ask("coverage", "coverage", dict(about, N=sum(group.people)))
            for gamma in sorted(set(GAMMAS + USHAPES)):
                ask(f"bounds {gamma}", "bounds", dict(about, Gamma=gamma))
            for model in "ES":
                ask(f"bell {model}", "bell_fit", dict(about, model=model, tilt=0))
            ask("calibrated", "calibrate", {"ref_selfselected": reference.answers,
                                            "ref_probe": probe, "target": group.answers})
        with open(os.path.join(self.folder, "cases.json"), "w", encoding="utf-8") as f:
            json.dump({"cases": cases}, f)
        said = subprocess.run([os.path.join(self.build, "tests", "unit", "estimator-cases"),
                               "--show", "cases.json"], cwd=self.folder, env=self.env,
                              stdout=subprocess.PIPE, check=False).stdout.decode()
        got = {}
        for line in said.splitlines():
            if line.startswith("{"):
                one = json.loads(line)
                key, method = json.loads(one["id"])
                got.setdefault(tuple(key), {})[method] = one["got"]
        return {key: intervals(got[key], groups[key]) for key in groups}

    def claims(self):
        groups = self.groups()
        figures = self.figures(groups)
        claims = {}
        for key, group in groups.items():
            length = group.scores[-1] - group.scores[0]
            mean = sum(s * n for s, n in zip(group.scores, group.answers)) / sum(group.answers)
            claims[key] = {"naive": (mean - group.truth) / length}
            for method, _ in METHODS:
                one = figures[key][method]
                if isinstance(one, str):
                    claims[key][method] = Claim(None, None, one)
                else:
                    low, high = one
                    claims[key][method] = Claim(low <= group.truth <= high, (high - low) / length, "")
        return claims


def intervals(got, group):
    coverage = got["coverage"]
    out = {"random": (coverage["mean"] - coverage["moe_mean"], coverage["mean"] + coverage["moe_mean"]),
           "manski": (coverage["manski_mean_lo"], coverage["manski_mean_hi"])}
    for gamma in GAMMAS:
        out[f"gamma {gamma}"] = got[f"bounds {gamma}"]["aronow_lee"]
    for gamma in USHAPES:
        out[f"ushape {gamma}"] = got[f"bounds {gamma}"]["ushape"]
    for model in "ES":
        fit = got[f"bell {model}"]
        shift = group.scores[0] - 1
        out[f"bell {model}"] = (" ".join(fit["reasons"]) if fit["refuse"]
                                else [end + shift for end in fit["ci_mean"]])
    out["calibrated"] = [end + group.scores[0] - 1 for end in got["calibrated"]["ci"]]
    return out


def one_seed(build, seed):
    with tempfile.TemporaryDirectory(prefix="bell-sample.") as folder:
        return Run(build, seed, folder).claims()


def percent(part):
    """Whole, but never 0 or 100 for what is not."""
    places = 1 if 0 < part < 0.005 or 0.995 < part < 1 else 0
    return f"{100 * part:.{places}f} %"


def cell(claims):
    shown = [c for c in claims if c.held is not None]
    if not shown:
        return "refused"
    held = percent(sum(c.held for c in shown) / len(shown))
    if len(shown) == len(claims):
        return held
    return f"{held}, refused {percent(1 - len(shown) / len(claims))}"


def print_table(runs, heads, keys_of_row):
    """heads: of the columns that name a row; keys_of_row: [(its names, groups in it)]."""
    print("| " + " | ".join(heads + ["error of the mean"] + [title for _, title in METHODS]) + " |")
    print("|" + "---|" * len(heads) + "---:|" * (1 + len(METHODS)))
    for names, keys in keys_of_row:
        errors = [run[key]["naive"] for run in runs for key in keys]
        error = math.sqrt(sum(e * e for e in errors) / len(errors)) if len(keys) > 1 else (
            sum(errors) / len(errors))
        figures = [cell([run[key][method] for run in runs for key in keys]) for method, _ in METHODS]
        print("| " + " | ".join(names + [f"{error:.3f}" if len(keys) > 1 else f"{error:+.3f}"]
                                + figures) + " |")


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
