/* SPDX-License-Identifier: Apache-2.0 */
/* notice_fold.c: the outbox of a stream from its events, and the rows of messages, of the outbox and of its attempts. */
#include "notice/notice_int.h"

/* ---- the rows that an event of telling makes, always in the same order ------------------------------------ */

static const char *const channels[] = {"mail", "sms"};

Out *notices__out(const Notices *s, int64_t id) {
  for (size_t i = s ? s->out_count : 0; i > 0; i--)
    if (s->outs[i - 1].id == id) return &s->outs[i - 1];
  return NULL;
}

static void fold_told(Arena *mem, Notices *s, const Event *e) {
  const Json *list = json_get(e->body, S("messages"));
  int64_t id = e->seq * ID_STEP;
  for (const Json *m = list ? list->first : NULL; m; m = m->next)
    for (size_t c = 0; c < COUNT(channels); c++) {
      const Json *to = json_get(m, str_of(channels[c]));
      for (const Json *x = to ? to->first : NULL; x; x = x->next, id++)
        *GROW(mem, s->outs, s->out_count, s->out_cap, Out) = (Out){.id = id, .next = e->recorded, .status = S("waiting")};
    }
}

static void fold_out(Out *o, const Event *e, Str kind) {
  if (str_eqz(kind, "attempted")) {
    o->status = S("trying");
    o->tries = (int)json_int(e->body, S("try"), 0);
    o->next = json_int(e->body, S("until"), 0);
  }
  if (str_eqz(kind, "sent")) o->status = S("sent");
  if (str_eqz(kind, "dropped")) o->status = S("none");
  if (str_eqz(kind, "given-up")) o->status = S("lost");
  if (str_eqz(kind, "failed")) {
    o->status = S("waiting");
    o->next = json_int(e->body, S("next"), 0);
  }
  if (str_eqz(kind, "again")) {
    o->status = S("waiting");
    o->next = e->recorded;
    o->tries = 0;
  }
}

static Str kind_of(const Event *e) {
  return str_starts(e->kind, S("notice.")) ? str_sub(e->kind, 7, SIZE_MAX) : S("");
}

void *notice_fold(Arena *mem, void *state, const Event *e) {
  Notices *s = state ? state : arena_new(mem, Notices);
  Str kind = kind_of(e);
  s->seq = e->seq;
  if (str_eqz(kind, "told")) fold_told(mem, s, e);
  else if (!str_eqz(kind, "read")) {
    Out *o = notices__out(s, json_int(e->body, S("id"), 0));
    if (o) fold_out(o, e, kind);
  }
  return s;
}

/* ---- projections ----------------------------------------------------------------------------------------------- */

const char notice__schema[] =
    "CREATE TABLE message(account TEXT NOT NULL, id INTEGER NOT NULL, at INTEGER NOT NULL, rule TEXT NOT NULL, whom TEXT NOT NULL,"
    " title TEXT NOT NULL, text TEXT NOT NULL, number TEXT NOT NULL, project INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL,"
    " about TEXT NOT NULL, event TEXT NOT NULL, seen INTEGER NOT NULL, done INTEGER NOT NULL, PRIMARY KEY(account, id)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX message_unread ON message(account, id) WHERE seen = 0 AND done = 0;"
    "CREATE INDEX message_open ON message(project, about, stage, item, event) WHERE done = 0;"
    "CREATE TABLE outbox(stream TEXT NOT NULL, id INTEGER NOT NULL, account TEXT NOT NULL, channel TEXT NOT NULL, message INTEGER NOT NULL,"
    " title TEXT NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, next INTEGER NOT NULL, tries INTEGER NOT NULL, receipt TEXT NOT NULL,"
    " fault TEXT NOT NULL, PRIMARY KEY(stream, id)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX outbox_next ON outbox(next) WHERE status = 'waiting' OR status = 'trying';"
    "CREATE INDEX outbox_status ON outbox(status, at);"
    "CREATE TABLE attempt(stream TEXT NOT NULL, outgoing INTEGER NOT NULL, seq INTEGER NOT NULL, no INTEGER NOT NULL, at INTEGER NOT NULL, done INTEGER NOT NULL,"
    " result TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY(stream, outgoing, seq)) WITHOUT ROWID, STRICT;"
    "CREATE TABLE reminded(project INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, event TEXT NOT NULL, due INTEGER NOT NULL,"
    " PRIMARY KEY(project, stage, item, event, due)) WITHOUT ROWID, STRICT;";

static const Sql sql_message = {"message.put", "siisssssiisss", "",
                                "INSERT INTO message(account, id, at, rule, whom, title, text, number, project, stage, item, about, event, seen, done)"
                                " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,0,0)"};
static const Sql sql_out = {"outbox.put", "sissisi", "",
                            "INSERT INTO outbox(stream, id, account, channel, message, title, status, at, next, tries, receipt, fault)"
                            " VALUES(?1,?2,?3,?4,?5,?6,'waiting',?7,?7,0,'','')"};
static const Sql sql_out_set = {"outbox.set", "sisiiss", "",
                                "UPDATE outbox SET status = ?3, next = ?4, tries = ?5, receipt = ?6, fault = ?7 WHERE stream = ?1 AND id = ?2"};
static const Sql sql_attempt = {"attempt.put", "siiii", "",
                                "INSERT INTO attempt(stream, outgoing, seq, no, at, done, result, text) VALUES(?1,?2,?3,?4,?5,0,'','')"};
static const Sql sql_attempt_end = {"attempt.end", "siiss", "",
                                    "UPDATE attempt SET done = ?3, result = ?4, text = ?5 WHERE stream = ?1 AND outgoing = ?2 AND"
                                    " seq = (SELECT max(seq) FROM attempt WHERE stream = ?1 AND outgoing = ?2)"};
static const Sql sql_reminded = {"reminded.put", "iissi", "",
                                 "INSERT INTO reminded(project, stage, item, event, due) VALUES(?1,?2,?3,?4,?5) ON CONFLICT DO NOTHING"};
static const Sql sql_seen = {"message.seen", "siii", "",
                             "UPDATE message SET seen = ?4 WHERE account = ?1 AND seen = 0 AND (id = ?2 OR (?2 = 0 AND id <= ?3))"};

static Code message_put(Cx *cx, Db *views, const Event *e, const Json *m, int64_t id) {
  const Json *to = json_get(m, S("to"));
  for (const Json *x = to ? to->first : NULL; x; x = x->next)
    TRY(db_run(cx, views, &sql_message,
               VALS(val_s(x->str), val_i(id), val_i(e->recorded), val_s(json_str(m, S("rule"))), val_s(json_str(m, S("for"))),
                    val_s(json_str(m, S("title"))), val_s(json_str(m, S("text"))), val_s(json_str(m, S("number"))),
                    val_i(json_int(m, S("project"), 0)), val_i(json_int(m, S("stage"), 0)), val_s(json_str(m, S("item"))),
                    val_s(json_str(m, S("about"))), val_s(json_str(m, S("event"))))));
  return OK;
}

static Code told_put(Cx *cx, Db *views, const Event *e) {
  const Json *list = json_get(e->body, S("messages"));
  int64_t id = e->seq * ID_STEP, message = e->pos * ID_STEP;
  for (const Json *m = list ? list->first : NULL; m; m = m->next, message++) {
    TRY(message_put(cx, views, e, m, message));
    for (size_t c = 0; c < COUNT(channels); c++) {
      const Json *to = json_get(m, str_of(channels[c]));
      for (const Json *x = to ? to->first : NULL; x; x = x->next, id++)
        TRY(db_run(cx, views, &sql_out, VALS(val_s(e->stream), val_i(id), val_s(x->str), val_s(str_of(channels[c])), val_i(message),
                                             val_s(json_str(m, S("title"))), val_i(e->recorded))));
    }
  }
  return OK;
}

static Code found_put(Cx *cx, Db *views, const Event *e) {
  const Json *list = json_get(e->body, S("found"));
  for (const Json *f = list ? list->first : NULL; f; f = f->next) {
    Day due = {0};
    (void)day_parse(json_str(f, S("due")), &due);
    TRY(db_run(cx, views, &sql_reminded, VALS(val_i(json_int(f, S("project"), 0)), val_i(json_int(f, S("stage"), 0)), val_s(json_str(f, S("item"))),
                                              val_s(json_str(f, S("event"))), val_i(due.n))));
  }
  return OK;
}

static Code out_put(Cx *cx, Db *views, const Event *e, const Out *o, Str kind) {
  Str receipt = json_str(e->body, S("receipt")), reason = str_eqz(kind, "again") ? S("") : json_str(e->body, S("reason"));
  TRY(db_run(cx, views, &sql_out_set, VALS(val_s(e->stream), val_i(o->id), val_s(o->status), val_i(o->next), val_i(o->tries), val_s(receipt), val_s(reason))));
  if (str_eqz(kind, "again")) return OK;
  if (str_eqz(kind, "attempted"))
    return db_run(cx, views, &sql_attempt, VALS(val_s(e->stream), val_i(o->id), val_i(e->seq), val_i(o->tries), val_i(e->recorded)));
  return db_run(cx, views, &sql_attempt_end, VALS(val_s(e->stream), val_i(o->id), val_i(e->recorded), val_s(kind), val_s(receipt.len ? receipt : reason)));
}

Code notice__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  Str kind = kind_of(e);
  (void)env;
  if (str_eqz(kind, "told")) {
    TRY(found_put(cx, views, e));
    TRY(over__put(cx, views, e));
    return told_put(cx, views, e);
  }
  int64_t id = json_int(e->body, S("id"), 0);
  if (str_eqz(kind, "read"))
    return db_run(cx, views, &sql_seen, VALS(val_s(json_str(e->body, S("account"))), val_i(id), val_i(json_int(e->body, S("upto"), 0)), val_i(e->recorded)));
  const Out *o = notices__out(state, id);
  return o ? out_put(cx, views, e, o, kind) : OK;
}
