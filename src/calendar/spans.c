/* SPDX-License-Identifier: Apache-2.0 */
/* spans.c: runs of days, united: what the clock of a stage and the provincial figure both stand on. */
#include "calendar/calendar_int.h"

#include <stdlib.h>

Day day__earlier(Day a, Day b) {
  return a.n < b.n ? a : b;
}

Day day__later(Day a, Day b) {
  return a.n > b.n ? a : b;
}

void spans__add(Spans *s, Day from, Day to, Holder holder) {
  if (to.n <= from.n) return;
  s->list[s->count] = (Span){.from = from, .to = to, .holder = holder, .order = s->count};
  s->count++;
}

static int span_order(const void *a, const void *b) {
  const Span *x = a, *y = b;
  if (x->from.n != y->from.n) return x->from.n < y->from.n ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

void spans__sort(Spans *s) {
  if (s->count > 1) qsort(s->list, s->count, sizeof *s->list, span_order);
}

void spans__unite(Spans *s) {
  size_t out = 0;
  spans__sort(s);
  for (size_t i = 0; i < s->count; i++) {
    Span *last = out ? &s->list[out - 1] : NULL;
    if (last && s->list[i].from.n <= last->to.n)
      last->to = day__later(last->to, s->list[i].to);
    else
      s->list[out++] = s->list[i];
  }
  s->count = out;
}
