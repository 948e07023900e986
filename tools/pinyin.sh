#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How each character of GB 2312 is read, as a C table: ICU's transliterator (Debian's icu-devtools), without tones. Written to
# standard output; src/search/pinyin.c includes it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LC_ALL=C awk 'BEGIN { for (a = 176; a <= 247; a++) for (b = 161; b <= 254; b++) printf "%c%c\n", a, b }' |
  iconv -c -f GB2312 -t UTF-8 | grep -v '^$' >"$work/chars"
uconv -f utf-8 -t utf-8 -x 'Han-Latin; Latin-ASCII' "$work/chars" | tr -cd 'a-z\n' >"$work/sounds"
iconv -f UTF-8 -t UTF-32BE "$work/chars" | od -An -v -w8 -tx1 | awk '{ printf "0x%s%s\n", $3, $4 }' >"$work/codes"
[ "$(wc -l <"$work/chars")" -gt 6000 ] && [ "$(wc -l <"$work/codes")" = "$(wc -l <"$work/sounds")" ] || {
  echo "pinyin.sh: the table is not whole" >&2
  exit 1
}
echo '/* Made by tools/pinyin.sh. */'
echo 'static const struct { uint16_t c; char sound[7]; } pinyin_table[] = {'
paste -d' ' "$work/codes" "$work/sounds" | sort | awk 'NF == 2 { printf "{%s,\"%s\"},\n", $1, $2 }'
echo '};'
