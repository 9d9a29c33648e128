#!/usr/bin/env python3
"""Weighted figures against R's package survey: svymean, svyvar, svyquantile and n_eff.

Skipped where R or the package is not there.  The records are made from a seed.
"""
import os
import random
import shutil
import subprocess
import sys
from fractions import Fraction as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Suite, says, table  # noqa: E402

GROUPS = 60
# hf2 is the mean of two neighbours on equality, hf1 the smallest value.
R = """
suppressPackageStartupMessages(library(survey))
d <- read.csv("rows.csv", colClasses = c("character", "numeric", "numeric"))
show <- function(g, name, values)
    cat(sprintf("%s,%s,%.17g\\n", g, name, as.numeric(values)), sep = "")
for (g in unique(d$g)) {
    part <- d[d$g == g, ]
    part$band <- factor(part$x, levels = 1:5)
    design <- svydesign(ids = ~1, weights = ~w, data = part)
    show(g, "mean", coef(svymean(~x, design)))
    show(g, "sd", sqrt(as.numeric(svyvar(~x, design))[1]))
    shares <- coef(svymean(~band, design))
    for (k in 1:5) show(g, paste0("share_", k), shares[k])
    show(g, "weighted", sum(weights(design)))
    show(g, "n_eff", sum(weights(design))^2 / sum(weights(design)^2))
    for (p in c("p10", "median", "p90")) {
        at <- c(p10 = 0.1, median = 0.5, p90 = 0.9)[p]
        show(g, p, coef(svyquantile(~x, design, at, qrule = "hf2", ci = FALSE)))
        show(g, paste0("nearest_", p), coef(svyquantile(~x, design, at, qrule = "hf1", ci = FALSE)))
    }
}
"""
PLACES = {"p10": F(1, 10), "median": F(1, 2), "p90": F(9, 10)}


def weights_of(rng):
    """Binary fractions, whose sums R has exactly; and any decimals."""
    kind = rng.randrange(3)
    if kind == 0:
        return lambda: F(rng.randrange(1, 25), 8)
    if kind == 1:
        return lambda: F(rng.choice([0, 1, 1, 2]))
    return lambda: F(rng.randrange(1, 5 * 10**6), 10**6)


def not_compared(rows):
    """Quantiles on an edge where 0.1 or 0.9 of a sum is no binary fraction: R may miss the
    equality.  And those within the first record, for which survey 4.1 gives the second one."""
    total, out = sum(w for _, w in rows), set()
    first = next(w for _, w in sorted(rows, key=lambda row: row[0]) if w > 0)
    for name, p in PLACES.items():
        sums = [sum(w for x, w in rows if x <= k) for k in range(1, 6)]
        exact = name == "median" and (total * 16).denominator == 1
        if first > total * p or not exact and any(s == total * p for s in sums):
            out |= {name, "nearest_" + name}
    return out


def make(rng):
    groups = {}
    for g in range(GROUPS):
        weight = weights_of(rng)
        lean = rng.choice([[1, 2, 3, 4, 5], [1, 5], [2, 3, 3, 3, 4]])
        groups[f"g{g:02}"] = [(rng.choice(lean), weight()) for _ in range(rng.choice([5, 20, 60]))]
    return {g: rows for g, rows in groups.items() if sum(w > 0 for _, w in rows) > 1}


def main():
    suite = Suite()
    rscript = shutil.which("Rscript")
    if not rscript or subprocess.run([rscript, "-e", "library(survey)"], capture_output=True,
                                     check=False).returncode:
        suite.skip("R's survey", "no R, or not that package")
        return suite.end()
    groups = make(random.Random(5))
    rows = [f"{g},{x},{float(w)!r}" for g in groups for x, w in groups[g]]
    suite.write("rows.csv", "g,x,w\n" + "\n".join(rows) + "\n")
    suite.write("survey.R", R)
    suite.write("s.yaml", "ingest: {fields: {g: {column: g}, x: {column: x},"
                          " w: {column: w, type: decimal}}}\n"
                          "normalize: {score: {from: x, scale: stars5}}\n"
                          "aggregate: {by: [g], weight: w}\n")
    ours = {}
    for type_, prefix in ((7, ""), (1, "nearest_")):
        result = suite.shell(f"bell-ingest -s s.yaml rows.csv | bell-normalize -s s.yaml"
                             f" | bell-aggregate -s s.yaml --quantile-type {type_}")
        suite.check(f"bell-aggregate, type {type_}", result.returncode == 0, says(result))
        for row in table(result.stdout):
            for name, value in row.items():
                ours[row["g"], prefix + name if name in PLACES else name] = value
    result = suite.run([rscript, "survey.R"], limit=300)
    seen, wrong = {}, []
    for line in result.stdout.decode().splitlines():
        g, name, theirs = line.split(",")
        if name in not_compared(groups[g]):
            continue
        seen[name] = seen.get(name, 0) + 1
        if abs(float(ours[g, name]) - float(theirs)) > 1e-12 * max(1, abs(float(theirs))):
            wrong.append(f"{g} {name}: R {theirs}, here {ours[g, name]}")
    halves = sum(ours[g, "median"] != ours[g, "nearest_median"] for g in groups)
    suite.check("medians between two values were seen", halves > 0)
    suite.check(f"{sum(seen.values())} figures of {len(groups)} groups are R's",
                not wrong and len(seen) == 15 and min(seen.values()) > GROUPS / 3,
                "\n".join(wrong[:20]) + f"\n{seen}\n" + says(result))
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
