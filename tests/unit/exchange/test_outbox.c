/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox: a row goes out once, a correction makes the old one void, and nothing is lost or sent twice. */
#include "exchange/exchange.h"
#include "town.h"

#define PART "exchange/province.7"
#define ROW(k, v) "{'t':'XMDWXXB','no':'05','k':'" k "','row':{'DFSJZJ':'" k "','DWMC':'" v "'}}"
#define HELD(k, v) "{'t':'XMDWXXB','no':'05','k':'" k "','row':{'DFSJZJ':'" k "','DWMC':'" v "'},'fault':'〔DWMC 单位名称〕没有填写'}"
#define PREPARE(rows, gone) DO("system", "exchange.prepare", NULL, "{'target':'province','project':7,'region':'211400','rows':[" rows "],'gone':[" gone "]}")
#define REPORT(n, state) DO("system", "exchange.report", PART, arena_fmt(cx->mem, "{'rows':[{'lsh':'%.*s','state':'" state "','reason':'值不对'}]}", SFMT(part(&w, cx)->rows[n].lsh)).ptr)

static const Part *part(Town *w, Cx *cx) {
  const void *state = NULL;
  int64_t seq = 0;
  reader_begin(w->reader);
  Code code = reader_state(cx, w->reader, S(PART), &state, &seq);
  REQUIRE(code == OK);
  return state;
}

static int64_t events(Town *w, Cx *cx) {
  const void *state = NULL;
  int64_t seq = 0;
  Code code = reader_state(cx, w->reader, S(PART), &state, &seq);
  REQUIRE(code == OK);
  return seq;
}

static void expect_link(Test *t, Town *w, Cx *cx, int64_t waiting, int64_t sent, int64_t accepted, int64_t refused, int64_t held) {
  LinkRow l;
  EXPECT_INT(link_load(cx, w->reader, S("province"), &l), OK);
  const int64_t want[] = {waiting, sent, accepted, refused, held};
  for (int i = 0; i < 5; i++) EXPECT_INT(l.count[i], want[i]);
}

TEST(a_row_goes_out_once_and_a_correction_makes_the_old_one_void) {
  Town w;
  town_open(&w, cx, exchange_engines, EXCHANGE_ENGINES);
  PREPARE(ROW("a", "甲公司") "," ROW("b", "乙公司"), "");
  EXPECT(part(&w, cx)->count == 2 && part(&w, cx)->rows[0].status == ROW_WAITING);
  Str lsh = part(&w, cx)->rows[0].lsh;
  EXPECT_INT(lsh.len, 32);
  EXPECT(str_starts(lsh, S("21140020190902090000")) && str_eqz(str_sub(lsh, 20, 2), "05"));
  int64_t seq = events(&w, cx);
  PREPARE(ROW("a", "甲公司") "," ROW("b", "乙公司"), ""); /* looked at again */
  EXPECT_INT(events(&w, cx), seq);
  PREPARE(ROW("a", "甲一公司"), ""); /* before it was sent: the newer one goes in its place */
  EXPECT(part(&w, cx)->count == 3 && part(&w, cx)->rows[0].status == ROW_DROPPED && part(&w, cx)->rows[2].no == 2);
  expect_link(t, &w, cx, 2, 0, 0, 0, 0);
  REPORT(2, "sent");
  REPORT(2, "accepted");
  seq = events(&w, cx);
  REPORT(2, "sent"); /* the answer came twice */
  REPORT(2, "refused");
  EXPECT_INT(events(&w, cx), seq);
  PREPARE(ROW("a", "甲二公司"), ""); /* after it was sent: void, and a new one */
  const Part *p = part(&w, cx);
  EXPECT(p->count == 5 && !p->rows[3].valid && p->rows[2].voided && p->rows[4].valid && p->rows[4].no == 3);
  EXPECT_INT(json_int(p->rows[3].row, S("SJYXBS"), 9), 0);
  EXPECT_STR(json_str(p->rows[3].row, S("SJWXYY")), S("数据更正"));
  EXPECT_STR(json_str(p->rows[3].row, S("DWMC")), S("甲一公司"));
  EXPECT_INT(json_int(p->rows[4].row, S("SJYXBS"), 9), 1);
  for (size_t i = 0; i < p->count; i++)
    for (size_t k = 0; k < i; k++) EXPECT(!str_eq(p->rows[i].lsh, p->rows[k].lsh));
  PREPARE("", "{'t':'XMDWXXB','k':'b'}"); /* never sent: nothing need be said of it */
  EXPECT(part(&w, cx)->count == 5 && part(&w, cx)->rows[1].status == ROW_DROPPED);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(what_fails_here_is_held_and_what_is_refused_there_is_sent_once_more_by_hand) {
  Town w;
  RowLine *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  town_open(&w, cx, exchange_engines, EXCHANGE_ENGINES);
  PREPARE(HELD("a", ""), "");
  expect_link(t, &w, cx, 0, 0, 0, 0, 1);
  Str lsh = part(&w, cx)->rows[0].lsh;
  NO(CONFLICT, "admin", "exchange.again", PART, arena_fmt(cx->mem, "{'lsh':'%.*s'}", SFMT(lsh)).ptr);
  SAYS("没有通过本系统的检查");
  PREPARE(ROW("a", "甲公司"), "");
  expect_link(t, &w, cx, 1, 0, 0, 0, 0);
  REPORT(1, "refused");
  expect_link(t, &w, cx, 0, 0, 0, 1, 0);
  EXPECT_INT(rows_list(cx, w.reader, &(RowFilter){.target = S("province"), .status = S("refused"), .limit = 10}, &rows, &n, &total), OK);
  EXPECT(n == 1 && total == 1 && str_eqz(rows[0].fault, "值不对"));
  NO(DENIED, "nr", "exchange.again", PART, "{}");
  DO("admin", "exchange.again", PART, "{}");
  const Part *p = part(&w, cx);
  EXPECT(p->count == 4 && !p->rows[2].valid && p->rows[3].valid && p->rows[3].status == ROW_WAITING);
  EXPECT_STR(json_str(p->rows[2].row, S("SJWXYY")), S("被退回后重发"));
  expect_link(t, &w, cx, 2, 0, 0, 0, 0);
  EXPECT_INT(rows_list(cx, w.reader, &(RowFilter){.status = S("refused"), .limit = 10}, &rows, &n, &total), OK);
  EXPECT_INT(total, 0);
  NO(CONFLICT, "admin", "exchange.again", PART, "{}");
  SAYS("没有被退回的行");
  PREPARE(HELD("a", ""), ""); /* wrong now: what waits stays here, and is not sent half */
  EXPECT(part(&w, cx)->rows[3].status == ROW_DROPPED && part(&w, cx)->rows[4].status == ROW_HELD);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(what_the_other_side_lost_goes_out_again_under_its_number) {
  Town w;
  DayDigest *days = NULL;
  size_t n = 0;
  Day first = {0}, next = {0};
  town_open(&w, cx, exchange_engines, EXCHANGE_ENGINES);
  town_on(&w, "2019-12-31");
  PREPARE(ROW("a", "甲公司"), "");
  EXPECT(digests_of(cx, w.reader, S("province"), day_of(w.now), &days, &n) == OK && n == 0); /* it was not sent */
  REPORT(0, "sent");
  town_on(&w, "2020-01-02");
  PREPARE(ROW("b", "乙公司"), "");
  REPORT(1, "sent");
  EXPECT(day_after(cx, w.reader, S("province"), first, &first) == OK && day_after(cx, w.reader, S("province"), first, &next) == OK && next.n - first.n == 2);
  EXPECT(day_after(cx, w.reader, S("province"), next, &next) == OK && next.n == 0);
  EXPECT(digests_of(cx, w.reader, S("province"), first, &days, &n) == OK && n == 1 && days[0].rows == 1 && days[0].digest.len == 64);
  Str lsh = part(&w, cx)->rows[0].lsh;
  DO("system", "exchange.requeue", PART, arena_fmt(cx->mem, "{'lsh':['%.*s','nothing']}", SFMT(lsh)).ptr);
  expect_link(t, &w, cx, 1, 1, 0, 0, 0);
  EXPECT_STR(part(&w, cx)->rows[0].lsh, lsh);
  REPORT(0, "accepted");
  expect_link(t, &w, cx, 0, 1, 1, 0, 0);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_connection_says_once_that_it_is_down_and_what_was_compared) {
  Town w;
  PushLine *log = NULL;
  CheckLine *checks = NULL;
  LinkRow l;
  size_t n = 0;
  int64_t total = 0;
  town_open(&w, cx, exchange_engines, EXCHANGE_ENGINES);
  for (int k = 0; k < 2; k++) DO("system", "link.note", NULL, "{'target':'province','kind':'down','reason':'连接不上'}");
  EXPECT(link_load(cx, w.reader, S("province"), &l) == OK && l.down == w.now);
  EXPECT_STR(l.reason, S("连接不上"));
  for (int k = 0; k < 2; k++) DO("system", "link.note", NULL, "{'target':'province','kind':'up'}");
  EXPECT(link_load(cx, w.reader, S("province"), &l) == OK && !l.down);
  NO(INVALID, "admin", "link.ask", NULL, "{'target':'province','day':'2019-09-03'}");
  DO("admin", "link.ask", NULL, "{'target':'province','day':'2019-09-01'}");
  EXPECT(link_load(cx, w.reader, S("province"), &l) == OK && l.asked.n == day_of(w.now).n - 1);
  DO("system", "link.reconciled", NULL, "{'target':'province','day':'2019-09-01','resent':1,'tables':[{'table':'XMJBXXB','ours':4,'theirs':3,'missing':1,'extra':0}]}");
  EXPECT(link_load(cx, w.reader, S("province"), &l) == OK && !l.asked.n && l.reconciled.n == day_of(w.now).n - 1);
  EXPECT(compared_list(cx, w.reader, S("province"), 10, &checks, &n) == OK && n == 1 && checks[0].missing == 1);
  EXPECT(pushes_list(cx, w.reader, S(""), 0, 10, &log, &n, &total) == OK && total == 4);
  EXPECT(str_eqz(log[0].kind, "reconciled") && str_eqz(log[3].kind, "down"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
