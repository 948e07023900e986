/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mover.c: moves the write-ahead logs of a running store into their files, on a thread of its own: a commit that had to do it
 * waited up to 90 ms for the disk, and all who stood in the queue with it.
 *
 * SQLite 3.7.0 to 3.51.2 can lose a commit when one connection begins the log anew while another moves it. So it never does:
 *   - Before a pass a reader is opened on the same log and stays until the pass is over. The log is begun anew only by a writer
 *     that finds all of it moved and no reader on it. A reader that came when all was moved stands beside the log; it does not
 *     keep a writer from beginning it anew, but then nothing can be moved, for that needs the lock which this reader has.
 *   - Under load there is always something new, and the log would grow for ever. At LOG_FULL the writer itself moves the little
 *     that is left, between two batches; never while a pass is under way (the lock `busy`).
 */
#include "journal/db_int.h"

#include <stdlib.h>

/* Pages. A pass of STEP writes 16 MB at most; two logs of at most 48 MB as a rule. NEAR takes the writer about a millisecond. A log that was
 * used so much is given its full length (walfile.c): WRITTEN bytes. */
enum { STEP = 4096, LOG_FULL = 12288, NEAR = 512, PASSES = 3, QUIET = 64, WRITTEN = LOG_FULL * 4120 + (1 << 20), SCRATCH = 1 << 20 };

typedef struct Log {
  Db *writer;            /* whose commits fill it; used on its own thread only */
  Db *mover, *holder;    /* of the mover's thread */
  pthread_mutex_t busy;  /* held while it is moved */
  _Atomic int64_t frames, moved;
  int64_t again;         /* writer: not before so many frames is it tried to finish once more */
  struct sqlite3_file *file; /* of a log whose commits wait for the disk; else NULL */
  char *path;
  bool durable;          /* its pages are called for to the disk */
} Log;

struct Mover {
  Log logs[2];
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t asked;
  bool wanted;           /* under the lock */
  _Atomic bool stop;
};

/* ---- the thread --------------------------------------------------------------------------------- */

static const Sql sql_hold = {"mover.hold", "", "i", "SELECT 1 FROM sqlite_schema LIMIT 1"};

static Code pass(Cx *cx, Log *l, int64_t *left) {
  int64_t one, frames = 0, moved = 0;
  TRY(db__script(cx, l->holder, "BEGIN"));
  Code code = db_int(cx, l->holder, &sql_hold, NO_VALS, 0, &one); /* only reading makes it a reader */
  if (code == OK) code = sqlite__log_move(cx, l->mover, l->durable, &frames, &moved);
  if (code == OK) atomic_store(&l->moved, moved);
  *left = atomic_load(&l->frames) - moved; /* frames: as they were when it began */
  Cx own = {.mem = cx->mem};
  Code end = db__script(&own, l->holder, "COMMIT");
  return code == OK ? end : code;
}

static bool far(const Log *l) {
  return atomic_load(&l->frames) - atomic_load(&l->moved) >= STEP;
}

/* When little came during a pass, the next one is short, and in a moment of quiet the log has been moved whole and is begun anew. Under
 * load that would only be more calls that wait for the disk, and commits with them. What fails here fails again when the writer does it; until then the log is longer than usual, and nothing is lost. */
static void log_pass(Mover *m, Log *l) {
  SCOPED(arena_close_p) Arena *mem = arena_open(SCRATCH);
  Cx cx = {.mem = mem};
  if (!far(l)) return;
  pthread_mutex_lock(&l->busy);
  (void)walfile__extend(l->file, l->path, WRITTEN, &m->stop); /* what is not extended is slower, no more */
  int64_t left = 1;
  for (int n = 0; n < PASSES && left > 0 && left < QUIET; n++) {
    if (pass(&cx, l, &left) == OK) continue;
    log_line(LOG_ERROR, "log: %.*s", SFMT(cx.detail));
    break;
  }
  pthread_mutex_unlock(&l->busy);
}

static void *mover_main(void *arg) {
  Mover *m = arg;
  for (;;) {
    pthread_mutex_lock(&m->lock);
    while (!m->wanted && !atomic_load(&m->stop)) pthread_cond_wait(&m->asked, &m->lock);
    bool stop = atomic_load(&m->stop);
    m->wanted = false;
    pthread_mutex_unlock(&m->lock);
    if (stop) return NULL;
    for (size_t i = 0; i < COUNT(m->logs); i++) log_pass(m, &m->logs[i]);
  }
}

/* ---- the writer's side -------------------------------------------------------------------------- */

static void finish(Log *l, int64_t frames) {
  SCOPED(arena_close_p) Arena *mem = arena_open(SCRATCH);
  Cx cx = {.mem = mem};
  int64_t all = 0, moved = 0;
  if (frames < 2 * LOG_FULL) {
    if (pthread_mutex_trylock(&l->busy) != 0) return;
  } else {
    pthread_mutex_lock(&l->busy);
  }
  if (sqlite__log_move(&cx, l->writer, l->durable, &all, &moved) != OK) log_line(LOG_ERROR, "log: %.*s", SFMT(cx.detail));
  else atomic_store(&l->moved, moved);
  if (moved < all) l->again = frames + STEP; /* somebody reads an older state */
  pthread_mutex_unlock(&l->busy);
}

static bool log_tell(Log *l, bool between) {
  int64_t frames = sqlite__log_frames(l->writer), before = atomic_load(&l->frames);
  if (frames < before) { /* begun anew */
    atomic_store(&l->moved, 0);
    l->again = 0;
  }
  atomic_store(&l->frames, frames);
  int64_t left = frames - atomic_load(&l->moved);
  if (between && left > 0 && frames >= LOG_FULL && frames >= l->again && (left < NEAR || frames >= 2 * LOG_FULL)) finish(l, frames);
  return far(l);
}

void mover__tell(Mover *m, bool views_between) {
  if (!m) return;
  bool ask = log_tell(&m->logs[0], true);
  ask |= log_tell(&m->logs[1], views_between);
  if (!ask) return;
  pthread_mutex_lock(&m->lock);
  m->wanted = true;
  pthread_cond_signal(&m->asked);
  pthread_mutex_unlock(&m->lock);
}

bool mover__bar(Mover *m, bool wait) {
  for (size_t i = 0; m && i < COUNT(m->logs); i++) {
    if ((wait ? pthread_mutex_lock(&m->logs[i].busy) : pthread_mutex_trylock(&m->logs[i].busy)) == 0) continue;
    while (i-- > 0) pthread_mutex_unlock(&m->logs[i].busy);
    return false;
  }
  return true;
}

void mover__unbar(Mover *m) {
  for (size_t i = 0; m && i < COUNT(m->logs); i++) pthread_mutex_unlock(&m->logs[i].busy);
}

/* ---- open and close ----------------------------------------------------------------------------- */

/* A connection that has never read does not know yet that there is a log. */
static Code log_open(Cx *cx, Log *l, Str path, Db *writer, bool durable) {
  int64_t one;
  l->writer = writer;
  l->durable = durable;
  pthread_mutex_init(&l->busy, NULL);
  TRY(db__open(cx, path, DB_READ, &l->mover));
  if (!durable) TRY(db__script(cx, l->mover, DB_AFLOAT));
  TRY(db_int(cx, l->mover, &sql_hold, NO_VALS, 0, &one));
  return db__open(cx, path, DB_READ, &l->holder);
}

static void logs_close(Mover *m) {
  for (size_t i = 0; i < COUNT(m->logs); i++) {
    db__close(m->logs[i].holder);
    db__close(m->logs[i].mover);
    free(m->logs[i].path);
  }
  free(m);
}

Code mover__open(Cx *cx, Str dir, Db *journal, Db *views, bool afloat, Mover **out) {
  Mover *m = calloc(1, sizeof *m);
  REQUIRE(m != NULL);
  pthread_mutex_init(&m->lock, NULL);
  pthread_cond_init(&m->asked, NULL);
  Code code = log_open(cx, &m->logs[0], store__path(cx->mem, dir, "journal.db"), journal, true);
  if (code == OK) {
    m->logs[0].file = sqlite__log_file(journal);
    m->logs[0].path = strdup(store__path(cx->mem, dir, "journal.db-wal").ptr);
  }
  if (code == OK) code = log_open(cx, &m->logs[1], store__path(cx->mem, dir, "views.db"), views, !afloat);
  if (code != OK || pthread_create(&m->thread, NULL, mover_main, m) != 0) {
    logs_close(m);
    TRY(code);
    FAIL(BUSY, "不能启动线程");
  }
  sqlite__log_keep(journal);
  sqlite__log_keep(views);
  *out = m;
  return OK;
}

void mover__close(Mover *m) {
  if (!m) return;
  pthread_mutex_lock(&m->lock);
  atomic_store(&m->stop, true);
  pthread_cond_signal(&m->asked);
  pthread_mutex_unlock(&m->lock);
  pthread_join(m->thread, NULL);
  logs_close(m);
}
