/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shadow.c: the second book, kept from the events alone: who there is, what stands where, which step may follow
 * which. Written from the rules and not from the engine, so that a rule broken there is seen here.
 */
#include "sim.h"
#include "journal/journal_int.h"

#define IN(s) (1u << (s))
#define OPENING (IN(STAGE_OPEN) | IN(STAGE_REFUSED) | IN(STAGE_WITHDRAWN))

/* A stage's steps: from which states, to which, and who. */
static const struct Rule {
  const char *kind;
  uint32_t from;
  StageStatus to; /* unset: stays */
  uint32_t who;
} rules[] = {
    {"stage.draft-saved", OPENING | IN(STAGE_CORRECTION), STAGE_STATUS_UNSET, ROLE_APPLICANT},
    {"stage.confirm-asked", OPENING | IN(STAGE_CORRECTION), STAGE_STATUS_UNSET, ROLE_AGENT},
    {"stage.draft-returned", OPENING | IN(STAGE_CORRECTION), STAGE_STATUS_UNSET, ROLE_APPLICANT},
    {"stage.submitted", OPENING, STAGE_SUBMITTED, ROLE_APPLICANT},
    {"stage.corrected", IN(STAGE_CORRECTION), STAGE_SUBMITTED, ROLE_APPLICANT},
    {"stage.supplied", IN(STAGE_SUBMITTED) | IN(STAGE_ACCEPTED) | IN(STAGE_SLIP) | IN(STAGE_RUNNING) | IN(STAGE_DECIDED), STAGE_STATUS_UNSET, ROLE_APPLICANT},
    {"stage.lacking-expired", IN(STAGE_SUBMITTED) | IN(STAGE_CORRECTION) | IN(STAGE_ACCEPTED) | IN(STAGE_SLIP) | IN(STAGE_RUNNING) | IN(STAGE_DECIDED),
     STAGE_STATUS_UNSET, ROLE_SYSTEM},
    {"stage.reported", IN(STAGE_SUBMITTED), STAGE_STATUS_UNSET, ROLE_APPROVER | ROLE_UNIT_HEAD},
    {"stage.correction-requested", IN(STAGE_SUBMITTED), STAGE_CORRECTION, ROLE_CLERK},
    {"stage.accepted", IN(STAGE_SUBMITTED), STAGE_ACCEPTED, ROLE_CLERK | ROLE_SYSTEM},
    {"stage.not-accepted", IN(STAGE_SUBMITTED) | IN(STAGE_CORRECTION), STAGE_WITHDRAWN, ROLE_CLERK},
    {"stage.slip-drafted", IN(STAGE_ACCEPTED), STAGE_SLIP, ROLE_CLERK},
    {"stage.slip-returned", IN(STAGE_SLIP), STAGE_ACCEPTED, ROLE_WINDOW_HEAD},
    {"stage.dispatched", IN(STAGE_SLIP), STAGE_RUNNING, ROLE_WINDOW_HEAD},
    {"stage.tied", IN(STAGE_RUNNING), STAGE_STATUS_UNSET, ROLE_SYSTEM},
    {"stage.untied", IN(STAGE_RUNNING), STAGE_STATUS_UNSET, ROLE_SYSTEM},
    {"stage.certified", IN(STAGE_DECIDED), STAGE_CERTIFIED, ROLE_CLERK},
    {"stage.refused", IN(STAGE_DECIDED), STAGE_REFUSED, ROLE_CLERK},
    {"stage.posted", IN(STAGE_CERTIFIED), 0, ROLE_CLERK},
    {"stage.delivered", IN(STAGE_CERTIFIED), STAGE_DELIVERED, ROLE_CLERK},
    {"stage.withdrawn", IN(STAGE_SUBMITTED) | IN(STAGE_CORRECTION) | IN(STAGE_ACCEPTED) | IN(STAGE_SLIP) | IN(STAGE_RUNNING) | IN(STAGE_DECIDED),
     STAGE_WITHDRAWN, ROLE_APPLICANT}};

const Policy *policy_now(City *c, Str version) {
  return version.len ? policies_at(c->cx.mem, &c->policies, version, c->version) : policy_on(c, day_of(c->now));
}

const Account *account(const City *c, Str id) {
  for (size_t i = 0; i < c->account_count; i++)
    if (str_eq(c->accounts[i].id, id)) return &c->accounts[i];
  return NULL;
}

ShProject *shadow_project(City *c, int64_t no) {
  return no >= 1 && no <= (int64_t)c->project_count ? &c->projects[no - 1] : NULL;
}

void shadow_once(City *c, Str number) {
  for (size_t i = 0; i < c->number_count; i++) CHECK(c, !str_eq(c->numbers[i], number), "numbers are given once", "%.*s", SFMT(number));
  CHECK(c, number.len, "numbers are given once", "an empty one");
  c->numbers[c->number_count++] = arena_str(c->mem, number);
}

/* What an account replaced or took out is gone from the vault, in the same commit. */
static void erased_check(City *c, const Event *e) {
  const Json *list = json_get(e->body, S("erased"));
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    Str value;
    Cx cx = {.mem = c->cx.mem};
    CHECK(c, reader_vault(&cx, c->reader, x->str, &value) == NOT_FOUND, "what is erased is gone", "%.*s", SFMT(x->str));
  }
}

/* ---- accounts --------------------------------------------------------------------------------------- */

static void account_event(City *c, const Event *e) {
  Str id = str_sub(e->stream, 5, SIZE_MAX);
  Account *a = (Account *)(uintptr_t)account(c, id);
  if (str_eqz(e->kind, "user.created")) {
    CHECK(c, !a && c->account_count < ACCOUNTS_MAX, "an account is made once", "%.*s", SFMT(id));
    a = &c->accounts[c->account_count++];
    *a = (Account){.id = arena_str(c->mem, id)};
  }
  if (!a) STOP(c, "an account is made before it is changed", "%.*s", SFMT(id));
  Cx cx = {.mem = c->cx.mem};
  if (json_get(e->body, S("name"))) a->name = arena_str(c->mem, json_str(e->body, S("name")));
  if (json_get(e->body, S("unit"))) a->unit = arena_str(c->mem, json_str(e->body, S("unit")));
  if (json_get(e->body, S("org_uscc"))) a->uscc = arena_str(c->mem, json_str(e->body, S("org_uscc")));
  if (json_get(e->body, S("roles"))) CHECK(c, roles_parse(&cx, json_str(e->body, S("roles")), &a->roles) == OK, "roles", "%.*s", SFMT(id));
  access_followed(c, e, a);
  bool contact = str_eqz(e->kind, "user.contact-set");
  if (json_get(e->body, S("phone_ref")) || contact) a->phone = json_str(e->body, S("phone_ref")).len > 0;
  if (contact) a->email = json_str(e->body, S("email_ref")).len > 0;
  if (contact) a->no_mail = !json_bool(e->body, S("mail"));
  if (contact) a->no_sms = !json_bool(e->body, S("sms"));
  if (contact) erased_check(c, e);
  if (str_eqz(e->kind, "user.disabled")) a->disabled = true;
  if (str_eqz(e->kind, "user.enabled")) a->disabled = false;
  uint32_t admins = a->roles & (ROLE_SYSADMIN | ROLE_SECADMIN | ROLE_AUDITOR);
  CHECK(c, !(admins & (admins - 1)) && (!admins || admins == a->roles), "three administrators, three persons", "%.*s", SFMT(id));
  static const uint32_t kinds[] = {ROLE_SYSADMIN, ROLE_SECADMIN, ROLE_AUDITOR};
  for (size_t k = 0; k < COUNT(kinds); k++) {
    size_t all = 0, left = 0;
    for (size_t i = 0; i < c->account_count; i++) {
      all += (c->accounts[i].roles & kinds[k]) != 0;
      left += (c->accounts[i].roles & kinds[k]) && !c->accounts[i].disabled;
    }
    CHECK(c, !all || left, "the last administrator of a kind stays", "%.*s", SFMT(role_text((Role)kinds[k])));
  }
}

/* The account as it was when it acted; the system has none. */
void shadow_actor(City *c, const Event *e, uint32_t need) {
  if (str_eq(e->actor, S("system"))) {
    CHECK(c, (need & ROLE_SYSTEM), "nobody acts outside the role", "the system did %.*s", SFMT(e->kind));
    return;
  }
  const Account *a = account(c, e->actor);
  if (!a) STOP(c, "every actor has an account", "%.*s", SFMT(e->actor));
  CHECK(c, !a->disabled, "nobody acts when disabled", "%.*s %.*s", SFMT(e->actor), SFMT(e->kind));
  if (e->behalf.len && (need & ROLE_APPLICANT)) need |= ROLE_AGENT;
  CHECK(c, a->roles & need, "nobody acts outside the role", "%.*s %.*s", SFMT(e->actor), SFMT(e->kind));
  CHECK(c, str_eq(a->name, e->actor_name) && str_eq(a->unit, e->unit), "an event names the actor of that time", "%.*s", SFMT(e->actor));
}

/* ---- the calendar's book ------------------------------------------------------------------------------ */

static void calendar_event(City *c, const Event *e) {
  int64_t no = json_int(e->body, S("no"), 0);
  shadow_actor(c, e, CALENDAR_ROLES);
  if (str_eqz(e->kind, "calendar.proposed")) {
    CHECK(c, !c->proposal && no == c->proposals + 1, "one proposal waits at a time", "no. %lld", (long long)no);
    c->proposal = true;
    c->proposals = no;
    c->proposed_by = arena_str(c->mem, e->actor);
    return;
  }
  CHECK(c, c->proposal && no == c->proposals, "only what waits is decided", "no. %lld", (long long)no);
  c->proposal = false;
  if (!str_eqz(e->kind, "calendar.confirmed")) return;
  CHECK(c, !str_eq(e->actor, c->proposed_by), "a notice takes two persons", "%.*s", SFMT(e->actor));
  CHECK(c, json_int(e->body, S("version"), 0) == c->version + 1, "versions have no gaps", "%d", c->version);
  c->version++;
}

/* ---- projects ----------------------------------------------------------------------------------------- */

static void registered(City *c, const Event *e) {
  const Json *b = e->body, *l = json_get(b, S("limits"));
  int64_t no = json_int(b, S("no"), 0), parsed = 0;
  const Policy *p = policy_on(c, day_of(e->happened));
  const Category *category = policy_category(p, json_str(b, S("category")));
  CHECK(c, no == (int64_t)c->project_count + 1 && str_eq(e->stream, arena_fmt(c->cx.mem, "project/%lld", (long long)no)),
        "numbers have no gaps", "%lld after %zu", (long long)no, c->project_count);
  CHECK(c, project_number_parse(json_str(b, S("number")), &parsed) && parsed == no, "numbers have no gaps", "%.*s", SFMT(json_str(b, S("number"))));
  REQUIRE(c->project_count < PROJECTS_MAX);
  ShProject *s = &c->projects[c->project_count++];
  *s = (ShProject){.no = no, .number = arena_str(c->mem, json_str(b, S("number"))), .applicant = arena_str(c->mem, json_get(b, S("applicant")) ? json_str(b, S("applicant")) : e->actor),
                   .uscc = arena_str(c->mem, json_str(b, S("uscc"))), .category = arena_str(c->mem, json_str(b, S("category"))),
                   .county = arena_str(c->mem, json_str(b, S("county"))), .facts = json_clone(c->mem, json_get(b, S("facts"))),
                   .status = PROJECT_RUNNING};
  shadow_once(c, s->number);
  shadow_once(c, json_str(b, S("code")));
  bool first = true;
  for (int n = 1; n <= STAGE_MAX && l && category; n++) {
    int limit = category->limit[n];
    s->limits[n] = limit;
    s->stages[n].status = !limit ? STAGE_NA : first ? STAGE_OPEN : STAGE_CLOSED;
    first = first && !limit;
  }
}

static void stage_next(ShProject *p, int n) {
  for (int k = n + 1; k <= STAGE_MAX; k++) {
    if (p->stages[k].status == STAGE_NA) continue;
    if (p->stages[k].status == STAGE_CLOSED) p->stages[k].status = STAGE_OPEN;
    return;
  }
}

/* Counted by hand: the law has answered when five working days have gone by after the receipt. */
static Day answer_day(City *c, Day receipt) {
  const Policy *p = policy_now(c, S(""));
  Day d = receipt;
  for (int counted = 0; counted < p->receipt_days;) {
    d.n++;
    counted += calendar_is_work(p->calendar, d);
  }
  return (Day){d.n + 1};
}

static void accepted(City *c, const Event *e, ShProject *p, ShStage *s, int n) {
  Day day = {0}, receipt = day_of(s->submitted), from = answer_day(c, receipt);
  bool deemed = json_bool(e->body, S("deemed")), late = e->happened >= day_start(from);
  const Policy *policy = deemed ? policy_now(c, s->asked) : policy_on(c, day_of(e->happened));
  const Category *category = policy_category(policy, p->category);
  ItemChoice *choices = NULL;
  size_t count = policy_items(c->cx.mem, policy, n, p->category, p->county, p->facts, &choices);
  CHECK(c, day_parse(json_str(e->body, S("day")), &day) && deemed == late && day.n == (late ? receipt : day_of(e->happened)).n,
        "acceptance without an answer comes after five working days", "project %lld stage %d", (long long)p->no, n);
  CHECK(c, str_eq(json_str(e->body, S("policy")), policy->version) && category && json_int(e->body, S("limit"), 0) == category->limit[n],
        "the limit of the day of acceptance is pinned", "project %lld stage %d", (long long)p->no, n);
  s->accepted = day;
  s->limit = (int)json_int(e->body, S("limit"), 0);
  s->version = arena_str(c->mem, policy->version);
  s->plan = json_clone(c->mem, json_get(e->body, S("items")));
  size_t planned = 0;
  for (size_t i = 0; i < count; i++) {
    const Item *item = choices[i].item;
    const Json *row = s->plan->first;
    while (row && !str_eq(json_str(row, S("code")), item->code)) row = row->next;
    bool wanted = choices[i].applies != NO && !shadow_find(s, item->code);
    CHECK(c, wanted == (row != NULL), "the plan is the catalogue, no more, no less", "%.*s", SFMT(item->code));
    if (!row) continue;
    planned++;
    CHECK(c, str_eq(json_str(row, S("unit")), choices[i].unit) && json_int(row, S("days"), 0) == choices[i].days && item->stage == n,
          "the plan is the catalogue, no more, no less", "%.*s", SFMT(item->code));
  }
  CHECK(c, planned == s->plan->count, "the plan is the catalogue, no more, no less", "%u items, %zu known", s->plan->count, planned);
}

static void dispatched(City *c, ShStage *s, const Event *e) {
  const Policy *p = policy_now(c, s->version);
  for (const Json *row = s->plan ? s->plan->first : NULL; row; row = row->next) {
    const Item *item = policy_item(p, json_str(row, S("code")));
    if (!item || s->count >= ITEMS_MAX) STOP(c, "no item outside the catalogue", "%.*s", SFMT(json_str(row, S("code"))));
    s->items[s->count++] = (ShItem){.code = json_str(row, S("code")), .unit = json_str(row, S("unit")), .parallel = item->parallel,
                                    .utility = str_eqz(item->kind, "市政公用接入"), .before = item->before_stage,
                                    .days = (int)json_int(row, S("days"), 0), .limit = (int)json_int(row, S("days"), 0),
                                    .status = ITEM_WAITING, .last = e->seq, .start = s->accepted};
    if (!json_str(row, S("opens")).len) continue;
    CHECK(c, item->opens.len && item->parallel, "only what the package says waits for the certificate", "%.*s", SFMT(item->code));
    s->items[s->count - 1].status = ITEM_HELD;
    s->items[s->count - 1].start = (Day){0};
  }
  shadow_settle(c, s);
}

/* ---- the one-time notice ---------------------------------------------------------------------------------- */

static void reported(City *c, const Event *e, ShStage *s) {
  Str unit = json_str(e->body, S("unit"));
  size_t i = 0;
  CHECK(c, !s->noticed, "nothing is asked for after the notice", "%.*s", SFMT(unit));
  CHECK(c, str_eq(e->unit, unit), "a department speaks for itself", "%.*s for %.*s", SFMT(e->unit), SFMT(unit));
  while (i < s->report_count && !str_eq(s->reports[i].unit, unit)) i++;
  if (i == COUNT(s->reports)) STOP(c, "departments have a bound", "%zu", i);
  if (i == s->report_count) s->report_count++;
  s->reports[i].unit = arena_str(c->mem, unit);
  s->reports[i].missing = json_clone(c->mem, json_get(e->body, S("missing")));
}

static bool named(const Json *list, const Json *x) {
  Subject about = {.of = json_str(x, S("of")), .what = json_str(x, S("what"))};
  return subjects_find(list, &about) != NULL;
}

/* Whatever a department named is asked for once, or dropped with a reason; and all who have items were heard in time. */
static void answered(City *c, const Event *e, const ShProject *p, const ShStage *s, int n) {
  const Json *missing = json_get(e->body, S("missing")), *dropped = json_get(e->body, S("dropped"));
  for (size_t i = 0; i < s->report_count; i++)
    for (const Json *x = s->reports[i].missing ? s->reports[i].missing->first : NULL; x; x = x->next)
      CHECK(c, named(missing, x) || named(dropped, x), "one notice over all departments", "project %lld: %.*s", (long long)p->no, SFMT(json_str(x, S("what"))));
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next)
    for (const Json *y = missing->first; y != x; y = y->next)
      CHECK(c, !str_eq(json_str(x, S("what")), json_str(y, S("what"))), "a thing is asked for once", "%.*s", SFMT(json_str(x, S("what"))));
  if (!missing) return;
  const Policy *policy = policy_now(c, s->asked);
  bool over = day_of(e->happened).n > calendar_add(policy->calendar, day_of(s->submitted), policy->ask_days).n;
  ItemChoice *list = NULL;
  size_t count = policy_items(c->cx.mem, policy, n, p->category, p->county, p->facts, &list);
  for (size_t k = 0; k < count && !over; k++) {
    bool there = list[k].applies == NO || list[k].item->outside || shadow_find((ShStage *)(uintptr_t)s, list[k].item->code);
    for (size_t i = 0; i < s->report_count; i++) there = there || str_eq(s->reports[i].unit, list[k].unit);
    CHECK(c, there, "the notice waits for every department", "project %lld: %.*s", (long long)p->no, SFMT(list[k].unit));
  }
}

static void cert_new(City *c, ShProject *p, Str number, int n) {
  shadow_once(c, number);
  if (p->cert_count == COUNT(p->certs)) return;
  p->certs[p->cert_count].number = arena_str(c->mem, number);
  p->certs[p->cert_count].stage = n;
  p->certs[p->cert_count++].state = 'V';
}

/* Something was applied for again, and all of it has passed. */
static void reissued_check(City *c, const ShProject *p, int n) {
  size_t anew = 0;
  for (size_t i = 0; i < p->stages[n].count; i++) {
    const ShItem *x = &p->stages[n].items[i];
    CHECK(c, !x->revoked && (!x->anew || x->status == ITEM_PASSED), "a certificate is issued anew when all passed again", "%.*s", SFMT(x->code));
    anew += x->anew;
  }
  CHECK(c, anew > 0, "a certificate is issued anew for what was applied for again", "project %lld stage %d", (long long)p->no, n);
}

/* From which states, to which; by the head of the window, with a reason. */
static void cert_event(City *c, const Event *e, ShProject *p) {
  static const struct { const char *kind, *from; char to; } steps[] = {
      {"certificate.changed", "V", 'C'}, {"certificate.suspended", "V", 'S'}, {"certificate.restored", "S", 'V'}, {"certificate.revoked", "VS", 'R'},
      {"certificate.reissued", "R", 'X'}};
  size_t i = 0, k = 0;
  while (k < COUNT(steps) && !str_eqz(e->kind, steps[k].kind)) k++;
  if (k == COUNT(steps)) STOP(c, "every kind is known", "%.*s", SFMT(e->kind));
  while (i < p->cert_count && !str_eq(p->certs[i].number, json_str(e->body, S("certificate")))) i++;
  if (i == p->cert_count) return; /* beyond what is kept here */
  CHECK(c, strchr(steps[k].from, p->certs[i].state), "only listed steps", "%.*s of %c", SFMT(e->kind), p->certs[i].state);
  CHECK(c, json_str(e->body, S("reason")).len, "a certificate does not change without a reason", "%.*s", SFMT(e->kind));
  shadow_actor(c, e, ROLE_WINDOW_HEAD | (str_has(e->command, S(">project.")) || str_has(e->command, S(">item.revoke>")) ? ROLE_SYSTEM : 0));
  p->certs[i].state = steps[k].to;
  CHECK(c, steps[k].to != 'R' || !str_has(e->command, S(">item.revoke>")) || !p->beside, "no certificate goes with what is beside its stage", "%.*s", SFMT(e->stream));
  if (steps[k].to == 'R') p->revoked = true;
  if (steps[k].to == 'X') reissued_check(c, p, p->certs[i].stage);
  if (strchr("CX", steps[k].to)) cert_new(c, p, json_str(e->body, S("new")), p->certs[i].stage);
}

static void certified(City *c, const Event *e, ShProject *p, ShStage *s, int n) {
  for (size_t i = 0; i < s->lack_count; i++) CHECK(c, s->lacks[i].supplied, "no certificate over a promise", "%.*s", SFMT(s->lacks[i].material));
  for (size_t i = 0; i < s->count; i++)
    CHECK(c, s->items[i].parallel || s->items[i].status == ITEM_PASSED, "a certificate only when all passed", "%.*s", SFMT(s->items[i].code));
  for (int k = 1; k <= STAGE_MAX; k++)
    for (size_t i = 0; i < p->stages[k].count; i++) {
      const ShItem *x = &p->stages[k].items[i];
      if (!x->parallel || x->before != n) continue;
      CHECK(c, x->status == ITEM_PASSED || (x->utility && x->status == ITEM_WITHDRAWN), "a certificate waits for what runs beside", "%.*s", SFMT(x->code));
    }
  for (size_t i = 0; i < p->cert_count; i++)
    CHECK(c, p->certs[i].stage >= n || !strchr("SR", p->certs[i].state), "nothing is issued on a certificate that may not be used", "%.*s", SFMT(p->certs[i].number));
  for (size_t i = 0; i < s->count; i++) {
    ShItem *x = &s->items[i];
    if (x->status != ITEM_HELD) continue;
    x->status = ITEM_WAITING;
    x->start = day_of(e->happened);
    x->last = e->seq;
  }
  const Json *list = json_get(e->body, S("certificates"));
  CHECK(c, list && list->count, "a stage has its certificate", "project %lld", (long long)p->no);
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    CHECK(c, json_str(x, S("issuer")).len && json_str(e->body, S("seal")).len && json_str(e->body, S("seal_basis")).len, "issuer, seal and authority are recorded",
          "%.*s", SFMT(json_str(x, S("number"))));
    cert_new(c, p, json_str(x, S("number")), n);
  }
}

/* A new attempt keeps what passed and what still runs beside. */
static void attempt(ShStage *s) {
  size_t out = 0;
  for (size_t i = 0; i < s->count; i++)
    if (s->items[i].status == ITEM_PASSED || shadow_open(&s->items[i])) s->items[out++] = s->items[i];
  s->count = out;
  s->attempt++;
  s->noticed = false;
  s->report_count = 0;
  s->frozen = false;
  s->accepted = (Day){0};
  s->limit = 0;
}

static void items_end(City *c, ShStage *s, const Event *e) {
  for (size_t i = 0; i < s->count; i++) {
    ShItem *x = &s->items[i];
    if (!shadow_open(x) && x->status != ITEM_HELD) continue;
    if (x->status == ITEM_HELD) x->start = day_of(e->happened);
    if (shadow_stopped(x)) x->pauses[x->pause_count - 1].to = day_of(e->happened);
    x->status = ITEM_WITHDRAWN;
    x->end = day_of(e->happened);
    x->calendar = c->version;
    x->last = e->seq;
  }
}

static void stage_event(City *c, const Event *e, ShProject *p, ShStage *s, int n) {
  const struct Rule *rule = NULL;
  for (size_t i = 0; i < COUNT(rules); i++)
    if (str_eqz(e->kind, rules[i].kind)) rule = &rules[i];
  if (!rule) STOP(c, "every kind is known", "%.*s", SFMT(e->kind));
  CHECK(c, rule->from & IN(s->status), "only listed steps", "%.*s in %.*s", SFMT(e->kind), SFMT(stage_status_text(s->status)));
  CHECK(c, p->status == PROJECT_RUNNING, "nothing after the end", "%.*s", SFMT(e->kind));
  shadow_actor(c, e, rule->who);
  if (rule->who == ROLE_APPLICANT) {
    const Account *a = account(c, e->actor);
    CHECK(c, e->behalf.len || (a && (str_eq(a->id, p->applicant) || str_eq(a->uscc, p->uscc))), "only the enterprise acts for itself", "%.*s", SFMT(e->actor));
  }
  if (str_eqz(e->kind, "stage.submitted")) attempt(s);
  if (rule->to) s->status = rule->to;
  if (rule->to && (s->status == STAGE_CERTIFIED || s->status == STAGE_REFUSED || s->status == STAGE_WITHDRAWN)) s->calendar = c->version;
  if (rule->to == STAGE_SUBMITTED) {
    s->submitted = e->happened;
    s->asked = arena_str(c->mem, policy_on(c, day_of(e->happened))->version);
    if (str_eqz(e->kind, "stage.submitted")) shadow_once(c, json_str(e->body, S("receipt")));
    CHECK(c, json_int(e->body, S("attempt"), 0) == s->attempt, "attempts are counted", "%d", s->attempt);
    p->facts = json_clone(c->mem, json_get(e->body, S("facts")));
  }
  if (s->status == STAGE_CORRECTION && rule->to) {
    CHECK(c, !s->noticed, "one notice in one attempt", "project %lld stage %d", (long long)p->no, n);
    CHECK(c, e->happened < day_start(answer_day(c, day_of(s->submitted))), "a notice after five days is none", "project %lld", (long long)p->no);
    answered(c, e, p, s, n);
    s->noticed = true;
  }
  shadow_lacks(c, e, p, s);
  if (str_eqz(e->kind, "stage.reported")) reported(c, e, s);
  if (str_eqz(e->kind, "stage.accepted") && !json_bool(e->body, S("deemed")) && !s->noticed) answered(c, e, p, s, n);
  if (str_eqz(e->kind, "stage.accepted")) accepted(c, e, p, s, n);
  if (str_eqz(e->kind, "stage.slip-drafted")) s->drafter = arena_str(c->mem, e->actor);
  if (str_eqz(e->kind, "stage.dispatched")) {
    CHECK(c, !str_eq(s->drafter, e->actor), "nobody signs a slip that he drafted", "project %lld: %.*s", (long long)p->no, SFMT(e->actor));
    dispatched(c, s, e);
  }
  if (str_eqz(e->kind, "stage.certified")) certified(c, e, p, s, n);
  if (str_eqz(e->kind, "stage.refused"))
    CHECK(c, json_get(e->body, S("reasons"))->count && json_str(e->body, S("remedy")).len && json_str(e->body, S("article")).len,
          "no refusal without reasons and remedy", "project %lld", (long long)p->no);
  if (str_eqz(e->kind, "stage.delivered")) stage_next(p, n);
  if (str_eqz(e->kind, "stage.withdrawn")) items_end(c, s, e);
}

/* Each letter is delivered once, by the window, after it was written. */
static void letter_event(City *c, const Event *e, ShProject *p) {
  static const char *const letters[] = {"stage.correction-requested", "stage.accepted", "stage.not-accepted", "item.paused", "item.pause-extended", "item.returned", "item.extended", "stage.refused", "certificate.changed",
                                      "certificate.suspended", "certificate.restored", "certificate.revoked", "certificate.reissued"};
  for (size_t i = 0; i < COUNT(letters); i++)
    if (str_eqz(e->kind, letters[i]) && p->letter_count < COUNT(p->letters)) p->letters[p->letter_count++].seq = e->seq;
  if (!str_eqz(e->kind, "document.served")) return;
  size_t i = 0;
  while (i < p->letter_count && p->letters[i].seq != json_int(e->body, S("document"), 0)) i++;
  CHECK(c, i < p->letter_count && !p->letters[i].served, "a letter is delivered once", "project %lld, %lld", (long long)p->no, (long long)e->seq);
  CHECK(c, json_str(e->body, S("how")).len && json_str(e->body, S("to")).len, "a delivery says how and to whom", "project %lld", (long long)p->no);
  shadow_actor(c, e, ROLE_CLERK);
  if (i < p->letter_count) p->letters[i].served = true;
}

/* Whoever works, and whatever was certified, keeps what it was told; the contact may always change. */
static void corrected(City *c, const Event *e, ShProject *p) {
  bool facts = json_get(e->body, S("name")) || json_get(e->body, S("facts"));
  shadow_actor(c, e, ROLE_APPLICANT);
  CHECK(c, p->status == PROJECT_RUNNING, "nothing is corrected when it is over", "project %lld", (long long)p->no);
  CHECK(c, facts || json_get(e->body, S("contact")), "a correction changes something", "project %lld", (long long)p->no);
  for (int n = 1; facts && n <= STAGE_MAX; n++) {
    const ShStage *s = &p->stages[n];
    bool handed = s->status >= STAGE_SUBMITTED && s->status != STAGE_CORRECTION && s->status != STAGE_REFUSED && s->status != STAGE_WITHDRAWN;
    CHECK(c, !handed, "what was registered stays while it is worked by or certified", "project %lld stage %d", (long long)p->no, n);
    for (size_t i = 0; i < s->count; i++)
      CHECK(c, !shadow_open(&s->items[i]), "what was registered stays while an item runs", "project %lld stage %d", (long long)p->no, n);
  }
  if (json_get(e->body, S("facts"))) p->facts = json_clone(c->mem, json_get(e->body, S("facts")));
}

static void project_event(City *c, const Event *e) {
  int64_t no = 0;
  REQUIRE(str_to_i64(str_sub(e->stream, 8, SIZE_MAX), &no));
  if (str_eqz(e->kind, "project.registered")) {
    shadow_actor(c, e, ROLE_APPLICANT);
    registered(c, e);
  }
  ShProject *p = shadow_project(c, no);
  int n = (int)json_int(e->body, S("stage"), 0);
  if (!p) STOP(c, "a project is registered first", "%lld", (long long)no);
  p->seq = e->seq;
  letter_event(c, e, p);
  if (str_starts(e->kind, S("certificate."))) cert_event(c, e, p);
  if (str_starts(e->kind, S("document.")) || str_starts(e->kind, S("certificate."))) return;
  if (n >= 1 && n <= STAGE_MAX) {
    if (str_starts(e->kind, S("item."))) shadow_item(c, e, p, &p->stages[n], n);
    else stage_event(c, e, p, &p->stages[n], n);
  } else if (str_eqz(e->kind, "project.completed")) {
    CHECK(c, p->status == PROJECT_RUNNING, "a project ends once", "%lld", (long long)no);
    for (int k = 1; k <= STAGE_MAX; k++)
      CHECK(c, p->stages[k].status == STAGE_DELIVERED || p->stages[k].status == STAGE_NA, "complete means delivered", "stage %d", k);
    p->status = PROJECT_COMPLETED;
  } else if (str_eqz(e->kind, "project.corrected")) {
    corrected(c, e, p);
  } else if (str_eqz(e->kind, "project.withdrawn")) {
    CHECK(c, p->status == PROJECT_RUNNING, "a project ends once", "%lld", (long long)no);
    shadow_actor(c, e, ROLE_APPLICANT);
    p->status = PROJECT_TERMINATED;
    for (int k = 1; k <= STAGE_MAX; k++) {
      ShStage *s = &p->stages[k];
      items_end(c, s, e);
      if (s->status != STAGE_CLOSED && s->status != STAGE_NA && s->status != STAGE_DELIVERED && s->status != STAGE_REFUSED && s->status != STAGE_WITHDRAWN) {
        s->status = STAGE_WITHDRAWN;
        s->calendar = c->version;
        s->frozen = false; /* certified and not delivered: it ends a second time */
      }
    }
  }
}

/* ---- every event ---------------------------------------------------------------------------------------- */

static void order_check(City *c, const Event *e) {
  size_t i = 0;
  while (i < c->stream_count && !str_eq(c->streams[i].stream, e->stream)) i++;
  if (i == c->stream_count) {
    REQUIRE(i < COUNT(c->streams));
    c->streams[c->stream_count++].stream = arena_str(c->mem, e->stream);
  }
  CHECK(c, e->pos == c->pos + 1, "positions have no gaps", "%lld after %lld", (long long)e->pos, (long long)c->pos);
  CHECK(c, e->seq == c->streams[i].seq + 1, "sequences have no gaps", "%.*s %lld", SFMT(e->stream), (long long)e->seq);
  CHECK(c, e->recorded >= c->last_recorded && e->happened <= e->recorded, "time goes forward", "event %lld", (long long)e->pos);
  c->streams[i].seq = e->seq;
  c->pos = e->pos;
  c->head = e->leaf;
  c->last_recorded = e->recorded;
  const Account *a = account(c, e->actor);
  bool follows = str_has(e->command, S(">")); /* a reaction happens when its cause did */
  CHECK(c, follows || e->happened == e->recorded || (a && (a->roles & ROLE_STAFF)), "only staff enter late", "%.*s %.*s", SFMT(e->actor), SFMT(e->kind));
}

static void key_check(City *c, const Event *e) {
  Key *k = key_known(c, e->command);
  bool duty = str_starts(e->command, S("due-")) && str_eq(e->actor, S("system"));
  duty |= str_has(e->command, S(">")) && str_eq(e->actor, S("system"));
  CHECK(c, duty || (k && str_eq(k->stream, e->stream) && e->seq <= k->seq && e->pos <= k->pos), "every event was acknowledged, once", "%.*s: %.*s",
        SFMT(e->command), SFMT(e->kind));
  if (!duty) return;
  if (k && str_eq(k->stream, e->stream) && e->seq == k->seq + 1 && e->pos == k->pos + 1) { /* one act, several events */
    k->seq = e->seq;
    k->pos = e->pos;
    return;
  }
  CHECK(c, !k, "a duty is done once", "%.*s", SFMT(e->command));
  c->keys[c->key_count++] = (Key){.key = arena_str(c->mem, e->command), .stream = arena_str(c->mem, e->stream), .seq = e->seq, .pos = e->pos};
}

static void event_read(City *c, const Event *e) {
  static const char *const canaries[] = {"1380013", "11010519491231002X", "13900000000", "argon2id"};
  Str text = arena_fmt(c->cx.mem, "%.*s %.*s", SFMT(json_text(c->cx.mem, e->body)), SFMT(e->actor_name)); /* without hashes, which may hold any digits */
  for (size_t i = 0; i < COUNT(canaries); i++)
    CHECK(c, !str_has(text, str_of(canaries[i])), "no personal data in events", "event %lld: %.*s", (long long)e->pos, SFMT(e->kind));
  order_check(c, e);
  key_check(c, e);
  access_event(c, e);
  if (str_starts(e->stream, S("user/"))) account_event(c, e);
  if (str_starts(e->stream, S("calendar/"))) calendar_event(c, e);
  if (str_starts(e->stream, S("policy/"))) policy_event(c, e);
  if (str_starts(e->stream, S("project/"))) project_event(c, e);
  early_event(c, e);
  super_event(c, e);
  reform_event(c, e);
  ledger_event(c, e);
  joint_event(c, e);
  notice_event(c, e);
  finish_event(c, e);
  spot_event(c, e);
  map_event(c, e);
  disclose_event(c, e);
}

void shadow_read(City *c) {
  Events list = {0};
  Cx cx = {.mem = c->cx.mem};
  do {
    if (reader_journal(&cx, c->reader, c->pos, 200, &list) != OK) STOP(c, "the journal is read", "%.*s", SFMT(cx.detail));
    for (size_t i = 0; i < list.count && !c->failed; i++) event_read(c, &list.list[i]);
  } while (list.count && !c->failed);
}
