#!/usr/bin/env python3
"""The distribution table against a second reading of its rules.

Small studies are made from a seed: records, scales, groups and options.  The table is computed
here in exact fractions, with none of the program's methods, and every cell is compared; then the
same records go through threads, other orders, partials and merges of merges, which must give the
same bytes.
"""
import csv
import datetime
import io
import json
import os
import random
import sys
import zoneinfo
from fractions import Fraction as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Suite, says  # noqa: E402
from reference_figures import MILLION, SCALES, Bands, Near, dec, figures  # noqa: E402

STUDIES = int(os.environ.get("BELL_STUDIES", "150"))
SEED = int(os.environ.get("BELL_SEED", "1"))


# ---- records

def escape(cell):
    if cell is None:
        return "\\N"
    for a, b in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        cell = cell.replace(a, b)
    return cell


FIELDS = [("g", "str"), ("h", "str"), ("tags", "set"), ("who", "str"), ("time", "time"),
          ("likes", "int"), ("cost", "decimal"), ("w", "decimal"), ("score", "decimal"),
          ("scale", "str"),
          ("unscored", "str")]


def stream(study, records):
    fields = [f for f in FIELDS if study["scored"] or f[0] not in ("score", "scale", "unscored")]
    lines = ["#bell\t1", "#fields\t" + "\t".join(f[0] for f in fields),
             "#types\t" + "\t".join(f[1] for f in fields)]
    for name in study["scales"]:
        low, high, points, names = SCALES[name]
        line = f"#scale\t{name}\tmin={dec(low)}\tmax={dec(high)}"
        if points:
            line += "\tpoints=" + ",".join(map(dec, points))
        if names:
            line += "\tnames=" + ",".join(names)
        lines.append(line)
    for r in records:
        cells = [escape(dec(r[f]) if isinstance(r[f], F) else r[f]) for f, _ in fields]
        if cells[0].startswith("#"):
            cells[0] = "\\" + cells[0]
        lines.append("\t".join(cells))
    n = len(records)
    lines.append(f"#end\tin={n}\tout={n}\trejected=0\tdropped=0")
    return ("\n".join(lines) + "\n").encode()


def make_record(rng, study):
    r = {"g": rng.choice(study["g"]), "h": rng.choice(study["h"]),
         "who": rng.choice(study["persons"])}
    tags = sorted({rng.choice(["a", "bus", "Z", "é", "late"]) for _ in range(rng.randrange(4))})
    r["tags"] = ",".join(tags) if tags else rng.choice([None, ""])
    seconds = study["from"] + rng.randrange(study["span"])
    r["seconds"] = None if rng.random() < 0.05 else seconds
    r["time"] = r["seconds"] if r["seconds"] is None else datetime.datetime.fromtimestamp(
        seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    big = study["big"]
    r["likes"] = None if rng.random() < 0.1 else str(
        rng.choice([0, 1, rng.randrange(-50, 1000), rng.randrange(-big, big)]))
    r["cost"] = None if rng.random() < 0.1 else dec(F(rng.randrange(-big, big) * MILLION
                                                      + rng.randrange(MILLION), MILLION))
    r["w"] = dec(rng.choice([
        lambda: rng.choice(study["weights"]), lambda: rng.choice(study["weights"]),
        lambda: F(rng.randrange(10**rng.randrange(1, 13)), MILLION)])())
    r["score"] = r["scale"] = r["unscored"] = None
    if study["scored"]:
        r["scale"] = rng.choice(study["scales"])
        low, high, points, _ = SCALES[r["scale"]]
        u = rng.random()
        if u < 0.08:
            r["unscored"] = "missing"
        elif u < 0.12:
            r["unscored"] = "off_scale"
        elif points:
            p = points if rng.random() < 0.7 else [points[0], points[-1]]
            r["score"] = rng.choice(p[:study["lean"]] if study["lean"] else p)
        else:
            k = rng.choice([1, 4, 100, MILLION])
            r["score"] = low + F(rng.randrange(int((high - low) * k) + 1), k)
    return r


# ---- options

def make_study(rng):
    s = {"scored": rng.random() < 0.9, "scales": [], "from": 1400000000, "lean": 0}
    if s["scored"]:
        s["scales"] = sorted(rng.sample(sorted(SCALES), rng.choice([1, 1, 1, 2, 3])))
    s["g"] = rng.choice([["x", "y"], ["x", "Ä", "=1+1", None, "a,\"b"], ["one"],
                         ["-2", "-a", "@b", "+", "#"]])
    s["h"] = [rng.choice("pqrs") + str(i) for i in range(rng.randrange(1, 4))] + [None]
    s["persons"] = [f"u{i}" for i in range(rng.choice([1, 3, 12, 60]))] + [None]
    s["lean"] = rng.choice([0, 0, 0, 1, 2])
    s["big"] = rng.choice([100, 10**6, 10**12 - 1])
    s["zone"] = rng.choice(["UTC", "Europe/London", "America/New_York", "Asia/Kolkata"])
    s["every"] = rng.choice([None, None, None, "hour", "day", "week", "month", "year"])
    s["span"] = {None: 10**6, "hour": 40000, "day": 600000, "week": 3 * 10**6,
                 "month": 10**7, "year": 10**8}[s["every"]]
    if s["every"] == "hour" and rng.random() < 0.5:  # an hour that is repeated
        s["from"] = 1445731200 - 20000
        s["span"] = rng.choice([25000, 27500, 40000])
    s["weights"] = rng.choice([[F(1)], [F(1, 2), F(2)], [F(0), F(1), F(3, 4)], [F(0)],
                               [F(rng.randrange(3 * MILLION), MILLION) for _ in range(6)],
                               [F(MILLION), F(1, MILLION)]])
    a = {"zone": s["zone"]}
    choices = ["g", "h", "tags", "hour_of_day", "weekday"] + (["scale"] if s["scored"] else [])
    a["by"] = rng.sample(choices, rng.choice([0, 1, 1, 1, 2]))
    if s["every"]:
        a["every"] = s["every"]
    if rng.random() < 0.5:
        a["people"] = "who"
        if rng.random() < 0.5:
            a["vote"] = "person"
    if rng.random() < 0.4:
        a["measures"] = rng.choice([["likes"], ["cost"], ["cost", "likes"]])
    if s["scored"] and "vote" not in a and "measures" not in a and rng.random() < 0.6:
        a["weight"] = "w"
    a["bands"] = rng.choice(["points", "points", rng.choice([2, 3, 4, 5, 6, 7, 10]),
                             {"edges": [0.5, 2.5], "names": ["low", "mid", "top"]},
                             {"edges": [-0.5, 1, 3, 4.25]}, {"edges": [3]}])
    if a["bands"] == "points" and rng.random() < 0.5:
        del a["bands"]
    if rng.random() < 0.5:
        a["stats"] = "full"
    if rng.random() < 0.3:
        a["quantile_type"] = 1
    if rng.random() < 0.2:
        a["excel"] = True
    if rng.random() < 0.25:
        a["layout"] = "long"
    if rng.random() < 0.3 and "measures" not in a:
        a["min_cell"] = rng.choice([1, 2, 3, 5, 10])
    elif rng.random() < 0.4:
        a["total"] = True
    if a["by"] == ["g"] and rng.random() < 0.7:
        a["population"] = {"groups": {"x": 10**6 + 3, "one": 999983, "-a": 700001},
                           "total": 3 * 10**6}
    elif rng.random() < 0.2:
        a["population"] = {"total": 10**7}
    if "g" in a["by"] and rng.random() < 0.5:
        a["complete"] = {"g": "groups.csv"}
    if rng.random() < 0.2:
        a["columns"] = rng.sample(["records", "status"] + (["scored", "mean", "net", "p90"]
                                                          if s["scored"] else []), 2)
    s["aggregate"] = a
    return s


# ---- the table

def window(a, seconds):
    if seconds is None:
        return None, None
    t = datetime.datetime.fromtimestamp(seconds, zoneinfo.ZoneInfo(a["zone"]))
    day = t.date()
    if a["every"] == "hour":
        z = t.strftime("%z")
        return t.strftime("%Y-%m-%dT%H:00:00") + z[:3] + ":" + z[3:5], seconds
    day = {"day": day, "week": day - datetime.timedelta(day.weekday()),
           "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[a["every"]]
    return day.isoformat(), seconds


def cells_of(a, name, r):
    if name == "tags":
        return r["tags"].split(",") if r["tags"] else ["(none)"]
    if name not in ("hour_of_day", "weekday"):
        return [r[name]]
    if r["seconds"] is None:
        return [None]
    t = datetime.datetime.fromtimestamp(r["seconds"], zoneinfo.ZoneInfo(a["zone"]))
    return [t.strftime("%H") if name == "hour_of_day" else str(t.isoweekday())]


def grouped(study, a, records):
    """{(cells, scale, window): records}, and the last window."""
    groups, last = {}, (None, None)
    one = study["scales"][0] if len(study["scales"]) == 1 else None
    for r in records:
        w, at = window(a, r["seconds"]) if a.get("every") else (None, None)
        if at is not None and (last[0] is None or at > last[0]):
            last = (at, w)
        keys = [()]
        for name in a["by"]:
            keys = [k + (c,) for k in keys for c in cells_of(a, name, r)]
        for k in keys:
            groups.setdefault((k, one or r["scale"], w), []).append(r)
    if "complete" in a:
        at = a["by"].index("g")
        rest = {(k[:at], k[at + 1:], w) for k, _, w in groups}
        if len(a["by"]) == 1 and not a.get("every"):
            rest.add(((), (), None))
        have = {(k, w) for k, _, w in groups}
        for before, after, w in rest:
            for value in COMPLETE:
                k = before + (value,) + after
                if (k, w) not in have:
                    groups[(k, one, w)] = []
    return groups, last[1]


COMPLETE = ["y", "x", "zzz", "Ä"]


def key_order(key):
    return [(c is not None, (c or "").encode()) for c in key]


def bands_union(study, spec):
    per_scale = {s: Bands(spec, s) for s in study["scales"]}
    names = []
    for s in sorted(per_scale):
        names += [n for n in per_scale[s].names if n not in names]
    return per_scale, names


def column_names(study, a, per_scale, bands):
    names = ["records"] + (["people"] if "people" in a else [])
    if study["scored"]:
        names += ["scored", "missing", "off_scale"]
        names += ["n_" + b for b in bands]
        if "weight" in a:
            names += ["weighted", "n_eff"] + ["w_" + b for b in bands]
        names += ["share_" + b for b in bands]
        names += ["mean", "sd", "p10", "median", "p90", "extreme_share", "middle_share", "net"]
        names += ["nps"] if any(b.nps for b in per_scale.values()) else []
    names += ["population", "participation"] if "population" in a else []
    names += ["status"]
    if study["scored"] and a.get("stats") == "full":
        names += ["skewness", "kurtosis", "agreement", "bimodality", "leik", "esteban_ray"]
        names += [f"noise_{e}_{b}" for b in bands for e in ("low", "high")] + ["shape"]
    for m in a.get("measures", []):
        names += [f"{m}_{q}" for q in "count sum mean sd min median p90 max".split()]
    if "columns" in a:
        names = list(a["columns"])
        if a.get("min_cell") and "status" not in names:
            names.append("status")
    return names


def finish(study, a, row, open_window):
    """min_cell and status."""
    t = a.get("min_cell", 0)
    flags = ["u"] if study["scored"] and row["base"] < 30 else []
    seen = row["scored"] if study["scored"] else row["records"]
    if t and seen < t:
        row.clear()
        row["status"] = "c"
        return
    if t and any(0 < c < t for c in row.get("bands", [])):
        kept = row["scored"]
        row.clear()
        row["scored"] = kept
        flags.append("c")
    if open_window:
        flags.append("o")
    row["status"] = " ".join(flags) or None


def population(study, a, key, several):
    p = a.get("population")
    if not p or a.get("every") or several:
        return None
    if not a["by"]:
        return p.get("total")
    return p["groups"].get(key[0]) if "groups" in p and len(a["by"]) == 1 else None


def expected(study, a, records):
    """Header and rows, cells as they are to be compared."""
    per_scale, union = bands_union(study, a.get("bands"))
    names = column_names(study, a, per_scale, union)
    groups, last = grouped(study, a, records)
    many = len(study["scales"]) > 1
    shown = many and "scale" not in a["by"]
    long = a.get("layout") == "long"
    scale_key = long and "scale" not in a["by"] or shown
    heads = list(a["by"])
    tail = ([("window", 2)] if a.get("every") else [])
    own = [("scale", 1)] if scale_key else []
    extra = tail + own if long else own + tail
    heads += [e[0] for e in extra]

    def keys_of(key):
        return list(key[0]) + [key[e[1]] for e in extra]

    jobs = []
    full = {k: list(k[0]) + ([k[2], k[1]] if long else [k[1], k[2]]) for k in groups}
    for key in sorted(groups, key=lambda k: key_order(full[k])):
        several = sum(k[0] == key[0] for k in groups) > 1
        jobs.append((key, groups[key], population(study, a, key[0], several),
                     a.get("every") and key[2] is not None and key[2] == last))
    if a.get("total") and (a["by"] or a.get("every")):
        one = study["scales"][0] if len(study["scales"]) == 1 else None
        scales = sorted({one or r["scale"] for r in records}, key=lambda s: key_order([s]))
        for s in scales:
            cells = tuple(s if n == "scale" and many else "(all)" for n in a["by"])
            p = a.get("population", {}).get("total") if len(scales) == 1 else None
            jobs.append(((cells, s, "(all)"),
                         [r for r in records if (one or r["scale"]) == s], p, False))
    rows = []
    for key, members, people, open_window in jobs:
        bands = per_scale.get(key[1])
        row = figures(study, a, members, bands)
        if people:
            row["population"] = people
            if study["scored"] or "people" in a:
                present = row["people"] if "people" in a else row["scored"]
                row["participation"] = F(present, people)
        finish(study, a, row, open_window)
        if not long:
            rows.append(keys_of(key) + [row.get(n) for n in names])
            continue
        for n in names:
            if row.get(n) is None:
                continue
            quantity, band, low, high = n, None, None, None
            for stem in ("n", "w", "share", "noise_low", "noise_high"):
                if bands and n.startswith(stem + "_") and n[len(stem) + 1:] in bands.names:
                    quantity, band = stem, n[len(stem) + 1:]
                    low, high = bands.ends[bands.names.index(band)]
            rows.append(keys_of(key) + [quantity, band, low, high, row[n]])
    return heads + (["quantity", "band", "low", "high", "value"] if long else names), rows


# ---- comparing

def looks_numeric(text):
    try:
        float(text)
        return text.strip() == text and "_" not in text
    except ValueError:
        return False


def agrees(want, got, excel):
    if want is None:
        return got == ""
    if isinstance(want, str):
        if excel and want[:1] in tuple("=+-@") and not looks_numeric(want):
            want = "'" + want
        return got == want
    if isinstance(want, int):
        return got == str(want)
    if got == "" or not looks_numeric(got):
        return False
    if isinstance(want, Near):
        room = max(6e-5 if excel else 1e-9, 1e-9 * abs(want))
        return abs(float(got) - want) <= room
    if excel:
        return abs(F(got) - want) <= F(1, 20000) + abs(want) / 10**15 and \
            len(got.partition(".")[2]) <= 4
    if want.denominator in (1, 10**6) and abs(want) > 10**15:  # a sum, shown with all places
        return F(got) == want or float(got) == float(want)
    return float(got) == float(want) and not got.startswith("-0e")


def difference(want_heads, want, got_text, excel):
    text = got_text.decode("utf-8")
    if excel != text.startswith("\ufeff"):
        return "byte order mark"
    got = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    if got[0] != want_heads:
        return f"columns\nwant {want_heads}\nseen {got[0]}"
    if len(got) - 1 != len(want):
        return f"{len(want)} rows wanted, {len(got) - 1} seen\n{text[:1500]}"
    for i, (w, g) in enumerate(zip(want, got[1:])):
        for name, x, y in zip(want_heads, w, g):
            if not agrees(x, y, excel):
                return f"row {i + 1} {g[:4]}, {name}: want {x!r} ({x and not isinstance(x, str) and float(x)}), seen {y!r}"
        if len(w) != len(g):
            return f"row {i + 1} has {len(g)} cells"
    return None


# ---- running

def body(content):
    return [line for line in content.split(b"\n") if not line.startswith(b"#end")]


def merges(suite, rng, study, records, direct, name):
    """Any split, merged in any way, gives the bytes of the table and of the whole partial."""
    plain = ["--text", "--no-provenance"]
    partial = ["bell-aggregate", "-s", "study.yaml", "--partial"] + plain
    parts = [[] for _ in range(rng.randrange(1, 5))]
    for r in records:
        rng.choice(parts).append(r)
    files = []
    for i, part in enumerate(parts):
        result = suite.run(partial, stream(study, part))
        if result.returncode != 0:
            return suite.check(name + ": partial", False, says(result))
        files.append(suite.write(f"part{i}.bell", result.stdout))
    whole = suite.run(partial, stream(study, records)).stdout
    while len(files) > 1 and rng.random() < 0.6:
        some = [files.pop(rng.randrange(len(files))) for _ in range(2)]
        result = suite.run(partial + ["--merge"] + some)
        if result.returncode != 0:
            return suite.check(name + ": merge of partials", False, says(result))
        files.append(suite.write(some[0] + "x", result.stdout))
    rng.shuffle(files)
    again = suite.run(partial + ["--merge", "-j", "2"] + files)
    if body(again.stdout) != body(whole):
        return suite.check(name + ": the partial", False, says(again))
    merged = suite.run(["bell-aggregate", "-s", "study.yaml", "--merge"] + files)
    if merged.stdout != direct:
        return suite.check(name + ": merged", False, says(merged) + direct.decode()[:1500])
    return True


def one_study(suite, number):
    rng = random.Random(SEED * 100003 + number)
    study = make_study(rng)
    a = study["aggregate"]
    count = rng.choice([0, 1, 3, 20, 60, 200, 400])
    records = [make_record(rng, study) for _ in range(count)]
    suite.write("groups.csv", "g\n" + "\n".join(COMPLETE) + "\n")
    yaml = {"aggregate": a}
    command = ["bell-aggregate", "-s", "study.yaml"]
    tables = rng.random() < 0.2
    if tables and not a.get("min_cell"):  # the keys in two places, and one that is overridden
        inner = {k: a[k] for k in list(a) if rng.random() < 0.4}
        if "vote" in a:  # each half alone would be refused
            inner.update(vote=a["vote"], people=a["people"])
        outer = {k: a[k] for k in a if k not in inner}
        if "by" in inner:
            outer["by"] = ["h"]
        yaml = {"aggregate": outer, "tables": {"t": inner, "u": {"by": []}}}
        if "complete" in outer and "g" not in outer["by"]:
            inner["complete"] = outer.pop("complete")
        if "complete" in outer:
            del yaml["tables"]["u"]
        command += ["-O", "out"]
    else:
        tables = False
    suite.write("study.yaml", json.dumps(yaml))
    data = stream(study, records)

    def direct(*more):
        result = suite.run(command + list(more), data)
        if result.returncode == 0 and tables:
            result.stdout = suite.read("out/t.csv")
        return result

    result = direct()
    name = f"study {number}"
    detail = json.dumps(yaml) + f"\nscales {study['scales']} records {count}\n"
    if result.returncode != 0:
        return suite.check(name, False, detail + says(result))
    heads, rows = expected(study, a, records)
    wrong = difference(heads, rows, result.stdout, a.get("excel", False))
    if wrong:
        return suite.check(name, False, detail + wrong)
    table = result.stdout
    rng.shuffle(records)
    data = stream(study, records)
    if direct("-j", "3").stdout != table:
        return suite.check(name + ": in another order", False, detail)
    mergeable = a.get("vote") is None and not (a.get("total") and "tags" in a["by"])
    if mergeable and not tables and not merges(suite, rng, study, records, table, name):
        print("# " + detail.replace("\n", "\n# "))
        return False
    return True


def main():
    suite = Suite()
    wrong = [n for n in range(STUDIES) if not one_study(suite, n)]
    suite.check(f"{STUDIES} studies from seed {SEED}", not wrong, f"wrong: {wrong}")
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
