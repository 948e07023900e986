/* SPDX-License-Identifier: Apache-2.0 */
/* Who is told what, once, and what was read. */
#include <stdio.h>

#include "hall.h"

#define TAKEN(more) "{'kind':'item.taken','stage':2,'item':'planning-permit','taken':'张然'" more "}"

TEST(an_act_tells_those_whom_the_rules_name) {
  Town w;
  hall_open(&w, cx);
  ACT("{'kind':'stage.submitted','stage':2,'receipt':'SL-000001-2-1'}");
  EXPECT_STR(hall_titles(&w, cx, "owner"), S("申请已提交"));
  EXPECT_STR(hall_titles(&w, cx, "clerk"), S("有申请待受理"));
  EXPECT_STR(hall_titles(&w, cx, "head"), S(""));
  ACT("{'kind':'stage.accepted','stage':2}");
  ACT("{'kind':'stage.slip-drafted','stage':2}");
  EXPECT_STR(hall_titles(&w, cx, "head"), S("派转单待阅批"));
  ACT(TAKEN(""));
  EXPECT_STR(hall_titles(&w, cx, "owner"), S("申请已提交 申请已受理"));
  EXPECT_INT(hall_unread(&w, cx, "owner"), 1); /* that it was handed in is settled by the acceptance */
  EXPECT_STR(hall_titles(&w, cx, "partner"), S(""));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

/* An agent does it in the name of the owner. */
static Code in_the_name(Town *w, Cx *cx, const char *args) {
  Json *tree = NULL;
  Code code = json_parse(cx, str_of(args), &tree);
  REQUIRE(code == OK);
  Command cmd = {.name = S("project.act"), .stream = S("project/1"), .key = arena_fmt(cx->mem, "agent-%06d", ++w->keys), .now = w->now, .args = tree,
                 .actor = {.id = S("partner"), .name = S("周代"), .roles = ROLE_AGENT, .behalf = S("葫芦岛示例机械有限公司")}};
  code = runner_run(cx, w->runner, &cmd, &w->r);
  reader_begin(w->reader);
  return code;
}

TEST(what_an_agent_does_at_once_is_told_to_the_owner_and_what_the_owner_does_is_not) {
  Town w;
  Message *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  hall_open(&w, cx);
  EXPECT_INT(town_do(&w, cx, "owner", "project.act", "project/1", "{'kind':'stage.withdrawn','stage':2}"), OK);
  EXPECT_INT(town_do(&w, cx, "owner", "project.act", "project/1", "{'kind':'item.reapplied','stage':2,'item':'planning-permit'}"), OK);
  EXPECT_STR(hall_titles(&w, cx, "owner"), S(""));
  EXPECT_INT(in_the_name(&w, cx, "{\"kind\":\"stage.withdrawn\",\"stage\":2}"), OK);
  EXPECT_INT(in_the_name(&w, cx, "{\"kind\":\"item.reapplied\",\"stage\":2,\"item\":\"planning-permit\"}"), OK);
  EXPECT_INT(in_the_name(&w, cx, "{\"kind\":\"item.withdrawn\",\"stage\":2,\"item\":\"planning-permit\"}"), OK);
  EXPECT_STR(hall_titles(&w, cx, "owner"), S("代办员撤回了申请 代办员重新申报了事项 代办员撤回了事项"));
  EXPECT_STR(hall_titles(&w, cx, "partner"), S(""));
  EXPECT_INT(messages_list(cx, w.reader, S("owner"), false, 0, 10, &list, &n, &total), OK);
  EXPECT(n == 3 && str_has(list[0].text, S("建设工程规划许可证核发")));
  EXPECT_STR(message_link(cx->mem, &list[0]), S("/my/1"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_message_says_what_and_where_and_no_reason) {
  Town w;
  Message *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  hall_open(&w, cx);
  ACT("{'kind':'item.paused','stage':2,'item':'planning-permit','taken':'张然','reason':'等待公示期满，联系张三 13800001111'}");
  EXPECT_INT(messages_list(cx, w.reader, S("owner"), false, 0, 10, &list, &n, &total), OK);
  EXPECT_INT(n, 1);
  EXPECT(str_has(list[0].text, S("示例机械厂房（HLD-000001-X）“建设工程规划许可证核发”暂停计时")));
  EXPECT(!str_has(list[0].text, S("张三")) && !str_has(list[0].text, S("公示")));
  EXPECT_STR(message_link(cx->mem, &list[0]), S("/my/1"));
  ACT("{'kind':'item.decided','stage':2,'item':'planning-permit','taken':'张然','result':'refuse'}");
  EXPECT_INT(messages_list(cx, w.reader, S("owner"), true, 0, 10, &list, &n, &total), OK);
  EXPECT(n == 1 && str_has(list[0].text, S("不通过"))); /* the pause is over */
  ACT("{'kind':'item.supplemented','stage':2,'item':'planning-permit','taken':'张然'}"); /* by nr, who knows it already */
  EXPECT_STR(hall_titles(&w, cx, "nr"), S(""));
  EXPECT_INT(town_do(&w, cx, "owner", "project.act", "project/1", "{'kind':'item.supplemented','stage':2,'item':'planning-permit','taken':'张然'}"), OK);
  EXPECT_STR(hall_titles(&w, cx, "nr"), S("申请人已补交"));
  EXPECT_STR(hall_titles(&w, cx, "nr2"), S(""));
  town_drop(&w);
}

TEST(what_was_read_stays_read_and_belongs_to_one) {
  Town w;
  Message *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  hall_open(&w, cx);
  ACT("{'kind':'rating.opened','stage':1}");
  ACT("{'kind':'stage.certified','stage':1,'certificate':'HLD-ZJ1-000001-1'}");
  ACT("{'kind':'stage.accepted','stage':2}");
  EXPECT_INT(messages_list(cx, w.reader, S("owner"), false, 0, 10, &list, &n, &total), OK);
  EXPECT_INT(total, 3);
  EXPECT_INT(town_do(&w, cx, "owner", "notice.read", NULL, arena_fmt(cx->mem, "{'id':%lld}", (long long)list[1].id).ptr), OK);
  EXPECT_INT(hall_unread(&w, cx, "owner"), 2);
  int64_t pos = w.r.pos;
  EXPECT_INT(town_do(&w, cx, "owner", "notice.read", NULL, arena_fmt(cx->mem, "{'id':%lld}", (long long)list[1].id).ptr), OK);
  EXPECT_INT(w.r.pos, pos); /* nothing new happened */
  EXPECT_INT(town_do(&w, cx, "stranger", "notice.read", NULL, arena_fmt(cx->mem, "{'upto':%lld}", (long long)list[0].id).ptr), OK);
  EXPECT_INT(hall_unread(&w, cx, "owner"), 2);
  EXPECT_INT(town_do(&w, cx, "owner", "notice.read", NULL, arena_fmt(cx->mem, "{'upto':%lld}", (long long)list[1].id).ptr), OK);
  EXPECT_INT(hall_unread(&w, cx, "owner"), 1); /* what came later is still new */
  NO(INVALID, "owner", "notice.read", NULL, "{}");
  Message one;
  EXPECT_INT(message_load(cx, w.reader, S("stranger"), list[0].id, &one), NOT_FOUND);
  cx_clear(cx);
  NO(DENIED, "owner", "notice.tell", NULL, "{'event':'stage.accepted','project':1}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_message_ends_with_its_matter) {
  Town w;
  Message *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  hall_open(&w, cx);
  ACT("{'kind':'stage.submitted','stage':2,'receipt':'SL-000001-2-1'}");
  EXPECT_INT(hall_unread(&w, cx, "clerk"), 1);
  ACT("{'kind':'stage.accepted','stage':2}");
  EXPECT_INT(hall_unread(&w, cx, "clerk"), 0);
  EXPECT_INT(messages_list(cx, w.reader, S("clerk"), false, 0, 10, &list, &n, &total), OK);
  EXPECT(n == 1 && list[0].done && !list[0].seen); /* nobody opened it, and it is still in the list */
  ACT("{'kind':'item.noted','stage':2,'item':'planning-permit'}");
  ACT("{'kind':'item.noted','stage':2,'item':'design-review'}");
  ACT("{'kind':'stage.dispatched','stage':2}");
  EXPECT_INT(hall_unread(&w, cx, "nr2"), 1);
  ACT(TAKEN(""));
  EXPECT_INT(hall_unread(&w, cx, "nr2"), 1); /* another item of the unit still waits */
  ACT("{'kind':'item.taken','stage':2,'item':'design-review','taken':'张然'}");
  EXPECT_INT(hall_unread(&w, cx, "nr2"), 0); /* one took it for all */
  ACT("{'kind':'item.paused','stage':2,'item':'planning-permit','taken':'张然'}");
  ACT("{'kind':'item.decided','stage':2,'item':'design-review','taken':'张然','result':'pass'}");
  EXPECT_INT(hall_unread(&w, cx, "owner"), 3); /* accepted, paused, decided: the pause is of another item */
  ACT("{'kind':'stage.withdrawn','stage':2}");
  EXPECT_INT(hall_unread(&w, cx, "owner"), 0);
  ACT("{'kind':'stage.withdrawn','stage':2}");
  int64_t pos = w.r.pos;
  ACT("{'kind':'stage.withdrawn','stage':2}");
  EXPECT_INT(w.r.pos, pos + 1); /* nothing was left to end: no event between them */
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(an_item_is_found_overdue_once_for_each_due_day) {
  Town w;
  hall_open(&w, cx);
  ACT(TAKEN(",'due':'2019-09-05','warn':'2019-09-04'"));
  DO("system", "notice.remind", NULL, "{'day':'2019-09-02'}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 0);
  town_on(&w, "2019-09-04");
  DO("system", "notice.remind", NULL, "{'day':'2019-09-04'}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 1);
  DO("system", "notice.remind", NULL, "{'day':'2019-09-04'}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 0);
  EXPECT_STR(hall_titles(&w, cx, "nr"), S("事项快要到期"));
  town_on(&w, "2019-09-06");
  DO("system", "notice.remind", NULL, "{'day':'2019-09-06'}");
  EXPECT_STR(hall_titles(&w, cx, "nr"), S("事项快要到期 事项已经超期"));
  EXPECT_STR(hall_titles(&w, cx, "nr-head"), S("事项已经超期"));
  EXPECT_STR(hall_titles(&w, cx, "nr2"), S(""));
  ACT(TAKEN(",'due':'2019-09-09','warn':'2019-09-06'")); /* an extension: another due day */
  town_on(&w, "2019-09-10");
  DO("system", "notice.remind", NULL, "{'day':'2019-09-10'}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 1);
  ACT(TAKEN(",'due':'2019-09-12','warn':'2019-09-11','paused':1"));
  town_on(&w, "2019-09-20");
  DO("system", "notice.remind", NULL, "{'day':'2019-09-20'}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 0);
  NO(INVALID, "system", "notice.remind", NULL, "{'day':'2019-09-19'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_pause_that_lasts_beyond_its_planned_end_is_told_once_to_whoever_can_end_it) {
  Town w;
  hall_open(&w, cx);
  ACT(TAKEN(",'warn':'2019-09-06','paused':1")); /* planned until the fifth */
  town_on(&w, "2019-09-05");
  DO("system", "notice.remind", NULL, "{'day':'2019-09-05'}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 0);
  town_on(&w, "2019-09-06");
  DO("system", "notice.remind", NULL, "{'day':'2019-09-06','items':[{'event':'item.pause-over','project':1,'stage':2,'item':'planning-permit'}]}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 1);
  DO("system", "notice.remind", NULL, "{'day':'2019-09-06'}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 0);
  EXPECT_STR(hall_titles(&w, cx, "nr"), S("暂停已过预计恢复日"));
  EXPECT_STR(hall_titles(&w, cx, "nr-head"), S("暂停已过预计恢复日"));
  Reminding at = {0};
  Json *items = NULL;
  EXPECT(reminders_due(cx, w.reader, day_of(w.now), 10, &at, &items) == OK && at.more); /* a department that has paused items only is looked at */
  EXPECT_INT(hall_unread(&w, cx, "nr-head"), 1);
  ACT("{'kind':'item.pause-extended','stage':2,'item':'planning-permit','taken':'张然'}");
  EXPECT_INT(hall_unread(&w, cx, "nr-head"), 0); /* the matter has ended */
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

/* Months asleep: many are overdue at once. The writer looks at few for a command, and only at those it is given when it is given some. */
TEST(many_overdue_items_are_told_by_few_at_a_time) {
  enum { MANY = 45 };
  Town w;
  Json *found = NULL;
  Reminding at = {0};
  hall_open(&w, cx);
  for (int i = 0; i < MANY; i++)
    ACT(arena_fmt(cx->mem, "{'kind':'item.taken','stage':2,'item':'item-%02d','taken':'张然','due':'2019-09-05','warn':'2019-09-04'}", i).ptr);
  town_on(&w, "2019-09-06");
  reader_begin(w.reader);
  EXPECT_INT(reminders_due(cx, w.reader, day_of(w.now), 100, &at, &found), OK);
  EXPECT_INT((int)found->count, MANY);
  EXPECT(at.more);
  EXPECT_INT(reminders_due(cx, w.reader, day_of(w.now), 100, &at, &found), OK);
  EXPECT(!at.more && !found->count);
  DO("system", "notice.remind", NULL, "{'day':'2019-09-06','items':[{'event':'item.overdue','project':1,'stage':2,'item':'item-44'},{'event':'item.due-soon','project':1,'stage':2,'item':'item-43'},"
                                      "{'event':'item.overdue','project':1,'stage':2,'item':'none'}]}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 1); /* 43 is overdue, not due soon; and there is no such item */
  ACT("{'kind':'item.taken','stage':2,'item':'item-42','taken':'张然','due':'2019-09-12','warn':'2019-09-11'}");
  DO("system", "notice.remind", NULL, "{'day':'2019-09-06','items':[{'event':'item.overdue','project':1,'stage':2,'item':'item-44'},{'event':'item.overdue','project':1,'stage':2,'item':'item-42'}]}");
  EXPECT_INT(json_int(w.r.answer, S("found"), -1), 0); /* told already; extended since it was found */
  static const int left[] = {20, 20, 3, 0};
  for (size_t i = 0; i < COUNT(left); i++) {
    DO("system", "notice.remind", NULL, "{'day':'2019-09-06'}");
    EXPECT_INT(json_int(w.r.answer, S("found"), -1), left[i]);
  }
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

/* Each item once, though nothing was told meanwhile: the next look goes on behind the last one, also between kinds and units. */
TEST(reminders_are_looked_for_in_one_pass) {
  enum { LATER = 7, COMING = 5, RESTING = 4 };
  Town w;
  Json *found = NULL;
  Reminding at = {0};
  int looks = 0;
  char seen[1024] = "";
  hall_open(&w, cx);
  for (int i = 0; i < LATER + COMING + RESTING; i++) {
    const char *when = i < LATER ? "'due':'2019-09-05','warn':'2019-09-04'" : i < LATER + COMING ? "'due':'2019-09-09','warn':'2019-09-05'" : "'warn':'2019-09-05','paused':1";
    ACT(arena_fmt(cx->mem, "{'kind':'item.taken','stage':2,'item':'item-%02d','taken':'张然',%s}", i, when).ptr);
  }
  town_on(&w, "2019-09-06");
  reader_begin(w.reader);
  do {
    EXPECT_INT(reminders_due(cx, w.reader, day_of(w.now), 3, &at, &found), OK);
    EXPECT(found->count <= 3);
    for (const Json *f = found->first; f; f = f->next) snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%.*s ", SFMT(str_sub(json_str(f, S("item")), 5, 7)));
  } while (at.more && ++looks < 40);
  EXPECT_STR(str_of(seen), S("00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 "));
  EXPECT(looks < 10);
  town_drop(&w);
}

TEST(nobody_of_that_name_leads_to_the_whole_unit) {
  Town w;
  hall_open(&w, cx);
  ACT("{'kind':'item.taken','stage':2,'item':'planning-permit','taken':'调走的人','due':'2019-09-05','warn':'2019-09-04'}");
  town_on(&w, "2019-09-06");
  DO("system", "notice.remind", NULL, "{'day':'2019-09-06'}");
  EXPECT_STR(hall_titles(&w, cx, "nr"), S("事项已经超期"));
  EXPECT_STR(hall_titles(&w, cx, "nr2"), S("事项已经超期"));
  town_drop(&w);
}

TEST(without_rules_nobody_is_told) {
  Town w;
  hall_open(&w, cx);
  w.policy.notice_count = 0;
  ACT("{'kind':'stage.accepted','stage':2}");
  EXPECT_STR(hall_titles(&w, cx, "owner"), S(""));
  town_drop(&w);
}
