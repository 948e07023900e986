/* SPDX-License-Identifier: Apache-2.0 */
/* Planted abuse among honest work: each is found, and nobody else is named. */
#include "world.h"

#include <stdio.h>

enum { CASES = 120, PLANTS = 5 };
typedef enum Plant { HONEST, LATE_PAUSE, NIGHT_PAUSE, QUICK, LATE_ENTRY } Plant;
static const char *const names[PLANTS] = {"", "late-pause", "night-pause", "quick", "late-entry"};

typedef struct Found {
  int of[PLANTS]; /* signs of each kind in one case */
} Found;

static void look(World *w, Found *f) {
  for (size_t i = w->count - w->fresh; i < w->count; i++) {
    Sign list[SIGNS_MAX];
    size_t n = event_signs(w->mem, w->policies.current, w->pr, &w->events[i], list);
    for (size_t k = 0; k < n; k++)
      for (int p = 1; p < PLANTS; p++)
        if (str_eqz(list[k].kind, names[p])) {
          REQUIRE(list[k].evidence.len && utf8_valid(list[k].evidence));
          f->of[p]++;
        }
  }
}

static void act(World *w, Found *f, const char *who, const char *command, Str item) {
  REQUIRE(world_step(w, who, command, 1, item, NULL, NULL) == OK);
  look(w, f);
  w->happened = 0;
}

static void clock_at(World *w, int days, int hour, int minute) {
  w->now = day_start((Day){day_of(w->now).n + days}) + hour * 3600000LL + minute * 60000LL;
}

/* The longest item of the stage is taken, perhaps paused, and decided some days later. */
static const ItemState *longest(const World *w) {
  const StageState *s = &w->pr->stages[1];
  const ItemState *best = &s->items[0];
  for (size_t i = 1; i < s->item_count; i++)
    if (s->items[i].limit > best->limit) best = &s->items[i];
  return best;
}

static void pause_and_resume(World *w, Found *f, const char *who, Str item, Plant plant) {
  if (plant == LATE_PAUSE)
    while (project_item_reading(w->policies.current, stage_item(&w->pr->stages[1], item), w->now).left > 1) clock_at(w, 1, 10, 0);
  if (plant == NIGHT_PAUSE) clock_at(w, 0, 23, 58);
  act(w, f, who, "item.pause", item);
  if (plant == NIGHT_PAUSE) clock_at(w, 1, 0, 2);
  else clock_at(w, 3, 9, 30);
  act(w, f, who, "item.resume", item);
}

static Found live(World *w, int number, Plant plant) {
  Found f = {0};
  world_register(w, number % 2 ? S("industry") : S("gov-building"), S("longgang"));
  REQUIRE(w->pr && world_upto(w, 1, STAGE_RUNNING));
  Str item = longest(w)->code;
  const char *who = arena_z(w->mem, arena_fmt(w->mem, "ap:%.*s", SFMT(longest(w)->unit)));
  if (plant != QUICK) clock_at(w, 1, 9, number % 60);
  act(w, &f, who, "item.take", item);
  if (plant != QUICK) clock_at(w, 1, 10, number % 50);
  if (plant == LATE_PAUSE || plant == NIGHT_PAUSE || (plant == HONEST && number % 4 == 1)) pause_and_resume(w, &f, who, item, plant);
  if (plant != QUICK) clock_at(w, 1, 11, 0);
  if (plant == LATE_ENTRY) {
    w->happened = w->now;
    clock_at(w, 3, 11, 0);
  } else if (number % 4 == 0 && plant != QUICK) {
    w->happened = w->now - 3 * 3600000LL > w->events[w->count - 1].happened ? w->now - 3600000LL : 0; /* entered an hour late: no matter */
  }
  act(w, &f, who, "item.decide", item);
  return f;
}

TEST(planted_abuse_is_found_and_honest_work_is_not_named) {
  const Policy *p = huludao(cx);
  int planted = 0, found = 0, named = 0;
  for (int n = 0; n < CASES; n++) {
    Arena *mem = arena_open((size_t)256 << 20);
    Plant plant = n % 3 ? HONEST : (Plant)(1 + n / 3 % (PLANTS - 1));
    World w;
    world_open(&w, mem, p);
    Found f = live(&w, n, plant);
    planted += plant != HONEST;
    found += plant != HONEST && f.of[plant] == 1;
    for (int k = 1; k < PLANTS; k++) {
      bool false_alarm = f.of[k] && (Plant)k != plant;
      named += false_alarm;
      if (false_alarm) fprintf(stderr, "  case %d, planted %s: also %s\n", n, names[plant], names[k]);
    }
    arena_close(mem);
  }
  EXPECT_INT(planted, CASES / 3);
  EXPECT_INT(found, planted); /* recall 1 */
  EXPECT_INT(named, 0);       /* precision 1: the rules are exact on what was planted */
}
