#!/usr/bin/env python3
"""Tables over all programs: what every one of them does alike."""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import FILTERS, PROGRAMS, Suite, says  # noqa: E402

CSV = b"id,rating\n1,5\n2,1\n"
# A run of each filter that reads standard input: its arguments.
READERS = {"bell-ingest": [], "bell-normalize": [], "bell-classify": [],
           "bell-weight": ["--margins", "{by: rating, counts: {5: 10, 1: 10}}"], "bell-aggregate": [],
           "bell-view": []}


def stream(suite):
    return suite.run(["bell-ingest"], CSV).stdout


def full_disk(suite, argv, data=b""):
    with open("/dev/full", "wb") as full:
        return suite.run(argv, data, stdout=full)


def usage(suite):
    for program in PROGRAMS:
        for word in ("--no-such-option", "--no-such=1", "-@"):
            result = suite.run([program, word])
            suite.check(f"{program} {word}: status 2, names it, nothing on stdout",
                        result.returncode == 2 and not result.stdout
                        and word.lstrip("-").split("=")[0].encode() in result.stderr
                        and result.stderr.startswith(program.encode() + b": "), says(result))
        for word in ("--help", "--usage", "--version"):
            result = suite.run([program, word])
            suite.check(f"{program} {word}: status 0, all on stdout",
                        result.returncode == 0 and result.stdout and not result.stderr,
                        says(result))
            full = full_disk(suite, [program, word])
            suite.check(f"{program} {word} >/dev/full: status 4",
                        full.returncode == 4 and full.stderr, says(full))
        text = suite.run([program, "--version"]).stdout
        suite.check(f"{program} --version names program and version",
                    re.match(rb"%s \(?[\w ]*\)? ?\d+\.\d+" % program.encode(), text), text)


def help_and_table(suite):
    """--help shows each option that is taken, and each one shown is taken."""
    for program in PROGRAMS:
        text = suite.run([program, "--help"]).stdout.decode()
        shown = {}
        for line in text.splitlines():
            if re.match(r"^\s{1,8}-", line):
                options = re.split(r"\s{2,}", line.strip())[0]  # without what they are for
                for name, argument in re.findall(r"--([a-z][a-z-]+)(\[?=[^\s,]+)?", options):
                    shown.setdefault(name, argument)
        if program != "bell":
            suite.check(f"{program} --help shows options", {"help", "usage", "version"} <= set(shown),
                        text)
        wide = [line for line in text.splitlines() if len(line) > 80]
        suite.check(f"{program} --help: no line over 80 columns", not wide, "\n".join(wide))
        for name, argument in sorted(shown.items()):
            if argument and not argument.startswith("["):
                # An option that wants a value says so without one; an unknown one says other.
                result = suite.run([program, f"--{name}"])
                suite.check(f"{program} --{name} without its value: status 2",
                            result.returncode == 2 and name.encode() in result.stderr
                            and b"unknown option" not in result.stderr, says(result))
        if program in READERS:
            for name, argument in sorted(shown.items()):
                if argument or name in ("help", "usage", "version"):
                    continue
                result = suite.run([program, f"--{name}", "--check-study"])
                suite.check(f"{program} --{name} is taken",
                            b"unknown option" not in result.stderr, says(result))
        letters = set(re.findall(r"^\s{1,4}-(\w),", text, re.M))
        for letter in "@%":
            suite.check(f"{program}: -{letter} is no option", letter not in letters)


def operands(suite):
    data = {p: stream(suite) for p in READERS}
    data["bell-ingest"] = CSV
    for program, args in READERS.items():
        plain = suite.run([program, *args], data[program])
        for words in (["-"], ["--", "-"], ["--"]):
            result = suite.run([program, *args, *words], data[program])
            same = [re.sub(rb"#program.*\n", b"", unpacked(x.stdout)) for x in (plain, result)]
            suite.check(f"{program} {' '.join(words)}: reads standard input",
                        plain.returncode == result.returncode == 0 and same[0] == same[1]
                        and not result.stderr, says(result))
        suite.write("--odd name", data[program])
        result = suite.run([program, *args, "--", "--odd name"])
        suite.check(f"{program} -- '--odd name': a file", result.returncode == 0, says(result))
        result = suite.run([program, *args, "no such file"])
        suite.check(f"{program} 'no such file': status 4, named",
                    result.returncode == 4 and b"no such file" in result.stderr
                    and not unpacked_or(result.stdout).count(b"\n#end"), says(result))
        result = suite.run([program, *args, "."])
        suite.check(f"{program} on a folder: status 4", result.returncode == 4, says(result))
        result = suite.shell(f"{program} <&-")
        suite.check(f"{program} with closed stdin: status 4 or 3",
                    result.returncode in (3, 4) and result.stderr, says(result))


def unpacked(content):
    import gzip
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def unpacked_or(content):
    try:
        return unpacked(content)
    except Exception:
        import zlib
        return zlib.decompressobj(31).decompress(content)


def broken_outputs(suite):
    data = {p: stream(suite) for p in READERS}
    data["bell-ingest"] = CSV
    for program, args in READERS.items():
        result = full_disk(suite, [program, *args], data[program])
        suite.check(f"{program} >/dev/full: status 4, says so",
                    result.returncode == 4 and b"No space left" in result.stderr, says(result))
        suite.write("input", data[program])
        result = suite.shell(f"{program} input >&-")
        suite.check(f"{program} with closed stdout: status 4, says so",
                    result.returncode == 4 and result.stderr, says(result))
        suite.write("kept", b"kept")
        result = suite.run([program, *args, "-o", "/dev/full"], data[program])
        suite.check(f"{program} -o /dev/full: status 4", result.returncode == 4, says(result))
    for argv in (["bell-sample", "--rows", "10"], ["bell", "--help"]):
        result = full_disk(suite, argv)
        suite.check(f"{' '.join(argv)} >/dev/full: status 4", result.returncode == 4, says(result))


def endless(suite):
    """An input without end into a full disk stops soon."""
    sources = {"bell-ingest": "printf 'a,b\\n'; yes 1,2",
               "bell-normalize": None, "bell-classify": None, "bell-view": None}
    head = "printf '#bell\\t1\\n#fields\\ta\\tb\\n#types\\tstr\\tstr\\n'; yes \"$(printf '1\\t2')\""
    for program, source in sources.items():
        start = time.monotonic()
        # `timeout` gives 124 if the program does not stop by itself.
        result = suite.shell(f"{{ {source or head}; }} 2>/dev/null | timeout 20 {program} >/dev/full;"
                             " exit ${PIPESTATUS[1]}", limit=40)
        suite.check(f"{program}: endless input into /dev/full ends soon, with status 4",
                    result.returncode == 4 and time.monotonic() - start < 10, says(result))
        result = suite.shell(f"{{ {source or head}; }} 2>/dev/null | timeout 20 {program} --text"
                             " | head -n 6 | wc -l; echo ${PIPESTATUS[1]}", limit=40)
        suite.check(f"{program} | head: silent, SIGPIPE",
                    result.stdout.split() == [b"6", b"141"] and not result.stderr, says(result))
    result = suite.shell("timeout 20 bell-sample --rows 100000000 --population 1000 2>err | head -n 2 |"
                         " wc -l; echo ${PIPESTATUS[0]}; cat err", limit=40)
    suite.check("bell-sample | head: silent, SIGPIPE", result.stdout.split() == [b"2", b"141"],
                says(result))


def responsive(suite):
    """A FIFO that delivers slowly: what came is read at once, nothing is lost."""
    result = suite.shell("{ printf 'a,b\\n1,2\\n'; sleep 0.3; printf '3,'; sleep 0.3; printf '4\\n'; }"
                         " | bell-ingest | bell-normalize | bell-view --count")
    suite.check("slow writer: nothing lost", result.stdout == b"2\n" and not result.stderr,
                says(result))
    result = suite.shell("mkfifo fifo; bell-ingest -o fifo <<'END' & bell-view --count fifo; wait $!\n"
                         "a\n1\n2\n3\nEND")
    suite.check("-o to a FIFO is written straight", result.stdout == b"3\n"
                and result.returncode == 0, says(result))
    suite.check("... and the FIFO stays one", os.path.exists(suite.path("fifo"))
                and not os.path.isfile(suite.path("fifo")))


def silent_pipe(suite):
    """A bad record ends the run at once, though other workers wait for a pipe that falls silent."""
    fifo = suite.path("silent")
    os.mkfifo(fifo)
    rows = b"".join(b"%d,5\n" % i for i in range(100000))
    for threads in (1, 2, 4):
        process = subprocess.Popen(["bell-ingest", f"-j{threads}", fifo, "-o", suite.path("o.bell")],
                                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=suite.env)
        with open(fifo, "wb") as writer:
            try:
                writer.write(b"id,rating\n" + rows + b'7,"x"y\n' + rows)
                writer.flush()
            except BrokenPipeError:
                pass
            try:
                said = process.communicate(timeout=20)[1]
            except subprocess.TimeoutExpired:
                process.kill()
                said = b"timeout " + process.communicate()[1]
            suite.check(f"-j{threads}: a bad record before silence ends the run",
                        process.returncode == 1 and b":100002:2: " in said, said.decode())
            try:
                writer.close()
            except BrokenPipeError:
                pass


def terminal(suite):
    """Compressed bytes go to no terminal without -f."""
    if subprocess.run(["which", "script"], stdout=subprocess.DEVNULL, check=False).returncode:
        suite.skip("terminal", "no script(1) here")
        return
    if subprocess.run(["script", "-qec", "true", "/dev/null"], stdin=subprocess.DEVNULL,
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                      check=False).returncode:
        suite.skip("terminal", "no pseudo-terminal can be had here")
        return
    suite.write("in.csv", CSV)
    result = suite.shell("script -qec 'bell-ingest in.csv' /dev/null </dev/null")
    suite.check("compressed data to a terminal: status 2, nothing of it",
                result.returncode == 2 and b"\x1f\x8b" not in result.stdout, says(result))
    result = suite.shell("script -qec 'bell-ingest -f in.csv' /dev/null </dev/null")
    suite.check("... with -f it is written", result.returncode == 0 and b"\x1f\x8b" in result.stdout,
                says(result))
    result = suite.shell("script -qec 'bell-ingest --text in.csv' /dev/null </dev/null")
    suite.check("... plain text may go there", result.returncode == 0 and b"#end" in result.stdout,
                says(result))


def progress(suite):
    suite.write("in.csv", b"a,b\n" + b"1,2\n" * 1000)
    for program in READERS:
        if program == "bell-view":
            continue
        data = CSV if program == "bell-ingest" else stream(suite)
        quiet = suite.run([program, "--progress=never"], data)
        suite.check(f"{program} --progress=never: nothing on stderr",
                    quiet.returncode == 0 and not quiet.stderr, says(quiet))
        auto = suite.run([program], data)
        suite.check(f"{program}: no progress where stderr is no terminal", not auto.stderr,
                    says(auto))
    result = suite.run(["bell-ingest", "--progress=always", "in.csv"])
    suite.check("bell-ingest --progress=always says something on stderr",
                result.returncode == 0 and result.stderr, says(result))


def main():
    suite = Suite()
    assert set(READERS) == set(FILTERS)
    for part in (usage, help_and_table, operands, broken_outputs, endless, responsive, silent_pipe,
                 terminal, progress):
        part(suite)
    return suite.end()


if __name__ == "__main__":
    sys.exit(main())
