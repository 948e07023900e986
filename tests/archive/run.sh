#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# S14 with its steps: one case as a folder with an index, hashes and names; what was replaced stays readable; a changed byte is found.
#   tests/archive/run.sh PROGRAM VERIFIER
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "$1") verifier=$(realpath "$2") rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner wang zhao wu $("$program" user list "${common[@]}" | grep -oE '^ap-[a-z-]+'))
"$program" key make "$work/key" --name yichuang.archive > /dev/null
serve "${common[@]}" --clock 2026-11-25T09:30 || exit 1
BASE=$url TOKENS=$tokens WORK=$work PROGRAM=$program VERIFIER=$verifier PYTHONDONTWRITEBYTECODE=1 python3 tests/archive/main.py first || rc=1
stop || rc=1
exit $rc
