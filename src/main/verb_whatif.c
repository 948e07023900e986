/* SPDX-License-Identifier: Apache-2.0 */
/* verb_whatif.c: `whatif`, all cases of the store under a draft package. Reads beside a running server. */
#include "approval/whatif.h"
#include "main/main_int.h"

#include <stdio.h>
#include <unistd.h>

enum { NAME_WIDTH = 34, PLACE_WIDTH = 16 };

/* Chinese characters take two columns of a terminal. */
static int width_of(Str s) {
  int width = 0;
  for (size_t at = 0; at < s.len;) {
    uint32_t cp;
    at += utf8_next(s, at, &cp);
    width += cp >= 0x1100 ? 2 : 1;
  }
  return width;
}

static void print_padded(Str s, int width) {
  int rest = width - width_of(s);
  printf("%.*s%*s", SFMT(s), rest > 0 ? rest : 0, "");
}

static void print_pair(Arena *mem, const Json *o, const char *key, int width) {
  Str now = arena_fmt(mem, "%s_now", key), draft = arena_fmt(mem, "%s_draft", key);
  const Json *a = json_get(o, now);
  Str text = a && a->kind == JSON_STR
                 ? arena_fmt(mem, "%.*s → %.*s", SFMT(json_str(o, now)), SFMT(json_str(o, draft)))
                 : arena_fmt(mem, "%lld → %lld", (long long)json_int(o, now, 0), (long long)json_int(o, draft, 0));
  print_padded(text, width);
}

static long long of(const Json *o, const char *key) {
  return (long long)json_int(o, str_of(key), 0);
}

static void print_totals(const Json *j) {
  const Json *size = json_get(j, S("size")), *all = json_get(j, S("all"));
  const Json *a = json_get(all, S("lamps_now")), *b = json_get(all, S("lamps_draft"));
  printf("政策模拟  截至 %.*s（%.*s → 草案 %.*s）\n", SFMT(json_str(j, S("as_of"))), SFMT(json_str(j, S("version_now"))),
         SFMT(json_str(j, S("version_draft"))));
  printf("范围      %lld 个项目，%lld 个受理过的阶段，%lld 个事项\n", of(size, "projects"), of(size, "stages"), of(size, "items"));
  printf("超期项目  %lld → %lld，共 %lld 个项目\n", of(j, "cases_late_now"), of(j, "cases_late_draft"), of(size, "projects"));
  printf("超期阶段  %lld → %lld，共 %lld → %lld 个（已办结 %lld，在办 %lld；撤回的 %lld 个不计）\n", of(all, "late_now"),
         of(all, "late_draft"), of(all, "counted_now"), of(all, "counted_draft"), of(all, "done"), of(all, "running"), of(all, "stopped"));
  printf("在办的灯  超期 %lld → %lld，预警 %lld → %lld，暂停 %lld → %lld，正常 %lld → %lld，共 %lld → %lld 个\n", of(a, "red"), of(b, "red"),
         of(a, "yellow"), of(b, "yellow"), of(a, "grey"), of(b, "grey"), of(a, "green"), of(b, "green"), of(all, "run_now"), of(all, "run_draft"));
  printf("预计超期  %lld → %lld，共 %lld → %lld 个在办阶段（未办结的事项都用满时限时）\n", of(all, "expected_now"), of(all, "expected_draft"),
         of(all, "run_now"), of(all, "run_draft"));
  if (of(all, "reordered")) printf("按次序重算的阶段  %lld 个\n", of(all, "reordered"));
  if (of(all, "assumed")) printf("有新增事项的阶段  %lld 个（新增事项没有历史，按用满时限计）\n", of(all, "assumed"));
}

static void print_cells(Arena *mem, const Json *j) {
  printf("\n类别 × 阶段（现行 → 草案；天数是工作日）\n");
  print_padded(S("类别"), NAME_WIDTH);
  printf("阶段  时限        超期          共            预计超期      平均用时        关键路径平均    决定时长的事项\n");
  for (const Json *c = json_get(j, S("cells"))->first; c; c = c->next) {
    print_padded(json_str(c, S("category_name")), NAME_WIDTH);
    printf("%-6lld", of(c, "stage"));
    print_pair(mem, c, "limit", 12);
    print_pair(mem, c, "late", 14);
    print_pair(mem, c, "counted", 14);
    print_pair(mem, c, "expected", 14);
    print_pair(mem, c, "mean", 16);
    print_pair(mem, c, "path", 16);
    const Json *s = json_get(c, S("steps"))->first;
    if (s) printf("%.*s（%lld → %lld 次，共 %lld）", SFMT(json_str(s, S("name"))), of(s, "times_now"), of(s, "times_draft"), of(s, "of"));
    printf("\n");
    if (json_bool(c, S("plan_over")))
      printf("  注意：按草案，事项时限最长的一串是 %lld 天，超过阶段时限 %lld 天\n", of(c, "plan_draft"), of(c, "limit_draft"));
  }
}

static void print_units(Arena *mem, const Json *j) {
  printf("\n各单位（现行 → 草案）\n");
  print_padded(S("单位"), NAME_WIDTH);
  printf("在办件数      剩余时限（工作日）  全部件数        已用工作日          超期件数\n");
  for (const Json *u = json_get(j, S("units"))->first; u; u = u->next) {
    print_padded(json_str(u, S("unit_name")), NAME_WIDTH);
    print_pair(mem, u, "open", 14);
    print_pair(mem, u, "ahead", 20);
    print_pair(mem, u, "items", 16);
    print_pair(mem, u, "worked", 20);
    print_pair(mem, u, "late", 12);
    printf("\n");
  }
}

static void print_moved(const Json *j) {
  long long shown = of(j, "moved_shown"), all = of(j, "moved_all");
  printf("\n变化的阶段：变为超期 %lld 个，不再超期 %lld 个", of(j, "became_late"), of(j, "became_timely"));
  if (all > shown) printf("，下面是前 %lld 个", shown);
  printf("\n");
  for (const Json *s = json_get(j, S("moved"))->first; s; s = s->next) {
    print_padded(json_str(s, S("number")), PLACE_WIDTH);
    printf("第 %lld 阶段  ", of(s, "stage"));
    if (json_bool(s, S("gone"))) printf("用 %lld 天，时限 %lld 天 → 草案没有这个阶段\n", of(s, "used_now"), of(s, "limit_now"));
    else
      printf("用 %lld → %lld 天，时限 %lld → %lld 天，%s%s\n", of(s, "used_now"), of(s, "used_draft"), of(s, "limit_now"),
             of(s, "limit_draft"), json_bool(s, S("late_draft")) ? "变为超期" : "不再超期", json_bool(s, S("running")) ? "（在办）" : "");
  }
}

static Code draft_load(Cx *cx, Str dir, const Policy **out) {
  Mistakes mistakes = {0};
  TRY(package_needed(cx, dir));
  Code code = policy_load(cx, dir, out, &mistakes);
  for (size_t i = 0; code != OK && i < mistakes.count; i++)
    fprintf(stderr, "%.*s:%d:%d: %.*s\n", SFMT(mistakes.list[i].file), mistakes.list[i].line, mistakes.list[i].column,
            SFMT(mistakes.list[i].text));
  return code;
}

/* As of now, or of an instant that a demonstration may choose. */
static Code today_choose(Cx *cx, const Options *o, Day *today) {
  Json *labels = NULL;
  int64_t now = cx->now;
  if (o->clock.len) {
    TRY(store_labels(cx, o->store, &labels));
    if (!str_eq(json_str(labels, S("demo")), S("yes"))) FAIL_AT(INVALID, S("clock"), S(""), "--clock 只能用于演示存储");
    if (!time_parse(o->clock, &now)) FAIL_AT(INVALID, S("clock"), S(""), "--clock 要写成 2026-11-24T09:00");
  }
  *today = day_of(now);
  return OK;
}

static void show_progress(void *arg, int64_t done, int64_t all) {
  (void)arg;
  progress_show(NULL, "读项目", done, all);
}

static Code whatif(Cx *cx, const Options *o, const World *w, const Policy *draft, Json **out) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  SCOPED(whatif_close_p) WhatIf *records = NULL;
  WhatIfReport report;
  Day today;
  Str version;
  bool tell = !o->quiet && isatty(STDERR_FILENO);
  TRY(today_choose(cx, o, &today));
  TRY(reader_open_dir(cx, &w->store, &rd));
  TRY(policy_in_force(cx, reader_views(rd), today, &version));
  const Policy *now = policies_at(cx->mem, &w->policies, version, calendars_newest(w->policies.current->calendars));
  records = whatif_open(now);
  TRY(whatif_read(cx, records, rd, 0, tell ? show_progress : NULL, NULL));
  TRY(whatif_run(cx, records, draft, today, (int)sysconf(_SC_NPROCESSORS_ONLN), &report));
  *out = whatif_view(cx->mem, &report, now, draft);
  return OK;
}

static void print_all(Arena *mem, const Json *j) {
  print_totals(j);
  print_cells(mem, j);
  print_units(mem, j);
  print_moved(j);
}

int verb_whatif(Cx *cx, const Options *o) {
  World *w = NULL;
  const Policy *draft = NULL;
  Json *j = NULL;
  int rc = EXIT_DONE;
  if (!o->draft.len) {
    fprintf(stderr, "错误：要用 --draft 写明草案的政策包目录。例：yichuang whatif --draft policies/draft\n");
    return EXIT_CALL;
  }
  if (world_load(cx, o, &w) != OK || draft_load(cx, o->draft, &draft) != OK || whatif(cx, o, w, draft, &j) != OK)
    rc = report_fault(cx);
  else if (o->json) printf("%.*s\n", SFMT(json_text(cx->mem, j)));
  else print_all(cx->mem, j);
  if (draft) calendars_close(draft->calendars);
  world_close(w);
  return rc;
}
