/* SPDX-License-Identifier: Apache-2.0 */
/* super.c: who is in charge of what, and the orders of the supervisor; and a shadow of both, told by the events alone. */
#include "sim.h"

#include "org/portfolio.h"

static const char *const leaders[] = {"朱云", "马文志", ""}, *const units[] = {"business-environment", "housing-construction"};

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static void portfolio_step(City *c) {
  const Account *by = chance(c, 85) ? somebody(c, ROLE_SYSADMIN, S("")) : anybody(c);
  Sent s = sent_new(c, S("portfolio.change"), S(""), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem), *row = json_push_obj(s.mem, json_put_arr(s.mem, a, S("rows")));
  Day from = {day_of(c->now).n + (int)roll(c, 60) - 30};
  json_put_str(s.mem, a, S("from"), day_str(s.mem, from));
  json_put_str(s.mem, a, S("document"), S("分工调整（示例）"));
  json_put_str(s.mem, row, S("unit"), str_of(units[roll(c, COUNT(units))]));
  json_put_str(s.mem, row, S("relation"), S("charge"));
  json_put_str(s.mem, row, S("leader"), str_of(leaders[roll(c, COUNT(leaders))]));
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!(by->roles & ROLE_SYSADMIN)) s.wrong = "portfolios are entered by the administrator";
  send_one(c, &s);
  sent_keep(c, &s);
}

/* The recipient replies, or somebody else tries; the supervisor sends, returns and closes. */
static void directive_step(City *c) {
  static const char *const texts[] = {"directive.reply", "directive.close", "directive.return"};
  ShSuper *s = &c->super;
  if (s->directive_count + 8 >= DIRECTIVES_MAX) return;
  bool send = !s->directive_count || chance(c, 20);
  size_t one = s->directive_count ? roll(c, (uint32_t)s->directive_count) : 0;
  const char *name = send ? "directive.send" : texts[roll(c, COUNT(texts))];
  bool reply = !strcmp(name, "directive.reply");
  const ShDirective *d = &s->directives[one];
  uint32_t rungs[] = {ROLE_APPROVER, ROLE_APPROVER, ROLE_UNIT_HEAD, ROLE_SUPERVISOR, ROLE_LEADER};
  const Account *by = chance(c, 20) ? anybody(c) : reply ? somebody(c, rungs[d->level], d->level < 3 ? d->unit : S("")) : somebody(c, ROLE_SUPERVISOR, S(""));
  Sent x = sent_new(c, str_of(name), send ? S("") : arena_fmt(c->cx.mem, "directive/%zu", one + 1), by);
  if (!x.mem) return;
  Json *a = json_obj(x.mem);
  if (send) {
    json_put_str(x.mem, a, S("unit"), str_of(units[roll(c, COUNT(units))]));
    json_put_str(x.mem, a, S("subject"), S("推进改革任务"));
    json_put_str(x.mem, a, S("demand"), S("请报办理情况"));
  } else if (reply) {
    json_put_str(x.mem, a, S("reply"), S("已经增派人手"));
    json_put_str(x.mem, a, S("promised"), day_str(x.mem, (Day){day_of(c->now).n + (int)roll(c, 12) - 1}));
  } else if (chance(c, 90)) {
    json_put_str(x.mem, a, S("reason"), S("事情已经办结"));
  } else {
    json_put_str(x.mem, a, S("reason"), S("好"));
    x.wrong = "closing and returning need a reason";
  }
  sent_fill(c, &x, NULL, 0, NULL, a);
  if (!reply && !(by->roles & ROLE_SUPERVISOR)) x.wrong = "orders are the supervisor's";
  send_one(c, &x);
  sent_keep(c, &x);
}

/* Samples, talks, notices, verdicts: small acts of the supervisor, by others too. */
static void watcher_step(City *c) {
  static const struct { const char *command, *stream, *args; } acts[] = {
      {"sample.list", NULL, "{\"size\":1,\"source\":\"次日的开奖号码\"}"}, {"sample.draw", "sample", "{\"number\":\"0713\"}"},
      {"sample.drop", "sample", "{\"reason\":\"名单有误\"}"},          {"bulletin.draft", NULL, "{}"},
      {"bulletin.save", "bulletin", "{\"text\":\"写了一半\"}"},
      {"bulletin.issue", "bulletin", "{\"text\":\"下列单位过期没有回复，现予通报。\"}"}, {"bulletin.drop", "bulletin", "{\"reason\":\"已经说明\"}"},
      {"talk.record", NULL, "{\"whom\":\"某单位\",\"about\":\"办理迟缓\",\"demand\":\"月底前整改\"}"}, {"talk.end", "talk", "{\"outcome\":\"已经整改\"}"}};
  size_t k = roll(c, COUNT(acts));
  const Account *by = chance(c, 85) ? somebody(c, ROLE_SUPERVISOR, S("")) : anybody(c);
  Sent s = sent_new(c, str_of(acts[k].command), acts[k].stream ? arena_fmt(c->cx.mem, "%s/%d", acts[k].stream, 1 + (int)roll(c, 3)) : S(""), by);
  Json *a = NULL;
  if (!s.mem) return;
  Cx cx = {.mem = s.mem};
  REQUIRE(json_parse(&cx, str_of(acts[k].args), &a) == OK);
  if (k == 0) json_put_str(s.mem, a, S("day"), day_str(s.mem, (Day){day_of(c->now).n + (int)roll(c, 3)}));
  if (k == 6) {
    json_put_str(s.mem, a, S("day"), day_str(s.mem, day_of(c->now)));
    json_put_str(s.mem, a, S("until"), day_str(s.mem, (Day){day_of(c->now).n + 20}));
  }
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!(by->roles & ROLE_SUPERVISOR)) s.wrong = "samples, notices and talks are the supervisor's";
  send_one(c, &s);
  sent_keep(c, &s);
}

static void judge_step(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  SignRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (signs_list(&cx, c->reader, S(""), S(""), 0, 20, &rows, &n, &total) != OK || !n) return;
  const SignRow *r = &rows[roll(c, (uint32_t)n)];
  Sent s = sent_new(c, S("sign.judge"), S(""), chance(c, 85) ? somebody(c, ROLE_SUPERVISOR, S("")) : anybody(c));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  bool wrong = chance(c, 10);
  json_put_str(s.mem, a, S("sign"), arena_fmt(s.mem, "%.*s-%lld", SFMT(r->kind), (long long)r->pos + (wrong ? 1000000 : 0)));
  json_put_str(s.mem, a, S("verdict"), chance(c, 50) ? S("true") : S("false"));
  json_put_str(s.mem, a, S("reason"), S("看过办件和材料"));
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (wrong) s.wrong = "a verdict is about a sign that is there";
  send_one(c, &s);
  sent_keep(c, &s);
}

void super_step(City *c) {
  if (chance(c, 25)) watcher_step(c);
  else if (chance(c, 15)) judge_step(c);
  else if (chance(c, 25)) portfolio_step(c);
  else directive_step(c);
}

/* ---- what may have happened -------------------------------------------------------------------------------- */

static void portfolio_event(City *c, const Event *e) {
  ShSuper *s = &c->super;
  const Json *row = json_get(e->body, S("rows"))->first;
  Day from = {0};
  CHECK(c, row && day_parse(json_str(e->body, S("from")), &from), "a change has a day", "%.*s", SFMT(e->stream));
  if (c->failed || s->duty_count == COUNT(s->duties)) return;
  s->duties[s->duty_count].unit = arena_str(c->mem, json_str(row, S("unit")));
  s->duties[s->duty_count].leader = arena_str(c->mem, json_str(row, S("leader")));
  s->duties[s->duty_count++].from = from;
}

static int level_of(City *c, Str level) {
  static const char *const rungs[] = {"handler", "section", "department", "bureau", "leader"};
  int k = 0;
  while (k < (int)COUNT(rungs) && !str_eqz(level, rungs[k])) k++;
  CHECK(c, k < (int)COUNT(rungs), "a rung of the ladder", "%.*s", SFMT(level));
  return k < (int)COUNT(rungs) ? k : 0;
}

static void directive_issued(City *c, const Event *e) {
  ShSuper *s = &c->super;
  bool told = str_eqz(json_str(e->body, S("kind")), "feedback") || str_eqz(json_str(e->body, S("kind")), "ledger"); /* the silence has its own event, no look at the clocks */
  Str clock = told ? S("") : json_str(e->body, S("clock"));
  CHECK(c, s->directive_count < DIRECTIVES_MAX, "not too many orders", "%zu", s->directive_count);
  if (c->failed) return;
  ShDirective *d = &s->directives[s->directive_count++];
  *d = (ShDirective){.clock = arena_str(c->mem, clock), .unit = arena_str(c->mem, json_str(e->body, S("to_unit"))), .level = level_of(c, json_str(e->body, S("level"))),
                     .days = (int)json_int(e->body, S("days"), 0)};
  (void)day_parse(json_str(e->body, S("reply_by")), &d->reply_by);
  CHECK(c, d->reply_by.n > day_of(e->happened).n, "there is time to reply", "%.*s", SFMT(e->stream));
  shadow_once(c, json_str(e->body, S("number")));
  if (!clock.len) return;
  s->issued++;
  shadow_once(c, arena_fmt(c->cx.mem, "order for %.*s", SFMT(clock)));
  CHECK(c, str_has(e->command, S(">directive.issue>")), "an order follows the look", "%.*s", SFMT(e->command));
}

static void directive_event(City *c, const Event *e) {
  Str head, no, kind = str_sub(e->kind, 10, SIZE_MAX);
  int64_t n = 0;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &n);
  if (str_eqz(kind, "issued")) {
    directive_issued(c, e);
    return;
  }
  CHECK(c, n >= 1 && n <= (int64_t)c->super.directive_count, "an order is there", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  ShDirective *d = &c->super.directives[n - 1];
  Day today = day_of(e->happened);
  CHECK(c, !d->closed, "what is closed stays closed", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
  if (str_eqz(kind, "raised")) {
    int level = level_of(c, json_str(e->body, S("level")));
    CHECK(c, level > d->level && !d->settled && !d->overdue, "an order goes up", "%.*s", SFMT(e->stream));
    CHECK(c, today.n > d->reply_by.n, "not before the time to reply is over", "%.*s", SFMT(e->stream));
    d->level = level;
    d->replied = false;
    d->unit = arena_str(c->mem, json_str(e->body, S("to_unit")));
    (void)day_parse(json_str(e->body, S("reply_by")), &d->reply_by);
    CHECK(c, d->reply_by.n > today.n, "there is time to reply", "%.*s", SFMT(e->stream));
  }
  if (str_eqz(kind, "replied")) {
    CHECK(c, !d->replied, "replied to once", "%.*s", SFMT(e->stream));
    d->replied = true;
    (void)day_parse(json_str(e->body, S("promised")), &d->reply_by);
  }
  if (str_eqz(kind, "returned")) {
    CHECK(c, d->replied && json_str(e->body, S("reason")).len, "a reply is returned with a reason", "%.*s", SFMT(e->stream));
    d->replied = d->overdue = false;
    (void)day_parse(json_str(e->body, S("reply_by")), &d->reply_by);
  }
  bool settled = str_eqz(kind, "settled"), ended = settled && str_has(e->command, S(">directive.settle>")); /* by what ended the matter, or by the watch */
  if (settled) CHECK(c, !d->settled, "settled once", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "overdue") || (settled && !ended)) CHECK(c, today.n > d->reply_by.n, "not before the time to reply is over", "%.*s", SFMT(e->stream));
  d->overdue |= str_eqz(kind, "overdue");
  d->settled |= str_eqz(kind, "settled");
  if (str_eqz(kind, "closed")) CHECK(c, json_str(e->body, S("reason")).len > 0, "closed with a reason", "%.*s", SFMT(e->stream));
  d->closed |= str_eqz(kind, "closed");
}

static void watch_event(City *c, const Event *e) {
  const Json *found = json_get(e->body, S("found"));
  Str before = S("");
  c->super.watching = true;
  if (!str_eqz(e->kind, "watch.found")) return;
  for (const Json *x = found->first; x; x = x->next) {
    Str due = json_str(x, S("due"));
    shadow_once(c, json_str(x, S("clock")));
    CHECK(c, !due.len || str_cmp(before, due) <= 0, "the longest overdue first", "%.*s", SFMT(e->stream));
    before = due;
    c->super.found++;
  }
}

/* What was drawn is what anybody would draw, and its number came after the list. */
static void sample_event(City *c, const Event *e) {
  Cx cx = {.mem = c->cx.mem};
  const void *state = NULL;
  int64_t seq = 0;
  if (!str_eqz(e->kind, "sample.drawn")) return;
  CHECK(c, reader_state(&cx, c->reader, e->stream, &state, &seq) == OK, "a sample is there", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  const Sample *s = state;
  Str *out = arena_array(cx.mem, Str, s->size + 1), hash = sample_list_hash(cx.mem, s->list, s->count);
  size_t n = sample_pick(cx.mem, sample_seed(cx.mem, hash, json_str(e->body, S("number"))), s->list, s->count, s->size, out), i = 0;
  for (const Json *x = json_get(e->body, S("picked"))->first; x; x = x->next, i++)
    CHECK(c, i < n && str_eq(x->str, out[i]), "anyone draws the same", "%.*s", SFMT(x->str));
  CHECK(c, i == n && day_of(e->happened).n >= s->day.n && s->day.n > day_of(s->listed_at).n, "the list comes before its number", "%.*s", SFMT(e->stream));
}

/* Only those stand in a notice who have not replied, and for one silence in one notice. */
static void bulletin_event(City *c, const Event *e) {
  const Json *rows = json_get(e->body, S("rows"));
  for (const Json *x = rows ? rows->first : NULL; x; x = x->next) {
    int64_t n = json_int(x, S("directive"), 0);
    CHECK(c, n >= 1 && n <= (int64_t)c->super.directive_count && !c->super.directives[n - 1].replied && !c->super.directives[n - 1].closed,
          "a notice lists who has not replied", "directive %lld", (long long)n);
    if (str_eqz(e->kind, "bulletin.issued")) shadow_once(c, arena_fmt(c->cx.mem, "notice of %lld since %lld", (long long)n, (long long)json_int(x, S("silent"), 0)));
  }
  if (str_eqz(e->kind, "bulletin.issued")) shadow_once(c, json_str(e->body, S("number")));
}

void super_event(City *c, const Event *e) {
  if (str_starts(e->stream, S("sample/"))) sample_event(c, e);
  if (str_starts(e->stream, S("bulletin/"))) bulletin_event(c, e);
  if (str_eqz(e->kind, "talk.ended")) shadow_once(c, arena_fmt(c->cx.mem, "%.*s ended", SFMT(e->stream)));
  if (str_starts(e->stream, S("directive/"))) directive_event(c, e);
  if (str_starts(e->stream, S("watch/"))) watch_event(c, e);
  if (str_eqz(e->kind, "portfolio.changed")) portfolio_event(c, e);
}

/* The last said of the latest day that has begun; before any, what the package says from its day on. */
static Str in_charge(const City *c, Str unit, Day on) {
  Day since = {0}, package = {0};
  Str who = S("");
  (void)day_parse(c->package->leaders_from, &package);
  if (on.n >= package.n) {
    since = package;
    who = str_eqz(unit, units[0]) ? S("朱云") : S("马文志");
  }
  for (size_t i = 0; i < c->super.duty_count; i++) {
    if (!str_eq(c->super.duties[i].unit, unit) || c->super.duties[i].from.n > on.n || c->super.duties[i].from.n < since.n) continue;
    since = c->super.duties[i].from;
    who = c->super.duties[i].leader;
  }
  return who;
}

void super_check(City *c) {
  CHECK(c, c->super.found == c->super.issued, "what is found red has its order", "%zu found, %zu orders", c->super.found, c->super.issued);
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  for (size_t i = 0; i < COUNT(units) && !c->failed; i++) {
    Day on = {day_of(c->now).n + (int)roll(c, 80) - 40};
    Duty *list = NULL;
    size_t n = 0;
    Code code = portfolio_of(&cx, reader_views(c->reader), c->package, str_of(units[i]), on, &list, &n);
    Str want = in_charge(c, str_of(units[i]), on), got = n ? list[0].leader : S("");
    CHECK(c, code == OK && str_eq(want, got), "who is in charge is answered for a day", "%s on %.*s: %.*s, not %.*s", units[i], SFMT(day_str(cx.mem, on)),
          SFMT(got), SFMT(want));
  }
}

/* The look goes on for ever; an order waits for the end of its time as long as it can rise. */
void super_due(City *c, const Due *list, size_t n, size_t *wanted, size_t *met) {
  *wanted += c->super.watching;
  for (size_t x = 0; x < n; x++) *met += str_eqz(list[x].name, "watch.sweep") && str_eq(list[x].stream, WATCH_STREAM);
  for (size_t i = 0; i < c->super.directive_count; i++) {
    const ShDirective *d = &c->super.directives[i];
    if (d->closed || d->settled || d->overdue) continue;
    Str stream = arena_fmt(c->cx.mem, "directive/%zu", i + 1);
    (*wanted)++;
    for (size_t x = 0; x < n; x++)
      *met += str_eqz(list[x].name, "directive.raise") && str_eq(list[x].stream, stream) && list[x].at == day_start((Day){d->reply_by.n + 1});
  }
}
