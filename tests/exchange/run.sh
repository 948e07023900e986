#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# S25 data exchange: a server with two receivers, which main.py plays: the province and the county of Xingcheng; and the platform that knows projects by code. The last day of a year, then the next.
#   tests/exchange/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$1 rc=0
. tests/lib/serve.sh
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-12-30 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
ports=$(python3 -c 'import socket
held = [socket.socket() for _ in range(3)]
for s in held: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in held])')
read -r one two three <<< "$ports"
echo province-token > "$work/province.token"; echo county-token > "$work/county.token"
cat > "$work/exchange.conf" <<END
poll-seconds = 1
province.name = 省平台（测试）
province.url = http://127.0.0.1:$one/spgl
province.token = $work/province.token
xingcheng.name = 兴城市平台（测试）
xingcheng.url = http://127.0.0.1:$two/spgl
xingcheng.token = $work/county.token
xingcheng.region = 211481
inquiry.name = 国家平台（测试）
inquiry.url = http://127.0.0.1:$three/spgl
inquiry.token = $work/province.token
inquiry-seconds = 1
END
tokens=$(token owner wang zhao wu api sys $("$program" user list "${common[@]}" | grep -oE '^ap-[a-z-]+'))
phase() { # clock, part
  serve "${common[@]}" --exchange "$work/exchange.conf" --clock "$1" || exit 1
  BASE=$url TOKENS=$tokens PORTS=$ports KEPT=$work/kept PYTHONDONTWRITEBYTECODE=1 python3 tests/exchange/main.py "$2" || rc=1
  stop || rc=1
}
phase 2026-12-31T09:30 first
phase 2027-01-04T09:30 later
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && echo "1 passed, 0 failed" || { cat "$work/verify"; echo "0 passed, 1 failed"; rc=1; }
[ -z "${KEEP:-}" ] || cp "$work/serve.err" /tmp/exchange.err
exit $rc
