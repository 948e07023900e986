/* SPDX-License-Identifier: Apache-2.0 */
/* look.c: a store at a glance, beside whoever writes it; and a backup, without making a store of it. */
#include "journal/lines.h"

#include <sys/stat.h>

/* What was read waits in `leaves` and is hashed side by side; the first that differs is the fault, if it stands before one that was found by reading. */
static void settle(Cx *cx, Leaves *leaves, StoreLook *out) {
  Str body;
  const Leaf *l = leaves__settle(leaves, &body);
  if (l) out->fault = arena_fmt(cx->mem, "日志第 %lld 条（%.*s，%.*s）的散列对不上", (long long)l->pos, SFMT(l->stream), SFMT(time_cn(cx->mem, l->recorded)));
}

static void one_look(Cx *cx, const Rows *r, Leaves *leaves, int64_t pos, StoreLook *out) {
  Event e;
  Str body;
  event__row_borrow(r, &e, &body);
  if (e.pos != pos || leaves__full(leaves)) settle(cx, leaves, out);
  if (out->fault.len) return;
  if (e.pos != pos) {
    out->fault = arena_fmt(cx->mem, "日志缺第 %lld 条", (long long)pos);
    return;
  }
  leaves__add(leaves, &(Leaf){.stream = arena_str(cx->mem, e.stream), .pos = pos, .recorded = e.recorded}, &e, body);
  out->last_recorded = e.recorded;
  out->looked++;
}

static Code last_look(Cx *cx, Db *journal, HashSuite suite, int64_t last, StoreLook *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(leaves__close) Leaves leaves;
  int64_t pos = out->events > last ? out->events - last : 0;
  leaves__open(&leaves, suite);
  TRY(db_rows(cx, journal, &sql__all_events, VALS(val_i(pos), val_i(last)), &r));
  while (!out->fault.len && pos < out->events && rows_next(r)) one_look(cx, r, &leaves, ++pos, out);
  if (!out->fault.len) settle(cx, &leaves, out);
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
