/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include <stdlib.h>

enum { STAGE_PAUSES = 5 };

unsigned histories(unsigned usual) {
  const char *text = getenv("HISTORIES");
  int64_t n = 0;
  return text && str_to_i64(str_of(text), &n) && n > 0 && n <= 100000000 ? (unsigned)n : usual;
}

void pauses_sort(Pause *p, size_t n) {
  for (size_t i = 1; i < n; i++)
    for (size_t j = i; j && p[j].from.n < p[j - 1].from.n; j--) {
      Pause swap = p[j];
      p[j] = p[j - 1];
      p[j - 1] = swap;
    }
}

ItemClock history_item(Lcg *g, Pause *pauses) {
  int start = lcg_in(g, TWIN_FIRST, TWIN_FIRST + TWIN_DAYS + 60);
  ItemClock k = {.start = {start}, .limit = lcg_below(g, 40), .pauses = pauses};
  k.pause_count = (size_t)lcg_below(g, HISTORY_PAUSES + 1);
  for (size_t i = 0; i < k.pause_count; i++) {
    int from = start + lcg_in(g, -6, 50);
    pauses[i] = (Pause){.from = {from},
                        .to = {from + lcg_below(g, 16) * lcg_below(g, 2)},
                        .open = lcg_below(g, 8) == 0,
                        .holder = lcg_in(g, HELD_APPLICANT, HELD_THIRD)};
    if (pauses[i].open) pauses[i].to = (Day){lcg_below(g, 30000)}; /* must not matter */
  }
  if (lcg_below(g, 2)) pauses_sort(pauses, k.pause_count);
  k.end_kind = lcg_below(g, 3) ? END_NONE : lcg_in(g, END_DONE, END_STOPPED);
  k.end = (Day){start + lcg_in(g, -2, 70)};
  return k;
}

static void item_make(Lcg *g, ItemClock *k, Pause *pauses, int stage_start) {
  int start = stage_start + lcg_in(g, -3, 15);
  *k = (ItemClock){.start = {start}, .limit = lcg_in(g, 1, 20), .pauses = pauses};
  k->pause_count = (size_t)lcg_below(g, STAGE_PAUSES + 1);
  for (size_t i = 0; i < k->pause_count; i++) {
    int from = start + lcg_in(g, -3, 25);
    pauses[i] = (Pause){.from = {from},
                        .to = {from + lcg_below(g, 25)},
                        .open = lcg_below(g, 6) == 0,
                        .holder = lcg_in(g, HELD_APPLICANT, HELD_THIRD)};
  }
  k->end_kind = lcg_below(g, 2) ? END_NONE : lcg_in(g, END_DONE, END_STOPPED);
  k->end = (Day){start + lcg_in(g, -1, 50)};
}

StageClock history_stage(Lcg *g, History *h) {
  int start = lcg_in(g, TWIN_FIRST, TWIN_FIRST + TWIN_DAYS);
  StageClock k = {.start = {start}, .limit = lcg_below(g, 38), .items = h->items};
  k.item_count = (size_t)lcg_below(g, HISTORY_ITEMS + 1);
  for (size_t i = 0; i < k.item_count; i++)
    item_make(g, &h->items[i], h->pauses[i], start);
  k.end_kind = lcg_below(g, 4) ? END_NONE : lcg_in(g, END_DONE, END_STOPPED);
  k.end = (Day){start + lcg_in(g, -1, 70)};
  return k;
}

void history_settle(StageClock *k, History *h, Day today) {
  if (k->end_kind != END_NONE && (k->end.n > today.n || k->end.n < k->start.n)) k->end_kind = END_NONE;
  for (size_t i = 0; i < k->item_count; i++) {
    ItemClock *item = &h->items[i];
    if (item->start.n < k->start.n) item->start = k->start;
    if (item->end_kind != END_NONE && (item->end.n > today.n || item->end.n < item->start.n)) item->end_kind = END_NONE;
    if (k->end_kind == END_NONE) continue;
    if (item->start.n > k->end.n) item->start = k->end;
    if (item->end_kind == END_NONE || item->end.n > k->end.n) {
      if (item->end_kind == END_NONE) item->end_kind = END_DONE;
      item->end = k->end;
    }
  }
}
