/* SPDX-License-Identifier: Apache-2.0 */
/* What all requests share, made once at the start. */
#include "web/web_int.h"

enum { SESSIONS_MAX = 16384, IDLE_S = 30 * 60, WHOLE_S = 12 * 3600, WORKERS = 2, WAITING_MAX = 64 };

Code web_open(Cx *cx, App *app, const Route *const *tables, Web **out) {
  Arena *mem = arena_open((size_t)64 << 20);
  Web *w = arena_new(mem, Web);
  Cx own = {.mem = mem, .now = cx->now};
  w->mem = mem;
  w->app = app;
  Code code = routes_open(&own, tables, &w->routes);
  if (code != OK) {
    Str detail = arena_str(cx->mem, own.detail);
    arena_close(mem);
    FAIL(code, "%.*s", SFMT(detail));
  }
  int idle = app->options.session_idle_s ? app->options.session_idle_s : IDLE_S;
  w->sessions = sessions_open(SESSIONS_MAX, (int64_t)idle * 1000, (int64_t)WHOLE_S * 1000);
  w->meters = arena_new(mem, Meters);
  w->began = clock_now_ms();
  w->pools[JOB_SHORT] = pool_open(WORKERS, WAITING_MAX);
  w->pools[JOB_LONG] = pool_open(WORKERS, WAITING_MAX);
  w->lender = lender_open(mem);
  w->openapi = openapi_make(mem, w);
  w->permissions = permissions_make(mem, w);
  *out = w;
  return OK;
}

void web_close(Web *w) {
  if (!w) return;
  pool_close(w->pools[JOB_SHORT]);
  pool_close(w->pools[JOB_LONG]);
  lender_close(w->lender);
  sessions_close(w->sessions);
  arena_close(w->mem);
}
