#!/usr/bin/env python3
"""bell-estimate against a second reading of its rules, on tables made from a seed.

Bounds by a ratio of readiness are found here by trying every weighting of every band (1 or the
ratio), in exact fractions; the limits with sampling noise by going up the scale step by step; the
rest by its formula.  Then what must hold between rows: weaker assumptions hold stronger ones, wider
ratios hold narrower ones, and the tipping ratio is where the bounds reach the target.
"""
import collections
import itertools
import math
import os
import random
import sys
from fractions import Fraction as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Suite, says, table  # noqa: E402

GROUPS = int(os.environ.get("BELL_GROUPS", "60"))
SEED = int(os.environ.get("BELL_SEED", "1"))
Z = 1.959963984540054
RATIOS = ["3", "1", "1.5", "10"]  # the yardstick first
RHOS = ["0.002", "0.03"]
PLAIN = "nobody is more than {} times as ready to answer as anybody else"
NOISE = PLAIN + "; with sampling noise"
USHAPE = PLAIN + ", and readiness never rises towards the middle of the scale"
FREE = "none: those who were silent may think anything"
NAMES = {2: "thumbs", 3: "sentiment3", 5: "stars5", 7: "likert7"}
WORDS = {2: ["down", "up"], 3: ["negative", "neutral", "positive"]}
FIRST = {2: 0, 3: -1, 5: 1, 7: 1}


def make(rng, bands):
    kind = rng.random()
    top = rng.choice([3, 12, 200, 5000])
    counts = [rng.randint(0, top) if kind < 0.7 or rng.random() < 0.5 else 0 for _ in range(bands)]
    if sum(counts) == 0:
        counts[rng.randrange(bands)] = 1
    n = sum(counts)
    return counts, None if rng.random() < 0.2 else n + rng.choice([0, 1, n // 3, 9 * n, 500 * n])


def csv_of(groups, bands):
    words = WORDS.get(bands) or [str(FIRST[bands] + k) for k in range(bands)]
    lines = ["g,scale,scored," + ",".join("n_" + w for w in words) + ",population"]
    for i, (counts, people) in enumerate(groups):
        lines.append(f"g{i:03},{NAMES[bands]},{sum(counts)}," + ",".join(map(str, counts))
                     + f",{people or ''}")
    return "\n".join(lines) + "\n", words


def mean(scores, counts):
    return F(sum(s * c for s, c in zip(scores, counts))) / sum(counts)


def within(bounds, scores, counts, people):
    """Cut at what holds in any case."""
    if people is None:
        return bounds
    free = free_bounds(scores, counts, people)
    return max(bounds[0], free[0]), min(bounds[1], free[1])


def free_bounds(scores, counts, people):
    seen = F(sum(s * c for s, c in zip(scores, counts)))
    silent = people - sum(counts)
    return ((seen + silent * min(scores)) / people, (seen + silent * max(scores)) / people)


def ratio_bounds(scores, counts, ratio, shapes):
    means = [mean(scores, [c * (ratio if heavy else 1) for c, heavy in zip(counts, shape)])
             for shape in shapes if any(counts)]
    return min(means), max(means)


def all_shapes(bands):
    return list(itertools.product([False, True], repeat=bands))


def bowls(bands):
    """Heavy on a run over the middle, or nowhere."""
    low, high = (bands - 1) // 2, bands // 2
    return [[False] * bands] + [[a <= k <= b for k in range(bands)]
                                for a in range(low + 1) for b in range(high, bands)]


def noise_high(scores, counts, ratio, low, high):
    """The largest U with mean phi + z sqrt(ratio (high - U)(U - low) / n) >= 0, to 1e-9 of it."""
    n = sum(counts)

    def h(u):
        phi = sum(c * (ratio * (s - u) if s > u else s - u) for s, c in zip(scores, counts)) / n
        return phi + Z * math.sqrt(max(0.0, ratio * (high - u) * (u - low) / n))
    steps = [low + (high - low) * i / 4000 for i in range(4001)]
    good = [u for u in steps if h(u) >= 0]
    a, b = (max(good), min(high, max(good) + (high - low) / 4000)) if good else (low, low)
    for _ in range(60):
        middle = (a + b) / 2
        a, b = (middle, b) if h(middle) >= 0 else (a, middle)
    return a


def noise_bounds(scores, counts, ratio, low, high):
    top = noise_high(scores, counts, ratio, low, high)
    bottom = -noise_high([-s for s in scores], counts, ratio, -high, -low)
    return bottom, top


def questions(bands, words):
    first = FIRST[bands]
    yield ("mean", ""), [first + k for k in range(bands)], (first, first + bands - 1)
    yield ("net", ""), [(2 * k + 1 > bands) - (2 * k + 1 < bands) for k in range(bands)], (-1, 1)
    for k, word in enumerate(words):
        yield ("share", word), [int(j == k) for j in range(bands)], (0, 1)


class Rows:
    def __init__(self, rows):
        self.at = {}
        self.twice = []
        for r in rows:
            key = r["g"], r["assumption"], r["quantity"], r["band"]
            if key in self.at:
                self.twice.append(key)
            self.at[key] = r

    def bounds(self, g, assumption, question):
        row = self.at.get((g, assumption, *question))
        return None if row is None else (float(row["low"]), float(row["high"]))

    def value(self, g, assumption, question):
        row = self.at.get((g, assumption, *question))
        return None if row is None else row["value"]


def near(a, b, slack=1e-9):
    return abs(float(a) - float(b)) <= slack * (1 + abs(float(b)))


def both_near(seen, want, slack=1e-9):
    return seen is not None and near(seen[0], want[0], slack) and near(seen[1], want[1], slack)


def check_group(faults, rows, g, counts, people, bands, words):
    def expect(name, good, *what):
        if not good:
            faults[name].append(f"{g} {counts} of {people}: {what}")
    shapes = all_shapes(bands)
    few = sum(counts) < 1000
    for question, scores, (low, high) in questions(bands, words):
        answers = mean(scores, counts)
        seen = rows.value(g, "none: what came in", question)
        expect("answers", near(seen, answers), question, seen, answers)
        if people is not None:
            want = free_bounds(scores, counts, people)
            seen = rows.bounds(g, FREE, question)
            expect("bounds without assumptions", both_near(seen, want), question, seen, want)
        previous = None
        for ratio in sorted(RATIOS, key=float) if question[0] != "share" else RATIOS[:1]:
            want = within(ratio_bounds(scores, counts, F(ratio), shapes), scores, counts, people)
            seen = rows.bounds(g, PLAIN.format(ratio), question)
            expect("bounds by a ratio", both_near(seen, want), question, ratio, seen, want)
            if seen and previous:
                expect("wider ratios hold narrower ones", seen[0] <= previous[0] + 1e-12
                       and seen[1] >= previous[1] - 1e-12, question, ratio)
            previous = seen
        noisy = rows.bounds(g, NOISE.format(RATIOS[0]), question)
        expect("noise where there are few", (noisy is not None) == few, question)
        if noisy:
            want = within(noise_bounds(scores, counts, float(RATIOS[0]), low, high), scores, counts,
                          people)
            plain = rows.bounds(g, PLAIN.format(RATIOS[0]), question)
            expect("bounds with noise", both_near(noisy, want, 1e-6), question, noisy, want)
            expect("noise widens", noisy[0] <= plain[0] + 1e-12 and noisy[1] >= plain[1] - 1e-12,
                   question)
        bowl = rows.bounds(g, USHAPE.format(RATIOS[0]), question)
        if bands > 2 and question[0] != "share":
            want = within(ratio_bounds(scores, counts, F(RATIOS[0]), bowls(bands)), scores, counts,
                          people)
            expect("bounds of a U", both_near(bowl, want), question, bowl, want)
    check_tipping(expect, rows, g, counts, bands)
    if people is not None:
        check_correlations(expect, rows, g, counts, people, bands)


def check_tipping(expect, rows, g, counts, bands):
    scores = [FIRST[bands] + k for k in range(bands)]
    target = F(scores[0] + scores[-1], 2)
    above = sum(c * (s - target) for s, c in zip(scores, counts) if s > target)
    below = sum(c * (target - s) for s, c in zip(scores, counts) if s < target)
    found = [r["value"] for (group, text, quantity, _), r in rows.at.items()
             if group == g and quantity == "tipping_ratio" and "any part" in text]
    expect("one tipping ratio", len(found) == 1, found)
    if above == below:
        expect("tipping", found == [""], found)
        return
    more, less = max(above, below), min(above, below)
    expect("tipping", found == ["none"] if less == 0 else near(found[0], F(more) / less), found)
    if less > 0:
        at = ratio_bounds(scores, counts, F(more) / less, all_shapes(bands))
        expect("the bounds reach the target there", target in at, at)


def check_correlations(expect, rows, g, counts, people, bands):
    scores = [FIRST[bands] + k for k in range(bands)]
    n, m = sum(counts), mean(scores, counts)
    sigma = math.sqrt(mean([(s - m) ** 2 for s in scores], counts))
    free = free_bounds(scores, counts, people)
    for rho in RHOS:
        text = f"answering and opinion correlate by at most {rho} (data defect correlation)"
        off = float(rho) * sigma * math.sqrt((people - n) / n)
        want = max(float(m) - off, free[0]), min(float(m) + off, free[1])
        seen = rows.bounds(g, text, ("mean", ""))
        expect("bounds by a correlation", both_near(seen, want), seen, want)
        worth = n if people == n else min(n, n / ((people - n) * float(rho) ** 2))
        expect("n_eff", near(rows.value(g, text, ("n_eff", "")), worth), rho)


def order(suite, rows):
    """The ladder: no row of a weaker assumption behind one of a stronger."""
    kinds = ["observed", "noise limit", "bound", "weighted", "calibrated", "scenario"]
    faults = []
    for _, group in itertools.groupby(rows, key=lambda r: r["g"]):
        at = [kinds.index(r["kind"]) for r in group if r["kind"] in kinds]
        if at != sorted(at):
            faults.append(at)
    suite.check("rows stand in the order of the ladder", not faults, faults[:3])
    loose = [r for r in rows if r["kind"] == "noise limit"
             and r["assumption"] != "if this were a random sample"]
    suite.check("the margin of a random sample under its words only", not loose, loose[:3])
    bare = [r for r in rows if not r["assumption"] and r["kind"] != "refused"]
    suite.check("each row says what it assumes", not bare, bare[:3])


def main():
    suite = Suite()
    rng = random.Random(SEED)
    options = ["--yardstick", RATIOS[0], "--gammas", ",".join(RATIOS[1:]), "--rhos", ",".join(RHOS)]
    for bands in sorted(NAMES):
        groups = [make(rng, bands) for _ in range(GROUPS)]
        text, words = csv_of(groups, bands)
        suite.write("t.csv", text)
        result = suite.run(["bell-estimate", *options, "t.csv"])
        if not suite.check(f"{bands} bands: runs", result.returncode == 0, says(result)):
            continue
        content = table(result.stdout)
        rows, faults = Rows(content), collections.defaultdict(list)
        for i, (counts, people) in enumerate(groups):
            check_group(faults, rows, f"g{i:03}", counts, people, bands, words)
        for name in ("answers", "bounds without assumptions", "bounds by a ratio",
                     "wider ratios hold narrower ones", "noise where there are few",
                     "bounds with noise", "noise widens", "bounds of a U", "one tipping ratio",
                     "tipping", "the bounds reach the target there", "bounds by a correlation",
                     "n_eff"):
            suite.check(f"{bands} bands: {name}", not faults[name], "\n".join(faults[name][:5]))
        suite.check(f"{bands} bands: no row twice", not rows.twice, rows.twice[:5])
        order(suite, content)
        for threads in ("2", "7"):
            again = suite.run(["bell-estimate", *options, "-j", threads, "t.csv"])
            suite.check(f"{bands} bands: -j {threads} gives the same bytes",
                        again.stdout == result.stdout, says(again))
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
