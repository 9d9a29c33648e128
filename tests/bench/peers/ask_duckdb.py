#!/usr/bin/env python3
"""A job in DuckDB: plain, each label a regex, one GROUP BY; expert, one regex of all phrases as
prefilter, then grouping in two stages, so that bios and scores are looked at once a value."""
import duckdb

import questions as q
import start


def source(job, path):
    if job == "records":
        if path.endswith(".parquet"):
            return f"read_parquet('{path}')"
        names, form = q.RECORD_COLUMNS, r"delim='\t', quote='', escape='', nullstr='\N'"
    else:
        names, form = q.COLUMNS, "delim=',', quote='\"', escape='\"'"
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return f"read_csv('{path}', auto_detect=false, header=true, {form}, columns={{{columns}}})"


def case(value, mapping, otherwise):
    return f"CASE {value} " + " ".join(f"WHEN '{k}' THEN {v!r}" for k, v in mapping.items()) \
        + f" ELSE {otherwise} END"


def first_match(field, labels, regex, otherwise, before=""):
    whens = " ".join(f"WHEN regexp_matches({field}, '{regex(words)}', 'i') THEN '{label}'"
                     for label, words in labels)
    return f"CASE {before} {whens} ELSE '{otherwise}' END"


PLATFORM = case("lower(platform)", q.ALIASES, "lower(platform)")
SCALE = case("platform", q.SCALES, "NULL")
SCORE = case("trim(rating)", q.WORDS, "TRY_CAST(rating AS INTEGER)")
ACCOUNT_CLASS = first_match("bio", q.ACCOUNT_CLASS, q.edged, q.NO_CLASS)
INTENT = first_match("text", q.INTENT, q.pattern, q.NO_INTENT)
PREFILTERED = first_match("text", q.INTENT, q.pattern, q.NO_INTENT, "WHEN NOT regexp_matches("
                          f"text, '{q.pattern(q.ALL_PHRASES)}', 'i') THEN '{q.NO_INTENT}'")


def bands(counting):
    return ", ".join(f"{counting} FILTER (scale = '{scale}' AND score BETWEEN {low} AND {high}) AS {name}"
                     for name, scale, low, high in q.BANDS)


def plain(job, path):
    by = ", ".join(q.groups(job))
    labels = "" if job == "light" else f", {ACCOUNT_CLASS} AS account_class, {INTENT} AS intent"
    scored = (f"SELECT *, {SCALE} AS scale FROM (SELECT {PLATFORM} AS platform, {SCORE} AS score{labels} "
              f"FROM {source(job, path)})")
    quantiles = "".join(f", quantile_cont(score, {p}) AS {name}" for name, p in q.quantiles(job).items())
    return (f"SELECT {by}, scale, count(*) AS records, count(score) AS scored, {bands('count(*)')}, "
            f"avg(score) AS mean, stddev_samp(score) AS sd{quantiles}\n"
            f"FROM ({scored})\nGROUP BY {by}, scale ORDER BY {by}, scale")


def expert(job, path):
    by = ", ".join(q.groups(job))
    if job == "records":
        counts = (f"SELECT {by}, scale, CAST(score AS INTEGER) AS score, count(*) AS n "
                  f"FROM {source(job, path)} GROUP BY ALL")
    else:
        seen, labels = "platform, rating", ""
        if job == "main":
            seen = f"platform, bio, rating, {PREFILTERED} AS intent"
            labels = f", {ACCOUNT_CLASS} AS account_class, intent"
        seen = f"SELECT {seen}, count(*) AS n FROM {source(job, path)} GROUP BY ALL"
        counts = (f"SELECT {by}, {SCALE} AS scale, score, sum(n) AS n FROM (SELECT {PLATFORM} AS platform, "
                  f"{SCORE} AS score{labels}, n FROM ({seen})) GROUP BY ALL")
    quantiles = ""
    for name, p in q.quantiles(job).items():
        at = f"(scored - 1) * {p}"
        low, high = (f"min(score) FILTER (score IS NOT NULL AND upto > {end}({at}))"
                     for end in ("floor", "ceil"))
        quantiles += f", {low} + any_value({at} - floor({at})) * ({high} - {low}) AS {name}"
    return f"""WITH counts AS ({counts}), running AS (
SELECT *, sum(n) FILTER (score IS NOT NULL) OVER (PARTITION BY {by}, scale) AS scored,
    sum(n) FILTER (score IS NOT NULL) OVER (PARTITION BY {by}, scale ORDER BY score) AS upto FROM counts)
SELECT {by}, scale, sum(n) AS records, any_value(scored) AS scored, {bands('sum(n)')},
    sum(n * score) / any_value(scored) AS mean,
    sqrt((any_value(scored) * sum(n * score * score) - sum(n * score) * sum(n * score))
         / nullif(any_value(scored) * (any_value(scored) - 1), 0)) AS sd{quantiles}
FROM running GROUP BY {by}, scale ORDER BY {by}, scale"""


def main():
    args = start.arguments()
    query = (expert if args.expert else plain)(args.job, args.file)
    if args.show:
        print(query)
        return
    with duckdb.connect(config={"threads": args.threads, "preserve_insertion_order": False}) as db:
        table = db.sql(query)
        start.write(table.columns, table.fetchall())


if __name__ == "__main__":
    main()
