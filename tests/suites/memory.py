#!/usr/bin/env python3
"""Memory does not grow with rows, and past --max-memory there is a clear error.

BELL_SLOW=1 makes a gigabyte instead of 200 MB.
"""
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Suite, says  # noqa: E402

LIMIT_KB = 100 * 1024


def peak(suite, argv, **kw):
    """(result, peak resident kilobytes)"""
    log = suite.path("time.log")
    result = suite.run(["time", "-f", "%M", "-o", log] + argv, limit=900, **kw)
    with open(log, encoding="ascii", errors="replace") as f:
        return result, int(f.read().split()[-1])


def sanitized(suite):
    with open(os.path.join(suite.build, "bell-ingest"), "rb") as f:
        return b"__asan_init" in f.read()


def estimates(suite, asan):
    """Groups of a table go through one by one; a pipe gets nothing before all is well."""
    rng = random.Random(4)
    path = suite.path("groups.csv")
    with open(path, "w", encoding="ascii") as f:
        f.write("g,n_1,n_2,n_3,n_4,n_5,population\n")
        for i in range(2000 if asan else 20000):
            counts = [rng.randint(0, 300) for _ in range(5)]
            f.write(f"g{i}," + ",".join(map(str, counts)) + f",{sum(counts) * 30}\n")
    out = suite.path("estimates.csv")
    for name, argv in (("bell-estimate", ["bell-estimate", "-o", out, path]),
                       ("bell-estimate into a pipe", ["bell-estimate", "-j2", path])):
        result, kb = peak(suite, argv)
        good = result.returncode == 0 and not result.stderr and (asan or kb < 40 * 1024)
        suite.check(f"{name}: memory does not grow with groups", good, f"{kb} KB\n"
                    + result.stderr.decode())
        if "pipe" in name:
            suite.check("and gives the same", result.stdout == suite.read("estimates.csv"))


def main():
    suite = Suite()
    if not shutil.which("time"):
        suite.skip("memory", "no GNU time here")
        return suite.end()
    size = (1000 if os.environ.get("BELL_SLOW") else 200) << 20
    asan = sanitized(suite)
    if asan:
        size = 20 << 20
    rng = random.Random(3)
    chunk = "".join(f"{rng.randint(1, 10 ** 9)},2015-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}T00:00:00Z,"
                    f"{rng.choice(['London', 'Leeds', 'York'])},{rng.randint(1, 5)},"
                    f"\"some text, of {rng.randint(1, 9)} words and a \"\"quote\"\"\"\n"
                    for _ in range(20000)).encode()
    path = suite.path("big.csv")
    with open(path, "wb") as f:
        f.write(b"id,time,place,rating,text\n")
        while f.tell() < size:
            f.write(chunk)
    yaml = suite.write("s.yaml", """
study: memory
ingest:
  fields:
    id: {column: id, type: id}
    time: {column: time, type: time}
    place: {column: place}
    rating: {column: rating}
    text: {column: text}
normalize: {score: {from: rating, scale: stars5}}
classify: {labels: {topic: {from: text, rules: [{label: nine, any: ["9 words"]}], else: other}}}
aggregate: {by: [place, topic], every: week}
""")
    runs = {"bell run -j2": ["bell", "run", "-j2", yaml, path, "-o", suite.path("run.csv")],
            "bell-ingest": ["bell-ingest", "-s", yaml, "-o", suite.path("in.bell.gz"), path]}
    runs["bell-normalize -j2"] = ["bell-normalize", "-j2", "-s", yaml, "-o", suite.path("n.bell.gz"),
                                  suite.path("in.bell.gz")]
    runs["bell-classify"] = ["bell-classify", "-s", yaml, "-o", suite.path("c.bell.gz"),
                             suite.path("n.bell.gz")]
    runs["bell-aggregate"] = ["bell-aggregate", "-s", yaml, "-o", suite.path("a.csv"),
                              suite.path("c.bell.gz")]
    margins = ["--margins", "{by: place, shares: {London: 0.5, Leeds: 0.3, York: 0.2}}"]
    runs["bell-weight"] = ["bell-weight", *margins, "-o", suite.path("w.bell.gz"),
                           suite.path("c.bell.gz")]
    runs["bell-weight from a pipe"] = [
        "sh", "-c", 'bell-view c.bell.gz | bell-weight -j2 "$@" -o w2.bell.gz', "sh", *margins]
    runs["bell-view --check"] = ["bell-view", "--check", suite.path("c.bell.gz")]
    for name, argv in runs.items():
        result, kb = peak(suite, argv)
        good = result.returncode == 0 and not result.stderr
        if asan:
            suite.check(f"{name}: {size >> 20} MB in silence (sanitizers: memory not judged)", good,
                        says(result))
        else:
            suite.check(f"{name}: {size >> 20} MB of CSV under {LIMIT_KB >> 10} MB of memory",
                        good and kb < LIMIT_KB, f"{kb} KB\n" + says(result))
    estimates(suite, asan)
    suite.check("both doors gave the same table", os.path.exists(suite.path("run.csv"))
                and os.path.exists(suite.path("a.csv"))
                and suite.read("run.csv") == suite.read("a.csv"))
    os.unlink(path)

    # What grows with the data stops at --max-memory, with status 4 and a word about it.
    many = suite.path("many.csv")
    with open(many, "w", encoding="ascii") as f:
        f.write("id,v\n")
        for i in range(400000):
            f.write(f"a rather long group name to take room {i},{i % 5 + 1}\n")
    suite.run(["bell-ingest", "-o", suite.path("many.bell.gz"), many])
    for name, argv in {
            "groups": ["bell-aggregate", "--by", "id"],
            "people": ["bell-aggregate", "--people", "id"],
            "keys of unique": ["bell-normalize", "--unique", "id", "--text"],
            "cells of weights": ["bell-weight", "--base", "b", "--margins",
                                 "{by: v, shares: {0: 0.2, 1: 0.2, 2: 0.2, 3: 0.2, 4: 0.2}}"]}.items():
        out = suite.write("out", b"as it was")
        if name == "cells of weights":
            suite.write("base.csv", "v,b\n" + "".join(f"{i % 5},{i}.5\n" for i in range(400000)))
            suite.run(["bell-ingest", "-o", suite.path("many.bell.gz"), suite.path("base.csv")])
        result, kb = peak(suite, argv + ["--max-memory", "4M", "-o", out, suite.path("many.bell.gz")])
        suite.check(f"{name} past --max-memory: status 4, which says what to do",
                    result.returncode == 4 and b"--max-memory" in result.stderr, says(result))
        suite.equal(f"{name}: -o untouched", b"as it was", suite.read("out"))
        if not asan:
            suite.check(f"{name}: memory stayed bounded", kb < 64 * 1024, f"{kb} KB")

    # What is known of a value of a column grows with the phrases.
    words = suite.write("words.yaml", "classify: {labels: {known: {from: v, rules: [{label: yes, any: ["
                        + ", ".join(f"w{i:x}" for i in range(60000)) + "]}], else: no}}}\n")
    values = suite.write("values.csv", "v,n\n" + "".join(f"text {i % 16000} of w{i % 16000:x},1\n"
                                                         for i in range(80000)))
    result, kb = peak(suite, ["bell", "run", "-j1", words, values, "-o", suite.path("words.out")])
    suite.check("many phrases and many values", result.returncode == 0, says(result))
    if not asan:
        suite.check("... in bounded memory", kb < 64 * 1024, f"{kb} KB")

    # A small file that unpacks to very much.
    bomb = suite.path("bomb.csv.gz")
    made = suite.shell(f"{{ echo a,b; head -c 300M /dev/zero | tr '\\0' 'x'; }} | gzip -1 >{bomb}")
    result, kb = peak(suite, ["bell-ingest", "-o", suite.path("bomb.out"), bomb])
    suite.check("a gzip bomb of one endless field is refused", made.returncode == 0
                and result.returncode == 1 and not os.path.exists(suite.path("bomb.out")),
                says(result))
    if not asan:
        suite.check("... in bounded memory", kb < LIMIT_KB, f"{kb} KB")
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
