#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The package as docs/install.md has it: installed, started, watched, installed again over changed settings, removed, purged. In a layer
# over this system that is thrown away; that needs root and overlayfs, and is skipped aloud elsewhere.
#   tests/deb/run.sh PACKAGE.deb
set -uo pipefail
cd "$(dirname "$0")/../.."
deb=$(realpath "$1") work=$PWD/build/deb-test
skip() { echo "SKIPPED the package is installed: $1"; echo "0 passed, 0 failed"; exit 0; }
[ "$(id -u)" = 0 ] || skip "needs root"
if [ "${INSIDE:-}" != 1 ]; then
  mkdir -p "$work/layer"
  # promtool 2.42 comes with Debian's package of the server, which is not installed: a daemon of nobody's use here
  [ -x "$work/promtool" ] || { (cd "$work" && apt-get download prometheus > /dev/null 2>&1 && dpkg-deb -x prometheus_*.deb p && mv p/usr/bin/promtool . && rm -rf p prometheus_*.deb) || echo "SKIPPED promtool: it cannot be fetched"; }
  INSIDE=1 exec unshare -m "$0" "$deb"
fi
mount -t tmpfs none "$work/layer" || skip "no tmpfs"
mkdir "$work/layer"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/layer/upper,workdir=$work/layer/work" "$work/layer/root" 2>/dev/null || skip "no overlayfs"
root=$work/layer/root
mount --bind /proc "$root/proc" && mount --bind /dev "$root/dev" || skip "no bind mounts"
cp "$deb" "$root/root/new.deb"
passed=0 failed=0
check() { # what, command...
  local what=$1; shift
  if "$@" > "$work/said" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED $what"; tail -8 "$work/said"; fi
}
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root "$@"; }
as() { inside runuser -u yichuang -- "$@"; }
says() { local word=$1; shift; "$@" > "$work/out" 2>&1; grep -qF -- "$word" "$work/out" || { cat "$work/out"; return 1; }; }
absent() { [ ! -e "$root$1" ]; }
mode() { says "$1" inside stat -c '%a %U:%G' "$2"; }
version=$(dpkg-deb -f "$deb" Version)

check "it installs" inside dpkg -i /root/new.deb
check "the program says its version" says "$version" inside yichuang --version
check "settings are for root and the account only" mode "640 root:yichuang" /etc/yichuang/yichuang.conf
check "the directory of the store" mode "750 yichuang:yichuang" /var/lib/yichuang
check "the directory of backups" mode "700 yichuang:yichuang" /var/backups/yichuang
check "the units are as systemd wants them" inside systemd-analyze verify /lib/systemd/system/yichuang.service /lib/systemd/system/yichuang.socket
for page in yichuang.1 yichuang-verify.1 yichuang.conf.5; do
  check "the manual $page" inside sh -c "zcat /usr/share/man/man${page##*.}/$page.gz | mandoc -T utf8 -W error > /dev/null"
done
check "completion is bash" inside bash -n /usr/share/bash-completion/completions/yichuang
check "the package is whole" inside dpkg --verify yichuang

check "init" as yichuang init
check "an account" inside sh -c "printf 'Long-Pass-2026x\nLong-Pass-2026x\n' | runuser -u yichuang -- yichuang user add --id admin --name 示例 --role sysadmin"
check "a signing key" as yichuang key make /var/lib/yichuang/journal.key --name yichuang.hld
check "its place" inside sh -c "install -m 640 -g yichuang /var/lib/yichuang/journal.key /etc/yichuang/journal.key && rm /var/lib/yichuang/journal.key"
check "a key for files" as yichuang key seal /var/lib/yichuang/seal.key --name 示例
check "its place, too" inside sh -c "install -m 640 -g yichuang /var/lib/yichuang/seal.key /etc/yichuang/seal.key && rm /var/lib/yichuang/seal.key"
inside sed -i 's/^# *\(key = \|seal-key = \)/\1/; s/^#\(key\b\|seal-key\b\)/\1/' /etc/yichuang/yichuang.conf
check "a checkpoint, as the timer makes it" as yichuang checkpoint
check "a backup, as the timer makes it" as sh -c 'yichuang backup /var/backups/yichuang/$(date +%F)'
as yichuang serve --port 0 > "$work/served" 2>&1 &
for _ in $(seq 100); do grep -q http:// "$work/served" && break; sleep 0.1; done
url=$(grep -oE 'http://[0-9.:]+' "$work/served" | head -1)
check "it is healthy" curl -fsS "$url/healthz"
check "the first page" says "工程建设项目" curl -fsS "$url/"
check "it has figures" curl -fsS -o "$work/metrics" "$url/metrics"
if [ -x "$work/promtool" ]; then check "promtool reads them" sh -c "\"$work/promtool\" check metrics < \"$work/metrics\""; fi
doctor() { as yichuang doctor > "$work/doctor" 2>&1; [ $? -le 1 ] || { grep -A3 要处理 "$work/doctor"; return 1; }; }
check "doctor finds nothing that must be done" doctor
pkill -TERM -f "yichuang serve --port 0"; wait

echo "# 我改过" >> "$root/etc/yichuang/yichuang.conf"
check "it installs over itself" inside dpkg -i --force-confold /root/new.deb
check "changed settings stay" says "我改过" inside cat /etc/yichuang/yichuang.conf
check "the store opens" as yichuang verify
check "it goes" inside dpkg -r yichuang
check "the program is away" absent /usr/bin/yichuang
check "the store stays" inside test -f /var/lib/yichuang/store/journal.db
check "it is purged" inside dpkg -P yichuang
check "settings are away" absent /etc/yichuang/yichuang.conf
check "keys stay" inside test -f /etc/yichuang/journal.key
check "the log is away" absent /var/log/yichuang
check "the records stay" inside test -f /var/lib/yichuang/store/journal.db
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
