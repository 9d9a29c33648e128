"""Command line of a peer, and its word that it is ready.

    args = start.arguments()    # after the imports: they are not counted
    start.write(names, rows)    # the table, as CSV

Tells the harness the time, and the CPU time so far, when the imports are done and the work begins.
"""
import argparse
import csv
import sys
import time


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--expert", action="store_true", help="the fastest query found; records have no other")
    parser.add_argument("--show", action="store_true", help="print the query, where it is SQL")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("job", choices=["light", "main", "records"])
    parser.add_argument("file")
    args = parser.parse_args()
    print(f"ready {time.monotonic()} {time.process_time()}", file=sys.stderr, flush=True)
    return args


def write(names, rows):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(names)
    out.writerows(rows)
