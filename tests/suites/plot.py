#!/usr/bin/env python3
"""Pictures of bell-plot: what is drawn is what the table says, nothing overlaps, nothing leaks."""
import csv
import os
import re
import struct
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as xml
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from bell_test import ROOT, Suite, says, table  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
ANSWERS, RANGE, ANY = "#0072b2", "#e69f00", "#4d4d4d"
RATIO = 3
SCALES = {"stars5": (1, 5), "nps": (0, 10), "sentiment3": (-1, 1)}
HOSTILE = ["\"; system(\"touch gotcha\"); \"", "\\140touch gotcha\\140", "it's `touch gotcha`", "'; system \"touch gotcha\"; '", "<b>&amp;\"</b>", "]]> --> \\",
           "%s %n @x $(touch gotcha) {/:Bold x}_2^3", "日本語 の 名前 です よ", "é" + "\u0301" * 50,
           "\u202eabc\u2066", "x" * 300, "a\nb\tc", "'", "\\'", "#", "\"", "\x1b[2J\x07"]


# ---- the sample, as tables

def sample(suite):
    result = suite.shell(f"""set -e
        bell-sample --rows 12000 --population 300000 -o feedback.csv
        bell run {ROOT}/pipelines/sample.yaml feedback.csv --to classify -o records.bell.gz
        bell run {ROOT}/pipelines/sample.yaml feedback.csv -o platforms.csv
        sed 's/unique: id/unique: [platform, account]/' {ROOT}/pipelines/sample.yaml >persons.yaml
        bell run persons.yaml feedback.csv -o persons.csv
        bell-aggregate --by account_kind,platform --bands points records.bell.gz -o kinds.csv
        bell-aggregate --by account_kind --every month --bands points --layout long \\
            records.bell.gz -o long.csv
        cp {ROOT}/pipelines/sample.yaml study.yaml""")
    suite.check("tables of the sample", result.returncode == 0, says(result))
    counts = [24950, 12, 0, 31]
    text = "records,scored,n_1,n_2,n_3,n_4,population\n" + \
        f"{sum(counts)},{sum(counts)},{','.join(map(str, counts))},48000000\n"
    suite.write("tiny_part.csv", text)
    suite.write("two.csv", "scale,records,scored,n_down,n_up,mean,population\nthumbs,4,4,1,3,0.75,9\n")


def groups_of(name, content):
    """Panel name -> (shares by band, participation, mean, scale, number scored, part of the people
    whose score is known: None where some wrote several records)."""
    found = {}
    for row in table(content):
        first = list(row)[:list(row).index("records")]
        label = ", ".join(row[c] for c in first if c != "scale")
        shares = {}
        counted = {c[2:]: float(row[c]) for c in row if c.startswith("n_") and row[c] != ""}
        total = sum(counted.values())
        for band, n in counted.items():
            shares[band] = n / total if total else None
        people = row.get("people") or row["scored"]
        part = float(people) / float(row["population"]) if row.get("population") else None
        mean = row.get("mean")
        free = total / float(row["population"]) if row.get("population") else None
        if float(people) < float(row["records"]) and row.get("people"):
            free = None
        found[label] = (shares, part, float(mean) if mean else None, row.get("scale"),
                        total, free)
    return found


# ---- what stands in an SVG

def children(element, name):
    return [e for e in element.iter(SVG + name)]


def says_of(element):
    title = element.find(SVG + "title")
    return title.text if title is not None else None


def number(element, name):
    return float(element.get(name))


def three_digits(value):
    """Rounded as in a picture, by another way: decimal text."""
    from decimal import Decimal
    if value == 0:
        return "0"
    d = Decimal(value)
    places = 2 - d.adjusted()
    rounded = round(d, places)
    if rounded.adjusted() > d.adjusted():
        places -= 1
    text = f"{rounded:.{max(places, 0)}f}"
    return text


def gamma_share(p, ratio):
    return p / (p + ratio * (1 - p)), ratio * p / (ratio * p + 1 - p)


def gamma_mean(shares, scores, ratio):
    values = []
    for cut in range(len(scores) + 1):
        for high in (True, False):
            w = [p * (ratio if (i >= cut) == high else 1) for i, p in enumerate(shares)]
            values.append(sum(a * s for a, s in zip(w, scores)) / sum(w))
    return min(values), max(values)


def char_width(c, size):
    if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(c) in "WF":
        return size
    return size * (0.34 if c in "iljtfrI.,:;'|! ()[]{}`" else 0.97 if c in "mwMW@%" else 0.6 if c.islower() else 0.64)


def box_of(text):
    size = number(text, "font-size")
    width = sum(char_width(c, size) for c in text.text or "")
    if text.get("font-weight") == "bold":
        width *= 1.08
    anchor = text.get("text-anchor", "start")
    x = number(text, "x") - {"start": 0, "middle": width / 2, "end": width}[anchor]
    y = number(text, "y")
    return x, y - 0.75 * size, x + width, y + 0.2 * size


def check_texts(suite, name, root):
    width, height = number(root, "width"), number(root, "height")
    texts = [t for t in children(root, "text")]
    boxes = [box_of(t) for t in texts]
    outside = [t.text for t, b in zip(texts, boxes)
               if b[0] < -1 or b[1] < 0 or b[2] > width + 1 or b[3] > height]
    suite.check(f"{name}: no text leaves the picture", not outside and texts, outside)
    crossed = []
    for i, a in enumerate(boxes):
        for j in range(i):
            b = boxes[j]
            if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1:
                crossed.append(f"{texts[i].text!r} over {texts[j].text!r}")
    suite.check(f"{name}: no text lies over another", not crossed, "\n".join(crossed))


def read_svg(suite, name, argv, **kw):
    result = suite.run(["bell-plot", "--to", "svg"] + argv, **kw)
    if not suite.check(f"{name}: is drawn", result.returncode == 0 and not result.stderr,
                       says(result)):
        return None
    try:
        root = xml.fromstring(result.stdout)
    except xml.ParseError as fault:
        suite.check(f"{name}: is well-formed", False, fault)
        return None
    suite.check(f"{name}: is well-formed, has a viewBox, a title and a description",
                root.tag == SVG + "svg" and root.get("viewBox") ==
                f"0 0 {root.get('width')} {root.get('height')}"
                and len(root.find(SVG + "title").text) > 3 and len(root.find(SVG + "desc").text) > 9)
    check_texts(suite, name, root)
    return root


def panels(root):
    outer = root.find(SVG + "g")
    return {says_of(g): g for g in outer.findall(SVG + "g")}


def bars(panel):
    """(name, x, width, title) of each bar."""
    return [(says_of(r).rsplit(": ", 1)[0].split(":")[0], number(r, "x"), number(r, "width"),
             says_of(r)) for r in children(panel, "rect")
            if r.get("fill") == ANSWERS and not re.match(r"(scored|took part) ", says_of(r))]


def axis_of(panel):
    """(x where the axis of shares begins, its pixels for a share of 1)."""
    ends = [t for t in children(panel, "text") if re.fullmatch(r"[\d.]+ %", t.text or "")
            and t.get("fill") == ANY]
    low = [t for t in ends if t.get("text-anchor", "start") == "start"][0]
    high = [t for t in ends if t.get("text-anchor") == "end"][0]
    x = number(low, "x")
    return x, (number(high, "x") - x) / (float(high.text.split()[0]) / 100)


def check_panel(suite, name, panel, wanted, bounds):
    shares, part, mean, scale, count, free = wanted
    x, unit = axis_of(panel)
    drawn = {b[0]: b for b in bars(panel)}
    wrong = []
    for band, share in shares.items():
        if not share:
            if band in drawn:
                wrong.append(f"{band}: a bar for nothing")
            continue
        if band not in drawn:
            wrong.append(f"{band}: no bar")
            continue
        _, left, width, title = drawn[band]
        if left != x or abs(width - max(share * unit, 0.75)) > 0.02:
            wrong.append(f"{band}: {width} px at {left}, not {share * unit}")
        if f"{band}: {three_digits(100 * share)} %" not in title:
            wrong.append(f"{band}: says {title!r}, not {three_digits(100 * share)}")
        if bounds:
            wrong += check_ranges(panel, band, share, free, x, unit, count < 1000)
    suite.check(f"{name}: bars and ranges to a hundredth of a pixel, in words too", not wrong,
                "\n".join(wrong))
    if part is not None:
        strip = [r for r in children(panel, "rect")
                 if re.match(r"(scored|took part) ", says_of(r) or "")]
        silent = [r for r in children(panel, "rect") if r.get("fill") == "url(#silent)"]
        whole = number(silent[0], "width") + 1
        suite.check(f"{name}: the strip is to scale, and a small part still seen",
                    abs(number(strip[0], "width") - max(part * whole, 3)) < 0.02
                    and "silent" in says_of(silent[0]), xml.tostring(strip[0]))
    if mean is not None and bounds and scale in SCALES:
        check_mean(suite, name, panel, shares, mean, scale, count < 1000)


def lines_of(panel, colour, band):
    return [line for line in children(panel, "line") if line.get("stroke") == colour
            and (says_of(line) or "").startswith(band + ": ")]


def check_ranges(panel, band, share, part, x, unit, few):
    wrong = []
    low, high = gamma_share(share, RATIO)
    wanted = []
    if part is not None:
        wanted.append((ANY, part * share, part * share + 1 - part))
        low, high = max(low, wanted[0][1]), min(high, wanted[0][2])
    elif lines_of(panel, ANY, band):
        wrong.append(f"{band}: a range whatever the silent think, which is not known")
    if few:  # widened by sampling noise
        line = (lines_of(panel, RANGE, band) or [None])[0]
        if line is None or number(line, "x1") > x + low * unit + 1 \
                or number(line, "x2") < x + high * unit - 1:
            wrong.append(f"{band}: its range leaves out what holds without sampling noise")
    else:
        wanted.append((RANGE, low, high))
    for colour, low, high in wanted:
        found = lines_of(panel, colour, band)
        if len(found) != 1:
            wrong.append(f"{band}: {len(found)} ranges {colour}")
            continue
        x1, x2 = number(found[0], "x1"), number(found[0], "x2")
        if (high - low) * unit > 2 and (abs(x1 - x - low * unit) > 0.02
                                        or abs(x2 - x - high * unit) > 0.02):
            wrong.append(f"{band}: {x1}..{x2}, not {x + low * unit}..{x + high * unit}")
        if f"{three_digits(100 * low)} to " not in says_of(found[0]):
            wrong.append(f"{band}: {says_of(found[0])} lacks {three_digits(100 * low)}")
    return wrong


def check_mean(suite, name, panel, shares, mean, scale, few):
    low, high = SCALES[scale]
    words = {"negative": -1, "neutral": 0, "positive": 1}
    scores = [words[b] if b in words else float(b) for b in shares]
    diamond = [p for p in children(panel, "polygon") if (says_of(p) or "").startswith("mean: ")
               and p.get("fill") == ANSWERS][0]
    xs = [float(p.split(",")[0]) for p in diamond.get("points").split()]
    x, unit = axis_of(panel)
    top = [t for t in children(panel, "text") if re.fullmatch(r"[\d.]+ %", t.text or "")
           and t.get("text-anchor") == "end"][0]
    length = number(top, "x") - x
    at = x + length * (mean - low) / (high - low)
    suite.check(f"{name}: the mean stands at its place",
                abs((min(xs) + max(xs)) / 2 - at) < 0.02
                and f"mean: {three_digits(mean)}" in says_of(diamond), says_of(diamond))
    least, most = gamma_mean(list(shares.values()), scores, RATIO)
    line = lines_of(panel, RANGE, "mean")[0]
    short = number(line, "x1") - x - length * (least - low) / (high - low)
    far = number(line, "x2") - x - length * (most - low) / (high - low)
    suite.check(f"{name}: so does its range", short < 0.02 and far > -0.02
                and (few or (short > -0.02 and far < 0.02)), says_of(line))


def svg_of_tables(suite):
    for name in ("platforms", "persons", "kinds", "tiny_part", "two"):
        wanted = groups_of(name, suite.read(name + ".csv"))
        root = read_svg(suite, name, ["-s", "study.yaml", name + ".csv"])
        if root is None:
            continue
        found = panels(root)
        if list(wanted) == [""]:
            wanted = {root.find(SVG + "title").text: wanted[""]}
        suite.equal(f"{name}: a panel for each group", sorted(wanted), sorted(found))
        for group in wanted:
            check_panel(suite, f"{name}, {group}", found[group], wanted[group], True)
    # One axis for all panels of a scale; another scale has another.
    root = read_svg(suite, "kinds without ranges", ["-s", "study.yaml", "--bounds", "none",
                                                    "--columns", "3", "--width", "1000",
                                                    "kinds.csv"])
    units = {}
    for group, panel in panels(root).items():
        units.setdefault(group.split(", ")[1], set()).add(round(axis_of(panel)[1], 1))
    suite.check("panels of a scale have one axis", all(len(u) == 1 for u in units.values()), units)
    suite.check("... and no ranges unless asked for", not
                [l for l in children(root, "line") if l.get("stroke") == RANGE])
    long = read_svg(suite, "a long table", ["long.csv", "--max-panels", "7"])
    suite.check("what is left out is said", any(re.match(r"\d+ more groups", t.text)
                                                for t in children(long, "text")))
    for width in (320, 400, 700, 1300, 3000):
        read_svg(suite, f"kinds, {width} wide", ["-s", "study.yaml", "--width", str(width),
                                                 "kinds.csv", "--title", "A title that is long " * 9])
    tall = read_svg(suite, "a given height", ["-s", "study.yaml", "--height", "1700",
                                              "platforms.csv"])
    suite.equal("... is kept", "1700", tall.get("height"))


def marks_of(panel, name):
    """x of each mark that says so much of `name`, by its bar."""
    found = {}
    for shape in children(panel, "polygon") + children(panel, "circle"):
        said = says_of(shape) or ""
        if shape.get("points"):
            xs = [float(p.split(",")[0]) for p in shape.get("points").split()]
            x = (min(xs) + max(xs)) / 2
        else:
            x = number(shape, "cx")
        if shape.get("fill") == name:
            found.setdefault(said.split(":")[0], []).append(x)
    return found


def marks(suite):
    """A truth that is set beside, and three scenarios, at their places."""
    truth = {"1": 0.1, "2": 0.2, "3": 0.4, "4": 0.2, "5": 0.1}
    suite.write("five.csv", "scale,records,scored,n_1,n_2,n_3,n_4,n_5\nstars5,50,50,20,5,5,5,15\n")
    suite.write("known.csv", "scale,records,scored,n_1,n_2,n_3,n_4,n_5\nstars5,10,10,1,2,4,2,1\n")
    root = read_svg(suite, "a truth beside", ["--beside", "known.csv", "five.csv"])
    panel = list(panels(root).values())[0]
    x, unit = axis_of(panel)
    found = marks_of(panel, "#111111")
    suite.check("... its marks", all(abs(found[b][0] - x - p * unit) < 0.02
                                     for b, p in truth.items()), found)
    rows = [f"none: what came in,share,{b},,{p},,observed," for b, p in
            zip("12345", (.4, .1, .1, .1, .3))]
    tilts = {-1: (.1, .2, .3, .25, .15), -.5: (.1, .2, .4, .2, .1), 0: (.12, .22, .32, .22, .12),
             .5: (.1, .2, .4, .2, .1), 1: (.2, .3, .3, .15, .05)}
    for tilt, shares in tilts.items():
        rows += [f"bell-shaped; leaning (tilt {tilt}),share,{b},,{p},,scenario,"
                 for b, p in zip("12345", shares)]
    suite.write("tilts.csv", "assumption,quantity,band,low,value,high,kind,note\n" + "\n".join(rows)
                + "\n")
    root = read_svg(suite, "three tilts", ["--scenarios", "tilts", "tilts.csv"])
    panel = list(panels(root).values())[0]
    x, unit = axis_of(panel)
    found = marks_of(panel, "#ffffff")
    wanted = {b: sorted(x + tilts[t][i] * unit for t in (-1, 0, 1)) for i, b in enumerate("12345")}
    suite.check("... are the strongest to either side, and none",
                all(len(found[b]) == 3 and all(abs(p - q) < 0.02 for p, q in
                                               zip(sorted(found[b]), wanted[b])) for b in wanted),
                f"{found}\n{wanted}")
    suite.check("... and what they assume stands below", any(
        "bell-shaped" in t.text and "no estimates" in t.text for t in children(root, "text")))


def estimates(suite):
    """A table and what bell-estimate says of it give one picture."""
    for name in ("platforms", "persons", "kinds", "tiny_part", "two"):
        for form in ("svg", "terminal"):
            result = suite.shell(f"set -e; bell-estimate -s study.yaml {name}.csv -o e.csv; bell-plot "
                                 f"-s study.yaml --to {form} e.csv | cmp - <(bell-plot -s study.yaml "
                                 f"--to {form} {name}.csv)")
            suite.check(f"{name}: the same from estimates, {form}", result.returncode == 0,
                        says(result))
    result = suite.shell("bell-estimate --bell -s study.yaml platforms.csv | "
                         "bell-plot -s study.yaml --scenarios tilts")
    said = result.stdout.decode()
    suite.check("scenarios of bell-estimate, or why there is none", result.returncode == 0
                and "◁" in said and "(tilt 1)" in said and "no scenario: " in said, says(result))
    suite.write("probe.csv", "n_1,n_2,n_3,n_4\n300,200,200,300\n")
    result = suite.shell("bell-estimate --probe probe.csv tiny_part.csv | bell-plot")
    suite.check("a check sample of bell-estimate", result.returncode == 0
                and "■" in result.stdout.decode() and b"check sample" in result.stdout, says(result))


# ---- names that mean harm

def hostile(suite):
    rows = "".join('"' + n.replace('"', '""') + '",9,9,4,5,20\n' for n in HOSTILE)
    suite.write("hostile.csv", "g,records,scored,n_down,n_up,population\n" + rows)
    argv = ["--scale", "thumbs", "--max-panels", "99", "hostile.csv"]
    root = read_svg(suite, "hostile names", argv)
    names = set(panels(root)) if root is not None else set()
    suite.check("plain ones stand there as they are", set(HOSTILE[:7]) <= names, names)
    result = suite.run(["bell-plot"] + argv)
    text = result.stdout.decode()
    suite.check("a terminal is moved by none", result.returncode == 0 and not
                [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"])
    if have_gnuplot():
        result = suite.run(["bell-plot", "--to", "png", "-o", "hostile.png"] + argv)
        suite.check("a PNG of them", result.returncode == 0 and not result.stderr, says(result))
    suite.check("nothing was run", not os.path.exists(suite.path("gotcha")))


# ---- PNG

def have_gnuplot():
    return any(os.path.exists(os.path.join(p, "gnuplot")) for p in os.environ["PATH"].split(":"))


def pixels(content):
    """Width, height and rows of (r, g, b) of a PNG with 8 bits a channel."""
    at, parts, head = 8, b"", None
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at:at + 8])
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", content[at + 8:at + 21])
        if kind == b"IDAT":
            parts += content[at + 8:at + 8 + size]
        at += size + 12
    width, height, depth, colour = head[:4]
    assert depth == 8 and colour in (2, 6)
    step = 3 if colour == 2 else 4
    raw, rows, before = zlib.decompress(parts), [], bytearray(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        way, line = raw[start], bytearray(raw[start + 1:start + 1 + width * step])
        for i in range(len(line)):
            left = line[i - step] if i >= step else 0
            up, corner = before[i], before[i - step] if i >= step else 0
            p = left + up - corner
            paeth = min((abs(p - left), 0, left), (abs(p - up), 1, up), (abs(p - corner), 2, corner))[2]
            line[i] = (line[i] + (0, left, up, (left + up) // 2, paeth)[way]) & 255
        rows.append([tuple(line[i:i + 3]) for i in range(0, len(line), step)])
        before = line
    return width, height, rows


def png(suite):
    if not have_gnuplot():
        suite.skip("PNG", "no gnuplot here")
        return
    argv = ["-s", "study.yaml", "platforms.csv", "--width", "800"]
    result = suite.run(["bell-plot", "--to", "png", "-o", "a.png"] + argv)
    content = suite.read("a.png") if result.returncode == 0 else b""
    suite.check("PNG: the magic", content[:8] == b"\x89PNG\r\n\x1a\n" and not result.stderr,
                says(result))
    again = suite.run(["bell-plot", "--to", "png"] + argv, env={"TZ": "Asia/Tokyo"})
    suite.check("PNG: the same bytes again, through a pipe", again.stdout == content)
    root = read_svg(suite, "PNG's SVG", argv)
    width, height, rows = pixels(content)
    suite.equal("PNG: the size", (root.get("width"), root.get("height")), (str(width), str(height)))
    colours = {ANSWERS: (0x00, 0x72, 0xb2)}
    missed = []
    for rect in children(root, "rect"):
        if rect.get("fill") != ANSWERS or number(rect, "width") < 3:
            continue
        x = int(number(rect, "x") + number(rect, "width") / 2)
        y = int(number(rect, "y") + number(rect, "height") / 2)
        beyond = int(number(rect, "x") + number(rect, "width") + 3)
        if rows[y][x] != colours[ANSWERS] or rows[y][beyond] == colours[ANSWERS]:
            missed.append((says_of(rect), x, y, rows[y][x]))
    suite.check("PNG: each bar of the SVG stands there and ends where it ends", not missed, missed)
    ink = sum(1 for row in rows for p in row if sum(p) < 200)
    suite.check("PNG: there is text", ink > 3000, ink)
    result = suite.run(["bell-plot", "--to", "png", "--width", "640", "--height", "900",
                        "tiny_part.csv"])
    suite.equal("PNG: a size that was asked for", (640, 900),
                struct.unpack(">II", result.stdout[16:24]))


def without_gnuplot(suite):
    """gnuplot that is not there, or fails: status 4, a plain word, and the file stays."""
    suite.write("kept.png", "kept")
    suite.write("empty/README", "")
    program = os.path.join(suite.build, "bell-plot")
    argv = [program, "--to", "png", "-o", "kept.png", "tiny_part.csv"]
    result = suite.run(argv, env={"PATH": suite.path("empty")})
    suite.check("no gnuplot", result.returncode == 4 and b"gnuplot-nox" in result.stderr
                and suite.read("kept.png") == b"kept", says(result))
    for name, script in (("fails", "echo 'cannot open display' >&2; exit 1"), ("is silent", "exit 0"),
                         ("writes something else", "cat"), ("is killed", "kill -9 $$"),
                         ("reads nothing", "exec <&-; echo no")):
        suite.write("fake/gnuplot", "#!/bin/sh\n" + script + "\n")
        os.chmod(suite.path("fake/gnuplot"), 0o755)
        path = suite.path("fake") + os.pathsep + suite.env["PATH"]
        result = suite.run(argv, env={"PATH": path}, limit=20)
        suite.check(f"a gnuplot that {name}", result.returncode == 4 and b"gnuplot failed" in
                    result.stderr and suite.read("kept.png") == b"kept", says(result))
    if subprocess.run(["script", "-qec", "true", "/dev/null"], stdin=subprocess.DEVNULL,
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
        suite.skip("PNG to a terminal", "no pseudo-terminal can be had here")
    elif have_gnuplot():
        result = suite.shell("script -qec 'bell-plot --to png tiny_part.csv' /dev/null </dev/null")
        suite.check("a PNG does not go to a terminal", result.returncode == 2
                    and b"PNG\r" not in result.stdout, says(result))
        result = suite.shell("script -qec 'stty cols 61; TERM=xterm COLUMNS= bell-plot "
                             "tiny_part.csv' /dev/null </dev/null")
        lines = result.stdout.decode().split("\n")
        plain = [re.sub(r"\x1b\[\d+m", "", line.rstrip("\r")) for line in lines]
        suite.check("a terminal's width and colours are taken", max(map(len, plain)) == 61
                    and "\x1b[36m" in result.stdout.decode(), says(result))
        result = suite.shell("script -qec 'TERM=xterm NO_COLOR=1 bell-plot tiny_part.csv' "
                             "/dev/null </dev/null")
        suite.check("NO_COLOR", b"\x1b" not in result.stdout, says(result))


# ---- the rest

def columns_of(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def terminal(suite):
    for name, argv in (("kinds", ["-s", "study.yaml"]), ("hostile", ["--scale", "thumbs"])):
        for width in (40, 64, 80, 133, 200):
            for columns in (1, 2):
                if columns * 34 - 4 > width:
                    continue
                result = suite.run(["bell-plot", f"--width={width}", f"--columns={columns}",
                                    f"{name}.csv"] + argv)
                wide = [line for line in result.stdout.decode().split("\n")
                        if columns_of(line) > width]
                suite.check(f"{name}: no line over {width} with {columns} side by side",
                            result.returncode == 0 and not wide, "\n".join(wide) + says(result))


def same_always(suite):
    for form in ("terminal", "svg"):
        argv = ["bell-plot", "-s", "study.yaml", "--to", form]
        first = suite.run(argv + ["kinds.csv"])
        other = suite.run(argv + ["-"], suite.read("kinds.csv"),
                          env={"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8"})
        suite.check(f"{form}: the same bytes from a pipe, in another place",
                    first.returncode == 0 and first.stdout == other.stdout, says(other))
    packed = suite.shell("gzip -k kinds.csv; bell-plot -s study.yaml kinds.csv.gz | "
                         "cmp - <(bell-plot -s study.yaml kinds.csv)")
    suite.check("a packed table", packed.returncode == 0, says(packed))


def conventions(suite):
    with open("/dev/full", "wb") as full:
        result = suite.run(["bell-plot", "tiny_part.csv"], stdout=full)
    suite.check("a full disk", result.returncode == 4 and result.stderr, says(result))
    result = suite.shell("bell-plot tiny_part.csv >&-")
    suite.check("closed output", result.returncode == 4 and result.stderr, says(result))
    result = suite.shell("bell-plot <&-")
    suite.check("closed input", result.returncode in (3, 4) and result.stderr, says(result))
    result = suite.run(["bell-plot", "."])
    suite.check("a folder", result.returncode == 4, says(result))
    result = suite.run(["bell-plot", "tiny_part.csv", "two.csv"])
    suite.check("files with other columns", result.returncode == 1, says(result))


def main():
    suite = Suite()
    sample(suite)
    for part in (svg_of_tables, marks, estimates, hostile, png, without_gnuplot, terminal, same_always, conventions):
        part(suite)
    return suite.end()


if __name__ == "__main__":
    csv.field_size_limit(1 << 24)
    sys.exit(main())
