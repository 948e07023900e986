/* SPDX-License-Identifier: Apache-2.0 */
/* follow.c: keeps the index beside the package and the journal. */
#include "search/search_int.h"
#include "approval/approval.h"

#include <time.h>

static void wait_second(pthread_cond_t *wake, pthread_mutex_t *lock) {
  int64_t until = clock_now_ms() + 1000;
  struct timespec at = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
  pthread_cond_timedwait(wake, lock, &at);
}

enum { SAVE_ROUNDS = 60 };
enum { BATCH = 256, HELD = 8 << 20 }; /* events in one transaction: some 10 ms, for which a question may wait; bytes of states */

Code search_open(Cx *cx, Str dir, const Policies *policies, Search **out) {
  Arena *mem = arena_open((size_t)64 << 20);
  Search *s = arena_new(mem, Search);
  s->mem = mem;
  s->policies = policies;
  s->path = arena_fmt(mem, "%.*s/search.db", SFMT(dir));
  pthread_mutex_init(&s->write_lock, NULL);
  pthread_mutex_init(&s->read_lock, NULL);
  pthread_mutex_init(&s->words_lock, NULL);
  pthread_mutex_init(&s->wake_lock, NULL);
  pthread_cond_init(&s->wake, NULL);
  Code code = index__open(cx, s->path, true, &s->writer);
  if (code == OK) code = index__open(cx, s->path, false, &s->reader);
  if (code == OK) code = index__open(cx, s->path, false, &s->keeper);
  if (code != OK) {
    search_close(s);
    return code;
  }
  s->misses = misses__open(cx, dir);
  *out = s;
  return OK;
}

void search_english(Search *s, SearchEnglish *english) {
  s->english = english;
}

void search_close(Search *s) {
  if (!s) return;
  if (s->watching) {
    pthread_mutex_lock(&s->wake_lock);
    s->stop = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->wake_lock);
    pthread_join(s->thread, NULL);
    reader_close(s->rd);
  }
  Cx last = {.mem = s->mem};
  misses__close(&last, s->misses, s->policies->current ? s->policies->current->search_keep_days : 0); /* no package: an index for itself */
  index__close(s->keeper);
  index__close(s->reader);
  index__close(s->writer);
  pthread_cond_destroy(&s->wake);
  pthread_mutex_destroy(&s->wake_lock);
  pthread_mutex_destroy(&s->words_lock);
  pthread_mutex_destroy(&s->read_lock);
  pthread_mutex_destroy(&s->write_lock);
  arena_close(s->mem);
}

Code search_find(Cx *cx, Search *s, const SearchAsk *ask, SearchHit *out, size_t *n, int64_t *total) {
  atomic_store(&s->used, true);
  pthread_mutex_lock(&s->read_lock);
  Code code = index__find(cx, s->reader, ask, out, n, total);
  pthread_mutex_unlock(&s->read_lock);
  return code;
}

/* ---- the package ----------------------------------------------------------------------------------------------- */

static Code package_in(Cx *cx, Index *x, const Policy *p) {
  DocList docs = {0};
  Str has = S("");
  TRY(index__get(cx, x, S("package"), &has));
  if (str_eq(has, p->dir_hash)) return OK;
  gather__package(cx->mem, p, &docs);
  TRY(index__begin(cx, x));
  Code code = index__replace(cx, x, S("package"), docs.list, docs.count);
  if (code == OK) code = index__set(cx, x, S("package"), p->dir_hash);
  return index__end(cx, x, code);
}

const Words *search__words(Search *s) {
  pthread_mutex_lock(&s->words_lock);
  const Words *w = s->words;
  pthread_mutex_unlock(&s->words_lock);
  return w;
}

Code search_package(Cx *cx, Search *s, const Policy *p) {
  pthread_mutex_lock(&s->words_lock);
  bool same = str_eq(s->words_of, p->dir_hash);
  pthread_mutex_unlock(&s->words_lock);
  if (same) return OK;
  pthread_mutex_lock(&s->write_lock);
  Code code = package_in(cx, s->writer, p);
  if (code == OK) { /* made outside of words_lock: nobody waits; whoever has the old ones keeps them */
    Words *w = words__of(s->mem, p, s->english);
    pthread_mutex_lock(&s->words_lock);
    s->words = w;
    s->words_of = arena_str(s->mem, p->dir_hash);
    pthread_mutex_unlock(&s->words_lock);
  }
  pthread_mutex_unlock(&s->write_lock);
  return code;
}

/* ---- the journal ------------------------------------------------------------------------------------------------- */

/* A stream is read as it stands now, so its events up to there are in: when much has to be made up for, each is read once. */
static Code stream_in(Cx *cx, Index *x, Reader *rd, const Policy *p, const Event *e) {
  DocList docs = {0};
  int64_t has = 0, seq = 0;
  if (!str_starts(e->stream, S("project/")) && !str_starts(e->stream, S("consult/")) && !str_starts(e->stream, S("feedback/")) && !str_starts(e->stream, S("gazette/")) &&
      !str_starts(e->stream, S("canvass/"))) return OK;
  TRY(index__seq(cx, x, e->stream, &has));
  if (has >= e->seq) return OK;
  TRY(cases__of(cx, rd, p, e->stream, &docs, &seq));
  TRY(index__replace(cx, x, e->stream, docs.list, docs.count));
  return index__seq_set(cx, x, e->stream, seq);
}

static Code position_set(Cx *cx, Index *x, const Event *e) {
  TRY(index__set(cx, x, S("position"), arena_fmt(cx->mem, "%lld", (long long)e->pos)));
  return index__set(cx, x, S("leaf"), hash_hex(cx->mem, e->leaf));
}

static Code events_in(Cx *cx, Index *x, Reader *rd, const Policy *p, const Events *ev) {
  TRY(index__begin(cx, x));
  Code code = OK;
  for (size_t i = 0; i < ev->count && code == OK; i++) code = stream_in(cx, x, rd, p, &ev->list[i]);
  if (code == OK) code = position_set(cx, x, &ev->list[ev->count - 1]);
  return index__end(cx, x, code);
}

/* Is the event at the index's position still the one it was? A directory into which another store was put begins anew. */
static Code journal_fits(Cx *cx, Index *x, Reader *rd, int64_t *position) {
  Events last = {0};
  Str leaf = S("");
  if (!*position) return OK;
  TRY(index__get(cx, x, S("leaf"), &leaf));
  TRY(reader_journal(cx, rd, *position - 1, 1, &last));
  if (last.count == 1 && str_eq(hash_hex(cx->mem, last.list[0].leaf), leaf)) return OK;
  log_line(LOG_WARN, "检索索引不是这份记录的，重新建立");
  *position = 0;
  return index__clear(cx, x);
}

static Code follow_locked(Cx *cx, Search *s, Reader *rd, size_t max, bool *behind) {
  Str at = S("");
  int64_t position = 0;
  Events ev = {0};
  *behind = false;
  TRY(index__get(cx, s->writer, S("position"), &at));
  if (at.len) str_to_i64(at, &position);
  if (!s->fits) TRY(journal_fits(cx, s->writer, rd, &position));
  s->fits = true;
  TRY(reader_journal(cx, rd, position, max, &ev));
  if (!ev.count) return OK;
  *behind = ev.count == max;
  atomic_store(&s->used, true);
  return events_in(cx, s->writer, rd, s->policies->current, &ev);
}

static Code follow(Cx *cx, Search *s, Reader *rd, size_t max, bool *behind) {
  pthread_mutex_lock(&s->write_lock);
  Code code = follow_locked(cx, s, rd, max, behind);
  pthread_mutex_unlock(&s->write_lock);
  return code;
}

/* While the thread makes up for much, nobody waits for it. */
Code search_follow(Cx *cx, Search *s, Reader *rd, size_t max, bool *behind) {
  *behind = atomic_load(&s->catching_up);
  return *behind ? OK : follow(cx, s, rd, max, behind);
}

/* ---- the thread ---------------------------------------------------------------------------------------------------- */

typedef struct Watch {
  Arena *mem;
  bool behind, told; /* told: said once, until it goes well again: a full disk would fill the log */
  bool tired;        /* used since it last rested */
  int quiet;         /* rounds of a second without anything */
  int unsaved;       /* rounds since what was not found was written */
} Watch;

/* Each stream is read once, so what a long catching up has left is of no use. */
static void rest_look(Search *s, Watch *w, bool was_behind) {
  bool used = atomic_exchange(&s->used, false);
  w->quiet = used ? 0 : w->quiet + 1;
  w->tired |= used;
  if (!w->tired || w->behind || (!was_behind && w->quiet < REST_MS / 1000)) return;
  pthread_mutex_lock(&s->write_lock);
  index__rest(s->writer);
  pthread_mutex_unlock(&s->write_lock);
  pthread_mutex_lock(&s->read_lock);
  index__rest(s->reader);
  pthread_mutex_unlock(&s->read_lock);
  arena_reset(w->mem);
  reader_rest(s->rd);
  w->tired = false;
}

static void watch_round(Search *s, Watch *w) {
  Cx cx = {.mem = w->mem, .now = 0};
  bool was_behind = w->behind;
  reader_begin(s->rd);
  Code code = follow(&cx, s, s->rd, BATCH, &w->behind);
  /* Only here is anything brought to the disk: whoever asks never waits for it. */
  if (code == OK) code = index__checkpoint(&cx, s->keeper);
  if (code != OK && !w->told) log_line(LOG_ERROR, "search: %.*s", SFMT(cx.detail));
  w->told = code != OK;
  if (code != OK) w->behind = false;
  atomic_store(&s->catching_up, w->behind);
  rest_look(s, w, was_behind);
  if (s->misses && ++w->unsaved >= SAVE_ROUNDS) {
    w->unsaved = 0;
    if (misses__save(&cx, s->misses, s->policies->current->search_keep_days) != OK) log_line(LOG_WARN, "search: %.*s", SFMT(cx.detail));
  }
  arena_reset(w->mem);
}

static void *watch_main(void *arg) {
  Search *s = arg;
  Watch w = {.mem = arena_open((size_t)256 << 20)};
  pthread_mutex_lock(&s->wake_lock);
  while (!s->stop) {
    pthread_mutex_unlock(&s->wake_lock);
    watch_round(s, &w);
    pthread_mutex_lock(&s->wake_lock);
    if (!s->stop && !w.behind) wait_second(&s->wake, &s->wake_lock);
  }
  pthread_mutex_unlock(&s->wake_lock);
  arena_close(w.mem);
  return NULL;
}

Code search_watch(Cx *cx, Search *s, const Runner *r) {
  TRY(reader_open(cx, r, &s->rd));
  reader_hold(s->rd, HELD);
  if (pthread_create(&s->thread, NULL, watch_main, s) != 0) {
    reader_close(s->rd);
    FAIL(BROKEN, "不能启动检索线程");
  }
  s->watching = true;
  return OK;
}
