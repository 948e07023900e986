/* SPDX-License-Identifier: Apache-2.0 */
/* year.c: one year, and many: `sim FIRST COUNT [PROJECTS STEPS]`; SEED=n in the environment runs one and prints it. */
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

Str test_root(void) {
  const char *root = getenv("TEST_ROOT");
  return str_of(root ? root : ".");
}

/* Minutes, hours, now and then days; sometimes to the instant at which a day begins. */
static void time_goes_on(City *c) {
  int64_t year = 365 * DAY_MS, each = year / c->steps;
  uint32_t r = roll(c, 100);
  if (r < 40) c->now += (int64_t)roll(c, 40) * 60000;
  else if (r < 95) c->now += (int64_t)roll(c, (uint32_t)(2 * each / 60000)) * 60000;
  else if (r < 98) c->now = day_start((Day){day_of(c->now).n + 1});
  else c->now += (int64_t)roll(c, 8) * DAY_MS;
}

static void year_step(City *c) {
  uint32_t r = roll(c, 1000);
  arena_reset(c->cx.mem);
  reader_begin(c->reader);
  time_goes_on(c);
  if (roll(c, 60) == 0) c->timer_off = !c->timer_off;
  if (!c->timer_off && chance(c, 60)) send_timer(c);
  if (r < 8) city_crash(c);
  else if (r < 20) city_snapshot(c);
  else if (r < 55) staff_step(c);
  else if (r < 85) calendar_step(c);
  else if (r < 120) policy_step(c);
  else if (r < 128) copies_step(c);
  else if (r < 290) early_step(c);
  else if (r < 330) super_step(c);
  else if (r < 400) joint_step(c);
  else if (r < 475) notice_step(c);
  else if (r < 540) finish_step(c);
  else if (r < 575) lot_step(c);
  else if (r < 600) reform_step(c);
  else if (r < 650) survey_step(c);
  else if (r < 665) appraise_step(c);
  else if (r < 690) map_step(c);
  else if (r < 710) disclose_step(c);
  else person_step(c);
}

bool year_run(uint64_t seed, const YearPlan *plan, Hash *head) {
  enum { CHECK_EACH = 40 };
  bool trace = plan->trace;
  int steps = plan->steps;
  City *c = calloc(1, sizeof *c);
  REQUIRE(c);
  city_open(c, seed, plan->package, plan->root);
  c->trace = trace;
  c->steps = steps;
  c->projects_wanted = plan->projects;
  city_begin(c);
  for (c->step = 1; c->step <= steps && !c->failed; c->step++) {
    int64_t crashes = c->crashes, version = c->version;
    size_t published = c->published.count;
    year_step(c);
    if (c->failed) break;
    if (c->step % CHECK_EACH == 0 || c->crashes != crashes || c->version != version || c->published.count != published) check_all(c);
  }
  CHECK(c, c->done * 4 > steps && c->refused && c->repeated, "the year gets somewhere", "%lld acts in %d steps", (long long)c->done, steps);
  check_end(c);
  if (trace || c->failed)
    fprintf(stderr, "  year %llu: %lld done, %lld refused, %lld again, %lld batches, %lld stale, %lld late, %lld crashes, %lld unknown, %d notices, %zu versions, %lld heads, %lld restored, %lld rolled back and seen, %lld checks, %zu projects, %lld events\n",
            (unsigned long long)seed, (long long)c->done, (long long)c->refused, (long long)c->repeated, (long long)c->batches, (long long)c->stale,
            (long long)c->late, (long long)c->crashes, (long long)c->unknown, c->version, c->published.count, (long long)c->heads, (long long)c->restored, (long long)c->recognised, (long long)c->checks, c->project_count, (long long)c->pos);
  bool ok = !c->failed;
  *head = c->head;
  city_close(c);
  free(c);
  return ok;
}

/* One seed is one year: now and then it is lived twice, and the journals must end in the same leaf. */
static bool year_or_two(uint64_t seed, const YearPlan *plan) {
  enum { TWICE_EACH = 40 };
  Hash head, again;
  if (!year_run(seed, plan, &head)) return false;
  if (seed % TWICE_EACH || plan->trace) return true;
  if (!year_run(seed, plan, &again)) return false;
  if (hash_eq(head, again)) return true;
  fprintf(stderr, "  seed %llu: two years that differ\n", (unsigned long long)seed);
  return false;
}

static long number(const char *text, long otherwise) {
  return text ? strtol(text, NULL, 10) : otherwise;
}

int main(int argc, char **argv) {
  enum { CHILDREN = 2 };
  const char *one = getenv("SEED"), *where = getenv("SIM_DIR");
  long first = number(argc > 1 ? argv[1] : NULL, 1), count = number(argc > 2 ? argv[2] : NULL, 200);
  long projects = number(argc > 3 ? argv[3] : NULL, 6), steps = number(argc > 4 ? argv[4] : NULL, 160);
  int passed = 0, failed = 0, running = 0, status;
  Arena *mem = arena_open((size_t)16 << 20);
  Cx cx = {.mem = mem, .now = 1546300800000LL};
  char dir[] = "/dev/shm/yichuang-sim-XXXXXX", other[] = "/tmp/yichuang-sim-XXXXXX";
  const Policy *package = huludao(&cx);
  Str root = str_of(where ? where : access("/dev/shm", W_OK) == 0 ? mkdtemp(dir) : mkdtemp(other));
  log_level(LOG_ERROR);
  if (projects > PROJECTS_MAX) projects = PROJECTS_MAX;
  if (one && *one) {
    first = number(one, 1);
    count = 1;
  }
  YearPlan plan = {.package = package, .root = root, .projects = (size_t)projects, .steps = (int)steps, .trace = one && *one};
  for (long n = first; n < first + count || running; n++) {
    if (n < first + count) {
      fflush(NULL);
      pid_t kid = fork();
      REQUIRE(kid >= 0);
      if (kid == 0) _exit(year_or_two((uint64_t)n, &plan) ? 0 : 1);
      running++;
    }
    if (running < CHILDREN && n + 1 < first + count) continue;
    if (wait(&status) < 0) break;
    running--;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) passed++;
    else failed++;
    if (WIFSIGNALED(status)) fprintf(stderr, "  a year was ended by signal %d\n", WTERMSIG(status));
  }
  if (!where) dir_remove(mem, root); /* also what a year that was killed has left */
  arena_close(mem);
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
