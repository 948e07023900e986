#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A backup of a store with everything in it: a staged version of the package, signed checkpoints, uploads. What is
# restored verifies, and holds the versions and the checkpoints.
#   tests/backup/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check() { if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $1"; tail -3 "$work/log"; fi; }
run() { "$program" "$@" > "$work/log" 2>&1; }

run demo --quiet --store "$work/store" --projects 6; check 'a store is made' $?
cp -r policies/huludao "$work/next"
sed -i 's/^version: .*/version: "2026.1"/' "$work/next/package.yaml"
run policy stage "$work/next" --store "$work/store"; check 'a version is staged' $?
run key make "$work/key" --name yichuang.example --store "$work/store"; check 'a key is made' $?
run checkpoint --key "$work/key" --store "$work/store"; check 'a checkpoint is signed' $?
run backup "$work/backup" --store "$work/store" --with-key; check 'a backup is made' $?
run restore "$work/backup" --store "$work/new"; check 'it is restored' $?
run verify --store "$work/new"; check 'what was restored verifies' $?
[ -f "$work/new/policies/2026.1/package.yaml" ]; check 'the staged version is there' $?
diff -r "$work/store/proof/checkpoint" "$work/new/proof/checkpoint" > "$work/log"; check 'the checkpoints are there' $?
run checkpoint --key "$work/key" --store "$work/new"; check 'signing goes on in the restored store' $?
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
