"""Medians and ratios as Markdown, and the facts of the machine.

A match is one job on one input; its first two contenders are bellpipe's doors, to which all are
compared, round by round: the median of the rounds' ratios, not the ratio of medians.
"""
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from statistics import median

MB = 1e6


@dataclass
class Match:
    title: str   # "main, .csv"
    what: str    # of the input: rows, bytes
    contenders: list
    limit: str   # name of the contender that is no peer but a yardstick
    rounds: dict = field(default_factory=dict)  # name -> [measure.Run, ...]

    def wall(self, name):
        return [run.wall for run in self.rounds[name]]

    def ratio(self, name, reference):
        return [a / b for a, b in zip(self.wall(name), self.wall(reference))]

    def cpu_ratio(self, name, reference):
        return [a.cpu / max(b.cpu, 1e-6) for a, b in zip(self.rounds[name], self.rounds[reference])]


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|---|" + "---:|" * (len(header) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def spread(values, digits):
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def match_table(match):
    doors = [c.name for c in match.contenders[:2]]
    header = ["contender", "wall s (lowest-highest)", "cpu s", "peak MB", "largest process MB",
              *[f"wall / {door}" for door in doors], f"cpu / {doors[0]}"]
    rows = []
    for name, runs in match.rounds.items():
        rows.append([name, spread([r.wall for r in runs], 2), f"{median(r.cpu for r in runs):.2f}",
                     f"{median(r.peak for r in runs) / MB:.1f}", f"{median(r.largest for r in runs) / MB:.1f}",
                     *[spread(match.ratio(name, door), 2) for door in doors],
                     f"{median(match.cpu_ratio(name, doors[0])):.2f}"])
    return f"## {match.title}\n\n{match.what}\n\n" + table(header, rows)


def summary(matches):
    """A row for each of bellpipe's doors, a column for each peer."""
    parts = []
    for job in dict.fromkeys(m.title.split(",")[0] for m in matches):
        mine = [m for m in matches if m.title.split(",")[0] == job]
        peers = list(dict.fromkeys(c.name for m in mine for c in m.contenders if not c.ours and not c.discard))
        rows = []
        for m in mine:
            for door in [c.name for c in m.contenders if c.ours]:
                cells = [f"{median(m.ratio(p, door)):.2f}" if p in m.rounds else "" for p in peers]
                limit = f"{median(m.ratio(door, m.limit)):.2f}" if m.limit in m.rounds else ""
                peak = max(r.peak for r in m.rounds[door]) / MB
                rows.append([f"{m.title}, {door}", f"{median(m.wall(door)):.2f}", f"{peak:.1f}", *cells, limit])
        parts.append(table(["wall time, peer / bellpipe", "bellpipe s", "peak MB", *peers,
                            f"bellpipe / {mine[0].limit}"], rows))
    return "\n".join(parts)


def growth_table(job, runs):
    """runs: {rows: [measure.Run, ...]}"""
    rows = [[f"{count:,}".replace(",", " "), spread([r.wall for r in found], 3),
             f"{median(r.wall for r in found) / count * 1e9:.1f}", f"{median(r.cpu for r in found):.3f}",
             f"{max(r.peak for r in found) / MB:.1f}"] for count, found in sorted(runs.items())]
    return f"## rows, {job}, .csv, bell run\n\n" + table(
        ["rows", "wall s (lowest-highest)", "ns a row", "cpu s", "peak MB"], rows)


# ---- the machine

def first_match(path, pattern):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            hit = re.search(pattern, f.read(), re.M)
            return hit.group(1).strip() if hit else "?"
    except OSError:
        return "?"


def said(argv):
    try:
        out = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
        return out.decode("utf-8", "replace").splitlines()[0].strip()
    except (OSError, IndexError):
        return "?"


def commit(root):
    return said(["git", "-C", root, "describe", "--always", "--dirty"]) if shutil.which("git") else "?"


def facts(programs, python, root, threads):
    cpu = first_match("/proc/cpuinfo", r"^model name\s*:\s*(.*)$")
    memory = int(first_match("/proc/meminfo", r"^MemTotal:\s+(\d+)")) // 1024
    system = first_match("/etc/os-release", r'^PRETTY_NAME="(.*)"')
    flags = first_match(programs + "/config.log", r"^CFLAGS='(.*)'")
    lines = [f"CPU: {cpu}, {threads} usable", f"memory: {memory} MiB",
             f"system: {system}, Linux {platform.release()}",
             f"load before the start: {os.getloadavg()[0]:.2f}",
             f"bellpipe: {said([programs + '/bell', '--version'])}, commit {commit(root)}, CFLAGS {flags}"]
    for argv in (["mlr", "--version"], ["datamash", "--version"], ["mawk", "-W", "version"],
                 ["igzip", "--version"], [python, "--version"]):
        if shutil.which(argv[0]):
            lines.append(f"{os.path.basename(argv[0])}: {said(argv)}")
    if os.path.exists(python):
        packages = subprocess.run([python, "-m", "pip", "freeze", "--disable-pip-version-check"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        lines.append("from PyPI: " + ", ".join(packages.stdout.decode().split()))
    return "".join(f"- {line}\n" for line in lines)
