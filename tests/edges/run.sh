#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The edges of the twelve pages drawn in the design (row 11 of docs/grade.md): nothing there, one row, ten thousand rows, the longest name, a rare
# character, somebody was faster, the session has ended.
#   tests/edges/run.sh PROGRAM [TOOL]      TOOL: bench_journal, which makes the large store; beside PROGRAM when not given
# With EDGES=FILE the pages that were looked at are written there, and the server goes on until its input ends (for tests/grade).
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 tool=${2:-$(dirname "$1")/bench_journal} rc=0
. tests/lib/serve.sh
phase() { # part
  serve "${common[@]}" --clock 2026-11-25T09:30 || exit 1
  BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/edges/main.py "$1" || rc=1
  if [ "$1" = first ] && [ -n "${EDGES:-}" ]; then echo "at $url"; cat > /dev/null; fi
  stop || rc=1
}
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner owner2 wang sun zhao wu editor reviewer1 reviewer2 lead-housing-construction $("$program" user list "${common[@]}" | grep -oE '^(ap|hd)-[a-z-]+'))
phase first
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
[ -z "${EDGES:-}" ] || exit $rc
# Ten thousand projects, out of the histories of twelve; a demonstration as they are, so that its clock can be set.
"$program" demo --quiet --store "$work/small" --policy policies/huludao --day 2026-11-24 --projects 12 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
common=(--store "$work/large" --policy policies/huludao)
{ "$program" init --store "$work/large" && cp -a "$work/small/blobs/." "$work/large/blobs/" &&
  "$tool" grow "$work/large" policies/huludao "$work/small" 10000 && "$tool" rebuild "$work/large" policies/huludao &&
  python3 -c 'import sqlite3, sys; d = sqlite3.connect(sys.argv[2] + "/journal.db"); d.execute("ATTACH ? AS small", (sys.argv[1] + "/journal.db",))
d.executescript("REPLACE INTO meta SELECT * FROM small.meta")' "$work/small" "$work/large"; } > "$work/grow" 2>&1 || { cat "$work/grow"; exit 1; }
for account in wang:clerk:window wu:supervisor:business-environment ap-natural-resources:approver:natural-resources; do
  IFS=: read -r id role unit <<< "$account"
  echo Yichuang-2026 | "$program" user add "${common[@]}" --id "$id" --name 测试 --role "$role" --unit "$unit" > "$work/add" 2>&1 || { cat "$work/add"; exit 1; }
done
tokens=$(token wang wu ap-natural-resources)
phase many
exit $rc
