#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Starts the program on the embedded store in var/; fills it with the demonstration when it is new.
set -eu
cd "$(dirname "$0")/.."
bin=$1
store=${STORE:-var}
port=${PORT:-8080}
[ -f "$store/journal.db" ] || "$bin" demo --store "$store" --policy policies/huludao
exec "$bin" serve --store "$store" --policy policies/huludao --port "$port"
