/* SPDX-License-Identifier: Apache-2.0 */
/* The English catalogue is an ordinary GNU .mo file, embedded. glibc's gettext keeps its language in the
 * process, ours comes with each request, so the file is read here: a sorted table of msgids. */
#include "web/web_int.h"

static uint32_t word_at(Str mo, size_t at) {
  uint32_t v = 0;
  for (size_t i = 4; i-- > 0;) v = v << 8 | (unsigned char)mo.ptr[at + i];
  return v;
}

/* Entry i of the table that begins at `table`: a length and a place in the file. */
static bool entry_at(Str mo, uint32_t table, uint32_t i, Str *out) {
  size_t at = (size_t)table + (size_t)i * 8;
  if (at + 8 > mo.len) return false;
  size_t len = word_at(mo, at), from = word_at(mo, at + 4);
  if (from > mo.len || len > mo.len - from) return false;
  *out = (Str){.ptr = mo.ptr + from, .len = len};
  return true;
}

bool mo_find(Str mo, Str msgid, Str *text) {
  if (mo.len < 28 || word_at(mo, 0) != 0x950412de || !msgid.len) return false;
  uint32_t low = 0, high = word_at(mo, 8);
  uint32_t ids = word_at(mo, 12), texts = word_at(mo, 16);
  while (low < high) {
    uint32_t mid = low + (high - low) / 2;
    Str id;
    if (!entry_at(mo, ids, mid, &id)) return false;
    int order = str_cmp(msgid, id);
    if (!order) return entry_at(mo, texts, mid, text) && text->len > 0;
    if (order < 0) high = mid;
    else low = mid + 1;
  }
  return false;
}

Str tr(Str lang, Str zh) {
  if (!str_eq(lang, S("en"))) return zh;
  const Asset *a = asset_find(S("en.mo"));
  Str text;
  if (!a || !mo_find((Str){.ptr = (const char *)a->data, .len = a->size}, zh, &text)) return zh;
  return text;
}
