/* SPDX-License-Identifier: Apache-2.0 */
/* lot.c: who is drawn, from the published list and the seed alone: docs/draw.md. */
#include "inspect/inspect_int.h"

#include <stdio.h>

/* ---- numbers out of a seed ---------------------------------------------------------------------------------- */

enum { WORDS = 8, WORD_BYTES = 4 };
typedef struct Numbers {
  Hasher *hash;
  Hash seed, block;
  Str label;
  unsigned next, used; /* number of the next block, words used of this one */
} Numbers;

static void numbers_block(Numbers *s) {
  char text[16];
  int n = snprintf(text, sizeof text, "\n%u", s->next++);
  hasher_add(s->hash, s->seed.b, sizeof s->seed.b);
  hasher_add(s->hash, s->label.ptr, s->label.len);
  hasher_add(s->hash, text, (size_t)n);
  s->block = hasher_next(s->hash);
  s->used = 0;
}

static uint32_t numbers_word(Numbers *s) {
  if (!s->next || s->used == WORDS) numbers_block(s);
  const uint8_t *b = s->block.b + (size_t)WORD_BYTES * s->used++;
  return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* 0 … n-1, all equally: words beyond the last whole multiple of n are thrown away. */
static uint32_t numbers_below(Numbers *s, uint32_t n) {
  uint64_t limit = (UINT64_C(1) << 32) / n * n;
  uint32_t w = numbers_word(s);
  while (w >= limit) w = numbers_word(s);
  return w % n;
}

static void sample(Hasher *hash, Hash seed, Str label, uint32_t n, uint32_t k, uint32_t *out) {
  Numbers s = {.hash = hash, .seed = seed, .label = label};
  for (uint32_t i = 0; i < n; i++) out[i] = i;
  for (uint32_t i = 0; i < k; i++) {
    uint32_t j = i + numbers_below(&s, n - i), was = out[i];
    out[i] = out[j];
    out[j] = was;
  }
}

void lot_sample(Hash seed, Str label, uint32_t n, uint32_t k, uint32_t *out) {
  REQUIRE(k <= n);
  Hasher *hash = hasher_open(SUITE_INTL);
  sample(hash, seed, label, n, k, out);
  (void)hasher_close(hash);
}

uint32_t lot_number(Hash seed, Str label, uint32_t n) {
  Numbers s = {.hash = hasher_open(SUITE_INTL), .seed = seed, .label = label};
  uint32_t number = numbers_below(&s, n);
  (void)hasher_close(s.hash);
  return number;
}

Hash lot_hash(Str text) {
  return hash_bytes(SUITE_INTL, text);
}

Str lot_commitment(Arena *mem, Str list_hash, Str party, Str secret) {
  return hash_hex(mem, lot_hash(arena_fmt(mem, LOT_HEAD " commit\n%.*s\n%.*s\n%.*s\n", SFMT(list_hash), SFMT(party), SFMT(secret))));
}

/* ---- the list ------------------------------------------------------------------------------------------------- */

Str list__line(Str *rest) {
  Str line;
  str_cut(*rest, '\n', &line, rest);
  return line;
}

Str list__word(Str *rest) {
  Str word;
  if (!str_cut(*rest, ' ', &word, rest)) *rest = S("");
  return word;
}

typedef struct Object { Str number, uscc; int class; } Object;
typedef struct Person { Str cert, avoid; } Person;
typedef struct List {
  int64_t pair, count, rate[CLASS_COUNT];
  Object *objects; size_t object_count;
  Person *persons; size_t person_count;
} List;

static int class_no(Str s) {
  if (s.len != 1) return -1;
  const char *at = memchr(CLASSES, s.ptr[0], CLASS_COUNT);
  return at ? (int)(at - CLASSES) : -1;
}

static bool object_read(List *l, Str rest) {
  Object o = {.number = list__word(&rest), .uscc = list__word(&rest)};
  o.class = class_no(list__word(&rest));
  if (l->object_count == SPOT_OBJECTS_MAX || !o.number.len || o.class < 0) return false;
  l->objects[l->object_count++] = o;
  return true;
}

static bool person_read(List *l, Str rest) {
  Person p = {.cert = list__word(&rest)};
  (void)list__word(&rest); /* the unit */
  p.avoid = list__word(&rest);
  if (l->person_count == SPOT_INSPECTORS_MAX || !p.cert.len || !p.avoid.len) return false;
  l->persons[l->person_count++] = p;
  return true;
}

static bool rule_read(List *l, Str rest) {
  Str pair = list__word(&rest);
  return str_to_i64(pair, &l->pair) && l->pair == SPOT_PAIR && str_to_i64(rest, &l->count) && l->count >= 0;
}

static bool rate_read(List *l, Str rest) {
  int class = class_no(list__word(&rest));
  return class >= 0 && str_to_i64(rest, &l->rate[class]) && l->rate[class] >= 0 && l->rate[class] <= 100;
}

static bool line_read(List *l, Str line) {
  Str rest = line, key = list__word(&rest);
  if (str_eqz(key, "object")) return object_read(l, rest);
  if (str_eqz(key, "inspector")) return person_read(l, rest);
  if (str_eqz(key, "rule")) return rule_read(l, rest);
  if (str_eqz(key, "rate")) return rate_read(l, rest);
  return str_eqz(key, "plan") || str_eqz(key, "party") || str_eqz(key, "beacon") || str_eqz(key, "before");
}

static Code list_read(Cx *cx, Str text, List *l) {
  int line = 1;
  *l = (List){.objects = arena_array(cx->mem, Object, SPOT_OBJECTS_MAX), .persons = arena_array(cx->mem, Person, SPOT_INSPECTORS_MAX)};
  if (!str_eqz(list__line(&text), LOT_HEAD)) FAIL(INVALID, "第 1 行应当是 " LOT_HEAD);
  while (text.len) {
    line++;
    if (!line_read(l, list__line(&text))) FAIL(INVALID, "第 %d 行不符合抽取名单的格式", line);
  }
  if (!l->pair) FAIL(INVALID, "名单没有写明每个对象抽几名检查人员");
  return OK;
}

/* ---- how many of each class ---------------------------------------------------------------------------------- */

/* By the rates, rounded up; or so many in all, shared out in proportion to objects times rate: the whole part to each class, what is
 * left to the largest remainder, the worse class first. Never more than there are. */
static void shares(const List *l, int64_t out[CLASS_COUNT]) {
  int64_t have[CLASS_COUNT] = {0}, weight = 0, left = l->count, rest[CLASS_COUNT];
  for (size_t i = 0; i < l->object_count; i++) have[l->objects[i].class]++;
  for (int c = 0; c < CLASS_COUNT; c++) weight += have[c] * l->rate[c];
  if (left > (int64_t)l->object_count) left = (int64_t)l->object_count;
  for (int c = 0; c < CLASS_COUNT; c++) {
    out[c] = !l->count ? (have[c] * l->rate[c] + 99) / 100 : weight ? l->count * have[c] * l->rate[c] / weight : 0;
    rest[c] = l->count && weight ? l->count * have[c] * l->rate[c] % weight : 0;
    if (out[c] > have[c]) out[c] = have[c];
    left -= out[c];
  }
  while (l->count && left > 0) {
    int best = 0;
    for (int c = 1; c < CLASS_COUNT; c++)
      if (out[c] < have[c] && (out[best] >= have[best] || rest[c] >= rest[best])) best = c;
    REQUIRE(out[best] < have[best]); /* there are as many left as are wanted */
    rest[best] = -1;
    out[best]++;
    left--;
  }
}

/* ---- the draw -------------------------------------------------------------------------------------------------- */

static bool avoids(Str list, Str uscc) {
  Str one;
  for (bool more = true; more;) {
    more = str_cut(list, ',', &one, &list);
    if (str_eq(one, uscc)) return true;
  }
  return false;
}

static Code pair_draw(Cx *cx, const List *l, Hasher *hash, const Hash *seed, const Object *o, LotPick *pick) {
  uint32_t order[SPOT_INSPECTORS_MAX], fit[SPOT_INSPECTORS_MAX], n = 0;
  for (uint32_t i = 0; i < l->person_count; i++)
    if (!avoids(l->persons[i].avoid, o->uscc)) fit[n++] = i;
  if (n < SPOT_PAIR)
    FAIL_AT(CONFLICT, S("units"), S("行政处罚法 第四十二条"), "回避以后，%.*s 只剩 %u 名检查人员，不足两名；请先补充检查人员名录。", SFMT(o->number), n);
  if (!seed) return OK;
  sample(hash, *seed, o->number, n, SPOT_PAIR, order);
  for (int k = 0; k < SPOT_PAIR; k++) pick->certs[k] = l->persons[fit[order[k]]].cert;
  return OK;
}

static Code class_draw(Cx *cx, const List *l, Hasher *hash, const Hash *seed, int class, int64_t k, LotPick *out, size_t *n) {
  uint32_t *order = arena_array(cx->mem, uint32_t, l->object_count + 1), *members = arena_array(cx->mem, uint32_t, l->object_count + 1), m = 0;
  Str name = str_sub(S(CLASSES), (size_t)class, 1);
  for (uint32_t i = 0; i < l->object_count; i++)
    if (l->objects[i].class == class) members[m++] = i;
  if (seed) sample(hash, *seed, name, m, (uint32_t)k, order);
  for (int64_t i = 0; i < k && seed; i++) {
    const Object *o = &l->objects[members[order[i]]];
    LotPick *pick = &out[(*n)++];
    *pick = (LotPick){.object = o->number, .class = name};
    TRY(pair_draw(cx, l, hash, seed, o, pick));
  }
  return OK;
}

Code lot_draw(Cx *cx, Str text, const Hash *seed, LotPick **out, size_t *n) {
  List l;
  int64_t share[CLASS_COUNT], all = 0;
  Code code = OK;
  TRY(list_read(cx, text, &l));
  shares(&l, share);
  for (int c = 0; c < CLASS_COUNT; c++) all += share[c];
  *n = (size_t)all;
  for (size_t i = 0; i < l.object_count && !seed; i++) TRY(pair_draw(cx, &l, NULL, NULL, &l.objects[i], NULL));
  if (!seed) return OK;
  *out = arena_array(cx->mem, LotPick, (size_t)all + 1);
  *n = 0;
  Hasher *hash = hasher_open(SUITE_INTL);
  for (int c = CLASS_COUNT - 1; c >= 0 && code == OK; c--) code = class_draw(cx, &l, hash, seed, c, share[c], *out, n);
  (void)hasher_close(hash);
  return code;
}
