/* SPDX-License-Identifier: Apache-2.0 */
/* The way out: attempts, receipts, growing intervals, giving up; two servers; addresses that go. */
#include "hall.h"

static Code out_do(Town *w, Cx *cx, const char *command, int64_t id, const char *rest) {
  return town_do(w, cx, "system", command, "notice/1", arena_fmt(cx->mem, "{'id':%lld%s}", (long long)id, rest).ptr);
}
#define SENT ",'try':1,'result':'sent','text':'250 2.0.0 Ok: queued as 4F2'"

static int64_t due_count(Town *w, Cx *cx, const char *channels) {
  Outgoing *list = NULL;
  size_t n = 0;
  Code code = outbox_due(cx, w->reader, str_of(channels), w->now, 10, &list, &n);
  REQUIRE(code == OK);
  return (int64_t)n;
}

TEST(only_who_has_an_address_and_wants_it_is_sent_mail) {
  Town w;
  hall_open(&w, cx);
  ACT("{'kind':'stage.submitted','stage':2}");
  EXPECT_INT(hall_out(&w, cx, 0).id, 0);
  hall_contact(&w, cx, "owner", "wang@example.com", false);
  ACT("{'kind':'stage.submitted','stage':2}");
  EXPECT_INT(hall_out(&w, cx, 0).id, 0);
  hall_contact(&w, cx, "owner", "wang@example.com", true);
  ACT("{'kind':'stage.submitted','stage':2}");
  Outgoing o = hall_out(&w, cx, 0);
  EXPECT(o.id > 0 && !hall_out(&w, cx, 1).id); /* mail alone: there is no telephone */
  EXPECT_STR(o.channel, S("mail"));
  EXPECT_STR(o.status, S("waiting"));
  EXPECT_INT(hall_unread(&w, cx, "owner"), 3);
  EXPECT_INT(due_count(&w, cx, "sms"), 0);
  EXPECT_INT(due_count(&w, cx, "mail sms"), 1);
  town_drop(&w);
}

TEST(a_short_message_to_the_applicant_goes_to_the_contact_of_the_project_too) {
  Town w;
  hall_open(&w, cx);
  ACT("{'kind':'stage.accepted','stage':2}"); /* by mail and short message; the owner has neither */
  Outgoing o = hall_out(&w, cx, 0);
  EXPECT(o.id > 0 && !hall_out(&w, cx, 1).id);
  EXPECT_STR(o.account, S("project/1"));
  EXPECT_STR(o.channel, S("sms"));
  EXPECT_STR(hall_titles(&w, cx, "project/1"), S(""));
  ACT("{'kind':'item.resumed','stage':2,'item':'planning-permit'}"); /* told in the product alone */
  EXPECT(!hall_out(&w, cx, 1).id);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(one_server_of_two_sends_and_the_receipt_is_kept) {
  Town w;
  hall_open(&w, cx);
  hall_contact(&w, cx, "owner", "wang@example.com", true);
  ACT("{'kind':'stage.submitted','stage':2}");
  Outgoing o = hall_out(&w, cx, 0);
  EXPECT_INT(out_do(&w, cx, "notice.attempt", o.id, ""), OK);
  EXPECT_INT(json_int(w.r.answer, S("try"), 0), 1);
  EXPECT_INT(out_do(&w, cx, "notice.attempt", o.id, ""), CONFLICT);
  SAYS("另一台服务器");
  EXPECT_INT(due_count(&w, cx, "mail"), 0);
  EXPECT_INT(out_do(&w, cx, "notice.report", o.id, SENT), OK);
  EXPECT_INT(out_do(&w, cx, "notice.report", o.id, SENT), CONFLICT);
  EXPECT_INT(out_do(&w, cx, "notice.attempt", o.id, ""), CONFLICT);
  o = hall_out(&w, cx, 0);
  EXPECT_STR(o.status, S("sent"));
  EXPECT_STR(o.receipt, S("250 2.0.0 Ok: queued as 4F2"));
  Attempt *list = NULL;
  size_t n = 0;
  EXPECT_INT(attempts_list(cx, w.reader, o.stream, o.id, &list, &n), OK);
  EXPECT(n == 1 && list[0].no == 1 && list[0].done == w.now);
  EXPECT_INT(out_do(&w, cx, "notice.attempt", o.id + 1, ""), NOT_FOUND);
  NO(DENIED, "clerk", "notice.attempt", "notice/1", arena_fmt(cx->mem, "{'id':%lld}", (long long)o.id).ptr);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_server_that_went_away_is_followed_by_the_next_try) {
  Town w;
  hall_open(&w, cx);
  hall_contact(&w, cx, "owner", "wang@example.com", true);
  ACT("{'kind':'stage.submitted','stage':2}");
  Outgoing o = hall_out(&w, cx, 0);
  EXPECT_INT(out_do(&w, cx, "notice.attempt", o.id, ""), OK);
  w.now += NOTICE_LEASE_MS - 1;
  EXPECT_INT(out_do(&w, cx, "notice.attempt", o.id, ""), CONFLICT);
  w.now += 1;
  EXPECT_INT(due_count(&w, cx, "mail"), 1);
  EXPECT_INT(out_do(&w, cx, "notice.attempt", o.id, ""), OK);
  EXPECT_INT(json_int(w.r.answer, S("try"), 0), 2);
  EXPECT_INT(out_do(&w, cx, "notice.report", o.id, SENT), CONFLICT); /* the first comes back: too late */
  EXPECT_INT(out_do(&w, cx, "notice.report", o.id, ",'try':2,'result':'sent','text':'250 ok'"), OK);
  town_drop(&w);
}

TEST(tries_wait_twice_as_long_each_time_and_end) {
  static const int64_t minutes[] = {2, 4, 8, 16, 32};
  Town w;
  hall_open(&w, cx);
  hall_contact(&w, cx, "owner", "wang@example.com", true);
  ACT("{'kind':'stage.submitted','stage':2}");
  int64_t id = hall_out(&w, cx, 0).id;
  for (int n = 1; n <= 6; n++) {
    EXPECT_INT(out_do(&w, cx, "notice.attempt", id, ""), OK);
    w.now += 1000;
    EXPECT_INT(out_do(&w, cx, "notice.report", id, arena_fmt(cx->mem, ",'try':%d,'result':'retry','text':'没有连上邮件服务器'", n).ptr), OK);
    if (n == 6) break;
    Outgoing o = hall_out(&w, cx, 0);
    EXPECT_STR(o.status, S("waiting"));
    EXPECT_INT(o.next - w.now, minutes[n - 1] * 60000);
    w.now = o.next - 1;
    EXPECT_INT(out_do(&w, cx, "notice.attempt", id, ""), CONFLICT);
    w.now = o.next;
  }
  OutboxCount c;
  EXPECT_INT(outbox_count(cx, w.reader, &c), OK);
  EXPECT(c.lost == 1 && !c.waiting && !c.sent);
  NO(DENIED, "system", "notice.again", "notice/1", "{'id':1,'reason':'换了服务器'}");
  NO(OK, "admin", "notice.again", "notice/1", arena_fmt(cx->mem, "{'id':%lld,'reason':'邮件服务器已修好'}", (long long)id).ptr);
  NO(CONFLICT, "admin", "notice.again", "notice/1", arena_fmt(cx->mem, "{'id':%lld,'reason':'邮件服务器已修好'}", (long long)id).ptr);
  EXPECT_INT(out_do(&w, cx, "notice.attempt", id, ""), OK);
  EXPECT_INT(out_do(&w, cx, "notice.report", id, ",'try':1,'result':'failed','text':'550 no such user'"), OK);
  EXPECT_STR(hall_out(&w, cx, 0).status, S("lost")); /* an answer that no further try changes */
  EXPECT_STR(hall_out(&w, cx, 0).fault, S("550 no such user"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(an_address_that_is_replaced_is_gone_from_the_vault) {
  Town w;
  const User *u = NULL;
  Str value;
  hall_open(&w, cx);
  hall_contact(&w, cx, "owner", "wang@example.com", true);
  EXPECT_INT(user_load(cx, w.reader, S("owner"), &u), OK);
  Str old = arena_str(cx->mem, u->email_ref);
  EXPECT_INT(reader_vault(cx, w.reader, old, &value), OK);
  EXPECT_STR(value, S("wang@example.com"));
  hall_contact(&w, cx, "owner", "new@example.com", true);
  EXPECT_INT(reader_vault(cx, w.reader, old, &value), NOT_FOUND);
  cx_clear(cx);
  EXPECT_INT(user_load(cx, w.reader, S("owner"), &u), OK);
  Str now = arena_str(cx->mem, u->email_ref);
  EXPECT_INT(town_do(&w, cx, "owner", "user.set-contact", "user/owner", arena_fmt(cx->mem, "{'email_ref':'%.*s','mail':false,'sms':true}", SFMT(now)).ptr), OK);
  EXPECT_INT(reader_vault(cx, w.reader, now, &value), OK); /* kept by naming it again */
  NO(INVALID, "stranger", "user.set-contact", "user/stranger", arena_fmt(cx->mem, "{'email_ref':'%.*s','mail':true,'sms':true}", SFMT(now)).ptr);
  NO(DENIED, "stranger", "user.set-contact", "user/owner", "{'mail':true,'sms':true}");
  DO("owner", "user.set-contact", "user/owner", "{'mail':true,'sms':true}");
  EXPECT_INT(reader_vault(cx, w.reader, now, &value), NOT_FOUND);
  cx_clear(cx);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
