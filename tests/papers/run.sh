#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# S17 through pages and interface, each acceptance step with its values: notices and decisions as numbered documents, certificates.
#   tests/papers/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 server="" rc=0
work=$(mktemp -d)
finish() { [ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"; }
trap finish EXIT
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=""
for account in owner owner2 wang zhao wu hd-natural-resources $("$program" user list "${common[@]}" | grep -oE '^ap-[a-z-]+'); do
  tokens="$tokens $account=$("$program" user token "${common[@]}" --id "$account" --name 测试 | grep -oE '[A-Za-z0-9_-]{43}')"
done
"$program" key seal "$work/seal" --name 示例审批服务 > /dev/null || exit 1
"$program" serve "${common[@]}" --seal-key "$work/seal" --port 0 --clock 2026-11-25T09:30 > "$work/out" 2>> "$work/err" & server=$!
url=""
for _ in $(seq 100); do
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/out"); [ -n "$url" ] && break; sleep 0.1
done
[ -n "$url" ] || { cat "$work/err"; exit 1; }
BASE=$url TOKENS=$tokens WORK=$work PROGRAM=$program PYTHONDONTWRITEBYTECODE=1 python3 tests/papers/main.py || rc=1
kill "$server"; wait "$server" 2>/dev/null; server=""
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
exit $rc
