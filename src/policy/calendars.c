/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendars.c: the versions of the calendar. One thread adds, many read without a lock: a version is
 * complete before its place in the list is set, and what was given out is never taken back.
 */
#include "policy/policy.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MEM_MAX = 512 << 20 }; /* a version takes about 270 KB */

typedef struct Added {
  const DayChange *list;
  size_t count;
} Added;

struct Calendars {
  pthread_mutex_t lock; /* of those who add */
  Arena *mem;           /* opened with the first version added */
  _Atomic(const Calendar *) list[CALENDARS_MAX + 1];
  Added added[CALENDARS_MAX + 1];
  _Atomic int newest;
};

Calendars *calendars_open(Arena *mem, const Calendar *base) {
  Calendars *c = arena_new(mem, Calendars);
  REQUIRE(pthread_mutex_init(&c->lock, NULL) == 0);
  atomic_store(&c->list[0], base);
  return c;
}

void calendars_close(Calendars *c) {
  if (c) arena_close_p(&c->mem);
}

const Calendar *calendars_get(const Calendars *c, int version) {
  if (version < 0 || version > CALENDARS_MAX) return NULL;
  return atomic_load_explicit(&c->list[version], memory_order_acquire);
}

int calendars_newest(const Calendars *c) {
  return atomic_load_explicit(&c->newest, memory_order_acquire);
}

static bool same(const Added *a, const DayChange *changes, size_t n) {
  if (a->count != n) return false;
  for (size_t i = 0; i < n; i++) {
    const DayChange *x = &a->list[i], *y = &changes[i];
    if (x->day.n != y->day.n || x->kind != y->kind || !str_eq(x->name, y->name) || !str_eq(x->notice, y->notice)) return false;
  }
  return true;
}

static DayChange *keep(Arena *mem, const DayChange *changes, size_t n) {
  DayChange *list = arena_array(mem, DayChange, n + 1);
  for (size_t i = 0; i < n; i++)
    list[i] = (DayChange){.day = changes[i].day, .kind = changes[i].kind, .name = arena_str(mem, changes[i].name),
                          .notice = arena_str(mem, changes[i].notice)};
  return list;
}

/* A version that is there with another content comes from a batch that was undone: it is put right, and
 * those built on it go. */
static void add(Calendars *c, int version, const DayChange *changes, size_t n) {
  int newest = calendars_newest(c);
  if (version <= newest && same(&c->added[version], changes, n)) return;
  if (!c->mem) c->mem = arena_open(MEM_MAX);
  for (int v = version + 1; v <= newest; v++) atomic_store(&c->list[v], NULL);
  c->added[version] = (Added){.list = keep(c->mem, changes, n), .count = n};
  const Calendar *made = calendar_with(c->mem, calendars_get(c, version - 1), c->added[version].list, n);
  atomic_store_explicit(&c->list[version], made, memory_order_release);
  atomic_store_explicit(&c->newest, version, memory_order_release);
}

void calendars_add(Calendars *c, int version, const DayChange *changes, size_t n) {
  pthread_mutex_lock(&c->lock);
  REQUIRE(version >= 1 && version <= CALENDARS_MAX && version <= calendars_newest(c) + 1);
  add(c, version, changes, n);
  pthread_mutex_unlock(&c->lock);
}

const Policy *policy_with_calendar(Arena *mem, const Policy *p, Calendars *calendars, int version) {
  const Calendar *calendar = calendars_get(calendars, version);
  REQUIRE(calendar != NULL);
  if (p->calendar == calendar && p->calendars == calendars && p->calendar_version == version) return p;
  Policy *copy = arena_new(mem, Policy);
  *copy = *p;
  copy->calendar = calendar;
  copy->calendars = calendars;
  copy->calendar_version = version;
  return copy;
}
