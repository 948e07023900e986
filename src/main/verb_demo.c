/* SPDX-License-Identifier: Apache-2.0 */
/* verb_demo.c: the driver of the demonstration: who is next, all of one half hour together, and the timer. */
#include "main/demo.h"
#include "main/timer.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { HALF_HOUR = 30 * 60 * 1000, TOGETHER = 64, EARLY_PROJECTS = 64 };

typedef struct Entry {
  int64_t at, index, no; /* no = 0: not yet registered */
  int tries;             /* steps refused in a row */
} Entry;

typedef struct Drive {
  const Demo *demo;
  Runner *runner;
  Reader *reader;
  Duties *duties;
  DemoEarly *early;
  DemoInspect *inspect;
  Entry *heap;
  size_t count;
  int64_t acts, refused;
  int32_t day;            /* of the last look at supervision orders */
  Day noticed;            /* the last day of which messages and ratings are told */
  Day ticked;             /* the last day on which the timer has looked */
} Drive;

static void heap_push(Drive *v, Entry e) {
  size_t i = v->count++;
  while (i && v->heap[(i - 1) / 2].at > e.at) {
    v->heap[i] = v->heap[(i - 1) / 2];
    i = (i - 1) / 2;
  }
  v->heap[i] = e;
}

static Entry heap_pop(Drive *v) {
  Entry top = v->heap[0], last = v->heap[--v->count];
  size_t i = 0;
  for (size_t kid; (kid = 2 * i + 1) < v->count; i = kid) {
    if (kid + 1 < v->count && v->heap[kid + 1].at < v->heap[kid].at) kid++;
    if (v->heap[kid].at >= last.at) break;
    v->heap[i] = v->heap[kid];
  }
  if (v->count) v->heap[i] = last;
  return top;
}

/* Commands of one half hour are sent together, one of each project; this counts them in. */
typedef struct Gather {
  pthread_mutex_t lock;
  pthread_cond_t done;
  size_t waiting;
} Gather;

typedef struct Sent {
  Gather *gather;
  Entry entry;
  Code code;
  bool own;              /* an act on the project itself */
  int64_t no;
  char fault[400];
} Sent;

static void sent_done(void *arg, const CommandResult *result) {
  Sent *s = arg;
  s->code = result->code;
  if (result->code == OK) {
    Str head, no;
    if (!s->own) s->no = s->entry.no;
    else if (str_cut(result->stream, '/', &head, &no)) str_to_i64(no, &s->no);
  } else {
    snprintf(s->fault, sizeof s->fault, "%.*s（%.*s）", SFMT(result->detail), SFMT(result->field));
  }
  pthread_mutex_lock(&s->gather->lock);
  s->gather->waiting--;
  pthread_cond_signal(&s->gather->done);
  pthread_mutex_unlock(&s->gather->lock);
}

static Code step_of(Cx *cx, Drive *v, const Entry *e, Step *step) {
  if (!e->no) {
    *step = demo_register(cx->mem, v->demo, e->index);
    return OK;
  }
  const Project *p = NULL;
  TRY(project_load(cx, v->reader, e->no, &p));
  *step = demo_next(cx->mem, v->demo, p, e->index >= v->demo->projects);
  /* One that others held up is sent later than it was meant for, and what it foresees must still lie ahead. */
  if (step->some && e->at > step->at && str_eqz(step->name, "item.pause"))
    json_put_str(cx->mem, step->args, S("planned"), day_str(cx->mem, calendar_add(v->demo->policy->calendar, day_of(e->at), 2)));
  return demo_finish_next(cx, v->demo, v->reader, p, e->at, step);
}

static void step_send(Cx *cx, Drive *v, const Step *step, Sent *s) {
  uint32_t roles = 0;
  (void)roles_parse(cx, step->by->roles, &roles);
  Command cmd = {.name = step->name, .args = step->args, .now = s->entry.at, .personal = step->personal,
                 .personal_count = step->personal_count,
                 .actor = {.id = step->by->id, .name = step->by->name, .unit = step->by->unit, .roles = roles}};
  if (step->stream.len) cmd.stream = str_eqz(step->stream, "+") ? S("") : step->stream;
  else if (s->entry.no) cmd.stream = arena_fmt(cx->mem, "project/%lld", (long long)s->entry.no);
  s->own = !step->stream.len;
  cmd.key = arena_fmt(cx->mem, "demo-%lld-%lld-%d", (long long)s->entry.index, (long long)s->entry.at,
                      s->entry.tries);
  cmd.key = arena_fmt(cx->mem, "%.*s-%08x", SFMT(cmd.key), (unsigned)str_hash(step->name));
  runner_submit(v->runner, &cmd, sent_done, s);
}

/* After an act: when is this project's next step? */
static Code entry_again(Cx *cx, Drive *v, Entry e, int64_t least) {
  Step next = {0};
  TRY(step_of(cx, v, &e, &next));
  if (!next.some) return OK;
  e.at = next.at > least ? next.at : least;
  if (e.at <= v->demo->end) heap_push(v, e);
  return OK;
}

static Code round_finish(Cx *cx, Drive *v, Sent *sent, size_t n) {
  reader_begin(v->reader);
  for (size_t i = 0; i < n; i++) {
    Entry e = sent[i].entry;
    if (sent[i].code == OK) {
      e.no = sent[i].no;
      e.tries = 0;
      v->acts++;
      TRY(entry_again(cx, v, e, e.at + 60000));
      continue;
    }
    v->refused++;
    log_line(LOG_WARN, "demo: %lld: %s", (long long)e.no, sent[i].fault);
    if (++e.tries < 3 && e.no) TRY(entry_again(cx, v, e, e.at + DAY_MS));
  }
  return OK;
}

/* The timer looks on each day on which anybody acts: with few projects weeks pass in which only the script does, and what it goes on with must
 * have ended by then. */
static Code tick(Cx *cx, Drive *v, int64_t at) {
  int64_t done = 0;
  if (day_of(at).n <= v->ticked.n) return OK;
  v->ticked = day_of(at);
  reader_begin(v->reader);
  return timer_round(cx, v->runner, v->reader, v->duties, at, &done);
}

/* A project that a script has registered may be next before what the script was to do. */
static int64_t until(const Drive *v, int64_t upto) {
  return v->count && v->heap[0].at < upto ? v->heap[0].at : upto;
}

/* What comes before the cases; a project that it registered goes on with the others. */
static Code early_run(Cx *cx, Drive *v, int64_t upto) {
  for (int64_t next = demo_early_at(v->early); next <= until(v, upto); next = demo_early_at(v->early)) {
    int64_t at = 0, project = 0, evening = day_start((Day){day_of(next).n + 1}) - 1;
    TRY(tick(cx, v, next));
    reader_begin(v->reader);
    TRY(demo_early_next(cx, v->early, v->runner, v->reader, until(v, evening < upto ? evening : upto), &at, &project));
    if (!project) continue;
    v->acts++;
    reader_begin(v->reader);
    TRY(entry_again(cx, v, (Entry){.index = v->demo->projects + project, .no = project, .at = at}, at + 60000));
  }
  return OK;
}

static Code notice_run(Cx *cx, Drive *v, int64_t now) {
  if (v->noticed.n == day_of(now).n) return OK;
  v->noticed = day_of(now);
  return demo_notice_day(cx, v->demo, v->runner, v->reader, now);
}

/* Both scripts, in the order of time. */
static Code beside_run(Cx *cx, Drive *v, int64_t upto) {
  for (int64_t at = demo_inspect_at(v->inspect); at <= until(v, upto); at = demo_inspect_at(v->inspect)) {
    TRY(early_run(cx, v, at));
    if (until(v, at) < at) return OK;
    TRY(tick(cx, v, at));
    TRY(demo_inspect_send(cx, v->inspect, v->runner, v->reader));
  }
  return early_run(cx, v, upto);
}

static Code round_run(Cx *cx, Drive *v, int64_t *now) {
  Sent sent[TOGETHER];
  Gather gather = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
  size_t n = 0;
  int64_t done = 0;
  TRY(beside_run(cx, v, v->heap[0].at));
  TRY(notice_run(cx, v, v->heap[0].at));
  int64_t border = v->heap[0].at + HALF_HOUR;
  reader_begin(v->reader);
  TRY(timer_round(cx, v->runner, v->reader, v->duties, v->heap[0].at, &done));
  v->ticked = day_of(v->heap[0].at);
  if (v->day < day_of(v->heap[0].at).n && demo_in_office(v->demo, v->heap[0].at)) {
    v->day = day_of(v->heap[0].at).n;
    TRY(demo_super_day(cx, v->demo, v->runner, v->reader, v->heap[0].at));
    TRY(demo_notice_office(cx, v->demo, v->runner, v->reader, v->heap[0].at));
  }
  reader_begin(v->reader);
  while (v->count && n < TOGETHER && v->heap[0].at < border) {
    Entry e = heap_pop(v);
    Step step = {0};
    TRY(step_of(cx, v, &e, &step)); /* the timer may have changed what is next */
    if (!step.some) continue;
    /* The staff does not sit there at night: what was held up until then waits for the office. */
    int64_t opens = demo_is_staff(v->demo, step.by) ? demo_office(v->demo, e.at) : e.at;
    if (step.at >= border || !step.name.len || opens > e.at) {
      e.at = step.at > e.at ? step.at : opens > e.at ? opens : e.at + DAY_MS;
      if (e.at <= v->demo->end) heap_push(v, e);
      continue;
    }
    sent[n] = (Sent){.gather = &gather, .entry = e};
    pthread_mutex_lock(&gather.lock);
    gather.waiting++;
    pthread_mutex_unlock(&gather.lock);
    step_send(cx, v, &step, &sent[n]);
    n++;
    *now = e.at;
    /* Who fixes the day of a visit must see what was fixed before: of one half hour nobody does. So it is the last act of its round. */
    if (str_eqz(step.name, "acceptance.schedule")) break;
  }
  pthread_mutex_lock(&gather.lock);
  while (gather.waiting) pthread_cond_wait(&gather.done, &gather.lock);
  pthread_mutex_unlock(&gather.lock);
  return round_finish(cx, v, sent, n);
}

static Code drive(Cx *cx, Drive *v, const StoreOptions *so) {
  const Demo *d = v->demo;
  Arena *mem = arena_open((size_t)256 << 20);
  Cx own = {.mem = mem, .now = cx->now};
  Code code = OK;
  int64_t now = d->first, days = (d->end - d->first) / DAY_MS + 1, shown = -1;
  v->duties = duties_open();
  v->heap = arena_array(cx->mem, Entry, (size_t)d->projects + EARLY_PROJECTS + 1);
  v->early = demo_early_open(cx->mem, d);
  v->inspect = demo_inspect_open(cx->mem, d);
  for (int64_t i = 0; i < d->projects; i++)
    heap_push(v, (Entry){.index = i, .at = demo_register(mem, d, i).at});
  do {
    while (code == OK && v->count) {
      code = round_run(&own, v, &now);
      int64_t day = (now - d->first) / DAY_MS;
      if (so->progress && day > shown) so->progress(so->progress_arg, "生成演示数据，第几天", day, days);
      if (day > shown) shown = day;
      if (code == OK) arena_reset(mem);
    }
    if (code == OK) code = beside_run(&own, v, d->end);
  } while (code == OK && v->count);
  int64_t done;
  reader_begin(v->reader);
  if (code == OK) code = timer_round(&own, v->runner, v->reader, v->duties, d->end, &done);
  if (code == OK) code = demo_notice_day(&own, d, v->runner, v->reader, d->end);
  if (code == OK && so->progress) so->progress(so->progress_arg, "生成演示数据，第几天", days, days);
  if (code != OK) {
    cx->fault = own.fault;
    cx->detail = arena_str(cx->mem, own.detail);
  }
  duties_close(v->duties);
  arena_close(mem);
  return code;
}

static const char sample_pdf[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F "
    "5 0 R>>>>>>endobj\n4 0 obj<</Length 44>>stream\nBT /F 24 Tf 72 760 Td (SAMPLE FILE) Tj ET\nendstream endobj\n"
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

static Code sample_blob(Cx *cx, Demo *d, Str dir) {
  SCOPED(blob_drop) Blob *b = NULL;
  TRY(blob_open(cx, dir, 1 << 20, &b));
  TRY(blob_add(cx, b, sample_pdf, sizeof sample_pdf - 1));
  return blob_finish(cx, b, &d->blob, &d->blob_size);
}

static Code demo_dates(Cx *cx, const Options *o, Demo *d) {
  Day today = day_of(cx->now);
  if (o->day.len && !day_parse(o->day, &today))
    FAIL_AT(INVALID, S("day"), S(""), "--day 要写成 2026-11-24");
  d->end = o->day.len ? day_start(today) + 17 * 3600000LL : cx->now;
  d->first = d->end - o->months * 30 * DAY_MS;
  demo_days(d);
  return OK;
}

static Code demo_make(Cx *cx, const Options *o, World *w, Demo *d) {
  SCOPED(runner_close_p) Runner *r = NULL;
  SCOPED(reader_close_p) Reader *rd = NULL;
  Json *labels = json_obj(cx->mem);
  TRY(demo_dates(cx, o, d));
  demo_accounts(d);
  json_put_str(cx->mem, labels, S("made"), time_str(cx->mem, cx->now));
  json_put_str(cx->mem, labels, S("demo"), S("yes"));
  json_put_str(cx->mem, labels, S("seed"), arena_fmt(cx->mem, "%lld", (long long)o->seed));
  json_put_str(cx->mem, labels, S("accounts"), demo_accounts_text(cx->mem, d));
  if (d->projects) json_put_str(cx->mem, labels, S("exchange"), S("yes")); /* demo_exchange below */
  Str dir = store_files(cx->mem, o->store), mark = arena_fmt(cx->mem, "%.*s/" DEMO_UNFINISHED, SFMT(dir));
  Code there = store_exists(cx, o->store);
  if (there != NOT_FOUND) {
    TRY(there);
    TRY(store_needed(cx, o)); /* half a demonstration has its own sentence; store_make refuses the rest */
  } else {
    cx_clear(cx);
    TRY(dir_make(cx, dir));
    TRY(file_write(cx, mark, S("yichuang demo\n"), 0600));
  }
  TRY(store_make(cx, o->store, SUITE_GM, labels));
  TRY(runner_open(cx, &w->store, &r));
  TRY(reader_open(cx, r, &rd));
  TRY(sample_blob(cx, d, o->store));
  TRY(demo_accounts_write(cx, d, r));
  TRY(demo_staff_write(cx, d, r));
  TRY(demo_access_write(cx, d, r, false));
  TRY(demo_contacts(cx, d, r));
  Drive v = {.demo = d, .runner = r, .reader = rd};
  if (d->projects) TRY(drive(cx, &v, &w->store));
  if (d->projects) TRY(demo_exchange(cx, d, &w->policies, r, rd));
  TRY(demo_access_write(cx, d, r, true));
  unlink(arena_z(cx->mem, mark));
  TRY(dir_sync(cx, dir));
  printf("已在 %.*s 生成 %lld 个示例项目，经引擎办理 %lld 次%s\n%.*s\n", SFMT(store_shown(cx->mem, o->store)),
         (long long)d->projects, (long long)v.acts, v.refused ? "（有被拒绝的步骤，见日志）" : "",
         SFMT(demo_accounts_text(cx->mem, d)));
  return OK;
}

int verb_demo(Cx *cx, const Options *o) {
  World *w = NULL;
  if (world_load(cx, o, &w) != OK) return report_fault(cx);
  Demo d = {.mem = cx->mem, .policy = w->policies.current, .seed = (uint64_t)o->seed,
            .projects = o->projects};
  return demo_make(cx, o, w, &d) == OK ? EXIT_DONE : report_fault(cx);
}
