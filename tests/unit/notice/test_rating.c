/* SPDX-License-Identifier: Apache-2.0 */
/* S23: asked after the delivery, answered once, a bad one answered by the window, published by category with n. */
#include "hall.h"

#define ANSWER(level) "{'level':" level ",'felt':4,'gained':3,'satisfied':5}"

static void delivered(Town *w, Cx *cx, int project) {
  Code code = OK;
  if (project > 1) code = town_do(w, cx, "owner", "project.register", NULL, arena_fmt(cx->mem, "{'no':%d}", project).ptr);
  REQUIRE(code == OK);
  code = town_do(w, cx, "clerk", "project.act", arena_fmt(cx->mem, "project/%d", project).ptr, "{'kind':'stage.delivered','stage':2,'certificate':'HLD-ZJ2-000001-1'}");
  REQUIRE(code == OK);
}

static const Verdict *rating(Town *w, Cx *cx, int project) {
  const Verdict *r = NULL;
  Code code = rating_load(cx, w->reader, project, 2, &r);
  REQUIRE(code == OK);
  return r;
}

TEST(after_the_delivery_the_applicant_is_asked) {
  Town w;
  Message *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  hall_open(&w, cx);
  delivered(&w, cx, 1);
  EXPECT_STR(hall_titles(&w, cx, "owner"), S("证件已送达 请评价这次办理"));
  EXPECT_INT(messages_list(cx, w.reader, S("owner"), false, 0, 10, &list, &n, &total), OK);
  EXPECT_STR(message_link(cx->mem, &list[0]), S("/my/rating/1/2"));
  EXPECT_STR(rating(&w, cx, 1)->status, S("open"));
  EXPECT_STR(rating(&w, cx, 1)->unit, S("natural-resources"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_same_case_cannot_answer_twice) {
  Town w;
  hall_open(&w, cx);
  delivered(&w, cx, 1);
  NO(DENIED, "stranger", "rating.answer", "rating/1-2", ANSWER("5"));
  NO(INVALID, "owner", "rating.answer", "rating/1-2", "{'felt':4,'gained':3,'satisfied':5}"); /* no default */
  NO(INVALID, "owner", "rating.answer", "rating/1-2", ANSWER("6"));
  NO(INVALID, "owner", "rating.answer", "rating/1-2", "{'level':5,'felt':4,'gained':3,'satisfied':5,'aspects':['price']}");
  DO("partner", "rating.answer", "rating/1-2", ANSWER("4"));
  NO(CONFLICT, "owner", "rating.answer", "rating/1-2", ANSWER("1"));
  SAYS("2019-09-02 09:00 评价为“满意”");
  NO(CONFLICT, "system", "rating.answer-by-link", "rating/1-2", ANSWER("1"));
  NO(NOT_FOUND, "owner", "rating.answer", "rating/2-2", ANSWER("1"));
  EXPECT_INT(rating(&w, cx, 1)->level, 4);
  NO(CONFLICT, "head", "rating.reply", "rating/1-2", "{'found':'情况属实，已核实','done':'已经整改完毕','called':true}");
  town_drop(&w);
}

TEST(a_bad_answer_is_a_task_of_the_window_with_a_limit) {
  Town w;
  hall_open(&w, cx);
  delivered(&w, cx, 1);
  DO("system", "rating.answer-by-link", "rating/1-2", "{'level':2,'felt':2,'gained':3,'satisfied':1,'aspects':['efficiency','ease'],'text':'跑了三趟'}");
  const Verdict *r = rating(&w, cx, 1);
  EXPECT(r->link && r->days == 15);
  EXPECT_STR(r->aspects, S("efficiency,ease"));
  EXPECT_STR(hall_titles(&w, cx, "head"), S("收到差评"));
  Reading due = rating_reading(&w.policy, r, w.now);
  EXPECT_STR(day_str(cx->mem, due.due), S("2019-09-24")); /* 15 working days after 2 September, Mid-Autumn on the 13th left out */
  EXPECT(due.lamp == LAMP_GREEN);
  town_on(&w, "2019-09-25");
  EXPECT(rating_reading(&w.policy, rating(&w, cx, 1), w.now).lamp == LAMP_RED);
  NO(DENIED, "clerk", "rating.reply", "rating/1-2", "{'found':'情况属实，已核实','done':'已经整改完毕','called':true}");
  NO(INVALID, "head", "rating.reply", "rating/1-2", "{'found':'属实','done':'已经整改完毕','called':true}");
  DO("head", "rating.reply", "rating/1-2", "{'found':'情况属实，已核实','done':'已经整改完毕','called':true}");
  NO(CONFLICT, "head", "rating.reply", "rating/1-2", "{'found':'情况属实，已核实','done':'已经整改完毕','called':true}");
  EXPECT_STR(rating(&w, cx, 1)->status, S("replied"));
  EXPECT_STR(hall_titles(&w, cx, "owner"), S("证件已送达 请评价这次办理 评价已答复"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(results_are_summed_by_category_and_by_department_with_n) {
  static const char *const answers[] = {ANSWER("5"), ANSWER("4"), ANSWER("1")};
  Town w;
  RatingSum *list = NULL;
  size_t n = 0;
  hall_open(&w, cx);
  for (int i = 1; i <= 4; i++) delivered(&w, cx, i);
  for (int i = 0; i < 3; i++)
    EXPECT_INT(town_do(&w, cx, "owner", "rating.answer", arena_fmt(cx->mem, "rating/%d-2", i + 1).ptr, answers[i]), OK);
  EXPECT_INT(ratings_sum(cx, w.reader, false, &list, &n), OK);
  EXPECT(n == 1);
  EXPECT_STR(list[0].key, S("industry"));
  EXPECT_INT(list[0].asked, 4);
  EXPECT_INT(list[0].n, 3);
  EXPECT_INT(list[0].mean, 333); /* (5 + 4 + 1) / 3 = 3.33 */
  EXPECT_INT(list[0].felt, 400);
  EXPECT_INT(list[0].gained, 300);
  EXPECT_INT(list[0].satisfied, 500);
  EXPECT(list[0].bad == 1 && list[0].level[5] == 1 && list[0].level[4] == 1 && list[0].level[1] == 1);
  EXPECT_INT(ratings_sum(cx, w.reader, true, &list, &n), OK);
  EXPECT(n == 1 && list[0].mean == 333 && list[0].n == 3);
  EXPECT_STR(list[0].key, S("natural-resources"));
  town_drop(&w);
}

TEST(the_secret_of_a_link_is_the_same_each_time_and_another_for_each) {
  Town w;
  Str one, again, other;
  hall_open(&w, cx);
  EXPECT_INT(rating_token(cx, w.reader, 1, 2, &one), OK);
  EXPECT_INT(rating_token(cx, w.reader, 1, 2, &again), OK);
  EXPECT_INT(rating_token(cx, w.reader, 1, 3, &other), OK);
  EXPECT_INT(one.len, 26);
  EXPECT(str_eq(one, again) && !str_eq(one, other));
  Reader *plain = NULL;
  EXPECT_INT(reader_open_dir(cx, &w.o, &plain), OK);
  EXPECT_INT(rating_token(cx, plain, 1, 2, &again), DENIED);
  cx_clear(cx);
  reader_close(plain);
  town_drop(&w);
}

TEST(without_the_setting_nobody_is_asked) {
  Town w;
  const Verdict *r = NULL;
  hall_open(&w, cx);
  w.policy.rating_days = 0;
  delivered(&w, cx, 1);
  EXPECT_INT(rating_load(cx, w.reader, 1, 2, &r), NOT_FOUND);
  cx_clear(cx);
  town_drop(&w);
}
