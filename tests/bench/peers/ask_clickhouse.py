#!/usr/bin/env python3
"""A job in ClickHouse (chdb): plain, a search for many words a label, one GROUP BY; expert, all
labels in one pass of multiMatchAllIndices, grouped in two stages."""
import csv
import io

import chdb

import questions as q
import start


def quoted(words):
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"


def escaped(regex):
    return "'(?i)" + regex.replace("\\", "\\\\") + "'"


def source(job, path):
    if path.endswith(".parquet"):
        return f"file('{path}', 'Parquet')"
    names = ", ".join(f"{name} Nullable(String)" if name == "score" else f"{name} String"
                      for name in (q.RECORD_COLUMNS if job == "records" else q.COLUMNS))
    return f"file('{path}', '{'TSV' if job == 'records' else 'CSV'}', '{names}')"


def choice(value, mapping, otherwise):
    """value = 'a' ? 'b' : ..., as multiIf."""
    return "multiIf(" + ", ".join(f"{value} = '{k}', {v!r}" for k, v in mapping.items()) \
        + f", {otherwise})"


def first_match(labels, test, otherwise):
    return "multiIf(" + ", ".join(f"{test(words)}, '{label}'" for label, words in labels) \
        + f", '{otherwise}')"


PLATFORM = choice("lower(platform)", q.ALIASES, "lower(platform)")
SCORE = choice("trimBoth(rating)", q.WORDS, "toInt32OrNull(trimBoth(rating))")
SCALE = choice("name", q.SCALES, "NULL")
ACCOUNT_CLASS = first_match(q.ACCOUNT_CLASS, lambda words: f"match(bio, {escaped(q.edged(words))})",
                            q.NO_CLASS)
INTENT = first_match(q.INTENT, lambda words: f"multiSearchAnyCaseInsensitive(text, {quoted(words)})",
                     q.NO_INTENT)
# The number of the first label that has a phrase; 0 without.
INTENT_NUMBER = ("arrayMin(multiMatchAllIndices(text, ["
                 + ", ".join(escaped(q.pattern(words)) for _, words in q.INTENT) + "]))")
INTENT_NAME = f"arrayElement({quoted([q.NO_INTENT] + [label for label, _ in q.INTENT])}, number + 1)"


def bands(counting):
    return ", ".join(
        counting.format(f"ifNull(scale = '{scale}' AND score BETWEEN {low} AND {high}, 0)") + f" AS {name}"
        for name, scale, low, high in q.BANDS)


def output_groups(job):
    return ["name AS platform"] if job == "light" else q.groups(job)


def plain(job, path):
    by, shown = ", ".join(["name"] if job == "light" else q.groups(job)), ", ".join(output_groups(job))
    labels = "" if job == "light" else f", {ACCOUNT_CLASS} AS account_class, {INTENT} AS intent"
    scored = (f"SELECT {PLATFORM} AS name, {SCALE} AS scale, {SCORE} AS score{labels} "
              f"FROM {source(job, path)}")
    quantiles = "".join(f", quantileExactInclusive({p})(score) AS {name}"
                        for name, p in q.quantiles(job).items())
    return (f"SELECT {shown}, scale, count() AS records, count(score) AS scored, {bands('countIf({})')}, "
            f"avg(score) AS mean, stddevSamp(score) AS sd{quantiles}\n"
            f"FROM ({scored})\nGROUP BY {by}, scale ORDER BY {by}, scale")


def expert(job, path):
    by, shown = ", ".join(["name"] if job == "light" else q.groups(job)), ", ".join(output_groups(job))
    if job == "records":
        counts = (f"SELECT {by}, scale, toInt64(s) AS score, n FROM (SELECT {by}, scale, score AS s, "
                  f"toInt64(count()) AS n FROM {source(job, path)} GROUP BY {by}, scale, s)")
    else:
        seen, labels = "platform, rating", ""
        if job == "main":
            seen = "platform, bio, rating, number"
            labels = f", {ACCOUNT_CLASS} AS account_class, {INTENT_NAME} AS intent"
        with_number = seen.replace("number", f"{INTENT_NUMBER} AS number")
        counts = (f"SELECT {by}, scale, score, sum(n) AS n FROM (SELECT {PLATFORM} AS name, {SCALE} AS scale, "
                  f"toInt64({SCORE}) AS score{labels}, n FROM (SELECT {with_number}, toInt64(count()) AS n "
                  f"FROM {source(job, path)} GROUP BY {seen})) GROUP BY {by}, scale, score")
    quantiles = ""
    for name, p in q.quantiles(job).items():
        at = f"(any(total) - 1) * {p}"
        low, high = (f"minIf(score, ifNull(upto > {end}((total - 1) * {p}), 0))" for end in ("floor", "ceil"))
        quantiles += f", {low} + ({at} - floor({at})) * ({high} - {low}) AS {name}"
    window = f"sumIf(n, isNotNull(score)) OVER (PARTITION BY {by}, scale"
    return f"""SELECT {shown}, scale, sum(n) AS records, any(total) AS scored, {bands('sumIf(n, {})')},
    sum(n * score) / scored AS mean,
    sqrt((scored * sum(n * score * score) - sum(n * score) * sum(n * score))
         / nullIf(scored * (scored - 1), 0)) AS sd{quantiles}
FROM (SELECT *, {window}) AS total, {window} ORDER BY score ASC NULLS LAST) AS upto FROM ({counts}))
GROUP BY {by}, scale ORDER BY {by}, scale"""


def main():
    args = start.arguments()
    skip = "tsv" if args.job == "records" else "csv"
    query = (expert if args.expert else plain)(args.job, args.file) \
        + f"\nSETTINGS max_threads = {args.threads}, input_format_{skip}_skip_first_lines = 1"
    if args.show:
        print(query)
        return
    rows = list(csv.reader(io.StringIO(str(chdb.query(query, "CSVWithNames")))))
    start.write(rows[0], [["" if cell == "\\N" else cell for cell in row] for row in rows[1:]])


if __name__ == "__main__":
    main()
