/* SPDX-License-Identifier: Apache-2.0 */
/* compare.c: reconciliation 对账 with a receiver, day by day: digests of tables, and row by row where they differ. */
#include "main/carrier_int.h"

enum { KEYS = 2000 };

static const Json *theirs_of(const Json *answer, Str table) {
  const Json *list = json_get(answer, S("tables"));
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("table")), table)) return x;
  return NULL;
}

static const Json *row_among(const Json *list, Str lsh) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("LSH")), lsh)) return x;
  return NULL;
}

static Code resend(Cx *cx, Way *w, const RowLine *row) {
  Json *args = json_obj(cx->mem);
  json_push_str(cx->mem, json_put_arr(cx->mem, args, S("lsh")), row->lsh);
  return carrier__send(cx, w, "exchange.requeue", row->stream, args);
}

typedef struct Compare { /* of one table of a day, page by page in the order of serial numbers */
  Str day, table;          /* borrowed */
  Day on;
  char after[40];          /* compared up to here; empty: not begun, "~": over */
  int64_t missing, extra;
  bool ok;
} Compare;

/* What they lack goes out again; what only they have, or have otherwise, is counted. */
static Code page_compare(Cx *cx, Way *w, Compare *c) {
  Json *body = json_obj(cx->mem), *answer = NULL;
  RowLine *ours = NULL;
  size_t n = 0, same = 0, theirs = 0;
  Str why = S(""), upto = S("~");
  int status = 0;
  json_put_str(cx->mem, body, S("day"), c->day);
  json_put_str(cx->mem, body, S("table"), arena_fmt(cx->mem, "SPGL_%.*s", SFMT(c->table)));
  json_put_str(cx->mem, body, S("after"), str_of(c->after));
  json_put_int(cx->mem, body, S("max"), KEYS);
  TRY(lsh_of(cx, w->rd, w->to->code, c->on, c->table, str_of(c->after), KEYS, &ours, &n));
  c->ok = carrier__ask(cx, w, "keys", body, &answer, &status, &why);
  if (!c->ok) return carrier__trouble(cx, w, why);
  const Json *rows = json_get(answer, S("rows"));
  if (rows && rows->count >= KEYS) upto = json_str(rows->last, S("LSH"));
  if (n == KEYS && str_cmp(ours[n - 1].lsh, upto) < 0) upto = ours[n - 1].lsh;
  for (const Json *x = rows ? rows->first : NULL; x; x = x->next) theirs += str_cmp(json_str(x, S("LSH")), upto) <= 0;
  for (size_t i = 0; i < n && str_cmp(ours[i].lsh, upto) <= 0; i++) {
    const Json *x = row_among(rows, ours[i].lsh);
    if (x) {
      same += str_eq(json_str(x, S("digest")), ours[i].digest);
      continue;
    }
    c->missing++;
    TRY(resend(cx, w, &ours[i]));
  }
  c->extra += (int64_t)(theirs - same);
  if (str_cmp(upto, str_of(c->after)) <= 0 || upto.len >= sizeof c->after) upto = S("~"); /* they do not go on */
  memset(c->after, 0, sizeof c->after);
  memcpy(c->after, upto.ptr, upto.len);
  return OK;
}

static Code differences(Cx *cx, Way *w, Day day, Str table, Json *line, int64_t *resent, bool *ok) {
  Compare c = {.day = day_str(cx->mem, day), .table = table, .on = day};
  do {
    Cx own = {.mem = w->mem, .now = cx->now};
    Code code = cx_pass(cx, &own, page_compare(&own, w, &c));
    arena_reset(w->mem);
    TRY(code);
  } while (c.ok && c.after[0] != '~' && !carrier__stopping(w));
  *ok = c.ok && c.after[0] == '~';
  *resent += c.missing;
  json_put_int(cx->mem, line, S("missing"), c.missing);
  json_put_int(cx->mem, line, S("extra"), c.extra);
  return OK;
}

static Json *line_of(Cx *cx, Json *tables, Str table, int64_t ours, int64_t theirs) {
  Json *line = json_push_obj(cx->mem, tables);
  json_put_str(cx->mem, line, S("table"), table);
  json_put_int(cx->mem, line, S("ours"), ours);
  json_put_int(cx->mem, line, S("theirs"), theirs);
  json_put_int(cx->mem, line, S("missing"), 0);
  json_put_int(cx->mem, line, S("extra"), 0);
  return line;
}

static Code reconcile(Cx *cx, Way *w, Day day) {
  Json *body = json_obj(cx->mem), *answer = NULL, *args = json_obj(cx->mem), *tables = json_put_arr(cx->mem, args, S("tables"));
  DayDigest *ours = NULL;
  size_t n = 0;
  Str why = S("");
  int status = 0;
  int64_t resent = 0;
  bool ok = true;
  json_put_str(cx->mem, body, S("day"), day_str(cx->mem, day));
  if (!carrier__ask(cx, w, "digest", body, &answer, &status, &why)) return carrier__trouble(cx, w, why);
  TRY(digests_of(cx, w->rd, w->to->code, day, &ours, &n));
  for (size_t i = 0; i < n && ok; i++) {
    const Json *x = theirs_of(answer, arena_fmt(cx->mem, "SPGL_%.*s", SFMT(ours[i].table)));
    Json *line = line_of(cx, tables, ours[i].table, ours[i].rows, json_int(x, S("rows"), 0));
    if (!str_eq(json_str(x, S("digest")), ours[i].digest)) TRY(differences(cx, w, day, ours[i].table, line, &resent, &ok));
  }
  const Json *list = json_get(answer, S("tables"));
  for (const Json *x = list ? list->first : NULL; x && ok; x = x->next) { /* tables that only they have */
    Str table = str_sub(json_str(x, S("table")), 5, SIZE_MAX);
    bool mine = !json_int(x, S("rows"), 0);
    for (size_t i = 0; i < n; i++) mine |= str_eq(ours[i].table, table);
    if (!mine) TRY(differences(cx, w, day, table, line_of(cx, tables, table, 0, json_int(x, S("rows"), 0)), &resent, &ok));
  }
  if (!ok) return OK; /* said already; another time */
  json_put_str(cx->mem, args, S("target"), w->to->code);
  json_put_str(cx->mem, args, S("day"), day_str(cx->mem, day));
  json_put_int(cx->mem, args, S("resent"), resent);
  TRY(carrier__send(cx, w, "link.reconciled", S(""), args));
  return carrier__well(cx, w);
}

/* The days that are over, one in each round; one that somebody asked for, first. */
Code carrier__compare(Cx *cx, Way *w) {
  LinkRow l;
  Day next = {0};
  TRY(link_load(cx, w->rd, w->to->code, &l));
  if (l.asked.n) return reconcile(cx, w, l.asked);
  TRY(day_after(cx, w->rd, w->to->code, l.reconciled, &next));
  return next.n && next.n < day_of(cx->now).n ? reconcile(cx, w, next) : OK;
}
