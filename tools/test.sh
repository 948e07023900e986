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
  local out=build/test-$name.log started=$SECONDS
  "$@" > "$out" 2>&1
  local rc=$?
  local p f
  p=$(grep -oE '[0-9]+ passed, [0-9]+ failed' "$out" | awk '{s+=$1} END{print s+0}')
  f=$(grep -oE '[0-9]+ passed, [0-9]+ failed' "$out" | awk '{s+=$3} END{print s+0}')
  if [ "$rc" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  if [ "$p" -eq 0 ] && [ "$f" -eq 0 ] && ! grep -q '^SKIPPED' "$out"; then p=1; fi
  echo "$p $f" >> "$sums"
  { echo "== $name: $p ok, $f bad in $((SECONDS - started)) s"
    grep '^SKIPPED' "$out"
    [ "$f" -eq 0 ] || tail -60 "$out"; } > "build/test-$name.said"
  cat "build/test-$name.said"
}
total() { awk '{p += $1; f += $2} END {printf "%d passed, %d failed\n", p, f; exit (f > 0)}' "$sums"; }
part build make --no-print-directory -j2 DEV=1 VARIANT=dev build
total > build/test.total || { cat build/test.total; exit 1; }
part release make --no-print-directory -j2 build build/release/bench_journal
part lint tools/lint.sh
part unit make --no-print-directory -j2 DEV=1 VARIANT=dev unit
part pg-unit tests/pg/unit.sh build/dev
part asan make --no-print-directory -j2 DEV=1 VARIANT=asan unit
# Two processors: the browser on one side, all else on the other. Each part has its own store, ports and log.
part browser tests/browser/run.sh build/dev/yichuang & browser=$!
part kill make --no-print-directory -j2 DEV=1 VARIANT=dev rig-kill
part sim make --no-print-directory -j2 DEV=1 VARIANT=dev sim
part faults make --no-print-directory -j2 DEV=1 VARIANT=dev rig-faults
part power make --no-print-directory -j2 DEV=1 VARIANT=dev rig-power
part busy make --no-print-directory -j2 DEV=1 VARIANT=dev rig-busy
part golden tests/golden/run.sh build/dev/yichuang
part policy build/dev/yichuang policy check policies/huludao
part clock tests/clock/run.sh build/dev/yichuang
part http tests/http/run.sh build/dev/yichuang
part demo tests/demo/run.sh build/release/yichuang
part bench tests/bench/run.sh build/release/yichuang
part source tests/source/run.sh build/dev/yichuang
part early tests/early/run.sh build/dev/yichuang
part joint tests/joint/run.sh build/dev/yichuang
part super tests/super/run.sh build/dev/yichuang
part inspect tests/inspect/run.sh build/dev/yichuang
part seven tests/seven/run.sh build/dev/yichuang
part papers tests/papers/run.sh build/dev/yichuang
part notice tests/notice/run.sh build/dev/yichuang
part finish tests/finish/run.sh build/dev/yichuang
part archive tests/archive/run.sh build/dev/yichuang build/dev/yichuang-verify
part cli tests/cli/run.sh build/dev/yichuang
part backup tests/backup/run.sh build/dev/yichuang
part personal tests/personal/run.sh build/dev/yichuang build/dev/yichuang-verify
part proof tests/proof/run.sh build/dev/yichuang
part pg tests/pg/run.sh build/dev/yichuang
wait "$browser" || echo "0 1" >> "$sums"
total
