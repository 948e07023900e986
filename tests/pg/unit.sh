#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is tested on files is tested on PostgreSQL too: unit tests of the rooms that have a store, and the conversations
# over HTTP. The server lies in memory where the machine allows it: here no power is cut.
#   tests/pg/unit.sh DIRECTORY-OF-THE-BUILD
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(realpath "$1")
work=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
chmod 755 "$work"
trap 'tests/pg/cluster.sh drop "$work/pg" || true; rm -rf "$work"' EXIT
tests/pg/cluster.sh start "$work/pg"
export TEST_PG=$work/pg TEST_ROOT=. TEST_TOOLS=$out/tools
rc=0
# Each has databases of its own; two at a time
"$out/test_journal" > "$work/journal.log" 2>&1 & journal=$!
for room in org approval exchange early joint finish inspect map notice supervision stats evaluation publish ledger; do "$out/test_$room" > "$work/$room.log" 2>&1 || rc=1; done
tests/http/run.sh "$out/yichuang" > "$work/http.log" 2>&1 || rc=1
wait "$journal" || rc=1
for part in journal org approval exchange early joint finish inspect map notice supervision stats evaluation publish ledger http; do
  if ! grep -q 'passed' "$work/$part.log" || grep -q ' [1-9][0-9]* failed' "$work/$part.log"; then echo "== $part"; grep -v 'WARN' "$work/$part.log" | tail -60; fi
  grep -E '^[0-9]+ passed, [0-9]+ failed' "$work/$part.log" || { echo "FAILED $part ended early"; echo "0 passed, 1 failed"; rc=1; }
done
exit $rc
