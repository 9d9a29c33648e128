#!/usr/bin/env python3
"""A job in pandas: text columns read by pyarrow (its own reader where that is faster), phrases
looked for in what is still without a label, then grouping in two stages."""
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

import questions as q
import start


def read(path, columns, repeated, delimiter=",", quote='"'):
    """pandas' own door to pyarrow's reader cannot read newlines inside quotes."""
    kinds = {name: pa.dictionary(pa.int32(), pa.string()) if name in repeated else pa.string()
             for name in columns}
    return pyarrow.csv.read_csv(
        path, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=bool(quote), delimiter=delimiter,
                                                     quote_char=quote),
        convert_options=pyarrow.csv.ConvertOptions(include_columns=columns, column_types=kinds,
                                                   strings_can_be_null=False)).to_pandas()


def counted(frame):
    """Rows that agree in everything, once, with their number n."""
    return frame.groupby(list(frame.columns), observed=True, dropna=False).size().rename("n").reset_index()


def first_match(column, labels, regex, otherwise):
    """The first label whose words the text has; only what has none yet is looked at again."""
    result = pd.Series(otherwise, index=column.index, dtype=object)
    left = column[column.str.contains(regex([w for _, words in labels for w in words]), case=False)]
    for label, words in labels:
        hit = left.str.contains(regex(words), case=False)
        result[left.index[hit]] = label
        left = left[~hit]
    return result


def light(path):
    frame = pd.read_csv(path, usecols=["platform", "rating"], dtype="category", keep_default_na=False)
    return counted(frame)


def main_job(path):
    columns = ["platform", "bio", "rating"]
    frame = read(path, columns + ["text"], columns)
    frame["intent"] = first_match(frame.pop("text"), q.INTENT, q.pattern, q.NO_INTENT).astype("category")
    frame = counted(frame)
    bios = pd.Series(frame["bio"].unique(), dtype="str")
    classes = first_match(bios, q.ACCOUNT_CLASS, q.edged, q.NO_CLASS)
    frame["account_class"] = frame["bio"].astype("str").map(dict(zip(bios, classes)))
    return frame


def with_scores(frame):
    platform = frame["platform"].astype("str").str.lower().replace(q.ALIASES)
    answer = frame["rating"].astype("str").str.strip().replace({k: str(v) for k, v in q.WORDS.items()})
    return frame.assign(platform=platform, scale=platform.map(q.SCALES),
                        score=pd.to_numeric(answer, errors="coerce"))


def records(path):
    columns = q.groups("records") + ["scale", "score"]
    if path.endswith(".parquet"):
        frame = pyarrow.parquet.read_table(path, columns=columns).to_pandas()
    else:
        frame = read(path, columns, columns, delimiter="\t", quote=False)
    frame = counted(frame)
    return frame.assign(score=pd.to_numeric(frame["score"].astype(object), errors="coerce"))


def table(frame, job):
    by = q.groups(job) + ["scale"]
    rows = []
    for key, group in frame.groupby(by, observed=True):
        counts = group.groupby("score")["n"].sum()
        values, numbers, scored = counts.index.to_numpy(), counts.to_numpy(), int(counts.sum())
        row = list(key) + [int(group["n"].sum()), scored]
        row += [int(numbers[(values >= low) & (values <= high)].sum()) if scale == key[-1] else 0
                for _, scale, low, high in q.BANDS]
        mean = (values * numbers).sum() / scored if scored else None
        row += [mean, ((values - mean) ** 2 @ numbers / (scored - 1)) ** 0.5 if scored > 1 else None]
        upto = numbers.cumsum()
        for p in q.quantiles(job).values():
            at = (scored - 1) * p
            if not scored:
                row.append(None)
                continue
            low, high = (values[np.searchsorted(upto, end(at), side="right")] for end in (np.floor, np.ceil))
            row.append(low + (at - np.floor(at)) * (high - low))
        rows.append(row)
    return rows


def main():
    args = start.arguments()
    pa.set_cpu_count(args.threads)
    if args.job == "records":
        frame = records(args.file)
    else:
        frame = with_scores(light(args.file) if args.job == "light" else main_job(args.file))
    start.write(q.header(args.job), table(frame, args.job))


if __name__ == "__main__":
    main()
