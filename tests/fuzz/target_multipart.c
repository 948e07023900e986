/* SPDX-License-Identifier: Apache-2.0 */
/* A form with files, in one piece and in many: the same parts, the same end. */
#include "fuzz.h"
#include "web/web_int.h"

typedef struct Log { uint64_t hash; int open; } Log;

void fuzz_begin(Cx *cx) { (void)cx; }

static void add(Log *l, Str s) {
  for (size_t i = 0; i < s.len; i++) l->hash = (l->hash ^ (uint8_t)s.ptr[i]) * UINT64_C(1099511628211);
}
static Code part_begin(Cx *cx, void *arg, Str name, bool is_file, Str filename) {
  Log *l = arg;
  (void)cx;
  MUST(l->open == 0);
  l->open = 1;
  add(l, name);
  add(l, is_file ? S("|f|") : S("|v|"));
  add(l, filename);
  return OK;
}
static Code part_data(Cx *cx, void *arg, Str bytes) {
  Log *l = arg;
  (void)cx;
  MUST(l->open == 1);
  add(l, bytes);
  return OK;
}
static Code part_end(Cx *cx, void *arg) {
  Log *l = arg;
  (void)cx;
  MUST(l->open == 1);
  l->open = 0;
  add(l, S("|."));
  return OK;
}

static Code read_form(Arena *mem, Str bytes, uint32_t *seed, Log *l) {
  Cx cx = {.mem = mem};
  Multipart *m = multipart_open(mem, S("b-1"), (PartSink){part_begin, part_data, part_end}, l);
  while (bytes.len) {
    size_t n = seed ? fuzz_piece(seed, bytes.len) : bytes.len;
    TRY(multipart_feed(&cx, m, str_sub(bytes, 0, n)));
    bytes = str_sub(bytes, n, bytes.len - n);
  }
  return multipart_end(&cx, m);
}

void fuzz_one(Cx *cx, Str bytes) {
  uint32_t seed = bytes.len ? (uint8_t)bytes.ptr[bytes.len / 2] : 0;
  Log whole = {.hash = 1}, pieces = {.hash = 1};
  Code a = read_form(cx->mem, bytes, NULL, &whole), b = read_form(cx->mem, bytes, &seed, &pieces);
  MUST(a == b);
  if (!a) MUST(whole.hash == pieces.hash && whole.open == 0);
  Str boundary;
  if (multipart_boundary(bytes, &boundary)) MUST(boundary.len > 0 && boundary.len <= 70);
}
