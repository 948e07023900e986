#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Journeys in a real browser against a server of their own on loopback.
#   tests/browser/run.sh PROGRAM [journey …]
# Pages stay in build/browser/, with SHOTS=1 their pictures too.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1; shift
work=$(mktemp -d)
out=build/browser
mkdir -p "$out"
server=""
finish() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
trap finish EXIT

"$program" demo --quiet --store "$work/store" --policy policies/huludao --day 2026-11-24 --projects 60 \
  > "$out/demo.log" 2>&1 || { cat "$out/demo.log"; exit 1; }
"$program" key make "$work/key" --name yichuang.browser > /dev/null
"$program" checkpoint --store "$work/store" --key "$work/key" > /dev/null
"$program" serve --store "$work/store" --policy policies/huludao --port 0 --clock 2026-11-25T09:30 \
  > "$work/serve.out" 2> "$out/serve.log" &
server=$!
for _ in $(seq 100); do
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/serve.out" || true)
  [ -z "$url" ] || break
  sleep 0.1
done
[ -n "$url" ] || { echo "the server did not start"; cat "$out/serve.log"; exit 1; }
BASE=$url OUT=$PWD/$out PROGRAM=$program STORE=$work/store WORK=$work node tests/browser/main.mjs "$@"
kill "$server"; wait "$server" || true; server=""
"$program" verify --store "$work/store" --policy policies/huludao
