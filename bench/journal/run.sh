#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The journal under load, beside the disk and beside PostgreSQL doing the same acts, in the same run: durable commands with 1,
# 32 and 64 clients, replay, rebuilding, verifying, starting, memory, cost by size. docs/benchmarks-journal.md says how to read it.
#   bench/journal/run.sh [PROGRAM]            after `make build build/release/bench_journal`
#   PROJECTS=1000000 SMALL=10000 ROUNDS=3 SECONDS_EACH=5 SUITE=gm   what to change
#   ONLY="same act flat scan start"           some of the parts
#   SMOKE=1                                   every part at its smallest, a few seconds: only to see that it works
# The run fails when the answers differ, never because a number is low. Stores stay in build/bench and are made again when
# they are removed: 1 000 000 projects take about 9 GB and some minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${1:-build/release/yichuang}
tool=$(dirname "$program")/bench_journal here=bench/journal policy=policies/huludao
projects=${PROJECTS:-1000000} small=${SMALL:-10000} rounds=${ROUNDS:-3} each=${SECONDS_EACH:-5} suite=${SUITE:-gm}
only=${ONLY:-same act flat scan start} out=${OUT:-build/bench/journal} compare=${COMPARE:-500}
demo=300 acts=
if [ -n "${SMOKE:-}" ]; then projects=400 small=200 rounds=1 each=0.2 compare=100 demo=80 acts=200; PEER_MEMORY=64MB; fi
mkdir -p "$out"
. $here/peer.sh
finish() { peer_stop; [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$out/work"; }
trap finish EXIT
load() { cut -d' ' -f1-3 /proc/loadavg; }
part() { [[ " $only " == *" $1 "* ]]; }
get() { awk -v n="$1" '$1 == n { print $2 }' "$2"; }
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
say() { echo "$*" | tee -a "$out/result.txt"; }
verdict() { # what, value, at-least|at-most, bound, text
  awk -v w="$1" -v v="$2" -v how="$3" -v b="$4" -v t="${5:-}" 'BEGIN { ok = how == "at-least" ? v + 0 >= b + 0 : v + 0 <= b + 0
    printf "%-5s %s: %s, asked %s %s%s\n", ok ? "PASS" : "SHORT", w, v, how == "at-least" ? ">=" : "<=", b, t == "" ? "" : " (" t ")" }' |
    tee -a "$out/result.txt"
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", a / b }'; }

store() { # projects, suite: sets $made
  made=$out/store-$1-$2
  [ ! -f "$made/made" ] || return 0
  [ -f "$out/source/made" ] || {
    rm -rf "$out/source"
    "$program" demo --store "$out/source" --policy "$policy" --projects $demo --day 2026-06-30 --seed 60 >"$out/demo.log" 2>&1
    touch "$out/source/made"
  }
  local begin=$SECONDS
  rm -rf "$made"
  "$program" init --store "$made" --suite "$2" >/dev/null
  cp -a "$out/source/blobs/." "$made/blobs/"
  "$tool" grow "$made" "$policy" "$out/source" "$1" >"$out/grow.log"
  "$tool" rebuild "$made" "$policy" >>"$out/grow.log"
  if [ "$1" -le 20000 ]; then "$program" verify --store "$made" --policy "$policy" >"$out/verify.log" || { cat "$out/verify.log"; exit 1; }; fi
  touch "$made/made"
  say "a store of $1 projects, $(get events "$out/grow.log" | head -1) events, $2: $((SECONDS - begin)) s"
}
work() { rm -rf "$out/work"; cp -a "$1" "$out/work"; }

same() {
  store "$small" "$suite"
  peer_start "$made" 8192
  work "$made"
  "$tool" script "$out/work" "$policy" "$compare" >"$out/ours.csv"
  local n
  n=$(($(wc -l <"$out/ours.csv") / 2))
  peer_script "$n" >"$out/theirs.csv"
  cmp "$out/ours.csv" "$out/theirs.csv" || { diff "$out/ours.csv" "$out/theirs.csv" | head -20; say "FAIL: the peer says something else"; exit 1; }
  say "the same rows as the peer after 4 acts on each of $n items"
  peer_stop
}

act() {
  store "$projects" "$suite"
  peer_start "$made" 8192
  work "$made"
  local c f
  for f in append over p99 one one99 many32 many64 m32p99 m64p99 pg1 pg32 r1 r1o r32 r64 q32 q64 q1; do : >"$out/$f"; done
  for round in $(seq "$rounds"); do
    "$tool" limit "$out" "$each" >"$out/limit.log"
    for c in 1 32 64; do
      if [ $((round % 2)) = 1 ]; then "$tool" act "$out/work" "$policy" $c "$each" "$round" $acts >"$out/act$c.log"; fi
      [ $c = 64 ] || peer_act $c >"$out/pg$c.log"
      if [ $((round % 2)) = 0 ]; then "$tool" act "$out/work" "$policy" $c "$each" "$round" $acts >"$out/act$c.log"; fi
    done
    get append_per_s "$out/limit.log" >>"$out/append"
    get over_per_s "$out/limit.log" >>"$out/over"
    ratio "$(get per_s "$out/act1.log")" "$(get append_per_s "$out/limit.log")" >>"$out/r1"
    ratio "$(get per_s "$out/act1.log")" "$(get over_per_s "$out/limit.log")" >>"$out/r1o"
    ratio "$(get per_s "$out/act32.log")" "$(cut -d' ' -f1 "$out/pg32.log")" >>"$out/r32"
    ratio "$(get per_s "$out/act64.log")" "$(cut -d' ' -f1 "$out/pg32.log")" >>"$out/r64"
    for c in 1 32 64; do ratio "$(get p99_us "$out/act$c.log")" "$(get append_p99 "$out/limit.log")" >>"$out/q$c"; done
    say "round $round: fdatasync append $(get append_per_s "$out/limit.log")/s (p50 $(get append_p50 "$out/limit.log") us, p99 $(get append_p99 "$out/limit.log") us), overwrite $(get over_per_s "$out/limit.log")/s; load $(load)"
    for c in 1 32 64; do
      say "  $c clients: $(get per_s "$out/act$c.log")/s, p50 $(get p50_us "$out/act$c.log") us, p99 $(get p99_us "$out/act$c.log") us, CPU $(get cpu_us "$out/act$c.log") us$([ $c = 64 ] || awk '{ printf "; PostgreSQL %s/s, p50 %s us, p99 %s us", $1, $2, $3 }' "$out/pg$c.log")"
    done
  done
  verdict "1 client / append+fdatasync" "$(median <"$out/r1")" at-least 0.7 "/ overwrite+fdatasync $(median <"$out/r1o")"
  verdict "32 clients / PostgreSQL 32 clients" "$(median <"$out/r32")" at-least 4 "64 clients: $(median <"$out/r64")"
  for c in 1 32 64; do verdict "p99 of $c clients / p99 of append+fdatasync" "$(median <"$out/q$c")" at-most 4; done
  peer_stop
}

flat() {
  local n
  for n in "$small" "$projects"; do
    store "$n" "$suite"
    work "$made"
    : >"$out/cpu-$n"
    for round in $(seq "$rounds"); do
      "$tool" act "$out/work" "$policy" 32 "$each" $((round + 10)) $acts >"$out/flat.log"
      get cpu_us "$out/flat.log" >>"$out/cpu-$n"
    done
    work "$made"
    "$tool" cold "$out/work" "$policy" 4000 >"$out/cold-$n.log"
    say "at $n projects: CPU $(median <"$out/cpu-$n") us for a command of 32 clients; the first act on a project $(get first_cpu_us "$out/cold-$n.log") us"
  done
  verdict "CPU for a command, $projects / $small projects" "$(ratio "$(median <"$out/cpu-$projects")" "$(median <"$out/cpu-$small")")" at-most 1.5 \
    "first act on a project $(ratio "$(get first_cpu_us "$out/cold-$projects.log")" "$(get first_cpu_us "$out/cold-$small.log")")"
}

scan() {
  local what s
  for s in gm intl; do
    if [ $s = "$suite" ]; then store "$projects" $s; else store $((projects / 10 > small ? projects / 10 : small)) $s; fi
    for what in replay chain; do : >"$out/$what-$s"; : >"$out/$what-$s-wall"; done
    for round in $(seq "$rounds"); do
      for what in replay chain; do
        "$tool" $what "$made" "$policy" >"$out/scan.log"
        get per_cpu_s "$out/scan.log" >>"$out/$what-$s"
        get per_s "$out/scan.log" >>"$out/$what-$s-wall"
      done
    done
    verdict "verified events a CPU second, $s" "$(median <"$out/chain-$s")" at-least 1000000 \
      "wall $(median <"$out/chain-$s-wall")/s; hashes alone $(get hash_per_cpu_s "$out/scan.log")/s of $(get text_bytes "$out/scan.log") bytes, $(get hash_mb_per_s "$out/scan.log") MB/s"
    [ $s = "$suite" ] || continue
    verdict "events folded a second" "$(median <"$out/replay-$s-wall")" at-least 1000000 "$(median <"$out/replay-$s") a CPU second"
    work "$made"
    "$tool" rebuild "$out/work" "$policy" >"$out/rebuild.log"
    verdict "events a second rebuilding views" "$(get per_s "$out/rebuild.log")" at-least 150000 "CPU $(get cpu_us "$out/rebuild.log") us an event"
    cmp <(views_digest "$made") <(views_digest "$out/work") || { say "FAIL: rebuilt views differ"; exit 1; }
  done
}
views_digest() { sqlite3 -readonly "$1/views.db" 'SELECT count(*), sum(no), sum(updated) FROM project; SELECT count(*), sum(due), sum(left_days), sum(ended) FROM item; SELECT count(*), sum(at) FROM due; SELECT pos FROM position'; }

cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
# Idle: a first start brings the index up to date, and does what has fallen due since the store was made; that takes its time. Then
# what was kept is given back after a minute of quiet.
quiet() { # process
  [ -z "${SMOKE:-}" ] || { sleep 2; return; }
  local was now calm=0
  was=$(cpu_ticks "$1")
  for _ in $(seq 900); do
    sleep 1
    now=$(cpu_ticks "$1")
    if [ $((now - was)) -le 2 ]; then calm=$((calm + 1)); else calm=0; fi
    was=$now
    [ $calm -lt 65 ] || return 0
  done
  say "the server was not idle after 15 minutes"
}
rss() { # store: of an idle server, in MB, and the most it had before
  "$program" serve --store "$1" --policy "$policy" --port 0 >"$out/serve.out" 2>"$out/serve.log" &
  server=$!
  for _ in $(seq 300); do ! grep -q http "$out/serve.out" || break; sleep 0.1; done
  quiet $server
  awk '/^VmHWM/ { most = $2 } /^VmRSS/ { now = $2 } END { printf "%.0f %.0f\n", now / 1024, most / 1024 }' "/proc/$server/status" >"$out/rss"
  kill $server; wait $server 2>/dev/null || true
  server=
}
start() {
  store "$projects" "$suite"
  : >"$out/start"
  for round in $(seq "$rounds"); do "$tool" start "$made" "$policy" >"$out/start.log"; get start_ms "$out/start.log" >>"$out/start"; done
  verdict "start with $projects projects, ms" "$(median <"$out/start")" at-most 500 "CPU $(get cpu_ms "$out/start.log") ms"
  rss "$made"
  verdict "memory of an idle server with $projects projects, MB" "$(cut -d' ' -f1 "$out/rss")" at-most 80 "at most $(cut -d' ' -f2 "$out/rss") before"
  rss "$out/source"
  verdict "memory of an idle server with the demonstration, MB" "$(cut -d' ' -f1 "$out/rss")" at-most 80 "at most $(cut -d' ' -f2 "$out/rss") before"
}

: >"$out/result.txt"
say "$(date -u +%Y-%m-%d), $(nproc) processors ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), file system $(stat -f -c %T "$out"), PostgreSQL $(psql --version | awk '{ print $3 }'), load $(load)"
for p in same act flat scan start; do ! part $p || $p; done
say "load at the end $(load)"
