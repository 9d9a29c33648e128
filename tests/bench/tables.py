"""Compares the table of a contender with that of bellpipe.

    tables.difference(ours, theirs, groups)     both CSV; a message, or None if they agree

Every column that theirs has must agree: counts exactly, other figures to 1e-9 of the value, or of
1 where it is smaller.  A blank cell is no value, or as a count 0.  Order of rows does not matter.
"""
import csv
import io
import math

TOLERANCE = 1e-9


def rows_by_group(text, groups):
    rows = {}
    for row in csv.DictReader(io.StringIO(text)):
        key = tuple(row[name] for name in groups)
        if key in rows:
            raise ValueError(f"two rows of {key}")
        rows[key] = row
    return rows


def is_count(column):
    return column in ("records", "scored", "missing") or column.startswith("n_")


def value(cell, count):
    if cell in ("", "nan", "NaN", "None"):
        return 0.0 if count else math.nan
    return float(cell)


def agree(ours, theirs, count):
    if ours == theirs:
        return True
    try:
        a, b = value(ours, count), value(theirs, count)
    except ValueError:
        return False
    if count:
        return a == b
    return math.isnan(a) and math.isnan(b) or abs(a - b) <= TOLERANCE * max(1.0, abs(a))


def difference(ours, theirs, groups):
    try:
        mine, other = rows_by_group(ours, groups), rows_by_group(theirs, groups)
    except (KeyError, ValueError) as error:
        return f"not a table of {', '.join(groups)}: {error}"
    if not mine or set(mine) != set(other):
        return f"groups differ: {sorted(set(mine) ^ set(other))[:5]}"
    for key, row in sorted(other.items()):
        for column, cell in row.items():
            if column in groups:
                continue
            if column not in mine[key]:
                return f"no column {column} here"
            if not agree(mine[key][column], cell, is_count(column)):
                return f"{', '.join(key)}: {column} is {mine[key][column]!r} here, {cell!r} there"
    return None
