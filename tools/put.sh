#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts the program where it belongs, or takes it away again; make install and make uninstall call this.
#   OUT=build/release DESTDIR= PREFIX=/usr/local SYSCONFDIR=/usr/local/etc UNITDIR=… tools/put.sh install|uninstall
# What somebody may have changed (settings) or filled (stores) is never overwritten or taken away.
set -eu
cd "$(dirname "$0")/.."
: "${OUT:?}" "${DESTDIR=}" "${PREFIX:?}" "${SYSCONFDIR:?}" "${UNITDIR:?}"
what=$1
share=$PREFIX/share
doc=$share/doc/yichuang
put() { # mode, file, where
  if [ "$what" = install ]; then
    install -D -m "$1" "$2" "$DESTDIR$3"
  else
    rm -f "$DESTDIR$3"
  fi
}
# Units and settings name the paths of the package: here they get those of this installation
fitted() { # mode, file, where
  mkdir -p "$OUT/share"
  sed -e "s|/usr/bin/yichuang|$PREFIX/bin/yichuang|g" -e "s|/etc/yichuang|$SYSCONFDIR/yichuang|g" \
    -e "s|/usr/share/yichuang|$share/yichuang|g" "$2" > "$OUT/share/fitted"
  put "$1" "$OUT/share/fitted" "$3"
}
put 755 "$OUT/yichuang" "$PREFIX/bin/yichuang"
put 755 "$OUT/yichuang-verify" "$PREFIX/bin/yichuang-verify"
put 644 "$OUT/share/yichuang.1" "$share/man/man1/yichuang.1"
put 644 docs/man/yichuang-verify.1 "$share/man/man1/yichuang-verify.1"
put 644 "$OUT/share/yichuang.conf.5" "$share/man/man5/yichuang.conf.5"
put 644 "$OUT/share/yichuang.bash" "$share/bash-completion/completions/yichuang"
for f in dist/systemd/*; do fitted 644 "$f" "$UNITDIR/${f##*/}"; done
(cd policies && find . -type f) | sed 's|^\./||' | while read -r f; do put 644 "policies/$f" "$share/yichuang/policies/$f"; done
# Checks receipts without a network and without this program; the same page is served under 检查点
for f in verify.html draw.html; do put 644 "src/web/static/$f" "$share/yichuang/$f"; done
for f in README.md docs/*.md; do put 644 "$f" "$doc/${f##*/}"; done
fitted 644 dist/nginx/nginx.conf "$doc/examples/nginx.conf"
fitted 644 dist/yichuang.conf "$doc/examples/yichuang.conf"
put 644 dist/yichuang.logrotate "$doc/examples/logrotate"
put 644 tools/verify/yichuang-verify.c "$doc/examples/yichuang-verify.c"
if [ "$what" = install ]; then
  [ -e "$DESTDIR$SYSCONFDIR/yichuang/yichuang.conf" ] || fitted 640 dist/yichuang.conf "$SYSCONFDIR/yichuang/yichuang.conf"
else
  find "$DESTDIR$share/yichuang" "$DESTDIR$doc" -depth -type d -empty -exec rmdir {} + 2>/dev/null || true
  [ ! -e "$DESTDIR$SYSCONFDIR/yichuang" ] || echo "设置留在 $SYSCONFDIR/yichuang"
fi
