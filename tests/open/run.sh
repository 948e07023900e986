#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Disclosure through pages and interface: S38 the register of documents, S39 openness and reviews, S40 interpretations, S41 drafts for comments; each acceptance step with its values.
#   tests/open/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner editor reviewer1 reviewer2 hd-government-office hd-state-secrets hd-housing-construction)
phase() { # clock, part
  serve "${common[@]}" --clock "$1" || exit 1
  BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/open/main.py "$2" || rc=1
  stop || rc=1
}
phase 2026-11-25T09:30 first
phase 2026-12-28T09:30 later
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
