/* SPDX-License-Identifier: Apache-2.0 */
/* credit_lists.c: lists of credit, how an enterprise stands, and what changed. */
#include "joint/joint_int.h"

#define COLUMNS                                                                                                                                                   \
  "c.no, c.at, c.published, c.project, c.promise, c.until, c.objected, c.repair, c.number, c.kind, c.subject_kind, c.subject, c.uscc, c.person, c.registration," \
  " c.fact, c.basis, c.decision, c.condition_name, c.status"
#define KINDS "iiiiiiiissssssssssss"
enum { COLUMN_COUNT = 20 };

static CreditRow row_of(Cx *cx, const Rows *r) {
  CreditRow c = {.no = row_i(r, 0), .at = row_i(r, 1), .published_at = row_i(r, 2), .project = row_i(r, 3), .promise = row_i(r, 4),
                 .until = {(int32_t)row_i(r, 5)}, .objected = row_i(r, 6) > 0, .repair = row_i(r, 7) > 0};
  Str *const texts[] = {&c.number, &c.kind, &c.subject_kind, &c.subject, &c.uscc, &c.person, &c.registration, &c.fact, &c.basis, &c.decision, &c.condition_name,
                        &c.status};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 8);
  return c;
}

/* The uscc of a person's matter is empty, so a list of an enterprise has none of its people's. */
#define WHERE                                                                                                                                \
  " FROM credit c WHERE (?1 = '' OR c.status = ?1) AND ((?2 = '' AND ?5 = '') OR (?2 <> '' AND c.uscc = ?2) OR (?5 <> '' AND c.account = ?5))" \
  " AND (?3 = '' OR c.kind = ?3) AND (?4 = '' OR c.subject_kind = ?4) AND (?6 = '' OR c.source = ?6) AND (?7 = 0 OR c.objected > 0 OR c.repair > 0)"
static const Sql sql_list = {"credit.list", "ssssssiii", KINDS, "SELECT " COLUMNS WHERE " ORDER BY c.no DESC LIMIT ?8 OFFSET ?9"};
static const Sql sql_count = {"credit.count", "ssssssi", "i", "SELECT count(*)" WHERE};

Code credits_list(Cx *cx, Reader *rd, const CreditFilter *f, CreditRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  const Val vals[] = {val_s(f->status), val_s(f->uscc),    val_s(f->kind),           val_s(f->subject_kind),    val_s(f->account),
                      val_s(f->source), val_i(f->waiting), val_i((int64_t)f->limit), val_i((int64_t)f->offset)};
  CreditRow *list = arena_array(cx->mem, CreditRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, vals, COUNT(vals) - 2, 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, vals, COUNT(vals), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_of(cx, r);
  return rows_end(cx, r);
}

Code credit_load(Cx *cx, Reader *rd, int64_t no, const Credit **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "credit", arena_fmt(cx->mem, "%lld", (long long)no), "条信用信息", &state));
  *out = state;
  return OK;
}

Code credit_standing(Cx *cx, Db *views, Str uscc, CreditStanding *out) {
  static const Sql q = {"credit.standing", "s", "sss",
                        "SELECT kind, number, condition_name FROM credit WHERE uscc = ?1 AND status = 'published' AND subject_kind = 'enterprise' ORDER BY no DESC"};
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (CreditStanding){0};
  if (!uscc.len) return OK;
  TRY(db_rows(cx, views, &q, VALS(val_s(uscc)), &r));
  while (rows_next(r)) {
    Str kind = row_s(cx, r, 0);
    bool black = str_eqz(kind, "black");
    if (black && !out->black) {
      out->black_number = row_s(cx, r, 1);
      out->condition = row_s(cx, r, 2);
    }
    out->black += black;
    out->red += str_eqz(kind, "red");
    out->records += str_eqz(kind, "record");
  }
  return rows_end(cx, r);
}

static const Sql sql_changes = {"credit.changes", "i", KINDS "iiss",
                                "SELECT " COLUMNS ", h.seq, h.at, h.change, h.text FROM credit_change h JOIN credit c ON c.no = h.no WHERE h.at >= ?1"
                                " ORDER BY h.at, h.no, h.seq"};

Code credit_changes(Cx *cx, Reader *rd, Day since, CreditSeen *seen, void *arg) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_changes, VALS(val_i(since.n ? day_start(since) : 0)), &r));
  while (rows_next(r)) {
    CreditChange c = {.row = row_of(cx, r), .seq = row_i(r, COLUMN_COUNT), .at = row_i(r, COLUMN_COUNT + 1), .change = row_s(cx, r, COLUMN_COUNT + 2),
                      .text = row_s(cx, r, COLUMN_COUNT + 3)};
    c.no = c.row.no;
    TRY(seen(cx, arg, &c));
  }
  return rows_end(cx, r);
}
