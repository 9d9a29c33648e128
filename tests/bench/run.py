#!/usr/bin/env python3
"""run.py - measures bellpipe and its peers on the same rows: `make bench`.

Settings come from options, or from variables: BENCH_ROWS, BENCH_RUNS, BENCH_JOBS, BENCH_PEERS,
BENCH_DIR.  The tables go to standard output and to BENCH_DIR/results.md.  README.md says more.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(HERE, "peers"), os.path.join(HERE, "..", "lib")]
import bell_test  # noqa: E402
import contenders  # noqa: E402
import measure  # noqa: E402
import questions  # noqa: E402
import report  # noqa: E402
import tables  # noqa: E402
from data import Data  # noqa: E402

JOBS = ["light", "main", "re-aggregate", "rows"]


def settings():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    env = os.environ.get
    parser.add_argument("--build", help="folder with the built programs")
    parser.add_argument("--rows", type=int, default=int(env("BENCH_ROWS") or 5_000_000))
    parser.add_argument("--runs", type=int, default=int(env("BENCH_RUNS") or 5),
                        help="rounds that count, after one that warms up and compares the tables")
    parser.add_argument("--jobs", default=env("BENCH_JOBS") or " ".join(JOBS), help=f"of: {' '.join(JOBS)}")
    parser.add_argument("--peers", default=env("BENCH_PEERS", " ".join(contenders.PEER_NAMES)),
                        help=f"of: {' '.join(contenders.PEER_NAMES)}; '' is none")
    parser.add_argument("--dir", default=env("BENCH_DIR"), help="data, peers and results (build/bench)")
    args = parser.parse_args()
    args.jobs, args.peers = args.jobs.replace(",", " ").split(), args.peers.replace(",", " ").split()
    for word, known in [(j, JOBS) for j in args.jobs] + [(p, contenders.PEER_NAMES) for p in args.peers]:
        if word not in known:
            parser.error(f"'{word}' is none of: {' '.join(known)}")
    if args.rows < 1 or args.runs < 1:
        parser.error("rows and runs are at least 1")
    args.build = bell_test.find_build(args.build)
    args.dir = os.path.abspath(args.dir or os.path.join(args.build, "bench"))
    return args


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, args, scratch):
        self.args, self.scratch = args, scratch
        self.env = dict(bell_test.environment(args.build), TZ="UTC")  # Miller knows no "UTC0"
        self.python = os.path.join(args.dir, "peers", "bin", "python")
        self.data = Data(args.dir, args.build, self.env)
        if set(args.peers) & set(contenders.PYTHON_PEERS):
            subprocess.run([os.path.join(HERE, "peers.sh"), os.path.join(args.dir, "peers")], check=True)
        self.threads = len(os.sched_getaffinity(0))
        self.known = contenders.Contenders(args.build, self.threads, self.python, args.peers)
        self.facts = report.facts(args.build, self.python, bell_test.ROOT, self.threads)
        self.matches, self.details = [], []

    def measured(self, contender):
        return measure.run(contender.stages, self.scratch, self.env, contender.discard)

    def play(self, title, job, what, found):
        """One match: a round that compares the tables, then those that count."""
        match = report.Match(title, what, found, contenders.LIMIT, {c.name: [] for c in found})
        say(f"{title}: comparing the tables of {'; '.join(c.name for c in found)}")
        groups = questions.groups(job) + ["scale"]
        ours = self.measured(found[0]).output
        for contender in found[1:]:
            self.compare(title, contender, ours, self.measured(contender).output, groups)
        for number in range(self.args.runs):
            # Another one begins each round, so that nobody always runs behind the same one.
            begin = number % len(found)
            for contender in found[begin:] + found[:begin]:
                run = self.measured(contender)
                self.compare(title, contender, ours, run.output, groups)
                match.rounds[contender.name].append(run)
                say(f"{title}: round {number + 1} of {self.args.runs}: {contender.name}: {run.wall:.2f} s")
        self.matches.append(match)
        self.details.append(report.match_table(match))
        self.write()

    @staticmethod
    def compare(title, contender, ours, theirs, groups):
        if contender.discard:
            return
        wrong = tables.difference(ours, theirs, groups)
        if contender.ours:
            wrong = None if theirs == ours else wrong or "not the same bytes"
        if wrong:
            raise measure.Failed(f"{title}: {contender.name} gives another table: {wrong}")

    def job_light(self):
        self.both("light", self.known.light)

    def job_main(self):
        self.both("main", self.known.main)

    def both(self, job, find):
        rows = self.args.rows
        plain, packed = self.data.csv(rows), self.data.csv_gz(rows)
        for path, ending in ((plain, ".csv"), (packed, ".csv.gz")):
            self.play(f"{job}, {ending}", job, what(rows, path), find(path, packed))

    def job_re_aggregate(self):
        rows = self.args.rows
        stream, tsv = self.data.records(rows, again=True), self.data.records_tsv(rows)
        parquet = self.data.records_parquet(rows, self.python) if "duckdb" in self.known.peers else None
        self.play("re-aggregate, stored records", "records",
                  "; ".join(what(rows, path) for path in (stream, tsv, parquet) if path),
                  self.known.records(stream, tsv, parquet))

    def job_rows(self):
        """bellpipe alone: time and memory against the number of rows."""
        base, counts = self.args.rows, []
        for rows in (base // 50, base // 5, base, base * 4):
            if rows and self.room_for(rows):
                counts.append(rows)
        for job in ("light", "main"):
            runs = {rows: [] for rows in counts}
            for number in range(self.args.runs + 1):
                for rows in counts:
                    run = self.measured(self.known.bell_run(job, self.data.csv(rows)))
                    if number > 0:
                        runs[rows].append(run)
                        say(f"rows, {job}: round {number} of {self.args.runs}: {rows} rows: {run.wall:.2f} s")
            self.details.append(report.growth_table(job, runs))
            self.write()

    def room_for(self, rows):
        """True if the CSV of so many rows is there or fits on the disk, and a tenth remains."""
        disk = shutil.disk_usage(self.args.dir)
        if self.data.has_csv(rows) or disk.free - rows * 220 > disk.total / 10:
            return True
        self.known.left_out.append(f"{rows} rows are left out: no room for {rows * 220 / 1e9:.1f} GB in {self.args.dir}")
        return False

    def results(self):
        left_out = "".join(f"- {line}\n" for line in self.known.left_out)
        return "\n".join(["# make bench\n", self.facts + left_out, report.summary(self.matches), *self.details])

    def write(self):
        with open(os.path.join(self.args.dir, "results.md"), "w", encoding="utf-8") as f:
            f.write(self.results())


def what(rows, path):
    return f"{os.path.basename(path)}: {rows} rows, {os.path.getsize(path) / 1e6:.1f} MB"


def main():
    args = settings()
    if measure.missing():
        sys.exit(f"bench: {measure.missing()} is not here")
    with tempfile.TemporaryDirectory(prefix="bell-bench.") as scratch:
        try:
            bench = Bench(args, scratch)
            for line in bench.known.left_out:
                say(line)
            for job in args.jobs:
                getattr(bench, "job_" + job.replace("-", "_"))()
        except (measure.Failed, subprocess.CalledProcessError) as error:
            sys.exit(f"bench: {error}")
    print(bench.results())
    say(f"the same stands in {os.path.join(args.dir, 'results.md')}")


if __name__ == "__main__":
    main()
