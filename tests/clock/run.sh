#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The program's `clock answer` and `clock explain`: golden lines, order, streaming, and a ledger counted again by
# a script that knows nothing of the program, beside a running server.
#   tests/clock/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 passed=0 failed=0
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
check() { # what, condition as exit code
  if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $1"; fi
}
answer() { "$program" clock answer --policy policies/huludao; }
good='{"type":"item","start":"2019-06-28","limit":5,"now":"2019-06-28"}'

answer < tests/clock/answers.jsonl | python3 tests/clock/check.py
check 'golden lines' $?
grep '^{' docs/clock-answer.md | awk 'NR % 2 == 1' | answer | cmp - <(grep '^{' docs/clock-answer.md | awk 'NR % 2 == 0')
check 'the examples of docs/clock-answer.md' $?

# One line out for each line in, in order, over many buffers and threads
python3 - > "$work/many" <<'PY'
import random
random.seed(60)
for i in range(20000):
    pause = '{"from":"2019-06-%02dT09:00:00","to":"2019-07-%02dT09:00:00","kind":"special"}' % (random.randint(1, 30), random.randint(1, 31))
    print('{"id":%d,"type":"item","start":"2019-06-%02d","limit":%d,"pauses":[%s],"now":"2019-08-01","pad":"%s"}'
          % (i, random.randint(1, 30), random.randint(0, 40), ",".join([pause] * random.randint(0, 5)), "x" * random.randint(0, 200)))
PY
answer < "$work/many" > "$work/once"
grep -o '"id":[0-9]*' "$work/once" | cmp -s - <(seq -f '"id":%.0f' 0 19999)
check '20 000 lines come out in order' $?
{ head -c 300000 "$work/many"; sleep 0.2; tail -c +300001 "$work/many"; } | answer | cmp -s - "$work/once"
check 'cut anywhere, the answers are the same' $?
dd if="$work/many" bs=777 status=none | answer | cmp -s - "$work/once"
check 'in small pieces, the answers are the same' $?

# A line sent alone is answered before the input closes
coproc FILTER { answer; }
filter=$FILTER_PID
echo "$good" >&"${FILTER[1]}"
IFS= read -r -t 10 line <&"${FILTER[0]}"
check 'no answer while the input is open' $?
[[ $line == *'"due":"2019-07-05"'* ]]; check "wrong answer: $line" $?
exec {FILTER[1]}>&-
wait "$filter" 2>/dev/null

# What editors and spreadsheets do to lines
printf '\xef\xbb\xbf%s\r\n\r\n  \n\n%s\n\xe3\x80\x80\n%s' "$good" "$good" "$good" | answer > "$work/out"
[ "$(grep -c '"due":"2019-07-05"' "$work/out")" -eq 3 ] && [ "$(wc -l < "$work/out")" -eq 3 ]
check 'BOM, CRLF, blank lines, a last line without its end' $?
{ printf '{"x":"'; head -c 3000000 /dev/zero | tr '\0' x; printf '"}\n'; echo "$good"; printf 'y%.0s' {1..10}; } | answer > "$work/out"
[ "$(wc -l < "$work/out")" -eq 3 ] && sed -n 1p "$work/out" | grep -q '超过 1 MiB' && sed -n 2p "$work/out" | grep -q '2019-07-05'
check 'a line that is too long is said to be, and the next is read' $?
: | answer > "$work/out"; [ ! -s "$work/out" ]; check 'nothing in, nothing out' $?
yes "$good" | head -n 200000 | answer 2> "$work/err" | head -n 1 > /dev/null
[ ! -s "$work/err" ]; check 'a reader that goes away is no error' $?

# The ledger of cases, beside a running server, counted again
store=$work/store
"$program" demo --quiet --store "$store" --policy policies/huludao --seed 3 --projects 40 > /dev/null
"$program" serve --quiet --store "$store" --policy policies/huludao --port 0 > "$work/serve" 2>&1 &
server=$!
for _ in $(seq 100); do grep -q 'http://' "$work/serve" && break; sleep 0.1; done
grep -q 'http://' "$work/serve"; check 'the server does not start' $?
explain() { "$program" clock explain --store "$store" --policy policies/huludao "$@"; }
recount() { # what, arguments of explain: the script's figures are the program's
  local what=$1; shift
  explain "$@" --json > "$work/tree.json" || { check "$what" 1; return; }
  read -r limit today used due < <(python3 - "$work/tree.json" <<'PY'
import json, sys
t = json.load(open(sys.argv[1]))
r = t["reading"]
print(t["limit"], t["ended"] or t["as_of"], r["used"], "-" if r["paused"] and not any(d["due"] for d in t["rows"]) else r["due"])
PY
)
  [ "$limit" -gt 0 ] || return 0
  [ "$(python3 tests/clock/recount.py "$limit" "$today" < "$work/tree.json")" = "used $used due $due" ]; check "$what: JSON" $?
  explain "$@" --csv | python3 tests/clock/recount.py "$limit" "$today" | grep -qx "used $used due $due"; check "$what: CSV" $?
}
clocks=0
while IFS='|' read -r number stage item; do
  clocks=$((clocks + 1))
  recount "$number stage $stage $item" "$number" --stage "$stage" ${item:+--item "$item"}
done < <(sqlite3 -readonly "$store/views.db" "SELECT p.number, s.no, '' FROM stage s JOIN project p ON p.no = s.project
  WHERE s.status IN ('accepted','slip','running','decided','certified','delivered','refused') AND p.no <= 3
  UNION SELECT p.number, i.stage, i.code FROM item i JOIN project p ON p.no = i.project WHERE (p.no = 5 AND i.stage = 3) OR i.paused = 1 LIMIT 24")
[ "$clocks" -ge 10 ]; check "only $clocks clocks were counted again" $?
number=$(sqlite3 -readonly "$store/views.db" "SELECT number FROM project WHERE no = 1")
explain "$number" --stage 1 > "$work/text"; check 'as text' $?
grep -q '省级平台口径' "$work/text" && grep -q '到期日' "$work/text" && grep -q '依据' "$work/text"; check 'the text has due day, sources and the provincial figure' $?
explain nothing 2> "$work/err"; [ $? -eq 2 ] && grep -q '没有找到' "$work/err"; check 'an unknown number' $?
explain "$number" --stage 1 --item nothing 2> "$work/err"; [ $? -eq 2 ] && grep -q '事项' "$work/err"; check 'an unknown item' $?
explain "$number" --json --csv 2> /dev/null; [ $? -eq 2 ]; check 'two forms at once' $?
"$program" clock explain --store "$work/none" --policy policies/huludao "$number" 2> "$work/err"; [ $? -eq 2 ] && grep -q '没有存储' "$work/err"
check 'no store' $?
kill -0 "$server"; check 'the server is still there' $?
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
