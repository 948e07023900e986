#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One source, all channels (S44): a telephone number changed once in the package is on the page, on the screen in the
# hall, in print and in JSON, with the same version; and the old one is nowhere.
#   tests/source/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 passed=0 failed=0
. tests/lib/serve.sh
check() { if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $1"; fi; }
cp -r policies/huludao "$work/package"
"$program" demo --quiet --store "$work/store" --policy "$work/package" --projects 0 > "$work/demo" 2>&1; check 'a store is made' $?
for phone in 0429-3110001 0429-3110002; do
  sed -E -i '/\{code: window,/s/(phone: [^,]*, )?name:/phone: "'$phone'", name:/; ' "$work/package/units.yaml"
  "$program" policy check "$work/package" > "$work/check" 2>&1; check "the changed package is sound: $(head -1 "$work/check")" $?
  serve --store "$work/store" --policy "$work/package"; check 'the server starts' $?
  other=$([ "$phone" = 0429-3110001 ] && echo 0429-3110002 || echo 0429-3110001)
  for path in /s/stage/1 /screen/guide/1 /api/v1/s/stage/1 /api/v1/screen/guide/1; do
    curl -s "$url$path" > "$work/page"
    grep -q "$phone" "$work/page"; check "$path shows $phone" $?
    ! grep -q "$other" "$work/page"; check "$path does not show $other" $?
    grep -q "$(sed -nE 's/^version: "(.*)"/\1/p' "$work/package/package.yaml")" "$work/page"; check "$path says the version" $?
  done
  stop; check 'the server ends' $?
done
grep -rhE 'decision_emit\(d, ' src | sed 's/.*decision_emit(d, //; s/, [0-9],.*//' | grep -oE '"[a-z]+\.[a-z-]+"' | tr -d '"' | sort -u > "$work/kinds" # also of two or three
[ "$(wc -l < "$work/kinds")" -gt 200 ]; check 'events are found in the source' $?
grep -oE '\{"[a-z]+\.[a-z-]+"' src/web/kinds.c | tr -d '{"' > "$work/called"
LC_ALL=C sort -cu "$work/called"; check 'names of events are sorted' $?
grep -vxFf "$work/called" "$work/kinds" > "$work/nameless"; [ ! -s "$work/nameless" ]; check "each event has a name: $(tr '\n' ' ' < "$work/nameless")" $?
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
