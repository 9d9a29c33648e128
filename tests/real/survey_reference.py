#!/usr/bin/env python3
"""Weighting of California's school samples against what R's package survey gave for them.

Rows become cells here; estimator-cases rakes, trims and linearises them through the functions of
stats/.  Standard errors are compared for the simple random sample only: those of clusters and
strata follow another design.
"""
import csv
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import STATISTICS, Suite, estimator_cases, says  # noqa: E402

API = os.path.join(STATISTICS, "data", "api")
MARGINS = [("stype", ["E", "H", "M"]), ("sch.wide", ["No", "Yes"]), ("comp.imp", ["No", "Yes"])]
POPULATION = ["pop.stype.EHM", "pop.sch.wide.NoYes", "pop.comp.imp.NoYes"]


def rows_of(name):
    with open(os.path.join(API, name + ".csv"), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def case_of(rows, depth, method, truth):
    """The input of one case, and for each cell the key that R's lists have for it."""
    cells = {}
    for row in rows:
        key = tuple(row[margin] for margin, _ in MARGINS[:depth])
        cell = cells.setdefault(key, {"n": 0, "y": 0, "yy": 0, "w": float(row["pw"])})
        y = int(row["api00"])
        cell["n"] += 1
        cell["y"] += y
        cell["yy"] += y * y
    keys = sorted(cells)
    return {
        "n": [cells[k]["n"] for k in keys],
        "sum_y": [cells[k]["y"] for k in keys],
        "sum_y2": [cells[k]["yy"] for k in keys],
        "base_weight": [cells[k]["w"] for k in keys],
        "levels": [[levels.index(k[i]) for k in keys]
                   for i, (_, levels) in enumerate(MARGINS[:depth])],
        "targets": [truth[p] for p in POPULATION[:depth]],
        "method": method,
        "N": sum(truth[POPULATION[0]]),
    }, [".".join(k) for k in keys]


def expectation(truth, label, keys, with_se):
    expected = {"mean": truth[label + ".mean"]}
    if with_se:
        expected["se"] = truth[label + ".se"]
    weights = truth.get(label + ".cellweights") or truth.get(label + ".weights")
    if weights:
        expected["weights"] = [weights[k] for k in keys]
    if label + ".kish" in truth:
        expected["n_eff"] = truth[label + ".kish"]
    return expected


def cases(truth):
    for name in ("apisrs", "apiclus1", "apistrat"):
        rows = rows_of(name)
        srs = name == "apisrs"
        plans = [("rake2", 2, "rake"), ("rake3", 3, "rake"), ("rake3.trim", 3, "rake")]
        if name != "apistrat":
            plans.append(("postStratify", 1, "post"))
        for plan, depth, method in plans:
            label = f"{name}.{plan}"
            given, keys = case_of(rows, depth, method, truth)
            if plan.endswith("trim"):
                given["trim_upper"] = truth[label + ".upper"]
            expected = expectation(truth, label, keys, srs)
            if plan == "postStratify":
                expected["weights"] = truth[label + ".weights.EHM"]
            yield {"id": label, "op": "survey_cells", "input": given, "expected": expected,
                   "rtol": 1e-9, "atol": 1e-10}


def main():
    suite = Suite()
    reference = os.path.join(API, "r_survey_reference.json")
    program = estimator_cases(suite, reference)
    if program is None:
        return suite.end()
    with open(reference, encoding="utf-8") as f:
        truth = json.load(f)
    for case in cases(truth):
        path = suite.write("case.json", json.dumps({"cases": [case]}))
        run = suite.run([program, path])
        suite.check(f"{case['id']}: as R has it", run.returncode == 0, says(run))
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
