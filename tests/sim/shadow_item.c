/* SPDX-License-Identifier: Apache-2.0 */
/* shadow_item.c: the second book of items. */
#include "sim.h"

bool shadow_open(const ShItem *i) {
  return i->status == ITEM_WAITING || i->status == ITEM_TAKEN || shadow_stopped(i);
}

bool shadow_stopped(const ShItem *i) {
  return i->status == ITEM_PAUSED || i->status == ITEM_RETURNED;
}

ShItem *shadow_find(ShStage *s, Str code) {
  for (size_t i = 0; i < s->count; i++)
    if (str_eq(s->items[i].code, code)) return &s->items[i];
  return NULL;
}

/* A running stage is decided when the last of its own items has ended, withdrawn when all of them were. */
void shadow_settle(City *c, ShStage *s) {
  size_t own = 0, withdrawn = 0;
  if (s->status != STAGE_RUNNING) return;
  for (size_t i = 0; i < s->count; i++) {
    if (s->items[i].parallel) continue;
    if (shadow_open(&s->items[i])) return;
    own++;
    withdrawn += s->items[i].status == ITEM_WITHDRAWN;
  }
  s->status = own && own == withdrawn ? STAGE_WITHDRAWN : STAGE_DECIDED;
  s->calendar = c->version;
}

#define IN(s) (1u << (s))
#define ALIVE (IN(ITEM_WAITING) | IN(ITEM_TAKEN) | IN(ITEM_PAUSED) | IN(ITEM_RETURNED))

static const struct Rule {
  const char *kind;
  uint32_t from;
  ItemStatus to; /* unset: stays, or follows from the body */
  uint32_t who;
} rules[] = {{"item.taken", IN(ITEM_WAITING), ITEM_TAKEN, ROLE_APPROVER},
             {"item.paused", IN(ITEM_TAKEN), ITEM_PAUSED, ROLE_APPROVER},
             {"item.pause-extended", IN(ITEM_PAUSED), ITEM_STATUS_UNSET, ROLE_APPROVER},
             {"item.resumed", IN(ITEM_PAUSED) | IN(ITEM_RETURNED), ITEM_TAKEN, ROLE_APPROVER},
             {"item.returned", IN(ITEM_TAKEN), ITEM_RETURNED, ROLE_APPROVER},
             {"item.supplemented", IN(ITEM_RETURNED), ITEM_TAKEN, ROLE_APPLICANT},
             {"item.extension-asked", IN(ITEM_TAKEN), ITEM_STATUS_UNSET, ROLE_APPROVER},
             {"item.extended", ALIVE, ITEM_STATUS_UNSET, ROLE_UNIT_HEAD},
             {"item.extension-refused", ALIVE, ITEM_STATUS_UNSET, ROLE_UNIT_HEAD},
             {"item.decided", IN(ITEM_TAKEN), ITEM_STATUS_UNSET, ROLE_APPROVER},
             {"item.rested", IN(ITEM_WAITING) | IN(ITEM_TAKEN), ITEM_PAUSED, ROLE_SYSTEM},
             {"item.moved-on", IN(ITEM_PAUSED), ITEM_STATUS_UNSET, ROLE_SYSTEM},
             {"item.settled", ALIVE, ITEM_PASSED, ROLE_SYSTEM},
             {"item.withdrawn", ALIVE, ITEM_WITHDRAWN, ROLE_APPLICANT},
             {"item.reapplied", IN(ITEM_WITHDRAWN) | IN(ITEM_REFUSED) | IN(ITEM_PASSED), ITEM_WAITING, ROLE_APPLICANT}};

static void who_check(City *c, const Event *e, const ShProject *p, const ShItem *i, uint32_t who) {
  const Account *a = account(c, e->actor);
  if (!a) STOP(c, "every actor has an account", "%.*s", SFMT(e->actor));
  CHECK(c, !a->disabled, "nobody acts when disabled", "%.*s", SFMT(e->actor));
  if (e->behalf.len && (who & ROLE_APPLICANT)) who |= ROLE_AGENT;
  CHECK(c, a->roles & who, "nobody acts outside the role", "%.*s: %.*s", SFMT(e->actor), SFMT(e->kind));
  if (who == ROLE_APPLICANT)
    CHECK(c, e->behalf.len || str_eq(a->id, p->applicant) || str_eq(a->uscc, p->uscc), "only the enterprise acts for itself", "%.*s", SFMT(e->actor));
  else
    CHECK(c, str_eq(a->unit, i->unit) && str_eq(e->unit, i->unit), "nobody acts outside the unit", "%.*s on %.*s", SFMT(e->actor), SFMT(i->code));
}

/* Working days counted one by one; the day of a pause's end is its own. */
static int used_on(City *c, const ShItem *i, Day today) {
  const Calendar *calendar = policy_now(c, S(""))->calendar;
  int used = 0;
  for (Day d = {i->start.n + 1}; d.n <= today.n; d.n++) {
    bool paused = false;
    for (size_t k = 0; k < i->pause_count; k++) paused = paused || (d.n > i->pauses[k].from.n && (!i->pauses[k].to.n || d.n <= i->pauses[k].to.n));
    used += !paused && calendar_is_work(calendar, d);
  }
  return used;
}

static void extension(City *c, const Event *e, ShItem *i) {
  const Policy *p = policy_now(c, S(""));
  int64_t days = json_int(e->body, S("days"), 0);
  bool asked = str_eqz(e->kind, "item.extension-asked"), granted = str_eqz(e->kind, "item.extended");
  /* Overdue by the calendar: all counted days used up, and the last of them over. */
  bool over = used_on(c, i, (Day){day_of(e->happened).n - 1}) >= i->limit && i->limit;
  CHECK(c, asked ? !i->asked && !i->answered : i->asked, "an extension is asked for once and answered once", "%.*s", SFMT(i->code));
  CHECK(c, !(asked || granted) || !over, "what is overdue is not extended", "%.*s", SFMT(i->code));
  CHECK(c, !(asked || granted) || (days >= 1 && days <= p->extend_days), "an extension has its bound", "%lld", (long long)days);
  i->asked = asked;
  i->answered = !asked;
  if (granted) i->limit += (int)days;
}

static bool item_stops(ItemStatus to) {
  return to == ITEM_PAUSED || to == ITEM_RETURNED;
}

/* Whatever is asked for is in the package or has its article, and the supervisor reads why it comes late. */
static void returned(City *c, const Event *e, const ShStage *s, const ShItem *i) {
  const Json *list = json_get(e->body, S("missing"));
  CHECK(c, list && list->count && json_str(e->body, S("reason")).len, "a return says what and why so late", "%.*s", SFMT(i->code));
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    const Material *m = policy_material(policy_now(c, s->version), json_str(x, S("of")));
    CHECK(c, json_str(x, S("basis")).len && (!m || str_eq(m->basis, json_str(x, S("basis")))), "nothing without a basis is asked for", "%.*s", SFMT(i->code));
  }
}

static void paused(City *c, const Event *e, const ShStage *s, ShItem *i) {
  Day planned = {0};
  const Cause *cause = policy_cause(policy_now(c, s->version), json_str(e->body, S("cause")));
  i->rested = str_eqz(e->kind, "item.rested");
  CHECK(c, cause && cause->joint == i->rested, "a pause has a listed cause, and the system its own", "%.*s", SFMT(i->code));
  CHECK(c, i->rested || (json_str(e->body, S("notice")).len && day_parse(json_str(e->body, S("planned")), &planned) && planned.n > day_of(e->happened).n),
        "a pause has a notice and an end", "%.*s", SFMT(i->code));
  if (i->pause_count >= COUNT(i->pauses)) STOP(c, "pauses have a bound", "%.*s", SFMT(i->code));
  i->pauses[i->pause_count].from = day_of(e->happened);
  i->pauses[i->pause_count++].to = (Day){0};
  i->planned = planned;
}

static void pause_extended(City *c, const Event *e, const ShStage *s, ShItem *i) {
  const Policy *p = policy_now(c, s->version);
  const Cause *cause = policy_cause(p, json_str(e->body, S("cause")));
  Day planned = {0};
  CHECK(c, cause && json_str(e->body, S("notice")).len && day_parse(json_str(e->body, S("planned")), &planned) && planned.n > day_of(e->happened).n,
        "a pause is extended with its cause, a notice and an end", "%.*s", SFMT(i->code));
  CHECK(c, !cause || !cause->max_days || calendar_count(p->calendar, i->pauses[i->pause_count - 1].from, planned) <= cause->max_days, "an extended pause has the bound of its cause", "%.*s",
        SFMT(i->code));
  i->planned = planned;
}

static void decided(City *c, const Event *e, ShItem *i) {
  bool pass = str_eqz(json_str(e->body, S("result")), "pass");
  i->status = pass ? ITEM_PASSED : ITEM_REFUSED;
  CHECK(c, str_eq(json_str(e->body, S("signature")), e->actor_name), "whoever decides signs", "%.*s", SFMT(e->actor));
  CHECK(c, pass || (json_str(e->body, S("article")).len && utf8_count(json_str(e->body, S("opinion"))) >= 10), "no refusal without reasons", "%.*s",
        SFMT(i->code));
}

void shadow_item(City *c, const Event *e, ShProject *p, ShStage *s, int n) {
  const struct Rule *rule = NULL;
  ShItem *i = shadow_find(s, json_str(e->body, S("item")));
  for (size_t k = 0; k < COUNT(rules); k++)
    if (str_eqz(e->kind, rules[k].kind)) rule = &rules[k];
  if (i && str_eqz(e->kind, "item.revoked")) {
    CHECK(c, i->status == ITEM_PASSED && !i->revoked, "only what passed is revoked, and once", "%.*s", SFMT(i->code));
    i->revoked = true;
    p->beside = i->parallel;
    i->last = e->seq;
    return;
  }
  if (i && str_eqz(e->kind, "item.urged")) { /* the item stays as it is; only who leads the stage may */
    Str lead = policy_now(c, s->version)->stages[n].lead;
    bool stalled = i->status == ITEM_PAUSED && i->planned.n && i->planned.n < day_of(e->happened).n;
    CHECK(c, i->status == ITEM_WAITING || i->status == ITEM_TAKEN || stalled, "only what somebody has in hand is urged", "%.*s", SFMT(i->code));
    CHECK(c, str_eq(e->unit, lead), "only the lead of a stage urges", "%.*s", SFMT(e->unit));
    CHECK(c, i->urged != day_of(e->happened).n, "urged once a day", "%.*s", SFMT(i->code));
    i->urged = day_of(e->happened).n;
    return;
  }
  if (!rule || !i) STOP(c, "no item outside the plan", "%.*s %.*s", SFMT(e->kind), SFMT(json_str(e->body, S("item"))));
  bool again = str_eqz(e->kind, "item.reapplied");
  CHECK(c, rule->from & IN(i->status), "only listed steps", "%.*s in %.*s", SFMT(e->kind), SFMT(item_status_text(i->status)));
  CHECK(c, p->status == PROJECT_RUNNING || (p->status == PROJECT_COMPLETED && (i->parallel || p->revoked)), "nothing after the end", "%.*s", SFMT(e->kind));
  if (rule->who == ROLE_SYSTEM) shadow_actor(c, e, ROLE_SYSTEM);
  else who_check(c, e, p, i, rule->who);
  i->last = e->seq;
  bool moves = str_eqz(e->kind, "item.moved-on");
  CHECK(c, i->rested == moves || !(moves || str_eqz(e->kind, "item.resumed") || str_eqz(e->kind, "item.pause-extended")), "what the system stopped only the system starts", "%.*s", SFMT(i->code));
  if (shadow_stopped(i) && !item_stops(rule->to) && (rule->to || moves || str_eqz(e->kind, "item.decided"))) i->pauses[i->pause_count - 1].to = day_of(e->happened);
  if (again) {
    bool lost = i->status == ITEM_PASSED ? p->revoked || i->revoked : i->anew;
    CHECK(c, lost || (i->status != ITEM_PASSED && i->parallel) || (i->status == ITEM_WITHDRAWN && (s->status == STAGE_RUNNING || s->status == STAGE_DECIDED)),
          "only listed steps", "%.*s applied for again in stage %d", SFMT(i->code), n);
    ShItem *run = arena_new(c->mem, ShItem);
    *run = *i;
    *i = (ShItem){.code = i->code, .unit = i->unit, .parallel = i->parallel, .utility = i->utility, .before = i->before, .days = i->days,
                  .limit = i->days, .last = e->seq, .start = day_of(e->happened), .anew = lost, .earlier = run};
  }
  if (rule->to) i->status = rule->to;
  if (moves) i->status = i->taken ? ITEM_TAKEN : ITEM_WAITING;
  if (!item_stops(i->status)) i->rested = false;
  i->taken |= str_eqz(e->kind, "item.taken");
  i->alone |= again || str_eqz(e->kind, "item.resumed") || str_eqz(e->kind, "item.supplemented");
  if (str_starts(e->kind, S("item.ext"))) extension(c, e, i);
  if (item_stops(rule->to)) paused(c, e, s, i);
  if (str_eqz(e->kind, "item.pause-extended")) pause_extended(c, e, s, i);
  if (rule->to == ITEM_RETURNED) returned(c, e, s, i);
  if (str_eqz(e->kind, "item.decided")) decided(c, e, i);
  if (str_eqz(e->kind, "item.decided")) reform_signed(c, e);
  if (!shadow_open(i)) {
    i->end = day_of(e->happened);
    i->calendar = c->version;
  }
  if (again && s->status == STAGE_DECIDED && !i->parallel) s->status = STAGE_RUNNING;
  shadow_settle(c, s);
}

/* ---- 容缺 ------------------------------------------------------------------------------------------------- */

static void lacks_begin(City *c, const Event *e, const ShProject *p, ShStage *s) {
  const Policy *policy = policy_now(c, s->asked);
  const Json *list = json_get(e->body, S("lacking"));
  Day today = day_of(e->happened);
  s->lack_count = 0;
  CHECK(c, !list || !p->broken, "who broke a promise gets no second one", "project %lld", (long long)p->no);
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    Day promised = {0};
    const Material *m = policy_material(policy, json_str(x, S("material")));
    CHECK(c, m && m->lack && day_parse(json_str(x, S("promised")), &promised), "only what may be lacking is promised", "%.*s", SFMT(json_str(x, S("material"))));
    CHECK(c, promised.n > today.n && calendar_count(policy->calendar, today, promised) <= policy->lack_days, "a promise has its bound", "%d days", promised.n - today.n);
    s->lacks[s->lack_count].material = arena_str(c->mem, json_str(x, S("material")));
    s->lacks[s->lack_count].supplied = s->lacks[s->lack_count].expired = false;
    s->lacks[s->lack_count++].promised = promised;
  }
  CHECK(c, s->lack_count <= (size_t)policy->lack_count, "promises have a bound", "%zu", s->lack_count);
}

void shadow_lacks(City *c, const Event *e, ShProject *p, ShStage *s) {
  bool supplied = str_eqz(e->kind, "stage.supplied"), expired = str_eqz(e->kind, "stage.lacking-expired");
  const Json *list = json_get(e->body, supplied ? S("files") : S("materials"));
  if (str_eqz(e->kind, "stage.submitted") || str_eqz(e->kind, "stage.corrected")) lacks_begin(c, e, p, s);
  for (const Json *x = (supplied || expired) && list ? list->first : NULL; x; x = x->next)
    for (size_t i = 0; i < s->lack_count; i++) {
      if (!str_eq(s->lacks[i].material, json_str(x, S("material")))) continue;
      CHECK(c, !s->lacks[i].supplied && !(expired && s->lacks[i].expired), "a promise ends once", "%.*s", SFMT(s->lacks[i].material));
      CHECK(c, !expired || day_of(e->happened).n > s->lacks[i].promised.n, "a promise is not broken before its day is over", "%.*s", SFMT(s->lacks[i].material));
      if (supplied) s->lacks[i].supplied = true;
      else s->lacks[i].expired = p->broken = true;
    }
}

Day shadow_lack_due(const ShProject *p, const ShStage *s) {
  Day first = {0};
  if (p->status != PROJECT_RUNNING || s->status < STAGE_SUBMITTED || s->status > STAGE_DECIDED) return first;
  for (size_t i = 0; i < s->lack_count; i++)
    if (!s->lacks[i].supplied && !s->lacks[i].expired && (!first.n || s->lacks[i].promised.n < first.n)) first = s->lacks[i].promised;
  return first;
}
