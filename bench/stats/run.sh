#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Department × stage × month over four million items, from the cube and by one pass over the columns, beside DuckDB and PostgreSQL with the
# same items in the same run; docs/benchmarks-stats.md says how to read it. The run fails when answers differ, never because a number is low.
#   bench/stats/run.sh [TOOL]           build/release/bench_stats
#   ITEMS=4000000 ROUNDS=31             what to change
#   SMOKE=1                             few items, SQLite over the facts as the peer, a second: only whether the answers agree
set -euo pipefail
cd "$(dirname "$0")/../.."
tool=${1:-build/release/bench_stats} here=bench/stats items=${ITEMS:-4000000} rounds=${ROUNDS:-31} out=${OUT:-build/bench/stats}
if [ -n "${SMOKE:-}" ]; then items=20000 rounds=3; fi
mkdir -p "$out"
out=$(realpath "$out")
say() { echo "$*" | tee -a "$out/result.txt"; }
get() { awk -v n="$1" '$1 == n { print $2 }' "$2"; }
verdict() { # what, value, bound, text
  awk -v w="$1" -v v="$2" -v b="$3" -v t="$4" 'BEGIN { printf "%-5s %s: %s, asked <= %s%s\n", v + 0 <= b + 0 ? "PASS" : "SHORT", w, v, b, t == "" ? "" : " (" t ")" }' | tee -a "$out/result.txt"
}
agree() { # file, file
  LC_ALL=C sort "$1" > "$out/a"; LC_ALL=C sort "$2" > "$out/b"
  cmp -s "$out/a" "$out/b" || { say "FAIL: $(basename "$1") and $(basename "$2") differ: $(diff "$out/a" "$out/b" | head -4)"; exit 1; }
  agreed=$((agreed + 1))
}
agreed=0
: > "$out/result.txt"
say "$(date -u +%Y-%m-%d), $(nproc) processors ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), load $(cut -d' ' -f1-3 /proc/loadavg)"
if [ ! -f "$out/made-$items" ]; then
  rm -rf "$out/data" "$out"/made-*
  "$tool" make "$out/data" "$items" > "$out/make.log"
  touch "$out/made-$items"
fi
say "$(get items "$out/make.log") items, $(get facts "$out/make.log") facts"
"$tool" ask "$out/data" "$rounds" "$out" > "$out/ask.log"
for n in 0 1 2 3; do agree "$out/cube-$n.csv" "$out/scan-$n.csv"; done
# The facts themselves, asked by somebody who knows nothing of the image: of each item its last fact
facts_sql() {
  echo "SELECT unit, stage, month, count(*), sum(late), sum(used) FROM (SELECT f.*, p.words AS category, p.unit AS county,
    strftime('%Y', f.ended * 86400, 'unixepoch') * 12 + strftime('%m', f.ended * 86400, 'unixepoch') - 1 AS month
    FROM (SELECT *, row_number() OVER (PARTITION BY project, stage, item, attempt ORDER BY pos DESC) AS back FROM fact WHERE item <> '') f
    JOIN (SELECT project, words, unit FROM fact WHERE stage = 0) p ON p.project = f.project WHERE back = 1 AND f.state IN (4, 5)) WHERE $1 GROUP BY 1, 2, 3;" | sed 's/SELECT f\.\*, p/SELECT f.stage, f.late, f.used, f.unit, p/'
}
if [ -n "${SMOKE:-}" ]; then
  while IFS='|' read -r n where; do
    sqlite3 -readonly -csv "$out/data/views.db" "$(facts_sql "$where")" | tr -d '\r' > "$out/sql-$n.csv"
    agree "$out/sql-$n.csv" "$out/scan-$n.csv"
  done < $here/questions
  say "$agreed answers agree"
  exit 0
fi
finish() { [ ! -d "$out/pg" ] || tests/pg/cluster.sh drop "$out/pg"; }
trap finish EXIT
finish
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$out/pg" -U postgres -d yichuang "$@"; }
tests/pg/cluster.sh start "$out/pg" shared_buffers=2GB work_mem=256MB max_parallel_workers_per_gather=2
sql -f $here/peer.sql
awk -F, -v OFS=, '$3 > 0 { print $3, $6, $2, $7, $1, $4, $5 }' "$out/data/items.csv" | sql -c '\copy items from stdin csv'
sql -c 'VACUUM ANALYZE items'
(cd $here && npm ci --silent --no-audit --no-fund)
node $here/duck.mjs "$out/data/items.csv" "$out" $here/questions "$rounds" > "$out/duck.log"
while IFS='|' read -r n where; do
  text="SELECT unit, stage, month, count(*), sum(late), sum(used) FROM items WHERE $where GROUP BY 1, 2, 3"
  sql -F, -c "$text" > "$out/pg-$n.csv"
  for _ in 1 2 3 4 5; do echo "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) $text;"; done | sql | sed -n 's/Execution Time: \(.*\) ms/\1/p' | sort -g | sed -n 3p > "$out/pg-$n.ms"
  agree "$out/pg-$n.csv" "$out/scan-$n.csv"
  agree "$out/duck-$n.csv" "$out/scan-$n.csv"
done < $here/questions
say "$agreed answers agree; image read in $(get load_s "$out/ask.log") s, CPU $(get load_us_a_fact "$out/ask.log") us and $(get bytes_a_fact "$out/ask.log") bytes a fact, of which the cube $(get cube_ns "$out/ask.log") ns an item decided"
verdict "department x stage x month from the cube, p50 us" "$(get cube0_p50_us "$out/ask.log")" 200 "p99 $(get cube0_p99_us "$out/ask.log"); $(get cube0_rows "$out/ask.log") rows"
while IFS='|' read -r n where; do
  cube=$(get "cube${n}_p50_us" "$out/ask.log")
  verdict "one pass / DuckDB 2 threads, $where" "$(awk -v a="$(get "scan${n}_p50_us" "$out/ask.log")" -v b="$(get "duck${n}_2_p50_us" "$out/duck.log")" 'BEGIN { printf "%.2f", a / b }')" 1 \
    "p50: one pass $(get "scan${n}_p50_us" "$out/ask.log") us${cube:+, cube $cube us}; DuckDB $(get "duck${n}_2_p50_us" "$out/duck.log") us with 2 threads, $(get "duck${n}_1_p50_us" "$out/duck.log") with 1; PostgreSQL $(cat "$out/pg-$n.ms") ms; CPU: one pass $(get "scan${n}_cpu_us" "$out/ask.log") us, DuckDB $(get "duck${n}_1_cpu_us" "$out/duck.log") us"
done < $here/questions
say "load at the end $(cut -d' ' -f1-3 /proc/loadavg)"
