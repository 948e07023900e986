/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.c: which known word was meant. Insertions, losses, changes and swaps of neighbours count one each. */
#include "main/main_int.h"

enum { WORD_MAX = 30, FAR = 3 };

static int least(int a, int b) {
  return a < b ? a : b;
}

static int distance(Str a, Str b) {
  int d[WORD_MAX + 1][WORD_MAX + 1];
  if (a.len > WORD_MAX || b.len > WORD_MAX) return FAR;
  for (size_t i = 0; i <= a.len; i++) d[i][0] = (int)i;
  for (size_t k = 0; k <= b.len; k++) d[0][k] = (int)k;
  for (size_t i = 1; i <= a.len; i++)
    for (size_t k = 1; k <= b.len; k++) {
      d[i][k] = least(d[i - 1][k - 1] + (a.ptr[i - 1] != b.ptr[k - 1]), least(d[i - 1][k], d[i][k - 1]) + 1);
      bool swapped = i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] && a.ptr[i - 2] == b.ptr[k - 1];
      if (swapped) d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
    }
  return d[a.len][b.len];
}

void suggest_look(Suggest *s, Str typed, Str known) {
  bool begun = typed.len >= 3 && str_starts(known, typed);
  int far = begun ? 1 : distance(typed, known);
  if (far >= FAR || far >= (int)typed.len || (s->word.len && far >= s->far)) return;
  s->word = known;
  s->far = far;
}
