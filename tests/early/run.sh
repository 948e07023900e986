#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What comes before the case, through pages and interface: S06 reserve library, S07 free agents, S08 consultation, S12 regions, each
# acceptance step with its values; then the same store a fortnight later.
#   tests/early/run.sh PROGRAM [MAIN FIRST LATER [AFTER]]: with MAIN the conversations of another folder, from one day to another
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 main=${2:-tests/early/main.py} first=${3:-2026-11-25} later=${4:-2026-12-09} rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day "$(date -u -d "$first - 1 day" +%F)" --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner owner2 wang zhao wu wu2 leader agent agent2 agent3 hd-suizhong hd-longgang hd-development-reform hd-natural-resources \
  hd-housing-construction hd-ecology-environment drawer drawer2 \
  $("$program" user list "${common[@]}" | grep -oE '^ap-[a-z-]+'))
phase() { # clock, part
  serve "${common[@]}" --clock "$1" || exit 1
  BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 "$main" "$2" || rc=1
  stop || rc=1
}
phase "${first}T09:30" first
phase "${later}T09:30" later
[ $# -lt 5 ] || phase "${5}T09:30" after
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
