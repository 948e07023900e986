/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_int.h"

static const TmplEntry *entry_of(Str name) {
  const TmplEntry *e = tmpl_table;
  while (e->name && !str_eqz(name, e->name)) e++;
  return e;
}

TmplFn *tmpl_find(Str name) {
  return entry_of(name)->fn;
}

bool tmpl_translated(Str name) {
  return entry_of(name)->translated;
}

void html_push(Html *h, const Json *scope) {
  REQUIRE(h->depth < COUNT(h->scope));
  h->near[h->depth] = scope && scope->kind == JSON_OBJ ? scope->first : NULL;
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

static inline bool named(const Json *v, Str name) {
  return v->key.len == name.len && (v->key.ptr == name.ptr || memcmp(v->key.ptr, name.ptr, name.len) == 0);
}

/* From where the last look-up ended and around: a page of rows then costs a step or two for each name. */
static const Json *scope_find(Html *h, size_t i, Str name) {
  const Json *scope = h->scope[i], *near = h->near[i];
  if (!scope || scope->kind != JSON_OBJ) return NULL;
  for (const Json *v = near; v; v = v->next)
    if (named(v, name)) {
      h->near[i] = v;
      return v;
    }
  for (const Json *v = scope->first; v && v != near; v = v->next)
    if (named(v, name)) {
      h->near[i] = v;
      return v;
    }
  return NULL;
}

const Json *html_name(Html *h, Str name) {
  const Json *v = NULL;
  for (size_t i = h->depth; i-- > 0 && !v;) v = scope_find(h, i, name);
  return v;
}

const Json *html_get(Html *h, Str dotted) {
  Str head, tail;
  bool more = str_cut(dotted, '.', &head, &tail);
  const Json *v = str_eq(head, S("this")) ? html_this(h) : html_name(h, head);
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
