/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_int.h"

const Asset *asset_find(Str name) {
  for (const Asset *a = asset_table; a->name; a++)
    if (str_eqz(name, a->name)) return a;
  return NULL;
}

/* "s.css" with hash 1f2e becomes "s.1f2e.css". */
static void split_name(const Asset *a, Str *stem, Str *end) {
  Str name = str_of(a->name);
  size_t dot = name.len;
  while (dot > 0 && name.ptr[dot - 1] != '.') dot--;
  *stem = str_sub(name, 0, dot ? dot - 1 : name.len);
  *end = str_sub(name, dot ? dot - 1 : name.len, name.len);
}

static void write_file_name(Buf *b, const Asset *a) {
  Str stem, end;
  split_name(a, &stem, &end);
  buf_add(b, stem);
  buf_char(b, '.');
  buf_add(b, str_of(a->hash));
  buf_add(b, end);
}

const Asset *asset_served(Str file) {
  for (const Asset *a = asset_table; a->name; a++) {
    SCOPED(buf_drop) Buf b = {0};
    buf_init(&b, 300);
    write_file_name(&b, a);
    if (a->type[0] && str_eq(buf_str(&b), file)) return a;
  }
  return NULL;
}

Str asset_url(Arena *mem, const Asset *a) {
  Str stem, end;
  split_name(a, &stem, &end);
  return arena_fmt(mem, "/a/%.*s.%s%.*s", SFMT(stem), a->hash, SFMT(end));
}

void html_asset(Html *h, Str name) {
  const Asset *a = asset_find(name);
  REQUIRE(a != NULL);
  buf_add(&h->out, S("/a/"));
  write_file_name(&h->out, a);
}
