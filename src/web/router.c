/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_int.h"

enum { ROUTE_BUCKETS = 512 };

static bool is_param(Str segment) {
  return segment.len > 2 && segment.ptr[0] == '{' && segment.ptr[segment.len - 1] == '}';
}

static bool fits_param(Str s) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alnum && c != '.' && c != '_' && c != '-' && c != '(' && c != ')') return false; /* D60-2.4.1-(2) */
  }
  return s.len > 0 && s.len <= 200;
}

size_t route_param_count(const Route *r) {
  size_t n = 0;
  for (const char *p = r->path; *p; p++) n += *p == '{';
  return n;
}

/* Which of two patterns that fit one path is nearer: a literal wins at the first difference. */
static int nearer(Str a, Str b) {
  bool more = true;
  while (more) {
    Str x, y;
    more = str_cut(a, '/', &x, &a);
    str_cut(b, '/', &y, &b);
    if (is_param(x) != is_param(y)) return is_param(y) ? 1 : -1;
  }
  return 0;
}

static bool same_pattern(Str a, Str b) {
  bool more_a = true, more_b = true;
  while (more_a && more_b) {
    Str x, y;
    more_a = str_cut(a, '/', &x, &a);
    more_b = str_cut(b, '/', &y, &b);
    if (more_a != more_b || is_param(x) != is_param(y)) return false;
    if (!is_param(x) && !str_eq(x, y)) return false;
  }
  return true;
}

static bool fits(Str pattern, Str path, Str params[4]) {
  size_t n = 0;
  bool more_a = true, more_b = true;
  while (more_a && more_b) {
    Str want, got;
    more_a = str_cut(pattern, '/', &want, &pattern);
    more_b = str_cut(path, '/', &got, &path);
    if (more_a != more_b) return false;
    if (is_param(want) ? !fits_param(got) : !str_eq(want, got)) return false;
    if (is_param(want)) params[n++] = got;
  }
  return true;
}

/* Rows are found by the literals they begin with: "/w/c/{id}" by both, "/archive/{id}" and "/w" by the first. Of 250
 * rows some 5 are looked at. */
static uint32_t bucket_of(Str path, int segments) {
  uint32_t h = 2166136261u; /* FNV-1a */
  Str segment, rest = str_sub(path, 1, SIZE_MAX);
  bool more = true;
  for (int i = 0; i < segments && more; i++) {
    more = str_cut(rest, '/', &segment, &rest);
    for (size_t k = 0; k < segment.len; k++) h = (h ^ (unsigned char)segment.ptr[k]) * 16777619u;
    h = (h ^ '/') * 16777619u;
  }
  return (h ^ h >> 16) % ROUTE_BUCKETS;
}

static int literals_of(Str pattern) {
  Str first, second, rest = str_sub(pattern, 1, SIZE_MAX);
  bool more = str_cut(rest, '/', &first, &rest);
  if (is_param(first)) return 0;
  if (!more) return 1;
  str_cut(rest, '/', &second, &rest);
  return is_param(second) ? 1 : 2;
}

static void keep_nearest(const Route *row, Method m, Str path, const Route **best, Str params[4], uint32_t *methods) {
  Str found[4] = {{0}};
  if (!fits(str_of(row->path), path, found)) return;
  *methods |= 1u << row->method;
  if (row->method != m || (*best && nearer(str_of(row->path), str_of((*best)->path)) <= 0)) return;
  *best = row;
  memcpy(params, found, sizeof found);
}

const Route *routes_match(const Routes *r, Method m, Str path, Str params[4], uint32_t *methods) {
  const Route *best = NULL;
  *methods = 0;
  uint32_t seen = ROUTE_BUCKETS;
  for (int segments = 0; segments <= 2; segments++) {
    uint32_t b = bucket_of(path, segments);
    if (b == seen) continue;
    for (uint16_t i = r->first[b]; i; i = r->next[i - 1]) keep_nearest(r->list[i - 1], m, path, &best, params, methods);
    seen = b;
  }
  return best;
}

static Code check_row(Cx *cx, const Routes *r, const Route *row) {
  if (row->method != GET && row->method != POST) FAIL(INVALID, "route %s: no method", row->path);
  if (row->path[0] != '/') FAIL(INVALID, "route %s: the path must begin with /", row->path);
  if (!row->allow) FAIL(INVALID, "route %s: nobody is allowed (allow = 0)", row->path);
  if (!row->help || !row->help[0]) FAIL(INVALID, "route %s: no help", row->path);
  if (!row->run) FAIL(INVALID, "route %s: no handler", row->path);
  if (row->tmpl && !tmpl_find(str_of(row->tmpl))) FAIL(INVALID, "route %s: no template %s.html", row->path, row->tmpl);
  if (route_param_count(row) > 4) FAIL(INVALID, "route %s: more than 4 parameters", row->path);
  if (row->method == GET && row->uploads) FAIL(INVALID, "route %s: a GET takes no files", row->path);
  for (size_t i = 0; i < r->count; i++)
    if (r->list[i]->method == row->method && same_pattern(str_of(r->list[i]->path), str_of(row->path)))
      FAIL(INVALID, "route %s: the same pattern twice", row->path);
  return OK;
}

Code routes_open(Cx *cx, const Route *const *tables, Routes **out) {
  size_t max = 0;
  for (size_t i = 0; tables[i]; i++)
    for (const Route *row = tables[i]; row->path; row++) max++;
  Routes *r = arena_new(cx->mem, Routes);
  r->list = arena_array(cx->mem, const Route *, max + 1);
  r->next = arena_array(cx->mem, uint16_t, max + 1);
  r->first = arena_array(cx->mem, uint16_t, ROUTE_BUCKETS);
  for (size_t i = 0; tables[i]; i++)
    for (const Route *row = tables[i]; row->path; row++) {
      TRY(check_row(cx, r, row));
      r->list[r->count++] = row;
      uint32_t b = bucket_of(str_of(row->path), literals_of(str_of(row->path)));
      r->next[r->count - 1] = r->first[b];
      r->first[b] = (uint16_t)r->count;
    }
  *out = r;
  return OK;
}
