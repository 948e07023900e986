/* SPDX-License-Identifier: Apache-2.0 */
/* Requests for accounts and roles: two persons, in one transaction with what follows. */
#include "city.h"

#define NEW(id, roles, unit) "{\"id\":\"" id "\",\"name\":\"李某\",\"roles\":\"" roles "\",\"unit\":\"" unit "\",\"reason\":\"接替调离的人\"}"

static Code ask(City *c, Cx *cx, const char *who, uint32_t role, const char *name, const char *args) {
  return city_send(c, cx, who, role, name, NULL, args);
}

static Code answer(City *c, Cx *cx, const char *who, uint32_t role, const char *name, int no, const char *args) {
  return city_stream(c, cx, who, role, name, arena_fmt(cx->mem, "access/%d", no).ptr, args);
}

static bool says(const Cx *cx, const char *what) {
  return str_has(cx->detail, str_of(what));
}

TEST(an_account_is_there_when_another_person_has_approved_it) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("li", "clerk,window_head", "window")), OK);
  EXPECT(city_user(&c, cx, "li") == NULL);
  EXPECT_INT(answer(&c, cx, "sys", ROLE_SYSADMIN, "access.approve", 1, "{}"), DENIED);
  EXPECT_INT(answer(&c, cx, "sys", ROLE_SECADMIN, "access.approve", 1, "{}"), DENIED); /* has become the other administrator meanwhile */
  EXPECT(says(cx, "是您提出的"));
  EXPECT(city_user(&c, cx, "li") == NULL);
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.approve", 1, "{}"), OK);
  for (int i = 0; i < 2; i++) {
    const User *u = city_user(&c, cx, "li");
    EXPECT(u && u->roles == (ROLE_CLERK | ROLE_WINDOW_HEAD) && !u->password_ref.len);
    if (u) EXPECT_STR(u->unit, S("window"));
    city_reopen(&c, cx);
  }
  EXPECT_INT(answer(&c, cx, "sec2", ROLE_SECADMIN, "access.approve", 1, "{}"), CONFLICT);
  EXPECT(says(cx, "已由sec于") && says(cx, "已批准"));
  EXPECT_INT(answer(&c, cx, "sec2", ROLE_SECADMIN, "access.refuse", 1, "{\"reason\":\"来迟了\"}"), CONFLICT);
  city_drop(&c);
}

TEST(refused_or_taken_back_nothing_is_there_and_it_may_be_asked_again) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("li", "clerk", "window")), OK);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("li", "clerk", "window")), CONFLICT);
  EXPECT(says(cx, "第 1 号申请还在等"));
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.refuse", 1, "{}"), INVALID);
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.refuse", 1, "{\"reason\":\"岗位还没有批\"}"), OK);
  EXPECT(city_user(&c, cx, "li") == NULL);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("li", "clerk", "window")), OK);
  EXPECT_INT(answer(&c, cx, "sys2", ROLE_SYSADMIN, "access.withdraw", 2, "{}"), DENIED);
  EXPECT_INT(answer(&c, cx, "sys", ROLE_SYSADMIN, "access.withdraw", 2, "{}"), OK);
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.approve", 2, "{}"), CONFLICT);
  EXPECT(says(cx, "已收回"));
  SCOPED(reader_close_p) Reader *rd = NULL;
  Access *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  cx_clear(cx);
  EXPECT_INT(reader_open(cx, c.runner, &rd), OK);
  EXPECT_INT(access_list(cx, reader_views(rd), &(AccessFilter){.over = true, .limit = 10}, &rows, &n, &total), OK);
  EXPECT(n == 2 && total == 2 && rows[0].no == 2 && rows[0].status == ACCESS_WITHDRAWN && rows[1].status == ACCESS_REFUSED);
  if (n == 2) EXPECT_STR(rows[1].end_reason, S("岗位还没有批"));
  EXPECT_INT(access_list(cx, reader_views(rd), &(AccessFilter){.waiting = true, .limit = 10}, &rows, &n, &total), OK);
  EXPECT(!n && !total);
  city_drop(&c);
}

TEST(other_roles_hold_when_they_are_approved_and_only_what_was_looked_at) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.change", "{\"id\":\"wang\",\"roles\":\"clerk\",\"unit\":\"window\",\"reason\":\"没有变\"}"), INVALID);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.change", "{\"id\":\"nobody\",\"roles\":\"clerk\",\"unit\":\"window\",\"reason\":\"没有人\"}"), NOT_FOUND);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.change", "{\"id\":\"wang\",\"roles\":\"approver\",\"unit\":\"longgang\",\"reason\":\"调到龙港区\"}"), OK);
  EXPECT_INT(city_user(&c, cx, "wang")->roles, ROLE_CLERK);
  EXPECT_INT(answer(&c, cx, "wang", ROLE_SECADMIN, "access.approve", 1, "{}"), DENIED);
  EXPECT(says(cx, "您本人的账号"));
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.approve", 1, "{}"), OK);
  EXPECT_INT(city_user(&c, cx, "wang")->roles, ROLE_APPROVER);
  EXPECT_STR(city_user(&c, cx, "wang")->unit, S("longgang"));
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.change", "{\"id\":\"wang\",\"roles\":\"leader\",\"reason\":\"当了领导\"}"), OK);
  EXPECT_INT(city_send(&c, cx, "system", ROLE_SYSTEM, "user.change", "wang", "{\"roles\":\"unit_head\"}"), OK);
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.approve", 2, "{}"), CONFLICT);
  EXPECT(says(cx, "申请以后变了"));
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.refuse", 2, "{\"reason\":\"已经变了\"}"), OK);
  EXPECT_INT(city_user(&c, cx, "wang")->roles, ROLE_UNIT_HEAD);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.change", "{\"id\":\"wang\",\"roles\":\"leader\",\"reason\":\"当了领导\"}"), OK);
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.approve", 3, "{}"), OK);
  EXPECT_STR(city_user(&c, cx, "wang")->unit, S("")); /* what is not named holds no longer */
  city_drop(&c);
}

TEST(what_an_account_may_not_be_is_refused_when_asked_and_when_approved) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "sys", "sysadmin", ""), OK);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("wang", "clerk", "window")), CONFLICT);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("Li", "clerk", "window")), INVALID);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("li", "clerk", "nowhere")), INVALID);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("li", "sysadmin,clerk", "window")), INVALID);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.change", "{\"id\":\"sys\",\"roles\":\"auditor\",\"reason\":\"换一样\"}"), INVALID); /* the last of his kind */
  for (uint32_t bit = 0; bit < 16; bit++)
    if (!((1u << bit) & ROLE_SYSADMIN)) EXPECT_INT(ask(&c, cx, "x", 1u << bit, "access.create", NEW("li", "clerk", "window")), DENIED);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.create", NEW("li", "clerk", "window")), OK);
  EXPECT_INT(city_add(&c, cx, "li", "leader", ""), OK); /* the machine was faster */
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.approve", 1, "{}"), CONFLICT);
  EXPECT_INT(city_user(&c, cx, "li")->roles, ROLE_LEADER);
  /* Two administrators of a kind, both asked to become something else: the second is the last when he is approved. */
  EXPECT_INT(city_add(&c, cx, "sys2", "sysadmin", ""), OK);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.change", "{\"id\":\"sys\",\"roles\":\"auditor\",\"reason\":\"换一样\"}"), OK);
  EXPECT_INT(ask(&c, cx, "sys", ROLE_SYSADMIN, "access.change", "{\"id\":\"sys2\",\"roles\":\"auditor\",\"reason\":\"换一样\"}"), OK);
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.approve", 2, "{}"), OK);
  EXPECT_INT(answer(&c, cx, "sec", ROLE_SECADMIN, "access.approve", 3, "{}"), INVALID);
  EXPECT(says(cx, "最后一名"));
  EXPECT_INT(city_user(&c, cx, "sys2")->roles, ROLE_SYSADMIN); /* neither approved nor changed */
  city_drop(&c);
}

TEST(roles_are_not_the_system_administrators_to_give_nor_the_passwords_of_administrators) {
  static const char *const rights[] = {"{\"roles\":\"window_head\"}", "{\"unit\":\"longgang\"}", "{\"org_uscc\":\"" USCC "\"}", "{\"org_name\":\"示例公司\"}"};
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  EXPECT_INT(city_add(&c, cx, "sec", "secadmin", ""), OK);
  for (size_t i = 0; i < COUNT(rights); i++) {
    EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.change", "wang", rights[i]), DENIED);
    EXPECT(says(cx, "安全管理员同意"));
  }
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.change", "wang", "{\"name\":\"王改名\"}"), OK);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.assign", "wang", "{\"roles\":\"leader\"}"), DENIED);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.admit", NULL, "{\"id\":\"li\",\"name\":\"李某\",\"roles\":\"leader\"}"), DENIED);
  EXPECT_INT(city_password(&c, cx, "sys", ROLE_SYSADMIN, "sec", GOOD_PASSWORD), DENIED);
  EXPECT(says(cx, "三员之一"));
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.issue-token", "sec",
                       "{\"name\":\"x\",\"hash\":\"0000000000000000000000000000000000000000000000000000000000000000\"}"), DENIED);
  EXPECT_INT(city_password(&c, cx, "system", ROLE_SYSTEM, "sec", GOOD_PASSWORD), OK);
  EXPECT(!city_user(&c, cx, "sec")->initial);
  EXPECT_INT(city_password(&c, cx, "sec", ROLE_SECADMIN, "sec", "Another-2020"), OK);
  city_drop(&c);
}

TEST(a_first_password_stays_one_until_its_person_has_changed_it) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  EXPECT_INT(city_password(&c, cx, "sys", ROLE_SYSADMIN, "wang", GOOD_PASSWORD), OK);
  EXPECT(city_user(&c, cx, "wang")->initial);
  city_reopen(&c, cx);
  EXPECT(city_user(&c, cx, "wang")->initial);
  EXPECT_INT(city_password(&c, cx, "wang", ROLE_CLERK, "wang", "Another-2020"), OK);
  EXPECT(!city_user(&c, cx, "wang")->initial);
  city_drop(&c);
}

TEST(each_role_says_what_it_allows) {
  for (uint32_t bit = 1; bit < ROLE_SYSTEM; bit <<= 1) EXPECT(role_allows((Role)bit).len > 20);
}
