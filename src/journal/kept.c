/* SPDX-License-Identifier: Apache-2.0 */
/* kept.c: answers that a writing connection remembers: which calendar and which package hold is asked with every act. */
#include "journal/db_int.h"

static Kept *slot_of(Db *db, const Sql *q, uint64_t arg) {
  uint64_t h = ((uintptr_t)q >> 4) * 31 + arg;
  return &db->kept[h % DB_KEPT];
}

static Code ask(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, Kept *out, Str *text) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, q, vals, n, &r));
  *text = S("");
  out->there = rows_next(r) && db__rows_text(r, 0, text);
  if (out->there && q->out[0] == 'i') out->num = row_i(r, 0);
  *text = arena_str(cx->mem, *text);
  return rows_end(cx, r);
}

/* One column; at most one parameter, an integer. */
static Code kept(Cx *cx, Db *db, const Sql *q, int64_t arg, Kept *out, Str *text) {
  Kept *k = slot_of(db, q, (uint64_t)arg);
  bool has = *q->in != '\0';
  REQUIRE(strlen(q->in) <= 1 && strlen(q->out) == 1);
  if (k->sql == q && k->arg == arg) {
    *out = *k;
    *text = arena_str(cx->mem, (Str){.ptr = k->text, .len = k->len});
    return OK;
  }
  *out = (Kept){.sql = q, .arg = arg};
  TRY(ask(cx, db, q, &(Val){.kind = 'i', .i = arg}, has, out, text));
  if (!db->keeps || text->len > sizeof out->text) return OK;
  out->len = text->len;
  if (text->len) memcpy(out->text, text->ptr, text->len);
  *k = *out;
  return OK;
}

Code db_int_kept(Cx *cx, Db *db, const Sql *q, int64_t arg, int64_t dflt, int64_t *out) {
  Kept k;
  Str text;
  TRY(kept(cx, db, q, arg, &k, &text));
  *out = k.there ? k.num : dflt;
  return OK;
}

Code db_str_kept(Cx *cx, Db *db, const Sql *q, int64_t arg, Str *out) {
  Kept k;
  return kept(cx, db, q, arg, &k, out);
}

bool db_first(Db *db, const Sql *q, Str text) {
  Kept *k = slot_of(db, q, str_hash(text));
  if (k->sql == q && str_eq((Str){.ptr = k->text, .len = k->len}, text)) return false;
  if (!db->keeps || text.len > sizeof k->text) return true;
  *k = (Kept){.sql = q, .arg = -1, .len = text.len};
  if (text.len) memcpy(k->text, text.ptr, text.len);
  return true;
}

void db_forget(Db *db) {
  for (size_t i = 0; i < DB_KEPT; i++) db->kept[i].sql = NULL;
}
