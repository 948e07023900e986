#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A project of each of the seven categories from registration to completion, through the pages as the people concerned see
# them; on the way whatever can happen happens to one of them (tests/seven/main.py says to which).
#   tests/seven/run.sh PROGRAM [category …]
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 rc=0; shift
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
phase() { # clock, day, category …
  local clock=$1; shift
  serve "${common[@]}" --clock "$clock" || exit 1
  BASE=$url PYTHONDONTWRITEBYTECODE=1 python3 tests/seven/main.py "$@" || rc=1
  stop || rc=1
}
phase 2026-11-25T09:30 first "$@"
[ $# -gt 0 ] || { phase 2026-11-26T09:30 visit; phase 2026-12-02T09:30 again; }
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
