#!/usr/bin/env python3
"""The same answer always: doors, threads, splits, orders, locale, zone give the same bytes.

On data of bell-sample, with a fixed seed for the random choices made here.
"""
import csv
import io
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Suite, Stream, says, table  # noqa: E402

ROWS = 6000


def sample(suite):
    """A CSV of bell-sample and a study that fits whatever columns it has."""
    result = suite.run(["bell-sample", "--rows", str(ROWS), "--seed", "11"])
    if not suite.check("bell-sample runs", result.returncode == 0 and not result.stderr,
                       says(result)):
        sys.exit(suite.end())
    rows = list(csv.reader(io.StringIO(result.stdout.decode(), newline="")))
    return result.stdout, rows[0], rows[1:]


def write_rows(suite, name, header, rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return suite.write(name, text.getvalue())


STUDIES = {
    # Each takes {opinion}, {by} and {time} columns of the data made below.
    "plain": """
study: plain
ingest:
  fields:
    id: {column: id, type: id}
    time: {column: time, type: time}
    place: {column: place}
    who: {column: who}
    likes: {column: likes, type: int}
    rating: {column: rating}
    text: {column: text}
scales:
  halves: {range: [0, 5], step: 0.5}
normalize:
  score: {from: rating, scale: halves, unknown: missing}
classify:
  labels:
    topic:
      from: text
      all: true
      rules:
        - {label: staff, any: [driver, "the crew"]}
        - {label: delay, regex: "(?i)dela(y|ied)|late"}
        - {label: liked, where: {likes: ">= 50"}}
aggregate:
  by: [place, topic]
  every: week
  zone: Europe/London
  measures: [likes]
  stats: full
  people: who
""",
    "scales": """
study: scales
ingest:
  fields:
    place: {column: place}
    rating: {column: rating}
    kind: {column: kind}
normalize:
  score: {from: rating, by: kind, scales: {a: stars5, b: nps, c: percent}, unknown: missing}
aggregate:
  by: [place]
  total: true
  layout: long
""",
    # Weights that seldom repeat, windows and a set; then few weights, and nothing but codes.
    "weighted": """
study: weighted
ingest:
  fields:
    time: {column: time, type: time}
    place: {column: place}
    rating: {column: rating}
    text: {column: text}
    w: {column: weight, type: decimal}
normalize:
  score: {from: rating, scale: stars5, unknown: missing}
classify:
  labels:
    topic: {from: text, all: true, rules: [{label: staff, any: [driver]}, {label: late, any: [late]}]}
aggregate:
  by: [topic, place]
  every: month
  weight: w
  stats: full
""",
    "few_weights": """
study: few_weights
ingest:
  fields:
    place: {column: place}
    rating: {column: rating}
    kind: {column: kind}
    w: {column: likes, type: int}
  missing: ["", "-5", "-4", "-3", "-2", "-1"]
normalize:
  keep: [{w: ">= 0"}]
  score: {from: rating, by: kind, scales: {a: stars5, b: nps, c: percent}, unknown: missing}
aggregate:
  by: [place]
  weight: w
  bands: 3
  total: true
""",
}


def made(rng, count):
    """Rows with every kind of trouble that is no error."""
    header = ["id", "time", "place", "who", "likes", "rating", "kind", "text",
              "weight"]
    words = ["driver", "The crew", "late", "DELAYED", "ok", "naïve", "😀", "a,b", 'say "x"', "two\nlines"]
    rows = []
    for i in range(count):
        day, hour = rng.randint(1, 28), rng.randint(0, 23)
        rows.append([str(i), f"2015-{rng.randint(1, 4):02}-{day:02}T{hour:02}:30:00Z",
                     rng.choice(["London", "Köln", "", "a,b", "=x"]),
                     f"u{rng.randint(1, 40)}" if rng.random() < .9 else "",
                     str(rng.randint(-5, 100)) if rng.random() < .8 else "",
                     rng.choice(["1", "2.5", "3", "4.5", "5", "0", "", "9", "x"]),
                     rng.choice("abc"),
                     " ".join(rng.choice(words) for _ in range(rng.randint(0, 4))),
                     f"{rng.randint(0, 3)}.{rng.randrange(10**rng.randint(1, 6))}"])
    return header, rows


def doors(suite, name, yaml, path, parts, orders):
    """The CSV of each door; all must be equal.  parts: files that hold the same rows."""
    s = yaml
    chain = f"bell-normalize -s {s} | bell-classify -s {s} | bell-aggregate -s {s}"
    runs = {
        "four processes": f"bell-ingest -s {s} {path} | {chain}",
        "bell run -j1": f"bell run -j1 {s} {path}",
        "bell run -j2": f"bell run -j2 {s} {path}",
        "bell run -j4": f"bell run -j4 {s} {path}",
        "bell run": f"bell run {s} {path}",
        "bell pipe": f"bell pipe 'ingest -s {s} {path} | normalize -s {s} | classify -s {s}"
                     f" | aggregate -s {s}'",
        "-j4 in each filter": f"bell-ingest -j4 -s {s} {path} | bell-normalize -j3 -s {s}"
                              f" | bell-classify -j2 -s {s} | bell-aggregate -j4 -s {s}",
        "compressed between": f"bell-ingest -z6 -s {s} {path} | {chain}",
        "text between": f"bell-ingest --text -s {s} {path} | bell-normalize --text -s {s}"
                        f" | bell-classify -s {s} | bell-aggregate -s {s}",
        "gzip input": f"gzip -c {path} >{path}.gz; bell run {s} {path}.gz",
        "standard input": f"bell run {s} - <{path}",
        "slow small pieces": f"perl -e '$|=1; local $/; $_=<STDIN>; while (length) {{"
                             f" print substr($_, 0, 1 + int rand 4000, \"\") }}' <{path}"
                             f" | bell-ingest -s {s} | {chain}",
        "several files": f"bell run -j3 {s} {' '.join(parts)}",
        "several files, turned round": f"bell run {s} {' '.join(reversed(parts))}",
    }
    for i, part in enumerate(parts):
        runs[f"streams {i}"] = (f"bell-ingest -s {s} {part} | bell-normalize -s {s} | bell-classify"
                                f" -s {s} -o {name}.{i}.bell.gz")
    streams = " ".join(f"{name}.{i}.bell.gz" for i in range(len(parts)))
    backwards = " ".join(reversed(streams.split()))
    runs["cat of streams"] = f"cat {backwards} | bell-aggregate -s {s}"
    runs["stream operands"] = f"bell-aggregate -j2 -s {s} {backwards}"
    for i in range(len(parts)):
        runs[f"partials {i}"] = f"bell-aggregate -s {s} --partial -o {name}.{i}.part {name}.{i}.bell.gz"
    partials = [f"{name}.{i}.part" for i in range(len(parts))]
    runs["merge"] = f"bell-aggregate -s {s} --merge {' '.join(partials)}"
    runs["merge, turned round"] = f"bell-aggregate -s {s} --merge {' '.join(reversed(partials))}"
    runs["merge of merges"] = (f"bell-aggregate -s {s} --merge --partial -o {name}.m.part"
                               f" {' '.join(partials[1:])};"
                               f" bell-aggregate -s {s} --merge {name}.m.part {partials[0]}")
    for order in orders:
        runs[f"other order ({order})"] = f"bell run -j2 {s} {order}"
    first = None
    for door, script in runs.items():
        result = suite.shell("set -o pipefail; " + script)
        if door.startswith(("streams ", "partials ")):
            if result.returncode or result.stderr:
                suite.check(f"{name}: {door}", False, says(result))
            continue
        if first is None:
            first = result.stdout
            suite.check(f"{name}: {door}: runs in silence, with rows", result.returncode == 0
                        and not result.stderr and first.count(b"\n") > 3, says(result))
            continue
        suite.check(f"{name}: {door}: the same bytes",
                    result.returncode == 0 and not result.stderr and result.stdout == first,
                    difference(first, result.stdout) + says(result))
    return first


def difference(want, got):
    for i, (a, b) in enumerate(zip(want.split(b"\n"), got.split(b"\n")), 1):
        if a != b:
            return f"line {i}:\n{a[:200]!r}\n{b[:200]!r}\n"
    return f"{len(want)} and {len(got)} bytes\n"


def several_doors(suite):
    rng = random.Random(17)
    header, rows = made(rng, 4000)
    path = write_rows(suite, "all.csv", header, rows)
    for name, text in STUDIES.items():
        yaml = suite.write(f"{name}.yaml", text)
        marks = sorted(rng.sample(range(1, len(rows)), 3))
        parts = [write_rows(suite, f"{name}.{i}.csv", header, rows[a:b])
                 for i, (a, b) in enumerate(zip([0] + marks, marks + [len(rows)]))]
        orders = []
        for n in range(3):
            mixed = rows[:]
            random.Random(n).shuffle(mixed)
            orders.append(write_rows(suite, f"{name}.mixed{n}.csv", header, mixed))
        orders.append(write_rows(suite, f"{name}.sorted.csv", header, sorted(rows, key=lambda r: r[::-1])))
        doors(suite, name, os.path.relpath(yaml, suite.dir), os.path.relpath(path, suite.dir),
              [os.path.relpath(p, suite.dir) for p in parts],
              [os.path.relpath(p, suite.dir) for p in orders])
    counts(suite, header, rows)


def counts(suite, header, rows):
    """The table against counting done here."""
    result = suite.shell("bell run plain.yaml all.csv")
    good = {str(n / 2) for n in range(11)} | {str(n) for n in range(6)}
    want = {}
    for row in rows:
        cells = dict(zip(header, row))
        text = cells["text"]
        low = text.lower()
        topics = set()
        if any(w in low.split() for w in ("driver",)) or "the crew" in low:
            topics.add("staff")
        if "delay" in low or "late" in low:
            topics.add("delay")
        if cells["likes"] and int(cells["likes"]) >= 50:
            topics.add("liked")
        for topic in topics or {"(none)"}:
            key = (cells["place"], topic)
            n = want.setdefault(key, [0, 0, 0, 0, 0])
            n[0] += 1
            n[1 if cells["rating"] in good else 2 if not cells["rating"] else 3] += 1
            n[4] += int(cells["likes"] or 0)
    got = {}
    for row in table(result.stdout):
        n = got.setdefault((row["place"], row["topic"]), [0, 0, 0, 0, 0])
        for i, column in enumerate(("records", "scored", "missing", "off_scale", "likes_sum")):
            n[i] += int(row[column] or 0)
    suite.equal("plain: counts by group are those counted here", want, got)


def unique_doors(suite):
    """unique keeps the first in the order of the input, at any -j and through every door."""
    rng = random.Random(23)
    rows = [[str(rng.randint(1, 900)), str(i), rng.choice("12345")] for i in range(9000)]
    path = write_rows(suite, "u.csv", ["id", "n", "rating"], rows)
    suite.write("u.yaml", "study: u\nnormalize: {unique: id, score: {from: rating, scale: stars5}}\n"
                          "aggregate: {by: [id]}\n")
    seen, want = set(), []
    for row in rows:
        if row[0] not in seen:
            seen.add(row[0])
            want.append(row[1])
    for j in (1, 2, 4):
        result = suite.shell(f"bell-ingest -j{j} u.csv | bell-normalize -j{j} -s u.yaml --text")
        suite.check(f"unique -j{j}: the first of each id, in order",
                    result.returncode == 0 and Stream(result.stdout).column("n") == want,
                    says(result)[:300])
    first = suite.shell("bell run -j1 u.yaml u.csv").stdout
    for script in ("bell run -j4 u.yaml u.csv", "bell-ingest u.csv | bell-normalize -s u.yaml |"
                   " bell-aggregate -s u.yaml", "bell pipe 'ingest u.csv | normalize -s u.yaml |"
                   " aggregate -s u.yaml'"):
        suite.check(f"unique: {script}", first and suite.shell(script).stdout == first)
    cut = len(rows) // 3
    write_rows(suite, "u1.csv", ["id", "n", "rating"], rows[:cut])
    write_rows(suite, "u2.csv", ["id", "n", "rating"], rows[cut:])
    suite.check("unique: the same over two files",
                suite.shell("bell run -j3 u.yaml u1.csv u2.csv").stdout == first)
    assert path


def streams_too(suite):
    """The uncompressed stream is the same where the order is the same."""
    script = "bell-ingest -s plain.yaml {o} all.csv | bell-normalize -s plain.yaml {o}" \
             " | bell-classify -s plain.yaml {j} --text"
    first = suite.shell(script.format(o="", j="")).stdout
    suite.check("the stream has records", first.count(b"\n") > 4000, first[:300])
    for options in ("-j2", "-j4", "-j3 -z9", "-j1 -z0"):
        seen = suite.shell(script.format(o=options, j=options.split()[0])).stdout
        suite.check(f"the same stream with {options}", seen == first, difference(first, seen))
    run = suite.shell("bell run -j4 plain.yaml all.csv --to classify --text").stdout
    strip = lambda b: [x for x in b.split(b"\n") if not x.startswith(b"#end")]  # noqa: E731
    suite.check("the same stream through bell run", strip(run) == strip(first),
                difference(first, run))


def locale_and_zone(suite):
    """German commas and a zone of 5:45 change nothing."""
    if not shutil.which("localedef"):
        suite.skip("locale", "no localedef here")
        return
    folder = suite.path("locales")
    os.makedirs(folder)
    made_it = suite.run(["localedef", "--no-archive", "-c", "-i", "de_DE", "-f", "UTF-8",
                         os.path.join(folder, "de_DE.UTF-8")])
    env = {"LOCPATH": folder, "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8",
           "TZ": "Asia/Kathmandu"}
    comma = suite.run(["bash", "-c", "printf '%.1f' 1,5"], env=env)
    suite.check("the German locale has its decimal comma", comma.stdout == b"1,5",
                says(made_it) + says(comma))
    clock = suite.run(["date", "-d", "@0", "+%H:%M"], env=env)
    suite.equal("the zone is Kathmandu's", b"05:30\n", clock.stdout)
    for script in ("bell run plain.yaml all.csv", "bell run scales.yaml all.csv",
                   "bell-ingest -s plain.yaml all.csv | bell-normalize -s plain.yaml"
                   " | bell-classify -s plain.yaml --text",
                   "bell-sample --rows 300 --seed 5",
                   "bell-ingest -s plain.yaml all.csv | bell-view --to ndjson",
                   "bell-ingest --help", "bell-aggregate --nonsense 2>&1"):
        here, there = suite.shell(script), suite.shell(script, env=env)
        suite.check(f"de_DE.UTF-8, Asia/Kathmandu: {script}",
                    here.stdout and (here.stdout, here.stderr) == (there.stdout, there.stderr),
                    difference(here.stdout, there.stdout) + says(there))


def sampled(suite):
    """bell-sample's own CSV through several doors, without a study."""
    content, header, rows = sample(suite)
    suite.equal("bell-sample: rows", ROWS, len(rows))
    suite.check("bell-sample: quotes, newlines, accents and emoji",
                all(any(c in cell for row in rows for cell in row)
                    for c in ('"', "\n", "é", "\U0001F600"[:1])) or any(
                    ord(ch) > 0x1F000 for row in rows for cell in row for ch in cell))
    suite.write("sample.csv", content)
    by = header[1]
    first = None
    marks = [0, 1500, 1501, 4000, len(rows)]
    for i, (a, b) in enumerate(zip(marks, marks[1:])):
        write_rows(suite, f"s{i}.csv", header, rows[a:b])
    scripts = [f"bell-ingest sample.csv | bell-aggregate --by '{by}'",
               f"bell-ingest -j4 s3.csv s1.csv s0.csv s2.csv | bell-aggregate -j4 --by '{by}'",
               f"bell pipe \"ingest sample.csv | aggregate --by '{by}'\"",
               "for i in 0 1 2 3; do bell-ingest s$i.csv | bell-aggregate --partial"
               f" --by '{by}' -o s$i.part; done; bell-aggregate --merge s2.part s0.part s3.part s1.part"]
    for script in scripts:
        result = suite.shell(script)
        if first is None:
            first = result.stdout
        suite.check(f"sample: {script[:50]}", result.returncode == 0 and first
                    and result.stdout == first, says(result))
    stream = Stream(suite.shell("bell-ingest --trim=no sample.csv --text").stdout)
    suite.equal("bell-sample: every cell comes through bell-ingest",
                [[c or None for c in row] for row in rows], stream.records)


def main():
    suite = Suite()
    for part in (several_doors, unique_doors, streams_too, locale_and_zone, sampled):
        part(suite)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
