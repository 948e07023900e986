/* SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"
#include "place.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static Str quotes(Arena *m, const char *text) {
  Str copy = arena_str(m, str_of(text));
  char *at = arena_array(m, char, copy.len + 1);
  for (size_t i = 0; i < copy.len; i++) at[i] = copy.ptr[i] == '\'' ? '"' : copy.ptr[i];
  return (Str){.ptr = at, .len = copy.len};
}

static Actor actor_of(Hall *h, Str who) {
  static const struct { const char *who, *name, *unit; uint32_t roles; } people[] = {
      {"wu", "吴某", "business-environment", ROLE_SUPERVISOR}, {"ma", "马文志", "", ROLE_LEADER}, {"zhu", "朱云", "", ROLE_LEADER},
      {"zhao", "赵某", "window", ROLE_WINDOW_HEAD}, {"wang", "王窗", "window", ROLE_CLERK}, {"owner", "李某", "", ROLE_APPLICANT},
      {"sys", "孙某", "", ROLE_SYSADMIN}};
  for (size_t i = 0; i < COUNT(people); i++)
    if (str_eqz(who, people[i].who)) return (Actor){.id = who, .name = str_of(people[i].name), .unit = str_of(people[i].unit), .roles = people[i].roles};
  bool head = str_starts(who, S("hd-")), staff = head || str_starts(who, S("ap-"));
  if (!staff) return (Actor){.id = S("system"), .name = S("系统"), .roles = ROLE_SYSTEM};
  Str unit = str_sub(who, 3, SIZE_MAX);
  return (Actor){.id = who, .name = arena_fmt(h->mem, "%s%.*s", head ? "负责人" : "经办", SFMT(unit)), .unit = unit, .roles = head ? ROLE_UNIT_HEAD : ROLE_APPROVER};
}

Code hall_do(Hall *h, Cx *cx, const char *who, const char *command, const char *stream, const char *args) {
  Json *tree = NULL;
  cx_clear(cx);
  Code code = json_parse(cx, quotes(cx->mem, args), &tree);
  REQUIRE(code == OK);
  Command cmd = {.name = str_of(command), .stream = str_of(stream), .key = arena_fmt(cx->mem, "hall-%06d", ++h->keys), .actor = actor_of(h, str_of(who)),
                 .now = h->now, .args = tree};
  code = runner_run(cx, h->runner, &cmd, &h->r);
  reader_begin(h->reader);
  return code;
}

static void account_make(Hall *h, Cx *cx, Str id) {
  Actor a = actor_of(h, id);
  Str roles = roles_text(cx->mem, a.roles), unit = a.unit.len ? arena_fmt(cx->mem, ",'unit':'%.*s'", SFMT(a.unit)) : S("");
  Str org = a.roles & ROLE_APPLICANT ? S(",'org_name':'葫芦岛示例机械有限公司','org_uscc':'91211400MA0XYW122L'") : S("");
  Str args = arena_fmt(cx->mem, "{'id':'%.*s','name':'%.*s','roles':'%.*s'%.*s%.*s}", SFMT(id), SFMT(a.name), SFMT(roles), SFMT(unit), SFMT(org));
  Code code = hall_do(h, cx, "system", "user.create", "", args.ptr);
  if (code != OK) fprintf(stderr, "%.*s: %.*s\n", SFMT(id), SFMT(cx->detail));
  REQUIRE(code == OK);
}

static void accounts_make(Hall *h, Cx *cx) {
  static const char *const people[] = {"wu", "ma", "zhu", "zhao", "wang", "owner", "sys"};
  for (size_t i = 0; i < COUNT(people); i++) account_make(h, cx, str_of(people[i]));
  const Policy *p = &h->policy;
  for (size_t i = 0; i < p->item_count; i++) {
    bool before = false;
    for (size_t k = 0; k < i; k++) before |= str_eq(p->items[i].unit, p->items[k].unit);
    if (before || !policy_unit(p, p->items[i].unit)) continue;
    account_make(h, cx, arena_fmt(cx->mem, "ap-%.*s", SFMT(p->items[i].unit)));
    account_make(h, cx, arena_fmt(cx->mem, "hd-%.*s", SFMT(p->items[i].unit)));
  }
}

void hall_on(Hall *h, const char *day) {
  Day d = {0};
  REQUIRE(day_parse(str_of(day), &d));
  h->now = day_start(d) + 9 * 3600000LL;
}

static void engines_make(Hall *h) {
  const Engine *base[HALL_ENGINES] = {&org_engine_base, &approval_engine_base, &calendar_engine_base, &policy_engine_base};
  size_t n = 4;
  for (size_t i = 0; i < EARLY_ENGINES; i++) base[n++] = early_engines[i];
  base[n++] = &portfolio_engine_base;
  for (size_t i = 0; i < JOINT_ENGINES; i++) base[n++] = joint_engines[i];
  for (size_t i = 0; i < FINISH_ENGINES; i++) base[n++] = finish_engines[i];
  for (size_t i = 0; i < SUPERVISION_ENGINES; i++) base[n++] = supervision_engines[i];
  for (size_t i = 0; i < HALL_ENGINES; i++) {
    bool one = i == 0 || (i >= 4 && i < 5 + EARLY_ENGINES + JOINT_ENGINES + FINISH_ENGINES);
    h->own[i] = *base[i];
    h->own[i].env = one ? (const void *)h->list[0] : &h->policies;
    h->engines[i] = &h->own[i];
  }
}

void hall_open(Hall *h, Cx *cx) {
  char name[] = P_tmpdir "/yichuang-hall-XXXXXX";
  REQUIRE(mkdtemp(name) != NULL);
  *h = (Hall){.mem = cx->mem, .files = arena_str(cx->mem, str_of(name)), .policy = *huludao(cx)};
  h->dir = place_make(cx, h->files, &h->base);
  h->policy.calendars = calendars_open(cx->mem, h->policy.calendar);
  h->list[0] = &h->policy;
  h->policies = (Policies){.current = h->list[0], .all = h->list, .count = 1};
  engines_make(h);
  h->o = (StoreOptions){.dir = h->dir, .engines = h->engines, .engine_count = HALL_ENGINES};
  hall_on(h, "2019-09-02");
  Code code = store_make(cx, h->dir, SUITE_GM, json_obj(cx->mem));
  if (code == OK) code = runner_open(cx, &h->o, &h->runner);
  if (code == OK) code = reader_open(cx, h->runner, &h->reader);
  REQUIRE(code == OK);
  accounts_make(h, cx);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

void hall_drop(Hall *h) {
  reader_close(h->reader);
  runner_close(h->runner);
  calendars_close(h->policy.calendars);
  place_free(h->base);
  nftw(arena_z(h->mem, h->files), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

World *hall_project(Hall *h, Cx *cx, int64_t no, const char *category, int stage, const char *day) {
  World *w = arena_new(h->mem, World);
  Blob *b = NULL;
  int64_t size;
  Day d = {0};
  REQUIRE(day_parse(str_of(day), &d));
  world_open(w, h->mem, h->list[0]);
  calendars_close(w->policies.current->calendars);
  w->policies = h->policies;
  w->runner = h->runner;
  w->no = no;
  REQUIRE(blob_open(cx, h->dir, 100, &b) == OK && blob_add(cx, b, "sample", 6) == OK && blob_finish(cx, b, &w->blob, &size) == OK);
  blob_drop(&b);
  REQUIRE(blob_open(cx, h->dir, 100, &b) == OK && blob_add(cx, b, "corrected", 9) == OK && blob_finish(cx, b, &w->corrected, &size) == OK);
  blob_drop(&b);
  w->now = day_start(d) + 9 * 3600000LL;
  world_register(w, str_of(category), S("longgang"));
  for (int n = 1; n < stage; n++) world_through(w, n);
  w->now = day_start(d) + 9 * 3600000LL > w->now ? day_start(d) + 9 * 3600000LL : w->now;
  world_dispatch(w, stage);
  h->now = w->now;
  reader_begin(h->reader);
  return w;
}

int hall_timer(Hall *h, Cx *cx) {
  int done = 0;
  for (int round = 0; round < 50; round++) {
    Due *due = NULL;
    size_t n = 0;
    reader_begin(h->reader);
    Code code = reader_due(cx, h->reader, h->now, 256, &due, &n);
    REQUIRE(code == OK);
    int before = done;
    for (size_t i = 0; i < n; i++) {
      Command cmd = {.name = due[i].name, .stream = due[i].stream, .now = h->now, .args = due[i].args, .actor = actor_of(h, S("system")),
                     .key = arena_fmt(cx->mem, "due-%.40s", hash_hex(cx->mem, hash_bytes(SUITE_INTL, arena_fmt(cx->mem, "%.*s %.*s %lld", SFMT(due[i].stream),
                                                                                                                   SFMT(due[i].name), (long long)due[i].at))).ptr)};
      if (runner_run(cx, h->runner, &cmd, &h->r) == OK && !h->r.repeated) done++;
      cx_clear(cx);
    }
    if (done == before) break;
  }
  reader_begin(h->reader);
  return done;
}

void hall_days(Hall *h, Cx *cx, const char *day) {
  Day d = {0};
  REQUIRE(day_parse(str_of(day), &d));
  while (day_of(h->now).n < d.n) {
    h->now = day_start((Day){day_of(h->now).n + 1}) + 60000;
    (void)hall_timer(h, cx);
  }
  h->now = day_start(d) + 9 * 3600000LL;
}

const Directive *hall_directive(Hall *h, Cx *cx, int64_t no) {
  const Directive *d = NULL;
  reader_begin(h->reader);
  Code code = directive_load(cx, h->reader, no, &d);
  cx_clear(cx);
  return code == OK ? d : NULL;
}

bool hall_verified(Hall *h, Cx *cx) {
  VerifyReport report = {0};
  cx_clear(cx);
  Code code = store_verify(cx, &h->o, &report);
  if (report.fault.len) fprintf(stderr, "%.*s\n", SFMT(report.fault));
  return code == OK && report.chain_ok && report.views_ok;
}
