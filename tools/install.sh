#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, from Debian's packages (and, for the browser tests, from npm).
#   tools/install.sh run    what building and running needs
#   tools/install.sh test   that, and what the checks need
#   tools/install.sh grade  that, and what make grade needs: Java, for the validator of the W3C
#   tools/install.sh deb    what building and a package need
#   tools/install.sh bench  what building and bench/run.sh need: wrk, and the peer from npm (Node 20 or later)
set -eu
cd "$(dirname "$0")/.."
what=${1:-run}
need_run="gcc libc6-dev make pkg-config gettext libsqlite3-dev libevent-dev libssl-dev libjansson-dev libyaml-dev
  libargon2-dev libutf8proc-dev zlib1g-dev libbrotli-dev node-llhttp libgraphviz-dev libqrencode-dev libpango1.0-dev libharfbuzz-dev fonts-noto-cjk libpq-dev libcurl4-openssl-dev icu-devtools libgeos-dev"
need_test="clang-14 libclang-rt-14-dev clang-format cppcheck git sqlite3 curl python3 strace e2fsprogs util-linux mount chromium
  universal-ctags postgresql-15 zbar-tools poppler-utils groonga-bin mandoc"
need_grade="default-jre-headless"
need_deb="debhelper lintian"
need_bench="wrk sqlite3 curl g++ python3 postgresql-15 groonga-bin"

stop() { echo "错误：$1" >&2; exit 1; }
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
  stop "自动安装只适用于 Debian 12。请自行装好以下各项，再运行 make build：$(echo $need_run)"

# Node 18 or later for playwright-core; Debian's nodejs is 18, but another one may be there already.
node_fits() {
  command -v npm >/dev/null && command -v node >/dev/null &&
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]
}

missing=""
packages=$need_run
[ "$what" = test ] && packages="$packages $need_test"
[ "$what" = grade ] && packages="$packages $need_test $need_grade"
[ "$what" = deb ] && packages="$packages $need_deb"
[ "$what" = bench ] && packages="$packages $need_bench"
for p in $packages; do
  case "$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null || true)" in
    *"ok installed") ;;
    *) missing="$missing $p" ;;
  esac
done
if { [ "$what" = test ] || [ "$what" = grade ] || [ "$what" = bench ]; } && ! node_fits; then missing="$missing nodejs npm"; fi

if [ -n "$missing" ]; then
  sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || stop "缺少软件包：$missing。请用 root 运行，或先安装 sudo。"
    sudo=sudo
  fi
  echo "正在安装（可能要几分钟）：$missing"
  # LC_ALL: perl in the packages' scripts complains about a locale that is not there yet
  apt="$sudo env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive apt-get"
  # The tests start PostgreSQL servers of their own; the one that Debian would make and start on installing is in nobody's use
  case "$missing" in *postgresql-15*)
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
      $sudo mkdir -p /etc/postgresql-common
      echo 'create_main_cluster = false' | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi ;;
  esac
  $apt update -qq || stop "软件源无法更新。请检查网络和 /etc/apt/sources.list，再试一次。"
  $apt install -y -qq --no-install-recommends $missing >/dev/null ||
    stop "有的软件包没有装上，原因见上面几行。可以手工安装后再试：apt-get install$missing"
fi
if [ "$what" = test ] || [ "$what" = grade ]; then
  node_fits || stop "浏览器测试需要 Node 18 或更新的版本和 npm，现在是 $(node --version 2>/dev/null || echo 没有)。"
  lock=tests/browser/node_modules/.package-lock.json
  if [ ! -f "$lock" ] || [ tests/browser/package-lock.json -nt "$lock" ]; then
    echo "正在安装浏览器测试的 npm 包"
    (cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) ||
      stop "npm 包没有装上。请检查网络，或用 npm config set registry 换一个镜像。"
  fi
fi
if [ "$what" = bench ]; then
  node_fits && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
    stop "对比程序 better-sqlite3 12 要 Node 20 以上，现在是 $(node --version 2>/dev/null || echo 没有)。只测命令可以用 ONLY=commands bench/run.sh build/release/yichuang"
  lock=bench/node_modules/.package-lock.json
  if [ ! -d bench/node_modules/better-sqlite3/build ] || [ bench/package-lock.json -nt "$lock" ]; then
    echo "正在安装对比程序的 npm 包（better-sqlite3 要编译几分钟）"
    # The driver is C++: its own install script fetches or compiles it; no other script runs
    (cd bench && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error &&
      npm rebuild better-sqlite3 --loglevel=error) ||
      stop "npm 包没有装上。请检查网络，或用 npm config set registry 换一个镜像。"
  fi
fi
