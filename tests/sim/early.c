/* SPDX-License-Identifier: Apache-2.0 */
/*
 * early.c: what comes before the cases: plots, orders of agents, consultations, asked for by the right and the wrong
 * people at the right and the wrong time; and a shadow of what may have happened, told by the events alone.
 */
#include "sim.h"

#include <string.h>

enum { NR_REASON = 10 };
#define REGION "葫芦岛经济开发区"

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static const char conditions[] = "{\"conditions\":{\"plot_ratio\":\"1.8\",\"building_density\":\"\",\"green_rate\":\"\",\"building_height\":\"\",\"parking\":\"\",\"land_area\":\"\"}}";
static const char asks[] = "{\"asks\":[{\"kind\":\"planning\",\"unit\":\"natural-resources\"},{\"kind\":\"sea\",\"unit\":\"natural-resources\"}]}";

typedef struct Wish {
  const char *command, *prefix; /* prefix NULL: creates */
  uint32_t role;
  const char *unit, *args;
} Wish;
static const Wish wishes[] = {
    {"reserve.add", NULL, ROLE_APPROVER, "development-reform", "{\"name\":\"示例地块\",\"county\":\"longgang\",\"boundary\":\"东至路西至河\",\"scale\":\"厂房两栋\",\"basis\":\"总体规划\",\"granted\":true}"},
    {"reserve.set-conditions", "reserve", ROLE_APPROVER, "natural-resources", conditions},
    {"reserve.ask-opinions", "reserve", ROLE_APPROVER, "development-reform", asks},
    {"reserve.give-opinion", "reserve", ROLE_APPROVER, "natural-resources", "{\"kind\":\"planning\",\"result\":\"agree\",\"opinion\":\"同意，符合规划\"}"},
    {"reserve.give-opinion", "reserve", ROLE_APPROVER, "natural-resources", "{\"kind\":\"sea\",\"result\":\"agree-if\",\"opinion\":\"避让生态红线\"}"},
    {"reserve.generate", "reserve", ROLE_UNIT_HEAD, "development-reform", "{}"},
    {"reserve.publish", "reserve", ROLE_UNIT_HEAD, "natural-resources", "{}"},
    {"reserve.assign", "reserve", ROLE_APPROVER, "development-reform", "{\"owner\":\"葫芦岛示例机械有限公司\",\"uscc\":\"91211400MA0XYW122L\"}"},
    {"reserve.change-condition", "reserve", ROLE_UNIT_HEAD, "natural-resources", "{\"name\":\"plot_ratio\",\"value\":\"2.1\",\"reason\":\"控规修改，容积率上限调整\",\"doc\":\"示例文件\"}"},
    {"reserve.change-condition", "reserve", ROLE_UNIT_HEAD, "natural-resources", "{\"name\":\"plot_ratio\",\"value\":\"1.9\",\"reason\":\"太短\",\"doc\":\"示例文件\"}"},
    {"reserve.drop", "reserve", ROLE_APPROVER, "development-reform", "{\"reason\":\"计划取消\"}"},
    {"region.add", NULL, ROLE_APPROVER, "development-reform", "{\"name\":\"" REGION "\",\"kind\":\"zone\",\"county\":\"longgang\",\"boundary\":\"东至路西至河\",\"body\":\"管委会\"}"},
    {"region.assess", "region", ROLE_APPROVER, "development-reform", "{\"kind\":\"geology\",\"body\":\"市自然资源局\",\"doc\":\"示例文件\",\"requirements\":\"坡脚三十米内不得开挖\"}"},
    {"region.assess", "region", ROLE_APPROVER, "development-reform", "{\"kind\":\"seismic\",\"body\":\"市应急管理局\",\"doc\":\"示例文件\",\"requirements\":\"按七度设防，不另行评价\"}"},
    {"region.stop", "region", ROLE_UNIT_HEAD, "development-reform", "{\"no\":1,\"reason\":\"边坡加固以后重新评估\"}"},
    {"roster.train", NULL, ROLE_UNIT_HEAD, "development-reform", "{\"agents\":[\"agent1\",\"agent2\"],\"day\":\"2018-12-01\",\"topic\":\"统一培训\"}"},
    {"catalogue.draft", NULL, ROLE_APPROVER, "longgang", "{\"county\":\"longgang\",\"items\":[{\"name\":\"备案\",\"scope\":\"approval\"}],\"guide\":\"到窗口委托，不收费用\"}"},
    {"catalogue.issue", "catalogue", ROLE_LEADER, "", "{\"no\":1}"},
    {"agent.order", NULL, ROLE_APPLICANT, "", "{\"county\":\"longgang\",\"name\":\"示例项目\",\"items\":[\"备案\"],\"consent\":true}"},
    {"agent.assign", "agent", ROLE_APPROVER, "longgang", "{\"agent\":\"agent1\"}"},
    {"agent.reassign", "agent", ROLE_UNIT_HEAD, "longgang", "{\"agent\":\"agent2\",\"reason\":\"休假\"}"},
    {"agent.log", "agent", ROLE_AGENT, "", "{\"text\":\"陪同现场勘察\"}"},
    {"agent.rate", "agent", ROLE_APPLICANT, "", "{\"score\":5}"},
    {"agent.rate-unit", "agent", ROLE_APPROVER, "housing-construction", "{\"score\":4}"},
    {"agent.end", "agent", ROLE_APPLICANT, "", "{\"reason\":\"自行办理\"}"},
    {"consult.ask", NULL, ROLE_APPLICANT, "", "{\"unit\":\"natural-resources\",\"subject\":\"退线\",\"question\":\"拟建厂房退道路红线多少米\"}"},
    {"consult.ask-public", NULL, ROLE_APPLICANT, "", "{\"unit\":\"natural-resources\",\"subject\":\"自建房\",\"question\":\"村里自建房要不要办规划许可证\",\"lock\":\"64a312979d533db9febf686a4faf3d34bcac9c06d48cd88f5a3d3e9ca8ac09f0\"}"},
    {"consult.ask-more", "consult", ROLE_APPROVER, "natural-resources", "{\"what\":\"请补充地块四至和层数\"}"},
    {"consult.supplement", "consult", ROLE_APPLICANT, "", "{\"text\":\"见附件\"}"},
    {"consult.reply", "consult", ROLE_APPROVER, "natural-resources", "{\"reply\":\"退道路红线不少于十五米\",\"basis\":\"规划技术规定\"}"},
    {"consult.withdraw", "consult", ROLE_APPLICANT, "", "{\"reason\":\"不再建设\"}"}};

Json *sim_json(Arena *mem, const char *text) {
  Cx cx = {.mem = mem};
  Json *out = NULL;
  Code code = json_parse(&cx, str_of(text), &out);
  REQUIRE(code == OK);
  return out;
}

static size_t count_of(const City *c, const char *prefix) {
  if (!strcmp(prefix, "region")) return c->early.region ? 1 : 0;
  return !strcmp(prefix, "reserve") ? c->early.plot_count : !strcmp(prefix, "agent") ? c->early.order_count : c->early.consult_count;
}

/* A project that comes from before: out of the library, or by an agent in the enterprise's name. */
static void register_step(City *c) {
  ShEarly *e = &c->early;
  bool agent = chance(c, 40);
  const Account *by = agent ? account(c, chance(c, 70) ? S("agent1") : S("agent2")) : account(c, chance(c, 90) ? S("owner0") : S("owner1"));
  if (c->project_count >= c->projects_wanted + 2 || c->project_count + 1 >= PROJECTS_MAX || (!agent && !e->plot_count)) return;
  Sent s = sent_new(c, S("project.register"), S(""), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  if (!agent) json_put_int(s.mem, a, S("reserve"), 1 + (int64_t)roll(c, (uint32_t)e->plot_count));
  if (agent && chance(c, 90)) s.cmd.actor.behalf = S("葫芦岛示例机械有限公司");
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

/* What is due next of one kind of thing, so that the year gets somewhere; NULL: a registration. */
static const char *plot_next(City *c, size_t *i) {
  ShEarly *e = &c->early;
  if (chance(c, 12) && e->share_count < EARLY_MAX / 2) {
    *i = 0;
    if (!e->region) return "region.add";
    return e->share_count > 2 && chance(c, 15) ? "region.stop" : "region.assess";
  }
  if (!e->plot_count || (e->plot_count < 4 && chance(c, 15))) return "reserve.add";
  *i = roll(c, (uint32_t)e->plot_count);
  const ShPlot *p = &e->plots[*i];
  if (!p->set) return "reserve.set-conditions";
  if (!p->asked) return "reserve.ask-opinions";
  if (p->given < p->asked) return "reserve.give-opinion";
  if (!p->generated) return "reserve.generate";
  if (!p->published) return "reserve.publish";
  if (!p->assigned) return "reserve.assign";
  return p->project ? "reserve.change-condition" : NULL;
}

static const char *order_next(City *c, size_t *i) {
  static const char *const later[] = {"agent.log", "agent.rate", "agent.rate-unit", "agent.reassign"};
  ShEarly *e = &c->early;
  if (!e->trained) return "roster.train";
  if (!e->issued) return e->drafts ? "catalogue.issue" : "catalogue.draft";
  if (!e->order_count || (e->order_count < 4 && chance(c, 15))) return "agent.order";
  *i = roll(c, (uint32_t)e->order_count);
  if (!e->orders[*i].agent.len) return "agent.assign";
  return e->orders[*i].project ? later[roll(c, COUNT(later))] : NULL;
}

static const char *consult_next(City *c, size_t *i) {
  ShEarly *e = &c->early;
  if (!e->consult_count || chance(c, 25)) return chance(c, 30) ? "consult.ask-public" : "consult.ask";
  *i = roll(c, (uint32_t)e->consult_count);
  return e->consults[*i].waits ? "consult.supplement" : chance(c, 40) ? "consult.ask-more" : "consult.reply";
}

static const Wish *wish_named(City *c, const char *name) {
  size_t first = 0;
  while (strcmp(wishes[first].command, name) != 0) first++;
  bool two = first + 1 < COUNT(wishes) && !strcmp(wishes[first + 1].command, name);
  return &wishes[first + (two && chance(c, 50) ? 1 : 0)];
}

/* From some days ago to some days ahead: it may be over before it is entered, and is refused then. */
static void assess_args(City *c, Arena *mem, Json *a) {
  Day today = day_of(c->now);
  json_put_str(mem, a, S("since"), day_str(mem, (Day){today.n - 20 + (int32_t)roll(c, 30)}));
  json_put_str(mem, a, S("until"), day_str(mem, (Day){today.n - 3 + (int32_t)roll(c, 90)}));
  Json *f = json_push_obj(mem, json_put_arr(mem, a, S("files")));
  json_put_str(mem, f, S("blob"), c->blob);
  json_put_str(mem, f, S("name"), S("区域评估.pdf"));
  json_put_int(mem, f, S("size"), c->blob_size);
}

void early_region(City *c, Arena *mem, Json *facts) {
  if (!chance(c, 40)) return;
  json_put_str(mem, facts, S("region"), chance(c, 95) ? S(REGION) : S("没有登记的区域"));
  json_put_str(mem, facts, S("special_site"), S("true"));
  json_put_str(mem, facts, S("geo_hazard"), chance(c, 50) ? S("true") : S("false"));
}

void early_step(City *c) {
  uint32_t kind = roll(c, 3);
  size_t one = SIZE_MAX;
  const char *name = kind == 0 ? plot_next(c, &one) : kind == 1 ? order_next(c, &one) : consult_next(c, &one);
  bool stray = chance(c, 25);
  if (!name && !stray) {
    register_step(c);
    return;
  }
  const Wish *w = stray ? &wishes[roll(c, COUNT(wishes))] : wish_named(c, name);
  size_t n = w->prefix && strcmp(w->prefix, "catalogue") != 0 ? count_of(c, w->prefix) : 1;
  if (!n || (!w->prefix && (c->early.plot_count >= EARLY_MAX || c->early.order_count >= EARLY_MAX || c->early.consult_count >= EARLY_MAX))) return;
  Str stream = !w->prefix ? S("") : !strcmp(w->prefix, "catalogue") ? S("catalogue/longgang")
                                  : arena_fmt(c->cx.mem, "%s/%zu", w->prefix, 1 + (stray || one == SIZE_MAX ? roll(c, (uint32_t)n) : one));
  const Account *by = chance(c, 85) ? somebody(c, w->role, str_of(w->unit)) : anybody(c);
  Sent s = sent_new(c, str_of(w->command), stream, by);
  if (!s.mem) return;
  Json *a = sim_json(s.mem, w->args);
  if (by->roles & ROLE_AGENT) s.cmd.actor.behalf = S("葫芦岛示例机械有限公司");
  if (!strcmp(w->command, "region.assess")) assess_args(c, s.mem, a);
  if (!strcmp(w->command, "region.stop")) json_put_int(s.mem, a, S("no"), 1 + (int64_t)roll(c, (uint32_t)c->early.share_count + 1));
  if (!strcmp(w->command, "catalogue.issue")) json_put_int(s.mem, a, S("no"), c->early.drafts ? c->early.drafts : 1);
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (w->unit[0] && strcmp(w->command, "agent.assign") != 0 && strcmp(w->command, "agent.reassign") != 0 && strcmp(w->command, "agent.rate-unit") != 0 && strcmp(w->command, "roster.train") != 0 &&
      !str_eqz(s.cmd.actor.unit, w->unit))
    s.wrong = "a duty of one unit is done by another";
  send_one(c, &s);
  sent_keep(c, &s);
}

/* ---- what may have happened -------------------------------------------------------------------------------- */

static size_t index_of(City *c, const Event *e, size_t count) {
  Str head, no;
  int64_t n = 0;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &n);
  CHECK(c, n >= 1 && n <= (int64_t)count + 1 && n <= EARLY_MAX, "numbers have no gaps", "%.*s", SFMT(e->stream));
  return (size_t)n - 1;
}

static void plot_event(City *c, const Event *e) {
  size_t i = index_of(c, e, c->early.plot_count);
  if (c->failed) return;
  ShPlot *p = &c->early.plots[i];
  Str kind = str_sub(e->kind, 8, SIZE_MAX);
  if (str_eqz(kind, "added")) c->early.plot_count++;
  p->set |= str_eqz(kind, "conditions-set");
  p->assigned |= str_eqz(kind, "assigned");
  if (str_eqz(kind, "conditions-set")) CHECK(c, !p->generated, "what is generated is locked", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "opinions-asked")) p->asked += (int)json_get(e->body, S("asks"))->count;
  if (str_eqz(kind, "opinion-given")) p->given++;
  if (str_eqz(kind, "generated")) {
    CHECK(c, !p->generated && p->asked && p->given == p->asked, "generated once, when all opinions are given", "%.*s", SFMT(e->stream));
    p->generated = true;
  }
  if (str_eqz(kind, "published")) {
    CHECK(c, p->generated && !p->published, "conditions are published once", "%.*s", SFMT(e->stream));
    p->published = true;
  }
  if (str_eqz(kind, "assigned")) CHECK(c, p->published, "granted land is published before it is assigned", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "converted")) {
    CHECK(c, !p->project && str_has(e->command, S(">reserve.convert>")), "a plot is one project, by its registration", "%.*s", SFMT(e->command));
    p->project = json_int(e->body, S("project"), 0);
  }
  if (str_eqz(kind, "released")) p->project = 0;
  if (str_eqz(kind, "condition-changed")) {
    CHECK(c, p->generated && str_eqz(e->unit, "natural-resources") && utf8_count(json_str(e->body, S("reason"))) >= NR_REASON,
          "a locked condition changes with a reason of the right unit", "%.*s", SFMT(e->stream));
    CHECK(c, json_int(e->body, S("project"), 0) == p->project, "the change names the project", "%.*s", SFMT(e->stream));
    if (p->project) c->early.changes_due++;
  }
}

static void order_event(City *c, const Event *e) {
  size_t i = index_of(c, e, c->early.order_count);
  if (c->failed) return;
  ShOrder *o = &c->early.orders[i];
  Str kind = str_sub(e->kind, 6, SIZE_MAX);
  if (str_eqz(kind, "ordered")) {
    c->early.order_count++;
    shadow_once(c, json_str(e->body, S("number")));
    o->number = arena_str(c->mem, json_str(e->body, S("number")));
  }
  if (str_eqz(kind, "assigned")) CHECK(c, !o->agent.len, "one agent is assigned once", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "reassigned")) CHECK(c, o->agent.len && json_str(e->body, S("reason")).len, "another agent comes with a reason", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "assigned") || str_eqz(kind, "reassigned")) o->agent = arena_str(c->mem, json_str(e->body, S("agent")));
  if (str_eqz(kind, "logged")) CHECK(c, e->behalf.len && str_eq(e->actor, o->agent), "the agent acts in both names", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "bound")) o->project = json_int(e->body, S("project"), 0);
  if (str_eqz(kind, "started")) {
    CHECK(c, o->project && c->projects[o->project - 1].stages[3].status == STAGE_DELIVERED, "it starts with the third stage", "%.*s", SFMT(e->stream));
    o->started = true;
  }
  if (str_eqz(kind, "rated") || str_eqz(kind, "unit-rated")) {
    CHECK(c, o->started, "rated after the start of construction", "%.*s", SFMT(e->stream));
    shadow_once(c, arena_fmt(c->cx.mem, "%.*s rated by %.*s", SFMT(e->stream), SFMT(str_eqz(kind, "rated") ? S("owner") : e->unit)));
  }
  if (str_eqz(kind, "ended")) o->ended = true;
}

static void region_event(City *c, const Event *e) {
  ShEarly *s = &c->early;
  size_t no = (size_t)json_int(e->body, S("no"), 0);
  CHECK(c, str_eqz(e->unit, "development-reform"), "one department keeps the regions", "%.*s", SFMT(e->unit));
  s->region = true;
  if (str_eqz(e->kind, "region.stopped") && no >= 1 && no <= s->share_count) {
    CHECK(c, !s->shares[no - 1].stopped, "an assessment is stopped once", "%zu", no);
    s->shares[no - 1].stopped = true;
  }
  if (!str_eqz(e->kind, "region.assessed") || s->share_count >= EARLY_MAX) return;
  ShShare *x = &s->shares[s->share_count++];
  CHECK(c, no == s->share_count, "numbers have no gaps", "%zu", no);
  shadow_once(c, json_str(e->body, S("number")));
  *x = (ShShare){.number = arena_str(c->mem, json_str(e->body, S("number"))), .kind = arena_str(c->mem, json_str(e->body, S("kind")))};
  REQUIRE(day_parse(json_str(e->body, S("since")), &x->since) && day_parse(json_str(e->body, S("until")), &x->until));
  CHECK(c, x->since.n <= x->until.n && x->until.n >= day_of(e->happened).n, "what is over is not registered", "%.*s", SFMT(x->number));
}

/* A form that names the region shares what holds on its day: all of it, and nothing else. */
static void shared_event(City *c, const Event *e) {
  const Json *region = json_get(e->body, S("region")), *list = json_get(region, S("shares"));
  Day day = day_of(e->happened);
  if (!region) return;
  CHECK(c, json_bool(region, S("known")) && c->early.region, "only what is registered is shared", "%.*s", SFMT(json_str(region, S("name"))));
  for (size_t i = 0; i < c->early.share_count; i++) {
    const ShShare *x = &c->early.shares[i];
    bool holds = !x->stopped && x->since.n <= day.n && day.n <= x->until.n, of_kind = false;
    for (const Json *s = list->first; s; s = s->next) {
      of_kind |= str_eq(json_str(s, S("kind")), x->kind);
      CHECK(c, holds || !str_eq(json_str(s, S("number")), x->number), "the share stops after its last day", "%.*s", SFMT(x->number));
    }
    CHECK(c, !holds || of_kind, "what holds is shared", "%.*s on %.*s", SFMT(x->number), SFMT(day_str(c->cx.mem, day)));
  }
}

static void consult_event(City *c, const Event *e) {
  size_t i = index_of(c, e, c->early.consult_count);
  if (c->failed) return;
  ShConsult *q = &c->early.consults[i];
  Str kind = str_sub(e->kind, 8, SIZE_MAX);
  if (str_eqz(kind, "asked")) c->early.consult_count++;
  CHECK(c, !q->ended, "what is answered or withdrawn stays so", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
  if (str_eqz(kind, "more-asked")) {
    CHECK(c, !q->more, "what is missing is asked for once", "%.*s", SFMT(e->stream));
    q->more = q->waits = true;
  }
  if (str_eqz(kind, "supplemented")) q->waits = false;
  if (str_eqz(kind, "replied")) {
    CHECK(c, !q->waits && str_eqz(e->unit, "natural-resources"), "the unit that was asked replies", "%.*s", SFMT(e->stream));
    shadow_once(c, json_str(e->body, S("number")));
  }
  q->ended = str_eqz(kind, "replied") || str_eqz(kind, "withdrawn");
}

/* In the case itself: whoever acts for another has an order for it, and locked values are what the library says. */
static void case_event(City *c, const Event *e) {
  Str head, no;
  int64_t n = 0;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &n);
  bool found = !e->behalf.len;
  for (size_t i = 0; i < c->early.order_count; i++) {
    const ShOrder *o = &c->early.orders[i];
    bool fits = o->project == n || (!o->project && str_eqz(e->kind, "project.registered"));
    found |= str_eq(o->agent, e->actor) && !o->ended && fits && str_eq(json_str(e->body, S("mandate")), o->number);
  }
  CHECK(c, found, "an agent acts under an order", "%.*s %.*s %.*s", SFMT(e->stream), SFMT(e->kind), SFMT(e->actor));
  if (str_eqz(e->kind, "project.condition-changed")) c->early.changes_due--;
  if (!str_eqz(e->kind, "stage.submitted") && !str_eqz(e->kind, "stage.corrected")) return;
  shared_event(c, e);
  const Project *p = project_read(c, n);
  Str value = json_str(json_get(e->body, S("form")), S("plot_ratio")), locked = p && p->locked ? json_str(json_get(p->locked, S("values")), S("plot_ratio")) : S("");
  bool second = json_int(e->body, S("stage"), 0) == 2;
  CHECK(c, !second || !locked.len || str_eq(value, locked) || p->seq > e->seq, "a locked condition is what the form says", "%.*s, locked %.*s", SFMT(value), SFMT(locked));
}

void early_event(City *c, const Event *e) {
  c->early.trained |= str_eqz(e->kind, "roster.trained");
  c->early.issued |= str_eqz(e->kind, "catalogue.issued");
  if (str_eqz(e->kind, "catalogue.drafted")) c->early.drafts = json_int(e->body, S("no"), 0);
  if (str_starts(e->stream, S("reserve/"))) plot_event(c, e);
  if (str_starts(e->stream, S("region/"))) region_event(c, e);
  if (str_starts(e->stream, S("agent/"))) order_event(c, e);
  if (str_starts(e->stream, S("consult/"))) consult_event(c, e);
  if (str_starts(e->stream, S("project/"))) case_event(c, e);
}

/* Between two acts no reaction is missing. */
void early_check(City *c) {
  CHECK(c, c->early.changes_due == 0, "a changed condition is in its project", "%d", c->early.changes_due);
  for (size_t i = 0; i < c->early.plot_count; i++) {
    int64_t project = c->early.plots[i].project;
    if (!project) continue;
    const Project *p = project_read(c, project);
    CHECK(c, p && p->locked && json_int(p->locked, S("plot"), 0) == (int64_t)i + 1 && p->status != PROJECT_TERMINATED, "plot and project know each other", "plot %zu", i + 1);
  }
}
