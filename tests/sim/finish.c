/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finish.c: the end of construction: joint acceptances, started, fixed, visited, rectified and concluded by the right and
 * the wrong people at the right and the wrong time; and a shadow of what may have happened, told by the events alone.
 */
#include "sim.h"

enum { FINISH = 4 };

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static const Acceptance *acceptance_read(City *c, int64_t no) {
  const Acceptance *a = NULL;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  if (acceptance_load(&cx, c->reader, no, &a) != OK) fault(c, "an acceptance can be read", "%lld: %.*s", (long long)no, SFMT(cx.detail));
  return a;
}

static Sent finish_sent(City *c, const char *name, int64_t no, const Account *by) {
  return sent_new(c, str_of(name), no ? arena_fmt(c->cx.mem, "acceptance/%lld", (long long)no) : S(""), chance(c, 92) ? by : anybody(c));
}

void finish_send(City *c, Sent *s, Json *args, const char *duty_of) {
  if (!s->mem) return;
  sent_fill(c, s, NULL, 0, NULL, args);
  if (duty_of && !str_eqz(s->cmd.actor.unit, duty_of)) s->wrong = "a duty of one unit is done by another";
  send_one(c, s);
  sent_keep(c, s);
}

const Account *owner_at(City *c, int64_t project) {
  const Project *p = project_read(c, project);
  return p ? owner_of(c, p) : NULL;
}

static void start_step(City *c, int64_t project) {
  Sent s = finish_sent(c, "acceptance.start", 0, owner_at(c, project));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_int(s.mem, a, S("project"), project);
  json_put_str(s.mem, a, S("from"), day_str(s.mem, day_of(c->now)));
  finish_send(c, &s, a, NULL);
}

static void busy_step(City *c) {
  const Account *by = somebody(c, ROLE_APPROVER, chance(c, 50) ? S("natural-resources") : S("housing-construction"));
  Sent s = sent_new(c, S("busy.add"), S(""), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  Day from = {day_of(c->now).n + (int)roll(c, 9)};
  json_put_str(s.mem, a, S("from"), day_str(s.mem, from));
  json_put_str(s.mem, a, S("until"), day_str(s.mem, (Day){from.n + (int)roll(c, 3)}));
  json_put_str(s.mem, a, S("reason"), S("培训"));
  finish_send(c, &s, a, NULL);
}

/* Items are taken and handed over by the right and the wrong people: of the own unit or another's, running or over, to colleagues or to strangers. */
static void desk_step(City *c) {
  const Project *p = c->project_count ? project_read(c, 1 + (int64_t)roll(c, (uint32_t)c->project_count)) : NULL;
  const StageState *st = p ? &p->stages[1 + roll(c, STAGE_MAX)] : NULL;
  const ItemState *i = st && st->item_count ? &st->items[roll(c, (uint32_t)st->item_count)] : NULL;
  const Account *by = i ? somebody(c, ROLE_APPROVER, i->unit) : NULL, *to = i && chance(c, 60) ? somebody(c, ROLE_UNIT_HEAD, i->unit) : anybody(c);
  if (!by || !to) return;
  bool take = chance(c, 50), all = chance(c, 40);
  Sent s = sent_new(c, take ? S("desk.take") : S("desk.hand"), S(""), chance(c, 92) ? by : anybody(c));
  if (!s.mem) return;
  Json *a = json_obj(s.mem), *items = json_put_arr(s.mem, a, S("items"));
  if (take || !all) json_push_str(s.mem, items, arena_fmt(s.mem, "%lld/%d/%.*s", (long long)p->no, (int)(st - p->stages), SFMT(i->code)));
  if (!take && all) json_put_bool(s.mem, a, S("all"), true);
  if (!take) json_put_str(s.mem, a, S("to"), to->id);
  finish_send(c, &s, a, !take && all ? NULL : arena_fmt(s.mem, "%.*s", SFMT(i->unit)).ptr);
}

static void schedule_step(City *c, const Acceptance *a) {
  VisitPlan plan = {0};
  VisitDay *days = NULL;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  const Policy *p = policy_now(c, S(""));
  Sent s = finish_sent(c, "acceptance.schedule", a->no, somebody(c, ROLE_APPROVER, S("housing-construction")));
  if (!s.mem || acceptance_plan(&cx, c->reader, p, a, c->now, &plan) != OK) return;
  size_t n = visit_days(c->cx.mem, p->calendar, &plan, 0, &days);
  bool fits = n && days[n - 1].fits, wild = chance(c, 20);
  Json *args = json_obj(s.mem);
  json_put_str(s.mem, args, S("day"), day_str(s.mem, fits && !wild ? days[n - 1].day : (Day){day_of(c->now).n + (int)roll(c, 5)}));
  if (!fits || chance(c, 10)) json_put_str(s.mem, args, S("despite"), S("事情紧急，不能全到也要去"));
  if (a->day.n) json_put_str(s.mem, args, S("reason"), S("建设单位要求改期"));
  finish_send(c, &s, args, "housing-construction");
}

/* A part of this round signs, or writes down what it finds. */
static void spot_step(City *c, const Acceptance *a) {
  const AcceptPart *p = &a->parts[roll(c, (uint32_t)a->part_count)];
  for (size_t i = 0; i < a->part_count && chance(c, 90); i++)
    if (a->parts[i].due && !a->parts[i].result.len) p = &a->parts[i];
  size_t open = acceptance_open(a, p->code);
  bool note = (a->round == 1 && !open && chance(c, 20)) || chance(c, 5), pass = a->round > 1 ? chance(c, 70) : !open;
  Sent s = finish_sent(c, note ? "acceptance.note" : "acceptance.report", a->no, somebody(c, ROLE_APPROVER, p->unit));
  if (!s.mem) return;
  Json *args = json_obj(s.mem);
  json_put_str(s.mem, args, S("part"), p->code);
  if (note) {
    json_put_str(s.mem, args, S("kind"), chance(c, 80) ? S("issue") : S("record"));
    json_put_str(s.mem, args, S("text"), S("现场与图纸不一致"));
  } else {
    json_put_str(s.mem, args, S("result"), pass ? S("pass") : S("rectify"));
    json_put_str(s.mem, args, S("opinion"), S("已经看过现场"));
    json_put_str(s.mem, args, S("signature"), chance(c, 95) ? s.cmd.actor.name : S("别人"));
  }
  finish_send(c, &s, args, arena_z(c->cx.mem, p->unit));
}

static void rectify_step(City *c, const Acceptance *a) {
  const VisitPoint *next = NULL;
  for (size_t i = 0; i < a->point_count; i++)
    if (point_open(&a->points[i]) && (!a->points[i].answered_at || chance(c, 5))) next = &a->points[i];
  Sent s = finish_sent(c, next ? "acceptance.rectify" : "acceptance.recheck", a->no, owner_at(c, a->project));
  if (!s.mem) return;
  Json *args = json_obj(s.mem);
  if (next) json_put_int(s.mem, args, S("point"), next->no);
  if (next) json_put_str(s.mem, args, S("text"), S("已经改好"));
  finish_send(c, &s, args, NULL);
}

static void conclude_step(City *c, const Acceptance *a) {
  Sent s = finish_sent(c, "acceptance.conclude", a->no, somebody(c, ROLE_UNIT_HEAD, S("housing-construction")));
  if (!s.mem) return;
  Json *args = json_obj(s.mem);
  json_put_str(s.mem, args, S("opinion"), S("各专项全部合格，同意通过联合验收。"));
  json_put_str(s.mem, args, S("signature"), chance(c, 95) ? s.cmd.actor.name : S("别人"));
  finish_send(c, &s, args, "housing-construction");
}

static void end_step(City *c, const Acceptance *a) {
  Sent s = finish_sent(c, "acceptance.withdraw", a->no, owner_at(c, a->project));
  if (!s.mem) return;
  Json *args = json_obj(s.mem);
  json_put_str(s.mem, args, S("reason"), S("还要再准备几天，准备好了再来"));
  finish_send(c, &s, args, NULL);
}

static void utility_apply(City *c) {
  static const char *const all[] = {"water", "power", "gas", "heat", "drainage", "telecom"};
  int64_t project = (int64_t)roll(c, (uint32_t)c->project_count) + 1;
  Sent s = sent_new(c, S("utility.apply"), S(""), chance(c, 90) ? owner_at(c, project) : anybody(c));
  if (!s.mem) return;
  Json *a = json_obj(s.mem), *kinds = json_put_arr(s.mem, a, S("kinds"));
  json_put_int(s.mem, a, S("project"), project);
  json_put_str(s.mem, a, S("needs"), S("用水 60 吨/日"));
  for (size_t i = 0; i < COUNT(all); i++)
    if (chance(c, 60)) json_push_str(s.mem, kinds, str_of(all[i]));
  finish_send(c, &s, a, NULL);
}

static void utility_step(City *c) {
  size_t pick = c->finish.utility_count ? roll(c, (uint32_t)c->finish.utility_count) : 0;
  const ShUtility *u = &c->finish.utilities[pick];
  if (!c->finish.utility_count || (chance(c, 20) && c->finish.utility_count < FINISH_MAX)) {
    if (c->project_count) utility_apply(c);
    return;
  }
  Str kind = u->kinds[roll(c, (uint32_t)u->count)], unit = arena_fmt(c->cx.mem, "%.*s-company", SFMT(kind));
  bool connect = u->opened ? chance(c, 80) : chance(c, 10);
  Sent s = sent_new(c, connect ? S("utility.connect") : S("utility.answer"), arena_fmt(c->cx.mem, "utility/%zu", pick + 1),
                    chance(c, 90) ? somebody(c, ROLE_APPROVER, unit) : anybody(c));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_str(s.mem, a, S("kind"), kind);
  json_put_str(s.mem, a, connect ? S("text") : S("plan"), S("从滨海路的管线接入，设表井一座"));
  finish_send(c, &s, a, arena_z(c->cx.mem, unit));
}

void finish_step(City *c) {
  if (chance(c, 30)) {
    utility_step(c);
    return;
  }
  int64_t wanted = 0;
  for (size_t i = 0; i < c->project_count; i++) {
    bool running = c->projects[i].status == PROJECT_RUNNING && c->projects[i].stages[FINISH].status == STAGE_RUNNING;
    if ((running || chance(c, 2)) && roll(c, 3) == 0) wanted = (int64_t)i + 1;
  }
  if (chance(c, 5)) busy_step(c);
  else if (chance(c, 6)) desk_step(c);
  else if (wanted && c->finish.count < FINISH_MAX && chance(c, 30)) start_step(c, wanted);
  else if (c->finish.count) {
    size_t pick = roll(c, (uint32_t)c->finish.count);
    for (size_t i = 0; i < c->finish.count && chance(c, 95); i++)
      if (!c->finish.list[i].over) pick = i;
    const Acceptance *a = acceptance_read(c, (int64_t)pick + 1);
    if (!a) return;
    if (chance(c, 4)) end_step(c, a);
    else if (str_eqz(a->status, "started") || chance(c, 4)) schedule_step(c, a);
    else if (str_eqz(a->status, "scheduled")) spot_step(c, a);
    else if (str_eqz(a->status, "rectify")) rectify_step(c, a);
    else conclude_step(c, a);
  }
}

void finish_let_go(City *c) {
  for (size_t i = 0; i < c->finish.count && !c->failed; i++) {
    if (c->finish.list[i].over) continue;
    reader_begin(c->reader);
    Sent s = sent_new(c, S("acceptance.withdraw"), arena_fmt(c->cx.mem, "acceptance/%zu", i + 1), owner_at(c, c->finish.list[i].project));
    if (!s.mem) continue;
    Json *args = json_obj(s.mem);
    json_put_str(s.mem, args, S("reason"), S("今年先办到这里"));
    finish_send(c, &s, args, NULL);
    CHECK(c, s.result.code == OK, "an owner may withdraw", "acceptance %zu", i + 1);
  }
}

/* ---- what may have happened -------------------------------------------------------------------------------- */

static ShPart *part_of(ShAcceptance *a, Str code) {
  for (size_t i = 0; i < a->part_count; i++)
    if (str_eq(a->parts[i].code, code)) return &a->parts[i];
  return NULL;
}

static void begun(City *c, const Event *e) {
  ShAcceptance *a = &c->finish.list[c->finish.count++];
  const Json *parts = json_get(e->body, S("parts"));
  a->project = json_int(e->body, S("project"), 0);
  a->round = 1;
  for (size_t i = 0; i + 1 < c->finish.count; i++)
    CHECK(c, c->finish.list[i].over || c->finish.list[i].project != a->project, "one acceptance of a project at a time", "%.*s", SFMT(e->stream));
  ShProject *p = shadow_project(c, a->project);
  CHECK(c, p && p->stages[FINISH].status == STAGE_RUNNING, "it starts while the fourth stage runs", "%.*s", SFMT(e->stream));
  shadow_once(c, json_str(e->body, S("number")));
  for (const Json *x = parts ? parts->first : NULL; x && a->part_count < COUNT(a->parts); x = x->next)
    a->parts[a->part_count++] = (ShPart){.code = arena_str(c->mem, json_str(x, S("code"))), .unit = arena_str(c->mem, json_str(x, S("unit"))),
                                         .utility = json_bool(x, S("utility")), .due = true};
}

static void noted(City *c, const Event *e, ShAcceptance *a) {
  ShPart *p = part_of(a, json_str(e->body, S("part")));
  bool issue = str_eqz(json_str(e->body, S("kind")), "issue");
  CHECK(c, p && p->due && !p->signed_now && str_eq(p->unit, e->unit) && day_of(e->happened).n >= a->day && a->day, "noted on the spot, by the part", "%.*s", SFMT(e->stream));
  CHECK(c, !issue || a->round == 1, "new problems in the first visit only", "%.*s", SFMT(e->stream));
  if (p && issue) p->open++;
}

static void reported(City *c, const Event *e, ShAcceptance *a) {
  ShPart *p = part_of(a, json_str(e->body, S("part")));
  bool pass = str_eqz(json_str(e->body, S("result")), "pass");
  CHECK(c, p && p->due && !p->signed_now && !p->passed, "a part signs once a round, and never again once it passed", "%.*s", SFMT(e->stream));
  if (!p) return;
  CHECK(c, str_eq(p->unit, e->unit) && str_eq(json_str(e->body, S("signature")), e->actor_name), "whoever signs is of the unit", "%.*s", SFMT(e->stream));
  p->open -= (int)json_get(e->body, S("closed"))->count;
  CHECK(c, pass ? p->open == 0 : p->open > 0, "passed without problems, and rectified with some", "%.*s: %d", SFMT(e->stream), p->open);
  p->signed_now = true;
  p->passed = pass;
}

static void concluded(City *c, const Event *e, ShAcceptance *a) {
  shadow_once(c, json_str(e->body, S("number")));
  for (size_t i = 0; i < a->part_count; i++) CHECK(c, a->parts[i].passed, "an opinion when all have passed", "%.*s", SFMT(a->parts[i].code));
  a->over = a->passed = true;
}

static void acceptance_event(City *c, const Event *e) {
  int64_t no = 0;
  Str kind = str_sub(e->kind, 11, SIZE_MAX);
  REQUIRE(str_to_i64(str_sub(e->stream, 11, SIZE_MAX), &no));
  if (str_eqz(kind, "started")) begun(c, e);
  if (no < 1 || no > (int64_t)c->finish.count) STOP(c, "numbers have no gaps", "%.*s", SFMT(e->stream));
  ShAcceptance *a = &c->finish.list[no - 1];
  CHECK(c, !a->over || str_eqz(kind, "started"), "what is over stays so", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
  Day day = {0};
  if (str_eqz(kind, "scheduled") && day_parse(json_str(e->body, S("day")), &day)) a->day = day.n;
  if (str_eqz(kind, "noted")) noted(c, e, a);
  if (str_eqz(kind, "reported")) reported(c, e, a);
  if (str_eqz(kind, "rechecked")) {
    a->round++;
    a->day = 0;
    for (size_t i = 0; i < a->part_count; i++) {
      CHECK(c, a->parts[i].signed_now || a->parts[i].passed, "the next round begins when all have signed", "%.*s", SFMT(a->parts[i].code));
      a->parts[i].due = !a->parts[i].passed;
      a->parts[i].signed_now = false;
    }
  }
  if (str_eqz(kind, "concluded")) concluded(c, e, a);
  if (str_eqz(kind, "withdrawn")) a->over = true;
}

static size_t kind_at(const ShUtility *u, Str kind) {
  size_t i = 0;
  while (i < u->count && !str_eq(u->kinds[i], kind)) i++;
  return i;
}

static void utility_begun(City *c, const Event *e) {
  ShUtility *u = &c->finish.utilities[c->finish.utility_count++];
  const Json *parts = json_get(e->body, S("parts"));
  u->project = json_int(e->body, S("project"), 0);
  shadow_once(c, json_str(e->body, S("number")));
  for (const Json *x = parts ? parts->first : NULL; x && u->count < COUNT(u->kinds); x = x->next) {
    Str kind = json_str(x, S("kind"));
    for (size_t i = 0; i + 1 < c->finish.utility_count; i++) {
      const ShUtility *o = &c->finish.utilities[i];
      CHECK(c, o->closed || o->project != u->project || kind_at(o, kind) == o->count, "each utility is asked once", "%.*s", SFMT(e->stream));
    }
    u->kinds[u->count++] = arena_str(c->mem, kind);
  }
}

static void utility_event(City *c, const Event *e) {
  int64_t no = 0;
  Str kind = str_sub(e->kind, 8, SIZE_MAX);
  REQUIRE(str_to_i64(str_sub(e->stream, 8, SIZE_MAX), &no));
  if (str_eqz(kind, "applied")) utility_begun(c, e);
  if (no < 1 || no > (int64_t)c->finish.utility_count) STOP(c, "numbers have no gaps", "%.*s", SFMT(e->stream));
  ShUtility *u = &c->finish.utilities[no - 1];
  size_t i = kind_at(u, json_str(e->body, S("kind")));
  bool follows = str_has(e->command, S(">utility.follow>"));
  CHECK(c, !u->closed, "what is over stays so", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
  if (str_eqz(kind, "answered") || str_eqz(kind, "connected")) {
    bool *done = str_eqz(kind, "answered") ? u->answered : u->connected;
    CHECK(c, i < u->count && !done[i], "a utility answers once and connects once", "%.*s", SFMT(e->stream));
    CHECK(c, str_eqz(kind, "answered") || u->opened || follows, "connected after the certificate", "%.*s", SFMT(e->stream));
    if (i < u->count) done[i] = true;
  }
  if (str_eqz(kind, "opened")) {
    ShProject *p = shadow_project(c, u->project);
    CHECK(c, p && p->stages[FINISH].status == STAGE_CERTIFIED, "connections begin with the certificate", "%.*s", SFMT(e->stream));
    u->opened = true;
  }
  u->closed |= str_eqz(kind, "closed");
}

/* In the case: what is tied is decided by the acceptance and by nobody else. */
static void tied_check(City *c, const Event *e) {
  bool alone = str_eqz(e->kind, "item.decided"), settled = str_eqz(e->kind, "item.settled"), gone = str_eqz(e->kind, "item.withdrawn");
  int64_t no = 0;
  if ((!alone && !settled && !gone) || json_int(e->body, S("stage"), 0) != FINISH) return;
  REQUIRE(str_to_i64(str_sub(e->stream, 8, SIZE_MAX), &no));
  CHECK(c, !settled || str_has(e->command, S(">stage.settle>")) || str_has(e->command, S(">item.follow>")), "settled by a reaction only", "%.*s", SFMT(e->command));
  for (size_t i = 0; i < c->finish.count; i++) {
    ShAcceptance *a = &c->finish.list[i];
    ShPart *p = a->project == no ? part_of(a, json_str(e->body, S("item"))) : NULL;
    CHECK(c, settled || !p || p->utility || a->over, "what is tied is not decided by itself", "%.*s %.*s", SFMT(e->stream), SFMT(p ? p->code : S("")));
  }
}

void finish_event(City *c, const Event *e) {
  if (str_starts(e->stream, S("acceptance/"))) acceptance_event(c, e);
  if (str_starts(e->stream, S("utility/"))) utility_event(c, e);
  survey_event(c, e);
  if (str_starts(e->stream, S("project/"))) tied_check(c, e);
}

/* All have signed, and not all have passed. */
static bool rectifies(const ShAcceptance *a) {
  bool open = false;
  for (size_t i = 0; i < a->part_count; i++) {
    if (a->parts[i].due && !a->parts[i].signed_now) return false;
    open |= a->parts[i].due && !a->parts[i].passed;
  }
  return open && !a->over;
}

/* Between two acts no reaction is missing. */
void finish_check(City *c) {
  map_check(c);
  survey_check(c);
  for (size_t i = 0; i < c->finish.count; i++) {
    const ShAcceptance *a = &c->finish.list[i];
    ShProject *p = shadow_project(c, a->project);
    if (!p) continue;
    CHECK(c, a->over || p->stages[FINISH].status == STAGE_RUNNING, "an open acceptance has its stage", "acceptance %zu", i + 1);
    bool owner = rectifies(a);
    for (size_t k = 0; !a->over && k < p->stages[FINISH].count; k++) {
      const ShItem *item = &p->stages[FINISH].items[k];
      CHECK(c, owner ? item->parallel || item->alone || !shadow_open(item) || shadow_stopped(item) : !item->rested, "clocks rest while the owner rectifies, and no longer", "acceptance %zu %.*s", i + 1, SFMT(item->code));
    }
    for (size_t k = 0; a->passed && k < a->part_count; k++) {
      const ShItem *item = shadow_find(&p->stages[FINISH], a->parts[k].code);
      CHECK(c, a->parts[k].utility || (item && item->status == ITEM_PASSED), "the opinion passes its items", "acceptance %zu %.*s", i + 1, SFMT(a->parts[k].code));
    }
  }
}
