#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The pictures of docs/user/ (see main.mjs).
#   tests/guide/run.sh PROGRAM     makes them;  CHECK=1: are they those of today's pages?
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$1
. tests/lib/serve.sh
mkdir -p build/guide
"$program" demo --quiet --store "$work/store" --policy policies/huludao --day 2026-11-24 --projects 60 > build/guide/demo.log 2>&1 || { cat build/guide/demo.log; exit 1; }
serve --store "$work/store" --policy policies/huludao --clock 2026-11-25T09:30
BASE=$url OUT=$PWD/build/guide node tests/guide/main.mjs
