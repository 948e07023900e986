/* SPDX-License-Identifier: Apache-2.0 */
/* article.c: what a refusal may rest on 法条: the item's own bases, a clause of the city's documents, or law and article written out. */
#include "approval/approval_int.h"

/* Bytes of the clause with which the text begins, as its citation or id: of 二、（一）1 and 二、（一）10 the longer; 0: none. */
static size_t clause_begins(const Policy *p, Str text) {
  SCOPED(buf_drop) Buf b;
  size_t longest = 0;
  buf_init(&b, 200);
  for (size_t i = 0; i < p->clause_count; i++) {
    Str id = p->clauses[i].id;
    buf_clear(&b);
    policy_cite(&b, p, id);
    if (str_starts(text, buf_str(&b)) && buf_str(&b).len > longest) longest = buf_str(&b).len;
    if (str_starts(text, id) && id.len > longest) longest = id.len;
  }
  return longest;
}

bool article__of_documents(const Policy *p, Str text) {
  Str mark = S("、");
  for (size_t n; (n = clause_begins(p, text)) > 0; text = str_sub(text, mark.len, SIZE_MAX)) {
    text = str_sub(text, n, SIZE_MAX);
    if (!text.len) return true;
    if (!str_starts(text, mark)) return false;
  }
  return false;
}

enum { LAW_MIN = 2, ARTICLE_MOST = 8 };

/* 一百二十 or 120: no two figures side by side in Chinese, so that 九九九 is none. */
static bool is_number(Str s) {
  static const char *const figures[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"}, *const places[] = {"十", "百", "千", "零"};
  bool figure = false, digits = s.len > 0;
  size_t n = utf8_count(s);
  for (size_t i = 0; i < s.len; i++) digits = digits && s.ptr[i] >= '0' && s.ptr[i] <= '9';
  if (digits || !n || n > ARTICLE_MOST) return digits && n <= 4;
  while (s.len) {
    bool known = false, was = figure;
    for (size_t i = 0; i < COUNT(figures); i++)
      if (str_starts(s, str_of(figures[i]))) known = figure = true;
    if (known && was) return false;
    for (size_t i = 0; !known && i < COUNT(places); i++)
      if (str_starts(s, str_of(places[i]))) known = true, figure = false;
    if (!known) return false;
    s = str_sub(s, 3, SIZE_MAX);
  }
  return true;
}

/* 《中华人民共和国城乡规划法》第四十条第二款: the name in 《》 and at once the number of the article. */
static bool is_written_out(Str s) {
  Str open = S("《"), close = S("》第"), end = S("条");
  ptrdiff_t at = str_find(s, close);
  if (!str_starts(s, open) || at < 0) return false;
  Str name = str_sub(s, open.len, (size_t)at), rest = str_sub(s, (size_t)at + close.len, SIZE_MAX);
  ptrdiff_t stop = str_find(rest, end);
  return stop > 0 && utf8_count(name) >= LAW_MIN && is_number(str_sub(rest, 0, (size_t)stop));
}

bool article_allowed(const Policy *p, const Item *item, Str text) {
  text = str_trim(text);
  return text.len && ((item && str_has(item->basis, text) && str_find(text, S("条")) > 0) || is_written_out(text) || article__of_documents(p, text));
}
