#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Conversations over real sockets with a server of their own on loopback.
#   tests/http/run.sh PROGRAM [part-of-a-name …]
# With TEST_PG=DIR the store is in the PostgreSQL server whose socket is in DIR (tests/pg/cluster.sh).
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1; shift
. tests/lib/serve.sh
mkdir -p build/http

common=(--store "$work/store" --policy policies/huludao)
if [ -n "${TEST_PG:-}" ]; then
  tests/pg/cluster.sh base "$TEST_PG" http
  common=(--store "postgresql:///http?host=$TEST_PG&user=postgres" --files "$work/files" --policy policies/huludao)
fi
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 30 > build/http/demo.log 2>&1 ||
  { cat build/http/demo.log; exit 1; }
tokens=$(token owner owner2 wang zhao wu sys sec audit ap-development-reform ap-natural-resources ap-housing-construction)
serve "${common[@]}" --clock 2026-11-25T09:30
rc=0
BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/http/main.py "$@" || rc=1
stop && echo "1 passed, 0 failed" || { echo "FAILED the server ends well"; echo "0 passed, 1 failed"; rc=1; }
# The index can be thrown away, or be anything: the next start makes the same again.
index=$work/store/search.db; [ -z "${TEST_PG:-}" ] || index=$work/files/search.db
wang=$(grep -oE 'wang=[^ ]+' <<<"$tokens" | cut -d= -f2)
found() { # how many cases, papers, services it has, once it has caught up
  local kind said
  for _ in $(seq 100); do
    said=$(for kind in case paper service consult; do curl -s -H "Authorization: Bearer $wang" "$url/api/v1/s?kind=$kind&q=%E5%AE%9E" | grep -oE '"(behind":true|total":[0-9]+)' | sort -u; done)
    grep -q behind <<<"$said" || break
    sleep 0.1
  done
  echo "$said"
}
index_test() { # what, how it was treated
  serve "${common[@]}" --clock 2026-11-25T09:30
  local now; now=$(found)
  stop || true
  if [ -n "$now" ] && [ "$now" = "${before:=$now}" ]; then echo "1 passed, 0 failed"; else echo "FAILED the index $1: $now, not $before"; echo "0 passed, 1 failed"; rc=1; fi
}
index_test "as it was"
rm "$index"*; index_test "made anew"
head -c 9000 /dev/urandom > "$index"; rm -f "$index"-*; index_test "damaged"
# Whatever was sent, the journal is whole and the views are what it says.
"$program" verify "${common[@]}" && echo "1 passed, 0 failed" || { echo "FAILED verify"; echo "0 passed, 1 failed"; rc=1; }
# The auditor has the server prove its journal: whole, and after somebody has been at the file.
proof_test() { # what, what the answer must have
  serve "${common[@]}" --clock 2026-11-25T09:30
  local audit said; audit=$(grep -oE 'audit=[^ ]+' <<<"$tokens" | cut -d= -f2)
  said=$(curl -s -H "Authorization: Bearer $audit" "$url/api/v1/audit/proof?run=1")
  stop || true
  if grep -q "$2" <<<"$said"; then echo "1 passed, 0 failed"; else echo "FAILED the proof $1: $said"; echo "0 passed, 1 failed"; rc=1; fi
}
proof_test "of a journal that is whole" '"chain":true.*"views":true,"whole":true'
if [ -z "${TEST_PG:-}" ]; then
  python3 - "$work/store/journal.db" << 'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("DROP TRIGGER event_kept; UPDATE event SET actor_name = '某人' WHERE pos = 1234;"
                 "CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;")
END
  proof_test "of a journal that somebody was at" '"chain":false.*"fault":"第 1234 条.*"whole":false'
fi
exit $rc
