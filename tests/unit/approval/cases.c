/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

typedef struct Way { /* one project being made */
  Arena *mem;
  const Cases *c;
  const Policy *limits;
  const Project *pr;
  uint64_t state;
  int64_t seq;
} Way;

static uint32_t roll(Way *w, uint32_t n) { /* splitmix64 */
  uint64_t z = (w->state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return (uint32_t)((z ^ (z >> 31)) % n);
}

static void emit(Way *w, const char *kind, Day day, int minute, Json *body) {
  Event e = {.stream = S("project/1"), .seq = ++w->seq, .kind = str_of(kind), .version = 1, .actor = S("li"), .actor_name = S("李某"),
             .happened = day_start(day) + minute * 60000LL, .body = body};
  if (w->c->notice.n && day.n >= w->c->notice.n) json_put_int(w->mem, body, S("calendar"), 1);
  w->pr = project_fold(w->mem, (void *)(uintptr_t)w->pr, &e);
}

static Json *body_of(Way *w, int stage, Str item) {
  Json *b = json_obj(w->mem);
  json_put_int(w->mem, b, S("stage"), stage);
  if (item.len) json_put_str(w->mem, b, S("item"), item);
  return b;
}

/* ---- what is declared ---------------------------------------------------------------------------------- */

static void facts_draw(Way *w, Json *facts, const Field *list, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const Field *f = &list[i];
    if (!f->fact) continue;
    if (f->type == FIELD_BOOL) json_put_bool(w->mem, facts, f->name, roll(w, 3) == 0);
    if (f->type == FIELD_CHOICE) json_put_str(w->mem, facts, f->name, f->choices[roll(w, (uint32_t)f->choice_count)].value);
    if (f->type == FIELD_INT || f->type == FIELD_DECIMAL)
      json_put_str(w->mem, facts, f->name, arena_fmt(w->mem, "%u", 50 + roll(w, 40) * roll(w, 400)));
  }
}

static Str county_draw(Way *w) {
  Str list[64];
  size_t n = 0;
  for (size_t i = 0; i < w->c->p->unit_count && n < COUNT(list); i++)
    if (str_eq(w->c->p->units[i].kind, S("county"))) list[n++] = w->c->p->units[i].code;
  return list[roll(w, (uint32_t)n)];
}

static void registered(Way *w, int64_t no, Day day) {
  const Policy *p = w->c->p;
  const Category *c = &p->categories[roll(w, (uint32_t)p->category_count)];
  Json *b = json_obj(w->mem), *limits = json_arr(w->mem);
  json_put_int(w->mem, b, S("no"), no);
  json_put_str(w->mem, b, S("category"), c->code);
  json_put_str(w->mem, b, S("county"), county_draw(w));
  Json *facts = json_put_obj(w->mem, b, S("facts"));
  facts_draw(w, facts, p->facts, p->fact_count);
  for (int n = 1; n <= STAGE_MAX; n++) {
    Json one = {.kind = JSON_INT, .num = c->limit[n]};
    json_push(w->mem, limits, &one);
    facts_draw(w, facts, p->form[n], p->form_count[n]);
  }
  json_put(w->mem, b, S("limits"), limits);
  emit(w, "project.registered", day, 540, b);
}

/* ---- a stage --------------------------------------------------------------------------------------------- */

static void accepted(Way *w, int n, Day day, int attempt) {
  Arena *m = w->mem;
  ItemChoice *choices = NULL;
  Json *b = body_of(w, n, S("")), *sub = body_of(w, n, S("")), *items = json_put_arr(m, b, S("items"));
  json_put_int(m, sub, S("attempt"), attempt);
  emit(w, "stage.submitted", day, 545, sub);
  size_t count = policy_items(m, w->c->p, n, w->pr->category, w->pr->county, w->pr->facts, &choices);
  const Category *c = policy_category(w->limits, w->pr->category);
  json_put_str(m, b, S("day"), day_str(m, day));
  json_put_str(m, b, S("policy"), w->c->p->version);
  json_put_int(m, b, S("limit"), c->limit[n]);
  for (size_t i = 0; i < count; i++) {
    const Item *item = choices[i].item, *under = policy_item(w->limits, item->code);
    if (choices[i].applies == NO || stage_item(&w->pr->stages[n], item->code)) continue;
    Json *o = json_push_obj(m, items);
    json_put_str(m, o, S("code"), item->code);
    json_put_str(m, o, S("name"), item->name);
    json_put_str(m, o, S("unit"), choices[i].unit);
    json_put_int(m, o, S("days"), policy_item_days(under ? under : item, w->pr->category));
    json_put_bool(m, o, S("parallel"), item->parallel);
    json_put_bool(m, o, S("outside"), item->outside);
  }
  emit(w, "stage.accepted", day, 550, b);
  emit(w, "stage.dispatched", day, 560, body_of(w, n, S("")));
}

static bool item_again(Way *w, int n, Str code, int days, Day at, Day *end);

/* Some days of work, a pause or two between; true when the item was decided by today. */
static bool item_way(Way *w, int n, Str code, int days, Day start, Day *end) {
  const Calendar *cal = w->c->p->calendar;
  Day at = start;
  int share = 20 + (int)roll(w, 76), left = days * share / 100 + (int)roll(w, 2);
  bool refused = roll(w, 60) == 0, withdrawn = roll(w, 50) == 0;
  for (uint32_t pauses = roll(w, 8) == 0 ? 1 + roll(w, 2) : 0; pauses; pauses--) {
    at = (Day){calendar_add(cal, at, (int)roll(w, (uint32_t)left + 1)).n + (int32_t)roll(w, 2)};
    if (at.n > w->c->today.n) return false;
    Json *b = body_of(w, n, code);
    json_put_str(w->mem, b, S("cause"), w->c->p->causes[roll(w, (uint32_t)w->c->p->cause_count)].code);
    emit(w, "item.paused", at, 600, b);
    at = (Day){at.n + (int32_t)roll(w, 25)};
    if (at.n > w->c->today.n) return false;
    emit(w, "item.resumed", at, 700, body_of(w, n, code));
  }
  at = (Day){calendar_add(cal, at, left).n + (int32_t)(roll(w, 20) == 0 ? roll(w, 3) : 0)};
  if (at.n > w->c->today.n) return false;
  if (roll(w, 30) == 0) {
    Json *b = body_of(w, n, code);
    json_put_int(w->mem, b, S("days"), 1 + roll(w, 10));
    emit(w, "item.extended", at, 710, b);
  }
  Json *b = body_of(w, n, code);
  json_put_str(w->mem, b, S("result"), refused ? S("refuse") : S("pass"));
  emit(w, withdrawn ? "item.withdrawn" : "item.decided", at, 720, b);
  if (at.n > end->n) *end = at;
  return withdrawn && roll(w, 4) ? item_again(w, n, code, days, at, end) : true;
}

/* Taken back and applied for again some days later: what it had run stays the stage's. */
static bool item_again(Way *w, int n, Str code, int days, Day at, Day *end) {
  at.n += (int32_t)roll(w, 12);
  if (at.n > w->c->today.n) return false;
  emit(w, "item.reapplied", at, 730, body_of(w, n, code));
  return item_way(w, n, code, days, at, end);
}

/* True when the stage was delivered; *at goes on to that day. */
static bool stage_way(Way *w, int n, Day *at, int attempt) {
  Str codes[128];
  int days[128];
  size_t count = 0;
  Day start = *at, end = *at;
  bool whole = true;
  accepted(w, n, start, attempt);
  const StageState *s = &w->pr->stages[n];
  for (size_t i = 0; i < s->item_count && count < COUNT(codes); i++) {
    const Item *item = policy_item(w->c->p, s->items[i].code);
    if (s->items[i].kept_from) continue;
    codes[count] = s->items[i].code;
    days[count++] = policy_item_days(item, w->pr->category);
  }
  for (size_t i = 0; i < count; i++) whole = item_way(w, n, codes[i], days[i], start, &end) && whole;
  if (roll(w, 40) == 0) { /* the applicant does not want it any more */
    Day gone = {start.n + (int32_t)roll(w, 20)};
    if (gone.n >= end.n && gone.n <= w->c->today.n) emit(w, "stage.withdrawn", gone, 800, body_of(w, n, S("")));
    return false;
  }
  *at = (Day){end.n + (int32_t)(roll(w, 3) ? 0 : roll(w, 4))};
  if (at->n > w->c->today.n || !whole || s->status != STAGE_DECIDED) return false;
  for (size_t i = 0; i < s->item_count; i++)
    if (s->items[i].status == ITEM_REFUSED && !s->items[i].parallel) {
      emit(w, "stage.refused", *at, 810, body_of(w, n, S("")));
      *at = (Day){at->n + 5};
      return attempt == 1 && at->n <= w->c->today.n && stage_way(w, n, at, 2);
    }
  emit(w, "stage.certified", *at, 820, body_of(w, n, S("")));
  if (roll(w, 50) == 0) return false; /* not fetched yet */
  emit(w, "stage.delivered", *at, 830, body_of(w, n, S("")));
  return true;
}

const Project *cases_project(Arena *mem, const Cases *c, int64_t no, const Policy *limits) {
  Way w = {.mem = mem, .c = c, .limits = limits, .state = c->seed * 0x9E3779B97F4A7C15ULL + (uint64_t)no * 0xD1342543DE82EF95ULL};
  Day at = {c->first.n + (int32_t)roll(&w, (uint32_t)(c->today.n - c->first.n))};
  registered(&w, no, at);
  for (int n = 1; n <= STAGE_MAX; n++) {
    if (w.pr->stages[n].status == STAGE_NA) continue;
    at.n += (int32_t)roll(&w, 6);
    if (at.n > c->today.n || !stage_way(&w, n, &at, 1)) break;
    at.n += (int32_t)roll(&w, 30);
  }
  return w.pr;
}
