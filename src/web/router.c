/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_int.h"

static bool is_param(Str segment) {
  return segment.len > 2 && segment.ptr[0] == '{' && segment.ptr[segment.len - 1] == '}';
}

static bool fits_param(Str s) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alnum && c != '.' && c != '_' && c != '-') return false;
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

const Route *routes_match(const Routes *r, Method m, Str path, Str params[4], uint32_t *methods) {
  const Route *best = NULL;
  char second = path.len > 1 ? path.ptr[1] : '\0';
  *methods = 0;
  for (size_t i = 0; i < r->count; i++) {
    Str found[4] = {{0}};
    const Route *row = r->list[i];
    if (row->path[1] != '{' && row->path[1] != second) continue; /* most rows, at the cost of a byte */
    if (!fits(str_of(row->path), path, found)) continue;
    *methods |= 1u << row->method;
    if (row->method != m || (best && nearer(str_of(row->path), str_of(best->path)) <= 0)) continue;
    best = row;
    memcpy(params, found, sizeof found);
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
  for (size_t i = 0; tables[i]; i++)
    for (const Route *row = tables[i]; row->path; row++) {
      TRY(check_row(cx, r, row));
      r->list[r->count++] = row;
    }
  *out = r;
  return OK;
}
