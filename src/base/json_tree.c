/* SPDX-License-Identifier: Apache-2.0 */
/* json_tree.c: building, reading and writing trees. */
#include "base/base.h"
#include "base/bytes.h"
#include "base/json_int.h"

#include <stdlib.h>

enum { TEXT_MAX = 256 << 20 };

static Json *json_make(Arena *a, JsonKind kind) {
  Json *j = arena_new(a, Json);
  j->kind = kind;
  return j;
}

static void json_link(Json *parent, Json *kid) {
  kid->next = NULL;
  if (parent->last) parent->last->next = kid;
  else parent->first = kid;
  parent->last = kid;
  parent->count++;
}

Json *json_obj(Arena *a) {
  return json_make(a, JSON_OBJ);
}

Json *json_arr(Arena *a) {
  return json_make(a, JSON_ARR);
}

/* ---- copies: all nodes in one piece, all texts in another ---------------------------------------- */

typedef struct Copy {
  Json *node; /* the next of those that are left */
  char *text;
} Copy;

static void copy_measure(const Json *j, size_t *nodes, size_t *bytes) {
  ++*nodes;
  if (j->key.len) *bytes += j->key.len + 1;
  if (j->kind == JSON_STR && j->str.len) *bytes += j->str.len + 1;
  for (const Json *kid = j->first; kid; kid = kid->next) copy_measure(kid, nodes, bytes);
}

static Str copy_text(Copy *c, Str s) {
  if (!s.len) return S("");
  char *to = c->text;
  bytes__put(to, s.ptr, s.len);
  to[s.len] = '\0';
  c->text += s.len + 1;
  return (Str){.ptr = to, .len = s.len};
}

static Json *copy_node(Copy *c, const Json *j) {
  Json *to = c->node++;
  *to = *j;
  to->first = to->last = to->next = NULL;
  if (j->key.len) to->key = copy_text(c, j->key);
  if (j->kind == JSON_STR) to->str = copy_text(c, j->str);
  for (const Json *kid = j->first; kid; kid = kid->next) {
    Json *own = copy_node(c, kid);
    if (to->last) to->last->next = own;
    else to->first = own;
    to->last = own;
  }
  return to;
}

Json *json_clone(Arena *a, const Json *j) {
  size_t nodes = 0, bytes = 0;
  if (!j) return arena_new(a, Json);
  copy_measure(j, &nodes, &bytes);
  Copy c = {.node = arena__room(a, nodes, sizeof(Json), _Alignof(Json)), .text = arena__room(a, bytes, 1, 1)};
  return copy_node(&c, j);
}

/* ---- looking and putting ------------------------------------------------------------------------- */

static inline bool key_eq(Str a, Str b) {
  return a.len == b.len && (!a.len || bytes__eq(a.ptr, b.ptr, a.len));
}

const Json *json_get(const Json *obj, Str key) {
  if (!obj || obj->kind != JSON_OBJ) return NULL;
  for (const Json *kid = obj->first; kid; kid = kid->next)
    if (key_eq(kid->key, key)) return kid;
  return NULL;
}

/* The member under key, emptied when it was there, else a new one at the end. */
static Json *json_slot(Arena *a, Json *obj, Str key) {
  REQUIRE(obj->kind == JSON_OBJ);
  for (Json *kid = obj->first; kid; kid = kid->next)
    if (key_eq(kid->key, key)) {
      Json *next = kid->next;
      *kid = (Json){.key = key, .next = next};
      return kid;
    }
  Json *kid = arena_new(a, Json);
  kid->key = key;
  json_link(obj, kid);
  return kid;
}

void json_put(Arena *a, Json *obj, Str key, const Json *v) {
  Json value = v ? *v : (Json){.kind = JSON_NULL}; /* first: v may be the member itself */
  Json *kid = json_slot(a, obj, key), *next = kid->next;
  *kid = value;
  kid->key = key;
  kid->next = next;
}

void json_put_str(Arena *a, Json *obj, Str key, Str v) {
  Json *kid = json_slot(a, obj, key);
  kid->kind = JSON_STR;
  kid->str = v;
}

void json_put_int(Arena *a, Json *obj, Str key, int64_t v) {
  Json *kid = json_slot(a, obj, key);
  kid->kind = JSON_INT;
  kid->num = v;
}

void json_put_bool(Arena *a, Json *obj, Str key, bool v) {
  Json *kid = json_slot(a, obj, key);
  kid->kind = JSON_BOOL;
  kid->num = v;
}

static Json *json_append(Arena *a, Json *obj, Str key, JsonKind kind) {
  REQUIRE(obj->kind == JSON_OBJ);
  Json *kid = json_make(a, kind);
  kid->key = key;
  json_link(obj, kid);
  return kid;
}

void json_add_str(Arena *a, Json *obj, Str key, Str v) {
  json_append(a, obj, key, JSON_STR)->str = v;
}

void json_add_int(Arena *a, Json *obj, Str key, int64_t v) {
  json_append(a, obj, key, JSON_INT)->num = v;
}

Json *json_add_obj(Arena *a, Json *obj, Str key) {
  return json_append(a, obj, key, JSON_OBJ);
}

Json *json_put_obj(Arena *a, Json *obj, Str key) {
  Json *kid = json_slot(a, obj, key);
  kid->kind = JSON_OBJ;
  return kid;
}

Json *json_put_arr(Arena *a, Json *obj, Str key) {
  Json *kid = json_slot(a, obj, key);
  kid->kind = JSON_ARR;
  return kid;
}

static Json *json_push_new(Arena *a, Json *arr, JsonKind kind) {
  REQUIRE(arr->kind == JSON_ARR);
  Json *kid = json_make(a, kind);
  json_link(arr, kid);
  return kid;
}

Json *json_push_obj(Arena *a, Json *arr) {
  return json_push_new(a, arr, JSON_OBJ);
}

Json *json_push_arr(Arena *a, Json *arr) {
  return json_push_new(a, arr, JSON_ARR);
}

void json_push(Arena *a, Json *arr, const Json *v) {
  Json *kid = json_push_new(a, arr, JSON_NULL);
  if (!v) return;
  *kid = *v;
  kid->key = (Str){0};
  kid->next = NULL;
}

void json_push_str(Arena *a, Json *arr, Str v) {
  json_push_new(a, arr, JSON_STR)->str = v;
}

Str json_str(const Json *obj, Str key) {
  const Json *v = json_get(obj, key);
  return v && v->kind == JSON_STR ? v->str : (Str){.ptr = "", .len = 0};
}

int64_t json_int(const Json *obj, Str key, int64_t dflt) {
  const Json *v = json_get(obj, key);
  return v && v->kind == JSON_INT ? v->num : dflt;
}

bool json_bool(const Json *obj, Str key) {
  const Json *v = json_get(obj, key);
  return v && v->kind == JSON_BOOL && v->num;
}

/* ---- canonical text -------------------------------------------------------------------------- */

static void write_escape(Buf *b, unsigned char c) {
  switch (c) {
    case '"': buf_add(b, S("\\\"")); break;
    case '\\': buf_add(b, S("\\\\")); break;
    case '\n': buf_add(b, S("\\n")); break;
    case '\r': buf_add(b, S("\\r")); break;
    case '\t': buf_add(b, S("\\t")); break;
    default: buf_fmt(b, "\\u%04x", c); break;
  }
}

static void write_string(Buf *b, Str s) {
  const char *from = s.ptr, *end = s.ptr + s.len;
  uint64_t seen = 0;
  buf_char(b, '"');
  while (from < end) {
    const char *p = bytes__plain(from, end, &seen);
    buf_add_n(b, from, (size_t)(p - from));
    if (p < end) write_escape(b, (unsigned char)*p++);
    from = p;
  }
  buf_char(b, '"');
}

static int by_key(const void *x, const void *y) {
  return str_cmp((*(const Json *const *)x)->key, (*(const Json *const *)y)->key);
}

static void write_member(Buf *b, const Json *kid, bool first) {
  if (!first) buf_char(b, ',');
  write_string(b, kid->key);
  buf_char(b, ':');
  json_write(b, kid);
}

enum { FEW = 24 };

/* Nearly always; members of one key stay in their order. */
static size_t few_by_key(const Json *j, const Json **kids) {
  size_t n = 0;
  for (const Json *kid = j->first; kid; kid = kid->next) {
    size_t at = n++;
    for (; at && str_cmp(kids[at - 1]->key, kid->key) > 0; at--) kids[at] = kids[at - 1];
    kids[at] = kid;
  }
  return n;
}

static void write_object(Buf *b, const Json *j) {
  bool sorted = true;
  for (const Json *kid = j->first; kid && kid->next; kid = kid->next)
    if (str_cmp(kid->key, kid->next->key) > 0) sorted = false;
  buf_char(b, '{');
  if (sorted) {
    for (const Json *kid = j->first; kid; kid = kid->next) write_member(b, kid, kid == j->first);
  } else if (j->count <= FEW) {
    const Json *kids[FEW];
    size_t n = few_by_key(j, kids);
    for (size_t i = 0; i < n; i++) write_member(b, kids[i], i == 0);
  } else {
    const Json **kids = malloc(j->count * sizeof *kids);
    REQUIRE(kids != NULL);
    size_t n = 0;
    for (const Json *kid = j->first; kid; kid = kid->next) kids[n++] = kid;
    qsort(kids, n, sizeof *kids, by_key);
    for (size_t i = 0; i < n; i++) write_member(b, kids[i], i == 0);
    free(kids);
  }
  buf_char(b, '}');
}

void json_write(Buf *b, const Json *j) {
  switch (j->kind) {
    case JSON_NULL: buf_add(b, S("null")); return;
    case JSON_BOOL: buf_add(b, j->num ? S("true") : S("false")); return;
    case JSON_INT: buf_i64(b, j->num); return;
    case JSON_STR: write_string(b, j->str); return;
    case JSON_OBJ: write_object(b, j); return;
    case JSON_ARR: break;
  }
  buf_char(b, '[');
  for (const Json *kid = j->first; kid; kid = kid->next) {
    if (kid != j->first) buf_char(b, ',');
    json_write(b, kid);
  }
  buf_char(b, ']');
}

Str json_text(Arena *a, const Json *j) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, TEXT_MAX);
  json_write(&b, j);
  REQUIRE(!b.full);
  return arena_str(a, buf_str(&b));
}
