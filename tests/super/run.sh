#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Supervision, through pages and interface: S35 who is in charge of what, S20 lamps and orders, S21; each acceptance step
# with its values; then the same store a fortnight and three weeks later, with no server in between.
#   tests/super/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner audit wang zhao wu leader ma zhu sys \
  $("$program" user list "${common[@]}" | grep -oE '^(ap|hd)-[a-z-]+'))
phase() { # clock, part
  serve "${common[@]}" --clock "$1" || exit 1
  BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/super/main.py "$2" || rc=1
  stop || rc=1
}
phase 2026-11-25T09:30 first
phase 2026-12-09T09:30 later
phase 2026-12-14T09:30 last
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
