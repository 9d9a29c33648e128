"""The figures of one row of the distribution table, in exact fractions, by their definitions.

Shares no method with the program: records are lists, weights and votes are fractions.  Used by
suites/reference_table.py.
"""
import math
from fractions import Fraction as F

NONE = None
Z = 1.959963984540054
MILLION = 10**6

SCALES = {  # name: (min, max, points or None, names or None)
    "halves": (F(0), F(5), [F(i, 2) for i in range(11)], None),
    "mood": (F(-1), F(1), [F(-1), F(0), F(1)], ["bad", "so_so", "good"]),
    "nps": (F(0), F(10), [F(i) for i in range(11)], None),
    "per": (F(0), F(100), None, None),
    "stars5": (F(1), F(5), [F(i) for i in range(1, 6)], None),
    "tens": (F(-3), F(9), [F(3 * i, 4) - 3 for i in range(17)], None),
    "thumbs": (F(0), F(1), [F(0), F(1)], None),
    "wide": (F(0), F(30), [F(i) for i in range(31)], None),
}


def dec(x):
    """A decimal of at most 6 places as text."""
    n = x * MILLION
    assert n.denominator == 1
    sign, n = ("-" if n < 0 else ""), abs(int(n))
    text = f"{n // MILLION}.{n % MILLION:06d}".rstrip("0").rstrip(".")
    return sign + text


class Bands:
    def __init__(self, spec, scale):
        low, high, points, names = SCALES[scale]
        self.nps = False
        if spec is NONE and scale == "nps":
            spec, self.nps = {"edges": [6.5, 8.5],
                              "names": ["detractors", "passives", "promoters"]}, True
        if spec in (NONE, "points") and points and len(points) <= 21:
            self.points = points
            self.names = names or [dec(p) for p in points]
            self.ends = [(p, p) for p in points]
            return
        self.points = NONE
        if isinstance(spec, dict):
            cuts = [F(str(e)) for e in spec["edges"]]
            self.names = spec.get("names") or [str(i + 1) for i in range(len(cuts) + 1)]
        else:
            k = spec if isinstance(spec, int) else 5
            cuts = [low + (high - low) * F(i, k) for i in range(1, k)]
            self.names = [str(i + 1) for i in range(k)]
        self.cuts = cuts
        edges = [low] + cuts + [high]
        self.ends = list(zip(edges, edges[1:]))

    def find(self, x):
        if self.points:
            return self.points.index(x)
        k = len(self.names)
        at = sum(1 for c in self.cuts if c < x)
        if x in self.cuts:  # between bands at and at + 1: the nearer to (k - 1) / 2
            return at if abs(at - F(k - 1, 2)) < abs(at + 1 - F(k - 1, 2)) else at + 1
        return at


def quantile7(xs, p):
    place = (len(xs) - 1) * p
    i = math.floor(place)
    return xs[i] if place == i else xs[i] + (place - i) * (xs[i + 1] - xs[i])


def quantile_weighted(pairs, p, nearest=False):
    merged = {}
    for x, w in pairs:
        merged[x] = merged.get(x, 0) + w
    values = sorted(merged)
    total, sum_ = sum(merged.values()), 0
    values = [x for x in values if merged[x]]
    for i, x in enumerate(values):
        sum_ += merged[x]
        if sum_ == total * p:
            return x if nearest else (x + values[i + 1]) / 2
        if sum_ > total * p:
            return x


class Near(float):
    """A figure that needs roots or thirds: compared with a tolerance."""


def moments(pairs, total, n=None):
    """total: sum of the weights; n: of how many records, if that is something else."""
    n = total if n is None else n
    mean = sum(x * w for x, w in pairs) / total
    m = [sum(w * (x - mean)**j for x, w in pairs) / total for j in range(5)]
    out = {"mean": mean, "sd": Near(math.sqrt(m[2] * n / (n - 1))) if n > 1 else NONE}
    if n >= 4 and m[2] > 0:
        g1 = float(m[3]) / float(m[2])**1.5
        g2 = m[4] / m[2]**2 - 3
        out["skewness"] = Near(g1 * math.sqrt(n * (n - 1)) / (n - 2))
        out["kurtosis"] = Near((n - 1) / F((n - 2) * (n - 3)) * ((n + 1) * g2 + 6))
        out["bimodality"] = Near((out["skewness"]**2 + 1)
                                 / (out["kurtosis"] + 3 * (n - 1)**2 / ((n - 2) * (n - 3))))
    return out


def agreement(counts):
    k, n, v, a = len(counts), sum(counts), list(counts), F(0)
    if k < 3:
        return NONE
    while any(v):
        b = [x > 0 for x in v]
        s, m = sum(b), min(x for x in v if x > 0)
        tu = tdu = 0
        for i in range(k):
            for j in range(i + 1, k):
                for l in range(j + 1, k):
                    pattern = (b[i], b[j], b[l])
                    tu += pattern in ((True, True, False), (False, True, True))
                    tdu += pattern == (True, False, True)
        u = F(1) if s == 1 else F(0) if tu + tdu == 0 else \
            F((k - 2) * tu - (k - 1) * tdu, (k - 2) * (tu + tdu))
        a += F(m) * s / n * u * (1 - F(s - 1, k - 1))
        v = [x - m if x > 0 else x for x in v]
    return Near(a)


def shape(c, base):
    k = len(c)
    if k < 3 or base < 30:
        return NONE
    if max(c) <= F(5, 4) * min(c):
        return "flat"
    if min(c[0], c[-1]) > max(c[1:-1]):
        return "J" if c[-1] >= 2 * c[0] else "reverse-J" if c[0] >= 2 * c[-1] else "U"
    if all(a <= b for a, b in zip(c, c[1:])) and c[-1] >= 2 * c[0]:
        return "J"
    if all(a >= b for a, b in zip(c, c[1:])) and c[0] >= 2 * c[-1]:
        return "reverse-J"
    peak = c.index(max(c))
    inner = max(c[0], c[-1]) < c[peak]
    rising = all(a <= b for a, b in zip(c[:peak + 1], c[1:peak + 1]))
    falling = all(a >= b for a, b in zip(c[peak:], c[peak + 1:]))
    return "bell" if inner and rising and falling else "other"


def banded(row, bands, pairs, votes, records):
    n, base = row["voices"], row["base"]
    k = len(bands.names)
    c = [F(0)] * k
    for x, w in pairs:
        c[bands.find(x)] += w
    for name, count in zip(bands.names, c):
        row["n_" + name] = Near(count) if votes else int(count)
        row["w_" + name] = count
        if n:
            row["share_" + name] = Near(count / n) if votes else count / n
    row["bands"] = c
    if "n_eff" in row:
        row["bands"] = [sum(bands.find(x) == b for x in records) for b in range(k)]
        row.update(("n_" + name, count) for name, count in zip(bands.names, row["bands"]))
    if not n:
        return
    exact = Near if votes else F
    row["extreme_share"] = exact((c[0] + c[-1]) / n)
    net = sum(c[i] for i in range(k) if 2 * (i + 1) > k + 1) - \
        sum(c[i] for i in range(k) if 2 * (i + 1) < k + 1)
    row["net"] = exact(net / n)
    if bands.nps:
        row["nps"] = exact(100 * net / n)
    if k > 2:
        middle = c[k // 2] if k % 2 else c[k // 2 - 1] + c[k // 2]
        row["middle_share"] = exact(middle / n)
    row["agreement"] = agreement(c)
    below = [sum(c[:i + 1]) / n for i in range(k - 1)]
    row["leik"] = Near(2 * sum(f if f < F(1, 2) else 1 - f for f in below) / (k - 1))
    row["esteban_ray"] = Near(sum((c[i] / n)**2 * c[j] / n * abs(i - j) for i in range(k)
                                  for j in range(k)) / (F(1, 4) * (k - 1)))
    for name, count in zip(bands.names, c):
        p, nn = float(count / n), float(base)
        half = Z * math.sqrt(p * (1 - p) / nn + Z * Z / (4 * nn * nn))
        row["noise_low_" + name] = Near((p + Z * Z / (2 * nn) - half) / (1 + Z * Z / nn))
        row["noise_high_" + name] = Near((p + Z * Z / (2 * nn) + half) / (1 + Z * Z / nn))
    row["shape"] = shape(c, base)


def measured(row, name, values, nearest):
    row[name + "_count"] = len(values)
    row[name + "_sum"] = sum(values, F(0))
    if values:
        xs = sorted(values)
        m = moments([(x, 1) for x in xs], F(len(xs)))
        row[name + "_mean"], row[name + "_sd"] = m["mean"], m["sd"]
        row[name + "_min"], row[name + "_max"] = xs[0], xs[-1]
        for q, p in (("median", F(1, 2)), ("p90", F(9, 10))):
            row[f"{name}_{q}"] = xs[math.ceil(len(xs) * p) - 1] if nearest else quantile7(xs, p)


def figures(study, a, records, bands):
    votes, nearest = a.get("vote") == "person", a.get("quantile_type") == 1
    row = {"records": len(records)}
    row["people"] = len({r["who"] for r in records if r["who"] is not None})
    scored = [r for r in records if r["score"] is not None]
    row["scored"] = len(scored)
    row["off_scale"] = sum(r["unscored"] == "off_scale" for r in records)
    row["missing"] = len(records) - row["scored"] - row["off_scale"]
    if votes:
        scored = [r for r in scored if r["who"] is not None]
        of = {}
        for r in scored:
            of[r["who"]] = of.get(r["who"], 0) + 1
        pairs = [(r["score"], F(1, of[r["who"]])) for r in scored]
        n = F(len(of))
    elif "weight" in a:
        pairs = [(r["score"], F(r["w"])) for r in scored]
        n = row["weighted"] = sum((w for _, w in pairs), F(0))
        row["n_eff"] = n**2 / sum(w**2 for _, w in pairs) if n else None
    else:
        pairs, n = [(r["score"], F(1)) for r in scored], F(len(scored))
    row["voices"] = n
    row["base"] = (row["n_eff"] or F(0)) if "weight" in a else n
    if n:
        row.update(moments(pairs, n, F(sum(w > 0 for _, w in pairs)) if "weight" in a else None))
        if votes:
            row["mean"] = Near(row["mean"])
        xs = sorted(x for x, _ in pairs)
        for q, p in (("p10", F(1, 10)), ("median", F(1, 2)), ("p90", F(9, 10))):
            row[q] = quantile_weighted(pairs, p) if votes else \
                quantile_weighted(pairs, p, nearest) if "weight" in a else \
                xs[math.ceil(len(xs) * p) - 1] if nearest else quantile7(xs, p)
    if bands:
        banded(row, bands, pairs, votes, [r["score"] for r in scored])
    for name in a.get("measures", []):
        measured(row, name, [F(r[name]) for r in records if r[name] is not None], nearest)
    return row
