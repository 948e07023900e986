/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_watch.c: for those who watch the server. /healthz/live says that the process answers: when it does not, start it anew.
 * /healthz/ready (and /healthz) says that acts can be done: when not, send people to another server, and look. /metrics is for
 * Prometheus; it is told to this machine, or to whoever has the token.
 */
#include "exchange/exchange.h"
#include "notice/notice.h"
#include "journal/proof.h"
#include "web/page.h"
#include "web/web_int.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { METRICS_MAX = 512 << 10 };

static const Sql sql_one = {"watch.one", "", "i", "SELECT count(*) FROM account WHERE id = ''"};

static void say(Reply *rp, bool good, Str body) {
  rp->status = good ? 200 : 503;
  if (!good) rp->retry_after = BUSY_SECONDS;
  rp->type = S("application/json; charset=utf-8");
  rp->body = body;
}

static Code page_live(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  (void)rq;
  say(rp, true, S("{\"live\":true}"));
  return OK;
}

static Code page_ready(Cx *cx, Request *rq, Reply *rp) {
  int64_t none = 0;
  bool stops = atomic_load(&rq->web->stopping), readonly = runner_readonly(rq->app->runner);
  bool reads = db_int(cx, reader_views(rq->rd), &sql_one, NO_VALS, 0, &none) == OK;
  cx_clear(cx);
  Json *o = json_obj(rq->mem);
  json_put_bool(rq->mem, o, S("ready"), reads && !readonly && !stops);
  json_put_bool(rq->mem, o, S("reads"), reads);
  json_put_bool(rq->mem, o, S("readonly"), readonly);
  json_put_bool(rq->mem, o, S("stopping"), stops);
  say(rp, reads && !readonly && !stops, json_text(rq->mem, o));
  return OK;
}

/* ---- /metrics ------------------------------------------------------------------------------------------- */

static void gauge(Buf *b, const char *name, const char *help, int64_t v) {
  buf_fmt(b, "# HELP %s %s\n# TYPE %s gauge\n%s %lld\n", name, help, name, name, (long long)v);
}

static void counter(Buf *b, const char *name, const char *help, int64_t v) {
  buf_fmt(b, "# HELP %s %s\n# TYPE %s counter\n%s %lld\n", name, help, name, name, (long long)v);
}

/* scale: what one unit of the buckets is divided by */
static void histogram(Buf *b, const char *name, const char *help, const int64_t *upto, const int64_t *counts, size_t n, double scale, double sum) {
  int64_t all = 0;
  buf_fmt(b, "# HELP %s %s\n# TYPE %s histogram\n", name, help, name);
  for (size_t i = 0; i < n; i++) {
    all += counts[i];
    buf_fmt(b, "%s_bucket{le=\"%g\"} %lld\n", name, (double)upto[i] / scale, (long long)all);
  }
  all += counts[n];
  buf_fmt(b, "%s_bucket{le=\"+Inf\"} %lld\n%s_sum %.6f\n%s_count %lld\n", name, (long long)all, name, sum, name, (long long)all);
}

static void writer_write(Buf *b, const RunnerFigures *f) {
  gauge(b, "yichuang_queue_commands", "Commands that wait for the writer.", f->waiting);
  counter(b, "yichuang_commands_total", "Commands the writer took, refused ones included.", f->commands);
  histogram(b, "yichuang_batch_commands", "Commands in one commit.", figure_batch_upto, f->batch, FIGURE_BATCHES, 1, (double)f->commands);
  histogram(b, "yichuang_commit_seconds", "One commit of the journal, with its fsync.", figure_commit_upto, f->commit, FIGURE_COMMITS, 1e6,
            (double)f->commit_us / 1e6);
  gauge(b, "yichuang_store_readonly", "1 after a failed write: nothing is written until the next start.", f->readonly);
  gauge(b, "yichuang_journal_bytes", "Size of journal.db.", f->journal_bytes);
  gauge(b, "yichuang_journal_wal_bytes", "Length of the log of journal.db, which is kept once it has grown.", f->log_bytes);
  gauge(b, "yichuang_views_bytes", "Size of the tables and their log.", f->views_bytes);
}

/* No head was ever signed: no line, so that nobody takes 0 for fresh. */
static Code checkpoint_write(Cx *cx, const Request *rq, Buf *b) {
  Checkpoint *last = NULL;
  size_t n = 0;
  int64_t at;
  Code code = checkpoints_list(cx, rq->app->dir, 0, 1, &last, &n);
  if (code == OK && n && time_parse(last->time, &at)) {
    gauge(b, "yichuang_checkpoint_age_seconds", "Since the last head of the journal was signed.", (clock_now_ms() - at) / 1000);
    gauge(b, "yichuang_checkpoint_events", "Events under the last signed head.", last->size);
  }
  return code;
}

static Code outbox_write(Cx *cx, const Request *rq, Buf *b) {
  OutboxCount o;
  TRY(outbox_count(cx, rq->rd, &o));
  gauge(b, "yichuang_outbox_messages", "Letters that wait to be sent, or are being sent.", o.waiting + o.trying);
  gauge(b, "yichuang_outbox_lost", "Letters that were given up.", o.lost);
  gauge(b, "yichuang_outbox_oldest_seconds", "For how long the oldest of them has waited.", o.waiting && o.oldest ? (rq->now - o.oldest) / 1000 : 0);
  return OK;
}

/* A family for each receiver: its rows by status, and whether it answers. */
static Code exchange_write(Cx *cx, const Request *rq, Buf *b) {
  const Receivers *all = rq->app->receivers;
  if (!all || !all->count) return OK;
  LinkRow *links = arena_array(cx->mem, LinkRow, all->count);
  for (size_t i = 0; i < all->count; i++) TRY(link_load(cx, rq->rd, all->list[i].code, &links[i]));
  buf_add(b, S("# HELP yichuang_exchange_rows Rows for the platforms of nation, province and county.\n# TYPE yichuang_exchange_rows gauge\n"));
  for (size_t i = 0; i < all->count; i++)
    for (int s = 0; s < ROW_STATUS__MAX; s++)
      buf_fmt(b, "yichuang_exchange_rows{receiver=\"%.*s\",status=\"%.*s\"} %lld\n", SFMT(links[i].target), SFMT(row_status_text((RowStatus)s)), (long long)links[i].count[s]);
  buf_add(b, S("# HELP yichuang_exchange_down 1 while a receiver does not answer.\n# TYPE yichuang_exchange_down gauge\n"));
  for (size_t i = 0; i < all->count; i++) buf_fmt(b, "yichuang_exchange_down{receiver=\"%.*s\"} %d\n", SFMT(links[i].target), links[i].down > 0);
  buf_add(b, S("# HELP yichuang_exchange_oldest_seconds For how long the oldest row that waits has waited.\n# TYPE yichuang_exchange_oldest_seconds gauge\n"));
  for (size_t i = 0; i < all->count; i++)
    buf_fmt(b, "yichuang_exchange_oldest_seconds{receiver=\"%.*s\"} %lld\n", SFMT(links[i].target), links[i].oldest ? (long long)(rq->now - links[i].oldest) / 1000 : 0LL);
  return OK;
}

static int64_t descriptors(void) {
  DIR *d = opendir("/proc/self/fd");
  int64_t n = -3; /* ".", ".." and the one that reads */
  if (!d) return 0;
  while (readdir(d)) n++;
  closedir(d);
  return n;
}

static int64_t resident(Cx *cx) {
  char text[128] = "";
  int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
  Str first, rest, second;
  int64_t pages = 0;
  if (fd >= 0) close(fd);
  str_cut(arena_str(cx->mem, (Str){.ptr = text, .len = len > 0 ? (size_t)len : 0}), ' ', &first, &rest);
  str_cut(rest, ' ', &second, &rest);
  return str_to_i64(second, &pages) ? pages * (int64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void process_write(Cx *cx, const Request *rq, Buf *b) {
  struct rusage u = {0};
  struct rlimit files = {0};
  (void)getrusage(RUSAGE_SELF, &u);
  (void)getrlimit(RLIMIT_NOFILE, &files);
  buf_fmt(b, "# HELP process_cpu_seconds_total CPU time.\n# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total %.3f\n",
          (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6);
  gauge(b, "process_resident_memory_bytes", "Memory in use.", resident(cx));
  gauge(b, "process_open_fds", "Open file descriptors.", descriptors());
  gauge(b, "process_max_fds", "At most so many of them.", (int64_t)files.rlim_cur);
  gauge(b, "process_start_time_seconds", "When the server started.", rq->web->began / 1000);
  gauge(b, "yichuang_sessions", "Sessions that are logged in.", (int64_t)sessions_count(rq->web->sessions, rq->now));
  buf_fmt(b, "# HELP yichuang_build_info Version of the program.\n# TYPE yichuang_build_info gauge\nyichuang_build_info{version=\"%s\"} 1\n", YICHUANG_VERSION);
}

/* Behind a proxy on this machine everybody comes from this machine: there only the token counts. */
static bool may_look(const Request *rq) {
  Str token = rq->app->metrics_token;
  if (token.len && secret_eq(rq->bearer, token)) return true;
  return !rq->proxied && (str_eq(rq->address, S("127.0.0.1")) || str_eq(rq->address, S("::1")));
}

static Code page_metrics(Cx *cx, Request *rq, Reply *rp) {
  SCOPED(buf_drop) Buf b = {0};
  RunnerFigures f;
  if (!may_look(rq)) FAIL(NOT_FOUND, "没有这个页面，可能已移动或网址有误。");
  buf_init(&b, METRICS_MAX);
  process_write(cx, rq, &b);
  meters_write(rq->web->meters, &b);
  runner_figures(rq->app->runner, &f);
  writer_write(&b, &f);
  if (exchange_write(cx, rq, &b) != OK) cx_clear(cx);
  if (outbox_write(cx, rq, &b) != OK) cx_clear(cx); /* the other figures are wanted most when something is wrong */
  if (checkpoint_write(cx, rq, &b) != OK) cx_clear(cx);
  REQUIRE(!b.full);
  rp->type = S("text/plain; version=0.0.4; charset=utf-8");
  rp->body = arena_str(rq->mem, buf_str(&b));
  return OK;
}

const Route watch_routes[] = {
    {.method = GET, .path = "/healthz", .allow = ROLE_PUBLIC, .run = page_ready, .help = "能不能办理：不能时 503。", .hidden = true},
    {.method = GET, .path = "/healthz/ready", .allow = ROLE_PUBLIC, .run = page_ready, .help = "能不能办理：不能时 503。", .hidden = true},
    {.method = GET, .path = "/healthz/live", .allow = ROLE_PUBLIC, .run = page_live, .help = "进程是否应答。", .hidden = true},
    {.method = GET, .path = "/metrics", .allow = ROLE_PUBLIC, .run = page_metrics, .help = "指标，Prometheus 的文本格式；只给本机或持有令牌的。", .hidden = true},
    {.path = NULL},
};
