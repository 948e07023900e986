/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_int.h"

TmplFn *tmpl_find(Str name) {
  for (const TmplEntry *e = tmpl_table; e->name; e++)
    if (str_eqz(name, e->name)) return e->fn;
  return NULL;
}

void html_push(Html *h, const Json *scope) {
  REQUIRE(h->depth < COUNT(h->scope));
  h->scope[h->depth++] = scope;
}

void html_pop(Html *h) {
  REQUIRE(h->depth > 0);
  h->depth--;
}

const Json *html_this(const Html *h) {
  return h->depth ? h->scope[h->depth - 1] : NULL;
}

static const Json *member(const Json *v, Str key) {
  return v && v->kind == JSON_OBJ ? json_get(v, key) : NULL;
}

const Json *html_get(const Html *h, Str dotted) {
  Str head, tail;
  if (!memchr(dotted.ptr, '.', dotted.len) && !str_eq(dotted, S("this"))) { /* nearly all */
    const Json *v = NULL;
    for (size_t i = h->depth; i-- > 0 && !v;) v = member(h->scope[i], dotted);
    return v;
  }
  bool more = str_cut(dotted, '.', &head, &tail);
  const Json *v = NULL;
  if (str_eq(head, S("this"))) v = html_this(h);
  else
    for (size_t i = h->depth; i-- > 0 && !v;) v = member(h->scope[i], head);
  while (v && more) {
    Str rest = tail;
    more = str_cut(rest, '.', &head, &tail);
    v = member(v, head);
  }
  return v;
}

bool html_true(const Json *v) {
  if (!v) return false;
  switch (v->kind) {
    case JSON_NULL: return false;
    case JSON_BOOL:
    case JSON_INT: return v->num != 0;
    case JSON_STR: return v->str.len > 0;
    case JSON_ARR:
    case JSON_OBJ: return v->first != NULL;
  }
  return false;
}

const Json *html_first(const Json *v) {
  return v && (v->kind == JSON_ARR || v->kind == JSON_OBJ) ? v->first : NULL;
}
