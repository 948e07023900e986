# SPDX-License-Identifier: Apache-2.0
"""Peer: numpy's busday functions, 100 000 dates a call. They cannot say "this Sunday is worked", so they get a week
of seven working days and every rest day as a holiday. See clock.c for the task."""
import sys
import time

import numpy as np

FIRST, DAYS, STARTS, CHECKED, BATCH = 17532, 3287, 3167, 2000, 100_000
marks = {}
for line in open(sys.argv[1], encoding="utf-8").read().splitlines()[1:]:
    date, kind = line.split(",")[:2]
    marks[np.datetime64(date)] = kind
everyday = np.datetime64(FIRST, "D") + np.arange(DAYS + 400)
rest = [d for d in everyday if marks.get(d, "holiday" if (d.astype(int) + 3) % 7 > 4 else "workday") == "holiday"]
cal = np.busdaycalendar(weekmask="1111111", holidays=rest)
if len(sys.argv) > 2:
    print("".join("1" if w else "0" for w in np.is_busday(everyday[:DAYS], busdaycal=cal)))
    sys.exit()


def due(starts, n, pauses):
    lost = np.zeros(len(starts), dtype=int)
    for j in range(pauses):
        lost += np.busday_count(starts + 2 + 2 * j, starts + 3 + 2 * j, busdaycal=cal)
    # The day of the start is never counted: from the last working day up to it, n further
    return np.busday_offset(starts, n + lost, roll="backward", busdaycal=cal)


x, numbers = 12345, []
for _ in range(BATCH):
    x = (x * 1664525 + 1013904223) & 0xFFFFFFFF
    numbers.append((x >> 8) % STARTS)
starts = np.datetime64(FIRST, "D") + np.array(numbers)
for n in (5, 20, 60):
    for pauses in (0, 3):
        checked = int(due(starts[:CHECKED], n, pauses).astype(int).sum())
        best = 1e18
        for _ in range(5):
            t = time.process_time_ns()
            due(starts, n, pauses)
            best = min(best, (time.process_time_ns() - t) / BATCH)
        print("numpy", n, pauses, "%.0f" % best, checked, sep="\t")
