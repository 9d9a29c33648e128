"""Runs a pipeline once and measures it.

    run = measure.run([["bell-ingest", ...], ["bell-aggregate", ...]], scratch, env)
    run.wall, run.cpu        seconds; cpu is user + system of all its processes
    run.peak, run.largest    bytes: sum of the processes' peaks, and the highest of them
    run.output               what the last process printed, as text

A process may tell on standard error that its work begins only now (`ready TIME CPU`, see
peers/start.py): what lies before is not counted.  Raises Failed if one ends with another status
than 0.

Peaks come from GNU time.  Those that the kernel gives for a child of Python are never below what
Python itself held when it started the child; GNU time is small and starts the child anew.
"""
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass


class Failed(Exception):
    pass


@dataclass
class Run:
    wall: float
    cpu: float
    peak: int
    largest: int
    output: str


def missing():
    """What must be installed before anything can be measured, or None."""
    return None if shutil.which("time") else "GNU time (Debian: time)"


def run(stages, scratch, env, discard=False):
    """discard: the output goes to /dev/null."""
    logs = [os.path.join(scratch, f"peak.{i}") for i in range(len(stages))]
    errors = [os.path.join(scratch, f"errors.{i}") for i in range(len(stages))]
    output = os.path.join(scratch, "output")
    started, feed = [], subprocess.DEVNULL
    begin = time.monotonic()
    for i, argv in enumerate(stages):
        last = i + 1 == len(stages)
        with open(errors[i], "wb") as err, open(os.devnull if discard else output, "wb") as out:
            proc = subprocess.Popen(["time", "-f", "%M", "-o", logs[i]] + argv, stdin=feed, env=env,
                                    stdout=out if last else subprocess.PIPE, stderr=err)
        if feed != subprocess.DEVNULL:
            feed.close()
        feed = proc.stdout
        started.append(proc)
    cpu, statuses = 0.0, []
    for proc in started:
        _, status, usage = os.wait4(proc.pid, 0)
        proc.returncode = os.waitstatus_to_exitcode(status)
        statuses.append(proc.returncode)
        cpu += usage.ru_utime + usage.ru_stime
    end = time.monotonic()
    for argv, status, path in zip(stages, statuses, errors):
        if status != 0:
            raise Failed(f"{' '.join(argv)[:200]} ended with status {status}\n{tail(path)}")
    for path in errors:
        ready = re.search(r"^ready (\S+) (\S+)$", tail(path), re.M)
        if ready:
            begin, cpu = float(ready.group(1)), cpu - float(ready.group(2))
    peaks = [int(read(path).split()[-1]) * 1024 for path in logs]
    return Run(end - begin, cpu, sum(peaks), max(peaks), "" if discard else read(output))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def tail(path):
    return read(path)[-4000:]
