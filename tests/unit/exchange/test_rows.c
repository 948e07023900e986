/* SPDX-License-Identifier: Apache-2.0 */
/* Cases as rows of the exchange standard, and the receiver's checks before they are sent. */
#include "../approval/world.h"
#include "exchange/exchange.h"

static SpglRows rows_of(World *w) {
  SpglRows out = {0};
  Events all = {.list = w->events, .count = w->count};
  exchange_case(w->mem, &w->policies, w->policies.current, w->pr, &all, &out);
  return out;
}

static size_t count_of(const SpglRows *rows, const char *per) {
  size_t n = 0;
  for (size_t i = 0; i < rows->count; i++) n += str_eqz(rows->list[i].table->per, per);
  return n;
}

static size_t status_of(const SpglRows *rows, int64_t status) {
  size_t n = 0;
  for (size_t i = 0; i < rows->count; i++) n += str_eqz(rows->list[i].table->per, "event") && json_int(rows->list[i].row, S("BLZT"), 0) == status;
  return n;
}

static size_t faults_of(const SpglRows *rows) {
  size_t n = 0;
  for (size_t i = 0; i < rows->count; i++) n += rows->list[i].fault.len > 0;
  return n;
}

/* No two rows of a table have one key; every row that names an instance names one that is there. */
static void keys_check(Test *t, const SpglRows *rows) {
  for (size_t i = 0; i < rows->count; i++)
    for (size_t k = 0; k < i; k++)
      if (rows->list[i].table == rows->list[k].table && str_eq(rows->list[i].key, rows->list[k].key)) EXPECT_STR(rows->list[i].key, S("one key"));
}

/* Both timers agree on every instance of the case. */
static void clocks_check(Test *t, World *w, const SpglRows *rows) {
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < w->pr->stages[n].item_count; i++) {
      const ItemState *item = &w->pr->stages[n].items[i];
      Str receipt = w->pr->stages[n].receipt, code = arena_fmt(w->mem, "%.*s-%.*s", SFMT(receipt), SFMT(item->code));
      if (item->again || item->kept_from || item->status == ITEM_HELD) continue;
      EXPECT_INT(exchange_clock(w->mem, w->policies.current, rows, code, day_of(w->now)), project_item_provincial(w->policies.current, item, w->now));
    }
}

TEST(the_catalogue_passes_the_checks_of_the_receiver) {
  const Policy *p = huludao(cx);
  SpglRows rows = {0};
  exchange_catalogue(t->mem, p, &rows);
  EXPECT_INT(count_of(&rows, "flow"), 7);
  EXPECT_INT(count_of(&rows, "stage"), 7 * 5 - 1); /* 改造类 has no second stage; each flow has a fifth for what runs beside */
  EXPECT_INT(faults_of(&rows), 0);
  keys_check(t, &rows);
  for (size_t i = 0; i < rows.count; i++)
    if (str_eqz(rows.list[i].table->per, "stage")) EXPECT(json_int(rows.list[i].row, S("SPJDSX"), 0) > 0 || json_int(rows.list[i].row, S("SPJDXH"), 0) == 5);
}

TEST(a_stage_that_is_finished_becomes_rows_that_pass) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  EXPECT_INT(rows_of(&w).count, 0); /* nothing was handed in yet */
  world_through(&w, 1);
  SpglRows rows = rows_of(&w);
  size_t items = w.pr->stages[1].item_count;
  EXPECT_INT(faults_of(&rows), 0);
  for (size_t i = 0; i < rows.count; i++)
    if (rows.list[i].fault.len) EXPECT_STR(rows.list[i].fault, S(""));
  EXPECT(count_of(&rows, "project") == 1 && count_of(&rows, "owner") == 1 && count_of(&rows, "instance") == items);
  EXPECT(status_of(&rows, 1) == items && status_of(&rows, 3) == items && status_of(&rows, 11) >= 1);
  EXPECT(count_of(&rows, "document") >= 1 && count_of(&rows, "file") >= 1);
  keys_check(t, &rows);
  clocks_check(t, &w, &rows);
  const SpglRow *project = &rows.list[0];
  EXPECT_STR(json_str(project->row, S("XMDM")), w.pr->code);
  EXPECT_STR(json_str(project->row, S("JSDDXZQH")), S("211403"));
  EXPECT_INT(json_int(project->row, S("SPLCLX"), 0), 6);
  EXPECT_INT(json_int(project->row, S("XMSFWQBJ"), 9), 0);
  for (int n = 2; n <= STAGE_MAX; n++) world_through(&w, n);
  rows = rows_of(&w);
  EXPECT_INT(faults_of(&rows), 0);
  EXPECT_INT(json_int(rows.list[0].row, S("XMSFWQBJ"), 9), 1);
  EXPECT(json_str(rows.list[0].row, S("XMWQBJSJ")).len == 19);
  keys_check(t, &rows);
  clocks_check(t, &w, &rows);
}

TEST(a_second_pause_and_a_second_application_are_rows_of_their_own) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("gov-building"), S("xingcheng"));
  EXPECT(world_upto(&w, 1, STAGE_RUNNING));
  Str item = w.pr->stages[1].items[0].code, who = arena_fmt(t->mem, "ap:%.*s", SFMT(w.pr->stages[1].items[0].unit));
  EXPECT_INT(world_step(&w, who.ptr, "item.take", 1, item, NULL, NULL), OK);
  for (int k = 0; k < 2; k++) {
    world_days(&w, 2);
    EXPECT_INT(world_step(&w, who.ptr, "item.pause", 1, item, NULL, NULL), OK);
    world_days(&w, 3);
    if (k == 0) EXPECT_INT(world_step(&w, who.ptr, "item.resume", 1, item, NULL, NULL), OK);
  }
  SpglRows rows = rows_of(&w);
  EXPECT(count_of(&rows, "special") == 2 && status_of(&rows, 9) == 2 && status_of(&rows, 10) == 1);
  clocks_check(t, &w, &rows); /* an open pause runs to today */
  world_pass(&w, 1, item);
  rows = rows_of(&w);
  EXPECT(status_of(&rows, 10) == 2 && faults_of(&rows) == 0);
  keys_check(t, &rows);
  clocks_check(t, &w, &rows);
  EXPECT_INT(world_step(&w, "owner", "stage.withdraw", 1, S(""), "reason", "改变方案"), OK);
  EXPECT_INT(world_step(&w, "owner", "stage.submit", 1, S(""), NULL, NULL), OK);
  rows = rows_of(&w);
  EXPECT(status_of(&rows, 14) >= 1 && faults_of(&rows) == 0);
  keys_check(t, &rows);
}

TEST(what_was_not_accepted_or_withdrawn_early_is_told_too) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  EXPECT(world_upto(&w, 1, STAGE_SUBMITTED));
  SpglRows rows = rows_of(&w);
  size_t items = count_of(&rows, "instance");
  EXPECT(items > 1 && status_of(&rows, 1) == items && faults_of(&rows) == 0);
  EXPECT_INT(world_step(&w, "clerk", "stage.not-accept", 1, S(""), NULL, NULL), OK);
  rows = rows_of(&w);
  EXPECT(status_of(&rows, 5) == items && count_of(&rows, "instance") == items);
  EXPECT_INT(world_step(&w, "owner", "stage.submit", 1, S(""), NULL, NULL), OK);
  EXPECT_INT(world_step(&w, "owner", "stage.withdraw", 1, S(""), "reason", "改变方案"), OK);
  rows = rows_of(&w);
  EXPECT(status_of(&rows, 5) == items && status_of(&rows, 2) == items && count_of(&rows, "instance") == 2 * items);
  keys_check(t, &rows);
}

/* The package with one thing changed; what the receiver would refuse is found here, with its column. */
TEST(rows_that_the_receiver_would_refuse_are_held_with_the_reason) {
  World w;
  Policy p = *huludao(cx);
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_through(&w, 1);
  Project pr = *w.pr;
  Events all = {.list = w.events, .count = w.count};
  SpglRows rows = {0};
  pr.stages[1].form = json_clone(t->mem, pr.stages[1].form);
  json_put_str(t->mem, pr.stages[1].form, S("planned_start"), S(""));
  exchange_case(t->mem, &w.policies, &p, &pr, &all, &rows);
  EXPECT_STR(rows.list[0].fault, S("〔NKGSJ 拟开工时间〕没有填写"));
  EXPECT_INT(faults_of(&rows), rows.count); /* what belongs to it waits with it */
  EXPECT_STR(rows.list[2].fault, S("它的项目基本信息没有通过检查"));
  pr.stages[1].form = json_clone(t->mem, w.pr->stages[1].form);
  json_put_str(t->mem, pr.stages[1].form, S("planned_start"), S("2027年4月"));
  rows = (SpglRows){0};
  exchange_case(t->mem, &w.policies, &p, &pr, &all, &rows);
  EXPECT_STR(rows.list[0].fault, S("〔NKGSJ 拟开工时间〕的值“2027年4月”写法不对"));
  SpglCode *codes = arena_array(t->mem, SpglCode, p.spgl.code_count);
  size_t n = 0;
  for (size_t i = 0; i < p.spgl.code_count; i++)
    if (!str_eqz(p.spgl.codes[i].code, "LXLX.3")) codes[n++] = p.spgl.codes[i];
  p.spgl.codes = codes;
  p.spgl.code_count = n;
  rows = (SpglRows){0};
  exchange_case(t->mem, &w.policies, &p, w.pr, &all, &rows);
  EXPECT(str_has(rows.list[0].fault, S("不在代码项之中")) || !str_eqz(json_str(w.pr->facts, S("approval_type")), "record"));
  p = *huludao(cx);
  Category *c = arena_array(t->mem, Category, p.category_count);
  memcpy(c, p.categories, p.category_count * sizeof *c);
  c[0].limit[3] = 51;
  c[1].limit[3] = 1;
  p.categories = c;
  rows = (SpglRows){0};
  exchange_catalogue(t->mem, &p, &rows);
  size_t long_ones = 0, children = 0;
  for (size_t i = 0; i < rows.count; i++) long_ones += str_has(rows.list[i].fault, S("应大于 0、不超过 50，现在是 51")), children += str_has(rows.list[i].fault, S("事项承诺期限（"));
  EXPECT(long_ones == 1 && children > 3);
}
