/* SPDX-License-Identifier: Apache-2.0 */
/*
 * append.c: the events of a batch on their way into the journal. A leaf needs the one before it only within its stream, so the
 * leaves of a batch are computed side by side: one after the other SM3 takes 29 000 instructions for each, a sixth of an act.
 */
#include "journal/journal_int.h"

#include <stdlib.h>

enum { FIRST = 64, TOGETHER = 16 << 20, TEXTS_MAX = TOGETHER + 2 * EVENT_MAX };

typedef struct Appended {
  Event e;
  Str body;
  StreamState *s;
  size_t before;  /* number of the event before it in its stream, when that one waits too; else 0 */
  size_t from;    /* where its text begins */
} Appended;

void append__add(Writer *w, StreamState *s, const Event *e, Str body) {
  if (w->appended_count == w->appended_cap) {
    w->appended_cap = w->appended_cap ? w->appended_cap * 2 : FIRST;
    w->appended = realloc(w->appended, w->appended_cap * sizeof *w->appended);
    REQUIRE(w->appended != NULL);
  }
  Appended *a = &w->appended[w->appended_count++];
  *a = (Appended){.e = *e, .body = body, .s = s, .before = s->waits};
  if (!s->waits) a->e.prev = s->head;
  s->waits = w->appended_count;
}

/* Those of a stream go one after the other, in rounds; in each round all streams side by side. */
static void leaves_round(Arena *mem, Writer *w, Buf *texts, Appended **list, size_t n) {
  Str *each = arena_array(mem, Str, n);
  Hash *out = arena_array(mem, Hash, n);
  buf_clear(texts);
  for (size_t i = 0; i < n; i++) {
    list[i]->from = texts->len;
    (void)event__leaf_text(texts, &list[i]->e, list[i]->body);
  }
  for (size_t i = 0; i < n; i++) {
    size_t end = i + 1 < n ? list[i + 1]->from : texts->len;
    each[i] = (Str){.ptr = texts->ptr + list[i]->from, .len = end - list[i]->from};
  }
  hash_many(w->suite, each, n, out);
  for (size_t i = 0; i < n; i++) list[i]->e.leaf = out[i];
}

static bool is_next(const Writer *w, const Appended *a, const bool *done) {
  return !done[a - w->appended] && (!a->before || done[a->before - 1]);
}

static void leaves_all(Arena *mem, Writer *w) {
  SCOPED(buf_drop) Buf texts;
  bool *done = arena_array(mem, bool, w->appended_count);
  Appended **list = arena_array(mem, Appended *, w->appended_count);
  buf_init(&texts, TEXTS_MAX);
  for (size_t left = w->appended_count, n; left; left -= n) {
    n = 0;
    for (size_t i = 0, bytes = 0; i < w->appended_count && bytes < TOGETHER; i++) {
      Appended *a = &w->appended[i];
      if (!is_next(w, a, done)) continue;
      bytes += a->body.len;
      if (a->before) a->e.prev = w->appended[a->before - 1].e.leaf;
      list[n++] = a;
    }
    for (size_t i = 0; i < n; i++) done[list[i] - w->appended] = true;
    leaves_round(mem, w, &texts, list, n);
  }
}

Code append__all(Cx *cx, Writer *w) {
  if (w->appended_count == 1) w->appended->e.leaf = leafer__leaf(&w->leafer, &w->appended->e, w->appended->body);
  else if (w->appended_count) leaves_all(cx->mem, w);
  for (size_t i = 0; i < w->appended_count; i++) {
    Appended *a = &w->appended[i];
    TRY(event__insert_text(cx, w->journal, &a->e, a->body));
    a->s->head = a->e.leaf;
    a->s->waits = 0;
  }
  w->appended_count = 0;
  return OK;
}

void append__forget(Writer *w) {
  for (size_t i = 0; i < w->appended_count; i++) w->appended[i].s->waits = 0;
  w->appended_count = 0;
}
