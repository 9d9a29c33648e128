#!/usr/bin/env python3
"""Compares bellpipe, number by number, with tables made by an independent reader.

The tables stand in $BELL_REAL_DATA/truth (default ../shared/data beside the checkout), listed
in truth/INDEX.csv.  Counts must be equal; other figures to a relative 1e-9 (absolute below 1).
Every table of the index is either compared here or named in NOT_HERE with the reason.
"""
import csv
import datetime
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import REAL_DATA, ROOT, Stream, Suite, says  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))

# table of the index, study file, table of the study (summary, levels), its group columns, the
# class of each band from the lowest up (- negative, 0 neutral, + positive), options.
DISTRIBUTIONS = [
    dict(truth="airline_6col", study="airline_6col", groups=["airline"], classes="-0+",
         points=[-1, 0, 1], level="opinion", dedups=["none", "exact", "id"]),
    dict(truth="alexa", study="alexa", groups=["variation"], classes="--0++",
         points=[1, 2, 3, 4, 5], level="rating", dedups=["none", "exact"]),
    dict(truth="alexa_feedback", study="alexa_feedback", groups=["variation"], classes="-+",
         points=[0, 1], level="feedback"),
    dict(truth="ramen_style", study="ramen", summary="style", levels="style_levels",
         groups=["style"], classes="-0+", level="stars"),
    dict(truth="ramen_country", study="ramen", summary="country", levels="country_levels",
         groups=["country"], classes="-0+", level="stars"),
    dict(truth="movielens_user", study="movielens", groups=["user"], classes="----000+++",
         points=[i / 2 for i in range(1, 11)], level="rating"),
    dict(truth="nps_role", study="nps", groups=["admin"], classes="-0+", level="answer"),
    dict(truth="nhs_small", study="nhs_small", groups=[], classes="--0++", mirror=6,
         points=[1, 2, 3, 4, 5], level="answer"),
    dict(truth="nhs_small_sentiment", study="nhs_small_sentiment", groups=[], classes="--0++",
         mirror=6, points=[1, 2, 3, 4, 5], level="sentiment"),
    dict(truth="tweet_sentiment_27k", study="tweet_sentiment", groups=[], classes="-0+",
         points=[-1, 0, 1], level="opinion"),
    dict(truth="finphrase", study="finphrase", groups=[], classes="-0+", points=[-1, 0, 1],
         level="opinion"),
    dict(truth="facebook_rating", study="facebook", groups=["page"], classes="-0+",
         points=[-1, 0, 1], level="rating"),
    dict(truth="cfpb_disputed", study="cfpb", groups=["Product"], classes="-+", points=[-1, 1],
         level="Consumer disputed?", dedups=["none", "exact"]),
    dict(truth="cfpb_timely", study="cfpb_timely", groups=["response"], classes="-+",
         points=[-1, 1], level="timely"),
    dict(truth="ukpolice_labeled", study="ukpolice", groups=[], classes=None, level="class"),
]
LIKES = "Please rate how much you like the traditional cuisine of "
ITEMS = [dict(truth=f"turkiye_{item.replace(' ', '_')}", study="turkiye", item=item,
              groups=["instructor", "course"], classes="--0++", points=[1, 2, 3, 4, 5],
              level="answer")
         for item in ("Instructor knowledge", "isntructor treatment", "difficulty")]
ITEMS += [dict(truth=f"flying_q{n:02}", study="flying", item=n, groups=["age"], classes="+0-",
               points=[1, 2, 3], level="answer") for n in (8, 9, 12, 14, 15, 16, 17, 18, 19)]
ITEMS += [dict(truth=f"food_q{n}", study="food", item=f"{LIKES}{country}.", groups=["gender"],
               classes="--0++", points=[1, 2, 3, 4, 5], level="answer")
          for n, country in ((22, "Italy"), (25, "Mexico"), (33, "United States"))]
MEASURES = [dict(truth=f"facebook_{m}_count", study="facebook", groups=["page"],
                 measure=f"{m}_count", levels=f"{m}s", level=f"{m}_count")
            for m in ("share", "reaction", "comment")]
MEASURES += [dict(truth="iopc_funnel", study="iopc_funnel", groups=[], measure="indicator",
                  levels="levels", level="indicator")]
MONTHS = {"airline_6col.months": "airline_6col", "alexa.months": "alexa", "nps.months": "nps",
          "movielens.months": "movielens", "cfpb.months": "cfpb_timely", "emoji.months": "emoji"}
NOT_HERE = {"twcs_response": "needs bell-respond"}


def near(want, got):
    return math.isfinite(got) and abs(want - got) <= 1e-9 * max(1.0, abs(want))


class Comparison:
    """The cells of one truth table against ours; every cell is counted, differences are kept."""

    def __init__(self):
        self.cells = 0
        self.wrong = []

    def count(self, where, what, want, got):
        self.cells += 1
        want, got = want or "0", "0" if got is None or got == "" else got
        if not (want.isdigit() and str(got).isdigit() and int(want) == int(got)):
            self.wrong.append(f"{where}: {what}: expected {want}, seen {got}")

    def figure(self, where, what, want, got):
        """want is a float or None (then ours must be blank)."""
        self.cells += 1
        if want is None:
            good = got == ""
        else:
            try:
                good = near(want, float(got))
            except (TypeError, ValueError):
                good = False
        if not good:
            self.wrong.append(f"{where}: {what}: expected {want!r}, seen {got!r}")

    def same(self, where, want, got):
        self.cells += 1
        if want != got:
            self.wrong.append(f"{where}: expected {want!r}, seen {got!r}")

    def report(self, suite, name):
        good = suite.check(f"{name} ({self.cells} cells)", self.cells > 0 and not self.wrong,
                           "\n".join([f"{len(self.wrong)} of {self.cells} differ"]
                                     + self.wrong[:15]))
        return good


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


class Bench:
    """Runs studies over the real files, each study and kind of deduplication once."""

    def __init__(self, suite):
        self.suite = suite
        self.files = {}
        for row in read_csv(os.path.join(REAL_DATA, "truth", "INDEX.csv")):
            self.files[row["table"]] = os.path.join(REAL_DATA, row["file"])
        self.done = {}
        self.header_names = {}

    def tables(self, study, source, dedup):
        """A folder with the study's tables; None if a run failed (already reported)."""
        key = (study, dedup)
        if key in self.done:
            return self.done[key]
        out = self.suite.path(f"{study}.{dedup}")
        os.makedirs(out)
        yaml = os.path.join(HERE, "studies", f"{study}.yaml")
        if dedup == "none":
            runs = [["bell", "run", yaml, source, "-O", out]]
            result = self.suite.run(runs[0], limit=300)
        else:
            unique = {"exact": "all", "id": "id"}[dedup]
            result = self.suite.shell(
                f"set -o pipefail; bell-ingest -s '{yaml}' '{source}'"
                f" | bell-normalize -s '{yaml}' --unique {unique}"
                f" | bell-aggregate -s '{yaml}' -O '{out}'", limit=300)
        good = self.suite.check(f"{study}, dedup {dedup}: runs in silence",
                                result.returncode == 0 and not result.stderr and not result.stdout,
                                says(result))
        self.done[key] = out if good else None
        return self.done[key]


def group_key(row, columns):
    return tuple(row[c] for c in columns)


def figures(row, mirror):
    """What truth says of one row, in bellpipe's terms."""
    n = int(row["valid"])
    number = {k: float(row[k]) if row[k] != "" else None
              for k in ("sum", "mean", "sd_sample", "sd_pop", "median", "min", "max", "skew_pop",
                        "exkurt_pop")}
    mean, median, skew = number["mean"], number["median"], number["skew_pop"]
    if mirror is not None:
        mean = None if mean is None else mirror - mean
        median = None if median is None else mirror - median
        skew = None if skew is None else -skew
    g1 = g2 = None
    if skew is not None and n >= 4 and number["sd_pop"]:
        g1 = skew * math.sqrt(n * (n - 1)) / (n - 2)
    if number["exkurt_pop"] is not None and n >= 4 and number["sd_pop"]:
        g2 = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * number["exkurt_pop"] + 6)
    return n, mean, number["sd_sample"], median, g1, g2, number


def compare_distribution(comparison, case, truth, ours):
    """truth, ours: {group: row}"""
    comparison.same("groups", sorted(truth), sorted(ours))
    mirror = case.get("mirror")
    for group, want in truth.items():
        got = ours.get(group)
        if got is None:
            continue
        where = "/".join(group) or "all"
        comparison.count(where, "records", want["rows"], got["records"])
        comparison.count(where, "scored", want["valid"], got["scored"])
        comparison.count(where, "missing", want["missing"], got["missing"])
        comparison.count(where, "off_scale", want["invalid"], got["off_scale"])
        bands = [k for k in got if k.startswith("n_")]
        shares = [k for k in got if k.startswith("share_")]
        counts = [int(got[b] or 0) for b in bands]
        n, mean, sd, median, g1, g2, number = figures(want, mirror)
        comparison.same(f"{where}: number of bands", len(case["classes"]), len(bands))
        for letter, name in (("-", "neg"), ("0", "neu"), ("+", "pos")):
            total = sum(c for c, k in zip(counts, case["classes"]) if k == letter)
            comparison.count(where, name, want[name], str(total))
        for band, share, count in zip(bands, shares, counts):
            comparison.figure(where, share, count / n if n else None, got[share])
        comparison.figure(where, "mean", mean, got["mean"])
        comparison.figure(where, "sd", sd, got["sd"])
        comparison.figure(where, "median", median, got["median"])
        comparison.figure(where, "skewness", g1, got["skewness"])
        comparison.figure(where, "kurtosis", g2, got["kurtosis"])
        if "points" in case and n:
            used = [p for p, c in zip(case["points"], counts) if c]
            low, high = min(used), max(used)
            if mirror is not None:
                low, high = mirror - high, mirror - low
            comparison.figure(where, "min", number["min"], str(low))
            comparison.figure(where, "max", number["max"], str(high))
            total = sum(p * c for p, c in zip(case["points"], counts))
            comparison.figure(where, "sum", number["sum"],
                              str(mirror * n - total if mirror is not None else total))


def compare_levels(comparison, case, truth, ours):
    """{(group..., level): count} on both sides; rows for all groups are sums of ours."""
    width = len(case["groups"])
    everyone = {}
    for key, count in ours.items():
        everyone[key[-1]] = everyone.get(key[-1], 0) + count
    full = dict(ours)
    if width:
        for level, count in everyone.items():
            full[("(ALL)",) * width + (level,)] = count
    comparison.same("levels", sorted(truth), sorted(full))
    for key, count in truth.items():
        comparison.count("/".join(key), "records", str(count), str(full.get(key, 0)))


def truth_rows(name, kind, dedup, width):
    rows = [r for r in read_csv(os.path.join(REAL_DATA, "truth", f"{name}.{kind}.csv"))
            if r["dedup"] == dedup]
    columns = list(rows[0])[1:1 + width]
    return rows, columns


def check_levels(bench, case, folder, dedup):
    name = case["truth"]
    rows, columns = truth_rows(name, "levels", dedup, len(case["groups"]))
    truth = {group_key(r, columns) + (r["level"],): int(r["count"]) for r in rows}
    ours = {}
    for r in read_csv(os.path.join(folder, case.get("levels", "levels") + ".csv")):
        if "item" in case and r["item"] != case["item"]:
            continue
        key = group_key(r, case["groups"]) + (r[case["level"]],)
        if "(all)" in key:
            continue
        comparison_total = int(r["records"])
        ours[key] = ours.get(key, 0) + comparison_total
    comparison = Comparison()
    compare_levels(comparison, case, truth, ours)
    comparison.report(bench.suite, f"{name}, dedup {dedup}: levels")


def check_distribution(bench, case, dedup):
    name = case["truth"]
    folder = bench.tables(case["study"], bench.files[name], dedup)
    if folder is None:
        return
    if case["classes"] is not None:
        rows, columns = truth_rows(name, "summary", dedup, len(case["groups"]))
        truth = {group_key(r, columns): r for r in rows}
        ours = {}
        for r in read_csv(os.path.join(folder, case.get("summary", "summary") + ".csv")):
            if "item" in case and r["item"] != case["item"]:
                continue
            key = group_key(r, case["groups"])
            ours[tuple("(ALL)" if k == "(all)" else k for k in key)] = r
        if "item" in case:
            for r in read_csv(os.path.join(folder, "all.csv")):
                if r["item"] == case["item"]:
                    ours[("(ALL)",) * len(case["groups"])] = r
        comparison = Comparison()
        compare_distribution(comparison, case, truth, ours)
        comparison.report(bench.suite, f"{name}, dedup {dedup}: distribution")
    check_levels(bench, case, folder, dedup)


def check_measure(bench, case):
    name, m = case["truth"], case["measure"]
    folder = bench.tables(case["study"], bench.files[name], "none")
    if folder is None:
        return
    rows, columns = truth_rows(name, "summary", "none", len(case["groups"]))
    ours = {}
    for r in read_csv(os.path.join(folder, "summary.csv")):
        key = tuple("(ALL)" if k == "(all)" else k for k in group_key(r, case["groups"]))
        ours[key] = r
    comparison = Comparison()
    truth = {group_key(r, columns): r for r in rows}
    comparison.same("groups", sorted(truth), sorted(ours))
    for group, want in truth.items():
        got = ours.get(group)
        if got is None:
            continue
        where = "/".join(group) or "all"
        comparison.count(where, "records", want["rows"], got["records"])
        comparison.count(where, "count", want["valid"], got[f"{m}_count"])
        comparison.count(where, "missing", want["missing"],
                         str(int(got["records"]) - int(got[f"{m}_count"] or 0)))
        for ours_name, theirs in (("sum", "sum"), ("mean", "mean"), ("sd", "sd_sample"),
                                  ("median", "median"), ("min", "min"), ("max", "max")):
            comparison.figure(where, ours_name,
                              float(want[theirs]) if want[theirs] != "" else None,
                              got[f"{m}_{ours_name}"])
    comparison.report(bench.suite, f"{name}: measure")
    check_levels(bench, case, folder, "none")


def check_months(bench, table, study):
    folder = bench.tables(study, bench.files[table], "none")
    if folder is None:
        return
    truth = {r["month"]: r["count"] for r in read_csv(os.path.join(REAL_DATA, "truth", f"{table}.csv"))}
    extra = {k: truth.pop(k) for k in list(truth) if not k[:1].isdigit()}
    ours = {}
    for r in read_csv(os.path.join(folder, "months.csv")):
        if r["window"] not in ("(all)", ""):
            ours[r["window"][:7]] = r["records"]
        elif r["window"] == "":
            ours["(unparsed)"] = r["records"]
    comparison = Comparison()
    comparison.count("no month", "records", extra.get("(unparsed)", "0"),
                     ours.pop("(unparsed)", "0"))
    comparison.same("months", sorted(truth), sorted(ours))
    for month, count in truth.items():
        comparison.count(month, "records", count, ours.get(month, "0"))
    yaml = os.path.join(HERE, "studies", f"{study}.yaml")
    result = bench.suite.run(["bell-ingest", "-s", yaml, "--text", bench.files[table]])
    times = sorted(t for t in Stream(result.stdout).column("time") if t is not None)
    comparison.same("rows", extra["(rows)"], str(len(times)))
    for name, time in (("(first_epoch)", times[0]), ("(last_epoch)", times[-1])):
        if name in extra:
            epoch = datetime.datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()
            comparison.figure(name, "epoch", float(extra[name]), str(epoch))
    comparison.report(bench.suite, table)


def main():
    suite = Suite()
    if not os.path.isdir(os.path.join(REAL_DATA, "truth")):
        suite.skip("real data", f"no tables at {os.path.relpath(REAL_DATA, ROOT)}/truth"
                   " (BELL_REAL_DATA names another folder)")
        return suite.end()
    bench = Bench(suite)
    with open(os.path.join(REAL_DATA, "flying_etiquette.csv"), encoding="utf-8", newline="") as f:
        names = next(csv.reader(f))
    for case in ITEMS:
        if isinstance(case["item"], int):
            case["item"] = names[case["item"]]
    for case in DISTRIBUTIONS:
        for dedup in case.get("dedups", ["none"]):
            check_distribution(bench, case, dedup)
    for case in ITEMS:
        check_distribution(bench, case, "none")
    for case in MEASURES:
        check_measure(bench, case)
    for table, study in MONTHS.items():
        check_months(bench, table, study)
    compared = {c["truth"] for c in DISTRIBUTIONS + ITEMS + MEASURES} | set(MONTHS)
    suite.equal("every table of the index is compared", sorted(bench.files),
                sorted(compared | set(NOT_HERE)))
    for table, why in NOT_HERE.items():
        suite.skip(table, why)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
