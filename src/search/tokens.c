/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tokens.c: how text becomes tokens. Every pair of neighbouring characters is one, at the position of its first character, so that a
 * phrase of pairs is found exactly where the characters stand one behind the other: no word of a dictionary is in the way,
 * and two characters are one look-up. A text ends with its last character alone; one character is asked for as the beginning of a pair.
 *
 * Pairs of digits are few and stand in every document. Four letters or digits in a row are therefore one token more, at the
 * same position, and a number is asked for by fours where it has them.
 */
#include "search/search_int.h"

static size_t char_len(Str s, size_t at) {
  unsigned char c = (unsigned char)s.ptr[at];
  size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
  return at + n <= s.len ? n : s.len - at;
}

static bool word_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

static bool four(Str s, size_t at) {
  if (at + 4 > s.len) return false;
  for (size_t i = 0; i < 4; i++)
    if (!word_char(s.ptr[at + i])) return false;
  return true;
}

int search__tokens(Str s, bool query, SearchToken *take, void *arg) {
  int rc = 0;
  for (size_t at = 0; at < s.len && rc == 0;) {
    size_t one = char_len(s, at), two = at + one < s.len ? char_len(s, at + one) : 0;
    bool whole = four(s, at);
    if (!query) rc = take(arg, false, str_sub(s, at, one + two));
    if (!query && whole && rc == 0) rc = take(arg, true, str_sub(s, at, 4));
    /* The last character of a question says nothing that the pair before it did not. */
    if (query && (two || at == 0)) rc = take(arg, false, whole ? str_sub(s, at, 4) : str_sub(s, at, one + two));
    at += one;
  }
  return rc;
}

/* ---- folding ------------------------------------------------------------------------------------------- */

static uint32_t fold_char(uint32_t c) {
  static const struct { uint32_t from, to; } same[] = {
      {0x3010, '('}, {0x3011, ')'}, {0x3014, '('}, {0x3015, ')'}, {'[', '('}, {']', ')'}, {0x300A, '<'}, {0x300B, '>'},
      {0x3008, '<'}, {0x3009, '>'}, {0x201C, '"'}, {0x201D, '"'}, {0x2018, '\''}, {0x2019, '\''}, {0xFF0E, '.'}, {0x3000, ' '}};
  if (c >= 'A' && c <= 'Z') return c + 32;
  if (c == '\t' || c == '\n' || c == '\r' || c == 0xA0) return ' ';
  for (size_t i = 0; i < COUNT(same); i++)
    if (c == same[i].from) return same[i].to;
  return c;
}

static void put_char(Buf *b, uint32_t c) {
  if (c < 0x80) buf_char(b, (char)c);
  else if (c < 0x800) buf_fmt(b, "%c%c", (int)(0xC0 | c >> 6), (int)(0x80 | (c & 63)));
  else if (c < 0x10000) buf_fmt(b, "%c%c%c", (int)(0xE0 | c >> 12), (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
  else buf_fmt(b, "%c%c%c%c", (int)(0xF0 | c >> 18), (int)(0x80 | (c >> 12 & 63)), (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
}

Str search_fold(Arena *mem, Str s) {
  SCOPED(buf_drop) Buf b = {0};
  Str half = utf8_halfwidth(mem, str_trim(s));
  buf_init(&b, half.len * 2 + 8);
  uint32_t c = 0;
  for (size_t at = 0; at < half.len;) {
    size_t n = utf8_next(half, at, &c);
    uint32_t to = fold_char(c);
    bool again = to == ' ' && b.len && b.ptr[b.len - 1] == ' ';
    /* The last two planes say for whom a document is (index.c): nobody can type that. */
    if (!again && c < SEARCH_WHO_FIRST) {
      if (to == c && c >= 0x80) buf_add_n(&b, half.ptr + at, n);
      else put_char(&b, to);
    }
    at += n;
  }
  return arena_str(mem, str_trim(buf_str(&b)));
}

/* A number of the table `who` as two characters that no text has: the first of plane 15, the second of plane 16, so that
 * second and first of two neighbours are no third one. */
Str search__who_mark(Arena *mem, int64_t n) {
  SCOPED(buf_drop) Buf b = {0};
  REQUIRE(n >= 0 && n < (int64_t)0xFFF0 * 0xFFF0);
  buf_init(&b, 16);
  put_char(&b, SEARCH_WHO_FIRST + (uint32_t)(n / 0xFFF0));
  put_char(&b, SEARCH_WHO_SECOND + (uint32_t)(n % 0xFFF0));
  return arena_str(mem, buf_str(&b));
}

/* ---- names of the lists ------------------------------------------------------------------------------------ */

static const struct { const char *text, *label; } kinds[] = {
    [SEARCH_UNSET] = {"", ""},
#define X(name, text, label) [name] = {text, label},
    SEARCH_KIND_LIST(X)
#undef X
};

Str search_kind_text(SearchKind k) {
  return str_of(kinds[k].text);
}

Str search_kind_label(SearchKind k) {
  return str_of(kinds[k].label);
}

SearchKind search_kind_parse(Str text) {
  for (int k = 1; k < SEARCH_KIND__MAX; k++)
    if (str_eqz(text, kinds[k].text)) return (SearchKind)k;
  return SEARCH_UNSET;
}

Str search_how_text(SearchHow h) {
  static const char *const texts[] = {
      [HOW_UNSET] = "",
#define X(name, text) [name] = text,
      SEARCH_HOW_LIST(X)
#undef X
  };
  return str_of(texts[h]);
}
