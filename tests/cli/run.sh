#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The command line: transcripts (*.txt) played one after the other in one directory, then what needs a running server.
#   tests/cli/run.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/cli/main.py "$1"
