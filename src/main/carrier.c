/* SPDX-License-Identifier: Apache-2.0 */
/* carrier.c: the threads, what they make of the journal, and what they send. */
#include "main/carrier_int.h"

#include <time.h>

enum { LOOK_EVENTS = 2000, CASE_EVENTS = 100000, PUSH_ROWS = 200, PUSH_PARTS = 64, PUSH_SECONDS = 30, WAIT_MOST_S = 300, NOTE_EVERY = 60000, HELD = 16 << 20 };

static const Actor carrier_actor = {.id = {.ptr = "system", .len = 6}, .name = {.ptr = "系统", .len = 6}, .roles = ROLE_SYSTEM};

Code carrier__send(Cx *cx, Way *w, const char *name, Str stream, const Json *args) {
  CommandResult result;
  Command cmd = {.name = str_of(name), .stream = stream, .key = random_token(cx->mem, 16), .actor = carrier_actor, .now = cx->now, .args = args};
  return runner_run(cx, w->c->runner, &cmd, &result);
}

bool carrier__stopping(Way *w) {
  pthread_mutex_lock(&w->c->lock);
  bool stop = w->c->stop;
  pthread_mutex_unlock(&w->c->lock);
  return stop;
}

/* ---- making rows ------------------------------------------------------------------------------------------------ */

static Code part_bring(Cx *cx, Way *w, const Policy *p, int64_t project, const SpglRows *rows) {
  const void *state = NULL;
  int64_t seq = 0;
  Code code = reader_state(cx, w->rd, part_stream(cx->mem, w->to->code, project), &state, &seq);
  if (code != OK && code != NOT_FOUND) return code;
  cx_clear(cx);
  Json *args = exchange_changes(cx->mem, state, rows, w->to->code, project, p->city_code);
  return args ? carrier__send(cx, w, "exchange.prepare", S(""), args) : OK;
}

/* Every package that says how it is exchanged: cases keep the flow that they were accepted under. */
static Code catalogue_bring(Cx *cx, Way *w, const Policy *p) {
  const Policy *staged[PACKAGES_MAX];
  SpglRows rows = {0};
  size_t n = w->c->policies->packages ? packages_list(w->c->policies->packages, staged) : 0;
  exchange_catalogue(cx->mem, p, &rows);
  staged[n < PACKAGES_MAX ? n++ : 0] = w->c->policies->current;
  for (size_t i = 0; i < n; i++) {
    bool before = str_eq(staged[i]->spgl.version, p->spgl.version);
    for (size_t k = 0; k < i; k++) before |= str_eq(staged[i]->spgl.version, staged[k]->spgl.version);
    if (!before && staged[i]->spgl.table_count) exchange_catalogue(cx->mem, staged[i], &rows);
  }
  return part_bring(cx, w, p, 0, &rows);
}

/* In memory of its own: what one case or one push needs is given back before the next. */
typedef Code Piece(Cx *cx, Way *w, const Policy *p, int64_t no, Str stream);
static Code aside(Cx *cx, Way *w, Piece *piece, const Policy *p, int64_t no, Str stream) {
  Cx own = {.mem = w->mem, .now = cx->now};
  Code code = cx_pass(cx, &own, piece(&own, w, p, no, stream));
  arena_reset(w->mem);
  return code;
}

static Code case_bring(Cx *cx, Way *w, const Policy *p, int64_t no, Str stream) {
  (void)stream;
  const Project *pr = NULL;
  Events events = {0};
  SpglRows rows = {0};
  Code code = project_load(cx, w->rd, no, &pr);
  if (code != OK || !receiver_wants(w->to, p, pr->county)) {
    cx_clear(cx);
    return code == NOT_FOUND ? OK : code;
  }
  TRY(reader_events(cx, w->rd, arena_fmt(cx->mem, "project/%lld", (long long)no), 0, CASE_EVENTS, &events));
  exchange_case(cx->mem, w->c->policies, p, pr, &events, &rows);
  return part_bring(cx, w, p, no, &rows);
}

static Code noted(Cx *cx, Way *w) {
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("target"), w->to->code);
  json_put_str(cx->mem, args, S("kind"), S("looked"));
  json_put_int(cx->mem, args, S("at"), w->pos);
  json_put_str(cx->mem, args, S("package"), str_of(w->mark));
  TRY(carrier__send(cx, w, "link.note", S(""), args));
  w->noted_pos = w->pos;
  w->noted_at = cx->now;
  return OK;
}

/* Cases of the next events; false in *more: there are no others. */
static Code look(Cx *cx, Way *w, const Policy *p, bool *more) {
  Events events = {0};
  int64_t *done = arena_array(cx->mem, int64_t, LOOK_EVENTS + 1);
  size_t n = 0;
  TRY(reader_journal(cx, w->rd, w->pos, LOOK_EVENTS, &events));
  for (size_t i = 0; i < events.count; i++) {
    Str stream = events.list[i].stream;
    int64_t no = 0;
    bool before = false;
    if (!str_starts(stream, S("project/")) || !str_to_i64(str_sub(stream, 8, SIZE_MAX), &no)) continue;
    for (size_t k = 0; k < n && !before; k++) before = done[k] == no;
    if (!before) done[n++] = no;
  }
  for (size_t i = 0; i < n; i++) {
    if (carrier__stopping(w)) return OK; /* pos stays: they are looked at again */
    TRY(aside(cx, w, case_bring, p, done[i], S("")));
  }
  if (events.count) w->pos = events.list[events.count - 1].pos;
  *more = events.count == LOOK_EVENTS;
  if (n && (cx->now - w->noted_at >= NOTE_EVERY || *more)) return noted(cx, w);
  return OK;
}

/* The package in force under the calendar in force. */
static Code policy_now(Cx *cx, Way *w, const Policy **out) {
  Str version = S("");
  int calendar = 0;
  TRY(policy_in_force(cx, reader_views(w->rd), day_of(cx->now), &version));
  TRY(calendar_version_of(cx, reader_views(w->rd), &calendar));
  *out = policies_at(cx->mem, w->c->policies, version, calendar);
  return OK;
}

static Code begin(Cx *cx, Way *w) {
  const void *state = NULL;
  int64_t seq = 0;
  Code code = reader_state(cx, w->rd, arena_fmt(cx->mem, "link/%.*s", SFMT(w->to->code)), &state, &seq);
  if (code != OK && code != NOT_FOUND) return code;
  cx_clear(cx);
  const Link *l = state;
  if (l) w->pos = w->noted_pos = l->pos;
  if (l && l->package.len < CARRIER_MARK) memcpy(w->mark, l->package.ptr, l->package.len);
  w->works = l && !l->down;
  w->began = true;
  return OK;
}

static Code make(Cx *cx, Way *w, bool *more) {
  const Policy *p = NULL;
  TRY(policy_now(cx, w, &p));
  if (!p->spgl.table_count) return OK;
  Str mark = str_sub(p->dir_hash, 0, CARRIER_MARK - 1);
  if (!str_eq(mark, str_of(w->mark))) { /* the mapping may be another: all cases once more */
    memset(w->mark, 0, sizeof w->mark);
    memcpy(w->mark, mark.ptr, mark.len);
    w->pos = 0;
    TRY(catalogue_bring(cx, w, p));
  }
  return look(cx, w, p, more);
}

/* ---- the other side ------------------------------------------------------------------------------------------------ */

static Code link_note(Cx *cx, Way *w, const char *kind, Str reason) {
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("target"), w->to->code);
  json_put_str(cx->mem, args, S("kind"), str_of(kind));
  if (reason.len) json_put_str(cx->mem, args, S("reason"), str_sub(reason, 0, 400));
  return carrier__send(cx, w, "link.note", S(""), args);
}

Code carrier__trouble(Cx *cx, Way *w, Str why) {
  w->wait_s = w->wait_s ? (w->wait_s * 2 < WAIT_MOST_S ? w->wait_s * 2 : WAIT_MOST_S) : 1;
  w->retry_at = cx->now + w->wait_s * 1000LL;
  w->works = false;
  log_line(LOG_WARN, "carrier: %.*s: %.*s", SFMT(w->to->code), SFMT(why));
  return link_note(cx, w, "down", why);
}

Code carrier__well(Cx *cx, Way *w) {
  w->wait_s = 0;
  w->retry_at = 0;
  if (w->works) return OK;
  w->works = true;
  return link_note(cx, w, "up", S(""));
}

bool carrier__ask(Cx *cx, Way *w, const char *what, const Json *body, Json **answer, int *status, Str *why) {
  Str text = S("");
  *answer = NULL;
  *status = w->c->to->post(cx->mem, w->to, what, json_text(cx->mem, body), PUSH_SECONDS, &text, why);
  if (*status != 200) return false;
  if (json_parse(cx, text, answer) == OK) return true;
  *why = arena_fmt(cx->mem, "对方的回答看不懂：%.*s", SFMT(cx->detail));
  cx_clear(cx);
  *status = 0;
  return false;
}

static const char *state_of(const Json *x) {
  switch (json_int(x, S("SJSCZT"), 0)) {
    case 1: return "accepted";
    case 2: return "refused";
    case 3: return "accepted";
    default: return "sent";
  }
}

static Code report(Cx *cx, Way *w, Str stream, const Json *answers, int64_t ms, size_t *heard) {
  Json *args = json_obj(cx->mem), *rows = json_put_arr(cx->mem, args, S("rows"));
  const Json *list = json_get(answers, S("rows"));
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    if (x->kind != JSON_OBJ || !json_str(x, S("LSH")).len) continue;
    Json *o = json_push_obj(cx->mem, rows);
    json_put_str(cx->mem, o, S("lsh"), json_str(x, S("LSH")));
    json_put_str(cx->mem, o, S("state"), str_of(state_of(x)));
    json_put_str(cx->mem, o, S("reason"), json_str(x, S("SBYY")));
    ++*heard;
  }
  json_put_int(cx->mem, args, S("ms"), ms);
  return rows->count ? carrier__send(cx, w, "exchange.report", stream, args) : OK;
}

/* ---- sending ------------------------------------------------------------------------------------------------------------ */

static size_t order_of(const Policy *p, Str table) {
  for (size_t i = 0; i < p->spgl.table_count; i++)
    if (str_eq(p->spgl.tables[i].name, table)) return i;
  return p->spgl.table_count;
}

/* What waits in a part, parents first, at most a batch. */
static Json *batch_of(Cx *cx, const Policy *p, const Part *s, size_t *n) {
  Json *body = json_obj(cx->mem), *rows = json_put_arr(cx->mem, body, S("rows"));
  *n = 0;
  for (size_t t = 0; t <= p->spgl.table_count && *n < PUSH_ROWS; t++)
    for (size_t i = 0; i < s->count && *n < PUSH_ROWS; i++) {
      const Version *v = &s->rows[i];
      if (v->status != ROW_WAITING || order_of(p, v->table) != t) continue;
      Json *x = json_push_obj(cx->mem, rows);
      json_put_str(cx->mem, x, S("table"), arena_fmt(cx->mem, "SPGL_%.*s", SFMT(v->table)));
      json_put(cx->mem, x, S("row"), v->row);
      ++*n;
    }
  return body;
}

/* The receiver will not have the message as a whole: then row by row, so that one bad row keeps no other. */
static Code one_by_one(Cx *cx, Way *w, Str stream, const Json *body) {
  for (const Json *x = json_get(body, S("rows"))->first; x; x = x->next) {
    Json *one = json_obj(cx->mem), *answer = NULL, *made = json_obj(cx->mem);
    Str why = S("");
    int status = 0;
    size_t heard = 0;
    json_push(cx->mem, json_put_arr(cx->mem, one, S("rows")), x);
    if (!carrier__ask(cx, w, "rows", one, &answer, &status, &why) && status != 400 && status != 422) return carrier__trouble(cx, w, why);
    if (!answer) {
      Json *o = json_push_obj(cx->mem, json_put_arr(cx->mem, made, S("rows")));
      json_put_str(cx->mem, o, S("LSH"), json_str(json_get(x, S("row")), S("LSH")));
      json_put_int(cx->mem, o, S("SJSCZT"), 2);
      json_put_str(cx->mem, o, S("SBYY"), why);
    }
    TRY(report(cx, w, stream, answer ? answer : made, 0, &heard));
    if (answer && !heard) return carrier__trouble(cx, w, S("对方没有回答收到了哪些行"));
  }
  return carrier__well(cx, w);
}

static Code push_part(Cx *cx, Way *w, const Policy *p, int64_t no, Str stream) {
  (void)no;
  const void *state = NULL;
  int64_t seq = 0, began = clock_steady_us();
  size_t n = 0, heard = 0;
  Json *answer = NULL;
  Str why = S("");
  int status = 0;
  TRY(reader_state(cx, w->rd, stream, &state, &seq));
  Json *body = batch_of(cx, p, state, &n);
  if (!n) return OK;
  if (!carrier__ask(cx, w, "rows", body, &answer, &status, &why)) return status == 400 || status == 422 ? one_by_one(cx, w, stream, body) : carrier__trouble(cx, w, why);
  TRY(report(cx, w, stream, answer, (clock_steady_us() - began) / 1000, &heard));
  return heard ? carrier__well(cx, w) : carrier__trouble(cx, w, S("对方没有回答收到了哪些行"));
}

static Code push(Cx *cx, Way *w, const Policy *p, bool *more) {
  PartRow *list = NULL;
  size_t n = 0;
  TRY(parts_waiting(cx, w->rd, w->to->code, false, PUSH_PARTS, &list, &n));
  for (size_t i = 0; i < n && !w->retry_at && !carrier__stopping(w); i++) TRY(aside(cx, w, push_part, p, list[i].project, list[i].stream));
  *more |= n == PUSH_PARTS && !w->retry_at;
  return OK;
}

static Code states_part(Cx *cx, Way *w, const Policy *p, int64_t no, Str stream) {
  const void *state = NULL;
  int64_t seq = 0;
  size_t heard = 0;
  Json *body = json_obj(cx->mem), *lsh = json_put_arr(cx->mem, body, S("LSH")), *answer = NULL;
  Str why = S("");
  int status = 0;
  (void)p;
  (void)no;
  TRY(reader_state(cx, w->rd, stream, &state, &seq));
  const Part *s = state;
  for (size_t k = 0; k < s->count; k++)
    if (s->rows[k].status == ROW_SENT) json_push_str(cx->mem, lsh, s->rows[k].lsh);
  if (!lsh->count) return OK;
  if (!carrier__ask(cx, w, "states", body, &answer, &status, &why)) return carrier__trouble(cx, w, why);
  TRY(report(cx, w, stream, answer, 0, &heard));
  return carrier__well(cx, w);
}

/* Receipts that have not come. */
static Code receipts(Cx *cx, Way *w) {
  PartRow *list = NULL;
  size_t n = 0;
  if (cx->now - w->asked_at < w->c->to->poll_seconds * 1000LL) return OK;
  w->asked_at = cx->now;
  TRY(parts_waiting(cx, w->rd, w->to->code, true, PUSH_PARTS, &list, &n));
  for (size_t i = 0; i < n && !w->retry_at && !carrier__stopping(w); i++) TRY(aside(cx, w, states_part, NULL, list[i].project, list[i].stream));
  return OK;
}

/* ---- the threads ------------------------------------------------------------------------------------------------------------- */

static Code round_of(Cx *cx, Way *w, bool *more) {
  const Policy *p = NULL;
  if (!w->began) TRY(begin(cx, w));
  TRY(make(cx, w, more));
  if (w->retry_at > cx->now) return OK;
  w->retry_at = 0;
  TRY(policy_now(cx, w, &p));
  TRY(push(cx, w, p, more));
  if (!w->retry_at) TRY(receipts(cx, w));
  return w->retry_at ? OK : carrier__compare(cx, w);
}

static void *way_main(void *arg) {
  Way *w = arg;
  Carrier *c = w->c;
  Arena *mem = arena_open((size_t)256 << 20);
  reader_hold(w->rd, HELD);
  pthread_mutex_lock(&c->lock);
  while (!c->stop) {
    struct timespec until;
    bool more = false;
    pthread_mutex_unlock(&c->lock);
    Cx cx = {.mem = mem, .now = c->clock(c->clock_arg)};
    int64_t before = w->pos;
    reader_begin(w->rd);
    if (round_of(&cx, w, &more) != OK) log_line(LOG_ERROR, "carrier: %.*s: %.*s", SFMT(w->to->code), SFMT(cx.detail));
    arena_reset(mem);
    reader_round(w->rd, more || w->pos != before);
    pthread_mutex_lock(&c->lock);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    if (!c->stop && !more) pthread_cond_timedwait(&c->wake, &c->lock, &until);
  }
  pthread_mutex_unlock(&c->lock);
  arena_close(mem);
  return NULL;
}

Code carrier_open(Cx *cx, Runner *r, const Policies *policies, const Receivers *to, int64_t (*clock)(void *), void *arg, Carrier **out) {
  Carrier *c = arena_new(cx->mem, Carrier);
  *c = (Carrier){.runner = r, .policies = policies, .to = to, .clock = clock, .clock_arg = arg};
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->wake, NULL);
  *out = c;
  for (size_t i = 0; i < to->count; i++) {
    Way *w = &c->ways[c->count];
    *w = (Way){.c = c, .to = &to->list[i]};
    TRY(reader_open(cx, r, &w->rd));
    w->mem = arena_open((size_t)256 << 20);
    if (pthread_create(&w->thread, NULL, way_main, w) != 0) {
      reader_close(w->rd);
      arena_close(w->mem);
      FAIL(BROKEN, "不能启动数据交换的线程");
    }
    c->count++;
  }
  return OK;
}

void carrier_close(Carrier *c) {
  if (!c) return;
  pthread_mutex_lock(&c->lock);
  c->stop = true;
  pthread_cond_broadcast(&c->wake);
  pthread_mutex_unlock(&c->lock);
  for (size_t i = 0; i < c->count; i++) {
    pthread_join(c->ways[i].thread, NULL);
    reader_close(c->ways[i].rd);
    arena_close(c->ways[i].mem);
  }
}
