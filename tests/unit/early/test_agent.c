/* SPDX-License-Identifier: Apache-2.0 */
/* The free agent service: S07. */
#include "views.h"

#define CATALOGUE                                                                                                         \
  "{'county':'suizhong','items':[{'name':'企业投资项目备案','scope':'approval','guide':'带营业执照'},"                    \
  "{'name':'供水报装','scope':'utility','guide':''}],'guide':'到绥中县代办窗口提出委托。'}"
#define ORDER "{'county':'suizhong','name':'示例产业园','items':['企业投资项目备案','供水报装'],'consent':true}"
#define FIRM "葫芦岛示例机械有限公司"

static void issued(Town *w, Test *t, Cx *cx) {
  EXPECT_INT(town_do(w, cx, "sz-head", "catalogue.draft", NULL, CATALOGUE), OK);
  EXPECT_INT(town_do(w, cx, "leader", "catalogue.issue", "catalogue/suizhong", "{'no':1}"), OK);
  EXPECT_INT(town_do(w, cx, "dr-head", "roster.train", NULL, "{'agents':['agent1','agent2','far'],'day':'2019-09-01','topic':'统一培训'}"), OK);
}

static void ordered(Town *w, Test *t, Cx *cx) {
  issued(w, t, cx);
  EXPECT_INT(town_do(w, cx, "owner", "agent.order", NULL, ORDER), OK);
  EXPECT_INT(town_do(w, cx, "sz-head", "agent.assign", "agent/1", "{'agent':'agent1'}"), OK);
}

TEST(a_county_publishes_its_catalogue_after_the_city_has_looked_at_it) {
  Town w;
  const Catalogue *c = NULL;
  OPEN_TOWN(w);
  NO(DENIED, "nr-head", "catalogue.draft", NULL, CATALOGUE);
  NO(INVALID, "sz", "catalogue.draft", NULL,
     "{'county':'suizhong','items':[{'name':'备案','scope':'approval','price':'100'}],'guide':'到绥中县代办窗口提出委托。'}");
  DO("sz", "catalogue.draft", NULL, CATALOGUE);
  NO(CONFLICT, "owner", "agent.order", NULL, ORDER); /* not issued: nothing to order from */
  SAYS("还没有公布");
  NO(DENIED, "sz-head", "catalogue.issue", "catalogue/suizhong", "{'no':1}");
  DO("leader", "catalogue.return", "catalogue/suizhong", "{'no':1,'reason':'请补充办事指南'}");
  DO("sz", "catalogue.draft", NULL, CATALOGUE);
  NO(CONFLICT, "sz", "catalogue.draft", NULL, CATALOGUE);
  NO(CONFLICT, "leader", "catalogue.issue", "catalogue/suizhong", "{'no':1}"); /* the second is what was looked at */
  DO("leader", "catalogue.issue", "catalogue/suizhong", "{'no':2}");
  DO("sz", "catalogue.draft", NULL, CATALOGUE); /* the issued one stays in force */
  EXPECT_INT(catalogue_load(cx, w.reader, S("suizhong"), &c), OK);
  EXPECT_INT(c->issued_no, 2);
  EXPECT_INT(c->no, 3);
  DO("owner", "agent.order", NULL, ORDER);
  town_drop(&w);
}

TEST(one_trained_agent_is_assigned_to_an_order) {
  Town w;
  OPEN_TOWN(w);
  issued(&w, t, cx);
  NO(INVALID, "owner", "agent.order", NULL, "{'county':'suizhong','name':'示例产业园','items':['食品许可'],'consent':true}");
  NO(INVALID, "owner", "agent.order", NULL, "{'county':'suizhong','name':'示例产业园','items':['供水报装'],'consent':false}");
  DO("owner", "agent.order", NULL, ORDER);
  EXPECT_STR(json_str(w.r.answer, S("number")), S("DB-2019-0001"));
  NO(DENIED, "hc-head", "agent.assign", "agent/1", "{'agent':'agent1'}");
  NO(CONFLICT, "sz-head", "agent.assign", "agent/1", "{'agent':'green'}");
  SAYS("统一培训");
  NO(INVALID, "sz-head", "agent.assign", "agent/1", "{'agent':'far'}");
  NO(INVALID, "sz-head", "agent.assign", "agent/1", "{'agent':'owner'}");
  DO("sz-head", "agent.assign", "agent/1", "{'agent':'agent1'}");
  NO(CONFLICT, "head", "agent.assign", "agent/1", "{'agent':'agent2'}");
  SAYS("一对一");
  EXPECT_STR(town_order(&w, cx, 1)->agent_name, S("周代"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(what_the_agent_does_has_both_names) {
  Town w;
  Events list = {0};
  Str owner = S("");
  OPEN_TOWN(w);
  ordered(&w, t, cx);
  NO(DENIED, "agent1", "agent.log", "agent/1", "{'text':'陪同现场勘察'}"); /* for whom? */
  EXPECT_INT(town_for(&w, cx, "agent2", FIRM, "agent.log", "agent/1", "{'text':'陪同现场勘察'}"), DENIED);
  EXPECT_INT(town_for(&w, cx, "agent1", FIRM, "agent.log", "agent/1", "{'text':'陪同现场勘察'}"), OK);
  EXPECT_INT(reader_events(cx, w.reader, S("agent/1"), 2, 10, &list), OK);
  EXPECT_STR(list.list[0].actor_name, S("周代"));
  EXPECT_STR(list.list[0].behalf, S(FIRM));
  EXPECT_INT(agent_principal(cx, reader_views(w.reader), S("agent1"), 0, S(USCC), &owner), OK);
  EXPECT_STR(owner, S(FIRM));
  DO("agent1", "project.register", NULL, "{'no':1,'mandate':'DB-2019-0001','number':'HLD-000001-P','uscc':'" USCC "'}");
  EXPECT_INT(town_order(&w, cx, 1)->project, 1);
  EXPECT_INT(agent_principal(cx, reader_views(w.reader), S("agent1"), 1, S(""), &owner), OK);
  EXPECT_STR(owner, S(FIRM));
  EXPECT_INT(agent_principal(cx, reader_views(w.reader), S("agent1"), 0, S(USCC), &owner), OK);
  EXPECT_STR(owner, S("")); /* its one project is registered */
  DO("sz-head", "agent.reassign", "agent/1", "{'agent':'agent2','reason':'原代办员休假'}");
  EXPECT_INT(agent_principal(cx, reader_views(w.reader), S("agent1"), 1, S(""), &owner), OK);
  EXPECT_STR(owner, S(""));
  DO("owner", "agent.end", "agent/1", "{'reason':'自行办理'}");
  EXPECT_INT(agent_principal(cx, reader_views(w.reader), S("agent2"), 1, S(""), &owner), OK);
  EXPECT_STR(owner, S(""));
  town_drop(&w);
}

TEST(both_sides_rate_once_after_the_start_of_construction) {
  Town w;
  RankRow *rows = NULL;
  size_t n = 0;
  OPEN_TOWN(w);
  ordered(&w, t, cx);
  DO("agent1", "project.register", NULL, "{'no':1,'mandate':'DB-2019-0001','number':'HLD-000001-P','uscc':'" USCC "'}");
  NO(CONFLICT, "owner", "agent.rate", "agent/1", "{'score':5}");
  SAYS("开工");
  DO("system", "project.deliver", "project/1", "{'stage':2}");
  NO(CONFLICT, "hc", "agent.rate-unit", "agent/1", "{'score':4}");
  DO("system", "project.deliver", "project/1", "{'stage':3}");
  EXPECT_STR(town_order(&w, cx, 1)->status, S("started"));
  NO(INVALID, "owner", "agent.rate", "agent/1", "{'score':6}");
  DO("partner", "agent.rate", "agent/1", "{'score':5,'text':'跑得快'}");
  NO(CONFLICT, "owner", "agent.rate", "agent/1", "{'score':1}");
  NO(DENIED, "stranger", "agent.rate", "agent/1", "{'score':1}");
  DO("hc", "agent.rate-unit", "agent/1", "{'score':4}");
  NO(CONFLICT, "hc-head", "agent.rate-unit", "agent/1", "{'score':4}");
  DO("nr", "agent.rate-unit", "agent/1", "{'score':3}");
  NO(DENIED, "sz", "agent.rate-unit", "agent/1", "{'score':4}");
  EXPECT_INT(ranking_list(cx, w.reader, 201909, &rows, &n), OK);
  EXPECT_INT(n, 1);
  EXPECT_INT(rows[0].enterprise, 500);
  EXPECT_INT(rows[0].enterprise_n, 1);
  EXPECT_INT(rows[0].unit, 350);
  EXPECT_INT(rows[0].unit_n, 2);
  EXPECT_INT(ranking_list(cx, w.reader, 201910, &rows, &n), OK);
  EXPECT_INT(n, 0);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_month_is_ranked_by_both_means) {
  static const struct { const char *agent; int enterprise, unit; } given[] = {{"agent1", 4, 5}, {"agent2", 5, 3}, {"agent1", 5, 4}};
  Town w;
  RankRow *rows = NULL;
  size_t n = 0;
  OPEN_TOWN(w);
  issued(&w, t, cx);
  for (size_t i = 0; i < COUNT(given); i++) {
    Str order = arena_fmt(cx->mem, "agent/%zu", i + 1), project = arena_fmt(cx->mem, "project/%zu", i + 1);
    DO("owner", "agent.order", NULL, ORDER);
    DO("head", "agent.assign", order.ptr, arena_fmt(cx->mem, "{'agent':'%s'}", given[i].agent).ptr);
    DO("system", "project.register", NULL,
       arena_fmt(cx->mem, "{'no':%zu,'mandate':'DB-2019-%04zu','number':'HLD-%zu','uscc':'" USCC "'}", i + 1, i + 1, i + 1).ptr);
    DO("system", "project.deliver", project.ptr, "{'stage':3}");
    DO("owner", "agent.rate", order.ptr, arena_fmt(cx->mem, "{'score':%d}", given[i].enterprise).ptr);
    DO("hc", "agent.rate-unit", order.ptr, arena_fmt(cx->mem, "{'score':%d}", given[i].unit).ptr);
  }
  EXPECT_INT(ranking_list(cx, w.reader, 201909, &rows, &n), OK);
  EXPECT_INT(n, 2);
  EXPECT_STR(rows[0].agent, S("agent2")); /* 5.00 before 4.50 */
  EXPECT_INT(rows[1].enterprise, 450);
  EXPECT_INT(rows[1].enterprise_n, 2);
  EXPECT_INT(rows[1].unit, 450);
  town_drop(&w);
}

TEST(an_order_about_a_project_is_the_only_one_and_ends_with_it) {
  Town w;
  OPEN_TOWN(w);
  issued(&w, t, cx);
  DO("owner", "project.register", NULL, "{'no':1,'number':'HLD-000001-P','uscc':'" USCC "'}");
  NO(NOT_FOUND, "stranger", "agent.order", NULL, "{'county':'suizhong','name':'示例产业园','items':['供水报装'],'consent':true,'project':1}");
  DO("owner", "agent.order", NULL, "{'county':'suizhong','name':'示例产业园','items':['供水报装'],'consent':true,'project':1}");
  NO(CONFLICT, "partner", "agent.order", NULL, "{'county':'suizhong','name':'示例产业园','items':['供水报装'],'consent':true,'project':1}");
  SAYS("一对一");
  DO("owner", "project.withdraw", "project/1", "{}");
  EXPECT_STR(town_order(&w, cx, 1)->status, S("ended"));
  town_drop(&w);
}

static bool says_price(const char *text) {
  static const char *const words[] = {"price", "fee", "charge", "cost", "amount", "价格", "费用", "收费", "金额", "报酬"};
  for (size_t i = 0; text && i < COUNT(words); i++)
    if (strstr(text, words[i])) return true;
  return false;
}

TEST(there_is_no_price_in_any_command_or_table_of_the_service) {
  static const Engine *const engines[] = {&agent_engine_base, &catalogue_engine_base, &roster_engine_base};
  for (size_t k = 0; k < COUNT(engines); k++) {
    EXPECT(!says_price(engines[k]->schema));
    for (size_t i = 0; i < engines[k]->command_count; i++) {
      const CommandDecl *d = &engines[k]->commands[i];
      EXPECT(!says_price(d->name) && !says_price(d->label));
      for (size_t a = 0; a < d->arg_count; a++) EXPECT(!says_price(d->args[a].name) && !says_price(d->args[a].label));
    }
  }
}
