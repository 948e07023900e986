/* SPDX-License-Identifier: Apache-2.0 */
/* S35: who is in charge of what, on a day. The numbers are those of D63. */
#include "city.h"

#include <stdio.h>

static Day on(const char *text) {
  Day d = {0};
  REQUIRE(day_parse(str_of(text), &d));
  return d;
}

/* "分管：朱云；": every relation of a unit on a day. */
static Str who(City *c, Cx *cx, const char *unit, const char *day) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  Duty *list = NULL;
  size_t n = 0;
  Str all = S("");
  cx_clear(cx);
  if (reader_open(cx, c->runner, &rd) != OK || portfolio_of(cx, reader_views(rd), c->portfolio.env, str_of(unit), on(day), &list, &n) != OK) return cx->detail;
  for (size_t i = 0; i < n; i++)
    all = arena_fmt(cx->mem, "%.*s%.*s：%.*s；", SFMT(all), SFMT(relation_label(list[i].relation)), SFMT(list[i].leader));
  return all;
}

static Code change(City *c, Cx *cx, uint32_t roles, const char *args) {
  cx_clear(cx);
  return city_send(c, cx, "sys", roles, "portfolio.change", NULL, args);
}

TEST(the_document_of_2019_answers_from_its_day_on) {
  City c;
  city_open(&c, cx);
  EXPECT_STR(who(&c, cx, "business-environment", "2019-09-01"), S("分管：朱云；"));
  EXPECT_STR(who(&c, cx, "natural-resources", "2019-09-01"), S("分管：马文志；"));
  EXPECT_STR(who(&c, cx, "housing-construction", "2019-08-23"), S("分管：马文志；"));
  EXPECT_STR(who(&c, cx, "development-reform", "2019-09-01"), S("分管：胡伟；"));
  EXPECT_STR(who(&c, cx, "audit", "2019-09-01"), S("分管：王力威；协助分管：马文志；"));
  EXPECT_STR(who(&c, cx, "government-office", "2019-09-01"), S("分管：马文志；负责：宋晓东；"));
  EXPECT_STR(who(&c, cx, "meteorology", "2019-09-01"), S("联系：马文志；"));
  EXPECT_STR(who(&c, cx, "business-environment", "2019-07-01"), S("")); /* 未收录 */
  EXPECT_STR(who(&c, cx, "business-environment", "2019-08-22"), S(""));
  EXPECT_STR(who(&c, cx, "xingcheng", "2019-09-01"), S(""));
  city_drop(&c);
}

TEST(each_leader_has_as_many_units_as_the_document_names) {
  static const int charge[] = {1, 3, 5, 11, 9, 23, 2, 0}, liaison[] = {3, 5, 3, 14, 6, 9, 4, 0};
  City c;
  city_open(&c, cx);
  const Policy *p = c.portfolio.env;
  EXPECT_INT(p->leader_count, 8);
  for (size_t i = 0; i < p->leader_count && i < COUNT(charge); i++) {
    EXPECT_INT(p->leaders[i].charge_count, charge[i]);
    EXPECT_INT(p->leaders[i].liaison_count, liaison[i]);
    for (size_t k = 0; k < p->leaders[i].charge_count; k++) {
      const Unit *u = policy_unit_written(cx->mem, p, p->leaders[i].charge[k]);
      if (!u) fprintf(stderr, "%.*s\n", SFMT(p->leaders[i].charge[k]));
      EXPECT(u != NULL); /* every unit in charge is known */
    }
  }
  city_drop(&c);
}

TEST(a_later_change_holds_from_its_day_and_the_rest_stays) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(change(&c, cx, ROLE_SYSADMIN,
                    "{\"from\":\"2020-03-01\",\"document\":\"葫政办发〔2020〕示例号\",\"rows\":[{\"unit\":\"business-environment\",\"relation\":\"charge\",\"leader\":\"胡伟\"},"
                    "{\"unit\":\"audit\",\"relation\":\"assist\",\"leader\":\"\"}]}"), OK);
  EXPECT_STR(who(&c, cx, "business-environment", "2020-02-29"), S("分管：朱云；"));
  EXPECT_STR(who(&c, cx, "business-environment", "2020-03-01"), S("分管：胡伟；"));
  EXPECT_STR(who(&c, cx, "audit", "2020-03-01"), S("分管：王力威；"));
  EXPECT_STR(who(&c, cx, "education", "2020-03-01"), S("分管：朱云；"));
  EXPECT_INT(change(&c, cx, ROLE_SYSADMIN, /* a mistake of that day put right: two leaders */
                    "{\"from\":\"2020-03-01\",\"document\":\"葫政办发〔2020〕示例号\",\"rows\":[{\"unit\":\"business-environment\",\"relation\":\"charge\",\"leader\":\"朱云\"},"
                    "{\"unit\":\"business-environment\",\"relation\":\"charge\",\"leader\":\"孙亭\"}]}"), OK);
  EXPECT_STR(who(&c, cx, "business-environment", "2020-03-01"), S("分管：朱云；分管：孙亭；"));
  EXPECT_INT(change(&c, cx, ROLE_SYSADMIN, /* what held before the document of the package */
                    "{\"from\":\"2018-01-01\",\"document\":\"以前的分工（示例）\",\"rows\":[{\"unit\":\"education\",\"relation\":\"charge\",\"leader\":\"甲某\"}]}"), OK);
  EXPECT_STR(who(&c, cx, "education", "2019-07-01"), S("分管：甲某；"));
  EXPECT_STR(who(&c, cx, "education", "2019-09-01"), S("分管：朱云；"));
  city_drop(&c);
}

TEST(a_change_is_refused_with_what_is_wrong_in_it) {
  static const struct { const char *rows, *says; } bad[] = {
      {"[]", "分工"},
      {"[{\"unit\":\"nowhere\",\"relation\":\"charge\",\"leader\":\"朱云\"}]", "没有单位"},
      {"[{\"unit\":\"audit\",\"relation\":\"rule\",\"leader\":\"朱云\"}]", "不是一种关系"},
      {"[{\"unit\":\"audit\",\"relation\":\"charge\",\"leader\":\"朱\"}]", "2 到 20 个字"},
      {"[{\"unit\":\"audit\",\"relation\":\"charge\",\"leader\":\"朱云\"},{\"unit\":\"audit\",\"relation\":\"charge\",\"leader\":\"\"}]", "写了两次"}};
  City c;
  city_open(&c, cx);
  for (size_t i = 0; i < COUNT(bad); i++) {
    EXPECT_INT(change(&c, cx, ROLE_SYSADMIN, arena_fmt(cx->mem, "{\"from\":\"2020-03-01\",\"document\":\"示例文件\",\"rows\":%s}", bad[i].rows).ptr), INVALID);
    EXPECT(str_has(cx->detail, str_of(bad[i].says)));
  }
  EXPECT_INT(change(&c, cx, ROLE_SUPERVISOR, "{\"from\":\"2020-03-01\",\"document\":\"示例文件\",\"rows\":[{\"unit\":\"audit\",\"relation\":\"charge\",\"leader\":\"朱云\"}]}"), DENIED);
  city_drop(&c);
}
