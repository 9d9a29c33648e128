"""Who runs which job, and by which command.

    known = contenders.Contenders(programs, threads, python, wanted)
    known.light(path); known.main(path); known.records(stream, tsv, parquet)
    known.left_out      lines that say who cannot be had, and why

Each gives a list of Contender: first bellpipe's doors, then the peers.
"""
import os
import shutil
import subprocess
from dataclasses import dataclass

import questions

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(HERE, "peers")
RUN, FILTERS, LIMIT = "bell run", "filters in a pipe", "igzip -dc"

# name for BENCH_PEERS: shown, module or program, Debian's package
PYTHON_PEERS = {"duckdb": ("DuckDB", "duckdb"), "clickhouse": ("ClickHouse", "chdb"),
                "polars": ("Polars", "polars"), "pandas": ("pandas", "pandas")}
DEBIAN_PEERS = {"miller": ("Miller", "mlr", "miller"), "datamash": ("datamash", "datamash", "datamash"),
                "mawk": ("mawk", "mawk", "mawk")}
PEER_NAMES = list(PYTHON_PEERS) + list(DEBIAN_PEERS)
ONE_QUERY = {"pandas"}  # these have no plain query beside the expert's


@dataclass
class Contender:
    name: str
    stages: list
    ours: bool = False
    discard: bool = False  # no table: only a yardstick


def awk(*scripts, options=()):
    argv = ["mawk", *options]
    for script in scripts:
        argv += ["-f", os.path.join(PEERS, script + ".awk")]
    return argv


def rule_text(labels):
    return ";".join(f"{label}={questions.pattern(words)}" for label, words in labels)


class Contenders:
    def __init__(self, programs, threads, python, wanted):
        self.programs, self.threads, self.python = programs, threads, python
        self.left_out, self.peers = [], []
        for name in wanted:
            trouble = self._trouble(name)
            if trouble:
                self.left_out.append(f"{(PYTHON_PEERS | DEBIAN_PEERS)[name][0]} is left out: {trouble}")
            else:
                self.peers.append(name)
        self.limit = shutil.which("igzip") is not None
        if not self.limit:
            self.left_out.append("the limit is left out: no igzip here (Debian: isal)")

    def _trouble(self, name):
        if name in DEBIAN_PEERS:
            _, program, package = DEBIAN_PEERS[name]
            for need, debian in ((program, package), ("mawk", "mawk")):  # the text tools end in mawk
                if not shutil.which(need):
                    return f"no {need} here (Debian: {debian})"
            return None
        module = PYTHON_PEERS[name][1]
        if not os.path.exists(self.python):
            return f"no {module} in the peers' folder"
        probe = subprocess.run([self.python, "-c", f"import {module}"], stderr=subprocess.PIPE,
                               check=False)
        return None if probe.returncode == 0 else f"{module} cannot be imported"

    # ---- bellpipe

    def _study(self, name):
        return os.path.join(HERE, name + ".yaml")

    def bell_run(self, study, path, name=RUN):
        return Contender(name, [[f"{self.programs}/bell", "run", self._study(study), path]], ours=True)

    def bell_filters(self, study, path, filters, name=FILTERS):
        stages = [[f"{self.programs}/bell-{f}", "-s", self._study(study)] for f in filters]
        stages[0].append(path)
        return Contender(name, stages, ours=True)

    # ---- peers

    def _python(self, job, path, note=""):
        for name in self.peers:
            if name not in PYTHON_PEERS:
                continue
            shown = PYTHON_PEERS[name][0] + note
            argv = [self.python, os.path.join(PEERS, f"ask_{name}.py"), "--threads", str(self.threads)]
            if job == "records":
                yield Contender(shown, [argv + ["--expert", job, path]])
                continue
            yield Contender(shown, [argv + [job, path]])
            if name not in ONE_QUERY:
                yield Contender(shown + ", expert", [argv + ["--expert", job, path]])

    @staticmethod
    def _text(path):
        """A first stage that unpacks, where there is something to unpack; then the file to read."""
        if not path.endswith(".gz"):
            return [], [path]
        return [[shutil.which("igzip") or "gzip", "-dc", path]], []

    def _limit(self, packed):
        if self.limit:
            yield Contender(LIMIT, [["igzip", "-dc", packed]], discard=True)

    def light(self, path, packed):
        found = [self.bell_run("light", path),
                 self.bell_filters("light", path, ["ingest", "normalize", "aggregate"])]
        found += self._python("light", path)
        unpack, file = self._text(path)
        finish = awk("answers", "figures", "counts", options=["-F", "\t"])
        if "mawk" in self.peers:
            found.append(Contender("mawk", unpack + [awk("csv", "answers", "figures", "light") + file]))
        if "datamash" in self.peers:
            found.append(Contender("datamash", unpack + [awk("csv", "columns") + file, [
                "datamash", "-s", "-g", "1,2", "count", "1"], finish]))
        if "miller" in self.peers:
            found.append(Contender("Miller", unpack + [["mlr", "-S", "--icsv", "--otsv", "count-distinct", "-f",
                                                        "platform,rating"] + file, finish]))
        return found + list(self._limit(packed))

    def main(self, path, packed):
        filters = ["ingest", "normalize", "classify", "aggregate"]
        found = [self.bell_run("main", path), self.bell_filters("main", path, filters),
                 self.bell_run("main-all", path, RUN + ", all columns"),
                 self.bell_filters("main-all", path, filters, FILTERS + ", all columns")]
        found += self._python("main", path)
        if "mawk" in self.peers:
            unpack, file = self._text(path)
            labels = ["-v", f"labels={rule_text(questions.INTENT)}",
                      "-v", f"classes={rule_text(questions.ACCOUNT_CLASS)}"]
            found.append(Contender("mawk", unpack + [awk("csv", "answers", "figures", "main", options=labels)
                                                     + file]))
        return found + list(self._limit(packed))

    def records(self, stream, tsv, parquet):
        """The stored records: of bellpipe its stream, of the peers the same as TSV and as Parquet."""
        aggregate = [f"{self.programs}/bell-aggregate", "-s", self._study("main"), stream]
        found = [Contender(f"bell-aggregate -j{self.threads}", [aggregate + ["-j", str(self.threads)]], ours=True),
                 Contender("bell-aggregate", [aggregate], ours=True)]
        found += self._python("records", tsv, ", TSV")
        if parquet:
            found += self._python("records", parquet, ", Parquet")
        if "mawk" in self.peers:
            unpack, _ = self._text(tsv)
            found.append(Contender("mawk, TSV", unpack + [awk("figures", "records", options=["-F", "\t"])]))
        return found + list(self._limit(stream))
