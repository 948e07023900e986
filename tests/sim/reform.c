/* SPDX-License-Identifier: Apache-2.0 */
/* reform.c: seats and authorisations; and a shadow that knows who might sign what on which day. */
#include "sim.h"

/* ---- what is asked for -------------------------------------------------------------------------------------- */

static Str item_of(City *c, Str unit) {
  for (int tries = 0; tries < 20; tries++) {
    const Item *x = &c->package->items[roll(c, (uint32_t)c->package->item_count)];
    if (str_eq(x->unit, unit)) return x->code;
  }
  return c->package->items[0].code;
}

/* Whole units are authorised now and then: a year in which nobody may sign anything tells nothing. */
static void authorise_step(City *c) {
  const Account *whom = somebody(c, ROLE_APPROVER, S(""));
  const Account *by = whom && chance(c, 90) ? somebody(c, ROLE_UNIT_HEAD, whom->unit) : anybody(c);
  bool all = chance(c, 60);
  if (!whom || !by) return;
  Sent s = sent_new(c, S("user.authorise"), arena_fmt(c->cx.mem, "user/%.*s", SFMT(whom->id)), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem), *items = json_put_arr(s.mem, a, S("items"));
  for (size_t i = 0; all && i < c->package->item_count; i++)
    if (str_eq(c->package->items[i].unit, whom->unit)) json_push_str(s.mem, items, c->package->items[i].code);
  if (!all) json_push_str(s.mem, items, item_of(c, whom->unit));
  json_put_str(s.mem, a, S("from"), day_str(s.mem, (Day){day_of(c->now).n + (int)roll(c, 20) - 15}));
  if (chance(c, 30)) json_put_str(s.mem, a, S("until"), day_str(s.mem, (Day){day_of(c->now).n + (int)roll(c, 200) - 5}));
  json_put_str(s.mem, a, S("document"), S("授权书（示例）"));
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!(by->roles & ROLE_UNIT_HEAD) || !str_eq(by->unit, whom->unit)) s.wrong = "a head authorises his own unit's people";
  send_one(c, &s);
  sent_keep(c, &s);
}

static void revoke_step(City *c) {
  ShReform *r = &c->reform;
  if (!r->grant_count) return;
  const ShGrant *g = &r->grants[roll(c, (uint32_t)r->grant_count)];
  const Account *whom = account(c, g->account), *by = whom && chance(c, 90) ? somebody(c, ROLE_UNIT_HEAD, whom->unit) : anybody(c);
  if (!whom || !by) return;
  Sent s = sent_new(c, S("user.revoke-authority"), arena_fmt(c->cx.mem, "user/%.*s", SFMT(g->account)), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_str(s.mem, a, S("item"), g->item);
  json_put_str(s.mem, a, S("reason"), S("岗位调整"));
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!(by->roles & ROLE_UNIT_HEAD)) s.wrong = "a head revokes";
  send_one(c, &s);
  sent_keep(c, &s);
}

static void seat_step(City *c) {
  const Account *whom = anybody(c), *by = chance(c, 90) ? somebody(c, ROLE_WINDOW_HEAD, S("")) : anybody(c);
  bool out = chance(c, 30);
  if (!whom || !by) return;
  Sent s = sent_new(c, out ? S("user.unseat") : S("user.second"), arena_fmt(c->cx.mem, "user/%.*s", SFMT(whom->id)), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  const Post *post = &c->package->posts[roll(c, (uint32_t)c->package->post_count)];
  for (int tries = 0; tries < 40 && !(post->seats && (str_eq(post->unit, whom->unit) || str_eqz(post->role, "clerk"))); tries++)
    post = &c->package->posts[roll(c, (uint32_t)c->package->post_count)];
  if (out) json_put_str(s.mem, a, S("reason"), S("回原单位"));
  else {
    json_put_str(s.mem, a, S("post"), post->code);
    json_put_str(s.mem, a, S("fit"), S("工程管理专业"));
    json_put_bool(s.mem, a, S("discipline"), chance(c, 95));
  }
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!(by->roles & ROLE_WINDOW_HEAD)) s.wrong = "the window's head seconds";
  if (!out && !json_bool(s.cmd.args, S("discipline"))) s.wrong = "whoever is seconded obeys the window";
  send_one(c, &s);
  sent_keep(c, &s);
}

/* Rules are issued without a file of their own: the sample that everything hands in. */
static void rule_step(City *c) {
  static const char *const codes[] = {"acceptance", "drawings", "stage-rules", "x1", "nothing"};
  const Account *by = chance(c, 85) ? somebody(c, chance(c, 50) ? ROLE_SUPERVISOR : ROLE_UNIT_HEAD, S("")) : anybody(c);
  uint32_t r = roll(c, 10), k = roll(c, COUNT(codes));
  Sent s = sent_new(c, r < 2 ? S("rule.add") : r < 8 ? S("rule.issue") : S("rule.repeal"), r < 8 ? S("") : arena_fmt(c->cx.mem, "rule/%s", codes[k]), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  if (r < 2) {
    json_put_str(s.mem, a, S("name"), S("代办员管理办法"));
    json_push_str(s.mem, json_put_arr(s.mem, a, S("leads")), S("housing-construction"));
    json_put_str(s.mem, a, S("basis"), S("专题会议纪要"));
  } else if (r < 8) {
    Json *one = json_push_obj(s.mem, json_put_arr(s.mem, a, S("files")));
    json_put_str(s.mem, one, S("blob"), c->blob);
    json_put_str(s.mem, one, S("name"), S("办法.pdf"));
    json_put_int(s.mem, one, S("size"), c->blob_size);
    json_put_str(s.mem, a, S("code"), str_of(codes[k]));
    json_put_str(s.mem, a, S("title"), S("管理办法"));
    json_put_str(s.mem, a, S("number"), S("示例1号"));
    json_put_str(s.mem, a, S("day"), day_str(s.mem, (Day){day_of(c->now).n - (int)roll(c, 5) + 1}));
  } else {
    json_put_str(s.mem, a, S("reason"), S("并入其他办法"));
  }
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!(by->roles & (ROLE_SUPERVISOR | ROLE_UNIT_HEAD))) s.wrong = "rules are entered by heads and the supervisor";
  if (r >= 2 && r < 8 && k == 4) s.wrong = "only duties of the register are issued";
  send_one(c, &s);
  sent_keep(c, &s);
}

static void feedback_step(City *c) {
  static const char *const acts[] = {"answer", "solve", "reopen", "withdraw", "publish"};
  static const char *const args[] = {"{\"answer\":\"以规划图为准\"}", "{}", "{\"reason\":\"没有解决\"}", "{}", "{\"question\":\"要交几套图纸？\",\"answer\":\"一套就可以\"}"};
  ShReform *f = &c->reform;
  bool report = !f->feedback_count || (chance(c, 30) && f->feedback_count < COUNT(f->feedbacks));
  size_t one = f->feedback_count ? roll(c, (uint32_t)f->feedback_count) : 0;
  uint32_t k = roll(c, COUNT(acts));
  Str unit = report ? S("longgang") : k == 0 || k == 4 ? S("housing-construction") : S("longgang");
  const Account *by = chance(c, 85) ? somebody(c, ROLE_APPROVER, unit) : anybody(c);
  Sent s = sent_new(c, report ? S("feedback.report") : arena_fmt(c->cx.mem, "feedback.%s", acts[k]), report ? S("") : arena_fmt(c->cx.mem, "feedback/%zu", one + 1), by);
  Json *a = NULL;
  if (!s.mem) return;
  Cx cx = {.mem = s.mem};
  REQUIRE(json_parse(&cx, report ? S("{\"subject\":\"图纸要求不一致\",\"text\":\"要交两套图纸\"}") : str_of(args[k]), &a) == OK);
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!report && (k == 0 || k == 4) && !str_eqz(by->unit, "housing-construction")) s.wrong = "the unit that has to answer answers";
  send_one(c, &s);
  sent_keep(c, &s);
}

void reform_step(City *c) {
  uint32_t r = roll(c, 100);
  if (r < 40) authorise_step(c);
  else if (r < 50) revoke_step(c);
  else if (r < 60) seat_step(c);
  else if (r < 70) rule_step(c);
  else if (r < 85) feedback_step(c);
  else ledger_step(c);
}

/* Everybody may sign what his unit handles, from today on. */
void reform_finish(City *c) {
  for (size_t i = 0; i < c->account_count && !c->failed; i++) {
    const Account *whom = &c->accounts[i], *by = somebody(c, ROLE_UNIT_HEAD, whom->unit);
    if (whom->disabled || !(whom->roles & ROLE_APPROVER) || !by) continue;
    Sent s = sent_new(c, S("user.authorise"), arena_fmt(c->cx.mem, "user/%.*s", SFMT(whom->id)), by);
    if (!s.mem) continue;
    Json *a = json_obj(s.mem), *items = json_put_arr(s.mem, a, S("items"));
    for (size_t v = 0; v <= c->published.count; v++) {
      const Policy *p = v ? policy_now(c, S("")) : c->package;
      for (size_t k = 0; k < p->item_count; k++) {
        const Item *x = &p->items[k];
        bool ours = str_eq(x->unit, whom->unit) || (str_eqz(whom->unit, "longgang") && (str_eqz(x->unit, "county") || x->county_when)), before = false;
        for (const Json *y = items->first; y; y = y->next) before |= str_eq(y->str, x->code);
        if (ours && !before) json_push_str(s.mem, items, x->code);
      }
    }
    json_put_str(s.mem, a, S("from"), day_str(s.mem, day_of(c->now)));
    json_put_str(s.mem, a, S("document"), S("授权书（示例）"));
    if (!items->first) continue;
    sent_fill(c, &s, NULL, 0, NULL, a);
    send_one(c, &s);
    sent_keep(c, &s);
  }
}

/* ---- what may have happened ------------------------------------------------------------------------------------ */

static void grant_event(City *c, const Event *e, Str id) {
  ShReform *r = &c->reform;
  const Json *items = json_get(e->body, S("items"));
  Day from = {0}, until = {0};
  CHECK(c, day_parse(json_str(e->body, S("from")), &from), "an authorisation has a day", "%.*s", SFMT(e->stream));
  (void)day_parse(json_str(e->body, S("until")), &until);
  for (const Json *x = items ? items->first : NULL; x; x = x->next) {
    const Item *item = policy_item(c->package, x->str);
    const Account *a = account(c, id);
    CHECK(c, !item || !a || (str_eq(item->unit, a->unit) || str_eqz(item->unit, "county") || item->county_when), "only the unit's own items", "%.*s %.*s", SFMT(id), SFMT(x->str));
    for (size_t i = 0; i < r->grant_count; i++) /* the same first day: the later word */
      if (str_eq(r->grants[i].account, id) && str_eq(r->grants[i].item, x->str) && r->grants[i].from.n == from.n) r->grants[i].from.n = INT32_MAX;
    if (r->grant_count == COUNT(r->grants)) STOP(c, "not too many authorisations", "%zu", r->grant_count);
    r->grants[r->grant_count++] = (ShGrant){arena_str(c->mem, id), arena_str(c->mem, x->str), a ? a->unit : S(""), from, until};
  }
}

static void revoke_event(City *c, const Event *e, Str id) {
  ShReform *r = &c->reform;
  Day day = day_of(e->happened);
  for (size_t i = 0; i < r->grant_count; i++) {
    ShGrant *g = &r->grants[i];
    if (!str_eq(g->account, id) || !str_eq(g->item, json_str(e->body, S("item"))) || (g->until.n && g->until.n < day.n)) continue;
    g->until.n = day.n - 1;
  }
}

/* One state each, and an order for each day that passed in silence. */
static void feedback_event(City *c, const Event *e) {
  static const struct { const char *kind, *from, *to; } rules[] = {{"answered", "open", "answered"}, {"reopened", "answered", "open"}, {"solved", "answered", "solved"},
                                                                  {"withdrawn", "open", "withdrawn"}, {"published", "solved", "solved"}, {"overdue", "open", "open"}};
  ShReform *r = &c->reform;
  Str kind = str_sub(e->kind, 9, SIZE_MAX);
  if (str_eqz(kind, "reported")) {
    CHECK(c, r->feedback_count < COUNT(r->feedbacks) && json_int(e->body, S("no"), 0) == (int64_t)r->feedback_count + 1, "numbers have no gap", "%.*s", SFMT(e->stream));
    if (r->feedback_count == COUNT(r->feedbacks)) return;
    r->feedbacks[r->feedback_count].state = "open";
    (void)day_parse(json_str(e->body, S("due")), &r->feedbacks[r->feedback_count++].due);
    return;
  }
  int64_t no = 0;
  REQUIRE(str_to_i64(str_sub(e->stream, 9, SIZE_MAX), &no) && no >= 1 && no <= (int64_t)r->feedback_count);
  for (size_t i = 0; i < COUNT(rules); i++) {
    if (!str_eqz(kind, rules[i].kind)) continue;
    CHECK(c, !strcmp(r->feedbacks[no - 1].state, rules[i].from), "a problem goes its way", "%.*s from %s", SFMT(e->kind), r->feedbacks[no - 1].state);
    r->feedbacks[no - 1].state = rules[i].to;
  }
  if (str_eqz(kind, "reopened")) CHECK(c, day_parse(json_str(e->body, S("due")), &r->feedbacks[no - 1].due), "a day", "%.*s", SFMT(e->stream));
  r->feedbacks[no - 1].overdue = str_eqz(kind, "overdue") || (r->feedbacks[no - 1].overdue && !str_eqz(kind, "reopened"));
  if (str_eqz(kind, "overdue")) shadow_once(c, arena_fmt(c->cx.mem, "overdue %.*s %.*s", SFMT(e->stream), SFMT(json_str(e->body, S("due")))));
}

void reform_due(City *c, const Due *list, size_t n, size_t *wanted, size_t *met) {
  for (size_t i = 0; i < c->reform.feedback_count; i++) {
    if (strcmp(c->reform.feedbacks[i].state, "open") != 0 || c->reform.feedbacks[i].overdue) continue;
    Str stream = arena_fmt(c->cx.mem, "feedback/%zu", i + 1);
    (*wanted)++;
    for (size_t x = 0; x < n; x++)
      *met += str_eqz(list[x].name, "feedback.lapse") && str_eq(list[x].stream, stream) && list[x].at == day_start((Day){c->reform.feedbacks[i].due.n + 1});
  }
}

void reform_event(City *c, const Event *e) {
  if (str_starts(e->kind, S("feedback."))) feedback_event(c, e);
  if (str_starts(e->kind, S("appraisal."))) appraise_event(c, e);
  ShReform *r = &c->reform;
  Str id = str_sub(e->stream, 5, SIZE_MAX);
  if (str_eqz(e->kind, "user.authorised")) grant_event(c, e, id);
  if (str_eqz(e->kind, "user.authority-revoked")) revoke_event(c, e, id);
  bool in = str_eqz(e->kind, "user.seconded"), out = str_eqz(e->kind, "user.unseated");
  if (!in && !out) return;
  size_t k = 0;
  while (k < r->seat_count && !str_eq(r->seats[k], id)) k++;
  CHECK(c, in == (k == r->seat_count), "one person, one seat", "%.*s %.*s", SFMT(id), SFMT(e->kind));
  if (in && r->seat_count < COUNT(r->seats)) r->seats[r->seat_count++] = arena_str(c->mem, id);
  else if (out && k < r->seat_count) r->seats[k] = r->seats[--r->seat_count];
}

/* Whoever signed an item was authorised for it on that day, or nobody of the unit was for anything and the signer has no seat. */
void reform_signed(City *c, const Event *e) {
  ShReform *r = &c->reform;
  Str item = json_str(e->body, S("item"));
  Day day = day_of(e->happened);
  bool any = false, live = false, seat = false;
  for (size_t i = 0; i < r->grant_count; i++) {
    const ShGrant *g = &r->grants[i];
    if (g->from.n == INT32_MAX || (g->until.n && g->until.n < g->from.n)) continue;
    any |= str_eq(g->unit, e->unit);
    live |= str_eq(g->account, e->actor) && str_eq(g->item, item) && g->from.n <= day.n && (!g->until.n || g->until.n >= day.n);
  }
  for (size_t k = 0; k < r->seat_count; k++) seat |= str_eq(r->seats[k], e->actor);
  CHECK(c, live || (!any && !seat), "whoever signs is authorised", "%.*s signed %.*s", SFMT(e->actor), SFMT(item));
}
