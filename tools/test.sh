#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every check that a change must pass. Each part prints "N passed, N failed"; the sum comes last.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
sums=build/test.sums
: > "$sums"
part() { # name, command...
  local name=$1; shift
  local out=build/test-$name.log started=$SECONDS rc TIMEFORMAT='%U %S'
  { time "$@" > "$out" 2>&1; } 2> "build/test-$name.cpu"
  rc=$?
  local p f
  p=$(grep -oE '[0-9]+ passed, [0-9]+ failed' "$out" | awk '{s+=$1} END{print s+0}')
  f=$(grep -oE '[0-9]+ passed, [0-9]+ failed' "$out" | awk '{s+=$3} END{print s+0}')
  if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  if [ "$p" -eq 0 ] && [ "$f" -eq 0 ] && ! grep -q '^SKIPPED' "$out"; then p=1; fi
  echo "$p $f" >> "$sums"
  { echo "== $name: $p ok, $f bad in $((SECONDS - started)) s, $(awk '{s = $1 + $2} END {printf "%d", s}' "build/test-$name.cpu") s of a processor"
    grep '^SKIPPED' "$out"
    [ "$f" -eq 0 ] || tail -60 "$out"; } > "build/test-$name.said"
  cat "build/test-$name.said"
}
total() { awk '{p += $1; f += $2} END {printf "%d passed, %d failed\n", p, f; exit (f > 0)}' "$sums"; }
# The release is built by make run, make bench and make grade: it is the same source without warnings as errors, and a minute and a half of two processors here.
part build make --no-print-directory -j2 DEV=1 VARIANT=dev build build/dev/bench_journal build/dev/bench_stats build/dev/bench_search
total > build/test.total || { cat build/test.total; exit 1; }
part unit make --no-print-directory -j2 DEV=1 VARIANT=dev unit
# Two processors, and most parts wait for disks and clocks half of their time: four lanes side by side, each with the
# rigs that load one thing; what only calculates stands back behind what waits for an answer. Three lanes left a third of both processors idle. Each part has its own store, ports and log; what is built was built before or in the first lane.
make --no-print-directory -j2 DEV=1 VARIANT=dev rigs > build/test-rigs.log 2>&1 || { cat build/test-rigs.log; echo "0 1" >> "$sums"; }
lane() { # the parts named, one after the other
  local name
  for name in "$@"; do "of_$name"; done
}
of_browser() { part browser tests/browser/run.sh build/dev/yichuang; }
of_lint() { part lint nice -n 10 tools/lint.sh; }
of_asan() { part asan nice -n 10 make --no-print-directory -j2 DEV=1 VARIANT=asan unit; }
of_sim() { part sim nice -n 10 make --no-print-directory DEV=1 VARIANT=dev sim; }
of_kill() { part kill make --no-print-directory DEV=1 VARIANT=dev rig-kill; }
of_faults() { part faults make --no-print-directory DEV=1 VARIANT=dev rig-faults; }
of_power() { part power make --no-print-directory DEV=1 VARIANT=dev rig-power; }
of_busy() { part busy make --no-print-directory DEV=1 VARIANT=dev rig-busy; }
of_pg() { part pg-unit tests/pg/unit.sh build/dev; part pg tests/pg/run.sh build/dev/yichuang; }
of_policy() { part policy build/dev/yichuang policy check policies/huludao; }
of_demo() { part demo tests/demo/run.sh build/dev/yichuang; }
of_bench() { part bench tests/bench/run.sh build/dev/yichuang; }
of_archive() { part archive tests/archive/run.sh build/dev/yichuang build/dev/yichuang-verify; }
of_personal() { part personal tests/personal/run.sh build/dev/yichuang build/dev/yichuang-verify; }
for name in edges golden clock http source early exchange joint super reform open stats inspect seven papers notice finish cli operate backup proof; do
  eval "of_$name() { part $name tests/$name/run.sh build/dev/yichuang; }"
done
lane browser early joint super reform inspect open edges lint & first=$!
lane asan & second=$!
lane sim demo exchange clock bench cli operate archive notice finish stats & third=$!
lane pg kill personal faults power busy http golden policy source seven papers backup proof
wait "$first" "$second" "$third" || echo "0 1" >> "$sums"
total
