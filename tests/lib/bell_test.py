"""What the test suites share: where things stand, a fixed environment, TAP output.

    suite = Suite()
    suite.check("name", condition, "what was seen")
    suite.skip("name", "why")
    sys.exit(suite.end())

Suites are started by tests/run, and can be run by hand as well.
"""
import csv
import gzip
import io
import os
import signal
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(TESTS)
# Real files and truth tables, and beside them what belongs to the statistics; seldom there.
REAL_DATA = os.environ.get("BELL_REAL_DATA") or os.path.join(ROOT, "..", "shared", "data")
STATISTICS = os.path.join(REAL_DATA, "..", "stats")
FILTERS = ["bell-ingest", "bell-normalize", "bell-classify", "bell-weight", "bell-aggregate",
           "bell-view"]
PROGRAMS = FILTERS + ["bell-claim", "bell-estimate", "bell-plot", "bell-sample", "bell"]

# Under nohup, or in the background of a script, signals arrive ignored and would stay so.
for _signal in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    if signal.getsignal(_signal) == signal.SIG_IGN:
        signal.signal(_signal, signal.SIG_DFL)


def find_build(given=None):
    """The folder of the built programs: as given, $BELL_BUILD, build/, here, or the checkout."""
    for folder in (given, os.environ.get("BELL_BUILD"), os.path.join(ROOT, "build"), os.getcwd(),
                   ROOT):
        if folder and os.path.exists(os.path.join(folder, "bell-ingest")):
            return os.path.abspath(folder)
    sys.exit("tests: no built programs found; build first, or name the folder with --build DIR")


def environment(programs):
    """The environment of every test: nothing of the caller's taste is left."""
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("LC_", "BELL_", "ARGP_"))
           or k in ("BELL_REAL_DATA", "BELL_BUILD", "BELL_SLOW")}
    for name in ("LANG", "LANGUAGE", "POSIXLY_CORRECT", "GZIP", "LOCPATH"):
        env.pop(name, None)
    path = [p for p in env.get("PATH", "").split(os.pathsep) if p] or ["/usr/bin", "/bin"]
    if path[0] != programs:
        path.insert(0, programs)
    env.update(PATH=os.pathsep.join(path), LC_ALL="C", TZ="UTC0", COLUMNS="80",
               ARGP_HELP_FMT="rmargin=79", TESTS=TESTS, ROOT=ROOT,
               PYTHONDONTWRITEBYTECODE="1", PYTHONUTF8="1", PYTHONIOENCODING="utf-8")
    env["BELL_DATADIR"] = os.path.join(ROOT, "pipelines")  # not those of an older installation
    return env


def estimator_cases(suite, data):
    """The program that runs files of cases; None if it or the data is not there, which is told."""
    program = os.path.join(suite.build, "tests", "unit", "estimator-cases")
    if not os.path.exists(data):
        suite.skip("estimator cases", "no data here")
    elif not os.path.exists(program):
        suite.skip("estimator cases", "estimator-cases is not built here")
    else:
        return program
    return None


class Suite:
    def __init__(self):
        self.build = find_build()
        self.env = environment(self.build)
        self.count = self.failed = 0
        self.scratch = tempfile.TemporaryDirectory(prefix="bell-suite.")
        self.dir = self.scratch.name

    # -- results
    def check(self, name, good, detail=""):
        self.count += 1
        if good:
            print(f"ok - {name}")
        else:
            self.failed += 1
            print(f"not ok - {name}")
            for line in str(detail).splitlines()[:40]:
                print(f"# {line[:400]}")
        sys.stdout.flush()
        return bool(good)

    def equal(self, name, want, got):
        return self.check(name, want == got, f"expected {want!r:.300}\nseen     {got!r:.300}")

    def skip(self, name, why):
        self.count += 1
        print(f"ok - {name} # SKIP {why}", flush=True)

    def end(self):
        print(f"1..{self.count}", flush=True)
        self.scratch.cleanup()
        return 1 if self.failed else 0

    # -- running
    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def run(self, argv, data=b"", limit=120, env=None, cwd=None, stdout=None, **kw):
        """Runs one command; has .returncode, .stdout, .stderr (bytes); -1000 when it hung."""
        full = dict(self.env)
        full.update(env or {})
        feed = {"input": data} if "stdin" not in kw else {}
        try:
            return subprocess.run(argv, stdout=subprocess.PIPE if stdout is None else stdout,
                                  stderr=subprocess.PIPE, env=full, cwd=cwd or self.dir,
                                  timeout=limit, **feed, **kw)
        except subprocess.TimeoutExpired as late:
            return subprocess.CompletedProcess(argv, -1000, late.stdout or b"",
                                               (late.stderr or b"") + b"(hung)")

    def shell(self, script, limit=120, env=None, cwd=None):
        """Runs a shell script in a group of its own, all of which dies with it."""
        full = dict(self.env)
        full.update(env or {})
        proc = subprocess.Popen(["bash", "-c", script], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=full,
                                cwd=cwd or self.dir, start_new_session=True)
        try:
            out, err = proc.communicate(timeout=limit)
            return subprocess.CompletedProcess(script, proc.returncode, out, err)
        except subprocess.TimeoutExpired:
            os.killpg(proc.pid, signal.SIGKILL)
            out, err = proc.communicate()
            return subprocess.CompletedProcess(script, -1000, out, err + b"(hung)")


def says(result):
    """Status and messages of a run, for the detail of a failed check."""
    return (f"status {result.returncode}\n" + result.stderr.decode("utf-8", "backslashreplace")
            + (result.stdout or b"")[:600].decode("utf-8", "backslashreplace"))


def table(content):
    """A CSV as a list of dicts."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def unzip(content):
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


UNESCAPE = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


def unescape(cell):
    """A cell of a record stream as text; None if missing."""
    if cell == "\\N":
        return None
    out, i = [], 0
    while i < len(cell):
        if cell[i] == "\\" and i + 1 < len(cell):
            i += 1
            out.append(UNESCAPE.get(cell[i], cell[i]))
        else:
            out.append(cell[i])
        i += 1
    return "".join(out)


class Stream:
    """A record stream taken apart by a reader that shares no code with bellpipe."""

    def __init__(self, content):
        text = unzip(content).decode("utf-8")
        self.lines = text.split("\n")
        assert self.lines.pop() == "", "no newline at the end"
        self.header, self.records, self.end = [], [], None
        self.fields, self.types = [], []
        for line in self.lines:
            if line.startswith("#"):
                kind, _, rest = line.partition("\t")
                if kind == "#fields":
                    self.fields = rest.split("\t")
                elif kind == "#types":
                    self.types = rest.split("\t")
                elif kind == "#end":
                    self.end = dict(part.split("=") for part in rest.split("\t"))
                    self.end = {k: int(v) for k, v in self.end.items()}
                self.header.append((kind, rest))
            else:
                self.records.append([unescape(c) for c in line.split("\t")])

    def column(self, name):
        i = self.fields.index(name)
        return [r[i] for r in self.records]

    def kinds(self, kind):
        return [rest for k, rest in self.header if k == kind]
