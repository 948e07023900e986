#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The mechanical rows of the grade sheet over every page, as every role, in five looks (docs/grade.md).
#   tests/grade/run.sh PROGRAM                  everything; a run of the same program that was broken off goes on where it stood
#   tests/grade/run.sh PROGRAM --only PATTERN … these pages anew
#   tests/grade/run.sh PROGRAM --table          the sheet of what is known, with the marks of docs/grade.md as they are now
# build/grade/table.md, table.json and shots/; ends with 1 when a page fails a gate.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1; shift
out=build/grade
export OUT=$PWD/$out
if [ "${1:-}" = --table ]; then exec node tests/grade/table.mjs; fi
. tests/lib/serve.sh
for of in browser grade; do (cd "tests/$of" && npm ci --ignore-scripts --no-audit --no-fund > /dev/null); done
# What the results hang on. Another program or other checks, or a run that came to its end: begin anew.
id=$({ cat "$program" tests/grade/*.mjs tests/browser/{lib,ways}.mjs; find policies -type f | LC_ALL=C sort | xargs cat; } | sha256sum)
if [ "$id" != "$(cat "$out/id" 2> /dev/null || true)" ] || { [ -e "$out/ended" ] && [ $# -eq 0 ]; }; then
  rm -rf "$out"; mkdir -p "$out/shots"
  "$program" demo --quiet --store "$out/store" --policy policies/huludao --day 2026-11-24 --projects 120 > "$out/demo.log" 2>&1 || { cat "$out/demo.log"; exit 1; }
  "$program" key make "$work/key" --name yichuang.grade > /dev/null
  "$program" checkpoint --store "$out/store" --key "$work/key" > /dev/null
  cp -r policies/huludao "$work/next" # a second version, for the page on which it is proposed
  sed -i -E 's/^version: .*/version: "2026.12"/' "$work/next/package.yaml"
  "$program" policy stage "$work/next" --store "$out/store" > /dev/null
  echo "$id" > "$out/id"
fi
rc=0
serve --store "$out/store" --policy policies/huludao --clock 2026-11-25T09:30
BASE=$url node tests/grade/main.mjs "$@" || rc=1
stop || rc=1
# The drawn pages at their edges: a store with the longest name, held open until it has been looked at.
if [ $# -eq 0 ] && ! grep -q '"key":"edges"' "$out/kept.jsonl"; then
  mkfifo "$work/hold"
  EDGES=$OUT/edges.json tests/edges/run.sh "$program" < "$work/hold" > "$out/edges.log" 2>&1 & edges=$!
  exec 9> "$work/hold"
  until grep -qE '^at |FAILED' "$out/edges.log" || ! kill -0 "$edges" 2> /dev/null; do sleep 0.2; done
  at=$(sed -n 's/^at //p' "$out/edges.log")
  BASE=$at EDGES=$OUT/edges.json node tests/grade/edges.mjs || rc=1
  exec 9>&-
  wait "$edges" || { cat "$out/edges.log"; rc=1; }
fi
node tests/grade/table.mjs || rc=1
! grep -q '"key":"whole"' "$out/kept.jsonl" || touch "$out/ended" # nothing is left for another run
exit $rc
