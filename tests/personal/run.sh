#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Personal data from end to end: typed into the pages as a person would, looked at, erased; then every byte of the store, of
# the copies made afterwards and of the server's log is searched for it, and older copies are restored.
#   tests/personal/run.sh PROGRAM VERIFIER
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/http python3 tests/personal/main.py "$(realpath "$1")" "$(realpath "$2")" "$work"
