/* SPDX-License-Identifier: Apache-2.0 */
/* verb_serve.c: opens the store, starts the writer, the timer and the web server, waits for a signal. */
#include "paper/paper.h"
#include "main/main_int.h"
#include "main/courier.h"
#include "main/timer.h"
#include "search/search.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* One a line: who adds a table meets nobody else's. */
static const Route *const all_routes[] = {
    session_routes,
    search_routes,
    page_routes,
    my_routes,
    work_routes,
    super_routes,
    supply_routes,
    library_routes,
    report_routes,
    ask_routes,
    guide_routes,
    signs_routes,
    days_routes,
    early_routes,
    region_routes,
    joint_routes,
    promise_routes,
    credit_routes,
    message_routes,
    rating_routes,
    archive_routes,
    advisor_routes,
    calendar_routes,
    policy_routes,
    whatif_routes,
    proof_routes,
    receipt_routes,
    live_routes,
    random_routes,
    cert_routes,
    accept_routes,
    certs_routes,
    doc_routes,
    leaders_routes,
    seats_routes,
    rules_routes,
    feedback_routes,
    lamps_routes,
    sample_routes,
    bulletin_routes,
    directive_routes,
    stats_routes,
    personal_routes,
    erase_routes,
    api_routes,
    NULL,
};

/* Waits for SIGINT or SIGTERM on a thread of its own and then stops the server. */
static void *signals_main(void *arg) {
  sigset_t set;
  int got = 0;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigwait(&set, &got);
  log_line(LOG_INFO, "收到信号 %d，正在办完排队的事；再按一次 Ctrl-C 立即停止", got);
  server_stop(arg);
  sigwait(&set, &got); /* the main thread leaves first, unless something hangs */
  log_line(LOG_WARN, "立即停止：没有得到答复的操作可能没有保存，已经答复的都已保存");
  _exit(EXIT_FAULT);
  return NULL;
}

static void signals_block(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a full disk, not an end */
}

/* Only a demonstration store may have another time than the world's. */
static Code clock_choose(Cx *cx, const Options *o, bool demo, DemoClock *clock) {
  int64_t at;
  if (!o->clock.len) return OK;
  if (!demo) FAIL_AT(INVALID, S("clock"), S(""), "--clock 只能用于演示存储");
  if (!time_parse(o->clock, &at))
    FAIL_AT(INVALID, S("clock"), S(""), "--clock 要写成 2026-11-24T09:00");
  clock->shift = at - clock_now_ms();
  return OK;
}

static void announce(const Options *o, Arena *mem, const App *app, int port) {
  Str host = o->listen;
  Str url = arena_fmt(mem, "http://%.*s:%d/", SFMT(host), port);
  printf("一窗已启动：%.*s\n", SFMT(bold(mem, url)));
  if (app->demo) printf("这是演示存储，数据均为示例。\n%.*s\n", SFMT(app->demo_accounts));
  if (app->demo && o->listen_anywhere) printf("注意：演示账号的口令人人知道，不要让外面的人访问。\n");
  printf("按 Ctrl-C 停止。\n");
  fflush(stdout);
}

/* The index of this server: a file of its own beside the store's. Without it everything else works, and searching says so. */
static void index_open(Cx *cx, const World *w, App *app) {
  Code code = search_open(cx, store_files(cx->mem, app->dir), &w->policies, &app->search);
  if (code == OK) code = search_watch(cx, app->search, app->runner);
  if (code == OK) return;
  log_line(LOG_ERROR, "%.*s", SFMT(cx->detail));
  cx_clear(cx);
  search_close(app->search);
  app->search = NULL;
}

static int serve_open_store(Cx *cx, const Options *o, World *w, App *app) {
  DemoClock *clock = arena_new(cx->mem, DemoClock);
  SCOPED(runner_close_p) Runner *runner = NULL;
  Server *server = NULL;
  Timer *timer = NULL;
  Courier *courier = NULL;
  pthread_t signals;
  if (clock_choose(cx, o, app->demo, clock) != OK || runner_open(cx, &w->store, &runner) != OK)
    return report_fault(cx);
  if (personal_settle(cx, runner, o->store, demo_clock_now(clock)) != OK) return report_fault(cx);
  app->runner = runner;
  app->options.clock = demo_clock_now;
  app->options.clock_arg = clock;
  index_open(cx, w, app);
  if (server_open(cx, app, all_routes, &server) != OK) {
    search_close(app->search);
    return report_fault(cx);
  }
  if (timer_open(cx, runner, demo_clock_now, clock, &timer) != OK) {
    server_close(server);
    search_close(app->search);
    return report_fault(cx);
  }
  if (courier_open(cx, runner, o, demo_clock_now, clock, &courier) != OK) {
    timer_close(timer);
    server_close(server);
    search_close(app->search);
    return report_fault(cx);
  }
  if (pthread_create(&signals, NULL, signals_main, server) == 0) pthread_detach(signals);
  announce(o, cx->mem, app, server_port(server));
  server_wait(server);
  courier_close(courier);
  timer_close(timer);
  server_close(server);
  search_close(app->search);
  printf("已停止。\n");
  return EXIT_DONE;
}

int verb_serve(Cx *cx, const Options *o) {
  World *w = NULL;
  Json *labels = NULL;
  signals_block();
  if (courier_check(cx, o) != OK || world_load(cx, o, &w) != OK) return report_fault(cx);
  if (store_needed(cx, o) != OK || store_labels(cx, o->store, &labels) != OK) return report_fault(cx);
  w->store.queue_max = (size_t)o->queue;
  App app = {.policy = w->policies.current, .policies = &w->policies, .dir = o->store,
             .mail = o->smtp.len > 0, .sms = o->sms.len > 0,
             .demo = str_eq(json_str(labels, S("demo")), S("yes")),
             .demo_accounts = json_str(labels, S("accounts")), .throttle = throttle_open(4096), .stats = stats_open(),
             .options = {.listen = o->listen, .port = (int)o->port, .open = o->listen_anywhere,
                         .secure_cookies = o->behind_tls, .threads = (int)o->threads}};
  Sealer *sealer = NULL;
  Str secret = S("");
  if (o->seal_key.len && (file_read(cx, o->seal_key, 1 << 16, &secret) != OK || sealer_open(cx, secret, &sealer) != OK)) return report_fault(cx);
  app.sealer = sealer;
  if (o->marks.len && marks_read(cx, o->marks, &app.options.marks) != OK) return report_fault(cx);
  int rc = serve_open_store(cx, o, w, &app);
  sealer_close(sealer);
  stats_close(app.stats);
  throttle_close(app.throttle);
  world_close(w);
  return rc;
}
