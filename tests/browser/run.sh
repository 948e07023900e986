#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Journeys in a real browser against a server of their own on loopback.
#   tests/browser/run.sh PROGRAM [journey …]
# Pages stay in build/browser/, with SHOTS=1 their pictures too.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1; shift
. tests/lib/serve.sh
out=build/browser
mkdir -p "$out"
"$program" demo --quiet --store "$work/store" --policy policies/huludao --day 2026-11-24 --projects 60 \
  > "$out/demo.log" 2>&1 || { cat "$out/demo.log"; exit 1; }
"$program" key make "$work/key" --name yichuang.browser > /dev/null
"$program" checkpoint --store "$work/store" --key "$work/key" > /dev/null
serve --store "$work/store" --policy policies/huludao --clock 2026-11-25T09:30
BASE=$url OUT=$PWD/$out PROGRAM=$program STORE=$work/store WORK=$work node tests/browser/main.mjs "$@"
stop
"$program" verify --store "$work/store" --policy policies/huludao
