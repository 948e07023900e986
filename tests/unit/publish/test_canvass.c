/* SPDX-License-Identifier: Apache-2.0 */
/* S41: drafts that the public is asked about: each acceptance step with its values. */
#include "publish/publish.h"
#include "town.h"

#define DRAFT "{'title':'关于示例办法（草案）征求意见','text':'一、总则\\n第一段文字。','basis':'《示例条例》','ways':['online','hearing'],'send':true}"
#define STREAM "canvass/1"

static const Canvass *one(Town *w, Cx *cx) {
  const Canvass *v = NULL;
  cx_clear(cx);
  Code code = canvass_load(cx, w->reader, 1, &v);
  REQUIRE(code == OK);
  return v;
}

static void asked(Town *w, Cx *cx) {
  static const struct { const char *who, *command, *args; } acts[] = {{"ed", "canvass.draft", DRAFT}, {"ed2", "canvass.sign", "{'step':'first'}"}, {"ed3", "canvass.sign", "{'step':'second'}"},
                                                                      {"go-head", "canvass.sign", "{'step':'third'}"}};
  town_open(w, cx, publish_engines, PUBLISH_ENGINES);
  for (size_t i = 0; i < COUNT(acts); i++) {
    Code code = town_do(w, cx, acts[i].who, acts[i].command, i ? STREAM : NULL, acts[i].args);
    REQUIRE(code == OK);
  }
}

TEST(a_draft_is_reviewed_and_then_open_for_the_days_of_the_package) {
  Town w;
  town_open(&w, cx, publish_engines, PUBLISH_ENGINES);
  NO(INVALID, "ed", "canvass.draft", NULL, "{'title':'关于示例办法征求意见','text':'一、总则，第一段文字。'}"); /* no basis */
  NO(INVALID, "ed", "canvass.draft", NULL, "{'title':'关于示例办法征求意见','text':'一、总则，第一段文字。','basis':'《示例条例》','days':29}");
  SAYS("至少 30 天");
  DO("ed", "canvass.draft", NULL, DRAFT);
  EXPECT_STR(json_str(w.r.answer, S("number")), S("YJZJ-2019-0001"));
  NO(NOT_FOUND, "anybody", "canvass.say", STREAM, "{'text':'希望写明期限'}"); /* not public yet */
  NO(CONFLICT, "go-head", "canvass.sign", STREAM, "{'step':'third'}");
  NO(DENIED, "ed", "canvass.sign", STREAM, "{'step':'first'}");
  DO("ed2", "canvass.sign", STREAM, "{'step':'first'}");
  DO("ed3", "canvass.return", STREAM, "{'reason':'起草说明请写具体'}");
  DO("ed", "canvass.change", STREAM, DRAFT);
  DO("ed2", "canvass.sign", STREAM, "{'step':'first'}");
  DO("ed3", "canvass.sign", STREAM, "{'step':'second'}");
  DO("go-head", "canvass.sign", STREAM, "{'step':'third'}");
  const Canvass *v = one(&w, cx);
  EXPECT(str_eqz(v->status, "open") && v->until.n == day_of(w.now).n + 30);
  EXPECT_STR(v->ways, S("网络征集、听证座谈"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(anybody_writes_and_gets_a_number_until_the_closing_day) {
  Town w;
  asked(&w, cx);
  DO("anybody", "canvass.say", STREAM, "{'text':'希望写明期限'}");
  EXPECT_STR(json_str(w.r.answer, S("number")), S("YJZJ-2019-0001-1"));
  DO("owner", "canvass.say", STREAM, "{'text':'材料清单再短一些'}");
  EXPECT_STR(json_str(w.r.answer, S("number")), S("YJZJ-2019-0001-2"));
  NO(INVALID, "anybody", "canvass.say", STREAM, "{'text':'希望写明期限','contact':'13800001234'}"); /* it belongs into the vault */
  NO(INVALID, "anybody", "canvass.say", STREAM, "{'text':''}");
  town_on(&w, "2019-10-02");
  DO("anybody", "canvass.say", STREAM, "{'text':'最后一天也可以写'}");
  town_on(&w, "2019-10-03");
  NO(CONFLICT, "anybody", "canvass.say", STREAM, "{'text':'已经晚了一天'}");
  SAYS("已经截止");
  DO("system", "canvass.lapse", STREAM, "{'until':'2019-10-02'}");
  DO("system", "canvass.lapse", STREAM, "{'until':'2019-10-02'}");
  EXPECT(str_eqz(one(&w, cx)->status, "ended") && one(&w, cx)->opinion_count == 3);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(closing_needs_an_answer_for_each_group_and_the_result_is_counted) {
  Town w;
  CanvassRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  asked(&w, cx);
  DO("anybody", "canvass.say", STREAM, "{'text':'希望写明期限'}");
  DO("anybody", "canvass.say", STREAM, "{'text':'期限请写成工作日'}");
  DO("anybody", "canvass.say", STREAM, "{'text':'不要收费'}");
  NO(CONFLICT, "go-head", "canvass.close", STREAM, "{}"); /* still open */
  town_on(&w, "2019-10-08");
  DO("system", "canvass.lapse", STREAM, "{'until':'2019-10-02'}");
  NO(CONFLICT, "go-head", "canvass.close", STREAM, "{}");
  SAYS("还有 3 条意见没有归类");
  NO(DENIED, "ed-hc", "canvass.group", STREAM, "{'title':'期限','opinions':['1']}");
  NO(INVALID, "ed", "canvass.group", STREAM, "{'title':'期限','opinions':['4']}");
  DO("ed", "canvass.group", STREAM, "{'title':'期限','opinions':['1','3']}");
  DO("ed", "canvass.group", STREAM, "{'title':'收费','opinions':['3']}"); /* moved from the other group */
  DO("ed", "canvass.group", STREAM, "{'title':'办理期限','opinions':['1','2'],'no':1}");
  NO(CONFLICT, "go-head", "canvass.close", STREAM, "{}");
  SAYS("还有 2 组意见没有答复");
  NO(INVALID, "ed", "canvass.answer", STREAM, "{'no':1,'adoption':'adopted'}"); /* no reason */
  DO("ed", "canvass.answer", STREAM, "{'no':1,'adoption':'adopted','reason':'已写明为工作日'}");
  DO("ed", "canvass.answer", STREAM, "{'no':2,'adoption':'rejected','reason':'收费由法律规定'}");
  NO(DENIED, "ed", "canvass.close", STREAM, "{}");
  DO("go-head", "canvass.close", STREAM, "{}");
  CanvassSums s = canvass_sums(one(&w, cx));
  EXPECT(s.received == 3 && s.adopted == 2 && s.partly == 0 && s.rejected == 1 && !s.ungrouped && !s.unanswered);
  NO(CONFLICT, "ed", "canvass.answer", STREAM, "{'no':2,'adoption':'adopted','reason':'另有考虑'}");
  NO(NOT_FOUND, "ed", "canvass.link", STREAM, "{'document':'D60'}"); /* not on the site yet */
  DO("ed", "gazette.import", NULL, "{'code':'D60'}");
  DO("ed", "canvass.link", STREAM, "{'document':'D60'}");
  EXPECT_INT(one(&w, cx)->document, 1);
  EXPECT(canvasses_list(cx, w.reader, &(CanvassFilter){.document = 1, .limit = 5}, &rows, &n, &total) == OK && n == 1 && total == 1 && rows[0].sums.adopted == 2);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
