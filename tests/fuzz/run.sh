#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every target for so many seconds with libFuzzer, AddressSanitizer and UBSan; ends with 1 when one broke, its input stays in build/fuzz.
#   tests/fuzz/run.sh BUILD SECONDS
set -uo pipefail
cd "$(dirname "$0")/../.."
build=$1 seconds=$2 bad=0 good=0
mkdir -p build/fuzz
for program in "$build"/fuzz_*; do
  [ -x "$program" ] && [ -f "$program" ] || continue
  name=$(basename "$program"); name=${name#fuzz_}
  case $name in *.*) continue ;; esac
  mkdir -p "build/fuzz/$name"
  if TEST_ROOT=. "$program" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=1500 -artifact_prefix="build/fuzz/$name-" \
    "build/fuzz/$name" "tests/fuzz/corpus/$name" > "build/fuzz/$name.log" 2>&1; then
    good=$((good + 1))
    echo "$name: $(grep -oE '^#[0-9]+' "build/fuzz/$name.log" | tail -1) inputs, $(grep -oE 'cov: [0-9]+' "build/fuzz/$name.log" | tail -1)"
  else
    bad=$((bad + 1))
    echo "$name broke:"; tail -40 "build/fuzz/$name.log"
  fi
done
echo "$good passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$good" -gt 0 ]
