#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The mechanical rows of the grade sheet over every page, as every role, in five looks (docs/grade.md).
#   tests/grade/run.sh PROGRAM [--only PATTERN …]
# build/grade/table.md, table.json and shots/; ends with 1 when a page fails a gate.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1; shift
. tests/lib/serve.sh
for of in browser grade; do (cd "tests/$of" && npm ci --ignore-scripts --no-audit --no-fund > /dev/null); done
out=build/grade
rm -rf "$out"; mkdir -p "$out/shots"
"$program" demo --quiet --store "$work/store" --policy policies/huludao --day 2026-11-24 --projects 120 > "$out/demo.log" 2>&1 || { cat "$out/demo.log"; exit 1; }
"$program" key make "$work/key" --name yichuang.grade > /dev/null
"$program" checkpoint --store "$work/store" --key "$work/key" > /dev/null
serve --store "$work/store" --policy policies/huludao --clock 2026-11-25T09:30
rc=0
BASE=$url OUT=$PWD/$out node tests/grade/main.mjs "$@" || rc=1
# The drawn pages at their edges: a store with the longest name, held open until it has been looked at.
mkfifo "$work/hold"
EDGES=$PWD/$out/edges.json tests/edges/run.sh "$program" < "$work/hold" > "$out/edges.log" 2>&1 & edges=$!
exec 9> "$work/hold"
until grep -qE '^at |FAILED' "$out/edges.log" || ! kill -0 "$edges" 2> /dev/null; do sleep 0.2; done
at=$(sed -n 's/^at //p' "$out/edges.log")
BASE=$at OUT=$PWD/$out EDGES=$PWD/$out/edges.json node tests/grade/edges.mjs || rc=1
exec 9>&-
wait "$edges" || { cat "$out/edges.log"; rc=1; }
exit $rc
