#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Messages, letters and ratings through a running server: a mail server on loopback, a program for short messages, S23 with
# its values; then the same store an hour later.
#   tests/notice/run.sh PROGRAM
set -uo pipefail
cd "$(dirname "$0")/../.."
program=$(realpath "$1") mail="" rc=0
. tests/lib/serve.sh
trap '[ -z "$server" ] || stop; [ -z "$mail" ] || kill "$mail"; rm -rf "$work"' EXIT
common=(--store "$work/store" --policy policies/huludao)
"$program" demo --quiet "${common[@]}" --day 2026-11-24 --projects 0 > "$work/demo" 2>&1 || { cat "$work/demo"; exit 1; }
tokens=$(token owner owner2 wang zhao wu sys $("$program" user list "${common[@]}" | grep -oE '^(ap|hd)-[a-z-]+'))
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.2 \
  -keyout "$work/key.pem" -out "$work/ca.pem" 2> /dev/null
cat "$work/key.pem" "$work/ca.pem" > "$work/cert.pem"
python3 tests/notice/mail.py "$work/port" "$work/letters" "$work/cert.pem" 2> "$work/mail.err" & mail=$!
cat > "$work/sms" <<'SMS'
#!/bin/sh
cat > "$(dirname "$0")/sms.last"; cat "$(dirname "$0")/sms.last" >> "$(dirname "$0")/sms.all"
grep -q 13900000065 "$(dirname "$0")/sms.last" && { echo "空号"; exit 65; }
echo "SMS-0001"; echo "more"
SMS
chmod +x "$work/sms"
echo secret-of-the-mail > "$work/password"
for _ in $(seq 100); do [ -f "$work/port" ] && break; sleep 0.05; done
port=$(cat "$work/port")
phase() { # clock, part, host
  serve "${common[@]}" --clock "$1" --smtp "smtp://$3:$port" --smtp-user letters --smtp-password "$work/password" --smtp-ca "$work/ca.pem" \
    --mail-from gcjs@hld.example --sms "$work/sms" --site https://gcjs.hld.example || exit 1
  BASE=$url TOKENS=$tokens WORK=$work PYTHONDONTWRITEBYTECODE=1 python3 tests/notice/main.py "$2" || rc=1
  stop || rc=1
}
phase 2026-11-25T07:30 first localhost
phase 2026-11-25T08:30 later 127.0.0.2
options=0
refused() { # what it says, options
  local what=$1 code=0; shift
  "$program" serve "${common[@]}" --port 0 "$@" > "$work/refused" 2>&1 || code=$?
  [ $code -eq 2 ] && grep -q "$what" "$work/refused" || { echo "FAILED $*: $code"; cat "$work/refused"; rc=1; return; }
  options=$((options + 1))
}
refused '发件的邮箱' --smtp smtp://localhost
refused '写成 smtp://' --smtp mail.example.com --mail-from a@example.com
refused '写成 smtp://' --smtp smtp://me@localhost --mail-from a@example.com
refused '没有写 --smtp' --mail-from a@example.com
refused '绝对路径' --sms tests/notice/sms
refused '绝对路径' --sms "$work/port"
refused '后面不带斜线' --site https://x.example/
"$program" verify "${common[@]}" > "$work/verify" 2>&1 && options=$((options + 1)) || { cat "$work/verify"; rc=1; }
echo "$options passed, $((8 - options)) failed"
exit $rc
