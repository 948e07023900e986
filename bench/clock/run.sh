#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ns per "add n working days", days wrong of 2018–2026, lines a second of `clock answer`; beside npm chinese-days,
# QuantLib's China calendar and numpy's busday in the same run. Prints Markdown.
#   bench/clock/run.sh [PROGRAM]      after `make build`
# Needs, besides what the build needs: nodejs npm g++ libquantlib0-dev python3-numpy.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${1:-build/release/yichuang}
out=$(dirname "$program") csv=policies/huludao/holidays.csv here=bench/clock
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missing=
for p in g++ libquantlib0-dev python3-numpy; do
  dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
command -v npm > /dev/null || missing="$missing nodejs npm"
[ -z "$missing" ] || { echo "missing for this benchmark:$missing" >&2; exit 2; }
[ -d $here/node_modules/chinese-days ] || (cd $here && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
cc -std=c17 -O2 -D_GNU_SOURCE -Isrc $here/clock.c "$out/libcalendar.a" "$out/libbase.a" $(pkg-config --libs jansson libutf8proc libcrypto) \
  -o "$work/clock"
g++ -std=c++17 -O2 -w $here/quantlib.cpp -lQuantLib -o "$work/quantlib"

ours() { "$work/clock" "$csv" "$@"; }
chinese_days() { node $here/chinese_days.mjs "$@"; }
quantlib() { "$work/quantlib" "$@"; }
numpy() { /usr/bin/python3 $here/numpy_busday.py "$csv" "$@"; }
for peer in "yichuang ours" "chinese-days chinese_days" "quantlib quantlib" "numpy numpy"; do
  read -r name run <<< "$peer"
  echo "$name $($run dump)" >> "$work/days"
  $run >> "$work/rows"
done

ours rederive > "$work/rederive"

python3 - "$work" <<'PY'
import random
import sys
random.seed(60)
short = '{"id":%d,"type":"item","start":"2019-%02d-%02d","limit":%d,"now":"2019-12-31"}\n'
pause = '{"from":"2019-%02d-%02dT09:00:00","to":"2019-%02d-%02dT16:30:00","kind":"special"}'
item = '{"start":"2019-%02d-%02dT10:00:00","limit":%d,"pauses":[%s],"end":"2019-12-20","end_kind":"done"}'
day = lambda: random.randint(1, 28)
pauses = lambda: ",".join(pause % (6, day(), 7, day()) for _ in range(3))
with open(sys.argv[1] + "/short", "w") as f:
    for i in range(1000000):
        f.write(short % (i, random.randint(1, 12), day(), random.randint(1, 60)))
with open(sys.argv[1] + "/paused", "w") as f:
    for i in range(400000):
        f.write('{"id":%d,"type":"item","now":"2019-12-31",%s\n' % (i, (item % (5, day(), 20, pauses()))[1:]))
with open(sys.argv[1] + "/stage", "w") as f:
    for i in range(100000):
        f.write('{"id":%d,"type":"stage","limit":29,"now":"2019-12-31","items":[%s]}\n'
                % (i, ",".join(item % (5, day(), 20, pauses()) for _ in range(4))))
PY
time_lines() { # what, file
  local from to lines
  lines=$(wc -l < "$work/$2")
  "$program" clock answer --policy policies/huludao < "$work/$2" > /dev/null # warm
  from=$(date +%s.%N); "$program" clock answer --policy policies/huludao < "$work/$2" > "$work/out"; to=$(date +%s.%N)
  [ "$(grep -c '"answer"' "$work/out")" -eq "$lines" ]
  printf '%s\t%d\t%s\n' "$1" "$lines" "$(echo "$to - $from" | tr - " " | awk "{printf \"%.3f\", \$1 - \$2}")" >> "$work/lines"
}
time_lines 'items without pauses' short
time_lines 'items with 3 pauses' paused
time_lines 'stages of 4 items with 3 pauses each' stage

echo "$(date -u +%Y-%m-%d), $(nproc) processors ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), processor time; best of five runs."
echo
python3 $here/report.py "$csv" "$work/rows" "$work/days" "$work/lines" "$work/rederive"
