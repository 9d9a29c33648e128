#!/usr/bin/env python3
"""Compares bellpipe's zones, windows and time formats with Python's datetime and zoneinfo.

    time_against_python.py PATH-OF-time_driver [QUESTIONS-A-ZONE]

Prints TAP.  Skipped where Python has no zoneinfo or no tzdata.
"""
import random
import subprocess
import sys
from datetime import datetime, timedelta, timezone

try:
    from zoneinfo import ZoneInfo, reset_tzpath
    reset_tzpath(to=["/usr/share/zoneinfo"])
    ZoneInfo("Europe/London")
except Exception as why:  # missing module or missing data
    print("1..1\nok 1 - times as Python has them # SKIP no zoneinfo:", why)
    sys.exit(0)

ZONES = ["UTC", "Europe/London", "Europe/Dublin", "America/New_York", "America/St_Johns",
         "America/Sao_Paulo", "America/Santiago", "Asia/Kathmandu", "Asia/Tehran",
         "Asia/Gaza", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham",
         "Africa/Casablanca", "Antarctica/Troll"]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
FIRST, LAST = -62135596800 + 2 * 86400, 253402300799 - 400 * 86400
rng = random.Random(20150224)


def at(seconds, zone):
    return (EPOCH + timedelta(seconds=seconds)).astimezone(ZoneInfo(zone))


def offset(seconds, zone):
    return int(at(seconds, zone).utcoffset().total_seconds())


def moments(zone, count):
    """Random times, more of them where people live, and many near changes of the offset."""
    out = [rng.randrange(FIRST, LAST) for _ in range(count // 10)]
    out += [rng.randrange(-3786825600, 7258118400) for _ in range(count // 3)]
    changes = []
    lo = -3786825600
    step = 86400 * 20
    before = offset(lo, zone)
    while lo < 4102444800:
        now = offset(lo + step, zone)
        if now != before:
            a, b = lo, lo + step
            while b - a > 1:
                m = (a + b) // 2
                if offset(m, zone) == before:
                    a = m
                else:
                    b = m
            changes.append(b)
        before = now
        lo += step
    while changes and len(out) < count:
        c = rng.choice(changes)
        out.append(c + rng.choice([-1, 0, 1, rng.randrange(-10800, 10800),
                                   rng.randrange(-90000, 90000)]))
    return out


def local_answer(local, zone):
    naive = datetime(1970, 1, 1) + timedelta(seconds=local)
    hits = []
    for fold in (0, 1):
        t = naive.replace(tzinfo=ZoneInfo(zone), fold=fold)
        back = t.astimezone(timezone.utc)
        if back.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == naive:
            hits.append(int((back - EPOCH).total_seconds()))
    hits = sorted(set(hits))
    if not hits:
        return "skipped"
    return "%s\t%d" % ("unique" if len(hits) == 1 else "repeated", hits[0])


def window_answer(every, zone, seconds):
    t = at(seconds, zone)
    if every == "hour":
        s = seconds - seconds % 60
        while True:
            b, a = at(s - 60, zone).replace(tzinfo=None), at(s, zone).replace(tzinfo=None)
            if b >= a or (b.date(), b.hour) != (a.date(), a.hour):
                break
            s -= 60
        o = offset(s, zone)
        sign = "-" if o < 0 else "+"
        return "%s%s%02d:%02d" % (at(s, zone).strftime("%Y-%m-%dT%H:00:00"), sign,
                                  abs(o) // 3600, abs(o) // 60 % 60)
    d = t.date()
    if every == "week":
        d -= timedelta(days=d.weekday())
    elif every == "month":
        d = d.replace(day=1)
    elif every == "year":
        d = d.replace(month=1, day=1)
    return d.isoformat()


def parse_question(zone):
    """A format made of random parts and a value that strftime makes for it."""
    seconds = rng.randrange(-2000000000, 5000000000)
    away = timezone(timedelta(minutes=15 * rng.randrange(-48, 57)))
    with_offset = rng.random() < 0.5
    t = at(seconds, "UTC").astimezone(away) if with_offset else at(seconds, zone)
    day = rng.choice(["%Y-%m-%d", "%d/%m/%Y", "%m.%d.%Y", "%d %b %Y", "%A, %B %d %Y", "%Y%m%d",
                      "%Y %j", "%a %b %e %Y"])
    clock = rng.choice(["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M%p", "T%H%M%S", "%H:%M:%S.%f"])
    form = day + " " + clock + (" %z" if with_offset else "")
    keep = timedelta()
    if "%S" not in form:
        keep += timedelta(seconds=t.second)
    micro = rng.randrange(1000000) if "%f" in form else 0
    t = t.replace(microsecond=micro)
    value = t.strftime(form)
    if rng.random() < 0.3:
        value = value.upper() if rng.random() < 0.5 else value.lower()
        value = value.replace("t", "T") if clock[0] == "T" and value.islower() else value
    if "t" in value and clock[0] == "T":
        value = t.strftime(form)
    if not with_offset and local_answer(int((t.replace(tzinfo=None, microsecond=0) -
                                             datetime(1970, 1, 1)).total_seconds()) -
                                        int(keep.total_seconds()), zone)[:6] != "unique":
        return parse_question(zone)
    u = (t - keep).astimezone(timezone.utc)
    want = u.strftime("%Y-%m-%dT%H:%M:%S") + (".%06d" % micro if "%f" in form else "") + "Z"
    return "parse\t%s\t%s\t%s" % ("-" if with_offset else zone, form, value), want


def main():
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    asked, wanted = [], []
    for zone in ZONES:
        for m in moments(zone, count):
            asked.append("offset\t%s\t%d" % (zone, m))
            wanted.append(str(offset(m, zone)))
            local = m + rng.choice([offset(m, zone), offset(m - 7200, zone),
                                    offset(m + 7200, zone)])
            asked.append("local\t%s\t%d" % (zone, local))
            wanted.append(local_answer(local, zone))
            every = rng.choice(["hour", "day", "week", "month", "year"])
            # Offsets of local mean time have seconds, which an hour's text leaves out.
            if every == "hour" and m < -1000000000:
                every = "day"
            asked.append("window\t%s\t%s\t%d" % (every, zone, m))
            t = at(m, zone)
            wanted.append((window_answer(every, zone, m), "%02d" % t.hour, str(t.isoweekday())))
        for _ in range(count // 2):
            question, want = parse_question(zone)
            asked.append(question)
            wanted.append(want)
    run = subprocess.run([sys.argv[1]], input="\n".join(asked) + "\n", text=True,
                         stdout=subprocess.PIPE, check=False)
    got = run.stdout.split("\n")[:-1]
    differ = []
    for question, want, answer in zip(asked, wanted, got):
        words = answer.split("\t")
        if isinstance(want, tuple):
            # Neighbours in order; a repeated hour's texts do not rise.
            same = (words[0], words[3], words[4]) == want and \
                ("hour" in question or words[1] < words[0] < words[2])
        elif want == "skipped":
            same = words[0] == want
        else:
            same = answer == want
        if not same:
            differ.append("asked %s - want %s - got %s" % (question.replace("\t", " "), want,
                                                          answer.replace("\t", " ")))
    whole = run.returncode == 0 and len(got) == len(asked)
    print("1..1")
    print("ok" if whole and not differ else "not ok", "1 -",
          "times as Python has them (%d questions)" % len(asked))
    if not whole:
        print("# the driver stopped after", len(got), "of", len(asked))
    for line in differ[:20]:
        print("#", line)
    if differ:
        print("#", len(differ), "differ")
    return 1 if differ or not whole else 0


sys.exit(main())
