#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# On whatever day and from whatever seed: the demonstration has something in every state and refuses itself nothing.
#   tests/demo/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check() { # what, condition as exit code
  if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $day seed $seed: $1"; fi
}
count() { sqlite3 "$work/store/views.db" "SELECT count(*) FROM $1"; }
# Acts of everybody but the applicants and the timer, with what is wrong about their time by the calendar of the package; and what the rows of the ledgers say.
cat > "$work/staff.sql" <<'SQL'
.mode csv
.import policies/huludao/holidays.csv holiday
.mode list
CREATE TEMP VIEW act AS SELECT e.kind, e.actor, strftime('%Y-%m-%d %H:%M', e.happened / 1000 + 28800, 'unixepoch') AS at,
  coalesce(h.kind, iif(strftime('%w', e.happened / 1000 + 28800, 'unixepoch') IN ('0', '6'), 'holiday', 'workday')) = 'holiday' AS off,
  (e.happened / 60000 + 480) % 1440 NOT BETWEEN 510 AND 1050 AS night
  FROM event e LEFT JOIN holiday h ON h.date = date(e.happened / 1000 + 28800, 'unixepoch') WHERE e.actor NOT LIKE 'owner%' AND e.actor NOT IN ('', 'system');
SELECT 'nobody of the staff acted' WHERE (SELECT count(*) FROM act) < 1000;
SELECT 'on a day off: ' || at || ' ' || actor || ' ' || kind FROM act WHERE off;
SELECT 'out of office hours: ' || at || ' ' || actor || ' ' || kind FROM act WHERE night;
SQL
cat > "$work/ledger.sql" <<'SQL'
CREATE TEMP VIEW said AS SELECT stream, seq, kind, date(happened / 1000 + 28800, 'unixepoch') AS day, body FROM event WHERE stream LIKE 'entry/%' ORDER BY stream, seq;
CREATE TEMP VIEW row AS SELECT a.stream, a.day AS added, json_extract(a.body, '$.name') AS name, json_extract(a.body, '$.county') AS county, json_extract(a.body, '$.ledger') AS ledger,
  json_extract(a.body, '$.values.approval') AS approval, json_extract(a.body, '$.values.approver') AS approver,
  (SELECT max(json_extract(x.body, '$.values.received')) FROM said x WHERE x.stream = a.stream) AS received,
  (SELECT max(json_extract(x.body, '$.values.opened')) FROM said x WHERE x.stream = a.stream) AS opened,
  (SELECT max(json_extract(x.body, '$.until')) FROM said x WHERE x.stream = a.stream AND x.kind = 'entry.extended') AS until,
  (SELECT max(x.day) FROM said x WHERE x.stream = a.stream AND x.kind = 'entry.closed') AS closed,
  (SELECT max(x.day) FROM said x WHERE x.stream = a.stream AND x.kind = 'entry.confirmed') AS confirmed,
  (SELECT max(x.day) FROM said x WHERE x.stream = a.stream AND x.kind = 'entry.refused') AS refused FROM said a WHERE a.kind = 'entry.added';
SELECT 'few rows' WHERE (SELECT count(*) FROM row WHERE closed IS NOT NULL AND received IS NOT NULL) < 3;
SELECT name || ' was received before it was entered: ' || received FROM row WHERE received < added;
SELECT name || ' was closed before it was received' FROM row WHERE closed < received;
SELECT name || ' was confirmed before it was closed' FROM row WHERE confirmed < closed;
SELECT name || ' opened before it was received' FROM row WHERE opened < received;
SELECT name || ' was closed after the end of its limit' FROM row WHERE closed > until;
SELECT name || ' is refused for what it has time for' FROM row WHERE refused <= until;
SELECT name || ' is approved by nobody, or by somebody though not approved' FROM row WHERE ledger = 'reclamation' AND (approval = 'none') <> (approver = '未经批准');
SELECT 'a target of more than there is' FROM event e WHERE e.kind = 'ledger.target-set'
  AND json_extract(e.body, '$.count') > (SELECT count(*) FROM row WHERE ledger = json_extract(e.body, '$.ledger') AND county = json_extract(e.body, '$.unit'));
SELECT 'agreed before it was planned' FROM event a JOIN event p ON p.stream = a.stream AND p.kind = 'ledger.planned' WHERE a.kind = 'ledger.agreed'
  AND json_extract(a.body, '$.day') < date(p.happened / 1000 + 28800, 'unixepoch');
SQL
while read -r day seed; do
  rm -rf "$work/store"
  "$program" demo --quiet --store "$work/store" --policy policies/huludao --day "$day" --seed "$seed" > "$work/log" 2>&1
  check 'the verb failed' $?
  ! grep -m1 WARN "$work/log"; check 'a step was refused' $?
  today=$(($(date -u -d "$day" +%s) / 86400))
  for status in submitted correction accepted slip running decided certified delivered refused withdrawn; do
    [ "$(count "stage WHERE status = '$status'")" -gt 0 ]; check "no stage is $status" $?
  done
  for status in waiting taken paused returned passed refused withdrawn; do
    [ "$(count "item WHERE status = '$status'")" -gt 0 ]; check "no item is $status" $?
  done
  for status in running completed terminated; do
    [ "$(count "project WHERE status = '$status'")" -gt 0 ]; check "no project is $status" $?
  done
  for status in idea generated published assigned converted dropped; do
    [ "$(count "plot WHERE status = '$status'")" -gt 0 ]; check "no reserved project is $status" $?
  done
  for which in "region_share WHERE until >= $today AND stopped = 0" "region_share WHERE until < $today" 'region_share WHERE stopped = 1' "item_share WHERE code = 'geo-hazard'"; do
    [ "$(count "$which")" -gt 0 ]; check "no $which" $?
  done
  for status in ordered assigned started ended; do
    [ "$(count "agent_order WHERE status = '$status'")" -gt 0 ]; check "no order of an agent is $status" $?
  done
  for status in asked more replied withdrawn; do
    [ "$(count "consult WHERE status = '$status'")" -gt 0 ]; check "no consultation is $status" $?
  done
  for which in 'answered = 0' 'answered > 0' 'connected > 0'; do
    [ "$(count "utility_part WHERE $which")" -gt 0 ]; check "no utility has $which" $?
  done
  for status in started scheduled rectify ready concluded withdrawn; do
    [ "$(count "acceptance WHERE status = '$status'")" -gt 0 ]; check "no joint acceptance is $status" $?
  done
  for which in "status = 'commissioned'" "status = 'delivered'" "status = 'cancelled'" "repeated <> '' AND fee > 0"; do
    [ "$(count "survey WHERE $which")" -gt 0 ]; check "no survey has $which" $?
  done
  for status in applied entered; do
    [ "$(count "surveyor WHERE status = '$status'")" -gt 0 ]; check "no survey agency is $status" $?
  done
  for kind in late-demand lack-broken; do
    [ "$(count "sign WHERE kind = '$kind'")" -gt 0 ]; check "no sign is $kind" $?
  done
  for which in 'ended = 0' 'ended > 0' 'major = 1'; do
    [ "$(count "exemption WHERE $which")" -gt 0 ]; check "no exemption has $which" $?
  done
  for status in reviewing reported change passed failed closed; do
    [ "$(count "review WHERE status = '$status'")" -gt 0 ]; check "no joint review is $status" $?
  done
  for status in signed accepted kept broken closed; do
    [ "$(count "promise WHERE status = '$status'")" -gt 0 ]; check "no promise is $status" $?
  done
  for which in "promise WHERE halted = 1" "credit WHERE kind = 'record' AND status = 'published' AND subject_kind = 'person'" "credit WHERE status = 'repaired'" \
    "credit WHERE objected > 0" "credit WHERE kind = 'black' AND status = 'published'" "credit WHERE kind = 'black' AND status = 'draft'" \
    "credit WHERE kind = 'red' AND status = 'published'" "credit WHERE status = 'rejected'"; do
    [ "$(count "$which")" -gt 0 ]; check "no $which" $?
  done
  [ "$(count "review WHERE status = 'change' AND promised > 0")" -gt 0 ]; check 'no letter of promise' $?
  for status in draft published dropped; do
    [ "$(count "inspect_plan WHERE status = '$status'")" -gt 0 ]; check "no plan of spot checks is $status" $?
  done
  for status in committing revealing waiting drawn voided; do
    [ "$(count "inspect_draw WHERE status = '$status'")" -gt 0 ]; check "no draw is $status" $?
  done
  for status in due recorded sent-back confirmed published; do
    [ "$(count "inspect_check WHERE status = '$status'")" -gt 0 ]; check "no spot check is $status" $?
  done
  for which in "map_layer WHERE status = 'published'" "map_layer WHERE status = 'proposed'" "map_layer WHERE status = 'refused'" 'map_check WHERE blocks > 0' 'map_check WHERE blocks = 0' \
    "map_check c JOIN stage s ON s.project = c.project WHERE c.blocks > 0 AND s.no = 1 AND s.status = 'submitted'"; do
    [ "$(count "$which")" -gt 0 ]; check "no $which" $?
  done
  for status in draft open closed; do
    [ "$(count "appraisal WHERE status = '$status'")" -gt 0 ]; check "no evaluation is $status" $?
  done
  for status in issued replied closed; do
    [ "$(count "directive WHERE status = '$status'")" -gt 0 ]; check "no order of the supervisor is $status" $?
  done
  for status in listed drawn done dropped; do
    [ "$(count "sample WHERE status = '$status'")" -gt 0 ]; check "no sample is $status" $?
  done
  for table in "bulletin WHERE status = 'sent'" "talk WHERE ended = 0" "talk WHERE ended = 1" verdict lack busy contrary plot_change agent_rating "catalogue WHERE status = 'draft'" "catalogue WHERE status = 'returned'"; do
    [ "$(count "$table")" -gt 0 ]; check "nothing in $table" $?
  done
  for status in valid changed suspended revoked; do
    [ "$(count "cert WHERE status = '$status'")" -gt 0 ]; check "no certificate is $status" $?
  done
  for served in 'served = 0' 'served > 0'; do
    [ "$(count "letter WHERE $served")" -gt 0 ]; check "no letter with $served" $?
  done
  for status in sent lost; do
    [ "$(count "outbox WHERE status = '$status'")" -gt 0 ]; check "no letter is $status" $?
  done
  for status in open answered replied; do
    [ "$(count "rating WHERE status = '$status'")" -gt 0 ]; check "no rating is $status" $?
  done
  for what in 'message WHERE seen = 0' 'message WHERE seen > 0' "message WHERE rule = 'overdue'" 'rating WHERE bad = 1'; do
    [ "$(count "$what")" -gt 0 ]; check "no $what" $?
  done
  [ "$(sqlite3 "$work/store/views.db" 'SELECT count(DISTINCT category) FROM project')" -eq 7 ]; check 'a category is missing' $?
  late=$(count "item WHERE open = 1 AND paused = 0 AND due < $today")
  [ "$late" -gt 0 ]; check 'no item is late' $?
  [ $((late * 3)) -lt "$(count "item WHERE open = 1")" ]; check "$late items are late, a third of what runs" $?
  [ "$(count "item WHERE open = 1 AND paused = 0 AND due >= $today AND warn <= $today")" -gt 0 ]; check 'no item warns' $?
  for what in staff ledger; do
    sqlite3 "$work/store/journal.db" < "$work/$what.sql" > "$work/wrong" 2>&1; check "$what could not be read" $?
    [ ! -s "$work/wrong" ]; check "$(wc -l < "$work/wrong") of $what: $(head -n 3 "$work/wrong" | paste -sd';')" $?
  done
done <<'DAYS'
2026-11-24 1
2019-10-15 1
2027-01-20 9
DAYS
# However few the cases: weeks in which no case moves have a timer, too.
day=2026-11-24 seed=1
for n in 1 4; do
  rm -rf "$work/store"
  "$program" demo --quiet --store "$work/store" --policy policies/huludao --day "$day" --seed "$seed" --projects "$n" > "$work/log" 2>&1
  check "the verb failed with --projects $n: $(tail -n 1 "$work/log")" $?
  ! grep -m1 WARN "$work/log"; check "a step was refused with --projects $n" $?
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
