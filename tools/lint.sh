#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Layers, licence lines, sizes, banned functions, shell syntax. Prints what is wrong and fails.
set -uo pipefail
cd "$(dirname "$0")/.."
bad=0
say() { echo "$1"; bad=1; }
tools/layers.sh || bad=1
while IFS= read -r f; do
  head -2 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' || say "$f: no SPDX line"
done < <(git ls-files -co --exclude-standard '*.c' '*.h' '*.sh' '*.mjs' '*.yaml' Makefile | grep -v package)
# A banned function has a safer form in base.h
grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|alloca|system|popen|rand|srand)\(' \
  $(git ls-files -co --exclude-standard 'src/*.c') /dev/null | grep -vE '^\S+:\s*(/?\*)' && say 'banned function'
grep -nE '(^|[^:"])//' $(git ls-files -co --exclude-standard 'src/*.c' 'src/*.h') | grep -vE '"[^"]*//[^"]*"|https?://' && say '// comment'
while read -r n f; do
  [ "$f" = total ] || [ "$n" -le 500 ] || say "$f: $n lines, at most 500"
done < <(git ls-files -co --exclude-standard 'src/*.c' 'src/*.h' | xargs wc -l)
if command -v ctags >/dev/null; then
  long=$(ctags -R --output-format=json --fields=+ne --kinds-C=f --languages=C -f - src tools 2>/dev/null |
    python3 -c '
import json,sys
for l in sys.stdin:
    d = json.loads(l)
    if "end" in d and d["path"].endswith(".c") and d["end"]-d["line"]+1 > 60:
        print(d["path"]+": "+d["name"]+": "+str(d["end"]-d["line"]+1)+" lines, at most 60")')
  [ -z "$long" ] || say "$long"
fi
for f in $(git ls-files -co --exclude-standard '*.sh' .ci/run); do bash -n "$f" || bad=1; done
if command -v cppcheck >/dev/null; then
  cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -j2 --enable=warning,portability \
    --suppress=missingIncludeSystem --suppress=nullPointerRedundantCheck -Isrc src 2>build/cppcheck.txt ||
    { cat build/cppcheck.txt; bad=1; }
fi
twice=$(ls docs/decisions | grep -oE '^[0-9]{4}' | uniq -d)
[ -z "$twice" ] || say "docs/decisions: two are numbered $twice"
tools/messages.sh || bad=1
tools/acceptance.sh || bad=1
exit $bad
