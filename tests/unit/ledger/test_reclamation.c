/* SPDX-License-Identifier: Apache-2.0 */
/* S28: legacy issues of reclamation, with its values. */
#include "ledger/ledger.h"
#include "town.h"

#define ADD(answers, more) "{'ledger':'reclamation','name':'某围填海项目'," more "'values':{'basis':'海洋功能区划','approval':'none','approver':'未经批准','owner':'某公司','area':'12.35','use':'闲置'," answers "}}"

static const LedgerEntry *row(Town *w, Cx *cx, int64_t no) {
  const LedgerEntry *e = NULL;
  cx_clear(cx);
  Code code = entry_load(cx, w->reader, no, &e);
  REQUIRE(code == OK);
  return e;
}

static const Ledger *whole(Town *w, Cx *cx) {
  const Ledger *l = NULL;
  cx_clear(cx);
  Code code = ledger_load(cx, w->reader, S("reclamation"), &l);
  REQUIRE(code == OK);
  return l;
}

TEST(three_answers_lead_to_one_of_five_ways) {
  static const struct { const char *answers, *measure, *clause; } cases[] = {
      {"'legal':'yes','complete':'yes'", "use", "D13-2.2.3"},
      {"'legal':'yes','complete':'no'", "limit", "D13-2.2.3"},
      {"'legal':'no','complete':'yes','impact':'serious'", "remove", "D13-2.2.4"},
      {"'legal':'no','complete':'no','impact':'serious'", "remove", "D13-2.2.4"},
      {"'legal':'no','complete':'yes','impact':'minor'", "legacy", "D13-2.2.4"},
      {"'legal':'no','complete':'no','impact':'minor'", "rectify", "D13-2.2.4"},
      {"'legal':'no','complete':'no'", "", ""}}; /* not assessed yet */
  Town w;
  town_open(&w, cx, ledger_engines, LEDGER_ENGINES);
  for (size_t i = 0; i < COUNT(cases); i++) {
    DO("sz", "entry.add", NULL, arena_fmt(cx->mem, ADD("%s", ""), cases[i].answers).ptr);
    const LedgerEntry *e = row(&w, cx, (int64_t)i + 1);
    EXPECT_STR(e->measure, str_of(cases[i].measure));
    EXPECT(e->proposed == (*cases[i].measure != 0));
    const LedgerMeasure *m = policy_ledger_measure(&w.policy, S("reclamation"), e->measure);
    EXPECT(!m || str_eqz(m->source.clause, cases[i].clause));
  }
  NO(INVALID, "sz", "entry.add", NULL, ADD("'legal':'no','complete':'yes','impact':'serious'", "'measure':'legacy',"));
  SAYS("应当是“限期拆除”");
  DO("sz", "entry.add", NULL, ADD("'legal':'no','complete':'yes','impact':'serious'", "'measure':'legacy','reason':'专家复核意见',"));
  EXPECT(!row(&w, cx, 8)->proposed);
  NO(INVALID, "sz", "entry.add", NULL, ADD("'legal':'no','complete':'yes','impact':'serious'", "'until':'2018-12-31',")); /* late at once */
  DO("sz", "entry.add", NULL, ADD("'legal':'no','complete':'yes','impact':'serious'", "'until':'2019-12-31',")); /* the county sets the day */
  EXPECT_STR(day_str(cx->mem, row(&w, cx, 9)->until), S("2019-12-31"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(six_fields_are_needed_and_a_restricted_use_is_warned_of) {
  Town w;
  town_open(&w, cx, ledger_engines, LEDGER_ENGINES);
  NO(INVALID, "sz", "entry.add", NULL, "{'ledger':'reclamation','name':'某围填海项目','values':{'basis':'海洋功能区划','approval':'none','approver':'未经批准','owner':'某公司','use':'闲置','legal':'yes','complete':'no'}}");
  SAYS("用海面积");
  NO(INVALID, "sz", "entry.add", NULL, "{'ledger':'reclamation','name':'某围填海项目','values':{'area':'-1'}}");
  DO("sz", "entry.add", NULL, ADD("'legal':'yes','complete':'yes','purpose':'estate'", ""));
  EXPECT_STR(row(&w, cx, 1)->warning, S("严格限制：房地产开发"));
  DO("sz", "entry.change", "entry/1", "{'values':{'purpose':'industry'}}");
  EXPECT_STR(row(&w, cx, 1)->warning, S(""));
  NO(DENIED, "hc", "entry.add", NULL, ADD("'legal':'yes','complete':'yes'", "")); /* not a county of this ledger */
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_county_sets_a_target_and_what_was_confirmed_counts) {
  Town w;
  int64_t done = 0;
  town_open(&w, cx, ledger_engines, LEDGER_ENGINES);
  NO(DENIED, "sz", "ledger.target", NULL, "{'ledger':'reclamation','unit':'suizhong','year':2019,'count':3}");
  NO(DENIED, "sz-head", "ledger.target", NULL, "{'ledger':'reclamation','unit':'longgang','year':2019,'count':3}");
  NO(INVALID, "sz-head", "ledger.target", NULL, "{'ledger':'reclamation','unit':'jianchang','year':2019,'count':3}"); /* not on the coast */
  DO("sz-head", "ledger.target", NULL, "{'ledger':'reclamation','unit':'suizhong','year':2019,'count':3}");
  for (int i = 1; i <= 3; i++) {
    DO("sz", "entry.add", NULL, ADD("'legal':'yes','complete':'yes'", ""));
    if (i < 3) DO("sz-head", "entry.close", arena_fmt(cx->mem, "entry/%d", i).ptr, "{'result':'已集约利用并修复'}");
    if (i < 3) DO("nr", "entry.confirm", arena_fmt(cx->mem, "entry/%d", i).ptr, "{}");
  }
  Code code = entries_confirmed(cx, reader_views(w.reader), S("reclamation"), S("suizhong"), 2019, &done);
  const LedgerTarget *t2 = ledger_target(whole(&w, cx), S("suizhong"), 2019);
  EXPECT(code == OK && done == 2 && t2 && t2->count == 3 && (done * 200 + t2->count) / (2 * t2->count) == 67);
  code = entries_confirmed(cx, reader_views(w.reader), S("reclamation"), S("suizhong"), 2020, &done);
  EXPECT(code == OK && done == 0);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_plan_goes_to_the_province_after_the_city_has_agreed) {
  Town w;
  town_open(&w, cx, ledger_engines, LEDGER_ENGINES);
  NO(NOT_FOUND, "nr-head", "ledger.send", "ledger/reclamation", "{}");
  NO(DENIED, "hc", "ledger.plan", NULL, "{'ledger':'reclamation','title':'葫芦岛市围填海历史遗留问题处理方案','text':'一项一策，分类处置。逐项明确责任。'}");
  DO("nr", "ledger.plan", NULL, "{'ledger':'reclamation','title':'葫芦岛市围填海历史遗留问题处理方案','text':'一项一策，分类处置。逐项明确责任。'}");
  NO(CONFLICT, "nr-head", "ledger.send", "ledger/reclamation", "{}");
  SAYS("市政府同意");
  EXPECT_STR(cx->clause, S("D13-2.2.2"));
  NO(INVALID, "nr", "ledger.agree", "ledger/reclamation", "{'document':'市政府第 12 次常务会议','day':'2019-09-03'}");
  NO(INVALID, "nr", "ledger.agree", "ledger/reclamation", "{'document':'市政府第 12 次常务会议','day':'2019-09-01'}");
  town_on(&w, "2019-09-06");
  DO("nr", "ledger.agree", "ledger/reclamation", "{'document':'市政府第 12 次常务会议','day':'2019-09-05'}");
  NO(DENIED, "nr", "ledger.send", "ledger/reclamation", "{}");
  DO("nr-head", "ledger.send", "ledger/reclamation", "{}");
  NO(CONFLICT, "nr-head", "ledger.send", "ledger/reclamation", "{}");
  DO("nr", "ledger.plan", NULL, "{'ledger':'reclamation','title':'葫芦岛市围填海历史遗留问题处理方案（修订）','text':'修订后重新报市政府同意。'}");
  NO(CONFLICT, "nr-head", "ledger.send", "ledger/reclamation", "{}"); /* another version, agreed anew */
  EXPECT_INT(whole(&w, cx)->plan_version, 2);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
