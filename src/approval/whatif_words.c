/* SPDX-License-Identifier: Apache-2.0 */
/* whatif_words.c: texts by number, in an open table that is at most half full. */
#include "approval/whatif_int.h"

enum { SLOTS_FIRST = 256 };

static void slots_fill(Words *w, uint32_t count) {
  w->slots = arena_array(w->mem, uint32_t, count);
  w->slot_count = count;
  for (uint32_t i = 0; i < w->count; i++) {
    uint32_t at = (uint32_t)str_hash(w->list[i]) & (count - 1);
    while (w->slots[at]) at = (at + 1) & (count - 1);
    w->slots[at] = i + 1;
  }
}

void words_open(Words *w, Arena *mem) {
  *w = (Words){.mem = mem, .cap = SLOTS_FIRST / 2, .list = arena_array(mem, Str, SLOTS_FIRST / 2)};
  slots_fill(w, SLOTS_FIRST);
}

bool words_find(const Words *w, Str s, uint32_t *out) {
  uint32_t at = (uint32_t)str_hash(s) & (w->slot_count - 1);
  for (; w->slots[at]; at = (at + 1) & (w->slot_count - 1))
    if (str_eq(w->list[w->slots[at] - 1], s)) {
      *out = w->slots[at] - 1;
      return true;
    }
  *out = at; /* the free slot */
  return false;
}

uint32_t words_add(Words *w, Str s) {
  uint32_t at;
  if (words_find(w, s, &at)) return at;
  if (w->count == w->cap) {
    Str *more = arena_array(w->mem, Str, w->cap * 2);
    memcpy(more, w->list, w->count * sizeof *more);
    w->list = more;
    w->cap *= 2;
    slots_fill(w, w->slot_count * 2);
    words_find(w, s, &at);
  }
  w->list[w->count] = arena_str(w->mem, s);
  w->slots[at] = w->count + 1;
  return w->count++;
}
