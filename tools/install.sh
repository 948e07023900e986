#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, from Debian's packages (and, for the browser tests, from npm).
#   tools/install.sh run    what building and running needs
#   tools/install.sh test   that, and what the checks need
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}
need_run="gcc make pkg-config gettext libsqlite3-dev libevent-dev libssl-dev libjansson-dev libyaml-dev
  libargon2-dev libutf8proc-dev zlib1g-dev node-llhttp libcairo2-dev libpango1.0-dev fonts-noto-cjk"
need_test="clang-14 libclang-rt-14-dev clang-format cppcheck sqlite3 curl python3 chromium universal-ctags"

missing=""
packages=$need_run
[ "$what" = test ] && packages="$packages $need_test"
for p in $packages; do
  case "$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null)" in
    *"ok installed") ;;
    *) missing="$missing $p" ;;
  esac
done
if [ -n "$missing" ]; then
  sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "缺少软件包：$missing。请用 root 运行，或先安装 sudo。" >&2; exit 1; }
    sudo=sudo
  fi
  echo "正在安装：$missing"
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
if [ "$what" = test ]; then
  # playwright-core needs Node 18 or later; Debian's nodejs is 18
  command -v node >/dev/null || $sudo apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
  if [ ! -d tests/browser/node_modules/playwright-core ] ||
     [ tests/browser/package-lock.json -nt tests/browser/node_modules/.package-lock.json ]; then
    (cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  fi
fi
