/* SPDX-License-Identifier: Apache-2.0 */
/* directive_ties.c: what makes an order, and what ends the matter that it is about; both happen in other rooms. */
#include "supervision/supervision_int.h"

/* ---- what makes one -------------------------------------------------------------------------------------------- */

static Code aim_found(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  const Json *found = json_get(e->body, S("found"));
  (void)views;
  for (const Json *x = found ? found->first : NULL; x && *n < FOLLOW_MAX; x = x->next) {
    Json *args = json_obj(cx->mem);
    json_put(cx->mem, args, S("found"), x);
    out[(*n)++] = (Follow){.stream = S(""), .args = args};
  }
  return OK;
}

/* What nobody answered in time becomes an order to the unit that has to answer. */
static Code aim_feedback(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Arena *m = cx->mem;
  const Json *b = e->body;
  Json *args = json_obj(m), *found = json_put_obj(m, args, S("found"));
  (void)views;
  json_put_str(m, found, S("clock"), arena_fmt(m, "feedback/%lld/%.*s", (long long)json_int(b, S("no"), 0), SFMT(json_str(b, S("due")))));
  json_put_str(m, found, S("kind"), S("feedback"));
  json_put_int(m, found, S("of"), json_int(b, S("no"), 0));
  json_put_str(m, found, S("unit"), json_str(b, S("owner")));
  json_put_str(m, found, S("number"), json_str(b, S("number")));
  json_put_str(m, found, S("name"), json_str(b, S("subject")));
  json_put_str(m, found, S("due"), json_str(b, S("due")));
  json_put_int(m, found, S("limit"), json_int(b, S("days"), 0));
  json_put_int(m, found, S("used"), json_int(b, S("days"), 0) + 1);
  out[(*n)++] = (Follow){.stream = S(""), .args = args};
  return OK;
}

/* Each county that has not reported by the day after; its report has its stream's name in `item`. */
static Code aim_missed(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Arena *m = cx->mem;
  const Json *b = e->body, *units = json_get(b, S("units"));
  Str ledger = json_str(b, S("ledger")), month = json_str(b, S("month"));
  (void)views;
  for (const Json *u = units ? units->first : NULL; u && *n < FOLLOW_MAX; u = u->next) {
    Json *args = json_obj(m), *found = json_put_obj(m, args, S("found"));
    json_put_str(m, found, S("clock"), arena_fmt(m, "ledger/%.*s/%.*s/%.*s", SFMT(ledger), SFMT(u->str), SFMT(month)));
    json_put_str(m, found, S("kind"), S("ledger"));
    json_put_str(m, found, S("item"), arena_fmt(m, "%.*s.%.*s.%.*s", SFMT(ledger), SFMT(u->str), SFMT(month)));
    json_put_str(m, found, S("unit"), u->str);
    json_put_str(m, found, S("number"), json_str(b, S("month_cn")));
    json_put_str(m, found, S("name"), json_str(b, S("name")));
    json_put_str(m, found, S("due"), json_str(b, S("due")));
    out[(*n)++] = (Follow){.stream = S(""), .args = args};
  }
  return OK;
}

/* ---- is the matter over? ---------------------------------------------------------------------------------------- */

/* An item that is under way; a table of the room approval. */
static const Sql sql_item = {"directive.item", "iis", "i", "SELECT count(*) FROM item WHERE project = ?1 AND stage = ?2 AND code = ?3 AND open = 1"};

/* A table of the room evaluation; only asked about an order that its event made. */
static const Sql sql_feedback = {"directive.feedback", "i", "i", "SELECT count(*) FROM feedback WHERE no = ?1 AND open > 0"};

/* And of the room ledger: the report that the order asks for. */
static const Sql sql_report = {"directive.report", "s", "i", "SELECT count(*) FROM monthly WHERE name = ?1 AND first_reported > 0"};

static Code counted(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t n, bool *some) {
  int64_t rows = 0;
  TRY(db_int(cx, views, q, vals, n, 0, &rows));
  *some = rows > 0;
  return OK;
}

Code directive__late(Cx *cx, Db *views, const Policies *ps, const Policy *p, const Directive *x, Day today, bool ended, Json *out) {
  bool manual = str_eqz(x->kind, "manual"), late = manual, reported = false;
  if (str_eqz(x->kind, "feedback")) TRY(counted(cx, views, &sql_feedback, VALS(val_i(x->of)), &late));
  else if (str_eqz(x->kind, "ledger")) {
    TRY(counted(cx, views, &sql_report, VALS(val_s(x->item)), &reported));
    late = !reported;
  } else if (!manual) TRY(reds__has(cx, views, ps, p, today, x, &late));
  else if (ended && x->item.len) TRY(counted(cx, views, &sql_item, VALS(val_i(x->of), val_i(x->stage), val_s(x->item)), &late));
  json_put_bool(cx->mem, out, S("late"), late);
  return OK;
}

/* ---- who asks --------------------------------------------------------------------------------------------------- */

static Code aim_rows(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t count, Follow out[FOLLOW_MAX], size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, vals, count, &r));
  while (*n < FOLLOW_MAX && rows_next(r)) out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "directive/%lld", (long long)row_i(r, 0))};
  return rows_end(cx, r);
}

#define OPEN "SELECT no FROM directive WHERE of_no = ?1 AND open = 1 AND settled = 0"
static Code aim_of(Cx *cx, Db *views, Str kind, int64_t no, Follow out[FOLLOW_MAX], size_t *n) {
  static const Sql q = {"directive.settle-of", "is", "i", OPEN " AND kind = ?2 ORDER BY no"};
  return aim_rows(cx, views, &q, VALS(val_i(no), val_s(kind)), out, n);
}

/* An item or a stage of a case, or the case whole: what stands in the body of the event. */
static Code aim_case(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const Sql q = {"directive.settle-case", "iis", "i",
                        OPEN " AND kind NOT IN ('consult', 'opinion', 'feedback', 'ledger') AND stage > 0 AND (?2 = 0 OR stage = ?2) AND (?3 = '' OR item = ?3) ORDER BY no"};
  int64_t no = 0;
  Str prefix, name;
  if (!str_cut(e->stream, '/', &prefix, &name) || !str_to_i64(name, &no)) return OK;
  return aim_rows(cx, views, &q, VALS(val_i(no), val_i(json_int(e->body, S("stage"), 0)), val_s(json_str(e->body, S("item")))), out, n);
}

static Code aim_asked(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Str kind, name;
  int64_t no = 0;
  return str_cut(e->stream, '/', &kind, &name) && str_to_i64(name, &no) ? aim_of(cx, views, kind, no, out, n) : OK;
}

static Code aim_reported(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const Sql q = {"directive.settle-report", "s", "i", "SELECT no FROM directive WHERE of_no = 0 AND kind = 'ledger' AND item = ?1 AND open = 1 AND settled = 0"};
  Str prefix, name;
  return str_cut(e->stream, '/', &prefix, &name) ? aim_rows(cx, views, &q, VALS(val_s(name)), out, n) : OK;
}

#define ENDS(kind, whose) {.event = kind, .command = "directive.settle", .aim = whose}
const Reaction directive__reactions[DIRECTIVE_REACTIONS] = {
    {.event = "feedback.overdue", .command = "directive.issue", .aim = aim_feedback}, {.event = "ledger.missed", .command = "directive.issue", .aim = aim_missed},
    {.event = "watch.found", .command = "directive.issue", .aim = aim_found},
    ENDS("item.decided", aim_case), ENDS("item.settled", aim_case), ENDS("item.withdrawn", aim_case), ENDS("stage.accepted", aim_case), ENDS("stage.certified", aim_case),
    ENDS("stage.delivered", aim_case), ENDS("stage.refused", aim_case), ENDS("stage.withdrawn", aim_case), ENDS("project.withdrawn", aim_case),
    ENDS("consult.replied", aim_asked), ENDS("consult.withdrawn", aim_asked), ENDS("feedback.answered", aim_asked), ENDS("feedback.withdrawn", aim_asked),
    ENDS("monthly.reported", aim_reported)};
