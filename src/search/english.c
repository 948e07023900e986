/* SPDX-License-Identifier: Apache-2.0 */
/* english.c: English questions to names in English, by their words: order, case, plural and one wrong letter are forgiven. */
#include "search/search_int.h"

enum { BAG_MAX = 12, TYPO_FROM = 5 };

typedef struct Bag { Str word[BAG_MAX]; size_t count; } Bag;

bool english__is(Str s) {
  bool letter = false;
  for (size_t i = 0; i < s.len; i++) {
    if ((unsigned char)s.ptr[i] >= 0x80) return false;
    letter |= s.ptr[i] >= 'a' && s.ptr[i] <= 'z';
  }
  return letter;
}

/* They say nothing about what is asked for. */
static bool small(Str w) {
  static const char *const words[] = {"a", "an", "the", "of", "for", "to", "in", "on", "at", "and", "or", "my", "i", "we", "do", "does", "did", "is", "are", "can", "how", "what", "where",
                                      "who", "which", "get", "need", "want", "please", "me", "you", "it", "with", "about", "new", "will", "be", "there", "issue", "issuing", "s"};
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eqz(w, words[i])) return true;
  return false;
}

/* permits: permit; facilities: facility; glass stays. */
static Str stem(Arena *mem, Str w) {
  if (w.len > 4 && str_ends(w, S("ies"))) return arena_fmt(mem, "%.*sy", (int)w.len - 3, w.ptr);
  bool plural = w.len > 3 && str_ends(w, S("s")) && !str_ends(w, S("ss")) && !str_ends(w, S("us"));
  return plural ? str_sub(w, 0, w.len - 1) : w;
}

static bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static Bag bag_of(Arena *mem, Str s) {
  Bag b = {.count = 0}, all = {.count = 0};
  for (size_t at = 0; at < s.len && all.count < BAG_MAX;) {
    size_t end = at;
    while (end < s.len && word_char(s.ptr[end])) end++;
    Str w = str_sub(s, at, end - at);
    if (w.len) all.word[all.count++] = stem(mem, w);
    if (w.len && !small(w)) b.word[b.count++] = stem(mem, w);
    at = end + 1;
  }
  return b.count ? b : all; /* "who is in": nothing else was typed */
}

static bool same(Str a, Str b) {
  return str_eq(a, b) || (a.len >= TYPO_FROM && b.len >= TYPO_FROM && words__near(a, b));
}

static size_t shared(const Bag *a, const Bag *b) {
  size_t n = 0;
  for (size_t i = 0; i < a->count; i++)
    for (size_t k = 0; k < b->count; k++)
      if (same(a->word[i], b->word[k])) {
        n++;
        break;
      }
  return n;
}

/* How well a name answers; 0: not. The same words, then a name that is wholly in the question, then a question that is wholly in a
 * name; among them the one with most words in common, and the fewest that are left over. */
static size_t worth(const Bag *asked, const Bag *name, bool loose) {
  size_t n = shared(asked, name), back = shared(name, asked), over = asked->count + name->count;
  if (!n || !back) return 0;
  size_t rank = n == asked->count && back == name->count ? 4 : back == name->count ? 3 : n == asked->count ? 2 : loose ? 1 : 0;
  return rank ? rank * 10000 + n * 100 + 50 - over : 0;
}

const Term *english__find(Arena *mem, const Words *w, Str folded, bool loose) {
  Bag asked = bag_of(mem, folded);
  const Term *best = NULL;
  size_t most = 0;
  for (size_t i = 0; i < w->count; i++) {
    if (!english__is(w->list[i].folded)) continue;
    Bag name = bag_of(mem, w->list[i].folded);
    size_t now = worth(&asked, &name, loose);
    if (now > most) best = &w->list[i], most = now;
  }
  return best;
}
