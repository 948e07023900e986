/* SPDX-License-Identifier: Apache-2.0 */
/* S19: credit records and red and black lists, step by step with values. Steps 2 and 4 through pages: tests/joint. */
#include "desk.h"

#include "policy/lists.h"

#define OTHER "91211400MA2001234Q"
#define WHAT "'fact':'未取得施工许可擅自开工','evidence':'现场检查笔录和照片','basis':'D60-5.17.3','decision':'葫建罚字〔2019〕示例1号'"
#define FIRM "'subject_kind':'enterprise','subject':'葫芦岛示例机械有限公司','uscc':'" USCC "'," WHAT
#define PERSON "'subject_kind':'person','person':'v1.AAAAAAAAAAAAAAAAAAAAAA','registration':'LN21140017','employer':'" USCC "','account':'drawer'," WHAT
#define BLACK "{'list':'black','condition':'unlawful-works'," FIRM "}"
#define SIGN "{'project':1,'kind':'architect','bim':true,'architect':'梁建筑师','consent':true,'signature':'王某'}"

static const Credit *credit(Town *w, Cx *cx, int64_t no) {
  const Credit *c = NULL;
  Code code = credit_load(cx, w->reader, no, &c);
  REQUIRE(code == OK);
  return c;
}

static CreditStanding standing(Town *w, Cx *cx, const char *uscc) {
  CreditStanding s;
  Code code = credit_standing(cx, reader_views(w->reader), str_of(uscc), &s);
  REQUIRE(code == OK);
  return s;
}

static int64_t listed(Town *w, Cx *cx, CreditFilter f) {
  CreditRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  f.limit = 50;
  Code code = credits_list(cx, w->reader, &f, &rows, &n, &total);
  REQUIRE(code == OK && (int64_t)n == total);
  return total;
}

typedef struct Changes { Str all; } Changes;

static Code change_seen(Cx *cx, void *arg, const CreditChange *c) {
  Changes *s = arg;
  s->all = arena_fmt(cx->mem, "%.*s%.*s#%lld %.*s %.*s\n", SFMT(s->all), SFMT(c->row.number), (long long)c->seq, SFMT(c->change), SFMT(c->text));
  return OK;
}

static Str changes(Town *w, Cx *cx) {
  Changes s = {.all = S("")};
  Code code = credit_changes(cx, w->reader, (Day){0}, change_seen, &s);
  REQUIRE(code == OK);
  return s.all;
}

TEST(a_record_of_a_person_is_none_of_the_enterprise) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-09-02");
  NO(INVALID, "nr", "credit.record", NULL, "{'subject_kind':'person','person':'v1.AAAAAAAAAAAAAAAAAAAAAA','registration':'LN21140017','uscc':'" USCC "'," WHAT "}");
  EXPECT_STR(cx->field, S("uscc"));
  NO(INVALID, "nr", "credit.record", NULL, "{'subject_kind':'person','person':'何审','registration':'LN21140017'," WHAT "}");
  EXPECT_STR(cx->field, S("person"));
  NO(INVALID, "nr", "credit.record", NULL, "{'subject_kind':'enterprise','subject':'示例','uscc':'91211400MA0XYW1220'," WHAT "}");
  DO("nr", "credit.record", NULL, "{" PERSON "}");
  EXPECT_STR(json_str(w.r.answer, S("number")), S("XY-2019-0001"));
  EXPECT_INT(listed(&w, cx, (CreditFilter){.status = S("published")}), 0); /* drafted is not public */
  DO("watch", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  EXPECT_INT(listed(&w, cx, (CreditFilter){.subject_kind = S("person")}), 1);
  EXPECT_INT(listed(&w, cx, (CreditFilter){.uscc = S(USCC)}), 0);
  EXPECT_INT(listed(&w, cx, (CreditFilter){.account = S("drawer")}), 1);
  EXPECT_INT(standing(&w, cx, USCC).records, 0);
  DO("owner", "promise.sign", NULL, SIGN); /* the enterprise may promise */
  DO("hc", "credit.record", NULL, "{" FIRM "}");
  DO("watch", "credit.publish", "credit/2", "{'text':'属实，公布'}");
  EXPECT_INT(standing(&w, cx, USCC).records, 1);
  EXPECT_INT(listed(&w, cx, (CreditFilter){.uscc = S(USCC)}), 1);
  NO(NOT_FOUND, "owner", "credit.object", "credit/1", "{'text':'这不是我单位的事，请更正'}");
  DO("drawer", "credit.object", "credit/1", "{'text':'审查意见不是我出具的，请核实'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(nobody_is_listed_without_a_condition_that_holds_on_that_day) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-06-27");
  NO(CONFLICT, "watch", "credit.propose", NULL, BLACK);
  SAYS("自 2019-06-28 起施行");
  town_on(&w, "2019-07-10");
  NO(INVALID, "watch", "credit.propose", NULL, "{'list':'black','condition':'no-such'," FIRM "}");
  NO(INVALID, "watch", "credit.propose", NULL, "{'list':'red','condition':'unlawful-works'," FIRM "}");
  NO(INVALID, "watch", "credit.propose", NULL, "{'list':'black','condition':'unlawful-works'," PERSON "}");
  NO(CONFLICT, "watch", "credit.propose", NULL, "{'list':'black','condition':'false-opinion'," PERSON "}"); /* from 2019-09-01 */
  SAYS("今天不能据以列入");
  NO(DENIED, "nr", "credit.propose", NULL, BLACK);
  DO("watch", "credit.propose", NULL, BLACK);
  NO(CONFLICT, "watch2", "credit.propose", NULL, BLACK);
  SAYS("已经有一条黑名单");
  const Credit *c = credit(&w, cx, 1);
  EXPECT_STR(c->number, S("HEI-2019-0001"));
  EXPECT_STR(day_str(cx->mem, c->notice_due), S("2019-07-17")); /* five working days */
  EXPECT_INT(standing(&w, cx, USCC).black, 0);
  town_on(&w, "2019-07-17");
  NO(CONFLICT, "watch2", "credit.publish", "credit/1", "{'text':'情形成立，列入'}");
  SAYS("过了这一天才能列入");
  town_on(&w, "2019-07-18");
  ListCondition none[1];
  NO(DENIED, "watch", "credit.publish", "credit/1", "{'text':'情形成立，列入'}");
  SAYS("HEI-2019-0001 是您登记的，不能由您列入：请市营商局的另一位监督人员办理。");
  const ListCondition *all = w.policy.conditions;
  for (size_t i = 0; i < w.policy.condition_count; i++)
    if (str_eqz(all[i].code, "unlawful-works")) none[0] = all[i];
  none[0].until = S("2019-07-16"); /* the city took the condition back meanwhile */
  w.policy.conditions = none;
  w.policy.condition_count = 1;
  NO(CONFLICT, "watch2", "credit.publish", "credit/1", "{'text':'情形成立，列入'}");
  SAYS("自 2019-06-28 到 2019-07-16 施行");
  w.policy.conditions = NULL;
  w.policy.condition_count = 0;
  NO(CONFLICT, "watch", "credit.propose", NULL, BLACK);
  SAYS("先出台规定，再列入");
  w.policy.conditions = all;
  w.policy.condition_count = 1 + 2; /* unlawful-works is the third */
  DO("watch2", "credit.publish", "credit/1", "{'text':'情形成立，列入'}");
  EXPECT_INT(standing(&w, cx, USCC).black, 1);
  EXPECT_STR(day_str(cx->mem, credit(&w, cx, 1)->until), S("2022-07-18"));
  town_drop(&w);
}

TEST(the_black_list_bars_promises_as_the_package_says_and_its_end_frees_them) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-07-10");
  DO("watch", "credit.propose", NULL, BLACK);
  town_on(&w, "2019-07-18");
  DO("watch2", "credit.publish", "credit/1", "{'text':'情形成立，列入'}");
  NO(CONFLICT, "owner", "promise.sign", NULL, SIGN);
  SAYS("黑名单");
  const Str *bars = w.policy.credit_bars;
  size_t n = w.policy.credit_bar_count;
  w.policy.credit_bar_count = 0;
  DO("owner", "promise.sign", NULL, SIGN); /* a setting */
  DO("owner", "promise.withdraw", "promise/1", "{'reason':'按一般程序办理'}");
  w.policy.credit_bars = bars;
  w.policy.credit_bar_count = n;
  NO(CONFLICT, "owner", "credit.ask-repair", "credit/1", "{'text':'已经补办施工许可，缴纳罚款'}");
  SAYS("公布满 3 个月");
  town_on(&w, "2019-10-18");
  NO(NOT_FOUND, "stranger", "credit.ask-repair", "credit/1", "{'text':'已经补办施工许可，缴纳罚款'}");
  DO("partner", "credit.ask-repair", "credit/1", "{'text':'已经补办施工许可，缴纳罚款'}");
  EXPECT_STR(day_str(cx->mem, credit_open_plea(credit(&w, cx, 1), true)->due), S("2019-11-01"));
  DO("watch", "credit.refuse-repair", "credit/1", "{'reason':'罚款还没有缴清'}");
  DO("owner", "credit.ask-repair", "credit/1", "{'text':'罚款已经缴清，见缴款书'}");
  DO("watch", "credit.repair", "credit/1", "{'document':'信用修复决定示例1号'}");
  EXPECT_STR(credit(&w, cx, 1)->status, S("repaired"));
  EXPECT_STR(credit(&w, cx, 1)->pleas[1].result, S("done"));
  EXPECT_INT(standing(&w, cx, USCC).black, 0);
  DO("owner", "promise.sign", NULL, SIGN);
  EXPECT_STR(changes(&w, cx), S("HEI-2019-0001#2 published \nHEI-2019-0001#6 repaired 信用修复决定示例1号\n"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

/* Title, number and all that the letter of a step says, as one text. */
static Str letter(Town *w, Cx *cx, int64_t no, size_t step) {
  const Credit *c = credit(w, cx, no);
  CreditLetter t;
  REQUIRE(step < c->step_count);
  credit_letter(cx->mem, &w->policy, c, &c->steps[step], &t);
  Str all = arena_fmt(cx->mem, "%.*s %.*s %.*s\n", SFMT(t.title), SFMT(t.number), SFMT(day_str(cx->mem, t.day)));
  for (size_t i = 0; i < t.paragraph_count; i++) all = arena_fmt(cx->mem, "%.*s%.*s\n", SFMT(all), SFMT(t.paragraphs[i]));
  for (size_t i = 0; i < t.row_count; i++) all = arena_fmt(cx->mem, "%.*s%.*s：%.*s\n", SFMT(all), SFMT(t.rows[i].label), SFMT(t.rows[i].text));
  for (size_t i = 0; i < t.closing_count; i++) all = arena_fmt(cx->mem, "%.*s%.*s\n", SFMT(all), SFMT(t.closing[i]));
  return all;
}
#define WRITES(no, step, ...)                                                                                \
  do {                                                                                                       \
    static const char *const parts[] = {__VA_ARGS__};                                                        \
    Str text = letter(&w, cx, no, step);                                                                     \
    for (size_t i = 0; i < COUNT(parts); i++) EXPECT(str_has(text, str_of(parts[i]))); \
  } while (0)
#define GROUNDS "事实：未取得施工许可擅自开工", "证据：现场检查笔录和照片", "依据：葫政办发〔2019〕60号 ", "决定文号：葫建罚字〔2019〕示例1号"

TEST(each_step_is_a_letter_to_its_subject_with_grounds_and_rights) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-07-10");
  DO("watch", "credit.propose", NULL, BLACK);
  WRITES(1, 0, "列入黑名单告知书 HEI-2019-0001-1 2019-07-10", "拟将你方列入黑名单", "2019年7月17日以前（含当日）陈述", "书面交到市营商局", GROUNDS);
  town_on(&w, "2019-07-18");
  DO("owner", "credit.object", "credit/1", "{'text':'施工许可证已于六月取得，见附件'}");
  DO("watch2", "credit.answer", "credit/1", "{'result':'dismissed','text':'核对发证记录，六月没有发证'}");
  WRITES(1, 1, "黑名单异议答复书 HEI-2019-0001-3 2019-07-18", "你方于2019年7月18日对黑名单 HEI-2019-0001 提出的异议，经核实，异议不成立", "核对发证记录", "申请行政复议", GROUNDS);
  town_on(&w, "2019-09-02");
  DO("watch2", "credit.publish", "credit/1", "{'text':'告知期满，列入'}");
  WRITES(1, 2, "列入黑名单决定书", "自2019年9月2日起公布", "公布期间你方可以提出异议", "申请信用修复", "葫芦岛市人民政府", GROUNDS);
  DO("watch", "credit.repair", "credit/1", "{'document':'信用修复决定示例1号'}");
  WRITES(1, 3, "移出黑名单（信用修复）决定书", "信用修复决定示例1号", "移出名单");
  EXPECT(!str_has(letter(&w, cx, 1, 3), S("复议"))); /* nothing to object to */
  EXPECT_INT(credit(&w, cx, 1)->step_count, 4);      /* an objection is no letter to its subject */
  DO("hc", "credit.record", NULL, "{" FIRM "}");
  WRITES(2, 0, "记入信用记录告知书 XY-2019-0002-1", "公布以前和公布期间都可以提出异议");
  DO("watch", "credit.reject", "credit/2", "{'reason':'同一事实已经记过'}");
  WRITES(2, 1, "不予记录通知书", "同一事实已经记过");
  DO("hc", "credit.record", NULL, "{" FIRM "}");
  DO("watch", "credit.publish", "credit/3", "{'text':'属实，公布'}");
  town_on(&w, "2020-01-02");
  DO("owner", "credit.ask-repair", "credit/3", "{'text':'已经补办手续，见附件的许可'}");
  DO("watch", "credit.refuse-repair", "credit/3", "{'reason':'罚款还没有缴清'}");
  WRITES(3, 2, "不予信用修复决定书", "2020年1月2日对信用记录", "罚款还没有缴清", "可以再次申请", "申请行政复议");
  DO("watch", "credit.withdraw", "credit/3", "{'reason':'处罚决定已被撤销'}");
  WRITES(3, 3, "撤销信用记录决定书", "处罚决定已被撤销");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(an_objection_holds_the_publication_and_is_answered) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-07-10");
  DO("hc", "credit.record", NULL, "{" FIRM "}");
  DO("owner", "credit.object", "credit/1", "{'text':'施工许可证已于六月取得，见附件'}");
  NO(CONFLICT, "partner", "credit.object", "credit/1", "{'text':'施工许可证已于六月取得，见附件'}");
  EXPECT_STR(day_str(cx->mem, credit_open_plea(credit(&w, cx, 1), false)->due), S("2019-07-24")); /* ten working days */
  NO(CONFLICT, "watch", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  SAYS("异议还没有答复");
  EXPECT_INT(listed(&w, cx, (CreditFilter){.waiting = true}), 1);
  NO(DENIED, "hc-head", "credit.answer", "credit/1", "{'result':'dismissed','text':'核对发证记录，六月没有发证'}");
  DO("watch", "credit.answer", "credit/1", "{'result':'dismissed','text':'核对发证记录，六月没有发证'}");
  EXPECT_INT(listed(&w, cx, (CreditFilter){.waiting = true}), 0);
  DO("watch", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  NO(INVALID, "watch", "credit.object", "credit/1", "{'text':'来信说处罚决定已被撤销'}");
  EXPECT_STR(cx->field, S("said_by"));
  DO("watch", "credit.object", "credit/1", "{'text':'来信说处罚决定已被撤销','said_by':'示例机械公司王某'}");
  EXPECT_STR(credit(&w, cx, 1)->pleas[1].by, S("示例机械公司王某"));
  DO("watch", "credit.answer", "credit/1", "{'result':'upheld','text':'处罚决定已经法院撤销，撤销记录'}");
  EXPECT_STR(credit(&w, cx, 1)->status, S("withdrawn"));
  EXPECT_STR(changes(&w, cx), S("XY-2019-0001#4 published \nXY-2019-0001#5 objected \nXY-2019-0001#6 withdrawn 处罚决定已经法院撤销，撤销记录\n"));
  DO("hc", "credit.record", NULL, "{" FIRM "}");
  DO("owner", "credit.object", "credit/2", "{'text':'施工许可证已于六月取得，见附件'}");
  DO("watch", "credit.answer", "credit/2", "{'result':'upheld','text':'核对发证记录，确已发证，不予记录'}");
  EXPECT_STR(credit(&w, cx, 2)->status, S("rejected")); /* and no site was ever told of it */
  NO(CONFLICT, "watch", "credit.publish", "credit/2", "{'text':'属实，公布'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(what_is_published_expires_by_the_clock) {
  Town w;
  Due *due = NULL;
  size_t n = 0;
  OPEN_DESK(w);
  town_on(&w, "2019-08-31");
  DO("hc", "credit.record", NULL, "{" FIRM "}");
  w.policy.credit_months = 6; /* pinned when drafted: 36 */
  DO("watch", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  EXPECT_STR(day_str(cx->mem, credit(&w, cx, 1)->until), S("2022-08-31"));
  DO("hc", "credit.record", NULL, "{" FIRM "}");
  DO("watch", "credit.publish", "credit/2", "{'text':'属实，公布'}");
  EXPECT_STR(day_str(cx->mem, credit(&w, cx, 2)->until), S("2020-02-29")); /* no 31st in February */
  town_on(&w, "2020-02-29");
  NO(CONFLICT, "system", "credit.expire", "credit/2", "{}");
  EXPECT_INT(reader_due(cx, w.reader, day_start(day_ymd(2020, 3, 1)), 10, &due, &n), OK);
  EXPECT(n == 1 && str_eqz(due[0].name, "credit.expire") && str_eqz(due[0].stream, "credit/2"));
  town_on(&w, "2020-03-01");
  DO("system", "credit.expire", "credit/2", "{}");
  EXPECT_STR(credit(&w, cx, 2)->status, S("expired"));
  WRITES(2, 2, "信用记录到期通知书", "于2020年2月29日届满，自2020年3月1日起停止公布");
  NO(CONFLICT, "owner", "credit.object", "credit/2", "{'text':'施工许可证已于六月取得，见附件'}");
  DO("watch", "credit.withdraw", "credit/1", "{'reason':'处罚决定已被撤销'}");
  EXPECT_INT(reader_due(cx, w.reader, day_start(day_ymd(2030, 1, 1)), 10, &due, &n), OK);
  EXPECT_INT(n, 0);
  EXPECT_STR(changes(&w, cx), S("XY-2019-0001#2 published \nXY-2019-0002#2 published \nXY-2019-0001#3 withdrawn 处罚决定已被撤销\nXY-2019-0002#3 expired \n"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(who_entered_it_does_not_look_at_it_and_a_name_has_its_own_code) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-07-10");
  NO(INVALID, "watch", "credit.record", NULL, "{'subject_kind':'enterprise','subject':'示例失信公司','uscc':'" USCC "'," WHAT "}");
  SAYS("在本系统里是“葫芦岛示例机械有限公司”的");
  DO("watch", "credit.record", NULL, "{" FIRM "}");
  NO(DENIED, "watch", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  SAYS("XY-2019-0001 是您登记的");
  DO("owner", "credit.object", "credit/1", "{'text':'施工许可证已于六月取得，见附件'}");
  NO(DENIED, "watch", "credit.answer", "credit/1", "{'result':'dismissed','text':'核对发证记录，六月没有发证'}");
  DO("watch2", "credit.answer", "credit/1", "{'result':'dismissed','text':'核对发证记录，六月没有发证'}");
  DO("watch2", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  DO("watch", "credit.record", NULL, "{" FIRM "}");
  DO("watch", "credit.reject", "credit/2", "{'reason':'登记错了，同一事实已经记过'}"); /* one's own mistake */
  town_drop(&w);
}

TEST(a_red_list_is_a_list_and_has_no_repair) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-07-10");
  DO("watch", "credit.propose", NULL, "{'list':'red','condition':'kept-promises'," FIRM "}");
  town_on(&w, "2019-07-18");
  DO("watch2", "credit.publish", "credit/1", "{'text':'公示期满，列入'}");
  EXPECT_STR(credit(&w, cx, 1)->number, S("HONG-2019-0001"));
  EXPECT_INT(standing(&w, cx, USCC).red, 1);
  NO(CONFLICT, "watch", "credit.repair", "credit/1", "{'document':'信用修复决定示例1号'}");
  DO("owner", "promise.sign", NULL, SIGN);
  DO("watch", "credit.withdraw", "credit/1", "{'reason':'有没有履行的承诺'}");
  EXPECT_INT(standing(&w, cx, USCC).red, 0);
  town_drop(&w);
}
