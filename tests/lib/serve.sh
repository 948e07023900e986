# SPDX-License-Identifier: Apache-2.0
# A server of its own on loopback for a test; sourced by tests/*/run.sh.
#   work=…, program=…  a directory that goes away with the shell, and what is tested
#   serve ARGS …       starts it; its address is in $url, what it complains of in $work/serve.err
#   stop               ends it and says how it ended (not 0: with what it complained of); leaving the shell ends it too
#   token ACCOUNT …    "account=token" for each, from the store named in the array `common`
server="" url=""
work=$(mktemp -d)
stop() {
  local ended=0
  kill "$server" 2>/dev/null; wait "$server" || ended=$?; server=""
  [ "$ended" -eq 0 ] || { echo "the server ended with $ended"; cat "$work/serve.err"; }
  return "$ended"
}
trap '[ -z "$server" ] || stop; rm -rf "$work"' EXIT
serve() {
  : > "$work/serve.out"
  "$program" serve "$@" --port 0 > "$work/serve.out" 2>> "$work/serve.err" & server=$!
  for _ in $(seq 100); do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/serve.out" || true)
    [ -z "$url" ] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo "the server did not start"; cat "$work/serve.err"; return 1
}
token() {
  local account
  for account in "$@"; do
    echo -n " $account=$("$program" user token "${common[@]}" --id "$account" --name 测试 | grep -oE '[A-Za-z0-9_-]{43}')"
  done
}
