#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Searching Chinese text beside Groonga and beside SQLite's trigram tokenizer, the same documents and questions, in the same run: first that all
# find the same, then how long it takes. docs/benchmarks-search.md says how to read it.
#   bench/search/run.sh [PROGRAM]     after `make build build/release/bench_search`; needs Debian's groonga-bin
#   DOCS=100000 ROUNDS=3              what to change
#   SMOKE=1                           2 000 documents, one round: only to see that all find the same
# The run fails when the answers differ, never because a number is low.
set -euo pipefail
cd "$(dirname "$0")/../.."
tool=$(dirname "${1:-build/release/yichuang}")/bench_search
docs=${DOCS:-100000} rounds=${ROUNDS:-3} out=${OUT:-build/bench/search}
[ -z "${SMOKE:-}" ] || { docs=2000 rounds=1; }
rm -rf "$out"; mkdir -p "$out"
say() { echo "$*" | tee -a "$out/result.txt"; }
engine() { # name, what
  if [ "$1" = groonga ]; then python3 bench/search/groonga.py "$out" "$2"; else "$tool" "$1" "$out" "$2"; fi
}
at() { # percent, file: of the second column
  awk '{ print $2 }' "$2" | sort -n | awk -v p="$1" '{ v[NR] = $1 } END { i = int(NR * p / 100) + 1; if (i > NR) i = NR; print v[i] }'
}
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
verdict() { # what, value, at-least|at-most, bound
  awk -v w="$1" -v v="$2" -v how="$3" -v b="$4" 'BEGIN { ok = how == "at-least" ? v + 0 >= b + 0 : v + 0 <= b + 0
    printf "%-5s %s: %s, asked %s %s\n", ok ? "PASS" : "SHORT", w, v, how == "at-least" ? ">=" : "<=", b }' | tee -a "$out/result.txt"
}

"$tool" make "$out" policies/huludao "$docs" >"$out/made.txt"
say "$docs documents, $(stat -c %s "$out/docs.txt") bytes, $(wc -l <"$out/questions.txt") questions"
for e in ours groonga trigram; do
  engine $e build >"$out/build-$e.txt"
  case $e in ours) f=$out/ours/search.db ;; groonga) f=$out/groonga ;; trigram) f=$out/trigram.db ;; esac
  say "$e: $(awk '/cpu_us/ { c = $2 } /documents/ { printf "%d documents a CPU second", $2 / c * 1000000 }' "$out/build-$e.txt"), $(du -sm $f | cut -f1) MB"
done
for e in ours groonga trigram; do
  engine $e answers >"$out/answers-$e.txt"
  cmp "$out/truth.txt" "$out/answers-$e.txt" || { say "FAIL: $e finds something else than a plain scan"; exit 1; }
done
say "all find what a plain scan finds, for each of the $(wc -l <"$out/truth.txt") questions"
: >"$out/p99"; : >"$out/two"
for round in $(seq "$rounds"); do
  order="ours groonga trigram"; [ $((round % 2)) = 1 ] || order="trigram groonga ours"
  for e in $order; do engine $e ask >"$out/ask-$e.txt"; grep '^2 ' "$out/ask-$e.txt" >"$out/two-$e.txt"; done
  for e in ours groonga trigram; do
    say "round $round $e: p50 $(at 50 "$out/ask-$e.txt") us, p99 $(at 99 "$out/ask-$e.txt") us; two characters p50 $(at 50 "$out/two-$e.txt") us, p99 $(at 99 "$out/two-$e.txt") us; load $(cut -d' ' -f1 /proc/loadavg)"
  done
  awk -v a="$(at 99 "$out/ask-ours.txt")" -v b="$(at 99 "$out/ask-groonga.txt")" 'BEGIN { printf "%.2f\n", a / (b ? b : 1) }' >>"$out/p99"
  awk -v a="$(at 50 "$out/two-trigram.txt")" -v b="$(at 50 "$out/two-ours.txt")" 'BEGIN { printf "%.0f\n", a / (b ? b : 1) }' >>"$out/two"
done
verdict "p99 / p99 of Groonga" "$(median <"$out/p99")" at-most 1
verdict "two characters: p50 of trigrams / p50" "$(median <"$out/two")" at-least 100
