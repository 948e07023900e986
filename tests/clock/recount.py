#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts a clock again from its printed day ledger, knowing nothing of the program that printed it.

    recount.py LIMIT TODAY < ledger

LIMIT: working days; TODAY: 2026-03-05, or the day the clock ended. The ledger is CSV or JSON as
`yichuang clock explain` prints it; only three things of a day are read: date, work, holder. Prints
`used N due DATE`; `due` is the day on which the count reaches the limit, `-` when the ledger ends before.
"""
import csv
import io
import json
import sys


def rows_of(text):
    if text.lstrip().startswith("{"):
        return json.loads(text)["rows"]
    return list(csv.DictReader(io.StringIO(text)))


def yes(value):
    return str(value).lower() in ("1", "true", "yes")


def recount(rows, limit, today):
    count, used, due = 0, 0, "-"
    for row in sorted(rows, key=lambda r: r["date"]):
        if not yes(row["work"]) or row["holder"] != "unit":
            continue
        count += 1
        if row["date"] <= today:
            used = count
        if count == limit:
            due = row["date"]
    return used, due


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: recount.py LIMIT TODAY < ledger")
    print("used %d due %s" % recount(rows_of(sys.stdin.read()), int(sys.argv[1]), sys.argv[2]))
