/* SPDX-License-Identifier: Apache-2.0 */
/* figures.c: what the writer counts about itself, for whoever watches the server. */
#include "journal/journal_int.h"

#include <sys/stat.h>

const int64_t figure_batch_upto[FIGURE_BATCHES] = {1, 2, 4, 8, 16, 32, 64};
const int64_t figure_commit_upto[FIGURE_COMMITS] = {500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 5000000};

static void add(_Atomic int64_t *n, int64_t by) {
  atomic_fetch_add_explicit(n, by, memory_order_relaxed);
}

static void into(_Atomic int64_t *buckets, const int64_t *upto, size_t n, int64_t value) {
  size_t i = 0;
  while (i < n && value > upto[i]) i++;
  add(&buckets[i], 1);
}

void figures__batch(Figures *f, int64_t commands) {
  into(f->batch, figure_batch_upto, FIGURE_BATCHES, commands);
  add(&f->commands, commands);
}

void figures__commit(Figures *f, int64_t us) {
  into(f->commit, figure_commit_upto, FIGURE_COMMITS, us);
  add(&f->commit_us, us);
}

static int64_t bytes_of(Arena *mem, Str store, const char *name) {
  struct stat st;
  return stat(store__path(mem, store, name).ptr, &st) == 0 ? (int64_t)st.st_size : 0;
}

static void sizes(const Runner *r, RunnerFigures *out) {
  SCOPED(arena_close_p) Arena *mem = arena_open(1 << 16);
  if (r->w.shared) return;
  out->journal_bytes = bytes_of(mem, r->o.dir, "journal.db");
  out->log_bytes = bytes_of(mem, r->o.dir, "journal.db-wal");
  out->views_bytes = bytes_of(mem, r->o.dir, "views.db") + bytes_of(mem, r->o.dir, "views.db-wal");
}

void runner_figures(const Runner *r, RunnerFigures *out) {
  const Figures *f = r->figures;
  *out = (RunnerFigures){.waiting = runner__waiting(r), .readonly = runner_readonly(r), .commands = atomic_load(&f->commands),
                         .commit_us = atomic_load(&f->commit_us)};
  for (size_t i = 0; i <= FIGURE_BATCHES; i++) out->batch[i] = atomic_load(&f->batch[i]);
  for (size_t i = 0; i <= FIGURE_COMMITS; i++) out->commit[i] = atomic_load(&f->commit[i]);
  sizes(r, out);
}
