/* SPDX-License-Identifier: Apache-2.0 */
/*
 * joint.c: joint reviews of drawings beside the cases, asked for by the right and the wrong people at the right and the wrong
 * time; and a shadow of what may have happened, told by the events alone.
 */
#include "sim.h"

#include <string.h>

#define AGENCY S("owner1") /* of the other enterprise, which is the agency */

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static const char *const reports[] = {"fire", "lightning", "air-defence", "drawing"};
static const struct { const char *command; uint32_t role; const char *unit, *args; } wishes[] = {
    {"review.resubmit", ROLE_APPLICANT, "", "{\"note\":\"已按意见修改\"}"},
    {"review.promise", ROLE_APPLICANT, "", "{\"consent\":true}"},
    {"review.report", ROLE_APPLICANT, "", "{\"opinion\":\"按规范审查，见附表所列各条\",\"reviewer\":\"何审\",\"registration\":\"S21\"}"},
    {"review.guide", ROLE_APPROVER, "housing-construction", "{\"text\":\"请核对防火分区\",\"again\":true}"},
    {"review.conclude", ROLE_UNIT_HEAD, "housing-construction", "{\"text\":\"依据各专业的审查报告\"}"},
    {"review.withdraw", ROLE_APPLICANT, "", "{\"reason\":\"设计要调整\"}"}};
enum { PROJECTS_SPARE = 14 };
enum { RESUBMIT, PROMISE, REPORT, GUIDE, CONCLUDE, WITHDRAW, WISHES };

static void agency_step(City *c) {
  const Account *by = chance(c, 90) ? somebody(c, ROLE_APPROVER, S("housing-construction")) : anybody(c);
  Sent s = sent_new(c, S("agency.add"), S(""), by);
  if (!s.mem) return;
  Json *a = sim_json(s.mem, "{\"name\":\"示例审图有限公司\",\"recognised\":true,\"document\":\"示例\",\"until\":\"2030-12-31\",\"disciplines\":[\"fire\",\"lightning\",\"air-defence\",\"drawing\"]}");
  json_put_str(s.mem, a, S("uscc"), account(c, AGENCY)->uscc);
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!str_eqz(s.cmd.actor.unit, "housing-construction")) s.wrong = "the lead of stage 3 keeps the agencies";
  send_one(c, &s);
  sent_keep(c, &s);
}

static void files_put(City *c, Arena *mem, Json *a) {
  Json *f = json_push_obj(mem, json_put_arr(mem, a, S("files")));
  json_put_str(mem, f, S("blob"), c->blob);
  json_put_str(mem, f, S("name"), S("施工图.zip"));
  json_put_int(mem, f, S("size"), c->blob_size);
}

static void apply_send(City *c, int64_t no, const Account *by) {
  Sent s = by ? sent_new(c, S("review.apply"), S(""), by) : (Sent){0};
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_int(s.mem, a, S("project"), no);
  json_put_int(s.mem, a, S("agency"), 1);
  files_put(c, s.mem, a);
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

static void apply_step(City *c) {
  int64_t no = 1 + (int64_t)roll(c, (uint32_t)c->project_count);
  const Project *p = project_read(c, no);
  apply_send(c, no, p && chance(c, 90) ? owner_of(c, p) : anybody(c));
}

/* Anybody of the agency who can work. */
static const Account *agency_person(City *c) {
  const Account *found = account(c, AGENCY);
  for (size_t i = 0; i < c->account_count && found->disabled; i++)
    if (str_eq(c->accounts[i].uscc, found->uscc) && !c->accounts[i].disabled) found = &c->accounts[i];
  return found;
}

static void act_send(City *c, size_t i, size_t which, const Account *by, const char *discipline, bool pass, bool fail) {
  const ShReview *r = &c->joint.reviews[i];
  Sent s = by ? sent_new(c, str_of(wishes[which].command), arena_fmt(c->cx.mem, "review/%zu", i + 1), by) : (Sent){0};
  if (!s.mem) return;
  Json *a = sim_json(s.mem, wishes[which].args);
  bool wants = false;
  for (size_t d = 0; d < DISCIPLINES; d++) wants |= r->wants[d];
  if (which == RESUBMIT) files_put(c, s.mem, a);
  if (which == PROMISE || which == CONCLUDE) json_put_str(s.mem, a, S("signature"), s.cmd.actor.name);
  if (which == REPORT || which == GUIDE) json_put_str(s.mem, a, S("discipline"), str_of(discipline));
  if (which == REPORT) json_put_str(s.mem, a, S("result"), pass ? S("pass") : S("change"));
  if (which == CONCLUDE) json_put_str(s.mem, a, S("result"), fail ? S("fail") : wants ? S("change") : S("pass"));
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (which == REPORT && !str_eq(by->id, AGENCY) && !str_eq(by->uscc, account(c, AGENCY)->uscc)) s.wrong = "only the agency reports";
  if (which == CONCLUDE && !(s.cmd.actor.roles & ROLE_UNIT_HEAD)) s.wrong = "the joint opinion is signed by a head";
  send_one(c, &s);
  sent_keep(c, &s);
}

static const ShReview *newest_of(const City *c, int64_t project) {
  for (size_t i = c->joint.review_count; i > 0; i--)
    if (c->joint.reviews[i - 1].project == project) return &c->joint.reviews[i - 1];
  return NULL;
}

static const Account *who_does(City *c, size_t which, const ShReview *r) {
  const Project *p = project_read(c, r->project);
  if (chance(c, 10)) return anybody(c);
  if (which == REPORT) return agency_person(c);
  if (wishes[which].role == ROLE_APPLICANT) return p ? owner_of(c, p) : NULL;
  return somebody(c, wishes[which].role, str_of(wishes[which].unit));
}

/* What is due next, so that the year gets somewhere. */
static size_t next_of(City *c, const ShReview *r) {
  bool pending = false, wants = false;
  for (size_t i = 0; i < DISCIPLINES; i++) {
    pending |= r->pending[i];
    wants |= r->wants[i];
  }
  if (chance(c, 15)) return roll(c, WISHES);
  if (pending) return REPORT;
  if (r->opinion == 'c') return wants && !r->promised && chance(c, 60) ? PROMISE : RESUBMIT;
  return chance(c, 10) ? GUIDE : CONCLUDE;
}

/* ---- promises ------------------------------------------------------------------------------------------------ */

static void promise_sign(City *c) {
  int64_t no = 1 + (int64_t)roll(c, (uint32_t)c->project_count);
  const Project *p = project_read(c, no);
  const Account *by = p && chance(c, 90) ? owner_of(c, p) : anybody(c);
  Sent s = by ? sent_new(c, S("promise.sign"), S(""), by) : (Sent){0};
  if (!s.mem) return;
  Json *a = sim_json(s.mem, chance(c, 50) ? "{\"kind\":\"architect\",\"bim\":true,\"architect\":\"梁建筑师\",\"consent\":true}"
                                          : "{\"kind\":\"item\",\"stage\":3,\"item\":\"waste-disposal\",\"consent\":true}");
  json_put_int(s.mem, a, S("project"), no);
  json_put_str(s.mem, a, S("signature"), s.cmd.actor.name);
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

static void promise_check(City *c, size_t i, const char *result) {
  Str unit = str_eqz(c->joint.promises[i].item, "waste-disposal") ? S("law-enforcement") : S("housing-construction");
  const Account *by = chance(c, 90) ? somebody(c, ROLE_UNIT_HEAD, unit) : anybody(c);
  Sent s = by ? sent_new(c, S("promise.check"), arena_fmt(c->cx.mem, "promise/%zu", i + 1), by) : (Sent){0};
  if (!s.mem) return;
  Json *a = sim_json(s.mem, "{\"findings\":\"现场核查，情况见照片和记录\"}");
  json_put_str(s.mem, a, S("result"), str_of(result));
  json_put_str(s.mem, a, S("signature"), s.cmd.actor.name);
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!str_eq(s.cmd.actor.unit, unit)) s.wrong = "a promise is checked by the unit that decided";
  send_one(c, &s);
  sent_keep(c, &s);
}

#define CREDIT_WHAT "\"fact\":\"未取得施工许可擅自开工\",\"evidence\":\"现场检查笔录和照片\",\"basis\":\"D60-5.17.3\",\"decision\":\"示罚字示例号\""
static const struct { const char *command, *args; uint32_t role; } credit_acts[] = {
    {"credit.publish", "{\"text\":\"事实清楚，公布\"}", ROLE_SUPERVISOR},       {"credit.publish", "{\"text\":\"事实清楚，公布\"}", ROLE_SUPERVISOR},
    {"credit.repair", "{\"document\":\"信用修复决定示例\"}", ROLE_SUPERVISOR},  {"credit.reject", "{\"reason\":\"没有生效的决定\"}", ROLE_SUPERVISOR},
    {"credit.withdraw", "{\"reason\":\"处罚决定已被撤销\"}", ROLE_SUPERVISOR},  {"credit.object", "{\"text\":\"事实不对，请核实后更正\"}", ROLE_APPLICANT},
    {"credit.answer", "{\"result\":\"dismissed\",\"text\":\"核对过，事实清楚，证据充分\"}", ROLE_SUPERVISOR},
    {"credit.answer", "{\"result\":\"upheld\",\"text\":\"核对过，事实不清，撤销记录\"}", ROLE_SUPERVISOR},
    {"credit.ask-repair", "{\"text\":\"已经改正，罚款已经缴清\"}", ROLE_APPLICANT}, {"credit.refuse-repair", "{\"reason\":\"罚款还没有缴清\"}", ROLE_SUPERVISOR}};

/* A unit enters what an enterprise did, or the office proposes an entry of a list; rarely somebody who may not. */
static void credit_new(City *c) {
  bool list = chance(c, 40);
  size_t n = c->project_count ? roll(c, (uint32_t)c->project_count) : 0;
  const Project *p = c->project_count ? project_read(c, (int64_t)n + 1) : NULL;
  const Account *by = chance(c, 90) ? somebody(c, list ? ROLE_SUPERVISOR : ROLE_UNIT_HEAD, list ? S("") : S("housing-construction")) : anybody(c);
  Sent s = p && by ? sent_new(c, list ? S("credit.propose") : S("credit.record"), S(""), by) : (Sent){0};
  if (!s.mem) return;
  Json *a = sim_json(s.mem, "{\"subject_kind\":\"enterprise\"," CREDIT_WHAT "}");
  json_put_str(s.mem, a, S("subject"), p->owner);
  json_put_str(s.mem, a, S("uscc"), p->uscc);
  if (list) json_put_str(s.mem, a, S("list"), chance(c, 80) ? S("black") : S("red"));
  if (list) json_put_str(s.mem, a, S("condition"), chance(c, 80) ? S("unlawful-works") : S("kept-promises"));
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

static void credit_step(City *c) {
  ShJoint *j = &c->joint;
  if (j->credit_count < EARLY_MAX - PROJECTS_SPARE && (!j->credit_count || chance(c, 25))) {
    credit_new(c);
    return;
  }
  if (!j->credit_count) return;
  size_t k = roll(c, COUNT(credit_acts));
  const Account *by = chance(c, 90) ? somebody(c, credit_acts[k].role, S("")) : anybody(c);
  Sent s = by ? sent_new(c, str_of(credit_acts[k].command), arena_fmt(c->cx.mem, "credit/%zu", 1 + (size_t)roll(c, (uint32_t)j->credit_count)), by) : (Sent){0};
  if (!s.mem) return;
  sent_fill(c, &s, NULL, 0, NULL, sim_json(s.mem, credit_acts[k].args));
  if (!(s.cmd.actor.roles & (credit_acts[k].role | (credit_acts[k].role == ROLE_APPLICANT ? ROLE_SUPERVISOR : 0)))) s.wrong = "credit is looked at by the office, and spoken against by its subject";
  send_one(c, &s);
  sent_keep(c, &s);
}

static void promise_step(City *c) {
  ShJoint *j = &c->joint;
  static const char *const results[] = {"kept", "kept", "not-due"};
  if (chance(c, 30)) credit_step(c);
  else if (j->promise_count && chance(c, 40)) {
    size_t i = roll(c, (uint32_t)j->promise_count);
    /* One that is broken is revoked: its case does not come to an end. A withdrawn project may take it. */
    const Project *p = project_read(c, j->promises[i].project);
    promise_check(c, i, p && p->status != PROJECT_RUNNING && chance(c, 50) ? "broken" : results[roll(c, COUNT(results))]);
  } else if (c->project_count && j->promise_count < EARLY_MAX - PROJECTS_SPARE) promise_sign(c);
}

void joint_step(City *c) {
  ShJoint *j = &c->joint;
  if (chance(c, 25)) {
    promise_step(c);
    return;
  }
  size_t i = j->review_count ? roll(c, (uint32_t)j->review_count) : 0;
  if (!j->agencies) {
    agency_step(c);
    return;
  }
  if (!j->review_count || (j->review_count < EARLY_MAX - PROJECTS_SPARE && chance(c, 25))) {
    if (c->project_count) apply_step(c);
    return;
  }
  size_t which = next_of(c, &j->reviews[i]);
  act_send(c, i, which, who_does(c, which, &j->reviews[i]), reports[roll(c, DISCIPLINES)], chance(c, 75), chance(c, 10));
}

/* The agency reports what is waited for, the opinion follows, the owner resubmits; after a failed one another is applied for. */
static bool review_finish(City *c, size_t i) {
  const ShReview *r = &c->joint.reviews[i];
  const Project *p = project_read(c, r->project);
  if (!p || p->status != PROJECT_RUNNING || newest_of(c, r->project) != r || r->opinion == 'p') return false;
  if (r->opinion == 'f' || r->opinion == 'x') {
    if (p->stages[3].status == STAGE_CERTIFIED || p->stages[3].status == STAGE_DELIVERED || c->joint.review_count >= EARLY_MAX) return false;
    size_t before = c->joint.review_count;
    apply_send(c, r->project, owner_of(c, p));
    return c->joint.review_count > before;
  }
  for (size_t d = 0; d < DISCIPLINES; d++)
    if (r->pending[d]) {
      act_send(c, i, REPORT, agency_person(c), discipline_text((Discipline)d).ptr, true, false);
      return true;
    }
  if (r->opinion == 'c') act_send(c, i, RESUBMIT, owner_of(c, p), "", true, false);
  else act_send(c, i, CONCLUDE, somebody(c, ROLE_UNIT_HEAD, S("housing-construction")), "", true, false);
  return true;
}

/* A case whose permit came first is accepted only after its review. */
static bool late_review(City *c, int64_t no) {
  const Project *p = project_read(c, no);
  size_t before = c->joint.review_count;
  if (!p || p->status != PROJECT_RUNNING || !project_acceptance_waits(p) || newest_of(c, no) || before >= EARLY_MAX) return false;
  if (p->stages[3].status != STAGE_CERTIFIED && p->stages[3].status != STAGE_DELIVERED && p->stages[3].status != STAGE_RUNNING && p->stages[3].status != STAGE_DECIDED) return false;
  for (int tries = 0; tries < 50 && !c->joint.agencies; tries++) agency_step(c);
  apply_send(c, no, owner_of(c, p));
  return c->joint.review_count > before;
}

bool joint_finish(City *c) {
  bool moved = false;
  for (size_t i = 0; i < c->project_count && !c->failed; i++) moved = late_review(c, (int64_t)i + 1) || moved;
  for (size_t i = 0, n = c->joint.review_count; i < n && !c->failed; i++) moved = review_finish(c, i) || moved;
  return moved;
}

/* ---- what may have happened -------------------------------------------------------------------------------- */

static bool over(const ShReview *r) {
  return r->opinion == 'p' || r->opinion == 'f' || r->opinion == 'x';
}

static void applied(City *c, const Event *e, ShReview *r) {
  int64_t project = json_int(e->body, S("project"), 0);
  const ShReview *other = newest_of(c, project);
  CHECK(c, !other || other->opinion == 'f' || other->opinion == 'x', "drawings are reviewed once", "%.*s", SFMT(e->stream));
  *r = (ShReview){.project = project};
  for (size_t d = 0; d < DISCIPLINES; d++) r->pending[d] = true;
  shadow_once(c, json_str(e->body, S("number")));
  c->joint.review_count++;
}

static void reported(City *c, const Event *e, ShReview *r) {
  Discipline d = DISCIPLINES;
  bool known = discipline_parse(json_str(e->body, S("discipline")), &d);
  CHECK(c, known && r->pending[d], "a discipline is reported once a round", "%.*s", SFMT(e->stream));
  if (!known) return;
  r->pending[d] = false;
  r->wants[d] = str_eqz(json_str(e->body, S("result")), "change");
}

static void concluded(City *c, const Event *e, ShReview *r, int opinion) {
  for (size_t d = 0; d < DISCIPLINES; d++) {
    CHECK(c, !r->pending[d], "an opinion comes after the four reports", "%.*s", SFMT(e->stream));
    CHECK(c, opinion != 'p' || !r->wants[d], "what passes passed in all disciplines", "%.*s", SFMT(e->stream));
  }
  r->opinion = opinion;
}

static void review_event(City *c, const Event *e) {
  Str head, no, kind = str_sub(e->kind, 7, SIZE_MAX);
  int64_t n = 0;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &n);
  CHECK(c, n >= 1 && n <= (int64_t)c->joint.review_count + 1 && n <= EARLY_MAX, "numbers have no gaps", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  ShReview *r = &c->joint.reviews[n - 1];
  CHECK(c, !over(r), "what is settled stays so", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
  if (!str_eqz(kind, "reported") && !str_eqz(kind, "guided")) c->joint.notes_due++;
  if (str_eqz(kind, "applied")) applied(c, e, r);
  if (str_eqz(kind, "reported")) reported(c, e, r);
  if (str_eqz(kind, "passed")) concluded(c, e, r, 'p');
  if (str_eqz(kind, "failed")) concluded(c, e, r, 'f');
  if (str_eqz(kind, "change-asked")) concluded(c, e, r, 'c');
  if (str_eqz(kind, "closed")) r->opinion = 'x';
  if (str_eqz(kind, "guided")) {
    Discipline d = DISCIPLINES;
    CHECK(c, !r->promised, "no department reviews after a promise", "%.*s", SFMT(e->stream));
    if (json_bool(e->body, S("again")) && discipline_parse(json_str(e->body, S("discipline")), &d)) r->pending[d] = true;
  }
  if (str_eqz(kind, "promised")) {
    CHECK(c, r->opinion == 'c' && !r->promised, "a letter of promise follows what must be changed", "%.*s", SFMT(e->stream));
    r->promised = true;
  }
  if (!str_eqz(kind, "resubmitted")) return;
  for (size_t d = 0; d < DISCIPLINES; d++) r->pending[d] = r->wants[d];
  r->opinion = 0;
}

static void promise_event(City *c, const Event *e) {
  ShJoint *j = &c->joint;
  Str head, no, kind = str_sub(e->kind, 8, SIZE_MAX);
  int64_t n = 0;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &n);
  CHECK(c, n >= 1 && n <= (int64_t)j->promise_count + 1 && n <= EARLY_MAX, "numbers have no gaps", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  size_t i = (size_t)n - 1;
  bool signs = str_eqz(kind, "signed"), accepts = str_eqz(kind, "accepted"), breaks = str_eqz(kind, "broken");
  if (signs || accepts || breaks || str_eqz(kind, "kept") || str_eqz(kind, "closed")) j->notes_due++;
  CHECK(c, !j->promises[i].ended || str_eqz(kind, "reviewed"), "what is settled stays so", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
  if (signs) {
    j->promises[i].project = json_int(e->body, S("project"), 0);
    j->promises[i].item = arena_str(c->mem, json_str(e->body, S("of_item")));
    j->promises[i].item_kind = str_eqz(json_str(e->body, S("kind")), "item");
    j->promise_count++;
    shadow_once(c, json_str(e->body, S("number")));
  }
  if (accepts) {
    CHECK(c, !j->promises[i].accepted && json_str(e->body, S("check_due")).len, "an accepted promise has a check", "%.*s", SFMT(e->stream));
    CHECK(c, str_has(e->command, S(">promise.accept>")), "a promise is accepted by the decision that rests on it", "%.*s", SFMT(e->command));
    j->promises[i].accepted = true;
    if (!day_parse(json_str(e->body, S("review_due")), &j->promises[i].review_due)) j->promises[i].review_due = (Day){0};
    if (j->promises[i].reviewed) j->promises[i].review_due = (Day){0};
  }
  if (str_eqz(kind, "halted")) CHECK(c, !j->promises[i].halted, "work is stopped once", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "resumed")) CHECK(c, j->promises[i].halted, "what was stopped goes on", "%.*s", SFMT(e->stream));
  /* Until then the timer has to come. */
  if (str_eqz(kind, "reviewed")) j->promises[i].reviewed = true;
  if (str_eqz(kind, "reviewed") || str_eqz(kind, "halted") || breaks || str_eqz(kind, "kept") || str_eqz(kind, "closed")) j->promises[i].review_due = (Day){0};
  if (str_eqz(kind, "halted") || str_eqz(kind, "resumed")) j->promises[i].halted = str_eqz(kind, "halted");
  if (breaks || str_eqz(kind, "kept")) CHECK(c, j->promises[i].accepted && e->unit.len, "a check follows what rests on the promise", "%.*s", SFMT(e->stream));
  j->credits_due += breaks;
  j->revokes_due += breaks;
  j->promises[i].broken |= breaks;
  j->promises[i].ended |= breaks || str_eqz(kind, "kept") || str_eqz(kind, "closed");
}

static void credit_drafted(City *c, const Event *e, ShCredit *k) {
  ShJoint *j = &c->joint;
  bool follows = str_has(e->command, S(">credit.draft>"));
  j->credit_count++;
  j->credits_due -= follows;
  if (follows) shadow_once(c, json_str(e->body, S("decision")));
  shadow_once(c, json_str(e->body, S("number")));
  *k = (ShCredit){.state = 'd', .list = json_str(e->body, S("condition")).len > 0};
  if (k->list) CHECK(c, day_parse(json_str(e->body, S("notice_due")), &k->notice), "an entry of a list is told of first", "%.*s", SFMT(e->stream));
}

static void credit_event(City *c, const Event *e) {
  Str head, no, kind = str_sub(e->kind, 7, SIZE_MAX);
  int64_t n = 0;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &n);
  CHECK(c, n >= 1 && n <= (int64_t)c->joint.credit_count + 1 && n <= EARLY_MAX, "numbers have no gaps", "%.*s", SFMT(e->stream));
  if (c->failed) return;
  ShCredit *k = &c->joint.credits[n - 1];
  bool drafted = str_eqz(kind, "drafted"), published = str_eqz(kind, "published"), office = str_eqz(e->unit, "business-environment");
  CHECK(c, drafted || k->state == 'd' || k->state == 'p', "what is over stays so", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
  if (drafted) credit_drafted(c, e, k);
  if (published) {
    CHECK(c, office && k->state == 'd' && !k->objected, "what is published was looked at, and no objection waits", "%.*s", SFMT(e->stream));
    CHECK(c, !k->list || day_of(e->happened).n > k->notice.n, "nobody is listed before the notice is over", "%.*s", SFMT(e->stream));
    k->state = 'p';
    if (!day_parse(json_str(e->body, S("until")), &k->until)) k->until = (Day){0};
  }
  if (str_eqz(kind, "objected")) CHECK(c, !k->objected, "an objection is answered before the next", "%.*s", SFMT(e->stream));
  if (str_eqz(kind, "objected")) k->objected = true;
  if (str_eqz(kind, "answered")) {
    CHECK(c, k->objected && office, "the office answers an objection", "%.*s", SFMT(e->stream));
    k->objected = false;
    if (str_eqz(json_str(e->body, S("result")), "upheld")) k->state = 'x';
  }
  if (str_eqz(kind, "repaired") || str_eqz(kind, "expired") || str_eqz(kind, "withdrawn")) {
    CHECK(c, k->state == 'p', "what ends was published", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
    k->state = 'x';
  }
  if (str_eqz(kind, "rejected")) k->state = 'x';
}

static bool architect_of(const City *c, int64_t project) {
  for (size_t i = 0; i < c->joint.promise_count; i++)
    if (c->joint.promises[i].project == project && !c->joint.promises[i].item_kind && !c->joint.promises[i].broken) return true;
  return false;
}

/* In the case itself: what waits for the drawings waits, and nobody reviews them a second time. */
static void drawings_event(City *c, const Event *e) {
  Str head, no;
  int64_t n = 0;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &n);
  if (str_eqz(e->kind, "project.review-noted") || str_eqz(e->kind, "project.promise-noted")) c->joint.notes_due--;
  c->joint.revokes_due -= str_eqz(e->kind, "item.revoked");
  const Item *item = policy_item(c->policies.current, json_str(e->body, S("item")));
  const ShReview *r = item && item->drawings.len ? newest_of(c, n) : NULL;
  if (!r || !str_eqz(e->kind, "item.decided")) return;
  bool ready = r->opinion == 'p' || (r->promised && r->opinion != 'f') || json_int(e->body, S("promise"), 0) || architect_of(c, n), pass = str_eqz(json_str(e->body, S("result")), "pass");
  CHECK(c, !pass || ready, "a permit waits for the drawings", "%.*s %.*s", SFMT(e->stream), SFMT(item->code));
  CHECK(c, pass || !ready || !str_eqz(item->drawings, "review"), "drawings are not reviewed a second time", "%.*s %.*s", SFMT(e->stream), SFMT(item->code));
}

void joint_event(City *c, const Event *e) {
  if (str_starts(e->stream, S("agency/"))) c->joint.agencies += str_eqz(e->kind, "agency.added");
  if (str_starts(e->stream, S("review/"))) review_event(c, e);
  if (str_starts(e->stream, S("promise/"))) promise_event(c, e);
  if (str_starts(e->stream, S("credit/"))) credit_event(c, e);
  if (str_starts(e->stream, S("project/"))) drawings_event(c, e);
}

/* The page of coverage leaves no accepted promise out. */
static void coverage_check(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  PromiseCount n;
  int64_t accepted = 0, broken = 0;
  for (size_t i = 0; i < c->joint.promise_count; i++) {
    accepted += c->joint.promises[i].accepted;
    broken += c->joint.promises[i].broken;
  }
  if (promises_count(&cx, c->reader, S(""), c->now, &n) != OK) STOP(c, "the coverage is read", "%.*s", SFMT(cx.detail));
  CHECK(c, n.accepted == accepted && n.broken == broken && n.accepted == n.due + n.late + n.kept + n.broken, "each accepted promise is in one figure",
        "%lld of %lld, %lld due, %lld late, %lld kept, %lld broken", (long long)n.accepted, (long long)accepted, (long long)n.due, (long long)n.late,
        (long long)n.kept, (long long)n.broken);
}

/* Between two acts no reaction is missing, and the case says of its review what the review is. */
void joint_check(City *c) {
  static const struct { int opinion; const char *status; } states[] = {{0, "reviewing"}, {'c', "change"}, {'p', "passed"}, {'f', "failed"}, {'x', "closed"}};
  CHECK(c, c->joint.credits_due == 0 && c->joint.revokes_due == 0, "a broken promise has its record and its revocation", "%d, %d", c->joint.credits_due, c->joint.revokes_due);
  CHECK(c, c->joint.notes_due == 0, "what a review did is in its case", "%d", c->joint.notes_due);
  coverage_check(c);
  for (size_t i = 0; i < c->joint.review_count; i++) {
    const ShReview *r = &c->joint.reviews[i];
    const Project *p = newest_of(c, r->project) == r ? project_read(c, r->project) : NULL;
    const ReviewNote *note = p ? project_review(p) : NULL;
    for (size_t k = 0; p && k < COUNT(states); k++)
      if (states[k].opinion == r->opinion)
        CHECK(c, note && str_eqz(note->status, states[k].status) && (note->promised_at > 0) == r->promised, "case and review agree", "review %zu", i + 1);
  }
}
