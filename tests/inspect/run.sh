#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# S18 with its values, through pages and interface: plan, list, commitments, secrets, public number, checks, publication; after the public
# number, and five weeks later. Each published file is recomputed by draw.py.
#   tests/inspect/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner owner2 wu audit leader sys sec hd-housing-construction ap-housing-construction hd-natural-resources)
phase() { # clock, part
  serve "${common[@]}" --clock "$1" || exit 1
  BASE=$url TOKENS=$tokens WORK=$work PYTHONDONTWRITEBYTECODE=1 python3 tests/inspect/main.py "$2" || rc=1
  stop || rc=1
}
phase 2026-11-25T09:30 first
phase 2026-11-27T16:00 drawn
phase 2027-01-06T09:30 later
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
