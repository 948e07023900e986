#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A PostgreSQL server for tests: on a unix socket in DIR, nothing listens on the network, data in DIR/data.
# Superuser postgres without a password (the directory is open to its owner only), database yichuang: UTF8, sorted as bytes.
#   cluster.sh start DIR [name=value …]   make it when it is not there; settings hold for this start. CHECKSUMS=off: without page checksums
#   cluster.sh stop DIR                   at once, but in order: connections are broken, what is committed is on the disk
#   cluster.sh kill DIR                   SIGKILL to all its processes, as when the machine goes
#   cluster.sh standby DIR PRIMARY [async] a replica of PRIMARY (a DIR); from then on PRIMARY waits for it at each commit, unless async
#   cluster.sh promote DIR                the replica becomes the primary
#   cluster.sh base DIR NAME              an empty database; the one of that name before it goes
#   cluster.sh drop DIR                   stop, and remove everything
# Prints nothing when all is well. PostgreSQL refuses to run as root: then it runs as the user postgres.
set -euo pipefail
verb=${1:?start, stop, kill, standby, promote, base or drop} dir=${2:?directory}
shift 2
bin=$(ls -d /usr/lib/postgresql/15/bin 2>/dev/null) || { echo "没有 PostgreSQL 15：先运行 tools/install.sh test" >&2; exit 1; }
export LC_ALL=C.UTF-8
unset PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS PGDATA

as_postgres() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}
# What a program says is only worth reading when it fails
quietly() {
  local said
  said=$("$@" 2>&1 < /dev/null) || { echo "$said" >&2; [ ! -f "$dir/log" ] || tail -20 "$dir/log" >&2; exit 1; }
}
sql() { # directory, database, text
  as_postgres "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$1" -U postgres -d "$2" -c "$3"
}
folder() {
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  chmod 700 "$dir"
  [ "$(id -u)" != 0 ] || chown postgres "$dir"
}
# fsync stays on, so that what is measured and killed here is what the city runs
settings="listen_addresses = ''
shared_buffers = 64MB
wal_keep_size = 256MB
wal_retrieve_retry_interval = 200ms"
run() {
  local options="-k '$dir'" one
  for one in "$@"; do options="$options -c $one"; done
  quietly as_postgres "$bin/pg_ctl" start -s -w -t 60 -D "$dir/data" -l "$dir/log" -o "$options"
}
start() {
  folder
  if [ ! -d "$dir/data" ]; then
    local sums=--data-checksums
    [ "${CHECKSUMS:-on}" = on ] || sums=
    quietly as_postgres "$bin/initdb" -D "$dir/data" -U postgres --auth=trust --encoding=UTF8 --locale=C $sums --no-sync --no-instructions
    echo "$settings" >> "$dir/data/postgresql.conf"
    run "$@"
    quietly sql "$dir" postgres "CREATE DATABASE yichuang ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
  else
    run "$@"
  fi
}
# The children of a killed postmaster would live on until they look up; a machine that goes takes them too
kill_all() {
  local first all
  first=$(head -1 "$dir/data/postmaster.pid" 2>/dev/null) || return 0
  all="$first $(pgrep -P "$first" || true)"
  kill -STOP $first 2>/dev/null || return 0
  all="$all $(pgrep -P "$first" || true)"
  kill -KILL $all 2>/dev/null || true
  for _ in $(seq 500); do
    all=$(for p in $all; do [ ! -d "/proc/$p" ] || grep -q '^State:.Z' "/proc/$p/status" 2>/dev/null || echo "$p"; done)
    # Dead but not yet waited for by its parent: PostgreSQL would take that for a server that runs
    [ -n "$all" ] || { rm -f "$dir/data/postmaster.pid" "$dir"/.s.PGSQL.*; return 0; }
    sleep 0.02
  done
  echo "some processes of $dir will not die: $all" >&2
  exit 1
}
standby() {
  local primary=${1:?directory of the primary} name
  folder
  primary=$(cd "$primary" && pwd)
  name=standby_$(basename "$dir" | tr -c 'a-z0-9\n' _)
  quietly as_postgres "$bin/pg_basebackup" -D "$dir/data" -h "$primary" -U postgres -c fast -X stream --no-sync
  as_postgres touch "$dir/data/standby.signal"
  # As a setting of the start it would be gone at the next; in the file it stays
  # and the primary's wish for a standby, copied, would make the promoted one wait for itself
  as_postgres sh -c "echo \"synchronous_standby_names = ''
primary_conninfo = 'host=''$primary'' user=postgres application_name=$name'\" >> '$dir/data/postgresql.auto.conf'"
  run
  [ "${2:-}" != async ] || return 0
  quietly sql "$primary" postgres "ALTER SYSTEM SET synchronous_standby_names = '$name'"
  quietly sql "$primary" postgres "SELECT pg_reload_conf()"
  for _ in $(seq 300); do
    [ "$(sql "$primary" postgres "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")" = 1 ] && return 0
    sleep 0.1
  done
  echo "the replica $dir does not follow $primary" >&2
  exit 1
}
promote() {
  quietly as_postgres "$bin/pg_ctl" promote -s -w -t 60 -D "$dir/data"
}
stop() {
  [ -f "$dir/data/postmaster.pid" ] || return 0
  quietly as_postgres "$bin/pg_ctl" stop -s -w -t 60 -m fast -D "$dir/data"
}
base() {
  quietly sql "$dir" postgres "DROP DATABASE IF EXISTS ${1:?name} WITH (FORCE)"
  quietly sql "$dir" postgres "CREATE DATABASE $1 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
}
case $verb in
  start) start "$@" ;;
  stop) stop ;;
  kill) kill_all ;;
  standby) standby "$@" ;;
  promote) promote ;;
  base) base "$@" ;;
  drop) kill_all; rm -rf "$dir" ;;
  *) echo "unknown: $verb" >&2; exit 2 ;;
esac
