#!/usr/bin/env python3
"""System calls that fail: status 4, one message, nothing left behind, -o as it was.

inject.c is compiled into a library that is preloaded; it fails calls on files by name.
"""
import errno
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
from bell_test import PROGRAMS, Suite, says  # noqa: E402

STUDY = """
study: faults
ingest:
  ragged: reject
  fields:
    id: {column: id, type: id}
    time: {column: t, type: time, zone: Europe/London}
    who: {column: who, pseudonym: person}
    rating: {column: rating}
    text: {column: text}
normalize:
  nfc: [text]
  unique: id
  score: {from: rating, scale: stars5, unknown: missing}
classify:
  packs: [pack.yaml]
weight:
  margins: [m.csv]
  report: zreport
aggregate:
  by: [who, topic]
  every: week
  zone: Europe/London
  stats: full
  complete: {topic: topics.csv}
estimate:
  population: {file: people.csv}
  probe: {file: probe.csv}
  tilts: [0]
"""
PACK = """
labels:
  topic: {from: text, rules: [{label: staff, any: [driver], regex: "a.c"}, {label: two, any: [x]}], else: other}
"""


def folder(suite, name):
    """A fresh folder with one of everything."""
    path = suite.path(name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)

    def put(name, content, mode=0o644):
        with open(os.path.join(path, name), "wb") as f:
            f.write(content.encode() if isinstance(content, str) else content)
        os.chmod(f.name, mode)

    put("s.yaml", STUDY)
    put("pack.yaml", PACK)
    put("m.csv", "topic,population\nstaff,90000\n")
    put("probe.csv", "topic,n_1,n_2,n_3,n_4,n_5\nstaff,30,40,50,40,30\n")
    put("people.csv", "who,topic,population\nu1,staff,90000\n")
    put("topics.csv", "topic\nstaff\nnone\n")
    put("key", "k" * 40, 0o600)
    rows = "".join(f"{i},2015-01-{i % 28 + 1:02}T00:00:00,u{i % 9},{i % 6},caf\u00e9 driver abc {i}\n"
                   for i in range(600))
    put("in.csv", "id,t,who,rating,text\n" + rows + "ragged\n")
    return path


def library(suite):
    out = suite.path("inject.so")
    compiler = next((c for c in (os.environ.get("CC"), "gcc", "cc", "clang") if c and shutil.which(c)),
                    None)
    if compiler is None:
        return None
    result = suite.run([compiler, "-std=c17", "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o", out,
                        os.path.join(HERE, "inject.c"), "-ldl"])
    suite.check("the library compiles", result.returncode == 0, says(result))
    return out if result.returncode == 0 else None


def prepare(suite, place):
    """Streams for the later filters."""
    result = suite.shell("bell-ingest -q -s s.yaml --key-file key --rejects r0 -o one.bell.gz in.csv &&"
                         " bell-normalize -s s.yaml -o two.bell.gz one.bell.gz &&"
                         " bell-classify -s s.yaml -o three.bell.gz two.bell.gz &&"
                         " bell-aggregate -s s.yaml --keys-disjoint --partial -o four.part"
                         " three.bell.gz && bell-aggregate -s s.yaml -o table.csv three.bell.gz",
                         cwd=place)
    return suite.check("without faults everything works", result.returncode == 0
                       and not result.stderr, says(result))


RUNS = {
    "ingest": ["bell-ingest", "-s", "s.yaml", "-q", "--key-file", "key", "--rejects", "rej", "-o",
               "zoutput", "in.csv"],
    "normalize": ["bell-normalize", "-s", "s.yaml", "-o", "zoutput", "one.bell.gz"],
    "classify": ["bell-classify", "-s", "s.yaml", "-o", "zoutput", "two.bell.gz"],
    "weight": ["bell-weight", "-s", "s.yaml", "-o", "zoutput", "three.bell.gz"],
    "aggregate": ["bell-aggregate", "-s", "s.yaml", "-o", "zoutput", "three.bell.gz"],
    "aggregate --partial": ["bell-aggregate", "-s", "s.yaml", "--keys-disjoint", "--partial", "-o",
                            "zoutput", "three.bell.gz"],
    "aggregate --merge": ["bell-aggregate", "-s", "s.yaml", "--merge", "-o", "zoutput", "four.part"],
    "estimate": ["bell-estimate", "-s", "s.yaml", "-o", "zoutput", "table.csv"],
    "estimate of partials": ["bell-estimate", "-s", "s.yaml", "-j", "2", "-o", "zoutput",
                             "four.part"],
    "view": ["bell-view", "--to", "csv", "-o", "zoutput", "three.bell.gz"],
    "view --through": ["bell-view", "--through", "cat", "-o", "zoutput", "three.bell.gz"],
    "run": ["bell", "run", "s.yaml", "in.csv", "-q", "--key-file", "key", "--rejects", "rej",
            "-o", "zoutput"],
    "run -j2": ["bell", "run", "-j2", "s.yaml", "in.csv", "-q", "--key-file", "key", "--rejects",
                "rej", "-o", "zoutput"],
    "sample": ["bell-sample", "--rows", "500", "--truth", "ztruth", "-o", "zoutput"],
}


STUDY_FILES = ("s.yaml", "pack.yaml", "topics.csv", "m.csv", "probe.csv",
               "people.csv", "key")


def left_over(place, before):
    return sorted(set(os.listdir(place)) - before - {"rej", "fault.log", "ztruth", "zreport"})


def inject(suite, place, argv, fault, lib, stdout=None):
    log = os.path.join(place, "fault.log")
    if os.path.exists(log):
        os.unlink(log)
    result = suite.run(argv, env={"LD_PRELOAD": lib, "BELL_FAULT": fault, "BELL_FAULT_LOG": log},
                       cwd=place, limit=60, stdout=stdout)
    return result, os.path.exists(log)


def one_file_faults(suite, place, lib):
    for run, argv in RUNS.items():
        inputs = [a for a in argv[1:] if a in ("in.csv", "one.bell.gz", "two.bell.gz",
                                               "three.bell.gz", "four.part", "table.csv",
                                               "s.yaml", "key")]
        if "s.yaml" in inputs and run.split()[0] in ("classify", "run"):
            inputs.append("pack.yaml")
        if "s.yaml" in inputs and run.split()[0] in ("aggregate", "run") and "partial" not in run:
            inputs.append("topics.csv")
        if "s.yaml" in inputs and run.split()[0] in ("weight", "run"):
            inputs.append("m.csv")
        if run.split()[0] == "estimate":
            inputs += ["probe.csv", "people.csv"]
        faults = [("read", name, n, errno.EIO) for name in inputs for n in (1, 2)]
        faults += [("open", name, 1, errno.EACCES) for name in inputs]
        faults += [("write", "zoutput", 1, errno.ENOSPC), ("write", "zoutput", 2, errno.EIO),
                   ("fsync", "zoutput", 1, errno.EIO), ("close", "zoutput", 1, errno.EIO),
                   ("rename", "zoutput", 1, errno.EACCES), ("open", "zoutput", 1, errno.EACCES)]
        if "--rejects" in argv:
            faults += [("write", "/rej", 1, errno.ENOSPC), ("close", "/rej", 1, errno.EIO)]
        if run.split()[0] in ("weight", "run"):
            faults += [("write", "zreport", 1, errno.ENOSPC), ("fsync", "zreport", 1, errno.EIO),
                       ("rename", "zreport", 1, errno.EACCES), ("open", "zreport", 1, errno.EACCES)]
        if "--truth" in argv:
            faults += [("write", "ztruth", 1, errno.ENOSPC), ("close", "ztruth", 1, errno.EIO)]
        for call, name, nth, code in faults:
            with open(os.path.join(place, "zoutput"), "wb") as f:
                f.write(b"as it was")
            before = set(os.listdir(place))
            result, hit = inject(suite, place, argv, f"{call}:{name}:{nth}:{code}", lib)
            label = f"{run}: {call} {nth} of {name.strip('/')} fails"
            if not hit:
                if nth == 1 and call != "open":
                    suite.check(f"{label}: the call was met", False, says(result))
                continue
            # What the study names and is not to be opened may be a slip of the study: status 2.
            allowed = (2, 4) if call == "open" and name in STUDY_FILES else (4,)
            suite.check(f"{label}: status 4 and one message", result.returncode in allowed
                        and result.stderr.count(b"\n") == 1, says(result))
            with open(os.path.join(place, "zoutput"), "rb") as f:
                suite.check(f"{label}: -o as it was", f.read() == b"as it was")
            left = left_over(place, before)
            suite.check(f"{label}: nothing left behind", not left, left)
            for name in left:
                os.unlink(os.path.join(place, name))


def standard_output(suite, place, lib):
    for run, argv in RUNS.items():
        if "-o" not in argv:
            continue
        at = argv.index("-o")
        plain = argv[:at] + argv[at + 2:]
        for call, code in (("write", errno.EIO), ("close", errno.EIO)):
            with open(os.path.join(place, "stdout.file"), "wb") as f:
                result, hit = inject(suite, place, plain, f"{call}:stdout.file:1:{code}", lib, f)
            if hit:
                suite.check(f"{run}: {call} of standard output fails: status 4", result.returncode == 4
                            and result.stderr, says(result))
            elif call == "write":
                suite.check(f"{run}: standard output is written", False, says(result))
    for program in PROGRAMS:
        with open(os.path.join(place, "stdout.file"), "wb") as f:
            result, hit = inject(suite, place, [program, "--help"],
                                 f"write:stdout.file:1:{errno.EIO}", lib, f)
        if hit:
            suite.check(f"{program} --help: a write that fails is status 4", result.returncode == 4,
                        says(result))


def short_moves(suite, place, lib):
    """Short reads and writes, and interrupted ones, change nothing."""
    for run, argv in RUNS.items():
        if run.startswith("view --through"):
            continue
        result = suite.run(argv, cwd=place)
        if not suite.check(f"{run}: works", result.returncode == 0, says(result)):
            continue
        with open(os.path.join(place, "zoutput"), "rb") as f:
            want = f.read()
        for name in [a for a in argv if a.endswith((".csv", ".gz", ".part"))] + ["zoutput"]:
            result, hit = inject(suite, place, argv, f"short:{name}:0:0", lib)
            with open(os.path.join(place, "zoutput"), "rb") as f:
                got = f.read()
            if hit:
                suite.check(f"{run}: short and interrupted moves of {name.strip('/')}: same bytes",
                            result.returncode == 0 and not result.stderr and got == want,
                            says(result))
            else:
                suite.check(f"{run}: moves of {name.strip('/')} are met", False)


def allocations(suite, place, lib):
    """Memory ends at the n-th allocation: status 4, no crash, -o as it was."""
    for run, argv in RUNS.items():
        bad, nth, step, tried, hit = [], 1, 1, 0, True
        while hit and tried < 120:
            with open(os.path.join(place, "zoutput"), "wb") as f:
                f.write(b"as it was")
            before = set(os.listdir(place))
            result, hit = inject(suite, place, argv, f"alloc::{nth}:0", lib)
            tried += 1
            with open(os.path.join(place, "zoutput"), "rb") as f:
                kept = f.read() == b"as it was"
            if hit and result.returncode == 0 and not kept:
                pass  # nothing that matters was wanting (a message's buffer, say)
            elif hit and (result.returncode != 4 or not result.stderr or not kept
                          or left_over(place, before)):
                bad.append(f"allocation {nth}: kept {kept}, left {left_over(place, before)}, "
                           + says(result))
            for name in left_over(place, before):
                os.unlink(os.path.join(place, name))
            nth += step
            step = step + 1 if tried > 60 else 1
        suite.check(f"{run}: memory ends at {tried} places", not bad, "\n".join(bad[:6]))


def main():
    suite = Suite()
    with open(os.path.join(suite.build, "bell-ingest"), "rb") as f:
        if b"__asan_init" in f.read():
            suite.skip("faults", "preloading and sanitizers do not go together")
            return suite.end()
    lib = library(suite)
    if lib is None:
        suite.skip("faults", "no compiler here")
        return suite.end()
    place = folder(suite, "place")
    if not prepare(suite, place):
        return suite.end()
    one_file_faults(suite, place, lib)
    standard_output(suite, place, lib)
    short_moves(suite, place, lib)
    allocations(suite, place, lib)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
