/* SPDX-License-Identifier: Apache-2.0 */
/* lists.c: what waits, what failed, what was pushed and compared, as pages and the carrier read them. */
#include "exchange/exchange_int.h"

static const Sql sql_waiting = {"exchange.waiting", "si", "iiis",
                                "SELECT project, waiting, sent, stream FROM exchange_part WHERE target = ?1 AND waiting > 0 ORDER BY project LIMIT ?2"};
static const Sql sql_sent = {"exchange.sent", "si", "iiis", "SELECT project, waiting, sent, stream FROM exchange_part WHERE target = ?1 AND sent > 0 ORDER BY project LIMIT ?2"};

Code parts_waiting(Cx *cx, Reader *rd, Str target, bool sent, size_t max, PartRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  PartRow *list = arena_array(cx->mem, PartRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), sent ? &sql_sent : &sql_waiting, VALS(val_s(target), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r)) list[(*n)++] = (PartRow){.project = row_i(r, 0), .waiting = row_i(r, 1), .sent = row_i(r, 2), .stream = row_s(cx, r, 3)};
  return rows_end(cx, r);
}

#define MATCH " WHERE (?1 = '' OR r.target = ?1) AND (?2 = '' OR r.status = ?2) AND (?3 = '' OR r.tbl = ?3) AND (?4 = 0 OR r.project = ?4)"
#define LINE "SELECT r.project, r.at, r.valid, r.no, r.stream, r.lsh, r.target, r.tbl, r.key, r.status, r.fault, coalesce(p.number, ''), coalesce(p.name, '')" \
             " FROM exchange_row r LEFT JOIN project p ON p.no = r.project"
#define LINE_OUT "iiiisssssssss"
static const Sql sql_rows = {"exchange.rows", "sssiii", LINE_OUT, LINE MATCH " ORDER BY r.at DESC, r.stream, r.lsh LIMIT ?5 OFFSET ?6"};
static const Sql sql_rows_count = {"exchange.rows-count", "sssi", "i", "SELECT count(*) FROM exchange_row r" MATCH};
static const Sql sql_day = {"exchange.day", "sissi", "sss",
                           "SELECT stream, lsh, digest FROM exchange_row WHERE target = ?1 AND day = ?2 AND tbl = ?3 AND lsh > ?4 AND given = 1 ORDER BY lsh LIMIT ?5"};
static const Sql sql_digest = {"exchange.digest", "si", "sss", "SELECT tbl, lsh, digest FROM exchange_row WHERE target = ?1 AND day = ?2 AND given = 1 ORDER BY tbl, lsh"};
static const Sql sql_next = {"exchange.next", "si", "i", "SELECT min(day) FROM exchange_row WHERE target = ?1 AND day > ?2 AND given = 1"};

static void line_read(Cx *cx, const Rows *r, RowLine *x) {
  *x = (RowLine){.project = row_i(r, 0), .at = row_i(r, 1), .valid = row_i(r, 2) != 0, .no = (int)row_i(r, 3)};
  Str *const texts[] = {&x->stream, &x->lsh, &x->target, &x->table, &x->key, &x->status, &x->fault, &x->number, &x->project_name};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 4);
}

Code rows_list(Cx *cx, Reader *rd, const RowFilter *f, RowLine **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  RowLine *list = arena_array(cx->mem, RowLine, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_rows_count, VALS(val_s(f->target), val_s(f->status), val_s(f->table), val_i(f->project)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_rows, VALS(val_s(f->target), val_s(f->status), val_s(f->table), val_i(f->project), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) line_read(cx, r, &list[(*n)++]);
  return rows_end(cx, r);
}

/* ---- reconciliation ---------------------------------------------------------------------------------------------- */

Code digests_of(Cx *cx, Reader *rd, Str target, Day day, DayDigest **out, size_t *n) {
  enum { TABLES_MAX = 100, LINE_MAX = 1 << 16 };
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(arena_close_p) Arena *line = arena_open(LINE_MAX);
  DayDigest *list = arena_array(cx->mem, DayDigest, TABLES_MAX + 1);
  Hasher *h = NULL;
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_digest, VALS(val_s(target), val_i(day.n)), &r));
  while (rows_next(r)) { /* of a first day there may be millions */
    Cx own = {.mem = line, .now = cx->now};
    Str table = row_s(&own, r, 0), text = arena_fmt(line, "%.*s %.*s\n", SFMT(row_s(&own, r, 1)), SFMT(row_s(&own, r, 2)));
    if (!*n || !str_eq(list[*n - 1].table, table)) {
      REQUIRE(*n < TABLES_MAX);
      if (h) list[*n - 1].digest = hash_hex(cx->mem, hasher_close(h));
      h = hasher_open(SUITE_GM);
      list[(*n)++] = (DayDigest){.table = arena_str(cx->mem, table)};
    }
    hasher_add(h, text.ptr, text.len);
    list[*n - 1].rows++;
    arena_reset(line);
  }
  if (h) list[*n - 1].digest = hash_hex(cx->mem, hasher_close(h));
  return rows_end(cx, r);
}

Code lsh_of(Cx *cx, Reader *rd, Str target, Day day, Str table, Str after, size_t max, RowLine **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  RowLine *list = arena_array(cx->mem, RowLine, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_day, VALS(val_s(target), val_i(day.n), val_s(table), val_s(after), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r)) list[(*n)++] = (RowLine){.stream = row_s(cx, r, 0), .lsh = row_s(cx, r, 1), .table = table, .digest = row_s(cx, r, 2)};
  return rows_end(cx, r);
}

Code day_after(Cx *cx, Reader *rd, Str target, Day after, Day *out) {
  int64_t n = 0;
  TRY(db_int(cx, reader_views(rd), &sql_next, VALS(val_s(target), val_i(after.n)), 0, &n));
  out->n = (int32_t)n;
  return OK;
}

static const Sql sql_checks = {"exchange.checks", "si", "isiiiii",
                               "SELECT day, tbl, ours, theirs, missing, extra, at FROM exchange_check WHERE target = ?1 ORDER BY day DESC, tbl LIMIT ?2"};

Code compared_list(Cx *cx, Reader *rd, Str target, size_t max, CheckLine **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  CheckLine *list = arena_array(cx->mem, CheckLine, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_checks, VALS(val_s(target), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (CheckLine){.day = {(int32_t)row_i(r, 0)}, .table = row_s(cx, r, 1), .ours = row_i(r, 2), .theirs = row_i(r, 3), .missing = row_i(r, 4), .extra = row_i(r, 5), .at = row_i(r, 6)};
  return rows_end(cx, r);
}

/* ---- connections ---------------------------------------------------------------------------------------------------- */

static const Sql sql_link = {"exchange.link", "s", "isii", "SELECT down, reason, reconciled, asked FROM exchange_link WHERE target = ?1"};
static const Sql sql_sum = {"exchange.sums", "s", "iiiiii", "SELECT waiting, sent, accepted, refused, held, dropped FROM exchange_sum WHERE target = ?1"};
static const Sql sql_oldest = {"exchange.oldest", "s", "i", "SELECT min(at) FROM exchange_row WHERE target = ?1 AND status = 'waiting'"};
static const Sql sql_last = {"exchange.last", "s", "i", "SELECT max(at) FROM exchange_log WHERE target = ?1 AND kind = 'pushed'"};

static Code sums_read(Cx *cx, Reader *rd, LinkRow *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_sum, VALS(val_s(out->target)), &r));
  if (rows_next(r))
    for (int i = 0; i < ROW_STATUS__MAX; i++) out->count[i] = row_i(r, i);
  return rows_end(cx, r);
}

Code link_load(Cx *cx, Reader *rd, Str target, LinkRow *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (LinkRow){.target = target, .reason = S("")};
  TRY(db_rows(cx, reader_views(rd), &sql_link, VALS(val_s(target)), &r));
  if (rows_next(r)) out->down = row_i(r, 0), out->reason = row_s(cx, r, 1), out->reconciled.n = (int32_t)row_i(r, 2), out->asked.n = (int32_t)row_i(r, 3);
  TRY(rows_end(cx, r));
  TRY(sums_read(cx, rd, out));
  if (out->count[ROW_WAITING]) TRY(db_int(cx, reader_views(rd), &sql_oldest, VALS(val_s(target)), 0, &out->oldest));
  return db_int(cx, reader_views(rd), &sql_last, VALS(val_s(target)), 0, &out->last);
}

static const Sql sql_pushes = {"exchange.pushes", "sii", "iiiiiiisss",
                               "SELECT pos, at, project, rows, accepted, refused, ms, target, kind, text FROM exchange_log WHERE (?1 = '' OR target = ?1) ORDER BY pos DESC LIMIT ?2 OFFSET ?3"};
static const Sql sql_pushes_count = {"exchange.pushes-count", "s", "i", "SELECT count(*) FROM exchange_log WHERE (?1 = '' OR target = ?1)"};

Code pushes_list(Cx *cx, Reader *rd, Str target, size_t offset, size_t max, PushLine **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  PushLine *list = arena_array(cx->mem, PushLine, max + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_pushes_count, VALS(val_s(target)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_pushes, VALS(val_s(target), val_i((int64_t)max), val_i((int64_t)offset)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (PushLine){.pos = row_i(r, 0), .at = row_i(r, 1), .project = row_i(r, 2), .rows = row_i(r, 3), .accepted = row_i(r, 4), .refused = row_i(r, 5), .ms = row_i(r, 6),
                              .target = row_s(cx, r, 7), .kind = row_s(cx, r, 8), .text = row_s(cx, r, 9)};
  return rows_end(cx, r);
}
