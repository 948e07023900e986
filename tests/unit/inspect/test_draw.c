/* SPDX-License-Identifier: Apache-2.0 */
/* S18: a published plan, a list with its hash, commitments, secrets, a public number; what is altered, withheld or tried again shows. */
#include "spot.h"

#define OPEN(parties, at) "{'plan':1,'parties':[" parties "],'beacon':'上证综合指数收盘点位','beacon_at':'" at "'}"

TEST(ten_of_120_projects_and_two_of_16_inspectors_are_drawn_and_anybody_can_repeat_it) {
  Town w;
  LotPick *picks = NULL;
  size_t n = 0;
  Hash seed;
  spot_open(&w, cx);
  spot_plan(&w, cx, 10);
  spot_upto(&w, cx, 1, 1, 3);
  const SpotDraw *d = spot_draw(&w, cx, 1);
  EXPECT(d->objects == PROJECTS && d->inspectors == INSPECTORS && d->wanted == 10 && d->check_count == 10);
  EXPECT_STR(d->hash, hash_hex(cx->mem, lot_hash(d->list)));
  EXPECT_STR(d->seed, hash_hex(cx->mem, lot_hash(arena_fmt(cx->mem, "yichuang-draw/1 seed\n%.*s\nwatch " SECRET1 "\nhc-head " SECRET2 "\nvalue 2985.86\n", SFMT(d->hash)))));
  EXPECT(hash_unhex(d->seed, &seed));
  EXPECT_INT(lot_draw(cx, d->list, &seed, &picks, &n), OK);
  EXPECT_INT(n, 10);
  for (size_t i = 0; i < n; i++) {
    EXPECT_STR(picks[i].object, d->checks[i].object);
    EXPECT(str_eq(picks[i].certs[0], d->checks[i].certs[0]) && str_eq(picks[i].certs[1], d->checks[i].certs[1]) && !str_eq(picks[i].certs[0], picks[i].certs[1]));
    EXPECT(d->checks[i].persons[0].len == 3 && d->checks[i].names[1].len && d->checks[i].name.len && d->checks[i].uscc.len);
  }
  NOT(CONFLICT, "watch", "draw.open", NULL, OPEN("'watch','hc-head'", "2019-09-20T15:30")); /* not again until one likes it */
  SAYS("不能再抽");
  NOT(CONFLICT, "watch", "draw.void", "draw/1", "{'reason':'结果不合适，想再抽一次看看'}");
  NOT(CONFLICT, "watch", "plan.drop", "plan/1", "{'reason':'结果不合适，想再抽一次看看'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(only_a_published_plan_is_drawn_and_the_parties_are_of_two_units) {
  Town w;
  spot_open(&w, cx);
  NOT(DENIED, "hc-head", "plan.make", NULL, "{'title':'抽查计划','items':['检查'],'units':['housing-construction'],'from':'2019-09-10','to':'2019-09-30','basis':'年度计划'}");
  NOT(INVALID, "watch", "plan.make", NULL, "{'title':'抽查计划','items':['检查'],'units':['no-such'],'from':'2019-09-10','to':'2019-09-30','basis':'年度计划'}");
  NOT(INVALID, "watch", "plan.make", NULL, "{'title':'抽查计划','items':['检查'],'units':['housing-construction'],'from':'2019-09-30','to':'2019-09-10','basis':'年度计划'}");
  GO("watch", "plan.make", NULL, "{'title':'抽查计划','items':['检查'],'units':['housing-construction'],'count':10,'from':'2019-09-10','to':'2019-09-30','basis':'年度计划'}");
  EXPECT_STR(json_str(w.r.answer, S("number")), S("SJ-2019-0001"));
  NOT(CONFLICT, "watch", "draw.open", NULL, OPEN("'watch','hc-head'", BEACON_AT));
  SAYS("还没有公布");
  GO("watch", "plan.publish", "plan/1", "{}");
  NOT(CONFLICT, "watch", "plan.publish", "plan/1", "{}");
  NOT(INVALID, "watch", "draw.open", NULL, OPEN("'watch'", BEACON_AT));
  SAYS("至少要两方");
  NOT(INVALID, "watch", "draw.open", NULL, OPEN("'watch','watch'", BEACON_AT));
  NOT(INVALID, "watch", "draw.open", NULL, OPEN("'leader','audit'", BEACON_AT)); /* both of no unit */
  NOT(INVALID, "watch", "draw.open", NULL, OPEN("'watch','owner'", BEACON_AT));
  NOT(INVALID, "watch", "draw.open", NULL, OPEN("'watch','nobody'", BEACON_AT));
  NOT(INVALID, "watch", "draw.open", NULL, OPEN("'watch','hc-head'", "2019-09-02T09:00"));
  SAYS("以后才产生");
  NOT(INVALID, "watch", "draw.open", NULL, OPEN("'watch','hc-head'", "soon"));
  GO("watch", "draw.open", NULL, OPEN("'watch','leader','audit'", BEACON_AT));
  NOT(CONFLICT, "watch", "plan.drop", "plan/1", "{'reason':'名单已经公布，不能取消'}");
  town_drop(&w);
}

TEST(a_commitment_cannot_be_changed_and_nobody_reveals_before_all_have_committed) {
  Town w;
  spot_open(&w, cx);
  spot_plan(&w, cx, 10);
  spot_upto(&w, cx, 1, 1, 0);
  Str hash = lot_commitment(cx->mem, spot_draw(&w, cx, 1)->hash, S("watch"), S(SECRET1)), args = arena_fmt(cx->mem, "{'commitment':'%.*s'}", SFMT(hash));
  NOT(DENIED, "leader", "draw.commit", "draw/1", args.ptr);
  NOT(INVALID, "watch", "draw.commit", "draw/1", "{'commitment':'zz'}");
  GO("watch", "draw.commit", "draw/1", args.ptr);
  NOT(CONFLICT, "watch", "draw.commit", "draw/1", args.ptr);
  NOT(CONFLICT, "watch", "draw.reveal", "draw/1", "{'secret':'" SECRET1 "'}");
  SAYS("陈长还没有承诺");
  /* a commitment of somebody else, copied: it names its party, so the secret does not fit */
  GO("hc-head", "draw.commit", "draw/1", args.ptr);
  GO("watch", "draw.reveal", "draw/1", "{'secret':'" SECRET1 "'}");
  NOT(INVALID, "hc-head", "draw.reveal", "draw/1", "{'secret':'" SECRET1 "'}");
  SAYS("不符");
  NOT(CONFLICT, "watch", "draw.complete", "draw/1", "{'value':'2985.86'}");
  town_drop(&w);
}

TEST(a_withheld_secret_ends_the_draw_by_the_clock_with_a_name_and_the_next_attempt_says_so) {
  Town w;
  DrawRow *rows = NULL;
  size_t n = 0;
  spot_open(&w, cx);
  spot_plan(&w, cx, 10);
  spot_upto(&w, cx, 1, 1, 1);
  GO("watch", "draw.reveal", "draw/1", "{'secret':'" SECRET1 "'}");
  NOT(CONFLICT, "system", "draw.expire", "draw/1", "{}");
  town_on(&w, "2019-09-06");
  NOT(CONFLICT, "hc-head", "draw.reveal", "draw/1", "{'secret':'" SECRET2 "'}"); /* the public number is known by now */
  Due *due = NULL;
  size_t dues = 0;
  EXPECT_INT(reader_due(cx, w.reader, w.now, 10, &due, &dues), OK);
  EXPECT(dues == 1 && str_eqz(due[0].name, "draw.expire"));
  GO("system", "draw.expire", "draw/1", "{}");
  EXPECT_INT(reader_due(cx, w.reader, w.now, 10, &due, &dues), OK);
  EXPECT_INT(dues, 0);
  const SpotDraw *d = spot_draw(&w, cx, 1);
  EXPECT(str_eqz(d->status, "voided"));
  EXPECT_STR(d->reason, S("陈长没有揭示"));
  Str first = arena_str(cx->mem, d->hash);
  GO("watch", "draw.open", NULL, OPEN("'watch','hc-head'", "2019年09月12日 15：30"));
  d = spot_draw(&w, cx, 2);
  EXPECT(d->attempt == 2 && str_has(d->list, arena_fmt(cx->mem, "\nbefore 1 %.*s 陈长没有揭示\n", SFMT(first))));
  NOT(INVALID, "watch", "draw.void", "draw/2", "{'reason':'不想抽'}");
  GO("watch", "draw.void", "draw/2", "{'reason':'名录漏登了两名检查人员，补登以后重抽'}");
  GO("watch", "draw.open", NULL, OPEN("'watch','hc-head'", "2019年09月12日 15：30"));
  EXPECT(str_has(spot_draw(&w, cx, 3)->list, S("\nbefore 2 ")) && spot_draw(&w, cx, 3)->attempt == 3);
  EXPECT_INT(draws_list(cx, w.reader, 1, S("watch"), &rows, &n), OK);
  EXPECT(n == 3 && rows[2].mine == 1 && str_eqz(rows[1].status, "voided"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(all_have_revealed_and_the_clock_ends_nothing) {
  Town w;
  Due *due = NULL;
  size_t n = 0;
  spot_open(&w, cx);
  spot_plan(&w, cx, 10);
  spot_upto(&w, cx, 1, 1, 2);
  NOT(CONFLICT, "watch", "draw.complete", "draw/1", "{'value':'2985.86'}");
  SAYS("到时候再录入");
  town_on(&w, "2019-09-20");
  EXPECT_INT(reader_due(cx, w.reader, w.now, 10, &due, &n), OK);
  EXPECT_INT(n, 0);
  NOT(CONFLICT, "system", "draw.expire", "draw/1", "{}");
  NOT(DENIED, "hc-head", "draw.complete", "draw/1", "{'value':'2985.86'}");
  GO("watch", "draw.complete", "draw/1", "{'value':'2985.86'}");
  NOT(CONFLICT, "watch", "draw.complete", "draw/1", "{'value':'2985.87'}");
  town_drop(&w);
}

TEST(an_inspector_of_the_same_company_is_never_drawn_for_it) {
  Town w;
  const SpotPool *p = NULL;
  spot_open(&w, cx);
  for (int i = 1; i <= 14; i++) { /* all but two stand aside for the first project's enterprise */
    Str cert = arena_fmt(cx->mem, "{'cert':'LN-%02d','uscc':'" USCC "','reason':'配偶在这家企业任职，应当回避'}", i);
    NOT(DENIED, "i16", "pool.recuse", "pool/main", cert.ptr);
    GO(i % 2 ? "hc-head" : arena_fmt(cx->mem, "i%02d", i).ptr, "pool.recuse", "pool/main", cert.ptr);
    NOT(CONFLICT, "hc-head", "pool.recuse", "pool/main", cert.ptr);
  }
  GO("watch", "pool.set-class", NULL, "{'uscc':'" USCC "','class':'D','basis':'失信名单（示例）'}"); /* so that it is drawn for certain */
  spot_plan(&w, cx, 0);
  spot_upto(&w, cx, 1, 1, 3);
  const SpotCheck *c = draw_check(spot_draw(&w, cx, 1), S("HLD-000001"));
  EXPECT(c && str_eqz(c->class, "D"));
  if (c) EXPECT((str_eqz(c->certs[0], "LN-15") && str_eqz(c->certs[1], "LN-16")) || (str_eqz(c->certs[0], "LN-16") && str_eqz(c->certs[1], "LN-15")));
  town_on(&w, "2019-09-09");
  GO("hc-head", "pool.remove-inspector", "pool/main", "{'cert':'LN-16','reason':'调离执法岗位，不再担任检查人员'}");
  NOT(DENIED, "nr-head", "pool.remove-inspector", "pool/main", "{'cert':'LN-15','reason':'调离执法岗位，不再担任检查人员'}");
  EXPECT_INT(pool_load(cx, w.reader, &p), OK);
  EXPECT(p->count == INSPECTORS && !p->list[15].active && p->class_count == 1);
  spot_plan(&w, cx, 0);
  NOT(CONFLICT, "watch", "draw.open", NULL, "{'plan':2,'parties':['watch','hc-head'],'beacon':'上证综合指数收盘点位','beacon_at':'2019-09-20T15:30'}");
  SAYS("不足两名");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(enterprises_on_the_red_list_are_drawn_less_often) {
  Town w;
  size_t a = 0, rest = 0;
  spot_open(&w, cx);
  for (int i = 2; i <= PROJECTS; i++) /* 40 enterprises with three projects each; half of them class A: but those codes are no real ones */
    if (i % 40 == 0) NOT(INVALID, "watch", "pool.set-class", NULL, "{'uscc':'FIRM000','class':'A','basis':'守信名单（示例）'}");
  GO("watch", "pool.set-class", NULL, "{'uscc':'" USCC "','class':'A','basis':'守信名单（示例）'}");
  spot_plan(&w, cx, 0);
  spot_upto(&w, cx, 1, 1, 0);
  const SpotDraw *d = spot_draw(&w, cx, 1);
  EXPECT(str_has(d->list, S("\nobject HLD-000001 " USCC " A ")) && str_has(d->list, S("\nobject HLD-000002 FIRM002 B ")));
  EXPECT(str_has(d->list, S("\nrate A 3\nrate B 10\nrate C 30\nrate D 100\n")));
  EXPECT_INT(d->wanted, 1 + 12); /* 3 % of 1 and 10 % of 119, rounded up */
  /* in the long run: class A at 3 of 100, class B at 10 of 100 */
  Str list = arena_fmt(cx->mem, "yichuang-draw/1\nplan x 1\nrule 2 13\nrate A 3\nrate B 10\nrate C 30\nrate D 100\n");
  for (int i = 0; i < 200; i++) list = arena_fmt(cx->mem, "%.*sobject HLD-%06d FIRM %c x\n", SFMT(list), i, i % 2 ? 'A' : 'B');
  list = arena_fmt(cx->mem, "%.*sinspector A u - x\ninspector B u - x\n", SFMT(list));
  LotPick *picks = NULL;
  size_t n = 0;
  Hash seed = lot_hash(S("x"));
  EXPECT_INT(lot_draw(cx, list, &seed, &picks, &n), OK);
  for (size_t i = 0; i < n; i++) *(str_eqz(picks[i].class, "A") ? &a : &rest) += 1;
  EXPECT(a == 3 && rest == 10);
  town_drop(&w);
}

TEST(a_list_of_credit_moves_the_rate_up_or_down) {
  Town w;
  spot_open(&w, cx);
  GO("watch", "pool.set-class", NULL, "{'uscc':'" USCC "','class':'B','basis':'综合评级（示例）'}");
  GO("watch", "credit.list", "", "{'uscc':'" USCC "','kind':'black','status':'published'}");
  GO("watch", "credit.list", "", "{'uscc':'FIRM002','kind':'red','status':'published'}");
  GO("watch", "credit.list", "", "{'uscc':'FIRM003','kind':'black','status':'draft'}"); /* told of, and not yet on it */
  GO("watch", "credit.list", "", "{'uscc':'FIRM004','kind':'red','status':'published'}");
  GO("watch", "credit.list", "", "{'uscc':'FIRM004','kind':'black','status':'published'}");
  spot_plan(&w, cx, 0);
  spot_upto(&w, cx, 1, 1, 3);
  const SpotDraw *d = spot_draw(&w, cx, 1);
  EXPECT(str_has(d->list, S("object HLD-000001 " USCC " D ")));
  EXPECT(str_has(d->list, S("object HLD-000002 FIRM002 A ")));
  EXPECT(str_has(d->list, S("object HLD-000003 FIRM003 B ")));
  EXPECT(str_has(d->list, S("object HLD-000004 FIRM004 D ")));
  const SpotCheck *c = draw_check(d, S("HLD-000001"));
  EXPECT(c && str_eqz(c->class, "D")); /* a hundred of a hundred */
  w.policy.credit_black = S(""); /* a setting */
  spot_plan(&w, cx, 0);
  GO("watch", "draw.open", NULL, "{'plan':2,'parties':['watch','hc-head'],'beacon':'上证综合指数收盘点位','beacon_at':'2019-09-20T15:30'}");
  EXPECT(str_has(spot_draw(&w, cx, 2)->list, S("object HLD-000001 " USCC " B ")));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(two_inspectors_find_one_thing_and_one_click_publishes_to_three_sites_within_20_working_days) {
  Town w;
  CheckRow *rows = NULL;
  size_t n = 0;
  spot_open(&w, cx);
  spot_plan(&w, cx, 10);
  spot_upto(&w, cx, 1, 1, 3);
  const SpotCheck *c = &spot_draw(&w, cx, 1)->checks[0];
  const char *one = arena_str(cx->mem, c->persons[0]).ptr, *two = arena_str(cx->mem, c->persons[1]).ptr;
  Str object = arena_str(cx->mem, c->object), only = arena_fmt(cx->mem, "{'object':'%.*s'}", SFMT(object));
  Str record = arena_fmt(cx->mem, "{'object':'%.*s','result':'ordered','finding':'扬尘防治措施不到位，已责令改正'}", SFMT(object));
  town_on(&w, "2019-09-16");
  NOT(CONFLICT, "watch", "draw.publish", "draw/1", "{}");
  NOT(CONFLICT, one, "draw.confirm", "draw/1", only.ptr);
  NOT(DENIED, "hc", "draw.record", "draw/1", record.ptr);
  NOT(NOT_FOUND, one, "draw.record", "draw/1", "{'object':'HLD-999999','result':'ok','finding':'未发现问题'}");
  GO(one, "draw.record", "draw/1", record.ptr);
  NOT(DENIED, one, "draw.confirm", "draw/1", only.ptr);
  SAYS("不少于两人");
  NOT(CONFLICT, two, "draw.record", "draw/1", record.ptr);
  GO(two, "draw.send-back", "draw/1", arena_fmt(cx->mem, "{'object':'%.*s','reason':'现场照片没有附上，请补充以后再记'}", SFMT(object)).ptr);
  NOT(CONFLICT, two, "draw.confirm", "draw/1", only.ptr);
  GO(two, "draw.record", "draw/1", record.ptr);
  GO(one, "draw.confirm", "draw/1", only.ptr);
  NOT(CONFLICT, two, "draw.record", "draw/1", record.ptr);
  EXPECT_INT(checks_list(cx, w.reader, &w.policy, str_of(two), w.now, 200, &rows, &n), OK);
  EXPECT(n >= 1 && str_eqz(rows[0].status, "confirmed") && str_eq(rows[0].object, object));
  EXPECT_STR(day_str(cx->mem, rows[0].reading.due), S("2019-10-17")); /* 20 working days: over the holiday of October, with 29 September and 12 October made up */
  town_on(&w, "2019-10-21");
  EXPECT_INT(checks_list(cx, w.reader, &w.policy, S(""), w.now, 200, &rows, &n), OK);
  EXPECT(n == 10 && rows[0].reading.overdue && rows[0].reading.lamp == LAMP_RED);
  NOT(DENIED, two, "draw.publish", "draw/1", "{}");
  GO("watch", "draw.publish", "draw/1", "{}");
  Events e = {0};
  EXPECT_INT(reader_events(cx, w.reader, S("draw/1"), w.r.seq - 1, 1, &e), OK);
  const Json *targets = json_get(e.list[0].body, S("targets"));
  EXPECT(targets && targets->count == 3 && str_eqz(targets->first->str, "国家企业信用信息公示系统（辽宁）"));
  EXPECT_INT(json_get(e.list[0].body, S("objects"))->count, 1);
  NOT(CONFLICT, "watch", "draw.publish", "draw/1", "{}");
  NOT(CONFLICT, two, "draw.record", "draw/1", record.ptr);
  Str csv = draw_results(cx->mem, spot_draw(&w, cx, 1));
  EXPECT(str_has(csv, object) && str_has(csv, S("发现问题已责令改正")) && str_has(csv, S("2019-10-21")));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(without_settings_in_the_package_nothing_is_planned) {
  Town w;
  spot_open(&w, cx);
  w.policy.spot_days = 0;
  NOT(INVALID, "watch", "plan.make", NULL, "{'title':'抽查计划','items':['检查'],'units':['housing-construction'],'from':'2019-09-10','to':'2019-09-30','basis':'年度计划'}");
  SAYS("spot_days");
  town_drop(&w);
}
