#!/usr/bin/env python3
"""A job in Polars, streaming engine: plain, each label a regex, one group_by; expert, all phrases
in one pass of extract_many, grouped in two stages."""
import os
import sys

os.environ.setdefault("POLARS_MAX_THREADS", sys.argv[sys.argv.index("--threads") + 1]
                      if "--threads" in sys.argv else "2")
import polars as pl  # noqa: E402

import questions as q  # noqa: E402
import start  # noqa: E402

score, n = pl.col("score"), pl.col("n")


def source(job, path):
    if path.endswith(".parquet"):
        return pl.scan_parquet(path)
    if job == "records":
        return pl.scan_csv(path, infer_schema=False, separator="\t", quote_char=None, null_values="\\N")
    return pl.scan_csv(path, infer_schema=False)


def first(pairs, otherwise):
    chain = pl
    for condition, value in pairs:
        chain = chain.when(condition).then(pl.lit(value))
    return chain.otherwise(otherwise)


def has(field, regex):
    return pl.col(field).str.contains("(?i)" + regex)


def equals(value, mapping):
    return [(value == k, v) for k, v in mapping.items()]


lowered, answer = pl.col("platform").str.to_lowercase(), pl.col("rating").str.strip_chars()
PLATFORM = first(equals(lowered, q.ALIASES), lowered).alias("platform")
SCALE = first(equals(pl.col("platform"), q.SCALES), None).alias("scale")
SCORE = first(equals(answer, q.WORDS), answer.cast(pl.Int64, strict=False)).alias("score")
ACCOUNT_CLASS = first([(has("bio", q.edged(words)), label) for label, words in q.ACCOUNT_CLASS],
                      pl.lit(q.NO_CLASS)).alias("account_class")
INTENT = first([(has("text", q.pattern(words)), label) for label, words in q.INTENT],
               pl.lit(q.NO_INTENT)).alias("intent")
# The number of the first label that has a phrase; null without.
NUMBER_OF = {phrase: i for i, (_, words) in enumerate(q.INTENT) for phrase in words}
INTENT_NUMBER = (pl.col("text").str
                 .extract_many(q.ALL_PHRASES, ascii_case_insensitive=True, overlapping=True)
                 .list.eval(pl.element().str.to_lowercase().replace_strict(NUMBER_OF, return_dtype=pl.Int8))
                 .list.min().alias("intent"))
INTENT_NAME = (pl.col("intent").replace_strict({i: label for i, (label, _) in enumerate(q.INTENT)},
                                               default=q.NO_INTENT, return_dtype=pl.String))


def in_band(scale, low, high):
    return (pl.col("scale") == scale) & score.is_between(low, high)


def plain(job, path):
    by = q.groups(job) + ["scale"]
    labels = [] if job == "light" else [ACCOUNT_CLASS, INTENT]
    return source(job, path).select(PLATFORM, SCORE, *labels).with_columns(SCALE).group_by(by).agg(
        pl.len().alias("records"), score.count().alias("scored"),
        *[in_band(*band).sum().alias(name) for name, *band in q.BANDS],
        score.mean().alias("mean"), score.std().alias("sd"),
        *[score.quantile(p, "linear").alias(name) for name, p in q.quantiles(job).items()]).sort(by)


def counted(frame, by):
    return frame.group_by(by).agg(pl.len().cast(pl.Int64).alias("n"))


def value_at(position):
    return score.filter(pl.col("upto") > position).min()


def expert(job, path):
    by = q.groups(job) + ["scale"]
    frame = source(job, path)
    if job == "records":
        frame = counted(frame, by + ["score"]).with_columns(score.cast(pl.Int64))
    elif job == "light":
        frame = counted(frame, ["platform", "rating"]).select(PLATFORM, SCORE, "n").with_columns(SCALE)
    else:
        frame = counted(frame.select("platform", "bio", "rating", INTENT_NUMBER),
                        ["platform", "bio", "rating", "intent"])
        frame = frame.select(PLATFORM, SCORE, ACCOUNT_CLASS, INTENT_NAME, "n").with_columns(SCALE)
    frame = frame.group_by(by + ["score"]).agg(n.sum()).sort(by + ["score"], nulls_last=True)
    frame = frame.with_columns(n.cum_sum().over(by).alias("upto"))
    scored = n.filter(score.is_not_null()).sum()
    sums, squares = (n * score).sum(), (n * score * score).sum()
    aggregates = [n.sum().alias("records"), scored.alias("scored"),
                  *[n.filter(in_band(*band)).sum().alias(name) for name, *band in q.BANDS],
                  (sums / scored).alias("mean"),
                  ((scored * squares - sums * sums) / (scored * (scored - 1))).sqrt().alias("sd")]
    for name, p in q.quantiles(job).items():
        at = (scored - 1) * p
        low, high = value_at(at.floor()), value_at(at.ceil())
        aggregates.append((low + (at - at.floor()) * (high - low)).alias(name))
    return frame.group_by(by).agg(aggregates).sort(by)


def main():
    args = start.arguments()
    frame = (expert if args.expert else plain)(args.job, args.file).collect(engine="streaming")
    start.write(frame.columns, frame.rows())


if __name__ == "__main__":
    main()
