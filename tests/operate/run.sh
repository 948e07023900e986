#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The program as a service: settings, sockets that are handed over, notices to systemd, reload, rotation, stop under load, health and metrics,
# what it says of itself, what is installed.
#   tests/operate/run.sh PROGRAM [part-of-a-name …]
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/operate/main.py "$@"
