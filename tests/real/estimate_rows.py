#!/usr/bin/env python3
"""Rows of bell-estimate against the prototype of the estimators, and on data whose truth is known.

The prototype needs numpy and scipy.  Of the real data only tables of counts are read: coats that
290 people rated, of their own choice and at random; the election of 2016 by state.
"""
import csv
import importlib.util
import json
import math
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import STATISTICS, Suite, says, table  # noqa: E402

GROUPS = int(os.environ.get("BELL_GROUPS", "25"))
SEED = int(os.environ.get("BELL_SEED", "1"))
TILTS = [-1.0, 0.0, 0.5]


def prototype():
    path = os.path.join(STATISTICS, "prototype.py")
    if not os.path.exists(path):
        return None, "no prototype here"
    spec = importlib.util.spec_from_file_location("prototype", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except ImportError as missing:
        return None, str(missing)
    return module, ""


def write_table(suite, name, groups, people=None):
    bands = len(groups[0])
    lines = ["g,scored," + ",".join(f"n_{k + 1}" for k in range(bands)) + ",population"]
    for i, counts in enumerate(groups):
        n = sum(counts)
        lines.append(f"g{i:03},{n:.0f}," + ",".join(f"{c:.0f}" for c in counts)
                     + f",{people[i] if people else ''}")
    return suite.write(name, "\n".join(lines) + "\n")


def estimate(suite, *argv):
    result = suite.run(["bell-estimate", *argv], limit=600)
    suite.check("runs: " + " ".join(argv), result.returncode == 0, says(result))
    return table(result.stdout)


def pick(rows, g, **want):
    return [r for r in rows if r["g"] == g and all(v in r[k] if k == "assumption" else v == r[k]
                                                   for k, v in want.items())]


def near(text, value, slack=1e-9):
    return text != "" and abs(float(text) - float(value)) <= slack * (1 + abs(float(value)))


def drawn(rng, bands, model):
    """Answers of a bell of which one part in three is drawn by another rule."""
    mu, sigma = rng.uniform(0.35, 0.65) * (bands + 1), rng.uniform(0.18, 0.3) * bands
    slope, ends = rng.uniform(0.3, 1.5), [rng.uniform(0, 1.5), rng.uniform(0, 1.5)]
    if rng.random() < 1 / 3:
        model = rng.choice(["E", "S", "N", "flat"])
    weights = []
    for k in range(1, bands + 1):
        cut = [-math.inf if k == 1 else k - 0.5, math.inf if k == bands else k + 0.5]
        share = (math.erf((cut[1] - mu) / sigma / 2 ** 0.5)
                 - math.erf((cut[0] - mu) / sigma / 2 ** 0.5)) / 2
        u = (k - (bands + 1) / 2) / ((bands - 1) / 2)
        eta = {"E": ends[0] * (k == 1) + ends[1] * (k == bands), "E1": ends[0] * (abs(u) == 1),
               "S": slope * abs(u), "N": 0, "flat": -math.log(share + 1e-12)}[model]
        weights.append(share * math.exp(eta))
    answers = rng.choices(range(bands), weights, k=rng.choice([300, 2500]))
    return [answers.count(k) for k in range(bands)]


def scenarios(suite, proto, rng):
    for bands, model in ((5, "E"), (7, "E"), (7, "S"), (7, "E1"), (11, "E"), (5, "N")):
        groups = [drawn(rng, bands, model) for _ in range(GROUPS)]
        write_table(suite, "t.csv", groups)
        rows = estimate(suite, "--model", model, "--tilts=" + ",".join(map(str, TILTS)), "t.csv")
        faults, fitted = [], 0
        for i, counts in enumerate(groups):
            for tilt in TILTS:
                want = proto.bell_fit(counts, model, tilt=tilt)
                name = f"(tilt {tilt:g})"
                seen = pick(rows, f"g{i:03}", quantity="mean", assumption=name)
                if len(seen) != 1:
                    faults.append((counts, tilt, "rows", len(seen)))
                elif want["refuse"]:
                    codes = seen[0]["note"].partition(":")[0].split()
                    known = [r for r in want["reasons"] if r != "DF0"]
                    # SPARSE is known without a fit, and then nothing else is looked for.
                    if seen[0]["kind"] != "refused" or not (
                            codes == ["SPARSE"] and "SPARSE" in known or set(codes) == set(known)):
                        faults.append((counts, tilt, codes, want["reasons"]))
                else:
                    fitted += 1
                    low, high = want["ci_mean"]
                    ok = (seen[0]["kind"] == "scenario" and near(seen[0]["value"], want["mean"], 1e-6)
                          and near(seen[0]["low"], max(low, 1), 1e-5)
                          and near(seen[0]["high"], min(high, bands), 1e-5))
                    shares = pick(rows, f"g{i:03}", quantity="share", assumption=name)
                    ok = ok and all(near(r["value"], p, 1e-6) for r, p in zip(shares, want["P"]))
                    if not ok:
                        faults.append((counts, tilt, seen[0], want["mean"], want["ci_mean"]))
        suite.check(f"scenario {model}, {bands} bands: {fitted} fits agree with the prototype, the "
                    "rest is refused for the same reasons", not faults and fitted,
                    "\n".join(map(str, faults[:3])))


def calibration(suite, proto, rng):
    for bands, form, groups in ((5, "saturated", 6), (5, "tilt", 6), (7, "tilt+ushape", 8),
                                (3, "ushape", 5), (2, "saturated", 7)):
        answers = [[rng.randint(20, 300) for _ in range(bands)] for _ in range(groups)]
        probe = [[rng.randint(5, 60) for _ in range(bands)] for _ in range(groups)]
        targets = [[rng.randint(5, 300) for _ in range(bands)] for _ in range(GROUPS)]
        for name, counts in (("a.csv", answers), ("p.csv", probe), ("t.csv", targets)):
            write_table(suite, name, counts)
        rows = estimate(suite, "--reference-answers", "a.csv", "--reference-probe", "p.csv",
                        "--form", form, "t.csv")
        faults = []
        for i, counts in enumerate(targets):
            want = proto.calibrate_cv(answers, probe, counts,
                                      form={"tilt+ushape": "tilt+u"}.get(form, form))
            seen = pick(rows, f"g{i:03}", quantity="mean", assumption="who answers in this group")
            low, high = want["ci"]
            if len(seen) != 1 or seen[0]["kind"] == "refused" or not (
                    near(seen[0]["value"], want["mean"], 1e-8)
                    and near(seen[0]["low"], max(low, 1), 1e-7)
                    and near(seen[0]["high"], min(high, bands), 1e-7)):
                faults.append((counts, seen, want["mean"], want["ci"]))
        suite.check(f"calibrated, {form}, {bands} bands: as the prototype", not faults,
                    "\n".join(map(str, faults[:3])))


def the_rest(suite, proto, rng):
    """What is a formula: margins, bounds, correlations, tipping ratios."""
    for bands in (2, 3, 5, 7, 11):
        groups = [[rng.randint(0, 500) for _ in range(bands)] for _ in range(GROUPS)]
        groups = [g if sum(g) > 1 else [5] * bands for g in groups]
        people = [sum(g) * rng.choice([2, 30, 4000]) for g in groups]
        write_table(suite, "t.csv", groups, people)
        rows = estimate(suite, "--rhos", "0.01", "--gammas", "2", "t.csv")
        faults = []
        for i, (counts, total) in enumerate(zip(groups, people)):
            g = f"g{i:03}"
            cover, off = proto.coverage(counts, total), proto.meng(counts, total, 0.01)
            tip = proto.tipping(counts, (1 + bands) / 2)
            margin = pick(rows, g, kind="noise limit", quantity="mean")
            free = pick(rows, g, assumption="those who were silent may", quantity="mean")[0]
            worth = pick(rows, g, assumption="correlate", quantity="n_eff")[0]
            implied = pick(rows, g, assumption="correlate", quantity="mean")[0]
            any_part = pick(rows, g, assumption="any part", quantity="tipping_ratio")[0]
            ends = pick(rows, g, assumption="both ends", quantity="tipping_ratio")
            gamma = tip["gamma_extremes"]
            good = [
                # Of answers that are all alike the formula says 0, and no row is shown.
                near(margin[0]["high"], min(bands, cover["mean"] + cover["moe_mean"])) if margin
                else cover["moe_mean"] == 0,
                near(free["low"], cover["manski_mean_lo"]),
                near(free["high"], cover["manski_mean_hi"]),
                near(worth["value"], off["n_eff"]),
                near(implied["low"], max(off["implied_mean"], cover["manski_mean_lo"])),
                any_part["value"] == "none" if math.isinf(tip["Gamma_any"])
                else any_part["value"] == "" or near(any_part["value"], tip["Gamma_any"]),
                not ends or (ends[0]["value"] == "none" if gamma is None or math.isinf(gamma)
                             else near(ends[0]["value"], gamma)),
            ]
            for gap in (2, 3):
                low, high = proto.gamma_bounds(counts, gap)
                seen = pick(rows, g, assumption=f"more than {gap} times", quantity="mean")[0]
                good += [near(seen["low"], max(low, cover["manski_mean_lo"])),
                         near(seen["high"], min(high, cover["manski_mean_hi"]))]
            if not all(good):
                faults.append((counts, total, good))
        suite.check(f"bounds and margins, {bands} bands: as the prototype", not faults,
                    "\n".join(map(str, faults[:3])))


def coats(suite):
    """Figures that were published of these data, and how often the truth of a group is held."""
    path = os.path.join(STATISTICS, "data", "coat_marginals.json")
    if not os.path.exists(path):
        suite.skip("coats", "no data here")
        return
    with open(path, encoding="utf-8") as f:
        data = json.load(f)
    write_table(suite, "t.csv", [data["coat_obs"]], [int(data["N_pairs"])])
    rows = estimate(suite, "--gammas", "5", "t.csv")
    for text, low, high in (("silent may think", 1.129, 4.809), ("more than 3 times", 2.033, 3.220)):
        seen = pick(rows, "g000", assumption=text, quantity="mean")[0]
        suite.check(f"coats: {text}", near(seen["low"], low, 2e-4) and near(seen["high"], high, 2e-4),
                    seen)
    rows = estimate(suite, "--yardstick", "5", "t.csv")
    seen = pick(rows, "g000", assumption="towards the middle", quantity="mean")[0]
    suite.check("coats: U of 5", near(seen["low"], 2.130, 2e-4) and near(seen["high"], 3.347, 2e-4),
                seen)
    groups = list(data["groups"].values())
    write_table(suite, "t.csv", [g["obs"] for g in groups] if isinstance(groups[0], dict)
                else [g[0] for g in groups])
    rows = estimate(suite, "t.csv")
    held = 0
    for i, g in enumerate(groups):
        truth = g["true"] if isinstance(g, dict) else g[1]
        n = sum(truth)
        mean = sum((k + 1) * c for k, c in enumerate(truth)) / n
        sd = math.sqrt(sum((k + 1 - mean) ** 2 * c for k, c in enumerate(truth)) / n)
        seen = pick(rows, f"g{i:03}", assumption="more than 3 times", quantity="mean")[0]
        slack = 1.96 * sd / math.sqrt(n)  # the truth is itself a sample
        held += float(seen["low"]) - slack <= mean <= float(seen["high"]) + slack
    suite.equal("coats: groups whose truth lies within a ratio of 3", len(groups), held)


def election(suite):
    path = os.path.join(STATISTICS, "data", "ddi_g2016.csv")
    if not os.path.exists(path):
        suite.skip("election", "no data here")
        return
    with open(path, newline="", encoding="utf-8") as f:
        states = [r for r in csv.DictReader(f) if float(r["cces_n_vv"]) > 0]
    lines = ["g,n_0,n_1,population"]
    for r in states:
        yes, n = float(r["cces_totdjt_vv"]), float(r["cces_n_vv"])
        lines.append(f"{r['st']},{n - yes:.0f},{yes:.0f},{float(r['tot_votes']):.0f}")
    suite.write("t.csv", "\n".join(lines) + "\n")
    rows = estimate(suite, "t.csv")
    held = {"plain": 0, "noise": 0}
    for r in states:
        truth = float(r["votes_djt"]) / float(r["tot_votes"])
        for row in pick(rows, r["st"], assumption="more than 3 times", quantity="mean"):
            kind = "noise" if "noise" in row["assumption"] else "plain"
            if float(row["low"]) <= truth <= float(row["high"]):
                held[kind] += 1
    few = sum(float(r["cces_n_vv"]) < 1000 for r in states)
    suite.equal("election: states whose share lies within a ratio of 3", 50, held["plain"])
    suite.equal("election: of those with few answers, with sampling noise", few, held["noise"])


def main():
    suite = Suite()
    rng = random.Random(SEED)
    proto, why = prototype()
    if proto is None:
        suite.skip("prototype of the estimators", why)
    else:
        the_rest(suite, proto, rng)
        calibration(suite, proto, rng)
        scenarios(suite, proto, rng)
    coats(suite)
    election(suite)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
