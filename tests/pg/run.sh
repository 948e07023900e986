#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Rigs for the store on PostgreSQL, with servers and clusters of their own on unix sockets.
#   tests/pg/run.sh PROGRAM [part-of-a-name …]     LONG=1: the form of make torture
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "$1"); shift
# In memory, where there is room: a process that is killed loses nothing that it wrote, so the disk proves nothing here
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 {print int($4 / 1024)}')
if [ "${room:-0}" -ge 2048 ] && [ -w /dev/shm ]; then work=$(mktemp -d -p /dev/shm); else work=$(mktemp -d); fi
# PostgreSQL runs as another user when we are root: it must be able to pass through
chmod 755 "$work"
finish() {
  for d in "$work"/*/data; do [ ! -d "$d" ] || tests/pg/cluster.sh drop "${d%/data}" || true; done
  [ -n "${KEEP:-}" ] && echo "kept: $work" || rm -rf "$work"
}
trap finish EXIT
PROGRAM=$program WORK=$work PYTHONDONTWRITEBYTECODE=1 python3 tests/pg/main.py "$@"
