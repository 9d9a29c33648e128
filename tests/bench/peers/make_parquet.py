#!/usr/bin/env python3
"""make_parquet.py RECORDS.tsv.gz OUT.parquet: the records as DuckDB would store them."""
import sys

import duckdb

import questions as q

columns = ", ".join(f"'{name}': '{'INTEGER' if name == 'score' else 'VARCHAR'}'"
                    for name in q.RECORD_COLUMNS)
duckdb.sql(f"""COPY (SELECT * FROM read_csv('{sys.argv[1]}', auto_detect=false, header=true,
    delim='\\t', quote='', escape='', nullstr='\\N', columns={{{columns}}}))
    TO '{sys.argv[2]}' (FORMAT parquet)""")
