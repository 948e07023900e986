/* SPDX-License-Identifier: Apache-2.0 */
/* lend.c: readers for pages that are made by a worker. Whoever opens one reads the schema and prepares each statement anew, a third of the
 * time of a page of statistics; so those that come back are kept, one for each worker. One that has rows open is not: it would show for ever what it read
 * then, and keep the log from being begun anew. */
#include "web/web_int.h"

#include <pthread.h>

enum { KEPT_MAX = 4, STATES_BYTES = 32 << 20 }; /* a loop's reader has 128 MB: it answers more */

struct Lender {
  pthread_mutex_t lock;
  Reader *kept[KEPT_MAX];
  size_t count;
};

Lender *lender_open(Arena *mem) {
  Lender *l = arena_new(mem, Lender);
  REQUIRE(pthread_mutex_init(&l->lock, NULL) == 0);
  return l;
}

void lender_close(Lender *l) {
  while (l->count) reader_close(l->kept[--l->count]);
  pthread_mutex_destroy(&l->lock);
}

void lender_rest(Lender *l) {
  pthread_mutex_lock(&l->lock);
  for (size_t i = 0; i < l->count; i++) reader_rest(l->kept[i]);
  pthread_mutex_unlock(&l->lock);
}

Code loan_take(Cx *cx, Web *w, Loan *out) {
  Lender *l = w->lender;
  *out = (Loan){.from = l};
  pthread_mutex_lock(&l->lock);
  if (l->count) out->rd = l->kept[--l->count];
  pthread_mutex_unlock(&l->lock);
  if (!out->rd) {
    TRY(reader_open(cx, w->app->runner, &out->rd));
    reader_hold(out->rd, STATES_BYTES);
  }
  reader_begin(out->rd);
  return OK;
}

void loan_end(Loan *loan) {
  Lender *l = loan->from;
  if (!loan->rd) return;
  pthread_mutex_lock(&l->lock);
  bool keeps = l->count < KEPT_MAX && reader_idle(loan->rd);
  if (keeps) l->kept[l->count++] = loan->rd;
  pthread_mutex_unlock(&l->lock);
  if (!keeps) reader_close(loan->rd);
  loan->rd = NULL;
}
