#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Refuses an include that points up, and a library header outside the room that may use it.
set -eu
cd "$(dirname "$0")/.."
bad=0
while IFS= read -r line; do
  case "$line" in ''|'#'*) continue ;; esac
  room=${line%%:*}
  may=" $room "
  case "$line" in *:*) may=" $room ${line#*:} " ;; esac
  for f in $(find "src/$room" -name '*.[ch]' 2>/dev/null); do
    for inc in $(sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$f" | sort -u); do
      case "$may" in *" $inc "*) ;; *) echo "$f: room $room may not include $inc/"; bad=1 ;; esac
    done
  done
done < tools/layers.txt
only() { # header, the path that may include it
  for f in $(grep -rlE "#include <$1" src 2>/dev/null | grep -vE "$2" || true); do
    echo "$f: <$1> belongs to $2"; bad=1
  done
}
only 'sqlite3\.h' '^src/(journal/db_sqlite|journal/pages|journal/pages_log|journal/walfile|search/index)\.c'
only 'libpq-fe\.h' '^src/journal/db_pg(_link)?\.c'
only 'jansson\.h' '^src/base/json'
only 'yaml\.h' '^src/policy/yaml'
only 'event2/' '^src/web/(server|loop)'
only 'llhttp\.h' '^src/web/http'
only 'argon2\.h' '^src/org/'
only 'zlib\.h' '^src/(web/pack|journal/qrtext)'
only 'brotli/' '^src/web/pack'
only '(cairo|pango)' '^src/paper/pen\.h'
only 'curl/' '^src/main/(send_smtp|send_rows)'
only 'spawn\.h' '^src/main/send_command'
only 'hb' '^src/paper/fonts'
only 'geos_c\.h' '^src/geo/geos\.c'
only 'qrencode\.h' '^src/paper/qr'
only 'openssl/' '^src/(base/hash|journal/vault|journal/keys|paper/sign)'
for f in $(grep -rlE '\b(time|gettimeofday|clock_gettime)\(' src --include='*.c' | grep -vE '^src/(base/time|web/(server|loop)|main/(timer|courier|carrier))' || true); do
  echo "$f: the clock is read in base/time.c only"; bad=1
done
exit $bad
