/* SPDX-License-Identifier: Apache-2.0 */
/*
 * throttle.c: failures per account and per address in a table of fixed size. A slot that is wanted by
 * another name goes to the newcomer when it is older than the lock: an attacker can push out counters of
 * others, never lock others out.
 */
#include "org/org.h"

#include <pthread.h>
#include <stdlib.h>

enum { FAILURES_MAX = 5, LOCK_MS = 15 * 60 * 1000, PROBES = 8 };

typedef struct Slot {
  uint64_t name;
  int failures;
  int64_t last;
} Slot;

struct Throttle {
  pthread_mutex_t lock;
  size_t count;
  uint64_t seed;
  Slot slots[];
};

Throttle *throttle_open(size_t slots) {
  Throttle *t = calloc(1, sizeof *t + slots * sizeof *t->slots);
  REQUIRE(t != NULL && slots >= PROBES);
  pthread_mutex_init(&t->lock, NULL);
  t->count = slots;
  random_bytes(&t->seed, sizeof t->seed);
  return t;
}

void throttle_close(Throttle *t) {
  if (!t) return;
  pthread_mutex_destroy(&t->lock);
  free(t);
}

static uint64_t name_of(const Throttle *t, const char *kind, Str s) {
  uint64_t h = str_hash(s) ^ str_hash(str_of(kind)) * 31 ^ t->seed;
  return h ? h : 1;
}

/* The slot of a name; when none, the oldest of those it may have (NULL if `make` is false). */
static Slot *slot_of(Throttle *t, uint64_t name, bool make) {
  Slot *oldest = NULL;
  for (size_t i = 0; i < PROBES; i++) {
    Slot *s = &t->slots[(name + i) % t->count];
    if (s->name == name) return s;
    if (!oldest || s->last < oldest->last) oldest = s;
  }
  if (!make) return NULL;
  *oldest = (Slot){.name = name};
  return oldest;
}

/* Half of the failures is forgotten with each lock's length that passes. */
static void decay(Slot *s, int64_t now) {
  if (now < s->last) s->last = now; /* the clock was set back: it must not lock anyone for as long */
  while (s->failures && now - s->last >= LOCK_MS) {
    s->failures /= 2;
    s->last += LOCK_MS;
  }
}

/* Milliseconds until the name may try again: each lock's length that passes halves its failures. */
static int64_t one_wait(Throttle *t, uint64_t name, int most, int64_t now) {
  Slot *s = slot_of(t, name, false);
  if (!s) return 0;
  decay(s, now);
  int64_t wait = 0;
  for (int n = s->failures; n >= most; n /= 2) wait += LOCK_MS;
  return wait ? wait - (now - s->last) : 0;
}

/* Offices sit behind one address: it may fail more often than one account. */
static int64_t wait_of(Throttle *t, Str account, Str address, int64_t now, bool *flood) {
  pthread_mutex_lock(&t->lock);
  int64_t own = one_wait(t, name_of(t, "account", account), FAILURES_MAX, now);
  int64_t whole = one_wait(t, name_of(t, "address", address), FAILURES_MAX * 10, now);
  pthread_mutex_unlock(&t->lock);
  *flood = whole > own;
  return *flood ? whole : own;
}

Code throttle_check(Cx *cx, Throttle *t, Str account, Str address) {
  bool flood;
  int64_t wait = wait_of(t, account, address, cx->now, &flood);
  if (!wait) return OK;
  long long minutes = (wait + 59999) / 60000;
  if (flood) FAIL(THROTTLED, "此地址登录失败次数太多，请 %lld 分钟后再试", minutes);
  FAIL(THROTTLED, "登录失败次数太多，请 %lld 分钟后再试", minutes);
}

int throttle_wait(Throttle *t, Str account, Str address, int64_t now) {
  bool flood;
  return (int)((wait_of(t, account, address, now, &flood) + 999) / 1000);
}

static void one_failed(Throttle *t, uint64_t name, int64_t now) {
  Slot *s = slot_of(t, name, true);
  decay(s, now);
  s->failures++;
  s->last = now;
}

void throttle_failed(Throttle *t, Str account, Str address, int64_t now) {
  pthread_mutex_lock(&t->lock);
  one_failed(t, name_of(t, "account", account), now);
  one_failed(t, name_of(t, "address", address), now);
  pthread_mutex_unlock(&t->lock);
}

void throttle_passed(Throttle *t, Str account, Str address) {
  (void)address;
  pthread_mutex_lock(&t->lock);
  Slot *s = slot_of(t, name_of(t, "account", account), false);
  if (s) *s = (Slot){0};
  pthread_mutex_unlock(&t->lock);
}
