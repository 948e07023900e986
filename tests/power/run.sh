#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Power cuts against the real server, on a disk in a file; mounts are seen by this script alone.
#   tests/power/run.sh PROGRAM NOSYNC.so [CUTS [SEED]]
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1 PATH="$PATH:/usr/sbin:/sbin"
if ! unshare -m --propagation private true 2>/dev/null; then
  echo 'SKIPPED power cuts: this machine does not let us mount (needs root or CAP_SYS_ADMIN)'
  echo '0 passed, 0 failed'
  exit 0
fi
exec unshare -m --propagation private python3 tests/power/main.py "$1" "$2" "${@:3}"
