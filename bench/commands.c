/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durable commands per second of the real engine, with 1 and with 64 clients, beside what the disk can do in the
 * same minute: a 4 KiB write and an fdatasync, at the end of a file that grows and into one that was written before.
 *   commands STORE POLICY [ROUNDS [SECONDS]]
 * STORE is written to: give it a copy. Each client pauses and resumes items, one project after the other, through
 * the runner, and waits for each answer. Which items: the open ones of the store, taken first.
 */
#include "approval/approval.h"
#include "lib/disk.h"
#include "lib/measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CLIENTS_MAX = 64, SAMPLES = 1 << 20, ROUNDS_MAX = 99, PAUSES = 45 };

static double median(double *list, size_t n) {
  qsort(list, n, sizeof *list, by_value);
  return n ? list[n / 2] : 0;
}

/* ---- who does what -------------------------------------------------------------------------------- */

typedef struct Work {
  int64_t project;
  int stage;
  Str code, unit;
  bool taken, paused;
  int pauses;           /* an item may be paused 50 times */
} Work;

typedef struct Bench {
  Runner *runner;
  Work *list;
  size_t count;
  int64_t now;
  const char *cause;
  char planned[16];
  double until;
  int round;
} Bench;

typedef struct Client {
  Bench *b;
  size_t first, step;   /* its items: first, first + step, … */
  double *took;
  size_t done, refused;
  char fault[300];
} Client;

static const Sql sql_open = {"bench.open", "", "iisss",
                             "SELECT i.project, i.stage, i.code, i.unit, i.status FROM item i JOIN project p ON p.no = i.project "
                             "WHERE i.open = 1 AND p.status = 'running' ORDER BY i.project, i.stage, i.code"};

static Code work_load(Cx *cx, Bench *b, Reader *rd) {
  SCOPED(rows_drop) Rows *r = NULL;
  size_t cap = 1 << 16;
  b->list = arena_array(cx->mem, Work, cap);
  TRY(db_rows(cx, reader_views(rd), &sql_open, NO_VALS, &r));
  while (b->count < cap && rows_next(r)) {
    Work *w = &b->list[b->count++];
    *w = (Work){.project = row_i(r, 0), .stage = (int)row_i(r, 1), .code = row_s(cx, r, 2), .unit = row_s(cx, r, 3)};
    Str status = row_s(cx, r, 4);
    w->taken = !str_eq(status, S("waiting"));
    w->paused = str_eq(status, S("paused"));
  }
  return rows_end(cx, r);
}

static Code act(Cx *cx, Bench *b, Work *w, Str key) {
  const char *name = !w->taken ? "item.take" : w->paused ? "item.resume" : "item.pause";
  Json *args = json_obj(cx->mem);
  json_put_int(cx->mem, args, S("stage"), w->stage);
  json_put_str(cx->mem, args, S("item"), w->code);
  if (w->taken && !w->paused) {
    json_put_str(cx->mem, args, S("cause"), str_of(b->cause));
    json_put_str(cx->mem, args, S("notice"), S("检验所需时间不计入办理期限，特此告知。"));
    json_put_str(cx->mem, args, S("planned"), str_of(b->planned));
  }
  Command cmd = {.name = str_of(name), .stream = arena_fmt(cx->mem, "project/%lld", (long long)w->project), .key = key,
                 .actor = {.id = S("bench"), .name = S("测某"), .unit = w->unit, .roles = ROLE_APPROVER}, .now = b->now, .args = args};
  CommandResult result;
  TRY(runner_run(cx, b->runner, &cmd, &result));
  if (!w->taken) w->taken = true;
  else w->paused = !w->paused;
  w->pauses += w->paused;
  return OK;
}

static void *client_main(void *arg) {
  Client *c = arg;
  Bench *b = c->b;
  Arena *mem = arena_open((size_t)16 << 20);
  size_t at = c->first, skipped = 0;
  for (double begin = now_s(), end; begin < b->until; begin = end) {
    Cx cx = {.mem = mem, .now = b->now};
    while (b->list[at].pauses >= PAUSES && skipped <= b->count) {
      at = at + c->step < b->count ? at + c->step : c->first;
      skipped++;
    }
    if (skipped > b->count) break;
    skipped = 0;
    Str key = arena_fmt(mem, "bench-%d-%d-%zu-%zu", (int)getpid(), b->round, c->first, c->done + c->refused);
    if (act(&cx, b, &b->list[at], key) == OK) {
      end = now_s();
      if (c->done < SAMPLES / c->step) c->took[c->done] = end - begin;
      c->done++;
    } else {
      snprintf(c->fault, sizeof c->fault, "%.*s", SFMT(cx.detail));
      c->refused++;
      end = now_s();
    }
    arena_reset(mem);
    at = at + c->step < b->count ? at + c->step : c->first;
  }
  arena_close(mem);
  return NULL;
}

typedef struct Rate { double per_s, p50, p99, cpu_us; } Rate;

static Rate clients_rate(Bench *b, size_t clients, double seconds) {
  static double samples[SAMPLES];
  pthread_t threads[CLIENTS_MAX];
  Client list[CLIENTS_MAX];
  double begin = now_s(), cpu = cpu_s();
  size_t done = 0, kept = 0;
  b->until = begin + seconds;
  b->round++;
  for (size_t i = 0; i < clients; i++) {
    list[i] = (Client){.b = b, .first = i, .step = clients, .took = samples + i * (SAMPLES / clients)};
    REQUIRE(pthread_create(&threads[i], NULL, client_main, &list[i]) == 0);
  }
  for (size_t i = 0; i < clients; i++) pthread_join(threads[i], NULL);
  double took = now_s() - begin;
  for (size_t i = 0; i < clients; i++) {
    if (list[i].refused) {
      fprintf(stderr, "refused: %s\n", list[i].fault);
      exit(1);
    }
    memmove(samples + kept, list[i].took, list[i].done * sizeof *samples);
    kept += list[i].done;
    done += list[i].done;
  }
  if (!kept) return (Rate){0};
  qsort(samples, kept, sizeof *samples, by_value);
  return (Rate){.per_s = (double)done / took, .p50 = samples[kept / 2] * 1e6, .p99 = samples[kept * 99 / 100] * 1e6,
                .cpu_us = (cpu_s() - cpu) / (double)done * 1e6};
}

/* Everybody once, so that what is measured is acts and not the first reading of a project. */
static Code warm(Cx *cx, Bench *b) {
  for (size_t i = 0; i < b->count; i++) {
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)16 << 20);
    Cx own = {.mem = mem, .now = b->now};
    if (act(&own, b, &b->list[i], arena_fmt(mem, "bench-%d-warm-%zu", (int)getpid(), i)) != OK)
      FAIL(own.fault, "%.*s", SFMT(own.detail));
  }
  return OK;
}

static void measure(Bench *b, const char *dir, int rounds, double seconds) {
  size_t n = 0;
  double grow[ROUNDS_MAX], over[ROUNDS_MAX], one[ROUNDS_MAX], many[ROUNDS_MAX], ratio[ROUNDS_MAX], of_over[ROUNDS_MAX],
      cpu[ROUNDS_MAX];
  for (int i = 0; i < rounds; i++) {
    grow[i] = disk_rate(dir, seconds / 2, false).per_s;
    over[i] = disk_rate(dir, seconds / 2, true).per_s;
    Rate a = clients_rate(b, 1, seconds), z = clients_rate(b, CLIENTS_MAX, seconds);
    if (a.per_s == 0 || z.per_s == 0) break; /* a small store has been paused enough */
    n++;
    one[i] = a.per_s;
    cpu[i] = a.cpu_us;
    many[i] = z.per_s;
    ratio[i] = one[i] / grow[i];
    of_over[i] = one[i] / over[i];
    printf("round %d: append %.0f/s, overwrite %.0f/s, 1 client %.0f/s (p50 %.0f us, p99 %.0f us, cpu %.0f us), "
           "%d clients %.0f/s (p99 %.0f us, cpu %.0f us), ratio %.2f\n",
           i + 1, grow[i], over[i], one[i], a.p50, a.p99, a.cpu_us, CLIENTS_MAX, many[i], z.p99, z.cpu_us, ratio[i]);
    fflush(stdout);
  }
  printf("median: append+fdatasync %.0f/s, overwrite+fdatasync %.0f/s, 1 client %.0f/s, %d clients %.0f/s\n", median(grow, n),
         median(over, n), median(one, n), CLIENTS_MAX, median(many, n));
  printf("cost: %.0f us CPU for a command of 1 client\n", median(cpu, n));
  printf("ratio: 1 client / append %.2f, 1 client / overwrite %.2f\n", median(ratio, n), median(of_over, n));
}

static Code bench_run(Cx *cx, const char *dir, const char *package, int rounds, double seconds) {
  const Policy *policy = NULL;
  Mistakes mistakes = {0};
  TRY(policy_load(cx, str_of(package), &policy, &mistakes));
  const Policy *all[1] = {policy};
  Policies policies = {.current = policy, .all = all, .count = 1};
  Engine org = org_engine_base, approval = approval_engine_base, calendar = calendar_engine_base, publish = policy_engine_base;
  org.env = policy;
  approval.env = calendar.env = publish.env = &policies;
  const Engine *engines[] = {&org, &approval, &calendar, &publish};
  StoreOptions so = {.dir = str_of(dir), .engines = engines, .engine_count = COUNT(engines)};
  SCOPED(runner_close_p) Runner *runner = NULL;
  SCOPED(reader_close_p) Reader *rd = NULL;
  TRY(runner_open(cx, &so, &runner));
  TRY(reader_open(cx, runner, &rd));
  Bench b = {.runner = runner, .cause = arena_z(cx->mem, policy->causes[0].code)};
  Events last = {0};
  static const Sql sql_pos = {"bench.pos", "", "i", "SELECT pos FROM position"};
  int64_t pos = 0;
  TRY(db_int(cx, reader_views(rd), &sql_pos, NO_VALS, 0, &pos));
  TRY(reader_journal(cx, rd, pos - 1, 1, &last));
  b.now = last.count ? last.list[0].recorded + 3600000 : clock_now_ms();
  snprintf(b.planned, sizeof b.planned, "%s", day_str(cx->mem, (Day){day_of(b.now).n + 2}).ptr);
  TRY(work_load(cx, &b, rd));
  printf("store: %lld events, %zu open items\n", (long long)pos, b.count);
  if (b.count < CLIENTS_MAX * 2) FAIL(INVALID, "only %zu open items: too few for %d clients; measure a larger store", b.count, CLIENTS_MAX);
  double begin = now_s();
  TRY(warm(cx, &b));
  printf("first reading of every project: %.0f/s\n", (double)b.count / (now_s() - begin));
  fflush(stdout);
  if (rounds) measure(&b, dir, rounds, seconds);
  return OK;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "commands STORE POLICY [ROUNDS [SECONDS]]\n");
    return 2;
  }
  arena_keep_memory(); /* as the program does */
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
  Cx cx = {.mem = mem, .now = clock_now_ms()};
  int64_t rounds = 3, seconds = 3;
  if (argc > 3) str_to_i64(str_of(argv[3]), &rounds);
  if (argc > 4) str_to_i64(str_of(argv[4]), &seconds);
  if (rounds > ROUNDS_MAX) rounds = ROUNDS_MAX;
  if (bench_run(&cx, argv[1], argv[2], (int)rounds, (double)seconds) == OK) return 0;
  fprintf(stderr, "%.*s\n", SFMT(cx.detail));
  return 1;
}
