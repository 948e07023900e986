#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A full queue, seen through the server: 503 with Retry-After, nothing typed is lost, and then it goes on.
#   tests/busy/run.sh PROGRAM NOSYNC.so
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/busy/main.py "$1" "$2"
