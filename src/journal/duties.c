/* SPDX-License-Identifier: Apache-2.0 */
/* duties.c: what is due, without what was just refused. */
#include "journal/duties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One that was refused: the name of its duty, when it may be tried again, how long it waited last. */
typedef struct Refused { Hash key; int64_t again, wait; } Refused;
struct Duties { Refused *list; size_t count, cap; };

enum { SECOND_MS = 1000 };

Duties *duties_open(void) {
  Duties *d = calloc(1, sizeof *d);
  REQUIRE(d != NULL);
  return d;
}

void duties_close(Duties *d) {
  if (d) free(d->list);
  free(d);
}

size_t duties_waiting(const Duties *d) {
  return d->count;
}

/* The moment belongs to it: the same duty set anew is another one. */
static Hash key_of(const Due *due) {
  char text[400];
  int n = snprintf(text, sizeof text, "%.*s %.*s %lld", SFMT(due->stream), SFMT(due->name), (long long)due->at);
  return hash_bytes(SUITE_INTL, (Str){.ptr = text, .len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1});
}

/* The place of the key in the list, which is in order, or where it would be. */
static size_t place_of(const Duties *d, const Hash *key, bool *there) {
  size_t low = 0, high = d->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (memcmp(&d->list[middle].key, key, sizeof *key) < 0) low = middle + 1;
    else high = middle;
  }
  *there = low < d->count && !memcmp(&d->list[low].key, key, sizeof *key);
  return low;
}

Code duties_due(Cx *cx, Duties *d, Reader *rd, int64_t now, size_t max, Due **out, size_t *n) {
  Due *all = NULL;
  size_t count = 0, kept = 0;
  *n = 0;
  *out = NULL;
  /* However many of the oldest wait, so many more are read. */
  TRY(reader_due(cx, rd, now, max + d->count, &all, &count));
  for (size_t i = 0; i < count && kept < max; i++) {
    bool there;
    Hash key = key_of(&all[i]);
    size_t at = place_of(d, &key, &there);
    if (!there || d->list[at].again <= now) all[kept++] = all[i];
  }
  *out = all;
  *n = kept;
  return OK;
}

void duties_refused(Duties *d, const Due *due, int64_t now) {
  bool there;
  Hash key = key_of(due);
  size_t at = place_of(d, &key, &there);
  if (!there) {
    if (d->count == d->cap) {
      d->cap = d->cap ? 2 * d->cap : 64;
      d->list = realloc(d->list, d->cap * sizeof *d->list);
      REQUIRE(d->list != NULL);
    }
    memmove(&d->list[at + 1], &d->list[at], (d->count - at) * sizeof *d->list);
    d->list[at] = (Refused){.key = key};
    d->count++;
  }
  Refused *r = &d->list[at];
  r->wait = r->wait ? 2 * r->wait : DUTY_WAIT_FIRST_S;
  if (r->wait > DUTY_WAIT_MOST_S) r->wait = DUTY_WAIT_MOST_S;
  r->again = now + r->wait * SECOND_MS;
}

void duties_done(Duties *d, const Due *due) {
  bool there;
  Hash key = key_of(due);
  size_t at = place_of(d, &key, &there);
  if (!there) return;
  memmove(&d->list[at], &d->list[at + 1], (d->count - at - 1) * sizeof *d->list);
  d->count--;
}
