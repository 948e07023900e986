#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench/journal, bench/stats and bench/search at their smallest: every part runs, the peers agree, every figure is a number. No figure is judged here.
#   tests/bench/run.sh PROGRAM     bench_journal, bench_stats and bench_search stand beside PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1
out=$(mktemp -d /tmp/yichuang-bench-XXXXXX)
chmod 755 "$out"
trap 'rm -rf "$out"' EXIT
passed=0 failed=0
has() { # what, pattern
  if grep -qE "$2" "$out/said"; then passed=$((passed + 1)); else echo "FAILED $1: no line like $2"; failed=$((failed + 1)); fi
}
number='[0-9]+(\.[0-9]+)?'
if SMOKE=1 OUT=$out bench/journal/run.sh "$program" >"$out/said" 2>&1; then passed=1; else failed=1; fi
has same 'the same rows as the peer after 4 acts on each of [1-9]'
for c in 1 32 64; do has "$c clients" "^  $c clients: [1-9][0-9]*/s, p50 $number us"; done
has postgres '32 clients: .*PostgreSQL [1-9][0-9]*/s'
for what in '1 client / append\+fdatasync' '32 clients / PostgreSQL 32 clients' 'p99 of 1 clients' 'p99 of 64 clients' 'CPU for a command' \
  'verified events a CPU second, gm' 'verified events a CPU second, intl' 'events folded a second' 'events a second rebuilding views' \
  'start with 400 projects, ms' 'memory of an idle server with 400 projects, MB' 'memory of an idle server with the demonstration, MB'; do
  has "$what" "^(PASS|SHORT) +$what.*: $number, asked"
done
[ "$failed" = 0 ] || tail -30 "$out/said"
# Cube, one pass and SQL over the facts say the same
if SMOKE=1 OUT=$out/stats bench/stats/run.sh "$(dirname "$program")/bench_stats" >"$out/stats.said" 2>&1 && grep -q '^10 answers agree' "$out/stats.said"; then
  passed=$((passed + 1))
else failed=$((failed + 1)); tail -10 "$out/stats.said"; fi
if SMOKE=1 OUT=$out/search bench/search/run.sh "$program" >"$out/said" 2>&1; then passed=$((passed + 1)); else echo "FAILED bench/search"; failed=$((failed + 1)); tail -5 "$out/said"; fi
has same 'all find what a plain scan finds, for each of the 400 questions'
for e in ours groonga trigram; do has $e "^round 1 $e: p50 [1-9][0-9]* us, p99 [1-9][0-9]* us"; done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
