#!/usr/bin/env python3
"""Weights of bell-weight against those of R's package survey, on problems made anew each time.

From a seed (printed; BELL_SEED repeats a run) come records with two or three fields, a field of base
weights in some, and margins that were counted in a population that answers unevenly.  Both weight the
same rows; they must agree to the 6 places that bell-weight writes, and its report must say what R has.
"""
import csv
import json
import math
import os
import random
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Stream, Suite, says  # noqa: E402

ROUNDS = 24
ROUNDING = 5.1e-7       # half of the last place
RELATIVE = 2e-9         # where two programs stop to iterate

# In each folder: reads problem.R, the rows and the margins; writes weights, one a line, and figures.
SCRIPT = r"""
suppressMessages(library(survey))
for (folder in commandArgs(TRUE)) tryCatch({
setwd(folder)
source("problem.R")
d <- read.csv("rows.csv", colClasses = "character", check.names = FALSE)
d$base_number <- if (is.null(p_base)) 1 else as.numeric(d[[p_base]])
s <- svydesign(ids = ~1, weights = ~base_number, data = d)
population <- lapply(seq_along(p_margins), function(i) {
  m <- read.csv(paste0("r", i, ".csv"), colClasses = "character", check.names = FALSE)
  names(m)[ncol(m)] <- "Freq"
  m$Freq <- as.numeric(m$Freq)
  m
})
formulas <- lapply(p_margins, function(m) as.formula(paste("~", paste(m, collapse = "+"))))
if (length(formulas) == 1) {
  w <- postStratify(s, formulas[[1]], population[[1]])
} else {
  w <- rake(s, formulas, population, control = list(maxit = 1000, epsilon = 1e-12))
}
before <- weights(w)
# survey keeps 1 / weight; a limit that does not come back from there would be exceeded for ever.
stable <- function(x) {
  while (1 / (1 / x) != x) x <- x * (1 + .Machine$double.eps)
  x
}
if (!is.null(p_upper)) {
  mean_weight <- mean(before)
  w <- trimWeights(w, upper = stable(p_upper * mean_weight), lower = stable(p_lower * mean_weight),
                   strict = TRUE)
}
after <- weights(w)
writeLines(sprintf("%.17g", after), "weights.txt")
writeLines(sprintf("%.17g", c(sum(after)^2 / sum(after^2), max(after) / mean(after),
                              sum(before)^2 / sum(before^2), sum(after) / sum(before))),
           "figures.txt")
}, error = function(e) writeLines(conditionMessage(e), "error.txt"))
"""


def usable(suite):
    if not shutil.which("Rscript"):
        suite.skip("survey", "no R here")
        return False
    found = subprocess.run(["Rscript", "-e", "library(survey)"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
    if found.returncode:
        suite.skip("survey", "R has no package survey here")
    return found.returncode == 0


def write_csv(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as f:
        csv.writer(f, lineterminator="\n").writerows([header, *rows])


def make_problem(rng):
    """Fields with their levels, a population by combination, rows drawn from it unevenly."""
    fields = ["platform", "age", "region"][:rng.choice([2, 2, 3])]
    levels = {f: [f"{f[0]}{i}" for i in range(rng.randint(2, 5))] for f in fields}
    combinations = [()]
    for f in fields:
        combinations = [c + (v,) for c in combinations for v in levels[f]]
    population = {c: rng.randint(2000, 90000) for c in combinations}
    readiness = {f: {v: rng.choice([1, 1, 2, 4]) for v in levels[f]} for f in fields}
    weight = [population[c] * math.prod(readiness[f][v] for f, v in zip(fields, c))
              for c in combinations]
    # Each combination once at least, so that there is a solution.
    drawn = combinations + rng.choices(combinations, weight, k=rng.randint(100, 900))
    rng.shuffle(drawn)
    base = rng.choice([None, "b"])
    rows = [list(c) + ([str(rng.choice([0.5, 1, 1.25, 2, 3.333333]))] if base else [])
            for c in drawn]
    kind = rng.choice(["strata", "margins", "margins", "joint"])
    if kind == "strata":
        margins = [fields[:rng.randint(1, len(fields))]]
    elif kind == "joint" and len(fields) == 3:
        margins = [fields[:2], fields[2:]]
    else:
        margins = [[f] for f in fields]
    targets = []
    for by in margins:
        at = [fields.index(f) for f in by]
        sums = {}
        for c, people in population.items():
            key = tuple(c[i] for i in at)
            sums[key] = sums.get(key, 0) + people
        targets.append(sums)
    return {"fields": fields, "rows": rows, "base": base, "margins": margins, "targets": targets,
            "total": sum(population.values())}


def collapse(problem, rng):
    """Joins two levels of a field in what R gets; bell-weight is told to."""
    field = rng.choice([f for by in problem["margins"] for f in by])
    at = problem["fields"].index(field)
    known = sorted({r[at] for r in problem["rows"]})
    if len(known) < 3:
        return None, problem["rows"], problem["targets"]
    members = rng.sample(known, 2)
    rows = [[("joined" if i == at and v in members else v) for i, v in enumerate(r)]
            for r in problem["rows"]]
    targets = []
    for by, sums in zip(problem["margins"], problem["targets"]):
        joined = {}
        for key, people in sums.items():
            key = tuple("joined" if f == field and v in members else v for f, v in zip(by, key))
            joined[key] = joined.get(key, 0) + people
        targets.append(joined)
    return {field: {"joined": members}}, rows, targets


def study_of(problem, options, rng):
    margins = []
    for i, (by, sums) in enumerate(zip(problem["margins"], problem["targets"]), 1):
        if len(by) == 1 and rng.random() < 0.5:
            margins.append({"by": by, "counts": {k[0]: v for k, v in sums.items()}})
        else:
            margins.append(f"m{i}.csv")
    return "study: live\nweight: " + json.dumps({"margins": margins, **options}) + "\n"


def problem_in_r(tell):
    margins = ", ".join("c(" + ", ".join(f'"{f}"' for f in by) + ")" for by in tell["margins"])
    base = f'"{tell["base"]}"' if tell["base"] else "NULL"
    return (f"p_margins <- list({margins})\np_base <- {base}\n"
            f"p_lower <- {tell.get('lower', 'NULL')}\np_upper <- {tell.get('upper', 'NULL')}\n")


def prepare(suite, number, seed):
    """Makes a problem in a folder of its own; what it is called."""
    rng = random.Random(f"{seed}.{number}")
    problem = make_problem(rng)
    options, tell = {}, {"margins": problem["margins"], "base": problem["base"]}
    if problem["base"]:
        options["base"] = problem["base"]
    joined, rows, targets = collapse(problem, rng) if rng.random() < 0.3 else (
        None, problem["rows"], problem["targets"])
    if joined:
        options["collapse"] = joined
    if rng.random() < 0.4:
        low, high = rng.choice([(0.3, 2), (0.5, 3), (0.8, 1.3)])
        options.update(bounds=[low, high], trim=True)
        tell.update(lower=low, upper=high)
    total = problem["total"]
    if rng.random() < 0.3:
        total = rng.choice([1000, 123456])
        options["total"] = total
    header = problem["fields"] + ([problem["base"]] if problem["base"] else [])
    folder = f"round{number}"
    suite.write(f"{folder}/problem.R", problem_in_r(tell))
    for i, (by, plain, told) in enumerate(zip(problem["margins"], problem["targets"], targets), 1):
        write_csv(suite.path(folder, f"m{i}.csv"), by + ["population"],
                  [[*k, v] for k, v in plain.items()])
        write_csv(suite.path(folder, f"r{i}.csv"), by + ["population"],
                  [[*k, repr(v * total / problem["total"])] for k, v in told.items()])
    write_csv(suite.path(folder, "in.csv"), header, problem["rows"])
    write_csv(suite.path(folder, "rows.csv"), header, rows)
    suite.write(f"{folder}/s.yaml", study_of(problem, options, rng))
    return (f"round {number}: {len(rows)} rows, margins "
            + " ".join("x".join(m) for m in problem["margins"]) + "".join(f", {k}" for k in options))


def judge(suite, number, label):
    folder = suite.path(f"round{number}")
    ours = suite.shell("bell-ingest in.csv | bell-weight -q -s s.yaml --report report.csv"
                       " -o out.bell.gz", cwd=folder)
    error = os.path.join(folder, "error.txt")
    if os.path.exists(error):
        with open(error, encoding="utf-8") as f:
            said = f.read()
        if "C stack usage" in said or "nested too deeply" in said:
            suite.skip(label, "trimWeights() of R did not come to an end")
        else:
            suite.check(f"{label}: R has an answer", False, said)
        return
    with open(os.path.join(folder, "figures.txt"), encoding="ascii") as f:
        figures = [float(x) for x in f.read().split()]
    if b"leaves no row" in ours.stderr:
        suite.check(f"{label}: refused, where R loses a part of the total",
                    abs(figures[3] - 1) > 1e-9, f"R kept {figures[3]} of it")
    elif suite.check(f"{label}: there is an answer", ours.returncode == 0 and not ours.stderr,
                     says(ours)):
        compare(suite, label, folder, figures)


def compare(suite, label, folder, figures):
    with open(os.path.join(folder, "weights.txt"), encoding="ascii") as f:
        want = [float(x) for x in f.read().split()]
    with open(os.path.join(folder, "out.bell.gz"), "rb") as f:
        got = [float(x) for x in Stream(f.read()).column("weight")]
    off = [abs(g - w) - ROUNDING - RELATIVE * w for g, w in zip(got, want)]
    worst = max(range(len(off)), key=off.__getitem__)
    suite.check(f"{label}: weights", len(got) == len(want) and off[worst] <= 0,
                f"row {worst + 1}: {got[worst]} instead of {want[worst]}")
    with open(os.path.join(folder, "report.csv"), newline="", encoding="utf-8") as f:
        report = {r["quantity"]: r["value"] for r in csv.DictReader(f) if not r["margin"]}
    names = ["n_eff", "max_over_mean", "n_eff_untrimmed"]
    # Weights of 6 places, so these figures have no more than the places that leaves them.
    slack = 1e-6 * len(want) / sum(want) + RELATIVE
    bad = [(name, report[name], value) for name, value in zip(names, figures)
           if name in report and abs(float(report[name]) - value) > 2 * slack * value]
    suite.check(f"{label}: report", not bad, bad)


def main():
    suite = Suite()
    if not usable(suite):
        return suite.end()
    seed = os.environ.get("BELL_SEED") or str(random.SystemRandom().randrange(10 ** 9))
    print(f"# BELL_SEED={seed}", flush=True)
    suite.write("script.R", SCRIPT)
    numbers = range(1, ROUNDS + 1)
    labels = [prepare(suite, n, seed) for n in numbers]
    theirs = suite.run(["Rscript", "script.R", *(suite.path(f"round{n}") for n in numbers)],
                       limit=300)
    suite.check("R comes to its end", theirs.returncode == 0, says(theirs))
    for number, label in zip(numbers, labels):
        judge(suite, number, label)
    suite.check(f"{ROUNDS} rounds of seed {seed}", suite.failed == 0, f"repeat with BELL_SEED={seed}")
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
