/* SPDX-License-Identifier: Apache-2.0 */
/* A message read in any pieces is the same message; a head that we take, llhttp reads in the same way. */
#include "fuzz.h"
#include "web/web_int.h"

typedef struct Seen { int status; bool done, broken; uint64_t hash; size_t bytes; } Seen;

void fuzz_begin(Cx *cx) { (void)cx; }

static void sink(void *arg, Str bytes) {
  Seen *s = arg;
  for (size_t i = 0; i < bytes.len; i++) s->hash = (s->hash ^ (uint8_t)bytes.ptr[i]) * UINT64_C(1099511628211);
  s->bytes += bytes.len;
}

static void body(Cx *cx, HttpBody *b, Str rest, uint32_t *seed, Seen *s) {
  (void)cx;
  while (rest.len && !http_done(b)) {
    size_t n = seed ? fuzz_piece(seed, rest.len) : rest.len, used = 0;
    if (!http_feed(b, str_sub(rest, 0, n), sink, s, &used)) {
      s->broken = true;
      return;
    }
    MUST(used <= n);
    if (used < n) MUST(http_done(b));
    rest = str_sub(rest, used, rest.len - used);
  }
  s->done = http_done(b);
}

static Seen message(Cx *cx, Str bytes, uint32_t *seed) {
  Seen s = {.hash = UINT64_C(14695981039346656037)};
  HeadScan scan = {0};
  size_t at = 0;
  ScanEnd end = SCAN_MORE;
  while (end == SCAN_MORE && at < bytes.len) {
    size_t n = seed ? fuzz_piece(seed, bytes.len - at) : bytes.len - at, used = 0;
    end = head_scan(&scan, str_sub(bytes, at, n), &used);
    MUST(used <= n);
    at += used;
  }
  if (end != SCAN_DONE) return s.status = -(int)end, s;
  Head *head = arena_new(cx->mem, Head);
  const char *why = NULL;
  Str raw = str_sub(bytes, 0, at);
  s.status = head_parse(cx->mem, raw, head, &why);
  if (s.status) return s;
  MUST(!str_has(head->path, S("..")) || !str_has(head->path, S("/../")));
  HttpBody *b = arena_alloc(cx->mem, 1, http_size(), 16);
  if (!http_begin(b, raw, head)) return s.status = 400, s;
  body(cx, b, str_sub(bytes, at, bytes.len - at), seed, &s);
  if (s.done && head->length >= 0) MUST(s.bytes == (size_t)head->length);
  return s;
}

void fuzz_one(Cx *cx, Str bytes) {
  uint32_t seed = bytes.len ? (uint8_t)bytes.ptr[bytes.len - 1] : 0;
  Seen whole = message(cx, bytes, NULL), pieces = message(cx, bytes, &seed);
  MUST(whole.status == pieces.status);
  MUST(whole.done == pieces.done && whole.broken == pieces.broken);
  if (whole.done) MUST(whole.hash == pieces.hash && whole.bytes == pieces.bytes);
}
