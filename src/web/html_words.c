/* SPDX-License-Identifier: Apache-2.0 */
/* Words on a page: translated where the catalogue knows them; what stays Chinese on an English page is marked. */
#include "web/web_int.h"

static bool in_english(const Html *h) {
  return str_eq(h->lang, S("en"));
}

/* By bytes, because a value may have been cut inside a character: U+2E80–2FFF, 3005, 3007, 3400–9FFF, F900–FAFF and
 * the planes from 2 on. */
static bool has_han(Str s) {
  const unsigned char *b = (const unsigned char *)s.ptr;
  for (size_t i = 0; i + 2 < s.len; i++) {
    unsigned char c = b[i], d = b[i + 1];
    if ((c >= 0xe4 && c <= 0xe9) || (c == 0xe2 && d >= 0xba) || (c == 0xe3 && d >= 0x90)) return true;
    if (c == 0xe3 && d == 0x80 && (b[i + 2] == 0x85 || b[i + 2] == 0x87)) return true;
    if ((c == 0xef && d >= 0xa4 && d <= 0xab) || (c == 0xf0 && d >= 0xa0)) return true;
  }
  return false;
}

static void show(Html *h, Str s, bool element) {
  bool mark = element && in_english(h) && has_han(s);
  if (mark) html_lit(h, "<span lang=\"zh-CN\">");
  html_text(h, s);
  if (mark) html_lit(h, "</span>");
}

static Str hole_value(Html *h, Str name, const MoHole *holes, size_t count, char number[24]) {
  for (size_t i = 0; i < count; i++)
    if (str_eq(holes[i].name, name)) return holes[i].value;
  if (holes) return S("");
  return html_text_of(str_eq(name, S("this")) ? html_this(h) : html_get(h, name), number);
}

/* "1 day|{n} days": the first form when the first hole of the last form is 1. Chinese has one form. */
static Str pick_form(Html *h, Str text, const MoHole *holes, size_t count) {
  char number[24];
  Str one, many, name, rest;
  if (!in_english(h) || !str_cut(text, '|', &one, &many)) return text;
  if (!str_cut(many, '{', &name, &rest) || !str_cut(rest, '}', &name, &rest)) return many;
  return str_eq(hole_value(h, name, holes, count, number), S("1")) ? one : many;
}

/* Holes of a sentence that was taken apart come from `holes`, others from the scopes. */
static void fill(Html *h, Str text, const MoHole *holes, size_t count, bool element) {
  char number[24];
  Str rest = pick_form(h, text, holes, count), part, name;
  while (str_cut(rest, '{', &part, &rest)) {
    html_text(h, part);
    if (!str_cut(rest, '}', &name, &rest)) return;
    show(h, tr(h->lang, hole_value(h, name, holes, count, number)), element);
  }
  html_text(h, part);
}

static void words(Html *h, const Json *v, bool element) {
  char number[24];
  MoHole holes[MO_HOLES_MAX];
  size_t count;
  Str zh = html_text_of(v, number), text;
  if (in_english(h) && mo_find(mo_english(), zh, &text)) html_text(h, text);
  else if (in_english(h) && has_han(zh) && mo_match(mo_english(), zh, &text, holes, &count)) fill(h, text, holes, count, element);
  else show(h, zh, element);
}

void html_show(Html *h, const Json *v) {
  char number[24];
  show(h, html_text_of(v, number), true);
}

void html_tr(Html *h, Str zh) {
  html_text(h, tr(h->lang, zh));
}

void html_tr_fill(Html *h, Str zh) {
  fill(h, tr(h->lang, zh), NULL, 0, false);
}

void html_tr_show(Html *h, Str zh) {
  fill(h, tr(h->lang, zh), NULL, 0, true);
}

void html_words(Html *h, const Json *v) {
  words(h, v, false);
}

void html_words_show(Html *h, const Json *v) {
  words(h, v, true);
}
