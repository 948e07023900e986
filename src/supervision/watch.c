/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c: the daily look for what has turned red, and the board of all lamps. */
#include "supervision/supervision_int.h"

#include <stdlib.h>

enum { FOUND_MAX = 192, RED_MAX = 100000 };

Str running_key(Arena *mem, const Running *r) {
  return arena_fmt(mem, "%s/%lld/%d/%.*s/%d/%d/%d", r->kind, (long long)r->no, r->stage, SFMT(r->item), r->attempt, r->start.n, r->limit);
}

/* ---- all that is red ----------------------------------------------------------------------------------- */

typedef struct Reds { Arena *mem; Red *list; size_t count, cap; bool all; } Reds;

static Running running_copy(Arena *m, const Running *r) {
  Running c = *r;
  Str *const texts[] = {&c.item, &c.unit, &c.handler, &c.number, &c.name};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = arena_str(m, *texts[i]);
  return c;
}

static Code red_keep(Cx *cx, void *arg, const Running *r) {
  Reds *s = arg;
  (void)cx;
  if ((!s->all && r->reading.lamp != LAMP_RED) || s->count == RED_MAX) return OK;
  Red *one = GROW(s->mem, s->list, s->count, s->cap, Red);
  *one = (Red){.clock = running_copy(s->mem, r), .key = running_key(s->mem, r)};
  return OK;
}

/* The longest overdue first; the key makes the order whole. */
static int by_due(const void *x, const void *y) {
  const Red *a = x, *b = y;
  Day da = a->clock.reading.due, db = b->clock.reading.due;
  if (da.n != db.n) return da.n < db.n ? -1 : 1;
  return str_cmp(a->key, b->key);
}

static int by_left(const void *x, const void *y) {
  const Red *a = x, *b = y;
  int la = a->clock.reading.left, lb = b->clock.reading.left;
  if (la != lb) return la < lb ? -1 : 1;
  return by_due(x, y);
}

Code reds__all(Cx *cx, Db *views, const Policies *ps, const Policy *p, Day today, Red **out, size_t *n) {
  Reds s = {.mem = cx->mem};
  ClockAsk ask = {.ps = ps, .p = p, .today = today, .red = true};
  TRY(clocks_running(cx, views, &ask, red_keep, &s));
  TRY(early_clocks(cx, views, p, today, red_keep, &s));
  TRY(joint_clocks(cx, views, p, today, red_keep, &s));
  TRY(finish_clocks(cx, views, p, today, false, red_keep, &s));
  if (s.count) qsort(s.list, s.count, sizeof *s.list, by_due);
  *out = s.list;
  *n = s.count;
  return OK;
}

Code reds__has(Cx *cx, Db *views, const Policies *ps, const Policy *p, Day today, const Directive *x, bool *red) {
  Reds s = {.mem = cx->mem};
  ClockAsk ask = {.ps = ps, .p = p, .today = today, .red = true, .project = x->of};
  bool early = str_eqz(x->kind, "consult") || str_eqz(x->kind, "opinion"), utility = str_eqz(x->kind, "utility");
  bool joint = str_eqz(x->kind, "review") || str_eqz(x->kind, "promise") || str_eqz(x->kind, "credit");
  if (early) TRY(early_clocks(cx, views, p, today, red_keep, &s));
  else if (joint) TRY(joint_clocks(cx, views, p, today, red_keep, &s));
  else if (utility) TRY(finish_clocks(cx, views, p, today, false, red_keep, &s));
  else TRY(clocks_running(cx, views, &ask, red_keep, &s));
  for (size_t i = 0; i < s.count; i++) *red |= str_eq(s.list[i].key, x->clock);
  return OK;
}

/* ---- the look ------------------------------------------------------------------------------------------- */

static const Sql sql_known = {"watch.known", "s", "i", "SELECT 1 FROM watched WHERE clock = ?1"};

static void found_put(Arena *m, Json *list, const Red *r) {
  const Running *c = &r->clock;
  Json *o = json_push_obj(m, list);
  json_put_str(m, o, S("clock"), r->key);
  json_put_str(m, o, S("kind"), str_of(c->kind));
  json_put_int(m, o, S("of"), c->no);
  json_put_int(m, o, S("stage"), c->stage);
  json_put_str(m, o, S("item"), c->item);
  json_put_str(m, o, S("unit"), c->unit);
  json_put_str(m, o, S("handler"), c->handler);
  json_put_str(m, o, S("number"), c->number);
  json_put_str(m, o, S("name"), c->name);
  json_put_str(m, o, S("due"), c->reading.due.n ? day_str(m, c->reading.due) : S(""));
  json_put_int(m, o, S("limit"), c->limit);
  json_put_int(m, o, S("used"), c->reading.used);
}

/* What is red now and was not found before. */
static Code watch_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  Json *out = NULL;
  const Policy *p = NULL;
  Red *reds = NULL;
  size_t n = 0, fresh = 0;
  Day today = day_of(cmd->now);
  TRY(super__facts(cx, views, cmd, &out));
  *facts = out;
  if (!state || !str_eqz(cmd->name, "watch.sweep")) return OK;
  TRY(clocks_policy(cx, views, env, today, &p));
  TRY(reds__all(cx, views, env, p, today, &reds, &n));
  Json *list = json_put_arr(cx->mem, out, S("found"));
  for (size_t i = 0; i < n; i++) {
    int64_t known = 0;
    TRY(db_int(cx, views, &sql_known, VALS(val_s(reds[i].key)), 0, &known));
    if (known) continue;
    if (fresh < FOUND_MAX) found_put(cx->mem, list, &reds[i]);
    fresh++;
  }
  Json *silent = json_arr(cx->mem);
  TRY(bulletin__rows(cx, views, p, today, 0, silent));
  json_put_int(cx->mem, out, S("silent"), (int64_t)silent->count);
  json_put_int(cx->mem, out, S("red"), (int64_t)n);
  json_put_bool(cx->mem, out, S("more"), fresh > FOUND_MAX);
  return OK;
}

static Code decide_start(Cx *cx, const Ask *ask, Decision *d) {
  (void)cx;
  if (!ask->seq) decision_emit(d, "watch.started", 1, NULL);
  return OK;
}

static Code decide_sweep(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Json *found = json_get(ask->facts, S("found"));
  Json *list = NULL;
  const Policy *p = super__policy(cx, ask);
  Day today = day_of(ask->now);
  bool more = json_bool(ask->facts, S("more"));
  for (const Json *x = found ? found->first : NULL; x; x = x->next) {
    if (!list || list->count == FOUND_EACH) {
      Json *body = json_obj(m);
      list = json_put_arr(m, body, S("found"));
      decision_emit(d, "watch.found", 1, body);
    }
    json_push(m, list, x);
  }
  Json *body = json_obj(m);
  json_put_str(m, body, S("day"), day_str(m, today));
  json_put_int(m, body, S("red"), json_int(ask->facts, S("red"), 0));
  json_put_int(m, body, S("found"), found ? (int64_t)found->count : 0);
  json_put_int(m, body, S("silent"), json_int(ask->facts, S("silent"), 0));
  json_put_bool(m, body, S("more"), more);
  /* More than one look takes: at once again. Otherwise at the beginning of the next working day. */
  json_put_int(m, body, S("next"), more ? ask->now + 1 : day_start(calendar_add(p->calendar, today, 1)));
  decision_emit(d, "watch.swept", 1, body);
  return OK;
}

static const CommandDecl commands[] = {
    {.name = "watch.start", .label = "开始巡查", .help = "第一次受理以后由系统开始。", .allow = ROLE_SYSTEM, .creates = true, .decide = decide_start},
    {.name = "watch.sweep", .label = "巡查", .help = "每个工作日开始时由系统巡查超期的时钟，逐件生成督办单。", .allow = ROLE_SYSTEM, .decide = decide_sweep}};

/* ---- what it keeps ------------------------------------------------------------------------------------- */

typedef struct Watch { int64_t sweeps; } Watch;

static void *watch_fold(Arena *mem, void *state, const Event *e) {
  Watch *w = state ? state : arena_new(mem, Watch);
  w->sweeps += str_eqz(e->kind, "watch.swept");
  return w;
}

static const char watch_schema[] =
    "CREATE TABLE watched(clock TEXT PRIMARY KEY, found INTEGER NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE TABLE watch(id INTEGER PRIMARY KEY, day INTEGER NOT NULL, red INTEGER NOT NULL, found INTEGER NOT NULL) STRICT;";
static const Sql sql_put = {"watch.put", "si", "", "INSERT INTO watched(clock, found) VALUES(?1, ?2) ON CONFLICT(clock) DO NOTHING"};
static const Sql sql_day = {"watch.day", "iii", "",
                            "INSERT INTO watch(id, day, red, found) VALUES(1, ?1, ?2, ?3) ON CONFLICT(id) DO UPDATE SET day = excluded.day,"
                            " red = excluded.red, found = excluded.found"};
static const Sql sql_begun = {"watch.begun", "", "i", "SELECT count(*) FROM watch"};

static Code watch_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Json *found = json_get(e->body, S("found"));
  Day day = day_of(e->happened);
  (void)state, (void)env;
  if (str_eqz(e->kind, "watch.found")) {
    for (const Json *x = found ? found->first : NULL; x; x = x->next) TRY(db_run(cx, views, &sql_put, VALS(val_s(json_str(x, S("clock"))), val_i(day.n))));
    return OK;
  }
  bool started = str_eqz(e->kind, "watch.started");
  TRY(db_run(cx, views, &sql_day, VALS(val_i(day.n), val_i(json_int(e->body, S("red"), 0)), val_i(json_int(e->body, S("found"), 0)))));
  if (started) db_forget(views); /* whether it has begun is asked at each acceptance */
  return due_set(cx, views, e->stream, S("watch.sweep"), started ? day_start((Day){day.n + 1}) : json_int(e->body, S("next"), 0), json_obj(cx->mem));
}

static Code watch_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cx, (void)views, (void)cmd;
  *stream = WATCH_STREAM;
  return OK;
}

static Code aim_accepted(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t begun = 0;
  (void)e;
  TRY(db_int_kept(cx, views, &sql_begun, 0, 0, &begun));
  if (!begun) out[(*n)++] = (Follow){.stream = S("")};
  return OK;
}

static const Reaction reactions[] = {{.event = "stage.accepted", .command = "watch.start", .aim = aim_accepted},
                                     {.event = "consult.asked", .command = "watch.start", .aim = aim_accepted}};

const Engine watch_engine_base = {.prefix = "watch",
                                  .fold = watch_fold,
                                  .commands = commands,
                                  .command_count = COUNT(commands),
                                  .reactions = reactions,
                                  .reaction_count = COUNT(reactions),
                                  .open = watch_open,
                                  .look = watch_look,
                                  .schema = watch_schema,
                                  .project = watch_project};

/* ---- the board of lamps ---------------------------------------------------------------------------------- */

static const char *const board_kinds[BOARD_KINDS] = {"item",   "stage",   "answer", "delivery", "consult",   "opinion",
                                                      "review", "promise", "credit", "utility",  "acceptance"};
static const Sql sql_of_clock = {"watch.directive", "s", "iss", "SELECT no, number, status FROM directive WHERE clock = ?1 ORDER BY no DESC LIMIT 1"};

static bool fits(const BoardFilter *f, const Running *c) {
  static const struct { const char *word; Lamp lamp; } lamps[] = {{"red", LAMP_RED}, {"yellow", LAMP_YELLOW}, {"grey", LAMP_GREY}, {"green", LAMP_GREEN}};
  bool fit = !f->lamp.len;
  for (size_t i = 0; i < COUNT(lamps); i++) fit |= str_eqz(f->lamp, lamps[i].word) && c->reading.lamp == lamps[i].lamp;
  return fit && (!f->kind.len || str_eqz(f->kind, c->kind)) && (!f->unit.len || str_eq(f->unit, c->unit));
}

static void count_lamp(BoardCount *b, Lamp lamp) {
  b->red += lamp == LAMP_RED;
  b->yellow += lamp == LAMP_YELLOW;
  b->grey += lamp == LAMP_GREY;
  b->green += lamp == LAMP_GREEN;
}

static Code board_row(Cx *cx, Db *views, const Red *one, BoardRow *row) {
  SCOPED(rows_drop) Rows *r = NULL;
  *row = (BoardRow){.clock = one->clock, .key = one->key};
  TRY(db_rows(cx, views, &sql_of_clock, VALS(val_s(one->key)), &r));
  if (rows_next(r)) {
    row->directive = row_i(r, 0);
    row->directive_number = row_s(cx, r, 1);
    row->directive_status = row_s(cx, r, 2);
  }
  return rows_end(cx, r);
}

/* A joint acceptance shows the clock of its fourth stage, and that clock's order. */
static void acceptances_show(Reds *s) {
  for (size_t i = 0; i < s->count; i++) {
    Red *a = &s->list[i];
    if (strcmp(a->clock.kind, "acceptance") != 0) continue;
    for (size_t k = 0; k < s->count; k++) {
      const Red *stage = &s->list[k];
      if (strcmp(stage->clock.kind, "stage") != 0 || stage->clock.no != a->clock.of || stage->clock.stage != a->clock.stage) continue;
      a->clock.reading = stage->clock.reading;
      a->clock.limit = stage->clock.limit;
      a->key = stage->key;
    }
  }
}

Code board_list(Cx *cx, Reader *rd, const Policies *ps, const BoardFilter *f, int64_t now, BoardCount counts[BOARD_KINDS], BoardRow **out, size_t *n,
                int64_t *total) {
  Db *views = reader_views(rd);
  const Policy *p = NULL;
  Reds s = {.mem = cx->mem, .all = true};
  TRY(clocks_policy(cx, views, ps, day_of(now), &p));
  ClockAsk ask = {.ps = ps, .p = p, .today = day_of(now)};
  TRY(clocks_running(cx, views, &ask, red_keep, &s));
  TRY(early_clocks(cx, views, p, day_of(now), red_keep, &s));
  TRY(joint_clocks(cx, views, p, day_of(now), red_keep, &s));
  TRY(finish_clocks(cx, views, p, day_of(now), true, red_keep, &s));
  acceptances_show(&s);
  if (s.count) qsort(s.list, s.count, sizeof *s.list, by_left);
  BoardRow *list = arena_array(cx->mem, BoardRow, f->limit + 1);
  *out = list;
  *n = 0;
  *total = 0;
  for (size_t k = 0; k < BOARD_KINDS; k++) counts[k] = (BoardCount){.kind = board_kinds[k]};
  for (size_t i = 0; i < s.count; i++) {
    const Running *c = &s.list[i].clock;
    for (size_t k = 0; k < BOARD_KINDS; k++)
      if (!strcmp(board_kinds[k], c->kind) && (!f->unit.len || str_eq(f->unit, c->unit))) count_lamp(&counts[k], c->reading.lamp);
    if (!fits(f, c)) continue;
    if ((size_t)(*total)++ >= f->offset && *n < f->limit) TRY(board_row(cx, views, &s.list[i], &list[(*n)++]));
  }
  return OK;
}
