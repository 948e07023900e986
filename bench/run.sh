#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Ratios against named peers, in the same run: two pages against fastify + better-sqlite3, durable commands against
# the disk. docs/benchmarks.md says how to read them.
#   bench/run.sh PROGRAM
#   PROJECTS=10000 ROUNDS=5 SECONDS_EACH=3 CONNECTIONS=16   what to change for a shorter or longer run
#   ONLY=pages | ONLY=commands                              one half
# The stores stay in build/bench/ and are made again when PROJECTS changes or build/bench/ is removed.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$1
projects=${PROJECTS:-10000} rounds=${ROUNDS:-5} each=${SECONDS_EACH:-3} connections=${CONNECTIONS:-16} only=${ONLY:-}
policy=policies/huludao day=2026-06-30 account=ap-housing-construction
out=build/bench
mkdir -p "$out"
pids=()
finish() { for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$out/work"; }
trap finish EXIT
load() { cut -d' ' -f1-3 /proc/loadavg; }

store() { # projects: a demonstration store of that size, made once
  local dir=$out/store-$1
  [ -f "$dir/made" ] && return
  rm -rf "$dir"
  echo "making a store of $1 projects through the engine (about a minute for 10000 on a quiet machine)"
  local begin=$SECONDS
  "$program" demo --store "$dir" --policy "$policy" --projects "$1" --day "$day" --seed 60 >"$out/demo-$1.log"
  echo "  $((SECONDS - begin)) s"
  touch "$dir/made"
}

wait_for() { # file pattern: the first match
  for _ in $(seq 600); do
    found=$(grep -oE "$2" "$1" | head -1 || true)
    [ -z "$found" ] || { echo "$found"; return; }
    sleep 0.1
  done
  echo "$1: no $2" >&2
  return 1
}

login() { # base: logs in as people do and prints the session
  local jar=$out/jar csrf
  rm -f "$jar"
  csrf=$(curl -s -c "$jar" "$1/login" | grep -oE 'name="csrf" value="[0-9a-f]+"' | tail -1 | cut -d'"' -f4)
  curl -s -b "$jar" -c "$jar" -o /dev/null -H "Origin: $1" --data-urlencode "csrf=$csrf" --data-urlencode "account=$account" \
    --data-urlencode "password=Yichuang-2026" "$1/login"
  awk '$6 == "sid" { print $7 }' "$jar"
}

cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
measure() { # pid, wrk arguments…: "requests per second, CPU microseconds per request"
  local pid=$1 before after text
  shift
  before=$(cpu_ticks "$pid")
  text=$(wrk -t1 -c"$connections" -d"${each}s" "$@")
  after=$(cpu_ticks "$pid")
  if grep -qE 'Non-2xx|Socket errors' <<<"$text"; then echo "$text" >&2; return 1; fi
  awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" '/requests in/ { n = $1 } /Requests\/sec/ { r = $2 }
    END { printf "%.0f %.1f\n", r, ticks / hz * 1e6 / n }' <<<"$text"
}
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

pages() {
  store "$projects"
  local dir=$out/store-$projects
  "$program" serve --store "$dir" --policy "$policy" --port 0 --threads 1 --clock "${day}T17:00" >"$out/serve.out" 2>"$out/serve.log" &
  local ours=$!
  pids+=("$ours")
  local our_base our_session peer_base peer_session
  our_base=$(wait_for "$out/serve.out" 'http://127\.0\.0\.1:[0-9]+')
  our_session=$(login "$our_base")
  node bench/peer.mjs "$dir" "$policy" "$account" "$day" >"$out/peer.out" 2>"$out/peer.log" &
  local peer=$!
  pids+=("$peer")
  peer_base=$(wait_for "$out/peer.out" 'http://127\.0\.0\.1:[0-9]+')
  peer_session=$(awk '/^session/ { print $2 }' "$out/peer.out")
  # Every project of a small store, a sample that is spread over a large one
  sqlite3 -readonly "$dir/views.db" "SELECT number FROM project WHERE no % max(1, (SELECT count(*) FROM project) / 1000) = 0" >"$out/numbers"
  export NUMBERS=$out/numbers
  node bench/check.mjs "$our_base" "$our_session" "$peer_base" "$peer_session" "$out/numbers" | tee -a "$out/result.txt"
  for page in worklist tracking; do
    : >"$out/$page.ratio"; : >"$out/$page.peer"; : >"$out/$page.ours"
    for round in $(seq 0 "$rounds"); do # round 0 warms both up and is not counted
      local a b order="peer ours"
      [ $((round % 2)) = 0 ] || order="ours peer"
      for who in $order; do
        local base=$our_base session=$our_session pid=$ours
        [ $who = ours ] || { base=$peer_base session=$peer_session pid=$peer; }
        if [ $page = worklist ]; then set -- -H "Cookie: sid=$session" "$base/w"; else set -- -s bench/tracking.lua "$base"; fi
        if [ $who = ours ]; then a=$(measure "$pid" "$@"); else b=$(measure "$pid" "$@"); fi
      done
      [ "$round" != 0 ] || continue
      echo "$a" >>"$out/$page.ours"
      echo "$b" >>"$out/$page.peer"
      awk -v a="${a#* }" -v b="${b#* }" 'BEGIN { print b / a }' >>"$out/$page.ratio"
      echo "$page round $round: ours ${a% *}/s ${a#* } us, peer ${b% *}/s ${b#* } us, load $(load)"
    done
    printf '%s: CPU per page %s us, peer %s us, ratio %.1f (at least 3); %s and %s pages/s\n' "$page" \
      "$(cut -d' ' -f2 "$out/$page.ours" | median)" "$(cut -d' ' -f2 "$out/$page.peer" | median)" "$(median <"$out/$page.ratio")" \
      "$(cut -d' ' -f1 "$out/$page.ours" | median)" "$(cut -d' ' -f1 "$out/$page.peer" | median)" | tee -a "$out/result.txt"
  done
  kill "$ours" "$peer"
  wait "$ours" "$peer" 2>/dev/null || true
  pids=()
}

commands() {
  local tool
  tool=$(dirname "$program")/bench_commands
  for n in $((projects / 10)) "$projects"; do
    store "$n"
    rm -rf "$out/work"
    cp -a "$out/store-$n" "$out/work"
    echo "commands at $n projects" | tee -a "$out/result.txt"
    "$tool" "$out/work" "$policy" "$rounds" "$each" | tee "$out/commands-$n.log"
    grep -E '^(median|ratio|cost)' "$out/commands-$n.log" >>"$out/result.txt"
    rm -rf "$out/work"
  done
}

: >"$out/result.txt"
{
  echo "$(nproc) cores, $(uname -m), file system $(stat -f -c %T "$out"), node $(node --version 2>/dev/null || echo none), load $(load)"
} | tee -a "$out/result.txt"
[ "$only" = commands ] || pages
[ "$only" = pages ] || commands
echo "load at the end $(load)" | tee -a "$out/result.txt"
echo
cat "$out/result.txt"
