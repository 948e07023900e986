#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Signed heads, receipts, the witness, and the two verifiers.
#   tests/proof/run.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/../.."
exec python3 tests/proof/main.py "$1" "$(dirname "$1")/yichuang-verify" src/web/static/verify.html
