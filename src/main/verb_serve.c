/* SPDX-License-Identifier: Apache-2.0 */
/* verb_serve.c: opens the store, starts the writer, the timer and the web server, waits for signals: to stop, to read settings and keys anew, to
 * open the log anew. */
#include "paper/paper.h"
#include "main/main_int.h"
#include "main/carrier.h"
#include "main/courier.h"
#include "main/demo_platform.h"
#include "main/service.h"
#include "main/timer.h"
#include "search/search.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* One a line: who adds a table meets nobody else's. */
static const Route *const all_routes[] = {
    session_routes,
    search_routes,
    open_routes,
    page_routes,
    my_routes,
    work_routes,
    stage_routes,
    super_routes,
    account_routes,
    access_routes,
    password_routes,
    desk_routes,
    registered_routes,
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
    exchange_routes,
    archive_routes,
    advisor_routes,
    calendar_routes,
    policy_routes,
    whatif_routes,
    proof_routes,
    receipt_routes,
    live_routes,
    random_routes,
    map_routes, mapcheck_routes, region_map_routes, cert_routes,
    accept_routes,
    survey_routes,
    certs_routes,
    doc_routes,
    leaders_routes,
    seats_routes,
    rules_routes,
    appraisal_routes,
    feedback_routes,
    self_routes,
    pub_routes, /* before the next: its first row is where the section begins */
    talk_routes,
    ledger_routes,
    ledger_row_routes,
    ledger_report_routes,
    lamps_routes,
    sample_routes,
    directive_routes,
    bulletin_routes,
    stats_routes,
    personal_routes,
    audit_routes,
    audit_proof_routes,
    erase_routes,
    watch_routes,
    doctor_routes,
    api_routes,
    NULL,
};

enum { ALIVE_MS = 10000 };

/* What the thread of the signals works on. */
typedef struct Serving {
  pthread_mutex_t lock;   /* while it reloads nothing of this is closed */
  bool over;
  const Options *options; /* as of the last reload */
  App *app;
  Server *server;
  Courier *courier;
  Carrier *carrier;
  Receivers receivers;
  Service service;
} Serving;

static void signals_of(sigset_t *set) {
  static const int all[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
  sigemptyset(set);
  for (size_t i = 0; i < COUNT(all); i++) sigaddset(set, all[i]);
}

static void signals_block(void) {
  sigset_t set;
  signals_of(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a full disk, not an end */
}

/* ---- settings, once more ---------------------------------------------------------------------------- */

static Code log_set(Cx *cx, const Options *o) {
  log_format(str_eq(o->log_format, S("json")) ? LOG_JSON : LOG_TEXT);
  return o->log.len ? log_file(cx, o->log) : OK;
}

static Code seal_open(Cx *cx, const Options *o, Sealer **out) {
  Str secret = S("");
  *out = NULL;
  if (!o->seal_key.len) return OK;
  TRY(file_read(cx, o->seal_key, 1 << 16, &secret));
  return sealer_open(cx, secret, out);
}

static Code token_read(Cx *cx, const Options *o, Str *out) {
  *out = S("");
  if (!o->metrics_token.len) return OK;
  TRY(file_read(cx, o->metrics_token, 4096, out));
  *out = str_trim(*out);
  if (out->len < 20) FAIL_AT(INVALID, S("metrics-token"), S(""), "%.*s 里的令牌少于 20 个字符，太容易猜到", SFMT(o->metrics_token));
  return OK;
}

/* What cannot change under a running server; says so and leaves it. */
static void fixed_look(const Options *was, const Options *now) {
  const struct { const char *name; Str was, now; } texts[] = {{"store", was->store, now->store}, {"policy", was->policy, now->policy},
      {"listen", was->listen, now->listen}, {"proxy", was->proxy, now->proxy}, {"metrics-token", was->metrics_token, now->metrics_token}, {"exchange", was->exchange, now->exchange}, {"marks", was->marks, now->marks}};
  for (size_t i = 0; i < COUNT(texts); i++)
    if (!str_eq(texts[i].was, texts[i].now)) log_line(LOG_WARN, "%s 改了，重新启动以后才有效", texts[i].name);
  if (was->port != now->port || was->threads != now->threads || was->queue != now->queue || was->behind_tls != now->behind_tls || was->listen_anywhere != now->listen_anywhere)
    log_line(LOG_WARN, "port、threads、queue、behind-tls 或 listen-anywhere 改了，重新启动以后才有效");
}

/* All of it is read before any of it holds. What the last reload made stays until the end: requests under way use it. */
static Code reload(Cx *cx, Serving *s) {
  Options *o = arena_new(cx->mem, Options);
  Sealer *sealer = NULL;
  const Verb *serve = &verbs[0];
  if (!options_parse(s->options->argc, s->options->argv, o) || !options_finish(cx, serve, o)) FAIL(INVALID, "配置文件有错，见上一行");
  TRY(courier_check(cx, o));
  TRY(seal_open(cx, o, &sealer));
  TRY(log_set(cx, o));
  fixed_look(s->options, o);
  if (sealer) atomic_store(&s->app->sealer, sealer);
  else if (!o->seal_key.len) atomic_store(&s->app->sealer, NULL);
  courier_reload(s->courier, o);
  atomic_store(&s->app->checkup, checkup_of(cx->mem, o, s->app->demo));
  s->options = o;
  return OK;
}

static void reload_say(Serving *s) {
  Cx cx = {.mem = arena_open((size_t)8 << 20), .now = clock_now_ms()};
  pthread_mutex_lock(&s->lock);
  if (!s->over) {
    service_reloading(&s->service);
    if (reload(&cx, s) == OK) log_line(LOG_INFO, "设置和密钥已重新读入");
    else log_line(LOG_ERROR, "没有重新读入，照旧运行：%.*s", SFMT(cx.detail));
    service_tell(&s->service, S("READY=1\n"));
  }
  pthread_mutex_unlock(&s->lock);
}

static void reopen(Serving *s) {
  SCOPED(arena_close_p) Arena *mem = arena_open(1 << 16);
  Cx cx = {.mem = mem};
  if (s->options->log.len && log_file(&cx, s->options->log) != OK) log_line(LOG_ERROR, "%.*s", SFMT(cx.detail));
}

/* ---- signals -------------------------------------------------------------------------------------------- */

/* The next signal; meanwhile the watchdog hears of loops that come round. */
static int signal_wait(Serving *s, const sigset_t *set) {
  int64_t us = s->service.watchdog_us ? s->service.watchdog_us / 2 : 3600 * INT64_C(1000000);
  struct timespec every = {.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000};
  for (;;) {
    int got = sigtimedwait(set, NULL, &every);
    if (got > 0) return got;
    if (s->service.watchdog_us && server_alive(s->server, ALIVE_MS)) service_tell(&s->service, S("WATCHDOG=1\n"));
  }
}

/* A terminal that is closed sends SIGHUP too: it means a reload only where there is something to read again. */
static bool reloads(const Serving *s) {
  return s->options->config.len || s->options->log.len || s->service.notify.len;
}

static void *signals_main(void *arg) {
  Serving *s = arg;
  sigset_t set;
  int got;
  signals_of(&set);
  for (;;) {
    got = signal_wait(s, &set);
    if (got == SIGUSR1) reopen(s);
    else if (got == SIGHUP && reloads(s)) reload_say(s);
    else break;
  }
  log_line(LOG_INFO, "收到信号 %d，正在办完排队的事；再按一次 Ctrl-C 立即停止", got);
  service_tell(&s->service, S("STOPPING=1\nSTATUS=正在办完排队的事\n"));
  server_stop(s->server);
  do got = signal_wait(s, &set);
  while (got != SIGINT && got != SIGTERM); /* the main thread leaves first, unless something hangs */
  log_line(LOG_WARN, "立即停止：没有得到答复的操作可能没有保存，已经答复的都已保存");
  _exit(EXIT_FAULT);
  return NULL;
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
  if (app->options.sockets) url = port ? arena_fmt(mem, "端口 %d（交来的套接字）", port) : S("交来的套接字");
  printf("一窗已启动：%.*s\n", SFMT(bold(mem, url)));
  if (app->demo) printf("这是演示存储，数据均为示例。\n%.*s\n", SFMT(app->demo_accounts));
  if (app->demo && o->listen_anywhere) printf("注意：演示账号的口令人人知道，不要让外面的人访问。\n");
  printf("按 Ctrl-C 停止。\n");
  fflush(stdout);
}

/* The index of this server: a file of its own beside the store's. Without it everything else works, and searching says so. */
static void index_open(Cx *cx, const World *w, App *app) {
  Code code = search_open(cx, store_files(cx->mem, app->dir), &w->policies, &app->search);
  if (code == OK) search_english(app->search, web_english);
  if (code == OK) code = search_watch(cx, app->search, app->runner);
  if (code == OK) return;
  log_line(LOG_ERROR, "%.*s", SFMT(cx->detail));
  cx_clear(cx);
  search_close(app->search);
  app->search = NULL;
}

static int serve_until_signal(Cx *cx, const Options *o, App *app, Serving *s) {
  pthread_t signals;
  if (pthread_create(&signals, NULL, signals_main, s) == 0) pthread_detach(signals);
  announce(o, cx->mem, app, server_port(s->server));
  service_tell(&s->service, S("READY=1\nSTATUS=正在服务\n"));
  server_wait(s->server);
  pthread_mutex_lock(&s->lock);
  s->over = true;
  pthread_mutex_unlock(&s->lock);
  return EXIT_DONE;
}

static int serve_open_store(Cx *cx, const Options *o, World *w, App *app, Serving *s) {
  DemoClock *clock = arena_new(cx->mem, DemoClock);
  SCOPED(runner_close_p) Runner *runner = NULL;
  Timer *timer = NULL;
  if (clock_choose(cx, o, app->demo, clock) != OK || runner_open(cx, &w->store, &runner) != OK)
    return report_fault(cx);
  if (personal_settle(cx, runner, o->store, demo_clock_now(clock)) != OK) return report_fault(cx);
  app->runner = runner;
  app->options.clock = demo_clock_now;
  app->options.clock_arg = clock;
  index_open(cx, w, app);
  if (server_open(cx, app, all_routes, &s->server) != OK) {
    search_close(app->search);
    return report_fault(cx);
  }
  if (timer_open(cx, runner, demo_clock_now, clock, &timer) != OK) {
    server_close(s->server);
    search_close(app->search);
    return report_fault(cx);
  }
  if (courier_open(cx, runner, o, demo_clock_now, clock, &s->courier) != OK) {
    timer_close(timer);
    server_close(s->server);
    search_close(app->search);
    return report_fault(cx);
  }
  if (carrier_open(cx, runner, &w->policies, &s->receivers, demo_clock_now, clock, &s->carrier) != OK) {
    carrier_close(s->carrier);
    courier_close(s->courier);
    timer_close(timer);
    server_close(s->server);
    search_close(app->search);
    return report_fault(cx);
  }
  int rc = serve_until_signal(cx, o, app, s);
  carrier_close(s->carrier);
  courier_close(s->courier);
  timer_close(timer);
  server_close(s->server);
  search_close(app->search);
  printf("已停止。\n");
  return rc;
}

int verb_serve(Cx *cx, const Options *o) {
  World *w = NULL;
  Json *labels = NULL;
  Serving *s = arena_new(cx->mem, Serving); /* the thread of the signals may outlive this function */
  Str token;
  Sealer *sealer = NULL;
  signals_block();
  service_begin(cx->mem, &s->service);
  if (log_set(cx, o) != OK || courier_check(cx, o) != OK || receivers_read(cx, o->exchange, &s->receivers) != OK || world_load(cx, o, &w) != OK) return report_fault(cx);
  if (store_needed(cx, o) != OK || store_labels(cx, o->store, &labels) != OK) return report_fault(cx);
  if (token_read(cx, o, &token) != OK || seal_open(cx, o, &sealer) != OK) return report_fault(cx);
  w->store.queue_max = (size_t)o->queue;
  App app = {.policy = w->policies.current, .policies = &w->policies, .dir = o->store,
             .mail = o->smtp.len > 0, .sms = o->sms.len > 0, .metrics_token = token, .sealer = sealer,
             .demo = str_eq(json_str(labels, S("demo")), S("yes")),
             .receivers = &s->receivers, .demo_accounts = json_str(labels, S("accounts")), .throttle = throttle_open(4096), .stats = stats_open(),
             .options = {.listen = o->listen, .port = (int)o->port, .open = o->listen_anywhere, .proxies = o->proxy,
                         .sockets = s->service.sockets, .first_socket = SERVICE_FIRST,
                         .secure_cookies = o->behind_tls, .threads = (int)o->threads}};
  if (o->marks.len && marks_read(cx, o->marks, &app.options.marks) != OK) return report_fault(cx);
  app.checkup = checkup_of(cx->mem, o, app.demo);
  s->options = o;
  s->app = &app;
  pthread_mutex_init(&s->lock, NULL);
  DemoPlatform *platform = app.demo && !o->exchange.len ? demo_platform_open(cx->mem, &s->receivers, str_eq(json_str(labels, S("exchange")), S("yes")) ? &app.runner : NULL) : NULL;
  int rc = serve_open_store(cx, o, w, &app, s);
  demo_platform_close(platform);
  sealer_close(sealer);
  stats_close(app.stats);
  throttle_close(app.throttle);
  world_close(w);
  return rc;
}
