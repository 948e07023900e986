/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c: what a text of paragraphs is made of. Offices number 一、 （一） 1． （1）; the number of a paragraph, or of what stands above it, is its
 * name, so that an anchor stays when words change.
 */
#include "publish/publish.h"

enum { HEAD_MAX = 40 }; /* characters: what is longer is no heading, whatever stands before it */

static size_t next_char(Str s, size_t at, uint32_t *c) {
  *c = 0;
  return at < s.len ? utf8_next(s, at, c) : 0;
}

static int digit_cn(uint32_t c) {
  static const uint32_t digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D}; /* 一 … 九 */
  for (size_t i = 0; i < COUNT(digits); i++)
    if (c == digits[i]) return (int)i + 1;
  return 0;
}

/* 二十一 at *at, which is moved behind it; 0: none. */
static int number_cn(Str s, size_t *at) {
  enum { TEN = 0x5341 };
  int n = 0, last = 0;
  uint32_t c;
  for (size_t step; (step = next_char(s, *at, &c)) != 0; *at += step) {
    if (c == TEN) n = (last ? last : 1) * 10, last = 0;
    else if (digit_cn(c)) last = digit_cn(c);
    else break;
  }
  return n + last;
}

static int number_plain(Str s, size_t *at) {
  int n = 0;
  while (*at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9' && n < 1000) n = n * 10 + (s.ptr[(*at)++] - '0');
  return n;
}

static bool eat(Str s, size_t *at, const char *mark) {
  if (!str_starts(str_sub(s, *at, SIZE_MAX), str_of(mark))) return false;
  *at += strlen(mark);
  return true;
}

typedef enum Level { LEVEL_NONE, LEVEL_1, LEVEL_2, LEVEL_3, LEVEL_4 } Level;

static Level level_of(Str s, int *n) {
  size_t at = 0;
  *n = number_cn(s, &at);
  if (*n && eat(s, &at, "、")) return LEVEL_1;
  at = 0;
  bool wide = eat(s, &at, "（") || eat(s, &at, "(");
  if (wide) {
    size_t from = at;
    *n = number_cn(s, &at);
    if (*n && (eat(s, &at, "）") || eat(s, &at, ")"))) return LEVEL_2;
    at = from;
    *n = number_plain(s, &at);
    return *n && (eat(s, &at, "）") || eat(s, &at, ")")) ? LEVEL_4 : LEVEL_NONE;
  }
  *n = number_plain(s, &at);
  return *n && (eat(s, &at, "．") || (eat(s, &at, ".") && !(at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9')) || eat(s, &at, "、")) ? LEVEL_3 : LEVEL_NONE;
}

static bool ends_sentence(Str s) {
  static const char *const marks[] = {"。", "；", "：", "，", "！", "？", "）"};
  for (size_t i = 0; i < COUNT(marks); i++)
    if (str_ends(s, str_of(marks[i]))) return true;
  return false;
}

typedef struct Outline {
  Arena *mem;
  Block *out;
  size_t n;
  bool numbered;        /* the text has a 一、 */
  bool title;           /* the title of what is issued with a notice has been met */
  bool items_are_long;  /* the （一） of this part are paragraphs, not headings */
  bool fresh;           /* no （一） of this part yet */
  Str part, section, here; /* 2 · 2.4 · where paragraphs without a number belong */
  int plain, annex, lines;
} Outline;

static void put(Outline *r, BlockKind kind, Str id, Str text) {
  r->out[r->n++] = (Block){.kind = kind, .id = id, .anchor = text_anchor(r->mem, id), .text = text};
}

/* Below `id`, paragraphs without a number are its p1, p2 … */
static void stand(Outline *r, Str id) {
  r->here = id;
  r->plain = 0;
}

static Str under(Outline *r, Str above, int n, const char *pattern) {
  Str own = arena_fmt(r->mem, "%d", n);
  return above.len ? arena_fmt(r->mem, "%.*s%s%.*s%s", SFMT(above), pattern[0] == '(' ? "-(" : ".", SFMT(own), pattern[0] == '(' ? ")" : "") : own;
}

static bool numbered_line(Outline *r, Str line) {
  int n;
  Level level = level_of(line, &n);
  bool brief = utf8_count(line) <= HEAD_MAX;
  if (level == LEVEL_NONE) return false;
  if (level == LEVEL_1) {
    r->part = r->section = under(r, S(""), n, ".");
    r->fresh = true;
    stand(r, r->part);
    put(r, brief ? BLOCK_HEAD : BLOCK_PARA, r->part, line);
  } else if (level == LEVEL_2) {
    if (r->fresh) r->items_are_long = !brief;
    r->fresh = false;
    r->section = under(r, r->part, n, ".");
    stand(r, r->section);
    put(r, brief && !r->items_are_long ? BLOCK_SUBHEAD : BLOCK_PARA, r->section, line);
  } else if (level == LEVEL_3) {
    Str id = under(r, r->section, n, ".");
    stand(r, id);
    put(r, BLOCK_PARA, id, line);
  } else {
    ptrdiff_t cut = str_find(r->here, S("-("));
    Str id = under(r, cut < 0 ? r->here : str_sub(r->here, 0, (size_t)cut), n, "(");
    stand(r, id);
    put(r, BLOCK_PARA, id, line);
  }
  return true;
}

/* Before the first 一、: what the notice says, the title of what it issues, the preamble of that. In a text without any, paragraphs are 1, 2 … */
static void opening_line(Outline *r, Str line) {
  if (!r->numbered) {
    if (str_ends(line, S("："))) put(r, BLOCK_PARA, S("cover"), line);
    else put(r, BLOCK_PARA, arena_fmt(r->mem, "%d", ++r->plain), line);
    return;
  }
  if (!ends_sentence(line) && !r->title) {
    r->title = true;
    r->plain = 0;
    put(r, BLOCK_TITLE, S("plantitle"), line);
    return;
  }
  Str name = r->title ? S("preamble") : S("cover");
  put(r, BLOCK_PARA, r->plain++ ? arena_fmt(r->mem, "%.*s-p%d", SFMT(name), r->plain) : name, line);
}

static void annex_line(Outline *r, Str line) {
  bool heading = r->lines && (str_eqz(r->out[r->n - 1].text, "附件：") || str_eqz(r->out[r->n - 1].text, "附件"));
  put(r, heading ? BLOCK_TITLE : str_ends(line, S("。")) ? BLOCK_PARA : BLOCK_LINE, arena_fmt(r->mem, "annex-%d", ++r->lines), line);
}

static void one_line(Outline *r, Str line) {
  r->annex |= str_starts(line, S("附件"));
  if (r->annex) annex_line(r, line);
  else if (numbered_line(r, line)) return;
  else if (!r->here.len) opening_line(r, line);
  else put(r, BLOCK_PARA, arena_fmt(r->mem, "%.*s-p%d", SFMT(r->here), ++r->plain), line);
}

size_t text_blocks(Arena *mem, Str text, Block **out) {
  size_t lines = 2;
  int n;
  for (size_t i = 0; i < text.len; i++) lines += text.ptr[i] == '\n';
  Outline r = {.mem = mem, .out = arena_array(mem, Block, lines)};
  Str rest = text, line;
  for (bool more = true; more;) {
    more = str_cut(rest, '\n', &line, &rest);
    r.numbered |= level_of(str_trim(line), &n) == LEVEL_1;
  }
  rest = text;
  for (bool more = true; more;) {
    more = str_cut(rest, '\n', &line, &rest);
    if (str_trim(line).len) one_line(&r, str_trim(line));
  }
  *out = r.out;
  return r.n;
}

Str text_anchor(Arena *mem, Str id) {
  char *out = arena_alloc(mem, id.len + 2, 1, 1);
  size_t n = 0;
  out[n++] = 'c';
  for (size_t i = 0; i < id.len; i++)
    if (id.ptr[i] != '(' && id.ptr[i] != ')') out[n++] = id.ptr[i] == '.' ? '_' : id.ptr[i];
  return (Str){.ptr = out, .len = n};
}

/* ---- interpretations ------------------------------------------------------------------------------------------------ */

/* 三、主要内容： → 主要内容 */
static Str bare(Str line) {
  size_t at = 0;
  Str s = str_trim(line);
  if (eat(s, &at, "（") && number_cn(s, &at) && eat(s, &at, "）")) s = str_sub(s, at, SIZE_MAX);
  else {
    at = 0;
    if (number_cn(s, &at) && eat(s, &at, "、")) s = str_sub(s, at, SIZE_MAX);
  }
  if (str_ends(s, S("："))) s = str_sub(s, 0, s.len - strlen("："));
  return str_trim(s);
}

typedef enum Heading { HEADING_ABSENT = 1, HEADING_EMPTY = 2, HEADING_FILLED = 4 } Heading;

static bool is_heading(const Disclosure *d, Str line) {
  Str name = bare(line);
  bool is = false;
  for (size_t i = 0; i < d->heading_count; i++) is |= str_eq(name, d->headings[i].name);
  return is;
}

static Heading heading_state(const Disclosure *d, Str material, Str heading) {
  Str rest = material, line;
  bool inside = false;
  Heading state = HEADING_ABSENT;
  for (bool more = true; more;) {
    more = str_cut(rest, '\n', &line, &rest);
    if (is_heading(d, line)) {
      inside = str_eq(bare(line), heading);
      if (inside) state = HEADING_EMPTY;
    } else if (inside && str_trim(line).len) return HEADING_FILLED;
  }
  return state;
}

static Str headings_in(Arena *mem, const Disclosure *d, Str material, int states) {
  Str out = S("");
  for (size_t i = 0; i < d->heading_count; i++)
    if (states & (int)heading_state(d, material, d->headings[i].name)) out = arena_fmt(mem, "%.*s%s%.*s", SFMT(out), out.len ? "、" : "", SFMT(d->headings[i].name));
  return out;
}

Str text_missing(Arena *mem, const Disclosure *d, Str material) {
  return headings_in(mem, d, material, HEADING_ABSENT | HEADING_EMPTY);
}

Str text_empty(Arena *mem, const Disclosure *d, Str material) {
  return headings_in(mem, d, material, HEADING_EMPTY);
}

bool text_begun(const Disclosure *d, Str material) {
  Str rest = material, line;
  for (bool more = true; more;) {
    more = str_cut(rest, '\n', &line, &rest);
    if (str_trim(line).len && !is_heading(d, line)) return true;
  }
  return false;
}

Str text_template(Arena *mem, const Disclosure *d) {
  static const char *const numbers[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
  Str out = S("");
  for (size_t i = 0; i < d->heading_count && i < COUNT(numbers); i++) out = arena_fmt(mem, "%.*s%s%s、%.*s\n", SFMT(out), i ? "\n" : "", numbers[i], SFMT(d->headings[i].name));
  return out;
}
