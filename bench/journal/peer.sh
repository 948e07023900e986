# SPDX-License-Identifier: Apache-2.0
# For run.sh: a PostgreSQL on a unix socket with the items of a store. Durable: fsync and synchronous_commit are on.
peer_sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$peer" -U postgres -d yichuang "$@"; }

peer_start() { # store, count of targets
  peer=$(realpath "$out")/pg
  rm -rf "$peer"
  tests/pg/cluster.sh start "$peer" shared_buffers="${PEER_MEMORY:-2GB}" max_wal_size=8GB
  peer_sql -f $here/peer.sql
  "$tool" days "$policy" | peer_sql -c '\copy cal from stdin csv'
  "$tool" targets "$1" "$policy" "$2" >"$out/targets.csv"
  peer_sql -c "\copy targets from '$out/targets.csv' csv"
  sqlite3 -readonly -csv "$1/views.db" 'SELECT no, number, name, category, county, owner, status, stage, updated FROM project' |
    peer_sql -c '\copy cases from stdin csv'
  sqlite3 -readonly -csv "$1/views.db" \
    'SELECT project, stage, code, unit, name, status, taken, start, days, due, used, left_days, pauses FROM item' |
    sed 's/,$/,""/' | peer_sql -c '\copy raw from stdin csv'
  peer_sql -c 'SELECT fill()' -c 'VACUUM ANALYZE' >"$out/peer.log"
  peer_sql -c CHECKPOINT
}

peer_script() { # the acts of `script`, and what the rows say
  local n=$1 step days=0
  for step in 0 5 9 16; do
    days=$((days + 1))
    peer_sql -c "SELECT count(act(id, 'bench', $step, 0)) FROM generate_series(1, $n) id" >>"$out/peer.log"
    [ "$days" -lt 3 ] || peer_sql -F, -c "SELECT id, status, due, CASE WHEN status = 'paused' THEN used ELSE 0 END,
      CASE WHEN status = 'paused' THEN rest ELSE 0 END FROM items WHERE id <= $n ORDER BY id"
  done
}

peer_act() { # clients: "per_s p50_us p99_us"
  local long=(-T "$each")
  [ -z "$acts" ] || long=(-t "$acts")
  rm -f "$out"/pgl.*
  printf '\\set id random(1, %s)\nSELECT act(:id, '"'bench'"', 0, 1782871200000);\n' "$(wc -l <"$out/targets.csv")" >"$out/act.sql"
  pgbench -n -M prepared -h "$peer" -U postgres -f "$out/act.sql" -c "$1" -j 1 "${long[@]}" -l --log-prefix="$out/pgl" yichuang >"$out/pgbench.log" 2>&1
  ! grep -qE '^pgbench: error|number of failed transactions: [1-9]' "$out/pgbench.log" || { cat "$out/pgbench.log" >&2; return 1; }
  sort -n -k3 "$out"/pgl.* | awk -v tps="$(awk '/^tps/ { print $3 }' "$out/pgbench.log")" '{ v[NR] = $3 }
    END { printf "%.0f %d %d\n", tps, v[int((NR + 1) / 2)], v[int(NR * 0.99)] }' FS=' '
  rm -f "$out"/pgl.*
}

peer_stop() { [ -z "${peer:-}" ] || [ ! -d "$peer" ] || tests/pg/cluster.sh drop "$peer"; }
