/* SPDX-License-Identifier: Apache-2.0 */
/* look.c: a store at a glance, beside whoever writes it; and a backup, without making a store of it. */
#include "journal/lines.h"

#include <sys/stat.h>

enum { EVENT_ROOM = EVENT_MAX + (16 << 20) };

static Code one_look(Cx *cx, const Rows *r, HashSuite suite, int64_t pos, StoreLook *out) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)4 * EVENT_ROOM);
  Cx own = {.mem = mem};
  Event e;
  if (event__row(&own, r, &e) != OK) out->fault = arena_fmt(cx->mem, "日志第 %lld 条读不了：%.*s", (long long)pos, SFMT(own.detail));
  else if (e.pos != pos) out->fault = arena_fmt(cx->mem, "日志缺第 %lld 条", (long long)pos);
  else if (!hash_eq(event__leaf(mem, suite, &e), e.leaf))
    out->fault = arena_fmt(cx->mem, "日志第 %lld 条（%.*s，%.*s）的散列对不上", (long long)pos, SFMT(e.stream), SFMT(time_cn(mem, e.recorded)));
  else out->last_recorded = e.recorded;
  out->looked++;
  return OK;
}

static Code last_look(Cx *cx, Db *journal, HashSuite suite, int64_t last, StoreLook *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t pos = out->events > last ? out->events - last : 0;
  TRY(db_rows(cx, journal, &sql__all_events, VALS(val_i(pos), val_i(last)), &r));
  while (!out->fault.len && pos < out->events && rows_next(r)) TRY(one_look(cx, r, suite, ++pos, out));
  if (!out->fault.len && pos < out->events) out->fault = arena_fmt(cx->mem, "日志缺第 %lld 条", (long long)pos + 1);
  return OK;
}

Code store_look(Cx *cx, Str dir, int64_t last, StoreLook *out) {
  SCOPED(db__close_p) Db *journal = NULL, *views = NULL;
  struct stat st;
  HashSuite suite;
  Str head;
  *out = (StoreLook){0};
  TRY(store_exists(cx, dir));
  TRY(db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_READ, &journal));
  TRY(store__suite(cx, journal, &suite));
  TRY(journal__last(cx, journal, &out->events, &head));
  TRY(last_look(cx, journal, suite, last, out));
  if (!store_shared(dir) && stat(store__path(cx->mem, dir, "journal.db-wal").ptr, &st) == 0) out->log_bytes = (int64_t)st.st_size;
  if (!store_shared(dir) && !file_exists(store__path(cx->mem, dir, "views.db"))) return OK;
  if (boot__torn(cx, dir)) return OK; /* the next start makes them */
  TRY(db__open(cx, store__path(cx->mem, dir, "views.db"), DB_READ, &views));
  return views__position(cx, views, &out->views);
}
