#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Stores made by earlier versions: they open, verify, and export to the hash that was written down then.
#   tests/golden/run.sh PROGRAM
set -uo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
ok() { # name, command...
  local name=$1; shift
  if "$@" > "$work/out" 2>&1; then passed=$((passed + 1)); return; fi
  failed=$((failed + 1)); echo "FAILED $name"; cat "$work/out"
}
exports_to() { # store, hash
  "$program" export "$work/out.jsonl" --store "$1" 2>/dev/null && tail -1 "$work/out.jsonl" | grep -q "\"hash\":\"$2\""
}
while read -r name hash; do
  case "$name" in ''|'#'*) continue ;; esac
  cp -r "tests/golden/$name" "$work/$name"
  mkdir -p "$work/$name/blobs/tmp" # git keeps no empty directory
  at=(--store "$work/$name" --policy policies/huludao)
  ok "$name: untouched, it exports to its hash" exports_to "$work/$name" "$hash"
  ok "$name: opens, and goes to the schema of today" "$program" user list "${at[@]}"
  ok "$name: verifies" "$program" verify --quiet "${at[@]}"
  ok "$name: opened, it still exports to its hash" exports_to "$work/$name" "$hash"
  ok "$name: is backed up" "$program" backup "$work/$name.copy" --store "$work/$name" --with-key
  ok "$name: comes back" "$program" restore "$work/$name.copy" --store "$work/$name.back" --policy policies/huludao --quiet
  ok "$name: and exports to its hash" exports_to "$work/$name.back" "$hash"
done < tests/golden/hashes.txt
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
