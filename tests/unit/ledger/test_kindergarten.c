/* SPDX-License-Identifier: Apache-2.0 */
/* S33: the ledger of kindergartens, with its values; S34 as far as the row itself goes. */
#include "ledger/ledger.h"
#include "town.h"

static void open_town(Town *w, Cx *cx) {
  town_open(w, cx, ledger_engines, LEDGER_ENGINES);
}

static const LedgerEntry *row(Town *w, Cx *cx, int64_t no) {
  const LedgerEntry *e = NULL;
  cx_clear(cx);
  Code code = entry_load(cx, w->reader, no, &e);
  REQUIRE(code == OK);
  return e;
}

static Lamp lamp_on(Town *w, Cx *cx, int64_t no, const char *day, int *left) {
  const LedgerEntry *e = row(w, cx, no);
  Day today = {0};
  Str what;
  REQUIRE(day_parse(str_of(day), &today));
  Day due = entry_next(e, &what);
  return ledger_lamp(due, !due.n && !str_eqz(e->status, "open"), policy_ledger(&w->policy, e->ledger)->warn_days, today, left);
}

#define ADD(more) "{'ledger':'kindergarten','name':'某小区'," more "}"
#define VALS_(households, more) "'values':{'households':'" households "','state':'built','issue':'transfer'" more "}"

TEST(classes_follow_from_households_or_people) {
  static const struct { int64_t households, people; const char *size; } cases[] = {{1600, -1, "6 班 1 所"}, {4100, -1, "12 班 1 所"}, {1499, 4900, NULL}, {1500, -1, "6 班 1 所"}, {1499, 5000, "6 班 1 所"},
                                                                                  {3999, 11999, "6 班 1 所"}, {3999, 12000, "12 班 1 所"}, {4000, 0, "12 班 1 所"}, {-1, -1, NULL}};
  Town w;
  open_town(&w, cx);
  for (size_t i = 0; i < COUNT(cases); i++) {
    const LedgerSize *s = ledger_size(&w.policy, S("kindergarten"), cases[i].households, cases[i].people);
    EXPECT(s ? cases[i].size && str_eqz(s->name, cases[i].size) : !cases[i].size);
  }
  DO("sz", "entry.add", NULL, ADD(VALS_("1600", "")));
  EXPECT_STR(row(&w, cx, 1)->size, S("6 班 1 所"));
  DO("sz", "entry.change", "entry/1", "{'values':{'households':'4100'}}");
  EXPECT_STR(row(&w, cx, 1)->size, S("12 班 1 所"));
  DO("sz", "entry.change", "entry/1", "{'values':{'households':'1499','people':'4900'}}");
  EXPECT_STR(row(&w, cx, 1)->size, S(""));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_measure_gives_the_deadline_and_only_the_head_moves_it_with_a_reason) {
  static const struct { const char *measure, *due, *plan; } cases[] = {{"transfer", "2019-06-30", ""}, {"reclaim", "2019-09-30", ""}, {"replace", "2019-09-30", ""}, {"purchase", "2019-09-30", ""},
                                                                       {"supplement", "2020-12-31", "2019-12-31"}, {"convert", "2020-12-31", "2019-12-31"}, {"new", "2020-12-31", "2019-12-31"}};
  Town w;
  int left = 0;
  open_town(&w, cx);
  for (size_t i = 0; i < COUNT(cases); i++) {
    const LedgerMeasure *m = policy_ledger_measure(&w.policy, S("kindergarten"), str_of(cases[i].measure));
    EXPECT(m && str_eqz(m->due, cases[i].due) && str_eqz(m->plan_due, cases[i].plan) && policy_clause(&w.policy, m->source.clause));
  }
  DO("sz", "entry.add", NULL, ADD("'measure':'purchase'," VALS_("1600", "")));
  EXPECT_STR(day_str(cx->mem, row(&w, cx, 1)->due), S("2019-09-30"));
  EXPECT(lamp_on(&w, cx, 1, "2019-08-30", &left) == LAMP_GREEN && lamp_on(&w, cx, 1, "2019-08-31", &left) == LAMP_YELLOW && left == 30);
  EXPECT(lamp_on(&w, cx, 1, "2019-09-30", &left) == LAMP_YELLOW && lamp_on(&w, cx, 1, "2019-10-01", &left) == LAMP_RED && left == -1);
  NO(INVALID, "sz", "entry.change", "entry/1", "{'measure':'supplement'}"); /* moves a deadline: with a reason */
  SAYS("请写明理由");
  EXPECT_STR(cx->field, S("reason"));
  DO("sz", "entry.change", "entry/1", "{'measure':'supplement','reason':'没有可购置的园舍'}");
  EXPECT(lamp_on(&w, cx, 1, "2020-01-01", &left) == LAMP_RED); /* the planning is late */
  DO("sz", "entry.change", "entry/1", "{'values':{'planned':'2019-08-20'}}");
  EXPECT(lamp_on(&w, cx, 1, "2020-01-01", &left) == LAMP_GREEN);
  NO(DENIED, "sz", "entry.extend", "entry/1", "{'until':'2021-03-31','reason':'冬季停工'}");
  DO("sz-head", "entry.extend", "entry/1", "{'until':'2021-03-31','reason':'冬季停工'}");
  EXPECT(lamp_on(&w, cx, 1, "2021-03-31", &left) == LAMP_YELLOW && row(&w, cx, 1)->extended == 1);
  NO(CONFLICT, "sz-head", "entry.close", "entry/1", "{'result':'已经建成投用'}");
  SAYS("竣工验收日期");
  const LedgerEntry *e = row(&w, cx, 1);
  const EntryStep *s = &e->steps[1];
  EXPECT(str_eqz(s->by, "赵绥") && str_eqz(s->text, "没有可购置的园舍") && s->change_count == 1 && str_eqz(s->changes[0].was, "购置") && str_eqz(s->changes[0].is, "补建"));
  NO(DENIED, "dr", "entry.change", "entry/1", "{'values':{'households':'1700'}}");
  NO(DENIED, "dr", "entry.add", NULL, ADD(VALS_("1600", "")));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_kindergarten_opens_within_twelve_months_of_reception) {
  Town w;
  int left = 0;
  open_town(&w, cx);
  town_on(&w, "2019-07-10");
  DO("sz", "entry.add", NULL, ADD("'measure':'transfer'," VALS_("1600", ",'land':'true','house':'true','assets':'true'")));
  NO(CONFLICT, "sz-head", "entry.close", "entry/1", "{'result':'已经移交教育部门'}");
  SAYS("教育部门接收日期");
  NO(INVALID, "sz", "entry.change", "entry/1", "{'values':{'opened':'2019-07-05'}}"); /* before it was received */
  NO(INVALID, "sz", "entry.change", "entry/1", "{'values':{'received':'2019-07-11'}}");
  SAYS("不能晚于今天");
  DO("sz", "entry.change", "entry/1", "{'values':{'received':'2019-07-01'}}");
  DO("sz-head", "entry.close", "entry/1", "{'result':'已经移交教育部门'}");
  NO(DENIED, "sz-head", "entry.confirm", "entry/1", "{}");
  DO("hc", "entry.confirm", "entry/1", "{}");
  const LedgerEntry *e = row(&w, cx, 1);
  REQUIRE(e->span_count == 1);
  EXPECT_STR(day_str(cx->mem, e->spans[0].due), S("2020-07-01"));
  EXPECT(lamp_on(&w, cx, 1, "2020-07-01", &left) == LAMP_YELLOW && lamp_on(&w, cx, 1, "2020-07-02", &left) == LAMP_RED && left == -1);
  town_on(&w, "2020-07-06");
  NO(INVALID, "sz", "entry.change", "entry/1", "{'values':{'received':'2019-08-01'}}"); /* it would move the deadline */
  SAYS("请写明理由");
  DO("sz", "entry.change", "entry/1", "{'values':{'opened':'2020-07-05'}}"); /* long after its row was closed */
  EXPECT(lamp_on(&w, cx, 1, "2020-07-06", &left) == LAMP_DONE);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(no_profit_and_no_private_kindergarten_below_half) {
  Town w;
  open_town(&w, cx);
  DO("sz", "entry.add", NULL, ADD(VALS_("1600", "")));
  NO(INVALID, "sz", "entry.change", "entry/1", "{'values':{'nature':'profit'}}");
  SAYS("不得办成营利性幼儿园");
  EXPECT_STR(cx->clause, S("D59-2.4-p1"));
  NO(INVALID, "sz", "entry.add", NULL, ADD(VALS_("1600", ",'nature':'profit'")));
  NO(CONFLICT, "sz", "entry.change", "entry/1", "{'values':{'nature':'inclusive'}}");
  SAYS("还没有登记");
  NO(DENIED, "sz-head", "ledger.share", NULL, "{'ledger':'kindergarten','unit':'suizhong','share':'60','as_of':'2019-08-31'}");
  NO(INVALID, "hc", "ledger.share", NULL, "{'ledger':'kindergarten','unit':'suizhong','share':'101','as_of':'2019-08-31'}");
  DO("hc", "ledger.share", NULL, "{'ledger':'kindergarten','unit':'suizhong','share':'49','as_of':'2019-08-31'}");
  NO(CONFLICT, "sz", "entry.change", "entry/1", "{'values':{'nature':'inclusive'}}");
  SAYS("是 49%");
  DO("hc", "ledger.share", NULL, "{'ledger':'kindergarten','unit':'suizhong','share':'50','as_of':'2019-08-31'}");
  NO(CONFLICT, "sz", "entry.change", "entry/1", "{'values':{'nature':'inclusive'}}"); /* X17 */
  DO("hc", "ledger.share", NULL, "{'ledger':'kindergarten','unit':'suizhong','share':'50.1','as_of':'2019-09-01'}");
  DO("sz", "entry.change", "entry/1", "{'values':{'nature':'inclusive'}}");
  DO("sz", "entry.change", "entry/1", "{'values':{'nature':'public'}}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

static size_t missed(Town *w, Cx *cx, Str *units, size_t most) {
  size_t n = 0;
  Events list;
  cx_clear(cx);
  Code code = reader_events(cx, w->reader, S("ledger/kindergarten"), 0, 100, &list);
  REQUIRE(code == OK);
  for (size_t i = 0; i < list.count; i++) {
    const Json *u = str_eqz(list.list[i].kind, "ledger.missed") ? json_get(list.list[i].body, S("units")) : NULL;
    for (const Json *x = u ? u->first : NULL; x && n < most; x = x->next) units[n++] = x->str;
  }
  return n;
}

TEST(who_has_not_reported_by_the_nineteenth_is_missed_once_a_month) {
  Town w;
  Str units[40];
  Due *due = NULL;
  size_t n = 0;
  open_town(&w, cx);
  town_on(&w, "2019-08-05");
  DO("sz", "entry.add", NULL, ADD("'measure':'transfer'," VALS_("1600", "")));
  Code code = reader_due(cx, w.reader, INT64_MAX, 10, &due, &n);
  EXPECT(code == OK && n == 1 && str_eqz(due[0].name, "ledger.watch") && day_of(due[0].at).n == day_ymd(2019, 8, 19).n);
  DO("sz", "monthly.make", NULL, "{'ledger':'kindergarten'}");
  NO(CONFLICT, "sz", "monthly.make", NULL, "{'ledger':'kindergarten'}");
  NO(DENIED, "sz", "monthly.report", "monthly/kindergarten.suizhong.2019-08", "{}");
  DO("sz-head", "monthly.report", "monthly/kindergarten.suizhong.2019-08", "{}");
  NO(DENIED, "sz-head", "monthly.accept", "monthly/kindergarten.suizhong.2019-08", "{}");
  DO("hc", "monthly.accept", "monthly/kindergarten.suizhong.2019-08", "{}");
  town_on(&w, "2019-08-19");
  DO("system", "ledger.watch", "ledger/kindergarten", "{'month':'2019-08'}");
  EXPECT_INT(missed(&w, cx, units, COUNT(units)), 5); /* all but 绥中县, 南票区 among them */
  bool nanpiao = false;
  for (size_t i = 0; i < 5; i++) nanpiao |= str_eqz(units[i], "nanpiao"), EXPECT(!str_eqz(units[i], "suizhong"));
  EXPECT(nanpiao);
  DO("system", "ledger.watch", "ledger/kindergarten", "{'month':'2019-08'}"); /* told twice: nothing more */
  EXPECT_INT(missed(&w, cx, units, COUNT(units)), 5);
  code = reader_due(cx, w.reader, INT64_MAX, 10, &due, &n);
  EXPECT(code == OK && n == 1 && day_of(due[0].at).n == day_ymd(2019, 9, 19).n);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

static const Monthly *report(Town *w, Cx *cx, const char *month) {
  const Monthly *m = NULL;
  cx_clear(cx);
  Code code = monthly_load(cx, w->reader, monthly_name(cx->mem, S("kindergarten"), S("suizhong"), str_of(month)), &m);
  REQUIRE(code == OK && m);
  return m;
}

TEST(a_report_says_what_changed_since_the_last_one_and_is_frozen) {
  Town w;
  open_town(&w, cx);
  town_on(&w, "2019-08-05");
  DO("sz", "entry.add", NULL, ADD("'measure':'purchase'," VALS_("1600", "")));
  DO("sz", "entry.add", NULL, ADD("'measure':'replace'," VALS_("1600", "")));
  DO("sz", "entry.add", NULL, ADD("'measure':'transfer'," VALS_("1600", ",'land':'true','house':'true','assets':'true','received':'2019-08-01','opened':'2019-08-02'")));
  DO("sz", "monthly.make", NULL, "{'ledger':'kindergarten'}");
  EXPECT(report(&w, cx, "2019-08")->changes.added_count == 3 && report(&w, cx, "2019-08")->changes.late_count == 1);
  DO("sz-head", "monthly.bounce", "monthly/kindergarten.suizhong.2019-08", "{'reason':'缺一个小区'}");
  DO("sz", "monthly.make", NULL, "{'ledger':'kindergarten'}");
  EXPECT_INT(report(&w, cx, "2019-08")->version, 2);
  DO("sz-head", "monthly.report", "monthly/kindergarten.suizhong.2019-08", "{}");
  DO("hc", "monthly.return", "monthly/kindergarten.suizhong.2019-08", "{'reason':'数字不一致'}");
  DO("sz", "monthly.make", NULL, "{'ledger':'kindergarten'}");
  DO("sz-head", "monthly.report", "monthly/kindergarten.suizhong.2019-08", "{}");
  NO(INVALID, "sz", "monthly.make", NULL, "{'ledger':'kindergarten','month':'2019-09'}");
  NO(INVALID, "sz", "monthly.make", NULL, "{'ledger':'kindergarten','month':'2019-06'}");
  NO(CONFLICT, "sz", "monthly.make", NULL, "{'ledger':'reclamation'}");
  SAYS("不用按月上报");
  town_on(&w, "2019-10-08");
  DO("sz-head", "entry.extend", "entry/1", "{'until':'2019-12-31','reason':'产权正在办理'}"); /* extended */
  DO("sz-head", "entry.close", "entry/3", "{'result':'已经移交教育部门'}");                   /* waits for the joint office; entry 2 is late now */
  DO("sz", "entry.add", NULL, ADD("'measure':'new'," VALS_("4100", "")));                       /* new */
  DO("sz", "monthly.make", NULL, "{'ledger':'kindergarten'}");
  const Monthly *m = report(&w, cx, "2019-10");
  const ReportChanges *c = &m->changes;
  EXPECT_STR(m->since, S("2019-08"));
  EXPECT(c->added_count == 1 && c->added[0] == 4 && c->done_count == 0 && c->late_count == 1 && c->late[0] == 2 && c->extended_count == 1 && c->extended[0] == 1);
  DO("sz", "entry.change", "entry/4", "{'values':{'households':'4200'}}"); /* the report stays as it was */
  EXPECT_INT(report(&w, cx, "2019-10")->line_count, 4);
  DO("sz-head", "monthly.report", "monthly/kindergarten.suizhong.2019-10", "{}");
  DO("hc", "entry.confirm", "entry/3", "{}"); /* done in the month in which it is confirmed, and in that one only */
  town_on(&w, "2019-11-08");
  DO("sz", "monthly.make", NULL, "{'ledger':'kindergarten'}");
  c = &report(&w, cx, "2019-11")->changes;
  EXPECT(c->done_count == 1 && c->done[0] == 3);
  DO("sz-head", "monthly.report", "monthly/kindergarten.suizhong.2019-11", "{}");
  town_on(&w, "2019-12-09");
  DO("sz", "monthly.make", NULL, "{'ledger':'kindergarten'}");
  EXPECT_INT(report(&w, cx, "2019-12")->changes.done_count, 0);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

/* ---- S34, the row's side ------------------------------------------------------------------------------------------ */

static size_t told(Town *w, Cx *cx, const char *kind) {
  size_t n = 0;
  Events list;
  cx_clear(cx);
  Code code = reader_events(cx, w->reader, S("entry/1"), 0, 100, &list);
  REQUIRE(code == OK);
  for (size_t i = 0; i < list.count; i++) n += str_eqz(list.list[i].kind, kind);
  return n;
}

TEST(a_project_waits_from_the_link_until_the_joint_office_confirms) {
  Town w;
  open_town(&w, cx);
  DO("system", "project.register", NULL, "{'no':1,'number':'HLD-000001-P','uscc':'" USCC "'}");
  DO("sz", "entry.add", NULL, ADD("'measure':'supplement','values':{'households':'1620','state':'building','issue':'stopped','planned':'2019-08-01','built':'2019-08-30'}"));
  NO(INVALID, "sz", "entry.link", "entry/1", "{'project':1}"); /* it lies in 龙港区 */
  NO(NOT_FOUND, "sz", "entry.link", "entry/1", "{'project':7}");
  DO("system", "project.register", NULL, "{'no':2,'number':'HLD-000002-P','uscc':'" USCC "','county':'suizhong'}");
  NO(CONFLICT, "sz-head", "entry.refuse", "entry/1", "{'fact':'三次约谈仍不复工','evidence':'约谈记录'}");
  SAYS("先关联");
  DO("sz", "entry.link", "entry/1", "{'project':2}");
  EXPECT(entry_holds(row(&w, cx, 1)) && told(&w, cx, "entry.held") == 1);
  NO(CONFLICT, "sz", "entry.change", "entry/1", "{'values':{'issue':'transfer'},'reason':'已经复工'}"); /* not the county's to let go */
  NO(DENIED, "sz-head", "entry.unlink", "entry/1", "{'reason':'关联错了'}");
  NO(DENIED, "sz", "entry.refuse", "entry/1", "{'fact':'三次约谈仍不复工','evidence':'约谈记录'}");
  DO("sz-head", "entry.refuse", "entry/1", "{'fact':'三次约谈仍不复工','evidence':'约谈记录'}");
  DO("sz-head", "entry.close", "entry/1", "{'result':'已经按标准建成'}");
  EXPECT(entry_holds(row(&w, cx, 1)) && !told(&w, cx, "entry.released")); /* closed, not yet confirmed */
  DO("hc", "entry.confirm", "entry/1", "{}");
  EXPECT(!entry_holds(row(&w, cx, 1)) && told(&w, cx, "entry.released") == 1);
  DO("hc", "entry.reopen", "entry/1", "{'reason':'现场看没有建成'}");
  EXPECT(entry_holds(row(&w, cx, 1)) && told(&w, cx, "entry.held") == 2);
  DO("hc", "entry.unlink", "entry/1", "{'reason':'不是这个项目'}");
  EXPECT(!entry_holds(row(&w, cx, 1)) && told(&w, cx, "entry.released") == 2);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
