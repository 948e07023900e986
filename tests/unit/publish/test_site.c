/* SPDX-License-Identifier: Apache-2.0 */
/* 网站自检: each threshold of the package on the day before, the day itself and the day after. */
#include "publish/site.h"
#include "test.h"

static const Policy *package(Cx *cx) {
  const Policy *p = NULL;
  Mistakes mistakes = {0};
  Code code = policy_load(cx, arena_fmt(cx->mem, "%.*s/policies/huludao", SFMT(test_root())), &p, &mistakes);
  REQUIRE(code == OK && p->disclosure);
  return p;
}

static const Disclosure *ours(Cx *cx) {
  return package(cx)->disclosure;
}

static Day on(const char *text) {
  Day d = {0};
  REQUIRE(day_parse(str_of(text), &d));
  return d;
}

static const SiteRow *row(const SiteRow *rows, size_t n, const char *code) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(rows[i].column ? rows[i].column->code : rows[i].check->code, code)) return &rows[i];
  REQUIRE(false);
  return NULL;
}

/* Facts in which all is well, of the day 2026-06-01. */
static SiteFacts well(Arena *m, const Disclosure *d) {
  SiteSeen *seen = arena_array(m, SiteSeen, d->column_count + 1);
  for (size_t i = 0; i < d->column_count; i++) seen[i] = (SiteSeen){.column = &d->columns[i], .count = 3, .last = on("2026-06-01")};
  return (SiteFacts){.home = on("2026-06-01"), .columns = seen, .column_count = d->column_count};
}

typedef struct Look { const char *code, *today; int left; Lamp lamp; } Look;
static void looks(Test *t, const Disclosure *d, const SiteFacts *f, const Look *list, size_t n) {
  for (size_t i = 0; i < n; i++) {
    SiteRow *rows = NULL;
    size_t count = site_rows(t->mem, d, f, on(list[i].today), &rows);
    const SiteRow *r = row(rows, count, list[i].code);
    EXPECT_INT(r->left, list[i].left);
    EXPECT_STR(lamp_code(r->lamp), lamp_code(list[i].lamp));
  }
}

TEST(the_home_page_has_two_weeks_and_the_fourteenth_day_is_in_time) {
  const Disclosure *d = ours(cx);
  SiteFacts f = well(t->mem, d);
  static const Look list[] = {{"home", "2026-06-01", 14, LAMP_GREEN},  {"home", "2026-06-11", 4, LAMP_GREEN}, {"home", "2026-06-12", 3, LAMP_YELLOW},
                              {"home", "2026-06-14", 1, LAMP_YELLOW}, {"home", "2026-06-15", 0, LAMP_YELLOW}, {"home", "2026-06-16", -1, LAMP_RED}};
  looks(t, d, &f, list, COUNT(list));
  f.home = (Day){0};
  static const Look never[] = {{"home", "2026-06-01", 0, LAMP_RED}};
  looks(t, d, &f, never, COUNT(never));
}

TEST(columns_of_notices_have_six_months_and_those_of_news_two_weeks) {
  const Disclosure *d = ours(cx);
  SiteFacts f = well(t->mem, d);
  static const Look list[] = {{"documents", "2026-10-31", 31, LAMP_GREEN}, {"documents", "2026-11-01", 30, LAMP_YELLOW}, {"documents", "2026-11-30", 1, LAMP_YELLOW},
                              {"documents", "2026-12-01", 0, LAMP_YELLOW}, {"documents", "2026-12-02", -1, LAMP_RED}, {"talks", "2026-12-02", -1, LAMP_RED}};
  looks(t, d, &f, list, COUNT(list));
  SiteColumn news = {.code = S("documents"), .name = S("要闻"), .check = S("news")};
  SiteSeen seen = {.column = &news, .count = 1, .last = on("2026-06-01")};
  SiteFacts own = {.home = on("2026-06-01"), .columns = &seen, .column_count = 1};
  static const Look short_ones[] = {{"documents", "2026-06-14", 1, LAMP_YELLOW}, {"documents", "2026-06-15", 0, LAMP_YELLOW}, {"documents", "2026-06-16", -1, LAMP_RED}};
  looks(t, d, &own, short_ones, COUNT(short_ones));
}

TEST(months_end_on_the_same_day_or_on_the_last_of_a_shorter_month) {
  const Disclosure *d = ours(cx);
  const SiteCheck *c = site_check(d, S("notice")), *days = site_check(d, S("home"));
  EXPECT_STR(day_str(t->mem, site_due(c, on("2026-08-31"))), S("2027-02-28"));
  EXPECT_STR(day_str(t->mem, site_due(c, on("2027-08-30"))), S("2028-02-29"));
  EXPECT_STR(day_str(t->mem, site_due(c, on("2026-06-30"))), S("2026-12-30"));
  EXPECT_STR(day_str(t->mem, site_due(site_check(d, S("messages")), on("2026-11-30"))), S("2027-02-28"));
  EXPECT_STR(site_threshold(t->mem, c), S("6 个月"));
  EXPECT_STR(site_threshold(t->mem, days), S("14 天"));
  EXPECT_STR(site_threshold(t->mem, site_check(d, S("stale"))), S("5 个"));
}

TEST(an_unanswered_question_has_three_months_and_none_is_well) {
  const Disclosure *d = ours(cx);
  SiteFacts f = well(t->mem, d);
  static const Look none[] = {{"messages", "2026-12-31", 0, LAMP_GREEN}};
  looks(t, d, &f, none, COUNT(none));
  f.waiting = 2;
  f.asked = on("2026-06-01");
  static const Look list[] = {{"messages", "2026-08-01", 31, LAMP_GREEN}, {"messages", "2026-08-02", 30, LAMP_YELLOW}, {"messages", "2026-08-31", 1, LAMP_YELLOW},
                              {"messages", "2026-09-01", 0, LAMP_YELLOW}, {"messages", "2026-09-02", -1, LAMP_RED}};
  looks(t, d, &f, list, COUNT(list));
}

TEST(columns_that_are_late_or_blank_are_counted_apart_and_five_are_too_many) {
  const Disclosure *d = ours(cx);
  SiteFacts f = well(t->mem, d);
  SiteSeen *seen = arena_array(t->mem, SiteSeen, f.column_count + 1);
  SiteRow *rows = NULL;
  memcpy(seen, f.columns, f.column_count * sizeof *seen);
  f.columns = seen;
  REQUIRE(f.column_count == 8);
  for (size_t late = 0; late <= 6; late++) {
    for (size_t i = 0; i < late; i++) seen[i].last = on("2025-01-01");
    size_t n = site_rows(t->mem, d, &f, on("2026-06-01"), &rows);
    EXPECT_INT(row(rows, n, "stale")->n, (int64_t)late);
    EXPECT_INT(row(rows, n, "empty")->n, 0);
    EXPECT_INT(row(rows, n, "stale")->lamp, late >= 5 ? LAMP_RED : late ? LAMP_YELLOW : LAMP_GREEN);
  }
  for (size_t blank = 1; blank <= 6; blank++) {
    for (size_t i = 0; i < blank; i++) seen[i] = (SiteSeen){.column = seen[i].column};
    size_t n = site_rows(t->mem, d, &f, on("2026-06-01"), &rows);
    EXPECT_INT(row(rows, n, "empty")->n, (int64_t)blank);
    EXPECT_INT(row(rows, n, "stale")->n, (int64_t)(6 - blank));
    EXPECT_INT(row(rows, n, "empty")->lamp, blank >= 5 ? LAMP_RED : LAMP_YELLOW);
  }
}

TEST(guides_marks_tags_and_early_times_are_counted) {
  const Disclosure *d = ours(cx);
  SiteFacts f = well(t->mem, d);
  static const struct { int64_t n; Lamp guides, marks; } list[] = {{0, LAMP_GREEN, LAMP_GREEN}, {1, LAMP_YELLOW, LAMP_RED}, {4, LAMP_YELLOW, LAMP_RED}, {5, LAMP_RED, LAMP_RED}, {6, LAMP_RED, LAMP_RED}};
  for (size_t i = 0; i < COUNT(list); i++) {
    SiteRow *rows = NULL;
    f.guides = f.marks = f.tags = f.times = list[i].n;
    size_t n = site_rows(t->mem, d, &f, on("2026-06-01"), &rows);
    EXPECT_INT(n, 16); /* eight thresholds of the site, eight columns; nothing stands for `news`, which has no column */
    EXPECT_INT(row(rows, n, "guides")->lamp, list[i].guides);
    EXPECT_INT(row(rows, n, "marks")->lamp, list[i].marks);
    EXPECT_INT(row(rows, n, "tags")->lamp, list[i].marks);
    EXPECT_INT(row(rows, n, "times")->lamp, list[i].marks);
    EXPECT_INT(row(rows, n, "guides")->n, list[i].n);
  }
  SiteRow *none = NULL;
  EXPECT_INT(site_rows(t->mem, NULL, &(SiteFacts){0}, on("2026-06-01"), &none), 0);
}

/* What the package says of its guides is what its rows say: name, basis, condition, materials and process stand; who can be asked does not. */
TEST(every_guide_of_the_package_lacks_just_what_is_said_to_be_pending) {
  const Policy *p = package(cx);
  for (size_t i = 0; i < p->item_count; i++) EXPECT_INT(guide_lacks(p, &p->items[i]), guide_pending(p->disclosure));
  EXPECT_STR(guide_names(t->mem, guide_pending(p->disclosure)), S("办理地点、办理时间、联系电话"));
  Item item = p->items[0];
  Unit *units = arena_array(t->mem, Unit, p->unit_count + 1);
  memcpy(units, p->units, p->unit_count * sizeof *units);
  for (size_t i = 0; i < p->unit_count; i++) units[i].phone = units[i].address = units[i].hours = S("〔示例〕");
  Policy full = *p;
  full.units = units;
  EXPECT_INT(guide_lacks(&full, &item), 0);
  item.basis = S("");
  item.code = S("nobody");
  item.stage = 4;
  full.material_count = 0;
  EXPECT_STR(guide_names(t->mem, guide_lacks(&full, &item)), S("设定依据、办理材料"));
}
