/* SPDX-License-Identifier: Apache-2.0 */
#include "upkeep/upkeep_int.h"

#include <stdlib.h>

Str remark_label(RemarkLevel l) {
  static const char *const labels[REMARK__MAX] = {"正常", "没有查", "值得看", "要处理"};
  return str_of(labels[l]);
}

Str remark_code(RemarkLevel l) {
  static const char *const codes[REMARK__MAX] = {"good", "skip", "look", "bad"};
  return str_of(codes[l]);
}

void remark__add(Remarks *f, const char *id, RemarkLevel level, Str what, const char *why, Str next) {
  REQUIRE(f->count < REMARKS_MAX);
  f->list[f->count++] = (Remark){.id = id, .level = level, .what = what, .why = str_of(why), .next = next};
}

void remark__good(Remarks *f, const char *id, Str what) {
  remark__add(f, id, REMARK_GOOD, what, "", S(""));
}

void remark__skip(Remarks *f, const char *id, Str what) {
  remark__add(f, id, REMARK_SKIP, what, "", S(""));
}

Str age__text(Arena *mem, int64_t ms) {
  int64_t minutes = ms / 60000;
  if (minutes >= 2 * 24 * 60) return arena_fmt(mem, "%lld 天", (long long)(minutes / 60 / 24));
  if (minutes >= 120) return arena_fmt(mem, "%lld 小时", (long long)(minutes / 60));
  return arena_fmt(mem, "%lld 分钟", (long long)minutes);
}

Str bytes__text(Arena *mem, int64_t n) {
  static const char *const units[] = {"字节", "KB", "MB", "GB", "TB"};
  size_t u = 0;
  int64_t tenths = n * 10;
  while (tenths >= 10240 && u + 1 < COUNT(units)) {
    tenths /= 1024;
    u++;
  }
  if (u == 0) return arena_fmt(mem, "%lld 字节", (long long)n);
  return arena_fmt(mem, "%lld.%lld %s", (long long)(tenths / 10), (long long)(tenths % 10), units[u]);
}

typedef struct Placed { Remark f; size_t at; } Placed;

static int worst_first(const void *a, const void *b) {
  const Placed *x = a, *y = b;
  if (x->f.level != y->f.level) return x->f.level > y->f.level ? -1 : 1;
  return x->at < y->at ? -1 : 1;
}

void checkup_run(const Checkup *c, Arena *mem, Remarks *out) {
  Placed list[REMARKS_MAX] = {0};
  *out = (Remarks){.mem = mem};
  int64_t events = store__look(c, out);
  proofs__look(c, events, out);
  machine__look(c, out);
  people__look(c, out);
  for (size_t i = 0; i < out->count; i++) list[i] = (Placed){out->list[i], i};
  qsort(list, out->count, sizeof *list, worst_first);
  for (size_t i = 0; i < out->count; i++) out->list[i] = list[i].f;
}

RemarkLevel remarks_worst(const Remarks *f) {
  RemarkLevel worst = REMARK_GOOD;
  for (size_t i = 0; i < f->count; i++)
    if (f->list[i].level > worst) worst = f->list[i].level;
  return worst;
}
