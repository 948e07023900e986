/* SPDX-License-Identifier: Apache-2.0 */
/* understand.c: what somebody may have meant, what to suggest, and what is nearest. */
#include "search/search_int.h"

enum { QUERY_MAX = 100, TYPO_LEAST = 3, PINYIN_LEAST = 3, SPELL_LEAST = 6 };

/* ---- the parts of a question ------------------------------------------------------------------------------------- */

/* Words with which people ask, longest first among those that begin alike; what is left is what they ask about. */
static const char *const asking[] = {
    "请问一下", "请问", "我想要", "我想", "我要", "想要", "怎么样", "怎么申请", "怎么办理", "怎么办", "怎么交", "怎么查", "怎么", "如何申请", "如何办理",
    "如何", "怎样申请", "怎样办理", "怎样", "在哪里办理", "在哪里办", "在哪里", "在哪儿", "在哪办", "在哪", "去哪里办", "去哪办", "去哪里",
    "需要什么材料", "需要哪些材料", "要什么材料", "要哪些材料", "什么材料", "哪些材料", "需要多少天", "需要多长时间", "需要多久", "要多少天",
    "要多久", "要几天", "多少天", "多长时间", "多少个工作日", "多久", "几天", "办理流程", "办事指南", "办理时限", "是什么", "有哪些", "什么时候",
    "的电话是多少", "电话是多少", "电话多少", "谁负责", "归谁管", "谁管", "由谁分管", "谁分管", "哪个部门办", "哪个部门管", "哪个部门", "哪个单位",
    "几点上班", "几点下班", "上班时间", "怎么联系", "收费吗", "收费标准", "要多少钱", "多少钱", "收不收费", "可以办", "能不能", "需要", "办理", "吗", "呢", "吧", "?", "？", "!", "！", "。"};

Str search__left(Arena *mem, Str s) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, s.len + 8);
  for (size_t at = 0; at < s.len;) {
    size_t skip = 0;
    uint32_t c = 0;
    for (size_t i = 0; i < COUNT(asking) && !skip; i++)
      if (str_starts(str_sub(s, at, SIZE_MAX), str_of(asking[i]))) skip = strlen(asking[i]);
    size_t n = skip ? skip : utf8_next(s, at, &c);
    if (skip) buf_char(&b, ' ');
    else buf_add_n(&b, s.ptr + at, n);
    at += n;
  }
  Str left = search_fold(mem, buf_str(&b));
  if (str_ends(left, S("的"))) left = str_trim(str_sub(left, 0, left.len - 3));
  return left;
}

/* What it stands for, and what that stands for: 开工证, 建筑工程施工许可证, 施工许可证. */
static void others_add(const Words *w, SearchWord *word) {
  const Term *t = w ? words__find(w, word->any[0]) : NULL;
  while (t && t->to.len && word->count < SEARCH_ANY_MAX) {
    word->any[word->count++] = t->to;
    t = words__find(w, t->to);
  }
}

static void word_add(Arena *mem, const Words *w, Understood *u, Str folded) {
  if (!folded.len || u->count == SEARCH_WORDS_MAX) return;
  SearchWord *word = &u->words[u->count++];
  word->any[word->count++] = arena_str(mem, folded);
  others_add(w, word);
}

/* Words with spaces between them; each of them has to be there. */
static void words_add(Arena *mem, const Words *w, Understood *u, Str folded) {
  Str one, rest = folded;
  bool more = true;
  while (more) {
    more = str_cut(rest, ' ', &one, &rest);
    word_add(mem, w, u, one);
  }
}

/* ---- another name, sounds, errors ----------------------------------------------------------------------------------- */

static bool letters_only(Str s) {
  for (size_t i = 0; i < s.len; i++)
    if ((s.ptr[i] < 'a' || s.ptr[i] > 'z') && s.ptr[i] != '\'' && s.ptr[i] != ' ') return false;
  return s.len > 0;
}

/* ü is typed as v; the apostrophe and spaces between syllables say nothing. */
static Str sounds_typed(Arena *mem, Str s) {
  char *p = arena_array(mem, char, s.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++)
    if (s.ptr[i] != '\'' && s.ptr[i] != ' ') p[n++] = s.ptr[i] == 'v' ? 'u' : s.ptr[i];
  return (Str){.ptr = p, .len = n};
}

/* 3: the whole name, 2: its beginning, 1: from some character on, 0: not. */
static int sounds_like(Str typed, const Term *t) {
  Pin head = pinyin__match(typed, t->folded, 0);
  uint32_t c = 0;
  if (head != PIN_NONE) return head == PIN_WHOLE ? 3 : 2;
  for (size_t at = utf8_next(t->folded, 0, &c); at < t->folded.len; at += utf8_next(t->folded, at, &c))
    if (pinyin__match(typed, t->folded, at) != PIN_NONE) return 1;
  return 0;
}

const Term *search__by_sound(Arena *mem, const Words *w, Str folded) {
  Str typed = sounds_typed(mem, folded);
  const Term *best = NULL;
  int rank = 0;
  for (size_t i = 0; i < w->count && rank < 3; i++) {
    int r = sounds_like(typed, &w->list[i]);
    if (r > rank) best = &w->list[i], rank = r;
  }
  for (size_t i = 0; i < w->count && !best && typed.len >= SPELL_LEAST; i++) /* one letter wrong */
    if (words__near(typed, w->list[i].sound)) best = &w->list[i];
  return best;
}

const Term *search__by_error(Arena *mem, const Words *w, Str folded) {
  if (utf8_count(folded) < TYPO_LEAST || utf8_count(folded) > QUERY_MAX / 2) return NULL;
  Str sound = pinyin__of(mem, folded);
  for (size_t i = 0; i < w->count; i++)
    if (!str_eq(w->list[i].folded, folded) && str_eq(w->list[i].sound, sound)) return &w->list[i];
  for (size_t i = 0; i < w->count; i++)
    if (words__near(folded, w->list[i].folded)) return &w->list[i];
  return NULL;
}

/* ---- the ways to take it ---------------------------------------------------------------------------------------------- */

static Understood *way(Understood *out, size_t *n, SearchHow how, Str asked) {
  Understood *u = &out[(*n)++];
  *u = (Understood){.how = how, .asked = asked};
  return u;
}

static void take_term(const Words *w, Understood *out, size_t *n, SearchHow how, Str asked, const Term *t) {
  if (!t) return;
  Understood *u = way(out, n, how, asked);
  u->to = t->text;
  u->words[0].any[u->words[0].count++] = t->folded;
  u->count = 1;
  others_add(w, &u->words[0]);
}

static const Term *begins(const Words *w, Str at) {
  const Term *best = NULL;
  for (size_t i = 0; i < w->count; i++)
    if (str_starts(at, w->list[i].folded) && (!best || w->list[i].folded.len > best->folded.len)) best = &w->list[i];
  return best;
}

const Term *search__inside(const Words *w, Str folded) {
  const Term *best = NULL;
  uint32_t c = 0;
  for (size_t at = 0; at < folded.len; at += utf8_next(folded, at, &c)) {
    const Term *t = begins(w, str_sub(folded, at, SIZE_MAX));
    if (t && (!best || t->folded.len > best->folded.len)) best = t;
  }
  return best;
}

/* Known names that stand in it, the longest first at each place. */
static void split(Cx *cx, const Words *w, Understood *out, size_t *n, Str asked, Str folded) {
  Understood u = {.how = HOW_SPLIT, .asked = asked, .to = S("")};
  uint32_t c = 0;
  for (size_t at = 0; at < folded.len;) {
    const Term *best = begins(w, str_sub(folded, at, SIZE_MAX));
    if (best && u.count < SEARCH_WORDS_MAX) {
      u.to = u.count ? arena_fmt(cx->mem, "%.*s、%.*s", SFMT(u.to), SFMT(best->text)) : best->text;
      word_add(cx->mem, w, &u, best->folded);
    }
    at += best ? best->folded.len : utf8_next(folded, at, &c);
  }
  if (u.count) out[(*n)++] = u;
}

static size_t ways(Cx *cx, const Words *w, Str asked, bool literal, Understood out[UNDERSTOOD_MAX]) {
  Arena *mem = cx->mem;
  Str folded = search_fold(mem, asked);
  size_t n = 0;
  if (!folded.len || utf8_count(folded) > QUERY_MAX) return 0;
  const Term *same = w ? words__find(w, folded) : NULL;
  Understood *u = way(out, &n, !literal && same && same->to.len ? HOW_ALIAS : HOW_TYPED, asked);
  if (u->how == HOW_ALIAS) u->to = same->shown;
  if (literal || u->how == HOW_ALIAS) word_add(mem, literal ? NULL : w, u, folded);
  else words_add(mem, w, u, folded);
  if (literal || !w) return n;
  Str left = search__left(mem, folded);
  if (left.len && !str_eq(left, folded)) {
    u = way(out, &n, HOW_ASKED, asked);
    u->to = left;
    words_add(mem, w, u, left);
  }
  if (!left.len) left = folded;
  bool english = english__is(folded);
  const Term *called = english ? english__find(mem, w, folded, false) : NULL;
  take_term(w, out, &n, HOW_ENGLISH, asked, called);
  if (letters_only(folded) && folded.len >= PINYIN_LEAST) take_term(w, out, &n, HOW_PINYIN, asked, search__by_sound(mem, w, folded));
  else take_term(w, out, &n, HOW_TYPO, asked, search__by_error(mem, w, left));
  if (english && !called) take_term(w, out, &n, HOW_ENGLISH, asked, english__find(mem, w, folded, true));
  if (!english) split(cx, w, out, &n, asked, left); /* of English, word by word is no meaning: "air" stands in "repair" */
  return n;
}

/* 龙港区示例街道 is first what it says; the place is cut out of it when it stands for itself, or what is left has a name of its own. */
static bool stands_apart(Arena *mem, const Words *w, Str folded, const Where *place, Str left) {
  size_t at = (size_t)str_find(folded, place->folded), end = at + place->folded.len;
  bool before = at == 0 || folded.ptr[at - 1] == ' ', after = end == folded.len || folded.ptr[end] == ' ';
  return (before && after) || words__find(w, left) || words__find(w, search__left(mem, left)) || search__by_error(mem, w, left);
}

size_t search_understand(Cx *cx, Search *s, Str asked, bool literal, Understood out[UNDERSTOOD_MAX]) {
  const Words *w = search__words(s);
  Str folded = search_fold(cx->mem, asked), left;
  const Where *place = w && !literal && utf8_count(folded) <= QUERY_MAX ? place__in(cx->mem, w, folded, &left) : NULL;
  if (!place) return ways(cx, w, asked, literal, out);
  bool apart = stands_apart(cx->mem, w, folded, place, left);
  size_t first = apart ? 0 : ways(cx, w, asked, true, out), n = first + ways(cx, w, left, false, out + first);
  for (size_t i = first; i < n; i++) {
    out[i].place = place->word;
    out[i].place_name = place->shown;
    out[i].place_unit = place->unit;
  }
  return n;
}

/* ---- suggestions ------------------------------------------------------------------------------------------------------- */

static int tip_rank(Str folded, Str typed, const Term *t) {
  if (str_eq(t->folded, folded)) return 6;
  if (str_starts(t->folded, folded)) return 5;
  if (str_has(t->folded, folded)) return 4;
  return typed.len >= 2 ? sounds_like(typed, t) : 0;
}

size_t search_suggest(Cx *cx, Search *s, Str typed, SearchTip *out, size_t max) {
  const Words *w = search__words(s);
  Str folded = search_fold(cx->mem, typed);
  size_t n = 0;
  if (!w || !folded.len || utf8_count(folded) > QUERY_MAX) return 0;
  Str sounds = letters_only(folded) ? sounds_typed(cx->mem, folded) : S("");
  uint8_t *ranks = arena_array(cx->mem, uint8_t, w->count + 1);
  for (size_t i = 0; i < w->count; i++) ranks[i] = (uint8_t)tip_rank(folded, sounds, &w->list[i]);
  for (int rank = 6; rank > 0; rank--)
    for (size_t i = 0; i < w->count && n < max; i++)
      if (ranks[i] == rank) out[n++] = (SearchTip){.text = w->list[i].text, .to = w->list[i].shown, .kind = w->list[i].kind};
  if (n) return n;
  const Term *t = sounds.len ? search__by_sound(cx->mem, w, folded) : search__by_error(cx->mem, w, folded);
  if (t && max) out[n++] = (SearchTip){.text = t->text, .to = t->shown, .kind = t->kind};
  return n;
}

/* ---- nothing found ------------------------------------------------------------------------------------------------------- */

static int shared_pairs(Str a, Str b) {
  int n = 0;
  uint32_t c = 0;
  for (size_t at = 0; at < a.len;) {
    size_t one = utf8_next(a, at, &c), two = at + one < a.len ? utf8_next(a, at + one, &c) : 0;
    if (two && str_has(b, str_sub(a, at, one + two))) n++;
    at += one;
  }
  return n;
}

size_t search_near(Cx *cx, Search *s, Str asked, SearchHit *out, size_t max) {
  static const Str everybody[] = {{.ptr = "all", .len = 3}};
  const Words *w = search__words(s);
  Str folded = search__left(cx->mem, search_fold(cx->mem, asked));
  size_t n = 0;
  if (!w) return 0;
  int *shared = arena_array(cx->mem, int, w->count + 1), most = 0;
  for (size_t i = 0; i < w->count; i++) {
    shared[i] = w->list[i].kind == SEARCH_SERVICE ? shared_pairs(folded, w->list[i].folded) : 0;
    if (shared[i] > most) most = shared[i];
  }
  for (int k = most; k > 0 && n < max; k--)
    for (size_t i = 0; i < w->count && n < max; i++) {
      if (shared[i] != k) continue;
      SearchAsk ask = {.words = {{.any = {w->list[i].folded}, .count = 1}}, .count = 1, .kind = SEARCH_SERVICE, .who = everybody, .who_count = 1, .max = 1};
      others_add(w, &ask.words[0]);
      size_t found = 0;
      int64_t total = 0;
      bool twice = false;
      if (search_find(cx, s, &ask, out + n, &found, &total) != OK) return n;
      for (size_t j = 0; j < n && found; j++) twice |= str_eq(out[j].key, out[n].key);
      if (found && !twice) n++;
    }
  return n;
}

/* ---- how many days ------------------------------------------------------------------------------------------------------- */

static bool asks_days(Str folded) {
  static const char *const words[] = {"多少天", "几天", "多久", "多长时间", "多少个工作日", "时限", "期限", "工作日"};
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_has(folded, str_of(words[i]))) return true;
  return false;
}

bool search_days(Arena *mem, const Policy *p, Str asked, SearchDays *out) {
  Str folded = search_fold(mem, asked), left = search__left(mem, folded);
  size_t best = 0;
  *out = (SearchDays){0};
  if (!asks_days(folded)) return false;
  for (int n = 1; n <= STAGE_MAX; n++)
    if (str_has(folded, search_fold(mem, p->stages[n].name))) out->stage = n;
  for (size_t i = 0; i < p->category_count; i++) {
    Str name = search_fold(mem, p->categories[i].name);
    bool in = str_has(folded, name) || (utf8_count(left) >= 2 && str_has(name, left));
    if (in && name.len > best) out->category = &p->categories[i], best = name.len;
  }
  if (!out->category) return false;
  out->days = out->stage ? out->category->limit[out->stage] : out->category->total;
  return true;
}
