#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Starts the program on the embedded store in var/; fills it with the demonstration when it is new.
#   STORE=DIR  another directory    PORT=N  another port
set -eu
cd "$(dirname "$0")/.."
bin=$1
store=${STORE:-var}
port=${PORT:-8080}
if [ -f "$store/demo.unfinished" ]; then
  echo "上次生成演示数据时被中断，重新生成。"
  rm -rf "$store"/journal.db* "$store"/views.db* "$store"/views.boot "$store"/blobs "$store"/vault.key "$store"/lock "$store"/demo.unfinished
fi
if [ ! -f "$store/journal.db" ]; then
  echo "正在 $store 生成演示数据，通常要十几秒……"
  "$bin" demo --store "$store" --policy policies/huludao >/dev/null
else
  echo "沿用 $store 里已有的存储。要重新开始，停止后删去这个目录。"
fi
# What the demonstration did is signed once, with a key beside the store, so that its receipts can be checked
if [ ! -d "$store/proof" ]; then
  [ -f "$store.key" ] || "$bin" key make "$store.key" --name yichuang.demo >/dev/null
  "$bin" checkpoint --store "$store" --key "$store.key" >/dev/null
fi
exec "$bin" serve --store "$store" --policy policies/huludao --port "$port"
