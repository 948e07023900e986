/* SPDX-License-Identifier: Apache-2.0 */
/* whatif_view.c: reading a store into records; the report as a tree. Keys that end in _now and _draft are the two sides
 * of one number; each list says of how many. */
#include "approval/whatif_int.h"

static const Sql sql_count = {"whatif.count", "", "i", "SELECT count(*) FROM project"};

typedef struct Cases {
  WhatIf *w;
  int64_t done, all;
  void (*progress)(void *arg, int64_t done, int64_t all);
  void *arg;
} Cases;

static Code case_add(Cx *cx, void *arg, Str stream, const void *state, int64_t seq) {
  enum { EVERY = 500 };
  Cases *c = arg;
  (void)cx, (void)stream, (void)seq;
  whatif_add(c->w, state);
  c->done++;
  if (c->done > c->all) c->all = c->done; /* registered since they were counted */
  if (c->progress && c->done % EVERY == 0 && c->done < c->all) c->progress(c->arg, c->done, c->all);
  return OK;
}

Code whatif_read(Cx *cx, WhatIf *w, Reader *rd, int64_t max, void (*progress)(void *arg, int64_t done, int64_t all), void *arg) {
  Cases c = {.w = w, .progress = progress, .arg = arg};
  TRY(db_int(cx, reader_views(rd), &sql_count, NO_VALS, 0, &c.all));
  if (max && c.all > max)
    FAIL(LIMIT, "库里有 %lld 个项目，网页上最多演算 %lld 个。请在服务器上用 yichuang whatif 命令演算。", (long long)c.all, (long long)max);
  TRY(reader_fold(cx, rd, S("project"), case_add, &c));
  if (progress && c.done) progress(arg, c.done, c.done);
  return OK;
}

/* ---- the tree --------------------------------------------------------------------------------------------- */

typedef struct View {
  Arena *mem;
  const WhatIfReport *r;
  const Policy *now, *draft;
} View;

static void put_two(const View *v, Json *o, const char *key, int64_t now, int64_t draft) {
  json_put_int(v->mem, o, arena_fmt(v->mem, "%s_now", key), now);
  json_put_int(v->mem, o, arena_fmt(v->mem, "%s_draft", key), draft);
}

/* A mean with one decimal. */
static Str mean(Arena *mem, int64_t sum, int64_t n) {
  return n ? milli_str(mem, (Milli){(sum * 10 + n / 2) / n * 100}) : S("");
}

static void put_means(const View *v, Json *o, const char *key, int64_t now, int64_t draft, const int64_t n[2]) {
  json_put_str(v->mem, o, arena_fmt(v->mem, "%s_now", key), mean(v->mem, now, n[0]));
  json_put_str(v->mem, o, arena_fmt(v->mem, "%s_draft", key), mean(v->mem, draft, n[1]));
}

static void put_lamps(const View *v, Json *o, const char *key, const WhatIfCount *n) {
  static const Lamp shown[] = {LAMP_RED, LAMP_YELLOW, LAMP_GREY, LAMP_GREEN};
  Json *lamps = json_put_obj(v->mem, o, str_of(key));
  for (size_t i = 0; i < COUNT(shown); i++) json_put_int(v->mem, lamps, lamp_code(shown[i]), n->lamps[shown[i]]);
}

static void put_cell(const View *v, Json *o, const WhatIfCell *c) {
  const WhatIfCount *a = &c->side[0], *b = &c->side[1];
  int64_t done[2] = {a->done, b->done}; /* a stage that a side does not have is not in its means */
  json_put_int(v->mem, o, S("done"), c->done);
  json_put_int(v->mem, o, S("running"), c->running);
  json_put_int(v->mem, o, S("stopped"), c->stopped);
  put_two(v, o, "counted", a->done + a->running, b->done + b->running);
  put_two(v, o, "run", a->running, b->running);
  put_two(v, o, "late", a->late_done + a->late_running, b->late_done + b->late_running);
  put_two(v, o, "late_done", a->late_done, b->late_done);
  put_two(v, o, "late_running", a->late_running, b->late_running);
  put_two(v, o, "expected", a->expected, b->expected);
  put_two(v, o, "gone", a->gone, b->gone);
  put_means(v, o, "mean", a->used, b->used, done);
  put_means(v, o, "path", a->path, b->path, done);
  json_put_int(v->mem, o, S("reordered"), b->reordered);
  json_put_int(v->mem, o, S("assumed"), b->assumed);
  put_lamps(v, o, "lamps_now", a);
  put_lamps(v, o, "lamps_draft", b);
}

static void put_steps(const View *v, Json *o, const WhatIfCell *c) {
  enum { STEPS_SHOWN = 4 };
  Json *list = json_put_arr(v->mem, o, S("steps"));
  for (size_t i = 0; i < c->step_count && i < STEPS_SHOWN; i++) {
    const WhatIfStep *s = &c->steps[i];
    Json *one = json_push_obj(v->mem, list);
    json_put_str(v->mem, one, S("code"), s->code);
    json_put_str(v->mem, one, S("name"), s->name);
    put_two(v, one, "times", s->times[0], s->times[1]);
    put_means(v, one, "days", s->days[0], s->days[1], s->times);
    json_put_int(v->mem, one, S("of"), c->done);
  }
}

static void put_cells(const View *v, Json *top) {
  Json *list = json_put_arr(v->mem, top, S("cells"));
  for (size_t i = 0; i < v->r->cell_count; i++) {
    const WhatIfCell *c = &v->r->cells[i];
    const Category *category = policy_category(v->now, c->category);
    if (!category) category = policy_category(v->draft, c->category);
    Json *o = json_push_obj(v->mem, list);
    json_put_str(v->mem, o, S("category"), c->category);
    json_put_str(v->mem, o, S("category_name"), category ? category->name : c->category);
    json_put_int(v->mem, o, S("stage"), c->stage);
    json_put_str(v->mem, o, S("stage_name"), v->now->stages[c->stage].name);
    put_two(v, o, "limit", c->limit[0], c->limit[1]);
    put_two(v, o, "plan", c->plan[0], c->plan[1]);
    json_put_bool(v->mem, o, S("plan_over"), c->limit[1] && c->plan[1] > c->limit[1]);
    put_cell(v, o, c);
    put_steps(v, o, c);
  }
}

static void put_units(const View *v, Json *top) {
  Json *list = json_put_arr(v->mem, top, S("units"));
  for (size_t i = 0; i < v->r->unit_count; i++) {
    const WhatIfUnit *u = &v->r->units[i];
    const Unit *unit = policy_unit(v->now, u->unit);
    if (!unit) unit = policy_unit(v->draft, u->unit);
    Json *o = json_push_obj(v->mem, list);
    json_put_str(v->mem, o, S("unit"), u->unit);
    json_put_str(v->mem, o, S("unit_name"), unit ? unit->name : u->unit);
    put_two(v, o, "open", u->side[0].open, u->side[1].open);
    put_two(v, o, "ahead", u->side[0].ahead, u->side[1].ahead);
    put_two(v, o, "items", u->side[0].items, u->side[1].items);
    put_two(v, o, "worked", u->side[0].worked, u->side[1].worked);
    put_two(v, o, "late", u->side[0].late, u->side[1].late);
  }
}

static void put_moved(const View *v, Json *top) {
  Json *list = json_put_arr(v->mem, top, S("moved"));
  for (size_t i = 0; i < v->r->moved_count; i++) {
    const WhatIfStage *s = &v->r->moved[i];
    Json *o = json_push_obj(v->mem, list);
    json_put_int(v->mem, o, S("project"), s->project);
    json_put_str(v->mem, o, S("number"), project_number(v->mem, s->project));
    json_put_int(v->mem, o, S("stage"), s->stage);
    json_put_str(v->mem, o, S("stage_name"), v->now->stages[s->stage].name);
    json_put_bool(v->mem, o, S("running"), s->end_kind == END_NONE);
    json_put_bool(v->mem, o, S("late_draft"), s->draft.late);
    json_put_bool(v->mem, o, S("gone"), !s->draft.exists);
    put_two(v, o, "used", s->now.used, s->draft.used);
    put_two(v, o, "limit", s->now.limit, s->draft.limit);
  }
  json_put_int(v->mem, top, S("became_late"), v->r->became_late);
  json_put_int(v->mem, top, S("became_timely"), v->r->became_timely);
  json_put_int(v->mem, top, S("moved_shown"), (int64_t)v->r->moved_count);
  json_put_int(v->mem, top, S("moved_all"), v->r->became_late + v->r->became_timely);
}

Json *whatif_view(Arena *mem, const WhatIfReport *r, const Policy *now, const Policy *draft) {
  View v = {.mem = mem, .r = r, .now = now, .draft = draft};
  Json *top = json_obj(mem), *size = json_put_obj(mem, top, S("size"));
  json_put_str(mem, top, S("as_of"), day_str(mem, r->today));
  json_put_str(mem, top, S("version_now"), now->version);
  json_put_str(mem, top, S("version_draft"), draft->version);
  json_put_int(mem, size, S("projects"), r->size.projects);
  json_put_int(mem, size, S("stages"), r->size.stages);
  json_put_int(mem, size, S("items"), r->size.items);
  put_two(&v, top, "cases_late", r->cases_late[0], r->cases_late[1]);
  put_two(&v, top, "cases_expected", r->cases_expected[0], r->cases_expected[1]);
  put_cell(&v, json_put_obj(mem, top, S("all")), &r->all);
  put_cells(&v, top);
  put_units(&v, top);
  put_moved(&v, top);
  return top;
}
