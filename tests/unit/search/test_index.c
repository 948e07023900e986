/* SPDX-License-Identifier: Apache-2.0 */
/* The index: exact for every length, private, replaced as a whole. */
#include "../approval/world.h"
#include "search/search_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const Str everybody[] = {{.ptr = "all", .len = 3}};

typedef struct Desk { Search *s; Str dir; Policies policies; const Policy *list[1]; } Desk;

static void desk_open(Desk *d, Cx *cx) {
  char name[] = P_tmpdir "/yichuang-search-XXXXXX";
  REQUIRE(mkdtemp(name) != NULL);
  *d = (Desk){.dir = arena_str(cx->mem, str_of(name))};
  d->list[0] = huludao(cx);
  d->policies = (Policies){.current = d->list[0], .all = d->list, .count = 1};
  REQUIRE(search_open(cx, d->dir, &d->policies, &d->s) == OK);
}

static void desk_drop(Desk *d, Cx *cx) {
  static const char *const tails[] = {"search.db", "search.db-wal", "search.db-shm", ""};
  search_close(d->s);
  for (size_t i = 0; i < COUNT(tails); i++) remove(arena_z(cx->mem, arena_fmt(cx->mem, "%.*s/%s", SFMT(d->dir), tails[i])));
}

static uint32_t dice(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* Documents of clauses of the package, cut and mixed, each with a number. */
enum { DOCS = 600, QUERIES = 400 };
static Str mixed_text(Arena *mem, const Policy *p, uint32_t *seed, int no) {
  Str all = S("");
  for (uint32_t k = dice(seed) % 4 + 1; k; k--) {
    Str one = p->clauses[dice(seed) % p->clause_count].text;
    all = arena_fmt(mem, "%.*s%.*s", SFMT(all), SFMT(one));
  }
  return arena_fmt(mem, "%.*s葫规验字第%06d号", SFMT(all), no * 37);
}

static void mixed_make(Desk *d, Cx *cx, Str texts[DOCS]) {
  uint32_t seed = 7;
  SearchDoc *docs = arena_array(cx->mem, SearchDoc, DOCS);
  for (int i = 0; i < DOCS; i++) {
    texts[i] = mixed_text(cx->mem, d->list[0], &seed, i);
    docs[i] = (SearchDoc){.kind = SEARCH_CLAUSE, .key = arena_fmt(cx->mem, "%d", i), .title = S("※"), .text = texts[i], .who = everybody, .who_count = 1};
    texts[i] = search_fold(cx->mem, texts[i]);
  }
  REQUIRE(index__begin(cx, d->s->writer) == OK);
  REQUIRE(index__end(cx, d->s->writer, index__replace(cx, d->s->writer, S("mixed"), docs, DOCS)) == OK);
}

/* A piece of one of the texts: 1 to 8 characters, or a part of its number; one in eight is changed and stands nowhere or by chance. */
static Str piece(Arena *mem, Str texts[DOCS], uint32_t *seed) {
  Str t = texts[dice(seed) % DOCS];
  size_t count = utf8_count(t), from = dice(seed) % count, n = dice(seed) % 8 + 1, begin = 0, end;
  uint32_t c = 0;
  if (dice(seed) % 8 == 0) from = count - 8, n = dice(seed) % 6 + 1;
  for (size_t i = 0; i < from; i++) begin += utf8_next(t, begin, &c);
  end = begin;
  for (size_t i = 0; i < n && end < t.len; i++) end += utf8_next(t, end, &c);
  Str s = search_fold(mem, str_sub(t, begin, end - begin));
  return dice(seed) % 8 ? s : arena_fmt(mem, "%.*s%s", SFMT(s), dice(seed) % 2 ? "工" : "1");
}

/* What a plain scan finds, in the order in which it is asked for: what has the place first. */
static bool as_scanned(Str texts[DOCS], Str word, Str place, const SearchHit *hits, size_t n, size_t *want) {
  bool fits = true;
  for (int side = 0; side < 2; side++)
    for (size_t i = 0; i < DOCS && fits; i++) {
      int64_t no = -1;
      bool here = place.len && str_has(texts[i], place);
      if (!str_has(texts[i], word) || here == (side == 1)) continue;
      fits = *want < n && str_to_i64(hits[(*want)++].key, &no) && no == (int64_t)i;
    }
  return fits;
}

TEST(four_hundred_questions_find_exactly_what_a_plain_scan_finds) {
  Desk d;
  Str *texts = arena_array(t->mem, Str, DOCS);
  SearchHit *hits = arena_array(t->mem, SearchHit, DOCS);
  uint32_t seed = 11;
  int same = 0, found_any = 0, short_ones = 0;
  desk_open(&d, cx);
  mixed_make(&d, cx, texts);
  for (int q = 0; q < QUERIES; q++) {
    Str word = piece(t->mem, texts, &seed);
    if (!word.len) word = S("审批");
    Str place = q % 2 ? S("") : S("县"); /* every other one with a place */
    SearchAsk ask = {.place = {.any = {place}, .count = q % 2 ? 0 : 1}, .words = {{.any = {word}, .count = 1}}, .count = 1, .who = everybody, .who_count = 1, .max = DOCS};
    size_t n = 0, want = 0;
    int64_t total = 0;
    bool fits = search_find(cx, d.s, &ask, hits, &n, &total) == OK && (int64_t)n == total;
    fits = fits && as_scanned(texts, word, place, hits, n, &want);
    if (!fits || want != n) printf("%.*s: %zu, scan %zu\n", SFMT(word), n, want);
    same += fits && want == n;
    found_any += n > 0;
    short_ones += utf8_count(word) <= 2;
  }
  EXPECT_INT(same, QUERIES);
  EXPECT(found_any > 300 && found_any < QUERIES && short_ones > 60); /* the questions are worth something */
  desk_drop(&d, cx);
}

static int64_t count(Desk *d, Cx *cx, const char *word, SearchKind kind, const Str *who, size_t n) {
  SearchHit hit;
  size_t found = 0;
  int64_t total = -1;
  SearchAsk ask = {.words = {{.any = {search_fold(cx->mem, str_of(word))}, .count = 1}}, .count = 1, .kind = kind, .who = who, .who_count = n, .max = 1};
  REQUIRE(search_find(cx, d->s, &ask, &hit, &found, &total) == OK);
  return total;
}

static void put(Desk *d, Cx *cx, const char *group, const SearchDoc *docs, size_t n) {
  REQUIRE(index__begin(cx, d->s->writer) == OK);
  REQUIRE(index__end(cx, d->s->writer, index__replace(cx, d->s->writer, str_of(group), docs, n)) == OK);
}

TEST(nobody_finds_or_counts_what_is_not_for_him) {
  Desk d;
  const Str mine[] = {S("o:A"), S("u:x")}, both[] = {S("all"), S("u:x")}, other[] = {S("all"), S("u:y"), S("o:B")}, odd[] = {S("u:unheard-of")};
  desk_open(&d, cx);
  SearchDoc docs[] = {{.kind = SEARCH_CASE, .key = S("case/1"), .title = S("滨海路商住项目"), .text = S("HLD-000001-A"), .who = mine, .who_count = 2},
                      {.kind = SEARCH_CASE, .key = S("case/2"), .title = S("滨海路小学"), .text = S(""), .who = everybody, .who_count = 1}};
  put(&d, cx, "project/1", docs, 1);
  put(&d, cx, "project/2", docs + 1, 1);
  EXPECT_INT(count(&d, cx, "滨海", SEARCH_UNSET, mine, 1), 1);
  EXPECT_INT(count(&d, cx, "滨海", SEARCH_CASE, both, 2), 2);
  EXPECT_INT(count(&d, cx, "滨海", SEARCH_CASE, other, 3), 1);
  EXPECT_INT(count(&d, cx, "滨", SEARCH_UNSET, other, 3), 1);
  EXPECT_INT(count(&d, cx, "HLD-000001-A", SEARCH_UNSET, other, 3), 0);
  EXPECT_INT(count(&d, cx, "滨海", SEARCH_UNSET, odd, 1), 0);
  EXPECT_INT(count(&d, cx, "滨海", SEARCH_UNSET, NULL, 0), 0);
  EXPECT_INT(count(&d, cx, "滨海", SEARCH_PAPER, both, 2), 0);
  /* the words of the index's own language are only text */
  EXPECT_INT(count(&d, cx, "\" OR \"滨", SEARCH_UNSET, other, 3), 0);
  EXPECT_INT(count(&d, cx, "滨海) OR (who", SEARCH_UNSET, other, 3), 0);
  desk_drop(&d, cx);
}

TEST(no_text_can_name_an_audience) {
  Desk d;
  const Str a[] = {S("o:A")}, b[] = {S("o:B")};
  desk_open(&d, cx);
  SearchDoc doc = {.kind = SEARCH_CASE, .key = S("case/1"), .title = S("甲"), .text = S("乙丙"), .who = a, .who_count = 1};
  put(&d, cx, "project/1", &doc, 1);
  for (int n = 0; n < 8; n++) {
    Str mark = search__who_mark(cx->mem, n), typed = arena_fmt(cx->mem, "乙丙%.*s", SFMT(mark));
    EXPECT_STR(search_fold(cx->mem, mark), S(""));
    EXPECT_STR(search_fold(cx->mem, typed), S("乙丙"));
  }
  EXPECT_INT(count(&d, cx, "乙丙", SEARCH_UNSET, b, 1), 0);
  desk_drop(&d, cx);
}

TEST(a_group_is_replaced_as_a_whole_and_nothing_of_it_stays) {
  Desk d;
  desk_open(&d, cx);
  SearchDoc docs[] = {{.kind = SEARCH_CASE, .key = S("case/1"), .title = S("旧名称"), .text = S("一号"), .who = everybody, .who_count = 1},
                      {.kind = SEARCH_PAPER, .key = S("cert/1/x"), .title = S("旧证"), .text = S("二号"), .who = everybody, .who_count = 1}};
  put(&d, cx, "project/1", docs, 2);
  docs[0].title = S("新名称");
  put(&d, cx, "project/1", docs, 1);
  EXPECT_INT(count(&d, cx, "旧", SEARCH_UNSET, everybody, 1), 0);
  EXPECT_INT(count(&d, cx, "二号", SEARCH_UNSET, everybody, 1), 0);
  EXPECT_INT(count(&d, cx, "新名称", SEARCH_UNSET, everybody, 1), 1);
  desk_drop(&d, cx);
}

TEST(a_file_that_is_damaged_or_of_another_version_is_made_anew) {
  Desk d;
  desk_open(&d, cx);
  SearchDoc doc = {.kind = SEARCH_UNIT, .key = S("unit/x"), .title = S("某局"), .text = S(""), .who = everybody, .who_count = 1};
  put(&d, cx, "package", &doc, 1);
  search_close(d.s);
  REQUIRE(search_open(cx, d.dir, &d.policies, &d.s) == OK);
  EXPECT_INT(count(&d, cx, "某局", SEARCH_UNSET, everybody, 1), 1);
  REQUIRE(index__set(cx, d.s->writer, S("version"), S("0")) == OK);
  search_close(d.s);
  REQUIRE(search_open(cx, d.dir, &d.policies, &d.s) == OK);
  EXPECT_INT(count(&d, cx, "某局", SEARCH_UNSET, everybody, 1), 0);
  search_close(d.s);
  REQUIRE(file_write(cx, arena_fmt(cx->mem, "%.*s/search.db", SFMT(d.dir)), S("this is no database at all, but a text"), 0600) == OK);
  REQUIRE(search_open(cx, d.dir, &d.policies, &d.s) == OK);
  put(&d, cx, "package", &doc, 1);
  EXPECT_INT(count(&d, cx, "某局", SEARCH_UNSET, everybody, 1), 1);
  desk_drop(&d, cx);
}

/* Nine, in this order from wherever one begins. */
static void expect_pages(Test *t, Cx *cx, Desk *d, SearchAsk ask, const char *const order[9]) {
  SearchHit hit[4];
  ask.who = everybody;
  ask.who_count = 1;
  ask.max = COUNT(hit);
  for (ask.from = 0; ask.from < 9; ask.from++) {
    size_t n = 0;
    int64_t total = 0;
    EXPECT_INT(search_find(cx, d->s, &ask, hit, &n, &total), OK);
    EXPECT_INT(total, 9);
    EXPECT_INT(n, ask.from + 4 <= 9 ? 4 : 9 - ask.from);
    for (size_t i = 0; i < n; i++) EXPECT_STR(hit[i].key, str_of(order[ask.from + i]));
  }
}

TEST(titles_come_first_and_pages_go_on_where_the_last_one_ended) {
  Desk d;
  SearchDoc docs[9];
  desk_open(&d, cx);
  for (int i = 0; i < 9; i++)
    docs[i] = (SearchDoc){.kind = SEARCH_SERVICE, .key = arena_fmt(cx->mem, "%d", i), .title = i % 3 ? S("别的") : S("联合验收"), .text = S("联合验收"), .who = everybody, .who_count = 1};
  put(&d, cx, "package", docs, 9);
  static const char *const order[] = {"0", "3", "6", "1", "2", "4", "5", "7", "8"};
  expect_pages(t, cx, &d, (SearchAsk){.words = {{.any = {S("联合"), S("没有的")}, .count = 2}}, .count = 1}, order);
  desk_drop(&d, cx);
}

TEST(what_has_the_place_comes_first_and_nothing_is_lost_for_it) {
  Desk d;
  SearchDoc docs[9];
  desk_open(&d, cx);
  for (int i = 0; i < 9; i++)
    docs[i] = (SearchDoc){.kind = SEARCH_SERVICE, .key = arena_fmt(cx->mem, "%d", i), .title = i % 3 ? S("别的") : S("联合验收"), .text = i % 4 == 3 ? S("联合验收，绥中县") : S("联合验收"), .who = everybody, .who_count = 1};
  put(&d, cx, "package", docs, 9);
  static const char *const order[] = {"3", "7", "0", "6", "1", "2", "4", "5", "8"};
  expect_pages(t, cx, &d, (SearchAsk){.words = {{.any = {S("联合")}, .count = 1}}, .count = 1, .place = {.any = {S("绥中")}, .count = 1}}, order);
  desk_drop(&d, cx);
}

TEST(folding_makes_equal_what_people_take_for_equal) {
  EXPECT_STR(search_fold(cx->mem, S("　葫政办发［2019］６０号 ")), S("葫政办发(2019)60号"));
  EXPECT_STR(search_fold(cx->mem, S("葫政办发〔2019〕60号")), S("葫政办发(2019)60号"));
  EXPECT_STR(search_fold(cx->mem, S("HLD—000123—C\t\n x")), S("hld-000123-c x"));
  EXPECT_STR(search_fold(cx->mem, S("《办法》“一”")), S("<办法>\"一\""));
  EXPECT_STR(search_fold(cx->mem, S("𠮷野")), S("𠮷野"));
}
