# SPDX-License-Identifier: Apache-2.0
"""Makes the tables of docs/benchmarks-clock.md from what the programs printed, and fails when a target is missed."""
import sys

csv, rows_file, days_file, lines_file, rederive_file = sys.argv[1:6]
marks = dict(line.split(",")[:2] for line in open(csv, encoding="utf-8").read().splitlines()[1:])


def expected():
    import datetime
    day, out = datetime.date(2018, 1, 1), ""
    while day.year < 2027:
        kind = marks.get(day.isoformat(), "workday" if day.weekday() < 5 else "holiday")
        out += "1" if kind == "workday" or (kind == "normal" and day.weekday() < 5) else "0"
        day += datetime.timedelta(1)
    return out


names = {"yichuang": "Yichuang", "chinese-days": "chinese-days 1.5.7 (npm)", "quantlib": "QuantLib China::IB (C++)",
         "numpy": "numpy busday, 100 000 dates a call"}
right, wrong = expected(), {}
for line in open(days_file):
    name, digits = line.split()
    wrong[name] = sum(a != b for a, b in zip(right, digits, strict=True))
ns, sums = {}, {}
for line in open(rows_file):
    name, n, pauses, value, checked = line.split("\t")
    ns[name, int(n), int(pauses)], sums[name, int(n), int(pauses)] = float(value), int(checked)

print("| | days wrong of %d | n = 5 | n = 20 | n = 60 | 3 pauses, n = 5 | n = 20 | n = 60 | due days as ours |" % len(right))
print("|---|---|---|---|---|---|---|---|---|")
for name, label in names.items():
    cells = []
    for pauses in (0, 3):
        for n in (5, 20, 60):
            v, ratio = ns[name, n, pauses], ns[name, n, pauses] / ns["yichuang", n, pauses]
            cells.append("%.2f ns" % v if name == "yichuang" else "{:,.0f} ns ({:,.0f}×)".format(v, ratio))
    same = all(sums[name, n, p] == sums["yichuang", n, p] for n in (5, 20, 60) for p in (0, 3))
    print("| %s | %d | %s | %s |" % (label, wrong[name], " | ".join(cells), "yes" if same else "no"))
print()
for line in open(lines_file):
    what, lines, seconds = line.split("\t")
    print("- `clock answer`, %s: {:,.0f} lines/s (%s lines in %.2f s)".format(int(lines) / float(seconds)) % (what, lines, float(seconds)))
ms, moved = open(rederive_file).read().split()
print("- A notice arrives: 1 000 000 open clocks with 0 to 3 pauses read before and after it in %s ms, %s due days moved" % (ms, moved))
faults = []
if int(ms) >= 1000 or int(moved) == 0:
    faults.append("re-deriving a million clocks takes a second or moves none")
if any(int(line.split("\t")[1]) < 100000 * float(line.split("\t")[2]) for line in list(open(lines_file))[:1]):
    faults.append("less than 100 000 lines a second")
if wrong["yichuang"]:
    faults.append("ours has days wrong")
if max(ns["yichuang", n, 0] for n in (5, 20, 60)) > 5:
    faults.append("more than 5 ns without pauses")
if ns["chinese-days", 20, 0] < 5000 * ns["yichuang", 20, 0]:
    faults.append("less than 5 000 times chinese-days at n = 20")
if any(sums["chinese-days", n, p] != sums["yichuang", n, p] for n in (5, 20, 60) for p in (0, 3)):
    faults.append("chinese-days gets other due days")
for fault in faults:
    print("MISSED:", fault)
print("\n%d passed, %d failed" % (6 - len(faults), len(faults)), file=sys.stderr)
sys.exit(bool(faults))
