#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docs/acceptance.md names tests as `file#name`: each name is in its file.
set -uo pipefail
cd "$(dirname "$0")/.."
bad=0 n=0
while IFS= read -r one; do
  file=${one%%#*} name=${one#*#} n=$((n + 1))
  [ -f "$file" ] && grep -qF -- "$name" "$file" || { echo "docs/acceptance.md: $file has no $name"; bad=1; }
done < <(grep -oE '`tests/[^`#]+#[^`]+`' docs/acceptance.md | tr -d '`')
[ "$n" -ge 90 ] || { echo "docs/acceptance.md: only $n tests are named"; bad=1; }
exit $bad
