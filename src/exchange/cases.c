/* SPDX-License-Identifier: Apache-2.0 */
/* cases.c: the rows of a case, told from its events. An instance is one time that an item was handled; what is applied for again is another. */
#include "exchange/exchange_int.h"

typedef struct Step { Str act, text, by, desk; int64_t at, seq; bool closes; } Step; /* closes: made by the step of the same event that follows */

typedef struct Instance {
  Str item, name, unit, code, receipt;
  int stage, days, nth;
  bool parallel, held, over;  /* held: begins with the certificate */
  int64_t passed;             /* when; 0: it did not */
  Str stopped;                /* the act that ends its pause: resumed, supplemented; empty: it runs */
} Instance;

typedef struct StageWalk {
  Str receipt;
  int attempt;
  bool accepted;
  Step *before; size_t before_count, before_cap; /* what happened before the items were known */
} StageWalk;

typedef struct Walk {
  Arena *mem;
  const Policies *versions;
  const Policy *p;
  const Project *pr;
  SpglRows *out;
  StageWalk stages[STAGE_MAX + 1];
  Instance *list; size_t count, cap;
  const Event *e;
  int n;
} Walk;

static const Policy *version_of(const Walk *w, Str version) {
  const Policy *p = version.len ? policies_find(w->versions, version) : NULL;
  return p && p->spgl.version.len ? p : w->p;
}

/* ---- rows of an instance ---------------------------------------------------------------------------------------- */

static Json *values_of(const Walk *w, const Instance *i) {
  Json *v = json_obj(w->mem);
  json_put_str(w->mem, v, S("project.code"), w->pr->code);
  json_put_str(w->mem, v, S("instance.code"), i->code);
  json_put_str(w->mem, v, S("instance.receipt"), i->receipt);
  return v;
}

static void step_row(Walk *w, const Instance *i, const Step *s) {
  Json *v = values_of(w, i);
  const SpglAct *act = spgl_act(w->p, s->act);
  if (!act) return;
  json_put_str(w->mem, v, S("event.desk"), s->desk);
  json_put_str(w->mem, v, S("event.by"), s->by);
  json_put_str(w->mem, v, S("event.status"), act->status);
  json_put_str(w->mem, v, S("event.text"), s->text.len ? s->text : act->name);
  json_put_str(w->mem, v, S("event.at"), time__text(w->mem, s->at));
  row__add(w->mem, w->p, w->out, "event", arena_fmt(w->mem, "%.*s.%lld%s", SFMT(i->code), (long long)s->seq, s->closes ? "e" : ""), v);
}

static void instance_row(Walk *w, const Instance *i, Str version) {
  Json *v = values_of(w, i);
  const Policy *p = version_of(w, version);
  const Category *c = policy_category(p, w->pr->category);
  const Unit *u = policy_unit_known(w->p, i->unit);
  if (c) flow__values(w->mem, p, c, v);
  json_put_str(w->mem, v, S("item.code"), i->item);
  json_put_str(w->mem, v, S("item.name"), i->name);
  json_put_int(w->mem, v, S("item.days"), i->days);
  json_put_str(w->mem, v, S("unit.code"), i->unit);
  json_put_str(w->mem, v, S("unit.name"), u ? u->name : i->unit);
  row__add(w->mem, w->p, w->out, "instance", i->code, v);
}

/* ---- steps --------------------------------------------------------------------------------------------------------- */

static Str unit_named(const Walk *w, Str code) {
  const Unit *u = policy_unit_known(w->p, code);
  return u ? u->name : code;
}

/* What the applicant does stands under the name of the enterprise: no person's name goes out for it. */
static Step step_of(const Walk *w, const char *act, Str text) {
  static const char *const theirs[] = {"stage.submitted", "stage.corrected", "stage.withdrawn", "item.supplemented", "item.withdrawn", "item.reapplied", "project.withdrawn"};
  bool owner = false;
  for (size_t i = 0; i < COUNT(theirs); i++) owner |= str_eqz(w->e->kind, theirs[i]);
  Str desk = w->n ? w->p->stages[w->n].desk : S("窗口"), by = w->e->actor_name.len ? w->e->actor_name : S("系统");
  if (str_starts(w->e->kind, S("item.")) && w->e->unit.len) desk = unit_named(w, w->e->unit);
  return (Step){.act = str_of(act), .text = text, .by = owner ? w->pr->owner : by, .desk = owner ? w->pr->owner : desk, .at = w->e->happened, .seq = w->e->seq};
}

static void before_add(Walk *w, const char *act, Str text) {
  StageWalk *s = &w->stages[w->n];
  *GROW(w->mem, s->before, s->before_count, s->before_cap, Step) = step_of(w, act, text);
}

static Instance *instance_add(Walk *w, Str item, Str name, Str unit, int days, bool parallel) {
  StageWalk *s = &w->stages[w->n];
  int nth = 1;
  for (size_t i = 0; i < w->count; i++)
    if (w->list[i].stage == w->n && str_eq(w->list[i].item, item) && str_eq(w->list[i].receipt, s->receipt)) nth++;
  Instance *i = GROW(w->mem, w->list, w->count, w->cap, Instance);
  *i = (Instance){.item = item, .name = name, .unit = unit, .receipt = s->receipt, .stage = w->n, .days = days, .nth = nth, .parallel = parallel, .stopped = S("")};
  i->code = arena_fmt(w->mem, "%.*s-%.*s", SFMT(s->receipt), SFMT(item));
  if (nth > 1) i->code = arena_fmt(w->mem, "%.*s-%d", SFMT(i->code), nth);
  return i;
}

/* The one of that item that is being handled, or was last. */
static Instance *instance_now(Walk *w, int stage, Str item) {
  for (size_t i = w->count; i > 0; i--)
    if (w->list[i - 1].stage == stage && str_eq(w->list[i - 1].item, item)) return &w->list[i - 1];
  return NULL;
}

static void before_rows(Walk *w, const Instance *i) {
  const StageWalk *s = &w->stages[w->n];
  for (size_t k = 0; k < s->before_count; k++) step_row(w, i, &s->before[k]);
}

/* Before a stage is accepted its items are those that the form asks for. */
static void derive(Walk *w, const char *act, Str text) {
  const StageState *s = &w->pr->stages[w->n];
  const Policy *p = version_of(w, s->form_version.len ? s->form_version : w->pr->policy_version);
  ItemChoice *list = NULL;
  Json *facts = policy_facts(w->mem, w->pr->facts, w->pr->category, w->pr->county);
  size_t n = policy_items_only(w->mem, p, w->n, w->pr->category, w->pr->county, facts, &list);
  for (size_t k = 0; k < n; k++) {
    if (list[k].applies != YES || list[k].item->opens.len) continue;
    Instance *i = instance_add(w, list[k].item->code, list[k].item->name, list[k].unit, list[k].days, list[k].item->parallel);
    instance_row(w, i, p->version);
    before_rows(w, i);
    i->over = true;
    if (!act) continue;
    Step s2 = step_of(w, act, text);
    step_row(w, i, &s2);
  }
}

static void accepted(Walk *w) {
  const Json *items = json_get(w->e->body, S("items"));
  StageWalk *s = &w->stages[w->n];
  Step step = step_of(w, "accepted", S(""));
  if (json_bool(w->e->body, S("deemed")) && s->before_count) { /* the law accepts as of the receipt */
    step.at = s->before[s->before_count - 1].at;
    step.text = S("视为受理");
  }
  s->accepted = true;
  for (const Json *x = items ? items->first : NULL; x; x = x->next) {
    Instance *i = instance_add(w, json_str(x, S("code")), json_str(x, S("name")), json_str(x, S("unit")), (int)json_int(x, S("days"), 1), json_bool(x, S("parallel")));
    i->held = json_str(x, S("opens")).len > 0;
    if (i->held) continue;
    before_rows(w, i);
    step_row(w, i, &step);
  }
}

/* ---- what happens to an instance --------------------------------------------------------------------------------------- */

/* A pause that no event of its own ends, ends with what ends the item. */
static void close_pause(Walk *w, Instance *i) {
  if (!i->stopped.len) return;
  Step s = step_of(w, "resumed", S(""));
  s.act = i->stopped;
  s.closes = true;
  step_row(w, i, &s);
  i->stopped = S("");
}

static void end(Walk *w, Instance *i, const char *act, Str text) {
  if (!i || i->held || i->over) return;
  close_pause(w, i);
  Step s = step_of(w, act, text);
  step_row(w, i, &s);
  i->over = true;
  if (str_eqz(s.act, "passed")) i->passed = s.at;
}

static void special_row(Walk *w, const Instance *i) {
  Json *v = values_of(w, i);
  const Cause *c = policy_cause(w->p, json_str(w->e->body, S("cause")));
  Day planned = {0}, from = day_of(w->e->happened);
  if (!day_parse(json_str(w->e->body, S("planned")), &planned)) planned = from;
  json_put_str(w->mem, v, S("special.cause"), json_str(w->e->body, S("cause")));
  json_put_str(w->mem, v, S("special.name"), c ? c->name : json_str(w->e->body, S("cause")));
  json_put_str(w->mem, v, S("special.from"), time__text(w->mem, w->e->happened));
  json_put_int(w->mem, v, S("special.days"), calendar_count(w->p->calendar, from, planned));
  row__add(w->mem, w->p, w->out, "special", arena_fmt(w->mem, "%.*s.%lld", SFMT(i->code), (long long)w->e->seq), v);
}

static void stop(Walk *w, Instance *i, const char *act, const char *ends, Str text) {
  if (i->over) return;
  Step s = step_of(w, act, text);
  step_row(w, i, &s);
  i->stopped = str_of(ends);
}

static void on(Walk *w, Instance *i) {
  if (!i->stopped.len) return;
  Step s = step_of(w, "resumed", S(""));
  s.act = i->stopped;
  step_row(w, i, &s);
  i->stopped = S("");
}

static void reapplied(Walk *w, const Instance *was) {
  Instance copy = *was;
  Instance *i = instance_add(w, copy.item, copy.name, copy.unit, copy.days, copy.parallel);
  Step got = step_of(w, "received", json_str(w->e->body, S("reason"))), taken = step_of(w, "accepted", S(""));
  got.closes = true; /* two steps of one event */
  step_row(w, i, &got);
  step_row(w, i, &taken);
}

static void of_item(Walk *w, Str kind) {
  const Json *b = w->e->body;
  Instance *i = instance_now(w, w->n, json_str(b, S("item")));
  if (!i) return;
  if (str_eqz(kind, "taken") && !i->over) {
    Step s = step_of(w, "taken", S(""));
    step_row(w, i, &s);
  }
  if (str_eqz(kind, "paused")) special_row(w, i), stop(w, i, "paused", "resumed", json_str(b, S("notice")));
  if (str_eqz(kind, "rested")) special_row(w, i), stop(w, i, "paused", "resumed", json_str(b, S("by")));
  if (str_eqz(kind, "returned")) stop(w, i, "returned", "supplemented", json_str(b, S("reason")));
  if (str_eqz(kind, "resumed") || str_eqz(kind, "supplemented") || str_eqz(kind, "moved-on")) on(w, i);
  if (str_eqz(kind, "extended")) i->days += (int)json_int(b, S("days"), 0);
  if (str_eqz(kind, "decided")) end(w, i, str_eqz(json_str(b, S("result")), "pass") ? "passed" : "refused", json_str(b, S("opinion")));
  if (str_eqz(kind, "settled")) end(w, i, "passed", json_str(b, S("opinion")));
  if (str_eqz(kind, "withdrawn")) end(w, i, "withdrawn", json_str(b, S("reason")));
  if (str_eqz(kind, "reapplied")) reapplied(w, i);
  if (str_eqz(kind, "revoked")) {
    Step s = step_of(w, "revoked", json_str(b, S("reason")));
    step_row(w, i, &s);
  }
}

/* ---- what happens to a stage --------------------------------------------------------------------------------------------- */

static void file_rows(Walk *w) {
  const Json *files = json_get(w->e->body, S("files"));
  const StageWalk *s = &w->stages[w->n];
  for (const Json *f = files ? files->first : NULL; f; f = f->next) {
    Str blob = json_str(f, S("blob")), name = json_str(f, S("name"));
    if (!blob.len) continue;
    Str key = arena_fmt(w->mem, "%.*s.%.*s.%.*s", SFMT(s->receipt), SFMT(json_str(f, S("material"))), SFMT(str_sub(blob, 0, 16)));
    if (row__find(w->out, "file", key)) continue; /* handed in again with the correction */
    size_t dot = name.len;
    for (size_t k = 0; k < name.len; k++)
      if (name.ptr[k] == '.') dot = k + 1;
    Json *v = json_obj(w->mem);
    json_put_str(w->mem, v, S("project.code"), w->pr->code);
    json_put_str(w->mem, v, S("instance.receipt"), s->receipt);
    json_put_str(w->mem, v, S("file.name"), name);
    json_put_str(w->mem, v, S("file.type"), str_sub(name, dot, SIZE_MAX));
    json_put_str(w->mem, v, S("file.id"), blob);
    row__add(w->mem, w->p, w->out, "file", key, v);
  }
}

static void ended(Walk *w, int n, Str reason) {
  StageWalk *s = &w->stages[n];
  int was = w->n;
  w->n = n;
  if (s->receipt.len && !s->accepted) derive(w, "withdrawn-early", reason);
  for (size_t i = 0; i < w->count; i++)
    if (w->list[i].stage == n) end(w, &w->list[i], "withdrawn", reason);
  w->stages[n] = (StageWalk){.receipt = s->receipt, .attempt = s->attempt, .accepted = true};
  w->n = was;
}

static void certified(Walk *w) {
  for (size_t i = 0; i < w->count; i++) {
    Instance *x = &w->list[i];
    if (x->stage != w->n || !x->held) continue;
    x->held = false;
    Step s = step_of(w, "accepted", S(""));
    before_rows(w, x);
    step_row(w, x, &s);
  }
}

static void of_stage(Walk *w, Str kind) {
  StageWalk *s = &w->stages[w->n];
  const Json *b = w->e->body;
  if (str_eqz(kind, "submitted")) {
    *s = (StageWalk){.receipt = json_str(b, S("receipt")), .attempt = (int)json_int(b, S("attempt"), 1)};
    before_add(w, "received", S(""));
    file_rows(w);
  }
  if (str_eqz(kind, "correction-requested")) before_add(w, "correction", S(""));
  if (str_eqz(kind, "corrected")) before_add(w, "corrected", S("")), file_rows(w);
  if (str_eqz(kind, "supplied")) file_rows(w);
  if (str_eqz(kind, "accepted")) accepted(w);
  if (str_eqz(kind, "not-accepted")) derive(w, "not-accepted", json_str(b, S("reason"))), s->accepted = true;
  if (str_eqz(kind, "withdrawn")) ended(w, w->n, json_str(b, S("reason")));
  if (str_eqz(kind, "certified")) certified(w);
}

/* ---- the project ------------------------------------------------------------------------------------------------------------ */

static void facts_put(Walk *w, Json *v) {
  for (int n = 0; n <= STAGE_MAX; n++) {
    const Json *from = n ? w->pr->stages[n].form : w->pr->facts;
    for (const Json *f = from ? from->first : NULL; f; f = f->next)
      if (f->kind != JSON_OBJ && f->kind != JSON_ARR) json_put_str(w->mem, v, arena_fmt(w->mem, "fact.%.*s", SFMT(f->key)), value__text(w->mem, f));
  }
}

/* Lines are another type than buildings, and land that is granted with a design another than without. */
static void type_refine(Walk *w, Json *v) {
  Str type = json_str(v, S("flow.type"));
  if (str_eqz(type, "1") && str_eqz(json_str(v, S("fact.linear")), "true")) json_put_str(w->mem, v, S("flow.type"), S("2"));
  if (str_eqz(type, "3") && str_eqz(json_str(v, S("fact.with_scheme")), "true")) json_put_str(w->mem, v, S("flow.type"), S("5"));
}

static void project_rows(Walk *w, int64_t submitted) {
  const Project *pr = w->pr;
  const Policy *p = version_of(w, pr->policy_version);
  const Category *c = policy_category(p, pr->category);
  const Unit *u = policy_unit_known(w->p, pr->county);
  Arena *m = w->mem;
  Json *v = json_obj(m);
  bool done = pr->status == PROJECT_COMPLETED;
  if (c) flow__values(m, p, c, v);
  facts_put(w, v);
  type_refine(w, v);
  json_put_str(m, v, S("project.code"), pr->code);
  json_put_str(m, v, S("project.name"), pr->name);
  json_put_str(m, v, S("project.invest"), c && c->invest.len ? c->invest : S("other"));
  json_put_str(m, v, S("project.scale"), json_str(v, S("fact.scale")));
  json_put_bool(m, v, S("project.region"), pr->stages[1].region != NULL);
  json_put_str(m, v, S("project.region-code"), u && u->region.len ? u->region : w->p->city_code);
  json_put_bool(m, v, S("project.done"), done);
  if (done) json_put_str(m, v, S("project.done-at"), time__text(m, pr->ended_at));
  json_put_str(m, v, S("project.submitted-at"), time__text(m, submitted));
  row__add(m, w->p, w->out, "project", pr->code, v);
  Json *o = json_obj(m);
  json_put_str(m, o, S("project.code"), pr->code);
  json_put_str(m, o, S("owner.uscc"), pr->uscc);
  json_put_str(m, o, S("owner.name"), pr->owner);
  row__add(m, w->p, w->out, "owner", arena_fmt(m, "%.*s.1", SFMT(pr->code)), o);
}

/* ---- what was issued --------------------------------------------------------------------------------------------------------- */

static bool covers(const Walk *w, const Cert *c, Str item) {
  const Permit *permit = policy_permit(w->p, c->code);
  for (size_t i = 0; permit && i < permit->item_count; i++)
    if (str_eq(permit->items[i], item)) return true;
  return false;
}

/* The certificates of a stage stand for each of its items that passed: the one made for it, else the stage's own. */
static void document_rows(Walk *w, const Instance *i) {
  const Cert *own = NULL;
  bool found = false;
  for (size_t pass = 0; pass < 2 && !found; pass++)
    for (size_t k = 0; k < w->pr->cert_count; k++) {
      const Cert *c = &w->pr->certs[k];
      if (c->stage != i->stage || c->at < i->passed) continue;
      own = own ? own : c;
      if (pass ? c != own : !covers(w, c, i->item)) continue;
      found = true;
      Json *v = values_of(w, i);
      json_put_str(w->mem, v, S("document.day"), day_str(w->mem, day_of(c->at)));
      json_put_str(w->mem, v, S("document.number"), c->number);
      json_put_str(w->mem, v, S("document.title"), c->name);
      row__add(w->mem, w->p, w->out, "document", arena_fmt(w->mem, "%.*s.%.*s", SFMT(i->code), SFMT(c->number)), v);
    }
}

void exchange_case(Arena *mem, const Policies *versions, const Policy *p, const Project *pr, const Events *events, SpglRows *out) {
  Walk *w = arena_new(mem, Walk);
  *w = (Walk){.mem = mem, .versions = versions, .p = p, .pr = pr, .out = out};
  int64_t submitted = 0;
  for (size_t i = 0; i < events->count && !submitted; i++)
    if (str_eqz(events->list[i].kind, "stage.submitted")) submitted = events->list[i].happened;
  if (!submitted || !p->spgl.table_count) return;
  project_rows(w, submitted);
  for (size_t i = 0; i < events->count; i++) {
    w->e = &events->list[i];
    w->n = (int)json_int(w->e->body, S("stage"), 0);
    bool staged = w->n >= 1 && w->n <= STAGE_MAX;
    if (str_starts(w->e->kind, S("stage.")) && staged) of_stage(w, str_sub(w->e->kind, 6, SIZE_MAX));
    if (str_starts(w->e->kind, S("item.")) && staged) of_item(w, str_sub(w->e->kind, 5, SIZE_MAX));
    for (int n = 1; n <= STAGE_MAX && str_eqz(w->e->kind, "project.withdrawn"); n++) ended(w, n, json_str(w->e->body, S("reason")));
  }
  for (w->n = 1; w->n <= STAGE_MAX; w->n++)
    if (w->stages[w->n].receipt.len && !w->stages[w->n].accepted) derive(w, NULL, S(""));
  for (size_t i = 0; i < w->count; i++) {
    const Instance *x = &w->list[i];
    if (!x->held && !row__find(out, "instance", x->code)) instance_row(w, x, pr->stages[x->stage].policy_version);
  }
  for (size_t i = 0; i < w->count; i++)
    if (w->list[i].passed) document_rows(w, &w->list[i]);
  check__case(mem, versions, p, pr, out);
}
