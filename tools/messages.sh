#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every message of the pages has its English in po/en.po, and a public template holds no Chinese outside
# {{t …}}. Prints "place: what lacks it" and fails. With -l it lists the messages with their places.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
gcc -std=c17 -O1 -D_GNU_SOURCE tools/tmpl.c tools/tmpl_html.c -o "$work/tmpl"

# "place: message", from:
# - {{t …}} of all templates; literals given to tr or marked N_
"$work/tmpl" -w src/web/tmpl/*.html > "$work/said"
literals() { # FILE PATTERN: the text of the string literals on the lines with PATTERN
  { grep -nE "$2" "$1" || true; } | { grep -oE '^[0-9]+:|"([^"\\]|\\.)*"' || true; } |
    awk -v f="$1" '/^[0-9]+:$/ { n = $0; next } { s = substr($0, 2, length($0) - 2); if (s ~ /[^ -~]/) print f ":" n " " s }'
}
for f in src/web/*.c; do
  { grep -nE 'N_\(' "$f" || true; } | { grep -oE '^[0-9]+:|N_\("[^"]*"' || true; } |
    awk -v f="$f" '/^[0-9]+:$/ { n = $0; next } { s = $0; sub(/^N_\("/, "", s); sub(/"$/, "", s); print f ":" n " " s }' >> "$work/said"
  literals "$f" '\btr\([^)]*lang' >> "$work/said"
done
# - refusals that a visitor without an account can meet, words of the states, names of stages and categories
for f in src/web/page_public.c src/web/login.c src/web/exchange.c src/web/page_case.c src/org/password.c src/org/throttle.c; do
  literals "$f" '\bFAIL|cx_fail\(' | { grep -v ': GB/T' || true; } >> "$work/said"
done
literals src/approval/approval.h '^ *X\((STAGE|ITEM)_' >> "$work/said"
literals src/calendar/lamp.c 'LAMP_' >> "$work/said"
for f in policies/*/stages.yaml policies/*/categories.yaml; do
  awk -v f="$f" '/^ *(- )?(name|qualifier|certificate): / { sub(/^[^:]*: */, ""); print f ":" FNR ": " $0 }' "$f" >> "$work/said"
done
# - sentences of the public time line: no person, the stage as 第N阶段, an item as unit“item”
literals src/approval/sentence.c '^ *\{"[a-z]+\.' |
  sed -e 's/%W//; s/%U/{unit}/; s/%S/第{n}阶段/; s/%I/{unit}“{item}”/; /“{item}”：$/ { s/$/通过/; p; s/通过$/不通过/ }' |
  sed -e "/：受理.*申请\$/ { p; s/\$/$(literals src/approval/sentence.c 起视为受理 | sed 's/^[^ ]*: //; s/[.*]//g')/ }" >> "$work/said"

if [ "${1:-}" = -l ]; then cat "$work/said"; exit; fi

# Holes and printf conversions are the same thing with other names.
plain() { sed -E 's/\{[a-zA-Z_.]+\}/{}/g; s/%(\.\*|0[0-9])?(lld|llu|zu|s|d)/{}/g'; }
msgattrib --translated --no-fuzzy --no-wrap po/en.po | sed -n 's/^msgid "\(.*\)"$/\1/p' | plain | sort -u > "$work/known"
# A template finds its sentence by the very words, with the names of its holes.
msgattrib --translated --no-fuzzy --no-wrap po/en.po | sed -n 's/^msgid "\(.*\)"$/\1/p' > "$work/exact"
awk 'NR == FNR { known[$0]; next } /^src\/web\/tmpl/ { text = $0; sub(/^[^ ]+: /, "", text); if (!(text in known)) print }' "$work/exact" "$work/said" > "$work/other"
if [ -s "$work/other" ]; then sed -E 's/^([^ ]+): /\1: no English with these holes: /' "$work/other"; bad=1; fi
while IFS= read -r line; do
  message=$(printf '%s\n' "${line#*: }" | plain)
  grep -qxF -- "$message" "$work/known" || { echo "${line%%: *}: no English in po/en.po: ${line#*: }"; bad=1; }
done < "$work/said"

# The templates of public routes, with the partials that they use
queue=$(sed -nE 's/.*\.tmpl = "([a-z_]+)".*/\1/p; s/.*rp->tmpl = .*"([a-z_]+)".*/\1/p' src/web/page_public.c src/web/login.c src/web/refuse.c | sort -u)
queue="$queue error resume"
seen=" "
while [ -n "${queue// /}" ]; do
  next=""
  for t in $queue; do
    case "$seen" in *" $t "*) continue ;; esac
    seen="$seen$t "
    f=src/web/tmpl/$t.html
    next="$next $(sed -nE 's/\{\{> ([a-z_]+)\}\}/\n_\1\n/gp' "$f" | grep '^_' | sort -u | tr '\n' ' ' || true)"
    sed -E 's/\{\{t ([^}]|\}[^}])*\}?\}\}//g; s/lang="zh-CN">[^<]*<//g' "$f" | sed -e ':a' -e 'N;$!ba' -e 's/{{![^}]*}}//g' |
      grep -qP '\p{Han}' && { echo "$f: Chinese outside {{t …}}: $(sed -E 's/\{\{t ([^}]|\}[^}])*\}?\}\}//g' "$f" | grep -oP '\p{Han}[^<{]*' | grep -v '^中文' | head -3 | tr '\n' ' ')"; bad=1; }
  done
  queue=$next
done
exit $bad
