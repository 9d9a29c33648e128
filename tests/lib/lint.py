"""What the lint checks share: the files of the tree, C without comments and strings, TAP."""
import os
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GENERATED = re.compile(r"(^|/)(configure~?|Makefile\.in|aclocal\.m4|config\.h\.in~?|depcomp|compile|"
                       r"install-sh|missing|config\.(guess|sub)|test-driver|ar-lib|COPYING|INSTALL)$"
                       r"|^m4/|^build|^autom4te\.cache/|/\.deps/|\.o$|__pycache__")


def tree():
    """Paths of all files that belong to the project, relative to its top."""
    if os.path.exists(os.path.join(ROOT, ".git")) and shutil.which("git"):
        git = subprocess.run(["git", "-C", ROOT, "-c", f"safe.directory={ROOT}", "ls-files", "-z",
                              "--cached", "--others", "--exclude-standard"], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, check=False)
        if git.returncode == 0:
            names = git.stdout.decode().split("\0")
            return sorted({n for n in names if n and not GENERATED.search(n)
                           and os.path.isfile(os.path.join(ROOT, n))})
    found = []
    for folder, dirs, files in os.walk(ROOT):
        dirs[:] = [d for d in dirs if d not in (".git", "autom4te.cache", "__pycache__")
                   and not os.path.exists(os.path.join(folder, d, "config.status"))]
        for f in files:
            name = os.path.relpath(os.path.join(folder, f), ROOT)
            if not GENERATED.search(name):
                found.append(name)
    return sorted(found)


def sources(folders, endings):
    return [n for n in tree() if n.split("/")[0] in folders and n.endswith(endings)]


def text_of(name):
    with open(os.path.join(ROOT, name), "rb") as f:
        return f.read().decode("utf-8", "surrogateescape")


def bare_c(text):
    """C with the insides of comments, strings and characters blanked; lines stay where they are."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        word = match.group(0)
        if word[0] == "/":
            return re.sub(r"[^\n]", " ", word)
        return word[0] + " " * (len(word) - 2) + word[-1]
    return pattern.sub(blank, text)


class Lint:
    def __init__(self):
        self.count = self.failed = 0

    @staticmethod
    def at(*names):
        return os.path.join(ROOT, *names)

    def check(self, name, good, detail=""):
        self.count += 1
        if good:
            print(f"ok - {name}")
            return
        self.failed += 1
        print(f"not ok - {name}")
        for line in str(detail).splitlines()[:40]:
            print(f"# {line[:300]}")

    def report(self, name, faults):
        self.check(name, not faults, "\n".join(faults))

    def skip(self, name, why):
        self.count += 1
        print(f"ok - {name} # SKIP {why}")

    def end(self):
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0
