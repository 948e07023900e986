/* SPDX-License-Identifier: Apache-2.0 */
/* S37: seats of the window and authorisations. The numbers are those of D60-6.19.2-p1. */
#include "city.h"
#include "org/staff.h"

#define SECOND "{\"post\":\"%s\",\"fit\":\"建筑工程专业，审批工作三年\",\"discipline\":true}"

static Day on(const char *text) {
  Day d = {0};
  REQUIRE(day_parse(str_of(text), &d));
  return d;
}

static Code second(City *c, Cx *cx, const char *id, const char *post) {
  c->unit = "window";
  return city_send(c, cx, "zhao", ROLE_WINDOW_HEAD, "user.second", id, arena_fmt(cx->mem, SECOND, post).ptr);
}

static Code authorise(City *c, Cx *cx, const char *unit, const char *id, const char *items, const char *from, const char *until) {
  Str end = *until ? arena_fmt(cx->mem, ",\"until\":\"%s\"", until) : S("");
  c->unit = unit;
  return city_send(c, cx, "head", ROLE_UNIT_HEAD, "user.authorise", id,
                   arena_fmt(cx->mem, "{\"items\":[%s],\"from\":\"%s\",\"document\":\"授权书1号\"%.*s}", items, from, SFMT(end)).ptr);
}

static Authority of(City *c, Cx *cx, const char *id, const char *unit, const char *item, const char *day, Day *edge) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  Authority a = AUTHORITY_UNSET;
  cx_clear(cx);
  Code code = reader_open(cx, c->runner, &rd);
  if (code == OK) code = authority_of(cx, reader_views(rd), str_of(id), str_of(unit), str_of(item), on(day), &a, edge);
  REQUIRE(code == OK);
  return a;
}

static size_t groups(City *c, Cx *cx, SeatGroup out[SEAT_GROUPS_MAX]) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  SeatRow *rows = NULL;
  size_t n = 0;
  cx_clear(cx);
  Code code = reader_open(cx, c->runner, &rd);
  if (code == OK) code = seats_list(cx, reader_views(rd), on("2019-09-02"), &rows, &n);
  REQUIRE(code == OK);
  return seat_groups(c->engine.env, rows, n, out);
}

TEST(the_seats_of_the_window_are_39_and_come_from_seven_places) {
  static const int seats[] = {16, 2, 1, 6, 4, 1, 9};
  City c;
  SeatGroup g[SEAT_GROUPS_MAX];
  int all = 0;
  city_open(&c, cx);
  size_t n = groups(&c, cx, g);
  EXPECT_INT(n, COUNT(seats));
  for (size_t i = 0; i < n && i < COUNT(seats); i++) {
    EXPECT_INT(g[i].seats, seats[i]);
    all += g[i].seats;
  }
  EXPECT_INT(all, 39);
  EXPECT_STR(g[0].unit, S("housing-construction"));
  EXPECT_STR(g[6].unit, S("")); /* 公共接入窗口 */
  city_drop(&c);
}

TEST(the_seventeenth_person_of_the_housing_bureau_is_one_too_many_and_is_warned_of) {
  City c;
  SeatGroup g[SEAT_GROUPS_MAX];
  city_open(&c, cx);
  for (int i = 1; i <= 17; i++) {
    const char *id = arena_fmt(cx->mem, "hc%d", i).ptr;
    REQUIRE(city_add(&c, cx, id, "approver", "housing-construction") == OK);
    EXPECT_INT(second(&c, cx, id, "seat-housing-approver"), OK);
    EXPECT_INT(city_user(&c, cx, id)->seat.over, i == 17 ? 1 : 0);
  }
  (void)groups(&c, cx, g);
  EXPECT(g[0].taken == 17 && g[0].seats == 16);
  c.unit = "window";
  EXPECT_INT(city_send(&c, cx, "zhao", ROLE_WINDOW_HEAD, "user.unseat", "hc3", "{\"reason\":\"回原单位\"}"), OK);
  (void)groups(&c, cx, g);
  EXPECT_INT(g[0].taken, 16);
  EXPECT_INT(city_send(&c, cx, "zhao", ROLE_WINDOW_HEAD, "user.unseat", "hc3", "{\"reason\":\"回原单位\"}"), CONFLICT);
  city_drop(&c);
}

TEST(whoever_is_seconded_fits_the_post_and_obeys_the_window) {
  City c;
  city_open(&c, cx);
  REQUIRE(city_add(&c, cx, "nr", "approver", "natural-resources") == OK && city_add(&c, cx, "li", "clerk", "window") == OK);
  c.unit = "window";
  EXPECT_INT(city_send(&c, cx, "zhao", ROLE_WINDOW_HEAD, "user.second", "nr", "{\"post\":\"seat-natural\",\"discipline\":true}"), INVALID);
  EXPECT_STR(cx->field, S("fit"));
  EXPECT_INT(city_send(&c, cx, "zhao", ROLE_WINDOW_HEAD, "user.second", "nr", "{\"post\":\"seat-natural\",\"fit\":\"土地管理专业\",\"discipline\":false}"), INVALID);
  EXPECT_STR(cx->field, S("discipline"));
  EXPECT_STR(cx->clause, S("D60-6.19.2-p2"));
  EXPECT_INT(second(&c, cx, "nr", "seat-counter"), INVALID);   /* no clerk */
  EXPECT_INT(second(&c, cx, "nr", "seat-emergency"), INVALID); /* of another bureau */
  EXPECT_INT(second(&c, cx, "nr", "window-clerk"), INVALID);   /* no seat */
  EXPECT_INT(second(&c, cx, "nr", "seat-natural"), OK);
  EXPECT_INT(second(&c, cx, "nr", "seat-natural"), CONFLICT);
  EXPECT_INT(second(&c, cx, "li", "seat-counter"), OK); /* a counter of the window is staffed by the bureau, whatever unit the account has */
  city_drop(&c);
}

TEST(an_authorisation_holds_for_a_person_an_item_and_its_days) {
  City c;
  Day edge;
  city_open(&c, cx);
  REQUIRE(city_add(&c, cx, "hc1", "approver", "housing-construction") == OK && city_add(&c, cx, "hc2", "approver", "housing-construction") == OK);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "construction-permit", "2019-09-02", &edge) == AUTHORITY_NONE);
  EXPECT_INT(authorise(&c, cx, "natural-resources", "hc1", "\"construction-permit\"", "2019-09-02", ""), DENIED); /* another bureau's head */
  EXPECT_INT(authorise(&c, cx, "housing-construction", "hc1", "\"land-preview\"", "2019-09-02", ""), INVALID);
  EXPECT_INT(authorise(&c, cx, "housing-construction", "hc1", "", "2019-09-02", ""), INVALID);
  EXPECT_INT(authorise(&c, cx, "housing-construction", "hc1", "\"construction-permit\"", "2019-09-02", "2019-09-01"), INVALID);
  EXPECT_INT(authorise(&c, cx, "housing-construction", "hc1", "\"construction-permit\"", "2019-09-10", "2019-12-31"), OK);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "construction-permit", "2019-09-09", &edge) == AUTHORITY_LATER && edge.n == on("2019-09-10").n);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "construction-permit", "2019-09-10", &edge) == AUTHORITY_LIVE);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "construction-permit", "2019-12-31", &edge) == AUTHORITY_LIVE);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "construction-permit", "2020-01-01", &edge) == AUTHORITY_OVER && edge.n == on("2019-12-31").n);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "completion-filing", "2019-09-10", &edge) == AUTHORITY_MISSING);
  EXPECT(of(&c, cx, "hc2", "housing-construction", "construction-permit", "2019-09-10", &edge) == AUTHORITY_MISSING);
  EXPECT(of(&c, cx, "nr", "natural-resources", "land-preview", "2019-09-10", &edge) == AUTHORITY_NONE); /* another unit has none */
  city_drop(&c);
}

TEST(what_is_revoked_ends_the_day_before_and_may_be_given_again) {
  City c;
  Day edge;
  city_open(&c, cx);
  REQUIRE(city_add(&c, cx, "hc1", "approver", "housing-construction") == OK);
  EXPECT_INT(authorise(&c, cx, "housing-construction", "hc1", "\"construction-permit\",\"completion-filing\"", "2019-08-01", ""), OK);
  EXPECT_INT(city_send(&c, cx, "head", ROLE_UNIT_HEAD, "user.revoke-authority", "hc1", "{\"item\":\"construction-permit\",\"reason\":\"调离岗位\"}"), OK);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "construction-permit", "2019-09-02", &edge) == AUTHORITY_OVER && edge.n == on("2019-09-01").n);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "construction-permit", "2019-09-01", &edge) == AUTHORITY_LIVE);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "completion-filing", "2019-09-02", &edge) == AUTHORITY_LIVE);
  EXPECT_INT(city_send(&c, cx, "head", ROLE_UNIT_HEAD, "user.revoke-authority", "hc1", "{\"item\":\"construction-permit\",\"reason\":\"调离岗位\"}"), CONFLICT);
  EXPECT_INT(authorise(&c, cx, "housing-construction", "hc1", "\"construction-permit\"", "2019-09-02", ""), OK);
  EXPECT(of(&c, cx, "hc1", "housing-construction", "construction-permit", "2019-09-02", &edge) == AUTHORITY_LIVE);
  VerifyReport report = {0};
  EXPECT_INT(store_verify(cx, &c.o, &report), OK);
  EXPECT(report.chain_ok && report.views_ok);
  city_drop(&c);
}

TEST(without_any_registration_the_setting_decides_but_a_seat_needs_an_authorisation) {
  Day none = {0};
  EXPECT_STR(authority_refusal(t->mem, AUTHORITY_NONE, none, false, S("allow"), S("甲")), S(""));
  EXPECT_STR(authority_refusal(t->mem, AUTHORITY_NONE, none, false, S(""), S("甲")), S(""));
  EXPECT(str_has(authority_refusal(t->mem, AUTHORITY_NONE, none, false, S("refuse"), S("甲")), S("没有办理“甲”的授权")));
  EXPECT(str_has(authority_refusal(t->mem, AUTHORITY_NONE, none, true, S("allow"), S("甲")), S("没有办理“甲”的授权")));
  EXPECT(str_has(authority_refusal(t->mem, AUTHORITY_MISSING, none, false, S("allow"), S("甲")), S("没有办理“甲”的授权")));
  EXPECT_STR(authority_refusal(t->mem, AUTHORITY_LIVE, none, true, S("refuse"), S("甲")), S(""));
  EXPECT(str_has(authority_refusal(t->mem, AUTHORITY_OVER, on("2019-12-31"), false, S("allow"), S("甲")), S("到 2019-12-31 为止")));
}
