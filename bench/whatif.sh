#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What if: a million cases in memory under a draft, and a sample compared with a full run. Prints Markdown; fails when
# the sample differs or a draft takes more than two seconds.
#   bench/whatif.sh [CASES]      builds what it needs
set -euo pipefail
cd "$(dirname "$0")/.."
out=build/release
make --no-print-directory -s -j2 build >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046
cc -std=c17 -O2 -D_GNU_SOURCE -pthread -Isrc -Itests bench/whatif.c tests/unit/approval/cases.c -Itests/unit/approval \
  "$out"/lib{approval,org,journal,policy,calendar,base}.a \
  $(pkg-config --libs sqlite3 jansson yaml-0.1 libargon2 libutf8proc libcrypto zlib libgvc libcgraph) -lm -o "$work/whatif"
"$work/whatif" policies/huludao "${1:-1000000}"
