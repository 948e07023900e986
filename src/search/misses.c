/* SPDX-License-Identifier: Apache-2.0 */
/*
 * misses.c: what was looked for and not found, counted by day: a small text file of this server, one line "2026-11-25<TAB>3<TAB>防空地下室易地建设".
 * Nobody's name stands beside a line, and numbers of people and enterprises are masked before anything is kept (docs/decisions/0060).
 */
#include "org/kit.h"
#include "search/search_int.h"

#include <stdlib.h>

/* Whoever asks nonsense all day fills no disk: 1 000 texts a day, 20 000 in all, each of 100 characters. */
enum { MISSES_A_DAY = 1000, MISSES_MAX = 20000, TEXT_MAX = 100, FILE_MAX = MISSES_MAX * (TEXT_MAX * 4 + 32), MASK_DIGITS = 7 };

typedef struct Miss { Str text; Day day; int64_t count; } Miss;
struct Misses {
  pthread_mutex_t lock;
  Arena *mem;              /* of the list; made anew when old days go */
  Miss *list; size_t count, cap;
  Str path;
  bool changed;
};

/* ---- masking ---------------------------------------------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* The end of the number or code that begins at `at`, and its digits: letters and digits together (91211400MA1234567X), or groups of digits with one space or
 * hyphen between (138 0000 1111). */
static size_t number_end(Str s, size_t at, int *digits) {
  size_t end = at;
  bool plain = true;
  *digits = 0;
  for (; end < s.len && is_alnum(s.ptr[end]); end++) {
    plain = plain && is_digit(s.ptr[end]);
    *digits += is_digit(s.ptr[end]);
  }
  while (plain && end + 1 < s.len && (s.ptr[end] == ' ' || s.ptr[end] == '-') && is_digit(s.ptr[end + 1]))
    for (end++; end < s.len && is_digit(s.ptr[end]); end++) ++*digits;
  return end;
}

Str search_masked(Arena *mem, Str asked) {
  SCOPED(buf_drop) Buf b = {0};
  Str s = str_trim(utf8_halfwidth(mem, asked));
  buf_init(&b, s.len * 4 + 16);
  for (size_t at = 0; at < s.len;) {
    int digits = 0;
    size_t end = is_alnum(s.ptr[at]) ? number_end(s, at, &digits) : at + 1;
    if (digits >= MASK_DIGITS) buf_add(&b, S("〔号码〕"));
    else if (end == at + 1 && (unsigned char)s.ptr[at] < 0x20) buf_char(&b, ' ');
    else buf_add(&b, (Str){.ptr = s.ptr + at, .len = end - at});
    at = end;
  }
  return str_trim(arena_str(mem, buf_str(&b)));
}

/* ---- counting --------------------------------------------------------------------------------------------------------- */

static void miss_add(Misses *m, Str text, Day day, int64_t count) {
  size_t today = 0;
  for (size_t i = m->count; i > 0; i--) { /* the newest stand last */
    Miss *x = &m->list[i - 1];
    if (x->day.n != day.n) continue;
    today++;
    if (!str_eq(x->text, text)) continue;
    x->count += count;
    m->changed = true;
    return;
  }
  if (today >= MISSES_A_DAY || m->count >= MISSES_MAX) return;
  *GROW(m->mem, m->list, m->count, m->cap, Miss) = (Miss){.text = arena_str(m->mem, text), .day = day, .count = count};
  m->changed = true;
}

void search_missed(Cx *cx, Search *s, Str asked, Day day) {
  Misses *m = s->misses;
  Str text = search_masked(cx->mem, asked);
  if (!m || !text.len || utf8_count(text) > TEXT_MAX || s->policies->current->search_keep_days < 1) return;
  pthread_mutex_lock(&m->lock);
  miss_add(m, text, day, 1);
  pthread_mutex_unlock(&m->lock);
}

static int by_text(const void *a, const void *b) {
  return str_cmp(((const SearchMiss *)a)->text, ((const SearchMiss *)b)->text);
}

static int more_often(const void *a, const void *b) {
  const SearchMiss *x = a, *y = b;
  if (x->count != y->count) return x->count < y->count ? 1 : -1;
  if (x->last.n != y->last.n) return x->last.n < y->last.n ? 1 : -1;
  return str_cmp(x->text, y->text);
}

void search_misses(Cx *cx, Search *s, Day today, SearchMiss **out, size_t *n) {
  Misses *m = s->misses;
  int32_t first = today.n - s->policies->current->search_keep_days + 1;
  *n = 0;
  *out = NULL;
  if (!m) return;
  pthread_mutex_lock(&m->lock);
  *out = arena_array(cx->mem, SearchMiss, m->count + 1);
  for (size_t i = 0; i < m->count; i++)
    if (m->list[i].day.n >= first) (*out)[(*n)++] = (SearchMiss){arena_str(cx->mem, m->list[i].text), m->list[i].count, m->list[i].day};
  pthread_mutex_unlock(&m->lock);
  qsort(*out, *n, sizeof **out, by_text);
  size_t kept = 0;
  for (size_t i = 0; i < *n; i++) {
    SearchMiss *x = &(*out)[i], *last = kept ? &(*out)[kept - 1] : NULL;
    if (last && str_eq(last->text, x->text)) {
      last->count += x->count;
      if (x->last.n > last->last.n) last->last = x->last;
    } else {
      (*out)[kept++] = *x;
    }
  }
  *n = kept;
  qsort(*out, *n, sizeof **out, more_often);
}

/* ---- the file --------------------------------------------------------------------------------------------------------- */

static void line_in(Misses *m, Str line) {
  Str day, rest, count, text;
  Day d;
  int64_t n;
  if (!str_cut(line, '\t', &day, &rest) || !str_cut(rest, '\t', &count, &text)) return;
  if (day_parse(day, &d) && str_to_i64(count, &n) && n > 0 && text.len && utf8_valid(text)) miss_add(m, text, d, n);
}

/* What is not there or not readable is nothing: counting begins anew. */
Misses *misses__open(Cx *cx, Str dir) {
  Misses *m = calloc(1, sizeof *m);
  Str text = S(""), line;
  if (!m) return NULL;
  pthread_mutex_init(&m->lock, NULL);
  m->mem = arena_open((size_t)32 << 20);
  m->path = arena_fmt(cx->mem, "%.*s/misses.txt", SFMT(dir));
  char *path = strndup(m->path.ptr, m->path.len);
  m->path = str_of(path);
  if (file_exists(m->path) && file_read(cx, m->path, FILE_MAX, &text) != OK) cx_clear(cx);
  while (text.len) {
    if (!str_cut(text, '\n', &line, &text)) line = text, text = S("");
    line_in(m, line);
  }
  m->changed = false;
  return m;
}

/* Days that are over go, and their text with them. */
static void forget(Misses *m, Day first) {
  Arena *old = m->mem;
  Misses fresh = {.mem = arena_open((size_t)32 << 20)};
  for (size_t i = 0; i < m->count; i++)
    if (m->list[i].day.n >= first.n) miss_add(&fresh, m->list[i].text, m->list[i].day, m->list[i].count);
  m->mem = fresh.mem;
  m->list = fresh.list;
  m->count = fresh.count;
  m->cap = fresh.cap;
  m->changed = true;
  arena_close(old);
}

Code misses__save(Cx *cx, Misses *m, int keep) {
  SCOPED(buf_drop) Buf b = {0};
  int32_t newest = 0;
  bool old = false;
  buf_init(&b, FILE_MAX);
  pthread_mutex_lock(&m->lock);
  for (size_t i = 0; i < m->count; i++) newest = m->list[i].day.n > newest ? m->list[i].day.n : newest;
  Day first = {newest - keep + 1};
  for (size_t i = 0; i < m->count; i++) old |= m->list[i].day.n < first.n;
  if (old) forget(m, first);
  bool changed = m->changed;
  for (size_t i = 0; changed && i < m->count; i++) {
    buf_add(&b, day_str(cx->mem, m->list[i].day));
    buf_char(&b, '\t');
    buf_i64(&b, m->list[i].count);
    buf_char(&b, '\t');
    buf_add(&b, m->list[i].text);
    buf_char(&b, '\n');
  }
  m->changed = false;
  pthread_mutex_unlock(&m->lock);
  return changed ? file_write(cx, m->path, buf_str(&b), 0600) : OK;
}

void misses__close(Cx *cx, Misses *m, int keep) {
  if (!m) return;
  if (misses__save(cx, m, keep) != OK) log_line(LOG_WARN, "search: %.*s", SFMT(cx->detail));
  arena_close(m->mem);
  pthread_mutex_destroy(&m->lock);
  free((char *)(uintptr_t)m->path.ptr);
  free(m);
}
