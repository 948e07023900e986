/* SPDX-License-Identifier: Apache-2.0 */
/* world.c: the package, the engines and the store options that every verb shares; reports. */
#include "main/main_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

Code world_load(Cx *cx, const Options *o, World **out) {
  World *w = arena_new(cx->mem, World);
  const Policy *policy = NULL;
  Mistakes mistakes = {0};
  Code code = policy_load(cx, o->policy, &policy, &mistakes);
  if (code != OK) {
    for (size_t i = 0; i < mistakes.count; i++)
      fprintf(stderr, "%.*s:%d:%d: %.*s\n", SFMT(mistakes.list[i].file), mistakes.list[i].line,
              mistakes.list[i].column, SFMT(mistakes.list[i].text));
    return code;
  }
  w->list[0] = policy;
  w->policies = (Policies){.current = policy, .all = w->list, .count = 1};
  w->org = org_engine_base;
  w->org.env = policy;
  w->approval = approval_engine_base;
  w->approval.env = &w->policies;
  w->engines[0] = &w->org;
  w->engines[1] = &w->approval;
  w->store = (StoreOptions){.dir = o->store, .engines = w->engines, .engine_count = 2};
  if (!o->quiet && isatty(STDERR_FILENO)) w->store.progress = progress_show;
  *out = w;
  return OK;
}

int report_fault(const Cx *cx) {
  fprintf(stderr, "错误：%.*s\n", SFMT(cx->detail));
  if (cx->field.len) fprintf(stderr, "  字段：%.*s\n", SFMT(cx->field));
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
  if (done >= total) fputc('\n', stderr);
}

Str bold(const Options *o, Arena *mem, Str s) {
  const char *no_color = getenv("NO_COLOR");
  if (o->no_color || (no_color && *no_color) || !isatty(STDOUT_FILENO)) return s;
  return arena_fmt(mem, "\033[1m%.*s\033[0m", SFMT(s));
}

int64_t demo_clock_now(void *arg) {
  const DemoClock *clock = arg;
  return clock_now_ms() + clock->shift;
}
