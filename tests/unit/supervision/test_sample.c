/* SPDX-License-Identifier: Apache-2.0 */
/* S20, S21: samples that anyone can draw again, notices of those who do not reply, talks; verdicts on signs. */
#include "hall.h"

#include <stdio.h>

TEST(a_draw_is_what_sha256_says_and_every_case_has_the_same_chance) {
  static const char *const names[] = {"HLD-000001-X", "HLD-000002-V", "HLD-000003-T", "HLD-000004-R", "HLD-000005-P", "HLD-000006-N", "HLD-000007-L", "HLD-000008-J"};
  enum { CASES = COUNT(names), DRAWS = 4000 };
  Str list[CASES], out[CASES];
  int hits[CASES] = {0};
  for (size_t i = 0; i < CASES; i++) list[i] = str_of(names[i]);
  Str hash = sample_list_hash(cx->mem, list, CASES); /* printf '%s\n' … | sha256sum */
  EXPECT_STR(hash, S("68e7c7622d1787d97324fa3c9f0883bbda0d8a7b93f00026dd1069b45819707c"));
  EXPECT_INT(sample_pick(cx->mem, sample_seed(cx->mem, hash, S("0713")), list, CASES, 3, out), 3);
  EXPECT(str_eqz(out[0], "HLD-000001-X") && str_eqz(out[1], "HLD-000002-V") && str_eqz(out[2], "HLD-000007-L"));
  EXPECT_INT(sample_pick(cx->mem, S("x"), list, 2, 3, out), 2);
  list[3] = S("HLD-000009-H");
  EXPECT(!str_eq(hash, sample_list_hash(cx->mem, list, CASES))); /* a changed list is seen */
  for (int n = 0; n < DRAWS; n++) {
    size_t k = sample_pick(cx->mem, arena_fmt(cx->mem, "%d", n), list, CASES, 1, out);
    for (size_t i = 0; i < CASES && k == 1; i++) hits[i] += str_eq(out[0], list[i]);
  }
  double chi = 0, each = (double)DRAWS / CASES;
  for (size_t i = 0; i < CASES; i++) chi += (hits[i] - each) * (hits[i] - each) / each;
  EXPECT(chi < 24.3); /* 7 degrees of freedom, one in a thousand */
}

TEST(a_sample_of_running_cases_is_listed_before_its_number_exists) {
  Hall h;
  const Sample *s = NULL;
  hall_open(&h, cx);
  for (int64_t no = 1; no <= 3; no++) (void)hall_project(&h, cx, no, "social-commercial", 1, "2019-09-02");
  NO(CONFLICT, "wu", "sample.list", "", "{'size':5,'source':'次日的开奖号码','day':'2019-09-03'}");
  NO(INVALID, "wu", "sample.list", "", "{'size':2,'source':'今天的开奖号码','day':'2019-09-02'}");
  NO(DENIED, "ap-natural-resources", "sample.list", "", "{'size':2,'source':'次日的开奖号码','day':'2019-09-03'}");
  DO("wu", "sample.list", "", "{'size':2,'source':'次日的开奖号码','day':'2019-09-03'}");
  NO(CONFLICT, "wu", "sample.draw", "sample/1", "{'number':'0713'}");
  hall_days(&h, cx, "2019-09-03");
  DO("wu", "sample.draw", "sample/1", "{'number':'0713'}");
  NO(CONFLICT, "wu", "sample.draw", "sample/1", "{'number':'0714'}");
  NO(CONFLICT, "wu", "sample.drop", "sample/1", "{'reason':'结果不合意'}");
  EXPECT_INT(sample_load(cx, h.reader, 1, &s), OK);
  Str out[2];
  EXPECT_INT(sample_pick(cx->mem, sample_seed(cx->mem, s->hash, s->number), s->list, s->count, 2, out), 2);
  EXPECT(s->count == 3 && s->picked_count == 2 && str_eq(out[0], s->picked[0].number) && str_eq(out[1], s->picked[1].number));
  NO(INVALID, "wu", "sample.look", "sample/1", "{'case':'HLD-999999-X','result':'fine','note':'材料齐全'}");
  for (int i = 0; i < 2; i++)
    DO("wu", "sample.look", "sample/1", arena_fmt(cx->mem, "{'case':'%.*s','result':'fine','note':'材料齐全'}", SFMT(out[i])).ptr);
  EXPECT_INT(sample_load(cx, h.reader, 1, &s), OK);
  EXPECT_STR(s->status, S("done"));
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

TEST(no_reply_in_time_drafts_a_notice_with_department_task_and_days) {
  Hall h;
  const Bulletin *b = NULL;
  hall_open(&h, cx);
  NO(CONFLICT, "wu", "bulletin.draft", "", "{}");
  DO("owner", "consult.ask", "", "{'unit':'natural-resources','subject':'建筑退线','question':'未取得土地，拟建厂房退道路红线要多少米？'}"); /* the look begins */
  DO("wu", "directive.send", "", "{'unit':'housing-construction','subject':'联合审图管理办法','demand':'请报办理情况'}");
  DO("wu", "directive.send", "", "{'unit':'development-reform','subject':'区域评估细则','demand':'请报办理情况'}");
  hall_days(&h, cx, "2019-09-05"); /* reply by the 4th */
  EXPECT(bulletin_load(cx, h.reader, 1, &b) == NOT_FOUND);
  hall_days(&h, cx, "2019-09-06");
  cx_clear(cx);
  EXPECT_INT(bulletin_load(cx, h.reader, 1, &b), OK);
  EXPECT(b->count == 2 && str_eqz(b->status, "draft"));
  EXPECT_STR(b->rows[0].unit, S("housing-construction"));
  EXPECT_STR(b->rows[0].task, S("联合审图管理办法"));
  EXPECT_INT(b->rows[0].days, 2);
  NO(DENIED, "hd-development-reform", "bulletin.save", "bulletin/1", "{'text':'不归我写'}");
  DO("wu", "bulletin.save", "bulletin/1", "{'text':'写了一半'}");
  DO("wu", "bulletin.save", "bulletin/1", "{'text':'写了一半，再改'}");
  EXPECT_INT(bulletin_load(cx, h.reader, 1, &b), OK);
  EXPECT(str_eqz(b->status, "draft") && b->count == 2 && !b->number.len);
  EXPECT_STR(b->text, S("写了一半，再改"));
  hall_days(&h, cx, "2019-09-09");
  const Directive *d = hall_directive(&h, cx, 2);
  DO(str_eqz(d->level, "bureau") ? "wu" : "hd-development-reform", "directive.reply", "directive/2", "{'reply':'细则已经报审','promised':'2019-09-30'}");
  NO(INVALID, "wu", "bulletin.issue", "bulletin/1", "{'text':'通报'}");
  DO("wu", "bulletin.issue", "bulletin/1", "{'text':'下列单位过期没有回复，现予通报。'}");
  EXPECT_INT(bulletin_load(cx, h.reader, 1, &b), OK);
  EXPECT(b->count == 1 && b->rows[0].days == 3); /* by that day, and without the one that has replied */
  EXPECT_STR(b->number, S("TBG-2019-0001"));
  NO(CONFLICT, "wu", "bulletin.drop", "bulletin/1", "{'reason':'已经印发'}");
  NO(CONFLICT, "wu", "bulletin.save", "bulletin/1", "{'text':'印发以后不能改'}");
  NO(CONFLICT, "wu", "bulletin.draft", "", "{}"); /* listed once for each silence */
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

TEST(a_talk_with_jianchang_is_attached_to_its_order) {
  Hall h;
  TalkRow *rows = NULL;
  size_t n = 0;
  hall_open(&h, cx);
  DO("wu", "directive.send", "", "{'unit':'jianchang','subject':'配套幼儿园移交','demand':'请报移交情况'}");
  NO(INVALID, "wu", "talk.record", "", "{'whom':'建昌县政府','day':'2019-09-03','about':'幼儿园移交迟缓','demand':'月底前移交','until':'2019-09-30'}");
  NO(INVALID, "wu", "talk.record", "", "{'whom':'建昌县政府','day':'2019-09-02','about':'幼儿园移交迟缓','demand':'月底前移交','until':'2019-09-30','directive':7}");
  DO("wu", "talk.record", "", "{'whom':'建昌县政府','unit':'jianchang','day':'2019-09-02','about':'幼儿园移交迟缓','demand':'月底前移交','until':'2019-09-30','directive':1}");
  EXPECT_INT(talks_list(cx, h.reader, 1, 10, &rows, &n), OK);
  EXPECT(n == 1 && str_eqz(rows[0].whom, "建昌县政府") && !rows[0].ended);
  DO("wu", "talk.end", "talk/1", "{'outcome':'已经移交'}");
  NO(CONFLICT, "wu", "talk.end", "talk/1", "{'outcome':'再次移交'}");
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

TEST(a_sign_is_judged_and_the_kind_has_its_share) {
  Hall h;
  SignRow *rows = NULL;
  VerdictRate rates[SIGN_KINDS_MAX];
  Judgement v;
  size_t n = 0, kinds = 0;
  int64_t total = 0;
  hall_open(&h, cx);
  (void)hall_project(&h, cx, 1, "social-commercial", 2, "2019-09-02"); /* the first stage is through within minutes */
  EXPECT_INT(signs_list(cx, h.reader, S("quick"), S(""), 0, 10, &rows, &n, &total), OK);
  REQUIRE(n >= 2);
  const char *verdicts[] = {"true", "false"};
  for (size_t i = 0; i < 2; i++)
    DO("wu", "sign.judge", "", arena_fmt(cx->mem, "{'sign':'quick-%lld','verdict':'%s','reason':'看过办件和材料'}", (long long)rows[i].pos, verdicts[i]).ptr);
  NO(NOT_FOUND, "wu", "sign.judge", "", "{'sign':'quick-999999','verdict':'true','reason':'看过办件和材料'}");
  NO(NOT_FOUND, "wu", "sign.judge", "", "{'sign':'night-wang-2019-09-02','verdict':'true','reason':'看过办件和材料'}");
  NO(DENIED, "ap-natural-resources", "sign.judge", "", "{'sign':'quick-1','verdict':'false','reason':'看过办件和材料'}");
  DO("wu", "sign.judge", "", arena_fmt(cx->mem, "{'sign':'quick-%lld','verdict':'unclear','reason':'材料已经取走'}", (long long)rows[1].pos).ptr); /* a change of mind */
  EXPECT_INT(verdict_of(cx, h.reader, arena_fmt(cx->mem, "quick-%lld", (long long)rows[1].pos), &v), OK);
  EXPECT_STR(verdict_label(v.verdict), S("查不清"));
  EXPECT_INT(verdict_rates(cx, h.reader, 5, rates, &kinds), OK);
  for (size_t i = 0; i < kinds; i++)
    if (str_eqz(rates[i].kind, "quick")) EXPECT(rates[i].found == total && rates[i].right == 1 && rates[i].wrong == 0 && rates[i].unclear == 1);
  EXPECT(kinds > 0 && hall_verified(&h, cx));
  hall_drop(&h);
}
