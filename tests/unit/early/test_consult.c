/* SPDX-License-Identifier: Apache-2.0 */
/* Consultation: S08. What contradicts a cited reply is tested where cases are (unit-approval, tests/early). */
#include "views.h"

#define ASK "{'unit':'natural-resources','subject':'建筑退线','question':'未取得土地，拟建厂房退道路红线要多少米？','county':'longgang','open':true}"
#define REPLY "{'reply':'退滨海路道路红线不少于 15 米，退北港街不少于 8 米。','basis':'葫芦岛市城市规划管理技术规定（示例）'}"

TEST(a_question_before_the_land_has_a_period_and_is_red_when_late) {
  Town w;
  OPEN_TOWN(w);
  DO("owner", "consult.ask", NULL, ASK);
  const Consult *c = town_consult(&w, cx, 1);
  EXPECT_INT(c->days, 5);
  town_on(&w, "2019-09-09");
  Reading r = consult_reading(&w.policy, c, w.now);
  EXPECT_STR(day_str(cx->mem, r.due), S("2019-09-09"));
  EXPECT(r.lamp == LAMP_YELLOW);
  town_on(&w, "2019-09-10");
  r = consult_reading(&w.policy, c, w.now);
  EXPECT(r.lamp == LAMP_RED && r.overdue_days == 1);
  NO(INVALID, "owner", "consult.ask", NULL, "{'unit':'supervisor','subject':'退线','question':'退道路红线要多少米，请答复？'}");
  NO(DENIED, "nr", "consult.ask", NULL, ASK);
  town_drop(&w);
}

TEST(the_reply_of_the_named_person_gets_a_number) {
  Town w;
  ConsultRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  OPEN_TOWN(w);
  DO("owner", "consult.ask", NULL, ASK);
  DO("owner", "consult.ask", NULL, ASK);
  NO(DENIED, "hc", "consult.reply", "consult/1", REPLY);
  NO(DENIED, "nr", "consult.assign", "consult/1", "{'person':'nr'}");
  NO(INVALID, "nr-head", "consult.assign", "consult/1", "{'person':'hc'}");
  DO("nr-head", "consult.assign", "consult/1", "{'person':'nr'}");
  NO(DENIED, "nr2", "consult.reply", "consult/1", REPLY);
  SAYS("张然");
  NO(INVALID, "nr", "consult.reply", "consult/1", "{'reply':'可以','basis':'规定第一条'}");
  DO("nr", "consult.reply", "consult/1", REPLY);
  EXPECT_STR(json_str(w.r.answer, S("number")), S("ZX-2019-0001"));
  NO(CONFLICT, "nr", "consult.reply", "consult/1", REPLY);
  DO("nr2", "consult.reply", "consult/2", REPLY); /* nobody was named */
  EXPECT_STR(town_consult(&w, cx, 2)->reply_no, S("ZX-2019-0002"));
  town_on(&w, "2020-01-02");
  DO("partner", "consult.ask", NULL, ASK);
  DO("nr", "consult.reply", "consult/3", REPLY);
  EXPECT_STR(town_consult(&w, cx, 3)->reply_no, S("ZX-2020-0001"));
  EXPECT_INT(consults_list(cx, w.reader, &w.policy, &(ConsultFilter){.open = true, .limit = 10}, w.now, &rows, &n, &total), OK);
  EXPECT_INT(total, 3);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(what_is_missing_is_asked_for_once_and_the_clock_stands_still) {
  Town w;
  OPEN_TOWN(w);
  DO("owner", "consult.ask", NULL, ASK);
  town_on(&w, "2019-09-03");
  DO("nr", "consult.ask-more", "consult/1", "{'what':'请补充地块四至坐标和拟建层数。'}");
  NO(CONFLICT, "nr", "consult.reply", "consult/1", REPLY);
  town_on(&w, "2019-09-24");
  EXPECT(consult_reading(&w.policy, town_consult(&w, cx, 1), w.now).lamp == LAMP_GREY);
  NO(DENIED, "stranger", "consult.supplement", "consult/1", "{'text':'四至见附件'}");
  DO("partner", "consult.supplement", "consult/1", "{'text':'四至见附件'}");
  Reading r = consult_reading(&w.policy, town_consult(&w, cx, 1), w.now);
  EXPECT(!r.overdue && r.left == 4);
  NO(CONFLICT, "nr", "consult.ask-more", "consult/1", "{'what':'再补充建筑高度和用途。'}");
  SAYS("一次性告知");
  DO("nr", "consult.reply", "consult/1", REPLY);
  EXPECT(consult_reading(&w.policy, town_consult(&w, cx, 1), w.now).lamp == LAMP_DONE);
  DO("owner", "consult.ask", NULL, ASK);
  DO("owner", "consult.withdraw", "consult/2", "{'reason':'不再建设'}");
  NO(CONFLICT, "nr", "consult.reply", "consult/2", REPLY);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(without_a_period_in_the_package_nothing_is_promised) {
  Town w;
  OPEN_TOWN(w);
  w.policy.consult_days = 0;
  NO(INVALID, "owner", "consult.ask", NULL, ASK);
  SAYS("consult_days");
  town_drop(&w);
}

#define LOCKED(more) "{'subject':'自建房','question':'村里自建房要不要办规划许可证？','open':true,'lock':'" LOCK "'" more "}"
#define LOCK "64a312979d533db9febf686a4faf3d34bcac9c06d48cd88f5a3d3e9ca8ac09f0"

TEST(who_has_no_account_asks_too_and_is_forgotten_once_told) {
  Town w;
  OPEN_TOWN(w);
  NO(INVALID, "anybody", "consult.ask-public", NULL, LOCKED(",'contact':'13800001234'")); /* it belongs into the vault */
  EXPECT_STR(cx->field, S("contact"));
  NO(INVALID, "anybody", "consult.ask-public", NULL, LOCKED(",'unit':'supervisor'"));
  DO("anybody", "consult.ask-public", NULL, LOCKED(",'unit':'natural-resources','name':'v1.AAAAAAAAAAAAAAAAAAAAAA','contact':'v1.AAAAAAAAAAAAAAAAAAAAAB'"));
  const Consult *c = town_consult(&w, cx, 1);
  EXPECT(!c->applicant.len && !c->uscc.len && c->days == 5 && c->contact.len);
  NO(CONFLICT, "nr", "consult.ask-more", "consult/1", "{'what':'请补充地块的红线图和用地性质说明'}");
  SAYS("提问人没有账号");
  NO(CONFLICT, "nr", "consult.forget", "consult/1", "{}");
  DO("nr", "consult.reply", "consult/1", REPLY);
  NO(DENIED, "hc", "consult.forget", "consult/1", "{}");
  DO("nr", "consult.forget", "consult/1", "{}");
  c = town_consult(&w, cx, 1);
  EXPECT(!c->asker.len && !c->contact.len);
  NO(CONFLICT, "nr", "consult.forget", "consult/1", "{}");
  DO("anybody", "consult.ask-public", NULL, LOCKED(""));
  EXPECT_STR(town_consult(&w, cx, 2)->unit, S("housing-construction")); /* as the package says */
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_query_code_opens_its_question_however_it_is_typed) {
  Str code = consult_code(t->mem, S("a key of a form"));
  Consult c = {.lock = consult_lock(t->mem, code)};
  EXPECT(code.len == 19 && str_eq(code, consult_code(t->mem, S("a key of a form"))) && !str_eq(code, consult_code(t->mem, S("another key"))));
  Str typed = S("");
  for (size_t i = 0; i < code.len; i++)
    typed = arena_fmt(t->mem, "%.*s%c", SFMT(typed), code.ptr[i] == '-' ? ' ' : code.ptr[i] == '0' ? 'o' : code.ptr[i] >= 'A' && code.ptr[i] <= 'F' ? code.ptr[i] + 32 : code.ptr[i]);
  EXPECT(consult_opens(t->mem, &c, code) && consult_opens(t->mem, &c, typed));
  EXPECT_STR(consult_code_typed(t->mem, typed), code);
  EXPECT(!consult_opens(t->mem, &c, S("0000-0000-0000-0000")) && !consult_opens(t->mem, &c, S("")) && !consult_opens(t->mem, &(Consult){0}, code));
}
