/* SPDX-License-Identifier: Apache-2.0 */
/* draw_fold.c: a draw from its events, its rows, and what opening one reads. */
#include "inspect/inspect_int.h"

SpotCheck *draw_check(const SpotDraw *d, Str object) {
  for (size_t i = 0; i < d->check_count; i++)
    if (str_eq(d->checks[i].object, object)) return &d->checks[i];
  return NULL;
}

Str parties__missing(Arena *mem, const SpotDraw *d, bool reveal) {
  Str out = S("");
  for (size_t i = 0; i < d->party_count; i++)
    if (!(reveal ? d->parties[i].revealed : d->parties[i].committed))
      out = out.len ? arena_fmt(mem, "%.*s、%.*s", SFMT(out), SFMT(d->parties[i].name)) : d->parties[i].name;
  return out;
}

/* ---- folding ----------------------------------------------------------------------------------------------------------- */

static void fold_opened(Arena *mem, SpotDraw *d, const Event *e) {
  const Json *b = e->body, *parties = json_get(b, S("parties")), *people = json_get(b, S("people"));
  d->no = json_int(b, S("no"), 0);
  d->plan = json_int(b, S("plan"), 0);
  d->attempt = (int)json_int(b, S("attempt"), 0);
  d->number = kit_keep(mem, b, "number");
  d->title = kit_keep(mem, b, "title");
  d->list = kit_keep(mem, b, "list");
  d->hash = kit_keep(mem, b, "hash");
  d->objects = (size_t)json_int(b, S("objects"), 0);
  d->inspectors = (size_t)json_int(b, S("inspectors"), 0);
  d->wanted = (size_t)json_int(b, S("wanted"), 0);
  d->beacon = kit_keep(mem, b, "beacon");
  d->beacon_at = json_int(b, S("beacon_at"), 0);
  d->people = people ? json_clone(mem, people) : NULL;
  d->days = (int)json_int(b, S("days"), 0);
  d->status = S("committing");
  d->opened_at = e->happened;
  d->opened_by = arena_str(mem, e->actor_name);
  for (const Json *p = parties ? parties->first : NULL; p && d->party_count < SPOT_PARTIES_MAX; p = p->next)
    d->parties[d->party_count++] = (SpotParty){.id = kit_keep(mem, p, "id"), .name = kit_keep(mem, p, "name")};
}

static void fold_party(Arena *mem, SpotDraw *d, const Event *e, bool reveal) {
  size_t done = 0;
  for (size_t i = 0; i < d->party_count; i++) {
    SpotParty *p = &d->parties[i];
    bool mine = str_eq(p->id, json_str(e->body, S("party")));
    if (mine && reveal) {
      p->secret = kit_keep(mem, e->body, "secret");
      p->revealed = e->happened;
    } else if (mine) {
      p->commitment = kit_keep(mem, e->body, "commitment");
      p->committed = e->happened;
    }
    done += (reveal ? p->revealed : p->committed) != 0;
  }
  if (done == d->party_count) d->status = reveal ? S("waiting") : S("revealing");
}

/* Name and enterprise of the drawn from the list, persons from beside it. */
static void fold_names(SpotDraw *d) {
  Str rest = d->list;
  while (rest.len) {
    Str line = list__line(&rest), key = list__word(&line), number = list__word(&line);
    SpotCheck *c = str_eqz(key, "object") ? draw_check(d, number) : NULL;
    if (!c) continue;
    c->uscc = list__word(&line);
    (void)list__word(&line); /* the class */
    c->name = line;
  }
}

static void fold_drawn(Arena *mem, SpotDraw *d, const Event *e) {
  const Json *picks = json_get(e->body, S("picks"));
  d->status = S("drawn");
  d->value = kit_keep(mem, e->body, "value");
  d->seed = kit_keep(mem, e->body, "seed");
  d->drawn_at = e->happened;
  d->checks = arena_array(mem, SpotCheck, picks ? picks->count + 1 : 1);
  for (const Json *p = picks ? picks->first : NULL; p; p = p->next) {
    SpotCheck *c = &d->checks[d->check_count++];
    *c = (SpotCheck){.object = kit_keep(mem, p, "object"), .class = kit_keep(mem, p, "class")};
    const Json *cert = json_get(p, S("certs"));
    cert = cert ? cert->first : NULL;
    for (int k = 0; k < SPOT_PAIR && cert; k++, cert = cert->next) {
      const Json *who = json_get(d->people, cert->str);
      c->certs[k] = arena_str(mem, cert->str);
      c->persons[k] = json_str(who, S("person"));
      c->names[k] = json_str(who, S("name"));
    }
  }
  fold_names(d);
}

static void fold_check(Arena *mem, SpotDraw *d, const Event *e, Str kind) {
  SpotCheck *c = draw_check(d, json_str(e->body, S("object")));
  if (!c) return;
  if (str_eqz(kind, "recorded")) {
    c->result = kit_keep(mem, e->body, "result");
    c->finding = kit_keep(mem, e->body, "finding");
    c->recorded_by = arena_str(mem, e->actor);
    c->recorded = e->happened;
    c->returned = S("");
  }
  if (str_eqz(kind, "confirmed")) c->confirmed = e->happened;
  if (str_eqz(kind, "sent-back")) {
    c->returned = kit_keep(mem, e->body, "reason");
    c->recorded = 0;
    c->recorded_by = S("");
  }
}

static void fold_published(SpotDraw *d, const Event *e) {
  const Json *list = json_get(e->body, S("objects"));
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    SpotCheck *c = draw_check(d, x->str);
    if (c) c->published = e->happened;
  }
}

void *draw_fold(Arena *mem, void *state, const Event *e) {
  SpotDraw *d = state ? state : arena_new(mem, SpotDraw);
  Str kind = str_starts(e->kind, S("draw.")) ? str_sub(e->kind, 5, SIZE_MAX) : S("");
  d->seq = e->seq;
  if (str_eqz(kind, "opened")) fold_opened(mem, d, e);
  if (str_eqz(kind, "committed")) fold_party(mem, d, e, false);
  if (str_eqz(kind, "revealed")) fold_party(mem, d, e, true);
  if (str_eqz(kind, "drawn")) fold_drawn(mem, d, e);
  if (str_eqz(kind, "voided")) {
    d->status = S("voided");
    d->reason = kit_keep(mem, e->body, "reason");
    d->voided_at = e->happened;
  }
  if (str_eqz(kind, "published")) fold_published(d, e);
  fold_check(mem, d, e, kind);
  return d;
}

/* ---- projections --------------------------------------------------------------------------------------------------------- */

const char draw__schema[] =
    "CREATE TABLE inspect_draw(no INTEGER PRIMARY KEY, plan INTEGER NOT NULL, attempt INTEGER NOT NULL, number TEXT NOT NULL, title TEXT NOT NULL,"
    " status TEXT NOT NULL, hash TEXT NOT NULL, opened INTEGER NOT NULL, beacon_at INTEGER NOT NULL, ended INTEGER NOT NULL, reason TEXT NOT NULL)"
    " STRICT;"
    "CREATE INDEX inspect_draw_plan ON inspect_draw(plan, attempt);"
    "CREATE TABLE inspect_party(draw INTEGER NOT NULL, account TEXT NOT NULL, committed INTEGER NOT NULL, revealed INTEGER NOT NULL,"
    " PRIMARY KEY(draw, account)) WITHOUT ROWID, STRICT;"
    "CREATE TABLE inspect_check(draw INTEGER NOT NULL, object TEXT NOT NULL, number TEXT NOT NULL, name TEXT NOT NULL, cert1 TEXT NOT NULL,"
    " cert2 TEXT NOT NULL, person1 TEXT NOT NULL, person2 TEXT NOT NULL, result TEXT NOT NULL, status TEXT NOT NULL, confirmed INTEGER NOT NULL,"
    " published INTEGER NOT NULL, days INTEGER NOT NULL, PRIMARY KEY(draw, object)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX inspect_check_open ON inspect_check(person1) WHERE published = 0;"
    "CREATE INDEX inspect_check_open2 ON inspect_check(person2) WHERE published = 0;";

static const Sql sql_draw = {"inspect.draw", "iiissssiiis", "",
                             "INSERT INTO inspect_draw(no, plan, attempt, number, title, status, hash, opened, beacon_at, ended, reason)"
                             " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT(no) DO UPDATE SET status = excluded.status,"
                             " ended = excluded.ended, reason = excluded.reason"};
static const Sql sql_party = {"inspect.party", "isii", "",
                              "INSERT INTO inspect_party(draw, account, committed, revealed) VALUES(?1,?2,?3,?4) ON CONFLICT(draw, account)"
                              " DO UPDATE SET committed = excluded.committed, revealed = excluded.revealed"};
static const Sql sql_check = {"inspect.check", "isssssssssiii", "",
                              "INSERT INTO inspect_check(draw, object, number, name, cert1, cert2, person1, person2, result, status, confirmed,"
                              " published, days) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13) ON CONFLICT(draw, object) DO UPDATE SET"
                              " result = excluded.result, status = excluded.status, confirmed = excluded.confirmed, published = excluded.published"};

static Code put_check(Cx *cx, Db *views, const SpotDraw *d, const SpotCheck *c) {
  Str status = c->published ? S("published") : c->confirmed ? S("confirmed") : c->recorded ? S("recorded") : c->returned.len ? S("sent-back") : S("due");
  return db_run(cx, views, &sql_check,
                VALS(val_i(d->no), val_s(c->object), val_s(d->number), val_s(c->name), val_s(c->certs[0]), val_s(c->certs[1]), val_s(c->persons[0]),
                     val_s(c->persons[1]), val_s(c->result), val_s(status), val_i(c->confirmed), val_i(c->published), val_i(d->days)));
}

/* The clock ends what is not revealed; once all have, or it is over, nothing is due. */
static Code put_due(Cx *cx, Db *views, const Event *e, const SpotDraw *d) {
  bool runs = str_eqz(d->status, "committing") || str_eqz(d->status, "revealing");
  if (runs) return due_set(cx, views, e->stream, S("draw.expire"), d->beacon_at, json_obj(cx->mem));
  return due_clear(cx, views, e->stream, S("draw.expire"));
}

Code draw__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const SpotDraw *d = state;
  int64_t ended = d->drawn_at ? d->drawn_at : d->voided_at;
  (void)env;
  TRY(db_run(cx, views, &sql_draw,
             VALS(val_i(d->no), val_i(d->plan), val_i(d->attempt), val_s(d->number), val_s(d->title), val_s(d->status), val_s(d->hash),
                  val_i(d->opened_at), val_i(d->beacon_at), val_i(ended), val_s(d->reason))));
  if (!d->drawn_at) TRY(put_due(cx, views, e, d));
  for (size_t i = 0; i < d->party_count && !d->drawn_at; i++)
    TRY(db_run(cx, views, &sql_party,
               VALS(val_i(d->no), val_s(d->parties[i].id), val_i(d->parties[i].committed), val_i(d->parties[i].revealed))));
  const SpotCheck *one = draw_check(d, json_str(e->body, S("object")));
  if (one) return put_check(cx, views, d, one);
  for (size_t i = 0; i < d->check_count; i++) TRY(put_check(cx, views, d, &d->checks[i]));
  return OK;
}

/* ---- what opening one reads ------------------------------------------------------------------------------------------------ */

static const Sql sql_last = {"inspect.draw-last", "", "i", "SELECT max(no) FROM inspect_draw"};
static const Sql sql_plan = {"inspect.plan-of", "i", "ssssiss",
                             "SELECT number, title, status, units, count, category, county FROM inspect_plan WHERE no = ?1"};
static const Sql sql_before = {"inspect.attempts", "i", "isss",
                               "SELECT attempt, hash, status, reason FROM inspect_draw WHERE plan = ?1 ORDER BY attempt"};
/* A list goes before a class that somebody typed in, and the black one before the red. */
#define ON_LIST(which) "EXISTS (SELECT 1 FROM credit k WHERE k.uscc = p.uscc AND k.status = 'published' AND k.kind = '" which "' AND k.subject_kind = 'enterprise')"
static const Sql sql_objects = {"inspect.objects", "ssiss", "ssss",
                                "SELECT p.number, p.uscc, p.name, CASE WHEN ?4 <> '' AND " ON_LIST("black") " THEN ?4 WHEN ?5 <> '' AND " ON_LIST("red") " THEN ?5"
                                " ELSE coalesce(c.class, '') END FROM project p LEFT JOIN inspect_class c ON c.uscc = p.uscc"
                                " WHERE p.status = 'running' AND (?1 = '' OR p.category = ?1) AND (?2 = '' OR p.county = ?2)"
                                " ORDER BY p.no LIMIT ?3"};
static const Sql sql_persons = {"inspect.persons", "s", "sssss",
                                "SELECT i.cert, i.person, i.name, i.unit, i.avoid FROM inspect_person i JOIN account a ON a.id = i.person"
                                " WHERE i.active = 1 AND a.disabled = 0 AND ?1 LIKE '%,' || i.unit || ',%' ORDER BY i.cert"};

/* Rows as objects of a list; `keys` name the text columns from the first on, the first may be an integer. */
static Code rows_list(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t n, const char *const *keys, Json *out, Str name) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *list = json_put_arr(cx->mem, out, name);
  TRY(db_rows(cx, views, q, vals, n, &r));
  while (rows_next(r)) {
    Json *o = json_push_obj(cx->mem, list);
    for (int i = 0; keys[i]; i++) {
      if (q->out[i] == 'i') json_add_int(cx->mem, o, str_of(keys[i]), row_i(r, i));
      else json_add_str(cx->mem, o, str_of(keys[i]), row_s(cx, r, i));
    }
  }
  return rows_end(cx, r);
}

static Code opening_facts(Cx *cx, Db *views, const Command *cmd, const Policy *p, Json *out) {
  static const char *const plan_keys[] = {"number", "title", "status", "units", "count", "category", "county", NULL};
  static const char *const before_keys[] = {"attempt", "hash", "status", "reason", NULL};
  static const char *const object_keys[] = {"number", "uscc", "name", "class", NULL};
  static const char *const person_keys[] = {"cert", "person", "name", "unit", "avoid", NULL};
  int64_t no = json_int(cmd->args, S("plan"), 0), last = 0;
  Json *holder = json_obj(cx->mem), *accounts = json_put_arr(cx->mem, out, S("accounts"));
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  json_put_int(cx->mem, out, S("no"), last + 1);
  TRY(rows_list(cx, views, &sql_plan, VALS(val_i(no)), plan_keys, holder, S("plans")));
  Json *plan = json_get(holder, S("plans"))->first;
  if (plan) json_put_int(cx->mem, plan, S("no"), no);
  if (plan) json_put(cx->mem, out, S("plan"), plan);
  TRY(rows_list(cx, views, &sql_before, VALS(val_i(no)), before_keys, out, S("attempts")));
  TRY(rows_list(cx, views, &sql_objects,
                VALS(val_s(json_str(plan, S("category"))), val_s(json_str(plan, S("county"))), val_i(SPOT_OBJECTS_MAX + 1), val_s(p->credit_black), val_s(p->credit_red)),
                object_keys, out, S("objects")));
  TRY(rows_list(cx, views, &sql_persons, VALS(val_s(json_str(plan, S("units")))), person_keys, out, S("inspectors")));
  const Json *parties = json_get(cmd->args, S("parties"));
  for (const Json *x = parties ? parties->first : NULL; x; x = x->next) {
    Json *one = json_obj(cx->mem);
    TRY(kit_person(cx, views, x->kind == JSON_STR ? x->str : S(""), one, S("a")));
    if (one->first) json_push(cx->mem, accounts, one->first);
  }
  return OK;
}

static Code draw_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  Json *out = NULL;
  TRY(kit_facts(cx, views, cmd, &out));
  if (!state) TRY(opening_facts(cx, views, cmd, kit_policy(&(Ask){.env = env, .facts = out}), out));
  *facts = out;
  return OK;
}

static Code draw_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "draw", &sql_last, stream);
}

const Engine draw_engine_base = {.prefix = "draw",
                                 .fold = draw_fold,
                                 .commands = draw__commands,
                                 .command_count = DRAW_COMMANDS,
                                 .open = draw_open,
                                 .look = draw_look,
                                 .schema = draw__schema,
                                 .project = draw__project};
