/* SPDX-License-Identifier: Apache-2.0 */
/* world.c: the package, the engines and the store options that every verb shares; reports. */
#include "main/main_int.h"

#include "approval/desk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static Code unfinished(Cx *cx, const Options *o) {
  if (store_shared(o->store))
    FAIL(CONFLICT, "%.*s 里的演示数据没有做完（生成时被中断）。请在库里执行 DROP SCHEMA journal, views CASCADE，删去目录 %.*s，再运行 yichuang demo。",
         SFMT(store_shown(cx->mem, o->store)), SFMT(o->files));
  FAIL(CONFLICT, "%.*s 里的演示数据没有做完（生成时被中断）。请删去这个目录，再运行 yichuang demo。", SFMT(o->store));
}

Code store_needed(Cx *cx, const Options *o) {
  Str dir = store_files(cx->mem, o->store);
  /* Verifying writes too: a fresh file of views stands beside the old one while they are compared. */
  if (access(arena_z(cx->mem, dir), W_OK | X_OK) != 0 && (errno == EACCES || errno == EROFS))
    FAIL(READONLY, "没有写目录 %.*s 的权限。请改用存储所属的账号运行。", SFMT(dir));
  TRY(store_exists(cx, o->store));
  if (file_exists(arena_fmt(cx->mem, "%.*s/" DEMO_UNFINISHED, SFMT(dir)))) return unfinished(cx, o);
  return OK;
}

Code package_needed(Cx *cx, Str dir) {
  if (file_exists(arena_fmt(cx->mem, "%.*s/package.yaml", SFMT(dir)))) return OK;
  if (file_exists(dir)) FAIL(NOT_FOUND, "%.*s 里没有政策包（没有 package.yaml）。请写明政策包所在的目录。", SFMT(dir));
  FAIL(NOT_FOUND, "没有目录 %.*s。请用 --policy 写明政策包所在的目录，例如 policies/huludao。", SFMT(dir));
}

Code package_load(Cx *cx, Str dir, const Policy **out) {
  Mistakes mistakes = {0};
  TRY(package_needed(cx, dir));
  Code code = policy_load(cx, dir, out, &mistakes);
  for (size_t i = 0; i < mistakes.count; i++)
    fprintf(stderr, "%.*s:%d:%d: %.*s\n", SFMT(mistakes.list[i].file), mistakes.list[i].line, mistakes.list[i].column,
            SFMT(mistakes.list[i].text));
  return code;
}

/* Versions that were staged through another server. */
static Code staged_fetch(Cx *cx, const void *arg) {
  const StoreOptions *o = arg;
  Code code = store_exists(cx, o->dir);
  if (code == NOT_FOUND) { /* it is going to be made */
    cx_clear(cx);
    return OK;
  }
  TRY(code);
  return store_files_fetch(cx, o->dir, S("policies/"));
}

/* The engines of a room beside approval: their own copies, with the package and the units of all others. */
static void engines_of(World *w, const Engine *const *from, size_t n, Engine *own, size_t at) {
  for (size_t i = 0; i < n; i++) {
    own[i] = *from[i];
    own[i].env = &w->accounts;
    w->engines[at + i] = &own[i];
  }
}

Code world_load(Cx *cx, const Options *o, World **out) {
  World *w = arena_new(cx->mem, World);
  const Policy *policy = NULL;
  TRY(package_load(cx, o->policy, &policy));
  w->list[0] = policy;
  Packages *packages = packages_open(cx->mem, arena_fmt(cx->mem, "%.*s/policies", SFMT(store_files(cx->mem, o->store))), policy);
  w->store.dir = o->store;
  if (store_shared(o->store)) packages_source(packages, staged_fetch, &w->store);
  w->policies = (Policies){.current = policy, .all = w->list, .count = 1, .packages = packages};
  TRY(packages_scan(cx, packages));
  w->org = org_engine_base;
  w->accounts = *policy;
  w->accounts.packages = packages;
  w->org.env = &w->accounts;
  w->approval = approval_engine_base;
  w->approval.env = &w->policies;
  w->engines[0] = &w->org;
  w->calendar = calendar_engine_base;
  w->calendar.env = &w->policies;
  w->engines[1] = &w->approval;
  w->engines[2] = &w->calendar;
  w->publish = policy_engine_base;
  w->publish.env = &w->policies;
  w->engines[3] = &w->publish;
  engines_of(w, early_engines, EARLY_ENGINES, w->early, 5);
  w->portfolio = portfolio_engine_base;
  w->portfolio.env = &w->accounts;
  w->engines[5 + EARLY_ENGINES] = &w->portfolio;
  w->access = access_engine_base;
  w->access.env = &w->accounts;
  w->engines[COUNT(w->engines) - LEDGER_ENGINES - MAP_ENGINES - EXCHANGE_ENGINES - 1] = &w->access;
  w->desk = desk_engine_base;
  w->desk.env = &w->accounts;
  w->engines[COUNT(w->engines) - LEDGER_ENGINES - MAP_ENGINES - EXCHANGE_ENGINES - 2] = &w->desk;
  for (size_t i = 0; i < SUPERVISION_ENGINES; i++) {
    w->supervision[i] = *supervision_engines[i];
    w->supervision[i].env = &w->policies;
    w->engines[6 + EARLY_ENGINES + JOINT_ENGINES + i] = &w->supervision[i];
  }
  engines_of(w, joint_engines, JOINT_ENGINES, w->joint, 6 + EARLY_ENGINES);
  engines_of(w, notice_engines, NOTICE_ENGINES, w->notice, 6 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES);
  engines_of(w, finish_engines, FINISH_ENGINES, w->finish, 6 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES);
  engines_of(w, inspect_engines, INSPECT_ENGINES, w->inspect, 6 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + FINISH_ENGINES);
  engines_of(w, evaluation_engines, EVALUATION_ENGINES, w->evaluation, 6 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES);
  engines_of(w, ledger_engines, LEDGER_ENGINES, w->ledger, COUNT(w->engines) - LEDGER_ENGINES);
  engines_of(w, map_engines, MAP_ENGINES, w->map, COUNT(w->engines) - LEDGER_ENGINES - MAP_ENGINES);
  engines_of(w, exchange_engines, EXCHANGE_ENGINES, w->exchange, COUNT(w->engines) - LEDGER_ENGINES - MAP_ENGINES - EXCHANGE_ENGINES);
  engines_of(w, publish_engines, PUBLISH_ENGINES, w->disclosure, 6 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES + EVALUATION_ENGINES);
  w->personal = personal_engine_base;
  w->personal.env = &w->policies;
  w->engines[4] = &w->personal;
  w->store = (StoreOptions){.dir = o->store, .engines = w->engines, .engine_count = COUNT(w->engines)};
  if (!o->quiet && isatty(STDERR_FILENO)) w->store.progress = progress_show;
  *out = w;
  return OK;
}

void world_close(World *w) {
  if (!w) return;
  calendars_close(w->policies.current->calendars);
  packages_close(w->policies.packages);
}

int report_fault(const Cx *cx) {
  fprintf(stderr, "错误：%.*s\n", SFMT(cx->detail));
  if (cx->field.len && option_exists(cx->field)) fprintf(stderr, "  选项：--%.*s\n", SFMT(cx->field));
  else if (cx->field.len) fprintf(stderr, "  字段：%.*s\n", SFMT(cx->field));
  if (cx->clause.len) fprintf(stderr, "  依据：%.*s\n", SFMT(cx->clause));
  if (cx->fault == BROKEN && cx->where) log_line(LOG_ERROR, "%s:%d", cx->where, cx->line);
  if (cx->fault == BUSY || cx->fault == READONLY) return EXIT_STORE;
  return cx->fault == BROKEN ? EXIT_FAULT : EXIT_CALL;
}

void progress_show(void *arg, const char *what, int64_t done, int64_t total) {
  (void)arg;
  if (total > 0)
    fprintf(stderr, "\r%s %lld / %lld（%lld%%）", what, (long long)done, (long long)total,
            (long long)(done * 100 / total));
  else
    fprintf(stderr, "\r%s %lld", what, (long long)done);
  if (total > 0 && done >= total) fputc('\n', stderr);
}

Str bold(Arena *mem, Str s) {
  const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
  bool plain = (no_color && *no_color) || !term || !*term || str_eqz(S("dumb"), term);
  if (plain || !isatty(STDOUT_FILENO)) return s;
  return arena_fmt(mem, "\033[1m%.*s\033[0m", SFMT(s));
}

int64_t demo_clock_now(void *arg) {
  const DemoClock *clock = arg;
  return clock_now_ms() + clock->shift;
}
