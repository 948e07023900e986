#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Conversations over real sockets with a server of their own on loopback.
#   tests/http/run.sh PROGRAM [part-of-a-name …]
# With TEST_PG=DIR the store is in the PostgreSQL server whose socket is in DIR (tests/pg/cluster.sh).
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1; shift
work=$(mktemp -d)
server=""
finish() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT
mkdir -p build/http

common=(--store "$work/store" --policy policies/huludao)
if [ -n "${TEST_PG:-}" ]; then
  tests/pg/cluster.sh base "$TEST_PG" http
  common=(--store "postgresql:///http?host=$TEST_PG&user=postgres" --files "$work/files" --policy policies/huludao)
fi
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 30 > build/http/demo.log 2>&1 ||
  { cat build/http/demo.log; exit 1; }
tokens=""
for account in owner owner2 wang zhao wu sys sec audit ap-development-reform ap-natural-resources ap-housing-construction; do
  token=$("$program" user token "${common[@]}" --id "$account" --name 测试 | grep -oE '[A-Za-z0-9_-]{43}')
  tokens="$tokens $account=$token"
done
serve() {
  "$program" serve "${common[@]}" --port 0 --clock 2026-11-25T09:30 > "$work/serve.out" 2>> build/http/serve.log &
  server=$!
  for _ in $(seq 100); do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/serve.out" || true)
    [ -z "$url" ] || return 0
    sleep 0.1
  done
  echo "the server did not start"; cat build/http/serve.log; exit 1
}
: > build/http/serve.log
serve
rc=0
BASE=$url TOKENS=$tokens PYTHONDONTWRITEBYTECODE=1 python3 tests/http/main.py "$@" || rc=1
kill "$server"; wait "$server" && ended=0 || ended=$?; server=""
[ "$ended" -eq 0 ] && echo "1 passed, 0 failed" || { echo "FAILED the server ends with $ended"; echo "0 passed, 1 failed"; rc=1; }
# Whatever was sent, the journal is whole and the views are what it says.
"$program" verify "${common[@]}" && echo "1 passed, 0 failed" || { echo "FAILED verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
