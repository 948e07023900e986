#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Statistics through pages and interface: each figure opens into as many cases as it says, those of a past day stay the same
# whatever is entered later, everybody sees what is his. Then the evaluation of departments that counts the same (S22).
#   tests/stats/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 30 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner wang zhao wu leader $("$program" user list "${common[@]}" | grep -oE '^((ap|hd)-(natural-resources|housing-construction)|hd-(longgang|suizhong))'))
serve "${common[@]}" --clock 2026-11-25T09:30 || exit 1
BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/stats/main.py first || rc=1
BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/stats/appraise.py first || rc=1
stop || rc=1
serve "${common[@]}" --clock 2026-12-03T09:30 || exit 1
BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/stats/appraise.py later || rc=1
stop || rc=1
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
