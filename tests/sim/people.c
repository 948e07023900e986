/* SPDX-License-Identifier: Apache-2.0 */
/* people.c: what people do: mostly what is asked of them, sometimes twice, late, over each other, or not theirs. */
#include "sim.h"

const Project *project_read(City *c, int64_t no) {
  const Project *p = NULL;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  if (project_load(&cx, c->reader, no, &p) != OK) fault(c, "a project can be read", "%lld: %.*s", (long long)no, SFMT(cx.detail));
  return p;
}

/* An account with the role, in the unit when one is given; now and then one that is disabled. */
const Account *somebody(City *c, uint32_t role, Str unit) {
  const Account *found = NULL;
  uint32_t n = 0;
  bool any = !c->polite && chance(c, 2);
  for (size_t i = 0; i < c->account_count; i++) {
    const Account *a = &c->accounts[i];
    if (!(a->roles & role) || (unit.len && !str_eq(a->unit, unit)) || (a->disabled && !any)) continue;
    if (roll(c, ++n) == 0) found = a;
  }
  return found;
}

const Account *anybody(City *c) {
  return &c->accounts[roll(c, (uint32_t)c->account_count)];
}

const Account *owner_of(City *c, const Project *p) {
  const Account *found = account(c, p->applicant);
  if (!c->polite && !chance(c, 25)) return found;
  if (c->polite && found && !found->disabled) return found;
  for (size_t i = 0; i < c->account_count; i++)
    if (str_eq(c->accounts[i].uscc, p->uscc) && (c->accounts[i].roles & ROLE_APPLICANT) && !c->accounts[i].disabled) found = &c->accounts[i];
  return found;
}

static Sent act(City *c, const Project *p, const char *name, int stage, const ItemState *item, const Account *who, Json *args) {
  Sent s = sent_new(c, str_of(name), arena_fmt(c->cx.mem, "project/%lld", (long long)p->no), who);
  sent_fill(c, &s, p, stage, item, args);
  return s;
}

/* ---- one item --------------------------------------------------------------------------------------- */

static Sent item_act(City *c, const Project *p, int n, const ItemState *i) {
  Json *a = json_obj(c->cx.mem);
  const Account *approver = somebody(c, ROLE_APPROVER, i->unit);
  uint32_t r = c->polite ? 99 : roll(c, 100);
  if (r >= 30) json_put_int(c->cx.mem, a, S("seen"), i->seq);
  if (item_rests(i) && (c->polite || chance(c, 80))) return (Sent){0}; /* it waits for the owner; some try all the same */
  if (item_reapplies(&p->stages[n], i) && (i->status != ITEM_PASSED || c->polite || chance(c, 50))) return act(c, p, "item.reapply", n, i, owner_of(c, p), NULL);
  if (i->status == ITEM_WAITING && r >= 2) return act(c, p, "item.take", n, i, approver, NULL);
  if (i->status == ITEM_PAUSED && r >= 80 && chance(c, 60)) {
    json_put_str(c->cx.mem, a, S("planned"), day_str(c->cx.mem, (Day){i->pauses[i->pause_count - 1].planned.n + (int32_t)roll(c, 12)}));
    return act(c, p, "item.extend-pause", n, i, approver, a);
  }
  if (i->status == ITEM_PAUSED && r >= 2) return act(c, p, "item.resume", n, i, approver, a);
  if (i->status == ITEM_TAKEN && i->extension_asked && r < 60)
    return act(c, p, r < 40 ? "item.extend" : "item.refuse-extension", n, i, somebody(c, ROLE_UNIT_HEAD, i->unit), NULL);
  if (i->status == ITEM_RETURNED && r >= 2)
    return r < 20 ? act(c, p, "item.resume", n, i, approver, NULL) : act(c, p, "item.supplement", n, i, owner_of(c, p), NULL);
  if (i->status != ITEM_TAKEN && i->status != ITEM_WAITING && i->status != ITEM_PAUSED && i->status != ITEM_RETURNED) return (Sent){0};
  if (r < 3) return act(c, p, "item.withdraw", n, i, owner_of(c, p), NULL);
  if (r < 18) {
    json_put_str(c->cx.mem, a, S("cause"), c->package->causes[roll(c, (uint32_t)c->package->cause_count)].code);
    return act(c, p, "item.pause", n, i, approver, a);
  }
  if (r < 23) return act(c, p, "item.return", n, i, approver, a);
  if (r < 29) return act(c, p, "item.ask-extension", n, i, approver, a);
  if (r < 32) return act(c, p, "item.urge", n, i, somebody(c, ROLE_APPROVER, chance(c, 90) ? c->package->stages[n].lead : i->unit), NULL);
  if (r >= 95 && !c->polite) json_put_str(c->cx.mem, a, S("result"), S("refuse"));
  return act(c, p, "item.decide", n, i, approver, a);
}

static const ItemState *item_pick(City *c, const Project *p, int n, int beside, int *stage) {
  const ItemState *found = NULL;
  uint32_t seen = 0;
  for (int k = 1; k <= STAGE_MAX; k++)
    for (size_t i = 0; i < p->stages[k].item_count; i++) {
      const ItemState *x = &p->stages[k].items[i];
      bool open = x->status == ITEM_WAITING || x->status == ITEM_TAKEN || x->status == ITEM_PAUSED || x->status == ITEM_RETURNED;
      bool wanted = k == n ? open || item_reapplies(&p->stages[k], x) : x->parallel && x->before_stage == beside && (open || item_reapplies(&p->stages[k], x));
      if (wanted && roll(c, ++seen) == 0) {
        found = x;
        *stage = k;
      }
    }
  return found;
}

/* ---- one stage -------------------------------------------------------------------------------------- */

static Sent decided_act(City *c, const Project *p, int n) {
  const StageState *s = &p->stages[n];
  int k = n;
  bool refused = false;
  for (size_t i = 0; i < s->item_count; i++) refused = refused || (!s->items[i].parallel && s->items[i].status == ITEM_REFUSED);
  if (refused) return act(c, p, "stage.refuse", n, NULL, somebody(c, ROLE_CLERK, S("")), NULL);
  const ItemState *i = item_pick(c, p, n, n, &k);
  if (i && (c->polite || chance(c, 75))) return item_act(c, p, k, i);
  return act(c, p, "stage.certify", n, NULL, somebody(c, ROLE_CLERK, S("")), NULL);
}

/* Something comes later. */
static Json *promises(City *c) {
  static const char *const what[] = {"licence", "quality-safety", "funds-promise"};
  Json *a = json_obj(c->cx.mem), *list = json_arr(c->cx.mem);
  for (size_t i = 0; i < COUNT(what); i++) {
    if (!chance(c, 40)) continue;
    Json *o = json_push_obj(c->cx.mem, list);
    json_put_str(c->cx.mem, o, S("material"), str_of(what[i]));
    json_put_str(c->cx.mem, o, S("promised"), day_str(c->cx.mem, (Day){day_of(c->now).n + 1 + (int32_t)roll(c, 15)}));
  }
  if (list->count) json_put(c->cx.mem, a, S("lacking"), list);
  return a;
}

/* A department answers what is missing; when all have, or their time is over, the window gives its one notice. Now and
 * then the window does not wait. */
static Sent notice_act(City *c, const Project *p, int n, const Account *clerk) {
  static const char *const what[] = {"licence", "redline", "scheme", "drawings"};
  Arena *m = c->cx.mem;
  Asked asked = stage_asked(m, policy_now(c, p->stages[n].form_version), p, n, c->now);
  Json *a = json_obj(m);
  uint32_t seen = 0;
  const Ask1 *who = NULL;
  for (size_t i = 0; i < asked.unit_count; i++)
    if ((asked.units[i].status == ASK_WAITING || chance(c, 10)) && roll(c, ++seen) == 0) who = &asked.units[i];
  if (!who || chance(c, 10)) return act(c, p, "stage.request-correction", n, NULL, clerk, NULL);
  Json *list = json_put_arr(m, a, S("missing"));
  for (uint32_t i = 0; i < COUNT(what) && chance(c, 40); i++) {
    Json *o = json_push_obj(m, list);
    json_put_str(m, o, S("of"), str_of(what[i]));
    json_put_str(m, o, S("why"), chance(c, 50) ? S("缺页") : S("看不清"));
  }
  return act(c, p, "stage.report", n, NULL, somebody(c, ROLE_APPROVER, who->unit), a);
}

/* A certificate was revoked: its owner applies again, the department decides, the window issues it anew. */
static Sent anew_act(City *c, const Project *p, const Cert *cert) {
  const StageState *s = &p->stages[cert->stage];
  bool passed = false;
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *x = &s->items[i];
    passed |= x->before && x->status == ITEM_PASSED && x->decided_at >= cert->status_at;
    if (x->revoked || (x->before && x->status != ITEM_PASSED)) return item_act(c, p, cert->stage, x);
  }
  for (size_t i = 0; i < s->item_count && !passed; i++)
    if (s->items[i].status == ITEM_PASSED && item_reapplies(s, &s->items[i])) return item_act(c, p, cert->stage, &s->items[i]);
  return passed ? act(c, p, "certificate.reissue", 0, NULL, somebody(c, ROLE_WINDOW_HEAD, S("")), NULL) : (Sent){0};
}

Sent project_act(City *c, const Project *p) {
  int n = project_current_stage(p), k = n;
  const Account *chief = somebody(c, ROLE_WINDOW_HEAD, S(""));
  for (size_t i = 0; i < p->cert_count; i++)
    if (p->certs[i].status == CERT_SUSPENDED && (c->polite || chance(c, 20))) return act(c, p, "certificate.restore", 0, NULL, chief, NULL);
  for (size_t i = 0; i < p->cert_count && p->status != PROJECT_TERMINATED; i++)
    if (p->certs[i].status == CERT_REVOKED && !p->certs[i].replaced_by.len && (c->polite || chance(c, 20))) return anew_act(c, p, &p->certs[i]);
  if (!c->polite && p->cert_count && chance(c, 3)) {
    static const char *const what[] = {"certificate.change", "certificate.suspend"};
    return act(c, p, what[roll(c, 2)], 0, NULL, chief, NULL);
  }
  if (!c->polite && chance(c, 4)) return act(c, p, "document.serve", 0, NULL, somebody(c, ROLE_CLERK, S("")), NULL);
  if (n > STAGE_MAX || p->status != PROJECT_RUNNING) return (Sent){0};
  const StageState *s = &p->stages[n];
  const Account *clerk = somebody(c, ROLE_CLERK, S("")), *head = somebody(c, ROLE_WINDOW_HEAD, S("")), *owner = owner_of(c, p);
  uint32_t r = c->polite ? 99 : roll(c, 100);
  if (r == 99 && chance(c, s->attempt ? 30 : 8)) return act(c, p, "project.correct", 0, NULL, owner, NULL);
  if (r < 2 && s->status >= STAGE_SUBMITTED && s->status <= STAGE_DECIDED) return act(c, p, "stage.withdraw", n, NULL, owner, NULL);
  if (lacks_open(s) && s->status >= STAGE_SUBMITTED && s->status <= STAGE_DECIDED && s->status != STAGE_CORRECTION && (c->polite || chance(c, 10)))
    return act(c, p, "stage.supply", n, NULL, owner, NULL);
  switch (s->status) {
    case STAGE_OPEN:
    case STAGE_REFUSED:
    case STAGE_WITHDRAWN:
    case STAGE_CORRECTION:
      if (r >= 14 && r < 45) return act(c, p, "stage.submit", n, NULL, owner, promises(c));
      return act(c, p, r < 12 ? "stage.save-draft" : r < 14 ? "stage.not-accept" : "stage.submit", n, NULL, r >= 12 && r < 14 ? clerk : owner, NULL);
    case STAGE_SUBMITTED:
      if (r < 35) return notice_act(c, p, n, clerk);
      if (r < 38) return act(c, p, "stage.not-accept", n, NULL, clerk, NULL);
      if (r < 55) return (Sent){0}; /* nobody answers: the law will */
      return act(c, p, "stage.accept", n, NULL, clerk, NULL);
    case STAGE_ACCEPTED: return act(c, p, "stage.draft-slip", n, NULL, clerk, NULL);
    case STAGE_SLIP: return act(c, p, r < 12 ? "stage.return-slip" : "stage.dispatch", n, NULL, head, NULL);
    case STAGE_RUNNING: {
      const ItemState *i = item_pick(c, p, n, n, &k);
      return i ? item_act(c, p, k, i) : (Sent){0};
    }
    case STAGE_DECIDED: return decided_act(c, p, n);
    case STAGE_CERTIFIED: return act(c, p, chance(c, 20) ? "stage.post" : "stage.deliver", n, NULL, clerk, NULL);
    case STAGE_STATUS_UNSET:
    case STAGE_NA:
    case STAGE_CLOSED:
    case STAGE_DELIVERED:
    case STAGE_STATUS__MAX: break;
  }
  return (Sent){0};
}

/* ---- people who should not -------------------------------------------------------------------------- */

/* Any command by anybody about anything; what it may do is for the shadow to say. */
static Sent random_act(City *c, const Project *p) {
  const CommandDecl *d = &approval_commands[roll(c, (uint32_t)approval_command_count)];
  int n = chance(c, 70) ? project_current_stage(p) : (int)roll(c, 6);
  const ItemState *item = NULL;
  if (n >= 1 && n <= STAGE_MAX && p->stages[n].item_count) item = &p->stages[n].items[roll(c, (uint32_t)p->stages[n].item_count)];
  if (d->creates || (!strcmp(d->name, "project.withdraw") && !chance(c, 20)) || (!strcmp(d->name, "stage.withdraw") && !chance(c, 25)) ||
      (!strcmp(d->name, "certificate.revoke") && !chance(c, 15))) return (Sent){0};
  const Account *who = chance(c, 25) ? anybody(c) : d->allow & ROLE_APPLICANT ? owner_of(c, p) : somebody(c, d->allow, item && chance(c, 70) ? item->unit : S(""));
  Json *a = json_obj(c->cx.mem);
  if (!strncmp(d->name, "item.", 5) && !item) json_put_str(c->cx.mem, a, S("item"), S("nothing"));
  if (!strcmp(d->name, "item.decide") && chance(c, 20)) json_put_str(c->cx.mem, a, S("result"), S("refuse"));
  return act(c, p, d->name, n, strncmp(d->name, "item.", 5) ? NULL : item, who, a);
}

/* The page was opened before somebody else acted. */
static void stale(City *c, Sent *s, const Project *p) {
  int n = (int)json_int(s->cmd.args, S("stage"), 0);
  if (n < 1 || n > STAGE_MAX || !json_get(s->cmd.args, S("seen"))) return;
  const ItemState *i = stage_item(&p->stages[n], json_str(s->cmd.args, S("item")));
  if (!i || i->seq < 2) return;
  Json *a = json_clone(s->mem, s->cmd.args);
  json_put_int(s->mem, a, S("seen"), i->seq - 1 - (int64_t)roll(c, 3));
  s->cmd.args = a;
  s->wrong = "somebody acted since the page was opened";
  c->stale++;
}

static void late(City *c, Sent *s) {
  s->cmd.happened = s->cmd.now - (int64_t)roll(c, 7 * 24 * 60) * 60000 - 1;
  c->late++;
  if (!(s->cmd.actor.roles & ROLE_STAFF)) s->wrong = "only staff enter late";
}

static void spoil(City *c, Sent *s, const Project *p) {
  uint32_t r = roll(c, 100);
  if (r < 8) stale(c, s, p);
  else if (r < 16) late(c, s);
  else if (r < 17) {
    s->cmd.happened = s->cmd.now + 3600000;
    s->wrong = "it has not happened yet";
  } else if (r < 19) {
    Json *a = json_clone(s->mem, s->cmd.args);
    json_put_str(s->mem, a, S("unknown"), S("x"));
    s->cmd.args = a;
    s->wrong = "an argument that nobody declared";
  }
}

/* ---- twice, and at the same time ---------------------------------------------------------------------- */

static Sent again(City *c, const Sent *s) {
  Sent t = {.mem = arena_open((size_t)64 << 20), .wrong = s->wrong};
  t.cmd = s->cmd;
  t.cmd.key = arena_str(t.mem, s->cmd.key);
  t.cmd.name = arena_str(t.mem, s->cmd.name);
  t.cmd.stream = arena_str(t.mem, s->cmd.stream);
  t.cmd.args = json_clone(t.mem, s->cmd.args);
  t.cmd.now = c->now;
  const Actor *a = &s->cmd.actor;
  t.cmd.actor = (Actor){.id = arena_str(t.mem, a->id), .name = arena_str(t.mem, a->name), .unit = arena_str(t.mem, a->unit), .roles = a->roles};
  Personal *list = arena_array(t.mem, Personal, s->cmd.personal_count + 1);
  for (size_t i = 0; i < s->cmd.personal_count; i++)
    list[i] = (Personal){arena_str(t.mem, s->cmd.personal[i].ref), arena_str(t.mem, s->cmd.personal[i].kind), arena_str(t.mem, s->cmd.personal[i].value)};
  t.cmd.personal = list;
  return t;
}

/* A click on a button pressed before; what was refused then is not asked again, for it might be right by now and
 * the person gone. */
static void click_again(City *c) {
  const Sent *old = c->recent_count ? &c->recent[roll(c, (uint32_t)(c->recent_count < RECENT ? c->recent_count : RECENT))] : NULL;
  if (!old || !old->mem || !key_known(c, old->cmd.key)) return;
  Sent s = again(c, old);
  if (chance(c, 25)) { /* the key with another content */
    Json *a = json_clone(s.mem, s.cmd.args);
    s.cmd.args = a;
    json_put_int(s.mem, a, S("stage"), json_int(a, S("stage"), 1) % STAGE_MAX + 1);
    s.wrong = "the key stands for something else";
  }
  send_one(c, &s);
  arena_close(s.mem);
}

/* Two people act on what both have on the screen, one of them twice: in one commit. */
static void together(City *c, const Project *p, bool lost) {
  Sent list[BATCH] = {0};
  size_t n = 0;
  for (int i = 0; i < 3; i++) {
    Sent s = project_act(c, p);
    if (!s.mem) continue;
    list[n++] = s;
    if (i == 0) list[n++] = again(c, &s);
  }
  if (c->project_count > 1) {
    const Project *other = project_read(c, 1 + (int64_t)roll(c, (uint32_t)c->project_count));
    Sent s = other ? project_act(c, other) : (Sent){0};
    if (s.mem) list[n++] = s;
  }
  if (lost && n) {
    city_lose(c, list, n);
    c->now += 60000;
    for (size_t i = 0; i < n; i++) list[i].cmd.now = c->now;
  }
  if (n) send_batch(c, list, n);
  for (size_t i = 0; i < n; i++) sent_answer(c, &list[i]);
  shadow_read(c);
  for (size_t i = 0; i < n; i++) sent_keep(c, &list[i]);
}

/* ---- a step ------------------------------------------------------------------------------------------- */

bool project_step(City *c, int64_t no) {
  const Project *p = project_read(c, no);
  if (!p) return false;
  Sent s = project_act(c, p);
  if (!s.mem) return false;
  send_one(c, &s);
  sent_keep(c, &s);
  return true;
}

static void register_step(City *c) {
  Sent s = sent_new(c, S("project.register"), S(""), somebody(c, ROLE_APPLICANT, S("")));
  const Account *a = s.mem ? account(c, s.cmd.actor.id) : NULL;
  if (!a) return;
  Json *args = json_obj(s.mem);
  json_put_str(s.mem, args, S("uscc"), a->uscc);
  sent_fill(c, &s, NULL, 0, NULL, args);
  Sent twice = again(c, &s);
  Sent both[2] = {s, twice};
  send_batch(c, both, 2);
  for (int i = 0; i < 2; i++) sent_answer(c, &both[i]);
  shadow_read(c);
  sent_keep(c, &both[0]);
  arena_close(both[1].mem);
}

void person_step(City *c) {
  if (c->project_count < c->projects_wanted && (!c->project_count || chance(c, 8))) {
    register_step(c);
    return;
  }
  if (!c->project_count) return;
  if (chance(c, 4)) {
    click_again(c);
    return;
  }
  const Project *p = project_read(c, 1 + (int64_t)roll(c, (uint32_t)c->project_count));
  if (!p) return;
  uint32_t r = roll(c, 100);
  if (r < 6) {
    together(c, p, false);
    return;
  }
  if (r < 7) {
    together(c, p, true);
    return;
  }
  Sent s = r < 25 ? random_act(c, p) : project_act(c, p);
  if (!s.mem) return;
  spoil(c, &s, p);
  send_one(c, &s);
  sent_keep(c, &s);
}
