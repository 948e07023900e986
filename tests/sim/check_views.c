/* SPDX-License-Identifier: Apache-2.0 */
/* check_views.c: the lists say what the states say. */
#include "sim.h"

/* ---- the due queue ----------------------------------------------------------------------------------------- */

static void due_check(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  Due *list = NULL;
  size_t n = 0, wanted = 0, met = 0;
  if (reader_due(&cx, c->reader, INT64_MAX, 1000, &list, &n) != OK) STOP(c, "the due queue is read", "%.*s", SFMT(cx.detail));
  const Policy *p = policy_now(c, S(""));
  for (size_t i = 0; i < c->project_count; i++)
    for (int k = 1; k <= STAGE_MAX; k++) {
      const ShStage *s = &c->projects[i].stages[k];
      Day lack = shadow_lack_due(&c->projects[i], s);
      wanted += lack.n > 0;
      for (size_t x = 0; lack.n && x < n; x++)
        met += str_eqz(list[x].name, "stage.expire-lacking") && str_eq(list[x].stream, arena_fmt(c->cx.mem, "project/%zu", i + 1)) &&
               list[x].at == day_start((Day){lack.n + 1}) && json_int(list[x].args, S("stage"), 0) == k;
      if (s->status != STAGE_SUBMITTED) continue;
      int64_t at = day_start(clock_deemed_from(p->calendar, day_of(s->submitted), p->receipt_days));
      wanted++;
      for (size_t x = 0; x < n; x++)
        met += str_eqz(list[x].name, "stage.deem-accepted") && str_eq(list[x].stream, arena_fmt(c->cx.mem, "project/%zu", i + 1)) && list[x].at == at && json_int(list[x].args, S("stage"), 0) == k;
    }
  super_due(c, list, n, &wanted, &met);
  reform_due(c, list, n, &wanted, &met);
  ledger_due(c, list, n, &wanted, &met);
  for (size_t i = 0; i < c->spot.draw_count; i++) { /* until all have revealed, the moment of the public number */
    if (!spot_waits(&c->spot.draws[i])) continue;
    wanted++;
    for (size_t x = 0; x < n; x++)
      met += str_eqz(list[x].name, "draw.expire") && str_eq(list[x].stream, arena_fmt(c->cx.mem, "draw/%zu", i + 1)) && list[x].at == c->spot.draws[i].beacon_at;
  }
  for (size_t i = 0; i < c->joint.promise_count; i++) {
    Day due = c->joint.promises[i].review_due;
    wanted += due.n > 0;
    for (size_t x = 0; due.n && x < n; x++)
      met += str_eqz(list[x].name, "promise.expire") && str_eq(list[x].stream, arena_fmt(c->cx.mem, "promise/%zu", i + 1)) && list[x].at == day_start((Day){due.n + 1});
  }
  for (size_t i = 0; i < c->joint.credit_count; i++) {
    Day until = c->joint.credits[i].state == 'p' ? c->joint.credits[i].until : (Day){0};
    wanted += until.n > 0;
    for (size_t x = 0; until.n && x < n; x++)
      met += str_eqz(list[x].name, "credit.expire") && str_eq(list[x].stream, arena_fmt(c->cx.mem, "credit/%zu", i + 1)) && list[x].at == day_start((Day){until.n + 1});
  }
  CHECK(c, n == wanted && met == wanted, "the due queue is what the states imply", "%zu entries, %zu of %zu right", n, met, wanted);
}

/* ---- items ------------------------------------------------------------------------------------------------- */

static void row_check(City *c, const ItemRow *row) {
  ShProject *sh = shadow_project(c, row->project);
  ShItem *x = sh ? shadow_find(&sh->stages[row->stage], row->code) : NULL;
  const Project *p = sh ? project_read(c, row->project) : NULL;
  if (!x || !p) STOP(c, "lists are what the states say", "project %lld has no %.*s", (long long)row->project, SFMT(row->code));
  const ItemState *i = stage_item(&p->stages[row->stage], row->code);
  Reading r = project_item_reading(policy_now(c, sh->stages[row->stage].version), i, c->now);
  CHECK(c, shadow_open(x) && row->left == r.left && row->lamp == r.lamp && row->paused == r.paused && row->limit == i->limit &&
               row->start.n == i->start.n && row->has_due == r.has_due && (!r.has_due || row->due.n == r.due.n),
        "lists are what the states say", "project %lld %.*s: left %d, %d; lamp %.*s, %.*s", (long long)row->project, SFMT(row->code), row->left, r.left,
        SFMT(lamp_code(row->lamp)), SFMT(lamp_code(r.lamp)));
}

static void items_check(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  ItemFilter f = {.open = true, .limit = 2000};
  ItemRow *list = NULL;
  LampCount count = {0};
  size_t n = 0;
  int64_t total = 0, open = 0;
  const Policy *p = policy_now(c, S(""));
  if (items_list(&cx, c->reader, p, &f, c->now, &list, &n, &total) != OK || items_count(&cx, c->reader, p, S(""), c->now, &count) != OK)
    STOP(c, "items are listed", "%.*s", SFMT(cx.detail));
  LampCount lamps = {0};
  for (size_t i = 0; i < n && !c->failed; i++) {
    row_check(c, &list[i]);
    lamps.red += list[i].lamp == LAMP_RED;
    lamps.yellow += list[i].lamp == LAMP_YELLOW;
    lamps.grey += list[i].lamp == LAMP_GREY;
    lamps.green += list[i].lamp == LAMP_GREEN;
  }
  for (size_t i = 0; i < c->project_count; i++)
    for (int k = 1; k <= STAGE_MAX; k++)
      for (size_t x = 0; x < c->projects[i].stages[k].count; x++) open += shadow_open(&c->projects[i].stages[k].items[x]);
  CHECK(c, total == open && (int64_t)n == open, "exactly one row and lamp for each open clock", "%lld listed, %lld open", (long long)total, (long long)open);
  CHECK(c, count.all == open && count.red == lamps.red && count.yellow == lamps.yellow && count.grey == lamps.grey && count.green == lamps.green,
        "lamps are counted as they are listed", "%lld of %lld", (long long)count.all, (long long)open);
}

/* ---- projects ------------------------------------------------------------------------------------------------ */

static Str status_text(ProjectStatus s) {
  return s == PROJECT_COMPLETED ? S("completed") : s == PROJECT_TERMINATED ? S("terminated") : S("running");
}

static void projects_check(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  ProjectFilter f = {.limit = 1000};
  ProjectRow *list = NULL;
  CategoryRow *categories = NULL;
  size_t n = 0, rows = 0;
  int64_t total = 0, sum = 0;
  const Policy *p = policy_now(c, S(""));
  if (projects_list(&cx, c->reader, p, &f, c->now, &list, &n, &total) != OK || categories_summary(&cx, c->reader, p, &categories, &rows) != OK)
    STOP(c, "projects are listed", "%.*s", SFMT(cx.detail));
  for (size_t i = 0; i < n && !c->failed; i++) {
    const ShProject *sh = shadow_project(c, list[i].no);
    if (!sh) STOP(c, "lists are what the states say", "project %lld", (long long)list[i].no);
    int k = project_current_stage(project_read(c, list[i].no));
    CHECK(c, str_eq(list[i].status, status_text(sh->status)) && list[i].stage == k && str_eq(list[i].number, sh->number), "lists are what the states say",
          "project %lld: %.*s, stage %d", (long long)list[i].no, SFMT(list[i].status), list[i].stage);
  }
  for (size_t i = 0; i < rows; i++) {
    sum += categories[i].projects;
    CHECK(c, categories[i].running + categories[i].completed + categories[i].terminated == categories[i].projects, "the sum over states is all", "%.*s",
          SFMT(categories[i].category));
  }
  CHECK(c, total == (int64_t)c->project_count && sum == total && (int64_t)n == total, "the sum over states is all", "%lld, %lld, %zu", (long long)total,
        (long long)sum, c->project_count);
}

static void stages_check(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  static const StageStatus waiting[] = {STAGE_SUBMITTED, STAGE_CORRECTION, STAGE_ACCEPTED, STAGE_SLIP, STAGE_RUNNING, STAGE_DECIDED, STAGE_CERTIFIED,
                                        STAGE_DELIVERED, STAGE_REFUSED, STAGE_WITHDRAWN};
  for (size_t w = 0; w < COUNT(waiting) && !c->failed; w++) {
    StageRow *list = NULL;
    size_t n = 0, wanted = 0;
    if (stages_list(&cx, c->reader, policy_now(c, S("")), stage_status_text(waiting[w]), c->now, 1000, &list, &n) != OK)
      STOP(c, "stages are listed", "%.*s", SFMT(cx.detail));
    for (size_t i = 0; i < c->project_count; i++)
      for (int k = 1; k <= STAGE_MAX; k++) wanted += c->projects[i].stages[k].status == waiting[w] && c->projects[i].stages[k].attempt;
    CHECK(c, n == wanted, "lists are what the states say", "%zu stages %.*s, %zu", n, SFMT(stage_status_text(waiting[w])), wanted);
  }
}

void check_views(City *c) {
  due_check(c);
  if (!c->failed) items_check(c);
  if (!c->failed) projects_check(c);
  if (!c->failed) stages_check(c);
}
