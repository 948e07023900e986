/* SPDX-License-Identifier: Apache-2.0 */
/* outbox_fold.c: a part from its events, and its rows in the tables. */
#include "exchange/exchange_int.h"

static const struct { const char *text, *label; } statuses[ROW_STATUS__MAX] = {
#define X(name, text, label) [name] = {text, label},
    ROW_STATUS_LIST(X)
#undef X
};

Str row_status_text(RowStatus s) {
  return str_of(statuses[s].text);
}

RowStatus row__status(Str text) {
  for (size_t i = 0; i < ROW_STATUS__MAX; i++)
    if (str_eqz(text, statuses[i].text)) return (RowStatus)i;
  return ROW_STATUS__MAX;
}

Str row_status_label(Str text) {
  RowStatus s = row__status(text);
  return s < ROW_STATUS__MAX ? str_of(statuses[s].label) : text;
}

/* ---- the state -------------------------------------------------------------------------------------------------- */

static void fold_prepared(Arena *mem, Part *s, const Event *e) {
  const Json *rows = json_get(e->body, S("rows")), *dropped = json_get(e->body, S("dropped"));
  for (const Json *x = dropped ? dropped->first : NULL; x; x = x->next) {
    Version *v = part__lsh(s, x->str);
    if (v) v->status = ROW_DROPPED;
  }
  for (const Json *x = rows ? rows->first : NULL; x; x = x->next) {
    Version *was = json_str(x, S("voids")).len ? part__lsh(s, json_str(x, S("voids"))) : NULL;
    if (was) was->voided = true;
    Version *v = GROW(mem, s->rows, s->count, s->cap, Version);
    *v = (Version){.table = kit_keep(mem, x, "t"), .key = kit_keep(mem, x, "k"), .lsh = kit_keep(mem, x, "lsh"), .base = kit_keep(mem, x, "base"), .digest = kit_keep(mem, x, "digest"),
                   .fault = kit_keep(mem, x, "fault"), .row = json_clone(mem, json_get(x, S("row"))), .no = (int)json_int(x, S("v"), 1), .at = e->recorded,
                   .status = json_str(x, S("fault")).len ? ROW_HELD : ROW_WAITING, .valid = !json_str(x, S("voids")).len};
  }
}

void *exchange_fold(Arena *mem, void *state, const Event *e) {
  Part *s = state ? state : arena_new(mem, Part);
  s->target = s->target.len ? s->target : kit_keep(mem, e->body, "target");
  s->project = json_int(e->body, S("project"), s->project);
  if (str_eqz(e->kind, "exchange.prepared")) fold_prepared(mem, s, e);
  const Json *rows = json_get(e->body, S("rows")), *lsh = json_get(e->body, S("lsh"));
  for (const Json *x = rows && str_eqz(e->kind, "exchange.reported") ? rows->first : NULL; x; x = x->next) {
    Version *v = part__lsh(s, json_str(x, S("lsh")));
    if (!v) continue;
    v->status = row__status(json_str(x, S("state")));
    v->fault = kit_keep(mem, x, "reason");
  }
  for (const Json *x = lsh && str_eqz(e->kind, "exchange.requeued") ? lsh->first : NULL; x; x = x->next) {
    Version *v = part__lsh(s, x->str);
    if (v) v->status = ROW_WAITING;
  }
  return s;
}

/* ---- tables -------------------------------------------------------------------------------------------------------- */

const char part__schema[] =
    "CREATE TABLE exchange_row(stream TEXT NOT NULL, lsh TEXT NOT NULL, target TEXT NOT NULL, project INTEGER NOT NULL, tbl TEXT NOT NULL, key TEXT NOT NULL,"
    " no INTEGER NOT NULL, valid INTEGER NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, day INTEGER NOT NULL, digest TEXT NOT NULL, fault TEXT NOT NULL,"
    " given INTEGER NOT NULL, PRIMARY KEY(stream, lsh)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX exchange_row_status ON exchange_row(target, status, at);"
    "CREATE INDEX exchange_row_day ON exchange_row(target, day, tbl, lsh);"
    "CREATE TABLE exchange_part(stream TEXT PRIMARY KEY, target TEXT NOT NULL, project INTEGER NOT NULL, waiting INTEGER NOT NULL, sent INTEGER NOT NULL, accepted INTEGER NOT NULL,"
    " refused INTEGER NOT NULL, held INTEGER NOT NULL, dropped INTEGER NOT NULL) STRICT;"
    "CREATE INDEX exchange_part_waiting ON exchange_part(target, project) WHERE waiting > 0;"
    "CREATE INDEX exchange_part_sent ON exchange_part(target, project) WHERE sent > 0;"
    "CREATE TABLE exchange_sum(target TEXT PRIMARY KEY, waiting INTEGER NOT NULL, sent INTEGER NOT NULL, accepted INTEGER NOT NULL, refused INTEGER NOT NULL, held INTEGER NOT NULL,"
    " dropped INTEGER NOT NULL) STRICT;"
    "CREATE TABLE exchange_log(target TEXT NOT NULL, pos INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, project INTEGER NOT NULL, rows INTEGER NOT NULL,"
    " accepted INTEGER NOT NULL, refused INTEGER NOT NULL, ms INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(target, pos)) WITHOUT ROWID, STRICT;";

static const Sql sql_row = {"exchange.row", "sssissiisiissi", "",
                            "INSERT INTO exchange_row(stream, lsh, target, project, tbl, key, no, valid, status, at, day, digest, fault, given)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)"
                            " ON CONFLICT(stream, lsh) DO UPDATE SET status = excluded.status, fault = excluded.fault, valid = excluded.valid, given = excluded.given"};
static const Sql sql_part_was = {"exchange.part-was", "s", "iiiiii", "SELECT waiting, sent, accepted, refused, held, dropped FROM exchange_part WHERE stream = ?1"};
static const Sql sql_part = {"exchange.part", "ssiiiiiii", "",
                             "INSERT INTO exchange_part(stream, target, project, waiting, sent, accepted, refused, held, dropped) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"
                             " ON CONFLICT(stream) DO UPDATE SET waiting = excluded.waiting, sent = excluded.sent, accepted = excluded.accepted, refused = excluded.refused,"
                             " held = excluded.held, dropped = excluded.dropped"};
static const Sql sql_sum = {"exchange.sum", "siiiiii", "",
                            "INSERT INTO exchange_sum(target, waiting, sent, accepted, refused, held, dropped) VALUES(?1,?2,?3,?4,?5,?6,?7)"
                            " ON CONFLICT(target) DO UPDATE SET waiting = exchange_sum.waiting + excluded.waiting, sent = exchange_sum.sent + excluded.sent,"
                            " accepted = exchange_sum.accepted + excluded.accepted, refused = exchange_sum.refused + excluded.refused, held = exchange_sum.held + excluded.held,"
                            " dropped = exchange_sum.dropped + excluded.dropped"};
static const Sql sql_log = {"exchange.log", "siisiiiiis", "",
                            "INSERT INTO exchange_log(target, pos, at, kind, project, rows, accepted, refused, ms, text) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"};

Code log__put(Cx *cx, Db *views, const Event *e, const PushLine *l) {
  return db_run(cx, views, &sql_log, VALS(val_s(l->target), val_i(e->pos), val_i(e->recorded), val_s(l->kind), val_i(l->project), val_i(l->rows), val_i(l->accepted), val_i(l->refused),
                                          val_i(l->ms), val_s(l->text)));
}

/* What was refused and then sent once more needs nobody any longer. */
static RowStatus status_shown(const Version *v) {
  return v->status == ROW_REFUSED && v->voided ? ROW_DROPPED : v->status;
}

static Code row_put(Cx *cx, Db *views, const Event *e, const Part *s, const Version *v) {
  Day day = {0};
  Str d = str_sub(v->lsh, 6, 8);
  if (d.len == 8) (void)day_parse(arena_fmt(cx->mem, "%.4s-%.2s-%.2s", d.ptr, d.ptr + 4, d.ptr + 6), &day);
  return db_run(cx, views, &sql_row,
                VALS(val_s(e->stream), val_s(v->lsh), val_s(s->target), val_i(s->project), val_s(v->table), val_s(v->key), val_i(v->no), val_i(v->valid && !v->voided),
                     val_s(row_status_text(status_shown(v))), val_i(v->at), val_i(day.n), val_s(v->digest), val_s(v->fault), val_i(v->status >= ROW_SENT && v->status <= ROW_REFUSED)));
}

/* The rows that the event names, those that it replaces included. */
static Code rows_put(Cx *cx, Db *views, const Event *e, const Part *s) {
  static const char *const lists[] = {"rows", "dropped", "lsh"}, *const names[] = {"lsh", "voids"};
  for (size_t i = 0; i < COUNT(lists); i++) {
    const Json *list = json_get(e->body, str_of(lists[i]));
    for (const Json *x = list ? list->first : NULL; x; x = x->next)
      for (size_t k = 0; k < COUNT(names); k++) {
        Str lsh = x->kind == JSON_STR ? x->str : json_str(x, str_of(names[k]));
        const Version *v = lsh.len && (k == 0 || x->kind != JSON_STR) ? part__lsh(s, lsh) : NULL;
        if (v) TRY(row_put(cx, views, e, s, v));
      }
  }
  return OK;
}

static Code sums_put(Cx *cx, Db *views, const Event *e, const Part *s) {
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t now[ROW_STATUS__MAX] = {0}, was[ROW_STATUS__MAX] = {0};
  for (size_t i = 0; i < s->count; i++) now[status_shown(&s->rows[i])]++;
  TRY(db_rows(cx, views, &sql_part_was, VALS(val_s(e->stream)), &r));
  if (rows_next(r))
    for (int i = 0; i < ROW_STATUS__MAX; i++) was[i] = row_i(r, i);
  TRY(rows_end(cx, r));
  TRY(db_run(cx, views, &sql_part, VALS(val_s(e->stream), val_s(s->target), val_i(s->project), val_i(now[0]), val_i(now[1]), val_i(now[2]), val_i(now[3]), val_i(now[4]), val_i(now[5]))));
  return db_run(cx, views, &sql_sum, VALS(val_s(s->target), val_i(now[0] - was[0]), val_i(now[1] - was[1]), val_i(now[2] - was[2]), val_i(now[3] - was[3]), val_i(now[4] - was[4]),
                                          val_i(now[5] - was[5])));
}

Code part__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Part *s = state;
  (void)env;
  TRY(rows_put(cx, views, e, s));
  TRY(sums_put(cx, views, e, s));
  if (!str_eqz(e->kind, "exchange.reported")) return OK;
  const Json *rows = json_get(e->body, S("rows"));
  PushLine line = {.target = s->target, .kind = S("pushed"), .project = s->project, .rows = rows ? rows->count : 0, .ms = json_int(e->body, S("ms"), 0), .text = S("")};
  for (const Json *x = rows ? rows->first : NULL; x; x = x->next) {
    line.accepted += str_eqz(json_str(x, S("state")), "accepted");
    line.refused += str_eqz(json_str(x, S("state")), "refused");
    if (!line.text.len) line.text = json_str(x, S("reason"));
  }
  return log__put(cx, views, e, &line);
}
