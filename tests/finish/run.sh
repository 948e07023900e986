#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The end of construction, through pages and interface: S10 joint acceptance with S34, its hold by a ledger, and S16 utilities, each acceptance step with its values; then
# the same store on the days of the visits, and when the limit is over.
#   tests/finish/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner surveyor owner2 wang zhao wu leader hd-housing-construction hd-natural-resources hd-longgang hd-suizhong hd-development-reform agent2 \
  $("$program" user list "${common[@]}" | grep -oE '^ap-[a-z-]+'))
phase() { # clock, part
  serve "${common[@]}" --clock "$1" || exit 1
  BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/finish/main.py "$2" || rc=1
  stop || rc=1
}
phase 2026-11-25T09:30 first
phase 2026-11-27T10:00 visit
phase 2026-12-02T10:00 again
phase 2027-01-04T10:00 late
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
