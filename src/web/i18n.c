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

/* ---- sentences of the engines -------------------------------------------------------------------------------- */

/* A msgid may have holes, "剩 {n} 个工作日"; such an entry also serves the other way round, for a sentence that an
 * engine has written with its names and numbers already in it. Returns the bytes of the pattern outside its
 * holes, or 0 when it does not fit. Each hole takes as little as it can. */
static size_t pattern_fits(Str pattern, Str zh, MoHole *holes, size_t *count) {
  Str literal, name, rest = pattern;
  size_t fixed = 0;
  *count = 0;
  bool more = str_cut(rest, '{', &literal, &rest);
  if (!str_starts(zh, literal)) return 0;
  fixed += literal.len;
  zh = str_sub(zh, literal.len, SIZE_MAX);
  while (more) {
    if (*count == MO_HOLES_MAX || !str_cut(rest, '}', &name, &rest)) return 0;
    more = str_cut(rest, '{', &literal, &rest);
    size_t at = 0, last = zh.len - literal.len;
    if (zh.len < literal.len) return 0;
    if (!more) at = last;
    while (at < last && !str_starts(str_sub(zh, at, SIZE_MAX), literal)) at++;
    if (!str_starts(str_sub(zh, at, SIZE_MAX), literal)) return 0;
    holes[(*count)++] = (MoHole){.name = name, .value = str_sub(zh, 0, at)};
    zh = str_sub(zh, at + literal.len, SIZE_MAX);
    fixed += literal.len;
  }
  return zh.len ? 0 : fixed;
}

bool mo_match(Str mo, Str zh, Str *text, MoHole holes[MO_HOLES_MAX], size_t *count) {
  enum { LEAST = 7 }; /* two Chinese characters and more: "{a}：{b}" would fit too much */
  size_t best = LEAST - 1;
  if (mo.len < 28 || word_at(mo, 0) != 0x950412de) return false;
  for (uint32_t i = 0, n = word_at(mo, 8); i < n; i++) {
    MoHole found[MO_HOLES_MAX];
    Str id, english;
    size_t found_count;
    if (!entry_at(mo, word_at(mo, 12), i, &id) || !memchr(id.ptr, '{', id.len)) continue;
    size_t fixed = pattern_fits(id, zh, found, &found_count);
    if (fixed <= best || !entry_at(mo, word_at(mo, 16), i, &english) || !english.len) continue;
    best = fixed;
    *text = english;
    *count = found_count;
    memcpy(holes, found, sizeof found);
  }
  return best >= LEAST;
}

Str mo_english(void) {
  const Asset *a = asset_find(S("en.mo"));
  return a ? (Str){.ptr = (const char *)a->data, .len = a->size} : S("");
}

Str web_english(Str zh) {
  return tr(S("en"), zh);
}

Str tr(Str lang, Str zh) {
  Str text;
  return str_eq(lang, S("en")) && mo_find(mo_english(), zh, &text) ? text : zh;
}
