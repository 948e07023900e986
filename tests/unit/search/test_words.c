/* SPDX-License-Identifier: Apache-2.0 */
/* What people type: other names, sounds, errors, questions. */
#include "../approval/world.h"
#include "search/search_int.h"
#include "policy/sayings.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct Desk { Search *s; Str dir; Policies policies; const Policy *list[1]; } Desk;

static void desk_open(Desk *d, Cx *cx) {
  char name[] = P_tmpdir "/yichuang-words-XXXXXX";
  REQUIRE(mkdtemp(name) != NULL);
  *d = (Desk){.dir = arena_str(cx->mem, str_of(name))};
  d->list[0] = huludao(cx);
  d->policies = (Policies){.current = d->list[0], .all = d->list, .count = 1};
  REQUIRE(search_open(cx, d->dir, &d->policies, &d->s) == OK && search_package(cx, d->s, d->list[0]) == OK);
}

static void desk_drop(Desk *d, Cx *cx) {
  static const char *const tails[] = {"search.db", "search.db-wal", "search.db-shm", "misses.txt", ""};
  search_close(d->s);
  for (size_t i = 0; i < COUNT(tails); i++) remove(arena_z(cx->mem, arena_fmt(cx->mem, "%.*s/%s", SFMT(d->dir), tails[i])));
}

/* The first way that finds something, what it finds first, and how it was taken. */
static SearchHow first_found(Desk *d, Cx *cx, const char *typed, SearchHit *hit, Str *to) {
  static const Str everybody[] = {{.ptr = "all", .len = 3}};
  Understood ways[UNDERSTOOD_MAX];
  size_t n = search_understand(cx, d->s, str_of(typed), false, ways);
  for (size_t i = 0; i < n; i++)
    for (int k = 1; k < SEARCH_KIND__MAX; k++) {
      SearchAsk ask = {.count = ways[i].count, .kind = (SearchKind)k, .who = everybody, .who_count = 1, .max = 1};
      size_t found = 0;
      int64_t total = 0;
      memcpy(ask.words, ways[i].words, sizeof ask.words);
      REQUIRE(search_find(cx, d->s, &ask, hit, &found, &total) == OK);
      *to = ways[i].to;
      if (found) return ways[i].how;
    }
  return HOW_UNSET;
}

TEST(everything_that_people_type_for_a_permit_leads_to_it) {
  static const struct { const char *typed, *key; SearchHow how; } cases[] = {
      {"施工许可证", "stage/3", HOW_TYPED},      {"施工许可", "stage/3", HOW_TYPED},          {"开工证", "stage/3", HOW_ALIAS},
      {"建筑工程施工许可证", "stage/3", HOW_ALIAS}, {"建设用地规划许可证", "stage/1", HOW_ALIAS}, {"sgxkz", "stage/3", HOW_PINYIN},
      {"shigongxukezheng", "stage/3", HOW_PINYIN}, {"shigongxuke", "stage/3", HOW_PINYIN},    {"SGXKZ", "stage/3", HOW_PINYIN},
      {"shi gong xu ke zheng", "stage/3", HOW_PINYIN}, {"shigxkz", "stage/3", HOW_PINYIN},    {"shigongxukezhemg", "stage/3", HOW_PINYIN},
      {"施工许可正", "stage/3", HOW_TYPO},       {"施工许证", "stage/3", HOW_TYPO},           {"施工许可可证", "stage/3", HOW_TYPO},
      {"施许工可证", "stage/3", HOW_TYPO},       {"使工许可证", "stage/3", HOW_TYPO},         {"怎么申请施工许可证", "stage/3", HOW_ASKED},
      {"施工许可证怎么办理？", "stage/3", HOW_ASKED}, {"请问施工许可证需要什么材料", "stage/3", HOW_ASKED}, {"怎么申请联合验收", "stage/4", HOW_ASKED},
      {"lhys", "stage/4", HOW_PINYIN},           {"免费代办", "page/agent", HOW_TYPED},       {"jindu", "page/track", HOW_PINYIN}};
  Desk d;
  desk_open(&d, cx);
  for (size_t i = 0; i < COUNT(cases); i++) {
    SearchHit hit = {0};
    Str to = S("");
    SearchHow how = first_found(&d, cx, cases[i].typed, &hit, &to);
    if (how != cases[i].how || !str_eqz(hit.key, cases[i].key))
      printf("%s: %.*s %.*s → %.*s\n", cases[i].typed, SFMT(search_how_text(how)), SFMT(hit.key), SFMT(to));
    EXPECT(how == cases[i].how);
    EXPECT_STR(hit.key, str_of(cases[i].key));
  }
  desk_drop(&d, cx);
}

TEST(a_place_is_where_and_the_rest_is_what_is_asked_for) {
  static const struct { const char *typed, *key, *place; SearchHow how; } cases[] = {
      {"装修店铺 龙港区", "category/renovation", "龙港区", HOW_ALIAS}, {"施工许可 绥中", "stage/3", "绥中县", HOW_TYPED}, {"绥中施工许可证", "stage/3", "绥中县", HOW_TYPED},
      {"龙港区的施工许可正", "stage/3", "龙港区", HOW_TYPO}, {"龙港区政府", "unit/longgang", "", HOW_TYPED}, {"绥中县", "unit/suizhong", "", HOW_ALIAS},
      {"高新技术产业开发区 施工许可证", "stage/3", "高新技术产业开发区", HOW_TYPED}};
  Desk d;
  desk_open(&d, cx);
  for (size_t i = 0; i < COUNT(cases); i++) {
    Understood u[UNDERSTOOD_MAX];
    SearchHit hit = {0};
    Str to = S("");
    size_t n = search_understand(cx, d.s, str_of(cases[i].typed), false, u);
    EXPECT(n > 0);
    EXPECT_STR(u[0].place_name, str_of(cases[i].place));
    EXPECT(first_found(&d, cx, cases[i].typed, &hit, &to) == cases[i].how);
    EXPECT_STR(hit.key, str_of(cases[i].key));
    EXPECT(u[0].place.count || !u[0].place_unit.len);
  }
  EXPECT_INT(search_understand(cx, d.s, S("施工许可 绥中"), true, (Understood[UNDERSTOOD_MAX]){{0}}), 1);
  desk_drop(&d, cx);
}

/* Every word of the package's search.yaml leads to something that is there. */
TEST(every_word_of_the_package_leads_to_a_name_that_exists) {
  const Policy *p = huludao(cx);
  Words *w = words__of(cx->mem, p, NULL);
  EXPECT(p->saying_count > 20 && p->sphere_count > 10);
  for (size_t i = 0; i < p->saying_count; i++) {
    const Term *term = words__find(w, search_fold(cx->mem, p->sayings[i].means));
    if (!term || !term->key.len) printf("nothing is called %.*s\n", SFMT(p->sayings[i].means));
    EXPECT(term && term->key.len);
  }
}

static Str in_english(Str zh) {
  return str_eqz(zh, "供水报装") ? S("Water supply application") : zh;
}

TEST(english_forgives_order_case_number_and_one_letter) {
  static const struct { const char *asked, *key; bool loose; } cases[] = {
      {"building permit", "stage/3", false}, {"permits for a building", "stage/3", false}, {"biulding permits", "stage/3", false}, {"how do i get the planning permit", "stage/2", false},
      {"application for water supplies", "item/supply-water", false}, {"fire safety design of my shop", "item/fire-design-filing", false}, {"swimming permit", "", false},
      {"swimming permit", "stage/3", true}, {"xylophone lessons", "", true}};
  Words *w = words__of(cx->mem, huludao(cx), in_english);
  for (size_t i = 0; i < COUNT(cases); i++) {
    const Term *term = english__find(cx->mem, w, str_of(cases[i].asked), cases[i].loose);
    EXPECT_STR(term ? term->key : S(""), str_of(cases[i].key));
  }
  EXPECT(english__is(S("fire 2")) && !english__is(S("12")) && !english__is(S("消防 fire")));
}

TEST(plain_questions_are_told_apart_and_what_they_are_about) {
  static const struct { const char *asked; SearchQuestion what; const char *key; } cases[] = {
      {"谁分管建设", ASKS_LEADER, "unit/housing-construction"}, {"谁分管市审计局？", ASKS_LEADER, "unit/audit"}, {"谁分管乡村振兴", ASKS_LEADER, "leader/马文志"},
      {"施工许可证归谁管", ASKS_UNIT, "stage/3"}, {"用地预审是哪个部门办", ASKS_UNIT, "item/land-preview"}, {"环保局电话", ASKS_PHONE, "unit/ecology-environment"},
      {"几点上班", ASKS_HOURS, ""}, {"谁分管", ASKS_LEADER, ""}, {"how long does a building permit take", ASKS_DAYS, "stage/3"},
      {"feedback", ASKS_NOTHING, ""}, {"施工许可证", ASKS_NOTHING, ""}};
  Desk d;
  desk_open(&d, cx);
  for (size_t i = 0; i < COUNT(cases); i++) {
    SearchAsked q;
    bool asked = search_asked(cx, d.s, d.list[0], str_of(cases[i].asked), &q);
    EXPECT(asked == (cases[i].what != ASKS_NOTHING) && q.what == cases[i].what);
    if (!str_eqz(q.key, cases[i].key)) printf("%s: about %.*s, %.*s\n", cases[i].asked, SFMT(q.about), SFMT(q.key));
    EXPECT_STR(q.key, str_of(cases[i].key));
  }
  EXPECT(search_unit(d.list[0], S("stage/3")) == policy_unit(d.list[0], S("housing-construction")) && !search_unit(d.list[0], S("leader/马文志")));
  desk_drop(&d, cx);
}

TEST(units_are_found_by_their_plates_their_old_names_and_their_leader) {
  static const struct { const char *typed, *key; } cases[] = {{"自然资源局", "unit/natural-resources"}, {"市住建局", "unit/housing-construction"},
      {"规划局", "unit/natural-resources"}, {"市人防办", "unit/housing-construction"}, {"zrzyj", "unit/natural-resources"}, {"住房乡城建设局", "unit/housing-construction"}};
  Desk d;
  desk_open(&d, cx);
  for (size_t i = 0; i < COUNT(cases); i++) {
    SearchHit hit = {0};
    Understood ways[UNDERSTOOD_MAX];
    size_t n = search_understand(cx, d.s, str_of(cases[i].typed), false, ways), found = 0;
    static const Str everybody[] = {{.ptr = "all", .len = 3}};
    for (size_t k = 0; k < n && !found; k++) {
      SearchAsk ask = {.count = ways[k].count, .kind = SEARCH_UNIT, .who = everybody, .who_count = 1, .max = 1};
      int64_t total = 0;
      memcpy(ask.words, ways[k].words, sizeof ask.words);
      EXPECT_INT(search_find(cx, d.s, &ask, &hit, &found, &total), OK);
    }
    EXPECT_STR(hit.key, str_of(cases[i].key));
  }
  desk_drop(&d, cx);
}

TEST(literal_means_literal_and_nonsense_finds_nothing_but_leads_on) {
  Desk d;
  Understood ways[UNDERSTOOD_MAX];
  SearchHit near[3];
  SearchHit hit = {0};
  Str to = S("");
  desk_open(&d, cx);
  EXPECT_INT(search_understand(cx, d.s, S("sgxkz"), true, ways), 1);
  EXPECT(ways[0].how == HOW_TYPED && ways[0].count == 1 && ways[0].words[0].count == 1);
  EXPECT_INT(search_understand(cx, d.s, S(" 　"), false, ways), 0);
  EXPECT(first_found(&d, cx, "魑魅魍魉", &hit, &to) == HOW_UNSET);
  EXPECT_INT(search_near(cx, d.s, S("魑魅魍魉"), near, 3), 0);
  EXPECT_INT(search_near(cx, d.s, S("办个烧烤摊的施工许可"), near, 3), 3);
  EXPECT(near[0].kind == SEARCH_SERVICE && !str_eq(near[0].key, near[1].key) && !str_eq(near[1].key, near[2].key));
  desk_drop(&d, cx);
}

TEST(suggestions_begin_with_what_was_typed_then_contain_it_then_sound_like_it) {
  Desk d;
  SearchTip tips[8];
  desk_open(&d, cx);
  size_t n = search_suggest(cx, d.s, S("施工许可"), tips, 8);
  EXPECT(n == 8 || n > 3);
  EXPECT(str_starts(tips[0].text, S("施工许可")));
  n = search_suggest(cx, d.s, S("sgxk"), tips, 8);
  EXPECT(n > 0 && str_has(tips[0].text, S("施工许可")));
  n = search_suggest(cx, d.s, S("开工"), tips, 8);
  EXPECT(n > 0);
  bool alias = false;
  for (size_t i = 0; i < n; i++) alias |= str_eqz(tips[i].text, "开工证") && tips[i].to.len > 0;
  EXPECT(alias);
  EXPECT_INT(search_suggest(cx, d.s, S(""), tips, 8), 0);
  EXPECT_INT(search_suggest(cx, d.s, S("魑魅魍魉"), tips, 8), 0);
  desk_drop(&d, cx);
}

TEST(a_question_for_days_is_answered_from_the_package_or_not_at_all) {
  static const struct { const char *asked; int stage, days; } cases[] = {
      {"社会投资工业类要多少天", 0, 70}, {"工业类多久", 0, 70}, {"社会投资工业类施工许可要几天", 3, 24}, {"改造类要多长时间", 0, 35}};
  SearchDays d;
  for (size_t i = 0; i < COUNT(cases); i++) {
    EXPECT(search_days(cx->mem, huludao(cx), str_of(cases[i].asked), &d));
    EXPECT_INT(d.stage, cases[i].stage);
    EXPECT_INT(d.days, cases[i].days);
  }
  EXPECT(!search_days(cx->mem, huludao(cx), S("社会投资工业类"), &d));
  EXPECT(!search_days(cx->mem, huludao(cx), S("火星基地要多少天"), &d));
  EXPECT(!search_days(cx->mem, huludao(cx), S("要多少天"), &d));
}

TEST(letters_match_syllables_initials_and_both_mixed) {
  Str text = S("施工许可证");
  EXPECT(pinyin__match(S("sgxkz"), text, 0) == PIN_WHOLE);
  EXPECT(pinyin__match(S("shigongxkzheng"), text, 0) == PIN_WHOLE);
  EXPECT(pinyin__match(S("sg"), text, 0) == PIN_PART);
  EXPECT(pinyin__match(S("shigo"), text, 0) == PIN_PART);
  EXPECT(pinyin__match(S("sgxkx"), text, 0) == PIN_NONE);
  EXPECT(pinyin__match(S("sgxkzs"), text, 0) == PIN_NONE);
  EXPECT(pinyin__match(S("gxk"), text, 3) == PIN_PART);
  EXPECT(pinyin__match(S("tiaozheng"), S("调整"), 0) == PIN_WHOLE && pinyin__match(S("diaocha"), S("调查"), 0) == PIN_WHOLE);
  EXPECT(pinyin__match(S("bim"), S("bim审查"), 0) == PIN_PART);
  EXPECT_STR(pinyin__of(cx->mem, S("葫芦岛2019")), S("huludao2019"));
}

TEST(one_error_is_one_character) {
  EXPECT(words__near(S("施工许可证"), S("施工许可正")));
  EXPECT(words__near(S("施工许可证"), S("施工许可")) && words__near(S("施工许可"), S("施工许可证")));
  EXPECT(words__near(S("施工许可证"), S("施许工可证")));
  EXPECT(!words__near(S("施工许可证"), S("施工规划证")) && !words__near(S("施工许可证"), S("许可证")));
  EXPECT(!words__near(S("abcd"), S("badc")));
}

/* ---- what was not found ------------------------------------------------------------------------------------------ */

TEST(numbers_of_people_and_enterprises_are_masked) {
  static const struct { const char *asked, *kept; } list[] = {
      {"张三 13800001111", "张三 〔号码〕"}, {"138 0000 1111", "〔号码〕"}, {"211403199001011234", "〔号码〕"}, {"21140319900101123X的案子", "〔号码〕的案子"},
      {"91211400MA1001378P", "〔号码〕"}, {"１３８００００１１１１", "〔号码〕"}, {"0429-3112345", "〔号码〕"}, {"HLD-000007-M", "HLD-000007-M"}, {" 2026年 第12号\t令 ", "2026年 第12号 令"},
      {"permit 12", "permit 12"}};
  for (size_t i = 0; i < COUNT(list); i++) EXPECT_STR(search_masked(cx->mem, str_of(list[i].asked)), str_of(list[i].kept));
}

TEST(what_was_not_found_is_counted_by_day_kept_and_forgotten) {
  Desk d;
  SearchMiss *all = NULL;
  size_t n = 0;
  Day first = day_ymd(2026, 8, 1), last = day_ymd(2026, 11, 25);
  desk_open(&d, cx);
  search_missed(cx, d.s, S("渔业码头"), first);
  for (int i = 0; i < 3; i++) search_missed(cx, d.s, S(" 渔业码头 "), last);
  search_missed(cx, d.s, S("防空地下室易地建设"), last);
  search_missed(cx, d.s, S("王五 13900002222"), last);
  search_missed(cx, d.s, S("  "), last);
  search_misses(cx, d.s, first, &all, &n);
  EXPECT_INT(n, 3);
  search_misses(cx, d.s, last, &all, &n); /* 90 days: the first is over */
  EXPECT(n == 3 && str_eqz(all[0].text, "渔业码头") && all[0].count == 3 && all[0].last.n == last.n);
  EXPECT_STR(all[2].text, S("防空地下室易地建设"));
  search_close(d.s); /* brings it to the file */
  Str file = S("");
  EXPECT_INT(file_read(cx, arena_fmt(cx->mem, "%.*s/misses.txt", SFMT(d.dir)), 4096, &file), OK);
  EXPECT(str_has(file, S("2026-11-25\t3\t渔业码头\n")) && !str_has(file, S("2026-08-01")) && !str_has(file, S("139")));
  EXPECT_INT(search_open(cx, d.dir, &d.policies, &d.s), OK);
  search_missed(cx, d.s, S("渔业码头"), last);
  search_misses(cx, d.s, last, &all, &n);
  EXPECT(n == 3 && all[0].count == 4);
  for (int i = 0; i < 1500; i++) search_missed(cx, d.s, arena_fmt(cx->mem, "没有的事%d", i), last); /* whoever asks nonsense all day */
  search_misses(cx, d.s, last, &all, &n);
  EXPECT_INT(n, 1000);
  Policy silent = *d.list[0];
  silent.search_keep_days = 0;
  d.policies.current = &silent;
  search_missed(cx, d.s, S("还是没有"), (Day){last.n + 1});
  search_misses(cx, d.s, (Day){last.n + 1}, &all, &n);
  EXPECT_INT(n, 0);
  d.policies.current = d.list[0];
  desk_drop(&d, cx);
}
