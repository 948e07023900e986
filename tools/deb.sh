#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes build/deb/yichuang_VERSION_ARCH.deb from what is built, and has lintian look at it.
set -eu
cd "$(dirname "$0")/.."
said=$(dpkg-parsechangelog -S Version)
grep -q "YICHUANG_VERSION \"$said\"" src/base/base.h || { echo "错误：debian/changelog 的版本 $said 与 src/base/base.h 里的不一样" >&2; exit 1; }
rm -rf build/deb
debian/rules binary > build/deb.log 2>&1 || { tail -30 build/deb.log >&2; exit 1; }
rm -rf debian/yichuang debian/.debhelper debian/files debian/*.debhelper debian/*.substvars debian/*.debhelper.log debian/debhelper-build-stamp
deb=$(ls build/deb/yichuang_*.deb)
echo "$deb"
# A native package of our own: no bug of the distribution is closed, and it is not signed
if command -v lintian >/dev/null; then
  lintian --tag-display-limit 0 --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs "$deb"
fi
