#!/usr/bin/env python3
"""The benchmark's harness and studies, on a few rows: that they run, and notice what is wrong.

Measures nothing.  Of the peers only those take part that are here anyway: mawk, and DuckDB if
this python3 can import it.
"""
import importlib.util
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import TESTS, Suite, says  # noqa: E402

BENCH = os.path.join(TESTS, "bench")
sys.path[:0] = [BENCH, os.path.join(BENCH, "peers")]
import contenders  # noqa: E402
import measure  # noqa: E402
import questions  # noqa: E402
import run as harness  # noqa: E402
import tables  # noqa: E402

ROWS = 3000


def studies(suite):
    suite.equal("main.yaml has 40 phrases in four labels", [10] * 4, [len(w) for _, w in questions.INTENT])
    suite.equal("and four classes of account", ["official", "neighbourhood", "anonymous", "retired"],
                [label for label, _ in questions.ACCOUNT_CLASS])
    texts = []
    for name in ("main", "main-all"):
        with open(os.path.join(BENCH, name + ".yaml"), encoding="utf-8") as f:
            texts.append(f.read().partition("\nnormalize:")[2])
    suite.check("main-all.yaml asks what main.yaml asks", texts[0] and texts[0] == texts[1])


def whole(suite):
    """All jobs; the harness itself ends with 1 if two doors or peers do not give one table."""
    peers = "mawk" if shutil.which("mawk") else ""
    result = suite.run([sys.executable, os.path.join(BENCH, "run.py"), "--build", suite.build, "--rows", str(ROWS),
                        "--runs", "1", "--peers", peers, "--jobs", "light main re-aggregate rows", "--dir",
                        suite.path("bench")])
    if not suite.check("every job runs", result.returncode == 0, says(result)):
        return
    text = suite.read("bench/results.md").decode()
    for title in ("light, .csv", "light, .csv.gz", "main, .csv", "main, .csv.gz", "re-aggregate, stored records",
                  "rows, light, .csv, bell run", "rows, main, .csv, bell run"):
        suite.check(f"results: {title}", f"\n## {title}\n" in text)
    suite.check("printed as they are kept", result.stdout.decode().strip() == text.strip())
    for name in (contenders.RUN, contenders.FILTERS, contenders.RUN + ", all columns"):
        suite.check(f"results: a row for {name}", f"\n| {name} | " in text)
    if peers:
        suite.check("results: a ratio for mawk", "| mawk |" in text)


def wrong_settings(suite):
    for name, options, word in (("job", ["--jobs", "man"], "'man'"), ("peer", ["--peers", "duck"], "'duck'"),
                                ("number of rows", ["--rows", "0"], "at least 1")):
        result = suite.run([sys.executable, os.path.join(BENCH, "run.py"), "--build", suite.build] + options)
        suite.check(f"unknown {name}", result.returncode == 2 and word in result.stderr.decode(), says(result))


TABLE = "g,scale,records,n_1,mean,sd,status\na,s,3,2,1.5,,\nb,s,4,,0,0.25,u\n"


def comparison(suite):
    def verdict(name, want, other):
        found = tables.difference(TABLE, other, ["g", "scale"])
        suite.check(f"tables: {name}", (found is None) == want, found)
    verdict("the same", True, TABLE)
    verdict("order, fewer columns, 0 for a blank count", True, "scale,g,mean,n_1\ns,b,0,0\ns,a,1.5,2\n")
    verdict("a rounding apart", True, "g,scale,mean\na,s,1.5000000000001\nb,s,1e-12\n")
    verdict("another count", False, TABLE.replace("a,s,3,2", "a,s,3,1"))
    verdict("a count of a blank", False, TABLE.replace("b,s,4,,", "b,s,4,1,"))
    verdict("another mean", False, TABLE.replace("1.5", "1.50000001"))
    verdict("a figure for a blank", False, TABLE.replace("1.5,,", "1.5,0,"))
    verdict("a row less", False, TABLE[:TABLE.index("b,")])
    verdict("a column unknown here", False, "g,scale,people\na,s,3\nb,s,4\n")
    verdict("no table", False, "")


def refusal(suite):
    def refused(contender, output):
        try:
            harness.Bench.compare("job", contender, TABLE, output, ["g", "scale"])
            return False
        except measure.Failed:
            return True
    peer, door = contenders.Contender("peer", []), contenders.Contender("door", [], ours=True)
    suite.check("a peer's other table ends the benchmark", refused(peer, TABLE.replace("4,", "5,")))
    suite.check("bellpipe's doors agree to the byte", refused(door, TABLE.replace("0.25", "0.250")))
    suite.check("what agrees does not end it", not refused(peer, TABLE) and not refused(door, TABLE))


def measuring(suite):
    def run(*stages):
        return measure.run([["sh", "-c", stage] for stage in stages], suite.dir, suite.env)
    found = run("echo one; echo two", "grep two")
    suite.equal("measure: a pipeline's output", "two\n", found.output)
    suite.check("measure: peaks are of the programs, not of Python", 0 < found.largest < found.peak < 9 << 20,
                f"{found.peak} {found.largest}")
    for name, stages in (("first", ("exit 3", "cat")), ("last", ("echo", "cat >/dev/null; exit 3"))):
        try:
            run(*stages)
            failed = ""
        except measure.Failed as error:
            failed = str(error)
        suite.check(f"measure: the {name} stage fails", "status 3" in failed, failed)
    late = measure.run([[sys.executable, "-c", "import sys, time; sys.path.insert(0, sys.argv[1]); time.sleep(0.5);"
                         "sys.argv[1:] = ['light', 'x']; import start; start.arguments()",
                         os.path.join(BENCH, "peers")]], suite.dir, suite.env)
    suite.check("measure: what lies before `ready` is not counted", 0 <= late.wall < 0.4 and late.cpu >= 0, late)


def duckdb(suite):
    if importlib.util.find_spec("duckdb") is None:
        suite.skip("DuckDB gives the same tables", "no module duckdb here")
        return
    path = suite.path("bench", f"sample-{ROWS // 1000}k.csv")
    for job in ("light", "main"):
        ours = suite.run(["bell", "run", os.path.join(BENCH, job + ".yaml"), path]).stdout.decode()
        for mode in ([], ["--expert"]):
            theirs = suite.run([sys.executable, os.path.join(BENCH, "peers", "ask_duckdb.py")] + mode + [job, path])
            wrong = tables.difference(ours, theirs.stdout.decode(), questions.groups(job) + ["scale"])
            suite.check(f"DuckDB gives the same table: {job} {' '.join(mode)}", wrong is None,
                        f"{wrong}\n{says(theirs)}")


def main():
    suite = Suite()
    if measure.missing():
        suite.skip("bench", f"no {measure.missing()} here")
        return suite.end()
    for part in (studies, comparison, refusal, measuring, wrong_settings, whole, duckdb):
        part(suite)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
