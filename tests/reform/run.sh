#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The reform's own books, through pages and interface: S37 bodies, seats, authorisation, S26 supporting rules, S24 problems and answers, S33 and S28 the two ledgers; each acceptance step with its values.
#   tests/reform/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner wang sun zhao wu leader ma sys sec \
  $("$program" user list "${common[@]}" | grep -oE '^(ap2?|hd)-[a-z-]+'))
phase() { # clock, part
  serve "${common[@]}" --clock "$1" || exit 1
  BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/reform/main.py "$2" || rc=1
  stop || rc=1
}
phase 2026-11-25T09:30 first
phase 2026-12-09T09:30 later
phase 2026-12-21T09:30 nineteenth
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
