/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices on a real store: running clocks are worked out anew from the views alone, and the views say what the
 * cases say; a replay and a rebuild give the same rows.
 */
#include "approval/approval_int.h"
#include "approval/clocks.h"
#include "city.h"

#include <stdio.h>

static uint64_t seed;
static int roll(int n) { /* splitmix64 */
  uint64_t z = (seed += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return (int)((z ^ (z >> 31)) % (uint64_t)n);
}

/* ---- clocks from their rows ---------------------------------------------------------------------------- */

TEST(pauses_come_back_from_their_text) {
  Pause list[3] = {{.from = {18020}, .to = {18025}, .holder = HELD_APPLICANT},
                   {.from = {18030}, .to = {18030}, .holder = HELD_THIRD},
                   {.from = {18041}, .open = true, .holder = HELD_THIRD}}, back[4];
  ItemClock k = {.start = {18010}, .limit = 5, .pauses = list, .pause_count = 3};
  EXPECT_STR(pauses__text(t->mem, &k), S("18020-18025a 18030-18030t 18041-t"));
  EXPECT_INT(pauses__read(pauses__text(t->mem, &k), back, 4), 3);
  for (int i = 0; i < 3; i++) {
    EXPECT_INT(back[i].from.n, list[i].from.n);
    EXPECT_INT(back[i].open, list[i].open);
    EXPECT_INT(back[i].holder, list[i].holder);
    if (!list[i].open) EXPECT_INT(back[i].to.n, list[i].to.n);
  }
  EXPECT_INT(pauses__read(S(""), back, 4), 0);
  EXPECT_INT(pauses__read(S("18020-18025a 18030-18031t"), back, 1), 1);
}

/* What a row says must be what the clock says on any later day. */
TEST(the_figures_of_a_row_hold_on_every_day) {
  const Calendar *c = huludao(cx)->calendar;
  seed = 7;
  for (int round = 0; round < 20000 && !t->bad; round++) {
    Pause list[3];
    Day at = day_ymd(2019, 1 + roll(12), 1 + roll(28));
    ItemClock k = {.start = at, .limit = roll(25), .pauses = list, .pause_count = (size_t)roll(4)};
    for (size_t i = 0; i < k.pause_count; i++) {
      at.n += roll(12);
      list[i] = (Pause){.from = at, .holder = roll(2) ? HELD_THIRD : HELD_APPLICANT};
      at.n += roll(12);
      list[i].to = at;
      list[i].open = i + 1 == k.pause_count && roll(3) == 0;
    }
    bool paused = k.pause_count && list[k.pause_count - 1].open;
    ClockFigures f = clock__figures(c, &k, warn__left(lamp_rule_default, k.limit));
    Day today = {at.n + roll(40)};
    Reading r = clock_item(c, &k, today, lamp_rule_default);
    EXPECT_INT(r.used, f.used + (paused ? 0 : calendar_count(c, f.since, today)));
    if (paused) EXPECT_INT(r.left, f.left);
    if (!paused) EXPECT_INT(r.due.n, f.due.n);
    if (paused) EXPECT_INT(f.due.n, r.overdue ? r.due_if_resumed_today.n : 0);
    if (!paused && r.lamp == LAMP_YELLOW) EXPECT(today.n >= f.warn.n && today.n <= f.due.n);
    if (!paused && r.lamp == LAMP_GREEN) EXPECT(today.n < f.warn.n);
  }
}

/* ---- on a store ------------------------------------------------------------------------------------------ */

enum { NOTICES = 6 };

static const Sql sql_due = {"test.due", "iis", "i", "SELECT due FROM item WHERE project = ?1 AND stage = ?2 AND code = ?3"};
static const Sql sql_deemed = {"test.deemed", "s", "i", "SELECT at FROM due WHERE stream = ?1 AND name = 'stage.deem-accepted'"};
static const Sql sql_moved = {"test.moved", "iiis", "i",
                              "SELECT now FROM moved WHERE version = ?1 AND project = ?2 AND stage = ?3 AND item = ?4"};
static const Sql sql_left = {"test.left", "ii", "i", "SELECT count(*) FROM moved WHERE version = ?1 AND ?2 = ?2"};

static int64_t ask(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n) {
  int64_t out = -1;
  REQUIRE(db_int(cx, db, q, vals, n, -1, &out) == OK);
  return out;
}

/* Due days of one stage of one project, from the case itself: its items, then itself or its answer. */
typedef struct Dues { Day item[64], stage, answer; } Dues;

static Dues dues_of(City *c, const World *w, int n, int64_t now) {
  const StageState *s = &w->pr->stages[n];
  const Policy *p = policies_at(c->mem, &c->policies, s->policy_version, calendars_newest(c->policy.calendars));
  Dues d = {0};
  REQUIRE(s->item_count <= COUNT(d.item));
  for (size_t i = 0; i < s->item_count; i++) {
    Reading r = project_item_reading(p, &s->items[i], now);
    if (item_open(&s->items[i]) && r.has_due) d.item[i] = r.due;
  }
  bool runs = s->status >= STAGE_ACCEPTED && s->status <= STAGE_DECIDED;
  Reading r = project_stage_reading(c->mem, p, w->pr, n, now);
  if (runs && r.has_due) d.stage = r.due;
  if (s->status == STAGE_SUBMITTED) d.answer = (Day){clock_deemed_from(p->calendar, day_of(s->submitted_at), p->receipt_days).n};
  return d;
}

static int64_t moved_to(Cx *cx, Db *v, int version, const World *w, int n, Str item) {
  return ask(cx, v, &sql_moved, VALS(val_i(version), val_i(w->no), val_i(n), val_s(item)));
}

/* The rows say what the case says, and `moved` says what became of it. Returns how many moved. */
static int64_t stage_compare(Test *t, Cx *cx, City *c, Db *v, const World *w, int n, const Dues *was, int version) {
  const StageState *s = &w->pr->stages[n];
  Dues now = dues_of(c, w, n, w->now);
  int64_t moved = 0;
  for (size_t i = 0; i < s->item_count; i++) {
    if (!item_open(&s->items[i])) continue;
    Str code = s->items[i].code;
    if (now.item[i].n) EXPECT_INT(ask(cx, v, &sql_due, VALS(val_i(w->no), val_i(n), val_s(code))), now.item[i].n);
    bool differs = was->item[i].n && now.item[i].n && was->item[i].n != now.item[i].n;
    EXPECT_INT(moved_to(cx, v, version, w, n, code), differs ? now.item[i].n : -1);
    moved += differs;
  }
  Str stream = arena_fmt(cx->mem, "project/%lld", (long long)w->no);
  if (now.answer.n) EXPECT_INT(ask(cx, v, &sql_deemed, VALS(val_s(stream))), day_start(now.answer));
  Day before = was->answer.n ? (Day){was->answer.n - 1} : was->stage, after = now.answer.n ? (Day){now.answer.n - 1} : now.stage;
  bool differs = before.n && after.n && before.n != after.n;
  EXPECT_INT(moved_to(cx, v, version, w, n, S("")), differs ? after.n : -1);
  return moved + differs;
}

static void random_act(World *w) {
  static const char *const item_acts[] = {"item.take", "item.pause", "item.resume", "item.decide"}, *const own_acts[] = {"item.withdraw", "item.reapply"};
  int n = project_current_stage(w->pr);
  if (n > STAGE_MAX || w->pr->status != PROJECT_RUNNING) return;
  const StageState *s = &w->pr->stages[n];
  if (s->status == STAGE_SUBMITTED && roll(3)) return; /* some wait for their answer */
  if (s->status < STAGE_RUNNING) {
    world_step(w, "owner", "stage.submit", n, S(""), NULL, NULL);
    if (roll(2)) return;
    world_step(w, "clerk", "stage.accept", n, S(""), NULL, NULL);
    world_step(w, "clerk", "stage.draft-slip", n, S(""), NULL, NULL);
    world_step(w, "head", "stage.dispatch", n, S(""), NULL, NULL);
    return;
  }
  if (!s->item_count) return;
  const ItemState *item = &s->items[roll((int)s->item_count)];
  Str who = arena_fmt(w->mem, "ap:%.*s", SFMT(item->unit));
  Json *a = json_obj(w->mem);
  json_put_int(w->mem, a, S("stage"), n);
  json_put_str(w->mem, a, S("item"), item->code);
  if (roll(9)) world_do(w, who, str_of(item_acts[roll(roll(4) ? 3 : 4)]), a);
  else world_do(w, S("owner"), str_of(own_acts[roll(2)]), a);
  if (s->status == STAGE_DECIDED) world_step(w, "clerk", "stage.certify", n, S(""), NULL, NULL);
  if (s->status == STAGE_CERTIFIED) world_step(w, "clerk", "stage.deliver", n, S(""), NULL, NULL);
}

/* Three days around today, none of which is so already. */
static Json *random_notice(City *c, Arena *mem, Day today) {
  static const char *const kinds[] = {"holiday", "workday", "normal"};
  const Calendar *now = calendars_get(c->policy.calendars, calendars_newest(c->policy.calendars));
  Json *args = json_obj(mem), *list = json_put_arr(mem, args, S("changes"));
  for (int i = 0; i < 3; i++) {
    DayChange d = {.day = {today.n - 3 + i * 4 + roll(4)}, .name = S("示例")};
    REQUIRE(day_kind_parse(str_of(kinds[roll(3)]), &d.kind));
    if (calendar_is_so(now, &d)) continue;
    Json *o = json_push_obj(mem, list);
    json_put_str(mem, o, S("date"), day_str(mem, d.day));
    json_put_str(mem, o, S("kind"), day_kind_text(d.kind));
    json_put_str(mem, o, S("name"), d.name);
  }
  json_put_str(mem, args, S("notice"), S("示例通知"));
  return args;
}

static int64_t notice_checked(Test *t, Cx *cx, City *c, Reader *rd) {
  static Dues was[PROJECTS][STAGE_MAX + 1];
  World *first = &c->worlds[0];
  Preview preview = {0};
  Json *args = random_notice(c, c->mem, day_of(first->now));
  DayChange *changes = NULL;
  size_t n = 0;
  int64_t moved = 0;
  if (!json_get(args, S("changes"))->count) return 0;
  for (int i = 0; i < PROJECTS; i++)
    for (int s = 1; s <= STAGE_MAX; s++) was[i][s] = dues_of(c, &c->worlds[i], s, first->now);
  const Policy *p = policies_at(c->mem, &c->policies, S(""), calendars_newest(c->policy.calendars));
  EXPECT(calendar_changes_read(cx, p->calendar, json_get(args, S("changes")), S("示例通知"), NULL, &changes, &n) == OK);
  EXPECT(calendar_preview(cx, reader_views(rd), &c->policies, p, changes, n, first->now, 1000, &preview) == OK);
  EXPECT(world_do(first, S("sysadmin"), S("calendar.propose"), args) == OK);
  Json *no = json_obj(c->mem);
  json_put_int(c->mem, no, S("no"), (int64_t)first->book->count);
  EXPECT(world_do(first, S("supervisor"), S("calendar.confirm"), no) == OK);
  int version = first->book->version;
  for (int i = 0; i < PROJECTS; i++)
    for (int s = 1; s <= STAGE_MAX; s++) moved += stage_compare(t, cx, c, reader_views(rd), &c->worlds[i], s, &was[i][s], version);
  EXPECT_INT(ask(cx, reader_views(rd), &sql_left, VALS(val_i(version), val_i(0))), moved);
  EXPECT_INT(preview.moved, moved); /* what was foreseen is what came */
  EXPECT_INT(preview.count, moved);
  return moved;
}

/* ---- counts by due day ------------------------------------------------------------------------------------ */

#define BY_DAY "SELECT unit, due, warn, count(*) AS n, sum(CASE WHEN warn = -1 THEN used ELSE 0 END) AS days FROM item GROUP BY unit, due, warn"
static const Sql sql_astray = {"test.load", "i", "i",
                               "SELECT (SELECT count(*) FROM item_load l LEFT JOIN (" BY_DAY ") i ON i.unit = l.unit AND i.due = l.due AND i.warn = l.warn"
                               " AND i.n = l.n AND i.days = l.days WHERE i.n IS NULL) * 1000 + abs((SELECT count(*) FROM item_load) - (SELECT count(*)"
                               " FROM (" BY_DAY ") x)) WHERE ?1 = ?1"};
static const Sql sql_of_units = {"test.units", "", "s", "SELECT DISTINCT unit FROM item ORDER BY unit"};

static int64_t lamp_count(const LampCount *c, Str lamp) {
  return !lamp.len ? c->all : str_eqz(lamp, "red") ? c->red : str_eqz(lamp, "yellow") ? c->yellow : str_eqz(lamp, "grey") ? c->grey : c->green;
}

/* A page by a lamp, from the index alone, is what the whole list has of that lamp, from items and projects. */
static void pages_same(Test *t, Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now) {
  static const char *const lamps[] = {"", "red", "yellow", "grey", "green"};
  LampCount count;
  EXPECT(items_count(cx, rd, p, unit, now, &count) == OK);
  for (size_t k = 0; k < COUNT(lamps); k++) {
    ItemFilter f = {.unit = unit, .lamp = str_of(lamps[k]), .open = true, .limit = 500}, slow = f;
    slow.q = S("-"); /* in every number: looked up */
    ItemRow *a = NULL, *b = NULL;
    size_t an = 0, bn = 0;
    int64_t at = 0, bt = 0;
    EXPECT(items_list(cx, rd, p, &f, now, &a, &an, &at) == OK && items_list(cx, rd, p, &slow, now, &b, &bn, &bt) == OK);
    EXPECT_INT(an, bn);
    EXPECT_INT(at, bt);
    EXPECT_INT(lamp_count(&count, f.lamp), (int64_t)an);
    for (size_t i = 0; i < an && i < bn && !t->bad; i++) {
      EXPECT(a[i].project == b[i].project && a[i].stage == b[i].stage && a[i].attempt == b[i].attempt && a[i].left == b[i].left && a[i].used == b[i].used);
      EXPECT(a[i].limit == b[i].limit && a[i].start.n == b[i].start.n && a[i].lamp == b[i].lamp && a[i].paused == b[i].paused && a[i].has_due == b[i].has_due);
      EXPECT(!a[i].has_due || a[i].due.n == b[i].due.n);
      EXPECT_STR(arena_fmt(cx->mem, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", SFMT(a[i].code), SFMT(a[i].item_name), SFMT(a[i].unit), SFMT(a[i].number),
                           SFMT(a[i].project_name), SFMT(a[i].status), SFMT(a[i].taken_by)),
                 arena_fmt(cx->mem, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", SFMT(b[i].code), SFMT(b[i].item_name), SFMT(b[i].unit), SFMT(b[i].number),
                           SFMT(b[i].project_name), SFMT(b[i].status), SFMT(b[i].taken_by)));
    }
  }
}

static void load_checked(Test *t, Cx *cx, City *c, Reader *rd, int64_t now) {
  SCOPED(rows_drop) Rows *r = NULL;
  const Policy *p = policies_at(c->mem, &c->policies, S(""), calendars_newest(c->policy.calendars));
  reader_begin(rd);
  EXPECT_INT(ask(cx, reader_views(rd), &sql_astray, VALS(val_i(0))), 0);
  EXPECT(db_rows(cx, reader_views(rd), &sql_of_units, NO_VALS, &r) == OK);
  while (!t->bad && rows_next(r)) {
    Str unit = row_s(cx, r, 0);
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
    Cx own = {.mem = mem};
    for (int days = 0; days < 40; days += 13) pages_same(t, &own, rd, p, unit, now + days * DAY_MS);
  }
}

typedef struct StagesSame {
  Test *t;
  City *c;
  int64_t now;
  size_t again;
} StagesSame;

static Code stage_same(Cx *cx, void *arg, const Running *r) {
  StagesSame *k = arg;
  Test *t = k->t;
  if (strcmp(r->kind, "stage")) return OK;
  const World *w = &k->c->worlds[r->no - 1];
  const StageState *s = &w->pr->stages[r->stage];
  const Policy *p = policies_at(cx->mem, &k->c->policies, s->policy_version, calendars_newest(k->c->policy.calendars));
  Reading own = project_stage_reading(cx->mem, p, w->pr, r->stage, k->now);
  EXPECT_INT(r->reading.used, own.used);
  EXPECT_INT(r->reading.due.n, own.due.n);
  EXPECT_INT(r->reading.paused, own.paused);
  for (size_t i = 0; i < s->item_count; i++) k->again += s->items[i].earlier != NULL;
  return OK;
}

/* Lists and pages count a running stage alike, also where an item was taken back and applied for again. */
static size_t stages_same(Test *t, Cx *cx, City *c, Reader *rd, int64_t now) {
  StagesSame k = {.t = t, .c = c, .now = now};
  const ClockAsk ask = {.p = policies_at(c->mem, &c->policies, S(""), calendars_newest(c->policy.calendars)), .ps = &c->policies, .today = day_of(now)};
  reader_begin(rd);
  EXPECT(clocks_running(cx, reader_views(rd), &ask, stage_same, &k) == OK);
  return k.again;
}

TEST(after_any_notices_the_views_say_what_the_cases_say) {
  City *c = arena_new(t->mem, City);
  Reader *rd = NULL;
  int64_t moved = 0;
  size_t again = 0;
  seed = 2020;
  city_make(cx, c, t->mem, huludao(cx));
  city_worlds(c, t->mem);
  EXPECT(reader_open(cx, c->runner, &rd) == OK);
  for (int round = 0; round < NOTICES && !t->bad; round++) {
    for (int i = 0; i < PROJECTS; i++)
      for (int act = 0; act < 14; act++) {
        random_act(&c->worlds[i]);
        if (!roll(5)) c->worlds[i].now += 3600000;
      }
    int64_t now = c->worlds[0].now;
    for (int i = 0; i < PROJECTS; i++)
      if (c->worlds[i].now > now) now = c->worlds[i].now;
    for (int i = 0; i < PROJECTS; i++) c->worlds[i].now = now + DAY_MS;
    load_checked(t, cx, c, rd, now);
    again += stages_same(t, cx, c, rd, now);
    moved += notice_checked(t, cx, c, rd);
    load_checked(t, cx, c, rd, now + DAY_MS);
  }
  EXPECT(moved > 20); /* the notices do move something */
  EXPECT(again > 5);
  reader_close(rd);
  city_proves_itself(t, cx, c, huludao(cx));
  city_end(c);
  city_drop(c);
}

TEST(a_list_knows_the_days_of_an_item_that_was_applied_for_again) {
  City *c = arena_new(t->mem, City);
  World *w = &c->worlds[0];
  Reader *rd = NULL;
  city_make(cx, c, t->mem, huludao(cx));
  city_world(c, w, 1);
  world_register(w, S("industry"), S("longgang"));
  REQUIRE(world_upto(w, 1, STAGE_RUNNING));
  world_run_again(w, 1, S("site-opinion"));
  Reading r = project_stage_reading(t->mem, huludao(cx), w->pr, 1, w->now);
  EXPECT_INT(r.used, 4);
  EXPECT(reader_open(cx, c->runner, &rd) == OK);
  EXPECT(stages_same(t, cx, c, rd, w->now) > 0);
  reader_close(rd);
  city_proves_itself(t, cx, c, huludao(cx));
  city_end(c);
  city_drop(c);
}

/* ---- the extension of Spring Festival 2020 ------------------------------------------------------------------ */

static Json *extension(Arena *mem) {
  Json *args = json_obj(mem), *list = json_put_arr(mem, args, S("changes"));
  static const char *const days[] = {"2020-01-31", "2020-02-01", "2020-02-02"};
  for (size_t i = 0; i < COUNT(days); i++) {
    Json *o = json_push_obj(mem, list);
    json_put_str(mem, o, S("date"), str_of(days[i]));
    json_put_str(mem, o, S("kind"), S("holiday"));
    json_put_str(mem, o, S("name"), S("春节"));
  }
  json_put_str(mem, args, S("notice"), S("国务院办公厅关于延长2020年春节假期的通知"));
  json_put_str(mem, args, S("reason"), S("延长春节假期"));
  return args;
}

static Day due_in(City *c, const World *w, Str item) {
  const StageState *s = &w->pr->stages[1];
  const Policy *p = policies_at(c->mem, &c->policies, s->policy_version, calendars_newest(c->policy.calendars));
  return project_item_reading(p, stage_item(s, item), w->now).due;
}

static void spring_cases(City *c) {
  static const StageStatus states[] = {STAGE_RUNNING, STAGE_RUNNING, STAGE_SUBMITTED};
  for (size_t i = 0; i < COUNT(states); i++) {
    World *w = &c->worlds[i];
    city_world(c, w, (int64_t)i + 1);
    w->now = day_start(day_ymd(2020, 1, 20)) + 10 * 3600000;
    world_register(w, S("industry"), S("longgang"));
    REQUIRE(world_upto(w, 1, states[i]));
  }
  c->worlds[1].now = day_start(day_ymd(2020, 1, 22)) + 10 * 3600000;
  world_pass(&c->worlds[1], 1, S("land-permit-allocated")); /* decided before the notice */
  REQUIRE(c->worlds[1].code == OK);
}

TEST(the_extension_of_2020_arrives_while_cases_are_running) {
  City *c = arena_new(t->mem, City);
  Policy before = *huludao(cx);
  /* What the notice of November 2019 had said. */
  const DayChange was[] = {{day_ymd(2020, 1, 31), DAY_NORMAL, {0}, {0}}, {day_ymd(2020, 2, 1), DAY_WORKDAY, S("春节"), {0}},
                           {day_ymd(2020, 2, 2), DAY_NORMAL, {0}, {0}}, {day_ymd(2020, 2, 3), DAY_NORMAL, {0}, {0}}};
  before.calendar = calendar_with(t->mem, before.calendar, was, COUNT(was));
  city_make(cx, c, t->mem, &before);
  spring_cases(c);
  Str item = S("land-permit-allocated");
  World *running = &c->worlds[0], *decided = &c->worlds[1], *waiting = &c->worlds[2];
  EXPECT_STR(day_str(t->mem, due_in(c, running, item)), S("2020-02-04"));
  city_proves_itself(t, cx, c, &before);
  for (int i = 0; i < 3; i++) {
    c->worlds[i].runner = c->runner;
    c->worlds[i].policies = c->policies;
    c->worlds[i].now = day_start(day_ymd(2020, 1, 27)) + 9 * 3600000;
  }
  EXPECT(world_do(running, S("sysadmin"), S("calendar.propose"), extension(t->mem)) == OK);
  Json *no = json_obj(t->mem);
  json_put_int(t->mem, no, S("no"), 1);
  EXPECT(world_do(running, S("secadmin"), S("calendar.confirm"), no) == OK);
  EXPECT_STR(day_str(t->mem, due_in(c, running, item)), S("2020-02-06"));
  EXPECT_STR(day_str(t->mem, due_in(c, decided, item)), S("2020-02-04"));
  /* The fifth working day after 20 January was Saturday 1 February and is Tuesday 4 February. */
  EXPECT(world_step(waiting, "timer", "stage.deem-accepted", 1, S(""), NULL, NULL) == CONFLICT);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT(reader_open(cx, c->runner, &rd) == OK);
  MovedRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  EXPECT(moved_list(cx, rd, &(MovedFilter){.project = 3, .limit = 10}, running->now, &rows, &n, &total) == OK);
  EXPECT_INT(total, 1);
  EXPECT(n == 1 && rows[0].kind == CLOCK_ANSWER);
  EXPECT_STR(day_str(t->mem, rows[0].was), S("2020-02-01"));
  EXPECT_STR(day_str(t->mem, rows[0].now), S("2020-02-04"));
  Due *due = NULL;
  EXPECT(reader_due(cx, rd, day_start(day_ymd(2020, 2, 4)), 10, &due, &n) == OK && n == 0);
  EXPECT(reader_due(cx, rd, day_start(day_ymd(2020, 2, 5)), 10, &due, &n) == OK && n == 1);
  EXPECT(moved_list(cx, rd, &(MovedFilter){.project = 1, .limit = 50, .ahead = true}, running->now, &rows, &n, &total) == OK);
  EXPECT(n > 1 && rows[0].version == 1);
  EXPECT_STR(rows[0].notice, S("国务院办公厅关于延长2020年春节假期的通知"));
  reader_close_p(&rd);
  waiting->now = day_start(day_ymd(2020, 2, 5));
  EXPECT(world_step(waiting, "timer", "stage.deem-accepted", 1, S(""), NULL, NULL) == OK);
  world_pass(running, 1, item);
  EXPECT_INT(stage_item(&running->pr->stages[1], item)->calendar, 1);
  city_proves_itself(t, cx, c, &before);
  /* The same process state after a restart: still the decided one under its own calendar. */
  EXPECT_STR(day_str(t->mem, due_in(c, decided, item)), S("2020-02-04"));
  city_end(c);
  city_drop(c);
}

/* ---- the registry --------------------------------------------------------------------------------------------- */

TEST(versions_of_a_calendar_are_kept_and_an_undone_one_is_put_right) {
  Calendars *c = calendars_open(t->mem, huludao(cx)->calendar);
  Day monday = day_ymd(2026, 11, 30), tuesday = {monday.n + 1};
  DayChange a = {.day = monday, .kind = DAY_HOLIDAY, .name = S("停水")}, b = {.day = tuesday, .kind = DAY_HOLIDAY, .name = S("停水")};
  calendars_add(c, 1, &a, 1);
  const Calendar *first = calendars_get(c, 1);
  calendars_add(c, 1, &a, 1);
  EXPECT(calendars_get(c, 1) == first);
  calendars_add(c, 2, &b, 1);
  EXPECT_INT(calendars_newest(c), 2);
  EXPECT(!calendar_is_work(calendars_get(c, 2), monday) && !calendar_is_work(calendars_get(c, 2), tuesday));
  EXPECT(calendar_is_work(calendars_get(c, 0), monday));
  calendars_add(c, 1, &b, 1); /* the batch with the first was undone */
  EXPECT_INT(calendars_newest(c), 1);
  EXPECT(calendars_get(c, 2) == NULL);
  EXPECT(calendar_is_work(calendars_get(c, 1), monday) && !calendar_is_work(calendars_get(c, 1), tuesday));
  EXPECT(!calendar_is_work(first, monday)); /* what was given out stays */
  EXPECT(calendars_get(c, 3) == NULL && calendars_get(c, -1) == NULL && calendars_get(c, CALENDARS_MAX + 1) == NULL);
  calendars_close(c);
}
