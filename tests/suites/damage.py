#!/usr/bin/env python3
"""A broken upstream is seen: cut streams, killed filters, flipped bytes.

In every case each filter behind the damage ends with a status other than 0, and a file given
with -o stays as it was.
"""
import os
import random
import signal
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import Suite, says  # noqa: E402

READERS = {"bell-normalize": [], "bell-classify": [], "bell-aggregate": [], "bell-weight": [],
           "bell-weight --margins": ["--margins", "{by: rating, counts: {1: 1000000, 2: 1000000, "
                                    "3: 1000000, 4: 1000000, 5: 1000000}}"],
           "bell-view": ["--check"], "bell-view --count": ["--count"], "bell-view ": []}
PLACES = 100


def blocks(content):
    """Ends of the BGZF blocks."""
    at, ends = 0, []
    while at < len(content):
        size = struct.unpack_from("<H", content, at + 16)[0] + 1
        at += size
        ends.append(at)
    return ends


def make_stream(suite, rows, options=()):
    lines = [b"id,text,rating"]
    rng = random.Random(5)
    for i in range(rows):
        noise = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(60))
        lines.append(f"{i},{noise},{rng.randint(1, 5)}".encode())
    result = suite.run(["bell-ingest", *options], b"\n".join(lines) + b"\n")
    assert result.returncode == 0, result.stderr
    return result.stdout


def refused(suite, name, content, want=3):
    """Every reader ends with the status, from a pipe and from a file, and leaves -o alone."""
    path = suite.write("cut.bell.gz", content)
    bad = []
    for reader, args in READERS.items():
        argv = [reader.split()[0], *args]
        out = suite.write("out", b"as it was")
        to = [] if reader in ("bell-view", "bell-view --count") else ["-o", out]
        for how in ("pipe", "file"):
            result = suite.run(argv + to + ([path] if how == "file" else []),
                               content if how == "pipe" else b"", limit=30)
            # Nothing at all is refused as an input without a header line.
            allowed = (1, 3) if not content else (want,)
            if result.returncode not in allowed or not result.stderr:
                bad.append(f"{' '.join(argv)} from a {how}: {says(result)}")
            if suite.read("out") != b"as it was":
                bad.append(f"{' '.join(argv)} from a {how}: -o was touched")
        if os.listdir(suite.dir) and any(n.startswith(("out.", ".out")) for n in os.listdir(suite.dir)):
            bad.append(f"{' '.join(argv)}: left a temporary file")
    return bad


def cuts(suite, name, content, places):
    bad = []
    for place in places:
        bad += [f"cut at {place}: {b}" for b in refused(suite, name, content[:place])]
    suite.check(f"{name}: cut at {len(places)} places, {len(READERS)} readers, pipe and file",
                places and not bad, "\n".join(bad[:10]))


def truncation(suite):
    packed = make_stream(suite, 4000, ["-z", "1"])
    ends = blocks(packed)
    suite.check("the stream has several blocks", len(ends) >= 4, ends)
    cuts(suite, "blocks", packed, [0] + ends[:-1])
    cuts(suite, "round every block end", packed,
         sorted({e + d for e in ends for d in (-1, 1) if 0 < e + d < len(packed)}))
    small = make_stream(suite, 300, ["-z", "6"])
    step = max(1, len(small) // PLACES)
    cuts(suite, "a hundred places", small, list(range(1, len(small), step))[:PLACES])
    text = make_stream(suite, 30, ["--text"])
    cuts(suite, "plain text", text, list(range(0, len(text), max(1, len(text) // PLACES)))[:PLACES]
         + [len(text) - 1])
    gz = suite.run(["gzip", "-c"], text).stdout
    cuts(suite, "other gzip", gz, list(range(1, len(gz), max(1, len(gz) // 20))))
    # two parts: a cut in the second, or the second without its end block
    both = small + small
    cuts(suite, "two parts", both, [len(small) + n for n in (1, 20, 100, len(small) - 28,
                                                             len(small) - 1)])
    suite.check("the whole stream is good", not [r for r, a in READERS.items() if suite.run(
        [r.split()[0], *a], both).returncode], "")


def flips(suite):
    packed = make_stream(suite, 300, ["-z", "6"])
    rng = random.Random(9)
    bad, silent = [], 0
    for _ in range(150):
        place, bit = rng.randrange(len(packed)), rng.randrange(8)
        broken = bytearray(packed)
        broken[place] ^= 1 << bit
        result = suite.run(["bell-normalize", "--text", "--no-provenance"], bytes(broken), limit=30)
        if result.returncode == 0:
            whole = suite.run(["bell-normalize", "--text", "--no-provenance"], packed)
            silent += 1
            if result.stdout != whole.stdout:
                bad.append(f"bit {bit} of byte {place} changes the answer in silence")
        elif result.returncode not in (1, 3):
            bad.append(f"bit {bit} of byte {place}: {says(result)[:200]}")
    suite.check("150 flipped bits: refused, or without any effect", not bad, "\n".join(bad[:10]))
    suite.check("most flipped bits are refused", silent < 30, silent)


def killed(suite):
    """One filter of a pipeline dies; every later one sees it."""
    names = ["ingest", "normalize", "classify", "aggregate"]
    for victim in (0, 1, 2):
        for how in (signal.SIGKILL, signal.SIGTERM):
            out = suite.write("table.csv", b"as it was")
            # The source stays open, so that nobody ends before the kill.
            read_end, write_end = os.pipe()
            procs, last = [], read_end
            for i, name in enumerate(names):
                argv = [f"bell-{name}"] + (["-o", out] if name == "aggregate" else [])
                proc = subprocess.Popen(argv, stdin=last, env=suite.env, cwd=suite.dir,
                                        stdout=subprocess.PIPE if i < 3 else subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, close_fds=True)
                os.close(last) if i == 0 else procs[-1].stdout.close()
                last = proc.stdout
                procs.append(proc)
            os.write(write_end, b"id,rating\n" + b"1,5\n2,1\n" * 4000)
            time.sleep(0.2)
            procs[victim].send_signal(how)
            time.sleep(0.05)
            os.close(write_end)
            codes = []
            for proc in procs:
                try:
                    codes.append(proc.wait(timeout=20))
                except subprocess.TimeoutExpired:
                    proc.kill()
                    codes.append("hung")
                proc.stderr.read()
            later = codes[victim + 1:]
            suite.check(f"bell-{names[victim]} ends by {how.name}: every later filter fails",
                        all(c not in (0, "hung") for c in later), codes)
            suite.equal(f"bell-{names[victim]} ends by {how.name}: -o untouched", b"as it was",
                        suite.read("table.csv"))
            left = [n for n in os.listdir(suite.dir) if "table.csv" in n and n != "table.csv"]
            suite.check(f"bell-{names[victim]} ends by {how.name}: nothing is left", not left, left)


def interrupted(suite):
    """A signal in the middle leaves neither half a file nor a temporary one."""
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for argv in (["bell-ingest"], ["bell", "pipe", "ingest - | normalize"]):
            folder = suite.path(f"i{how}{len(argv)}")
            os.makedirs(folder, exist_ok=True)
            out = os.path.join(folder, "out")
            with open(out, "wb") as f:
                f.write(b"as it was")
            full = argv + ["-o", out] if len(argv) == 1 else ["bell", "pipe",
                                                              f"ingest - | normalize -o {out}"]
            proc = subprocess.Popen(full, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                                    env=suite.env, cwd=suite.dir)
            proc.stdin.write(b"a,b\n" + b"1,2\n" * 500000)
            proc.stdin.flush()
            time.sleep(0.3)
            proc.send_signal(how)
            try:
                code = proc.wait(timeout=20)
            except subprocess.TimeoutExpired:
                proc.kill()
                code = "hung"
            proc.stdin.close()
            proc.stderr.read()
            suite.check(f"{' '.join(argv)} ends by {how.name}", code == -how, code)
            suite.equal(f"{' '.join(argv)} ends by {how.name}: only -o, as it was", ["out"],
                        os.listdir(folder))
            with open(out, "rb") as f:
                suite.equal(f"{' '.join(argv)} ends by {how.name}: its bytes", b"as it was", f.read())


def read_ahead(suite):
    """Large packed files are read ahead in threads with -j: damage is met as without."""
    rng = random.Random(31)
    rows = "".join(f"{i},{rng.getrandbits(200):x}{'' if i % 99 else chr(34)},{rng.choice('12345')}\n"
                   for i in range(20000))
    plain = suite.write("large.csv", "id,text,rating\n" + rows)
    packed = {"gzip": suite.run(["gzip", "-c", plain]).stdout,
              "bgzip": suite.run(["bgzip", "-c", plain]).stdout}
    bad = []
    for how, content in packed.items():
        suite.check(f"{how}: large enough to be read ahead", len(content) > 500000, len(content))
        for place in [len(content) * n // 9 for n in range(1, 9)] + [len(content) - 5, None]:
            for cut in (True, False):
                broken = bytearray(content[:place] if cut else content)
                if place is not None and not cut:
                    broken[place] ^= 0x55
                suite.write("large.csv.gz", bytes(broken))
                seen = set()
                for threads in (1, 2, 4):
                    result = suite.run(["bell-ingest", f"-j{threads}", "--no-provenance", "-z0",
                                        "--rejects", suite.path("rejects"), "large.csv.gz"])
                    seen.add((result.returncode, result.stderr, result.stdout,
                              suite.read("rejects")))
                if len(seen) != 1 or (result.returncode == 0) != (place is None):
                    bad.append(f"{how} {place} {cut}: {[(r[0], r[1][:200]) for r in seen]}")
    suite.check("the same with -j1, -j2 and -j4", not bad, "\n".join(bad[:10]))


def ends_without_end(suite):
    """A filter that fails writes no #end, so that the next one fails as well."""
    data = b"id,rating\n" + b"1,5\n" * 50000 + b"2,bad\n" + b"3,4\n" * 10
    suite.write("in.csv", data)
    suite.write("out.csv", b"as it was")
    result = suite.shell("bell-ingest in.csv | bell-normalize --from rating --scale stars5 2>e1"
                         " | bell-classify 2>e2 | bell-aggregate -o out.csv 2>e3;"
                         ' echo "${PIPESTATUS[@]}"')
    suite.equal("a bad record in the middle: statuses", b"0 1 3 3\n", result.stdout)
    suite.equal("... and -o untouched", b"as it was", suite.read("out.csv"))
    for name in ("e1", "e2", "e3"):
        suite.equal(f"... one line of message ({name})", 1, suite.read(name).count(b"\n"))


def main():
    suite = Suite()
    for part in (truncation, flips, killed, interrupted, read_ahead, ends_without_end):
        part(suite)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
