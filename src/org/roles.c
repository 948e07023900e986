/* SPDX-License-Identifier: Apache-2.0 */
#include "org/org.h"

static const struct {
  Role role;
  Str text, label;
} roles[] = {
#define X(name, bit, word, zh) {name, {.ptr = word, .len = sizeof(word) - 1}, {.ptr = zh, .len = sizeof(zh) - 1}},
    ROLE_LIST(X)
#undef X
};

Str role_text(Role one) {
  for (size_t i = 0; i < COUNT(roles); i++)
    if (roles[i].role == one) return roles[i].text;
  return S("");
}

Str role_label(Role one) {
  for (size_t i = 0; i < COUNT(roles); i++)
    if (roles[i].role == one) return roles[i].label;
  return S("");
}

uint32_t role_parse(Str text) {
  for (size_t i = 0; i < COUNT(roles); i++)
    if (str_eq(roles[i].text, text)) return roles[i].role;
  return 0;
}

Code roles_parse(Cx *cx, Str list, uint32_t *out) {
  Str rest = list, one;
  bool more = list.len > 0;
  *out = 0;
  while (more) {
    more = str_cut(rest, ',', &one, &rest);
    uint32_t role = role_parse(str_trim(one));
    if (!role) FAIL_AT(INVALID, S("roles"), S(""), "没有“%.*s”这个角色", SFMT(one));
    *out |= role;
  }
  return OK;
}

Str roles_text(Arena *mem, uint32_t bits) {
  Str text = S("");
  for (size_t i = 0; i < COUNT(roles); i++)
    if (bits & roles[i].role) text = arena_fmt(mem, "%.*s%s%.*s", SFMT(text), text.len ? "," : "", SFMT(roles[i].text));
  return text;
}

Str role_labels(Arena *mem, uint32_t bits) {
  Str text = S("");
  for (size_t i = 0; i < COUNT(roles); i++)
    if (bits & ROLE_ANY_ACCOUNT & roles[i].role) text = arena_fmt(mem, "%.*s%s%.*s", SFMT(text), text.len ? "、" : "", SFMT(role_label(roles[i].role)));
  return text;
}
