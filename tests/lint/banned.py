#!/usr/bin/env python3
"""Calls that have no place in bellpipe, each with its reason.

A line that must have one says so behind it or above it: /* lint: NAME because ... */
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from lint import Lint, bare_c, sources, text_of  # noqa: E402

BANNED = {
    "strtok": "keeps hidden state and loses empty fields",
    "strtok_r": "loses empty fields",
    "atoi": "sees no errors; use base/number.h",
    "atol": "sees no errors; use base/number.h",
    "atoll": "sees no errors; use base/number.h",
    "atof": "sees no errors and follows the locale; use base/number.h",
    "strtod": "follows the locale; use base/number.h",
    "strtold": "follows the locale; use base/number.h",
    "strtol": "takes blanks and signs that the grammar does not know; use base/number.h",
    "strtoul": "turns -1 into a huge number; use base/number.h",
    "strtoll": "takes blanks and signs that the grammar does not know; use base/number.h",
    "strtoull": "turns -1 into a huge number; use base/number.h",
    "sscanf": "follows the locale and overflows silently",
    "setlocale": "the same answer in every locale",
    "strptime": "follows the locale",
    "strftime": "follows the locale",
    "localtime": "follows TZ; zones are in study/timezone.h",
    "localtime_r": "follows TZ; zones are in study/timezone.h",
    "mktime": "follows TZ; days are in study/calendar.h",
    "ctime": "follows TZ",
    "gmtime": "keeps hidden state",
    "strcoll": "follows the locale",
    "strcasecmp": "follows the locale; use text_equal_fold()",
    "strncasecmp": "follows the locale; use text_equal_fold()",
    "sprintf": "has no limit; use snprintf or buffer_appendf()",
    "vsprintf": "has no limit",
    "strcpy": "has no limit",
    "strcat": "has no limit",
    "strncpy": "may leave no NUL; use snprintf or memcpy",
    "gets": "has no limit",
    "alloca": "no check is possible",
    "tmpnam": "race; io/output.h makes temporary files",
    "mktemp": "race; io/output.h makes temporary files",
    "tmpfile": "leaves data where the user did not say",
    "system": "io/command.h or the like starts commands, with its status checked",
    "rand": "not the same on every machine; sampler has its own generator",
    "srand": "not the same on every machine",
    "random": "not the same on every machine",
    "drand48": "not the same on every machine",
    "abort": "no data crashes a program",
    "assert": "no data crashes a program",
    "isalpha": "follows the locale; use ASCII ranges or base/utf8.h",
    "isalnum": "follows the locale",
    "isdigit": "undefined for negative chars; use ranges",
    "isspace": "follows the locale",
    "isupper": "follows the locale",
    "islower": "follows the locale",
    "ispunct": "follows the locale",
    "isprint": "follows the locale",
    "toupper": "follows the locale",
    "tolower": "follows the locale; use text_lower()",
    "signal": "use sigaction",
    "gethostname": "no word about the machine in a stream",
    "time": "no clock in a stream: the same answer always (progress and temporary names may)",
}
EXIT = ("exit", "_exit", "_Exit", "quick_exit")


def main():
    lint = Lint()
    found = {name: [] for name in BANNED}
    exits = []
    wide = re.compile(r"(?<![\w.>])(" + "|".join(sorted(BANNED, key=len, reverse=True))
                      + r")\s*\(")
    quits = re.compile(r"(?<![\w.>])(" + "|".join(EXIT) + r")\s*\(")
    files = sources(("common", "filters"), (".c", ".h"))
    lint.check("there are sources to look at", files)
    for path in files:
        text = text_of(path)
        bare, whole = bare_c(text).split("\n"), text.split("\n")
        for number, (line, full) in enumerate(zip(bare, whole), 1):
            full = (whole[number - 2] if number > 1 else "") + full
            for hit in wide.finditer(line):
                if f"lint: {hit.group(1)} " not in full:
                    found[hit.group(1)].append(f"{path}:{number}: {full.strip()}")
            for hit in quits.finditer(line):
                if f"lint: {hit.group(1)} " not in full:
                    exits.append(f"{path}:{number}: {full.strip()} (only main() ends a program)")
    for name, why in BANNED.items():
        lint.report(f"no {name}(): {why}", found[name])
    lint.report("nothing but main() exits", exits)
    return lint.end()


if __name__ == "__main__":
    sys.exit(main())
