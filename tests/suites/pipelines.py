#!/usr/bin/env python3
"""The ready pipelines: what they give, what they do when something is wrong, cron, pictures."""
import csv
import fcntl
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import ROOT, Suite, says, table  # noqa: E402

STUDIES = ["sample", "stars", "nps", "likert", "airline"]


def number(text):
    return int(text or 0)


def pipelines(suite):
    for name in STUDIES:
        data, out = f"pipelines/examples/{name}.csv", f"{name}.csv"
        if name == "sample":
            data = "feedback.csv"
        result = suite.run([f"pipelines/{name}.sh", data, out])
        suite.check(f"{name}.sh", result.returncode == 0 and result.stderr == b"", says(result))
        run = suite.run(["bell", "run", f"pipelines/{name}.yaml", data, "-o", "run.csv"])
        suite.check(f"{name}.yaml through bell run", run.returncode == 0
                    and suite.read(out) == suite.read("run.csv"), says(run))
        result = suite.run([f"pipelines/{name}.sh"])
        suite.check(f"{name}.sh without files", result.returncode == 2
                    and b"usage: " in result.stderr, says(result))
        before = suite.read(out)
        result = suite.run([f"pipelines/{name}.sh", "absent.csv", out])
        suite.check(f"{name}.sh of an absent file", result.returncode not in (0, 2)
                    and suite.read(out) == before and b"absent.csv" in result.stderr, says(result))


def figures(suite):
    """Figures counted by hand."""
    rows = table(suite.read("stars.csv"))
    suite.equal("stars: a duplicate counts once", 11, sum(number(r["records"]) for r in rows))
    first = [r for r in rows if r["product"] == "kettle" and r["window"] == "2024-01-01"][0]
    suite.equal("stars: kettle in January",
                ("3", "2", "1", "5"),
                (first["scored"], first["n_5"], first["n_1"], first["helpful_mean"]))
    rows = table(suite.read("nps.csv"))
    business = [r for r in rows if r["segment"] == "business" and r["window"] == "2024-01-01"][0]
    suite.equal("nps: business in January", ("3", "2", "1", "0", "1", "1"),
                (business["records"], business["scored"], business["missing"],
                 business["n_detractors"], business["n_passives"], business["n_promoters"]))
    rows = table(suite.read("likert.csv"))
    suite.equal("likert: a row a question", 5, len(rows))
    breaks = [r for r in rows if r["item"] == "I can take my breaks"][0]
    suite.equal("likert: breaks", ("workload", "8", "5", "3", "1"),
                (breaks["theme"], breaks["records"], breaks["scored"], breaks["missing"],
                 breaks["n_strongly_disagree"]))
    rows = table(suite.read("airline.csv"))
    northwind = [r for r in rows if r["airline"] == "Northwind"][0]
    suite.equal("airline: Northwind", ("4", "2", "1", "1"),
                tuple(northwind[c] for c in ("scored", "n_negative", "n_neutral", "n_positive")))


def truth(suite):
    """The table of the sample against the truth it was made from, cell by cell."""
    known = list(csv.DictReader(suite.read("truth.csv").decode().splitlines()))
    for by, field in (("platform", "platform"), ("account_kind", "kind")):
        result = suite.run(["bell", "run", "pipelines/sample.yaml", "feedback.csv", "-o",
                            "records.bell.gz", "--to", "classify"])
        suite.check(f"sample: labels for {by}", result.returncode == 0, says(result))
        result = suite.run(["bell-aggregate", "--by", f"{by},platform" if by != "platform" else by,
                            "--people", "account", "--bands", "points", "records.bell.gz"])
        suite.check(f"sample: table by {by}", result.returncode == 0, says(result))
        wrong = []
        for row in table(result.stdout):
            mine = [k for k in known if k[field] == row[by] and k["platform"] == row["platform"]]
            for column, want in (("records", "records"), ("people", "respondents"),
                                 ("scored", "rated")):
                if number(row[column]) != sum(number(k[want]) for k in mine):
                    wrong.append(f"{row[by]} {row['platform']}: {column} {row[column]}")
            words = {"-1": "negative", "0": "neutral", "1": "positive"}
            for score in {k["score"] for k in mine}:
                band = words[score] if row["platform"] == "twitter" else score
                want = sum(number(k["rated"]) for k in mine if k["score"] == score)
                if number(row["n_" + band]) != want:
                    wrong.append(f"{row[by]} {row['platform']}: n_{band} {row['n_' + band]}, "
                                 f"not {want}")
        suite.check(f"sample: the table by {by} is the truth", not wrong and result.stdout,
                    "\n".join(wrong))


def pictures(suite):
    result = suite.run(["sh", "-c", "pipelines/truth.sh truth.csv > everyone.csv && bell-plot "
                        "-s pipelines/sample.yaml --bounds none --beside everyone.csv sample.csv"])
    said = result.stdout.decode()
    suite.check("the sample beside its truth", result.returncode == 0 and said.count(" without an answer") == 3
                and "everyone.csv" in said and "█" in said, says(result))
    facebook = said.split("\nfacebook\n")[1].split("\n\n")[0].split("\n")
    known = [r for r in table(suite.read("everyone.csv")) if r["platform"] == "facebook"][0]
    marks = [line.split()[-2] for line in facebook if "▲" in line and "%" in line]
    suite.equal("the marks are the truth", [f"{100 * float(known['share_' + b]):.3g}" for b in "12345"],
                [m.rstrip("0") if "." in m else m for m in marks])


def nightly(suite):
    night = ["pipelines/cron/nightly.sh", "pipelines/stars.yaml", "night.csv"]
    good = "pipelines/examples/stars.csv"
    result = suite.run(night + [good])
    suite.check("nightly.sh is silent", result.returncode == 0 and not result.stdout
                and not result.stderr and suite.read("night.csv") == suite.read("stars.csv"),
                says(result))
    suite.write("bad.csv", suite.read(good).replace(b"1001,kettle,5,02-Jan-24",
                                                    b"1001,kettle,5,30-Feb-24"))
    result = suite.run(night + ["bad.csv"])
    suite.check("nightly.sh: trouble", result.returncode == 1 and not result.stdout
                and b"was not renewed" in result.stderr and b"bad.csv:2" in result.stderr
                and b"stays as it was" in result.stderr
                and suite.read("night.csv") == suite.read("stars.csv"), says(result))
    with open(suite.path("night.csv.lock"), "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = suite.run(night + [good])
    suite.check("nightly.sh: locked", result.returncode == 4
                and b"still holds" in result.stderr, says(result))
    suite.check("nightly.sh leaves nothing behind", not
                [n for n in os.listdir(suite.dir) if n.startswith((".night", "night.csv."))
                 and n != "night.csv.lock"])


def main():
    suite = Suite()
    shutil.copytree(os.path.join(ROOT, "pipelines"), suite.path("pipelines"))
    result = suite.run(["bell-sample", "--rows", "20000", "--population", "400000", "--truth",
                        "truth.csv", "-o", "feedback.csv"])
    suite.check("bell-sample", result.returncode == 0, says(result))
    pipelines(suite)
    figures(suite)
    truth(suite)
    pictures(suite)
    nightly(suite)
    return suite.end()


sys.exit(main())
