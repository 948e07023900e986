/* SPDX-License-Identifier: Apache-2.0 */
/* S22: a year's evaluation from draft to report; figures and the cases behind them. */
#include "evaluation/evaluation.h"
#include "town.h"

/* ---- stands for the rooms whose tables are read ---------------------------------------------------------------- */

static Code put_decide(Cx *cx, const Ask *ask, Decision *d) {
  (void)cx;
  decision_emit(d, "project.told", 1, ask->cmd->args);
  return OK;
}

static void *put_fold(Arena *mem, void *state, const Event *e) {
  (void)e;
  return state ? state : arena_new(mem, int);
}

static int64_t day_arg(const Json *b, const char *key) {
  Day d = {0};
  (void)day_parse(json_str(b, str_of(key)), &d);
  return d.n;
}

static int64_t noon(const Json *b, const char *key) {
  return day_arg(b, key) ? day_start((Day){(int32_t)day_arg(b, key)}) + 12 * 3600000LL : 0;
}

static Code put_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  static const Sql fact = {"told.fact", "iiisiisiiiiiii", "",
                           "INSERT INTO fact(pos, project, stage, item, attempt, known, unit, start, ended, state, late, received, used, days, flags) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0)"};
  static const Sql act = {"told.act", "iiiis", "", "INSERT INTO act(day, kind, pos, project, stage, item) VALUES(?1, 'returned', ?2, ?3, ?4, ?5)"};
  static const Sql order = {"told.order", "iiissiii", "",
                            "INSERT INTO directive(no, of_no, stage, item, unit, kind, issued, first_by, answered) VALUES(?1, ?2, ?3, ?4, ?5, 'item', ?6, ?7, ?8)"};
  static const Sql rating = {"told.rating", "iissiii", "", "INSERT INTO rating(project, stage, unit, county, level, satisfied, answered) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  const Json *b = e->body;
  Str what = json_str(b, S("what"));
  Val no = val_i(json_int(b, S("no"), 1)), stage = val_i(json_int(b, S("stage"), 1)), item = val_s(json_str(b, S("item"))), unit = val_s(json_str(b, S("unit")));
  (void)state, (void)env;
  if (str_eqz(what, "fact")) {
    bool ended = day_arg(b, "ended") > 0;
    return db_run(cx, views, &fact, VALS(val_i(e->pos), no, stage, item, val_i(json_int(b, S("attempt"), 1)), val_i(day_arg(b, "known")), unit, val_i(day_arg(b, "start")),
                                         val_i(day_arg(b, "ended")), val_i(ended ? 4 : 2), val_i(json_bool(b, S("late"))), val_i(day_arg(b, "sent")), val_i(json_int(b, S("used"), 0)), val_i(json_int(b, S("days"), 0))));
  }
  if (str_eqz(what, "act")) return db_run(cx, views, &act, VALS(val_i(day_arg(b, "known")), val_i(e->pos), no, stage, item));
  if (str_eqz(what, "order"))
    return db_run(cx, views, &order, VALS(val_i(json_int(b, S("number"), 1)), no, stage, item, unit, val_i(noon(b, "issued")), val_i(day_arg(b, "by")), val_i(noon(b, "answered"))));
  return db_run(cx, views, &rating, VALS(no, stage, unit, val_s(json_str(b, S("county"))), val_i(json_int(b, S("level"), 5)), val_i(json_int(b, S("level"), 5)), val_i(noon(b, "answered"))));
}

static Code put_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "project/%.*s", SFMT(cmd->key));
  return OK;
}

#define A(n, l, ty) {.name = n, .label = l, .type = ty}
static const Arg put_args[] = {A("what", "表", ARG_CODE), A("no", "序号", ARG_INT), A("stage", "阶段", ARG_INT), A("item", "事项", ARG_CODE), A("unit", "单位", ARG_CODE),
                               A("county", "县区", ARG_CODE), A("attempt", "次", ARG_INT), A("number", "号", ARG_INT), A("level", "分", ARG_INT), A("known", "录入", ARG_DAY),
                               A("start", "开始", ARG_DAY), A("ended", "办结", ARG_DAY), A("issued", "发出", ARG_DAY), A("by", "回复日", ARG_DAY), A("answered", "回复", ARG_DAY),
                               A("late", "超期", ARG_BOOL), A("sent", "派转", ARG_DAY), A("used", "用时", ARG_INT), A("days", "时限", ARG_INT)};
static const CommandDecl put_commands[] = {
    {.name = "project.tell", .label = "记", .help = "测试", .allow = ROLE_SYSTEM, .creates = true, .decide = put_decide, .args = put_args, .arg_count = COUNT(put_args)}};
static const Engine told = {
    .prefix = "project", .fold = put_fold, .commands = put_commands, .command_count = COUNT(put_commands), .open = put_open, .project = put_project,
    .schema = "CREATE TABLE project(no INTEGER PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL) STRICT;"
              "CREATE TABLE fact(pos INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, project INTEGER NOT NULL, attempt INTEGER NOT NULL, known INTEGER NOT NULL,"
              " state INTEGER NOT NULL, unit TEXT NOT NULL, received INTEGER NOT NULL, start INTEGER NOT NULL, ended INTEGER NOT NULL, days INTEGER NOT NULL, used INTEGER NOT NULL, late INTEGER NOT NULL, flags INTEGER NOT NULL,"
              " PRIMARY KEY(pos, stage, item)) STRICT;"
              "CREATE TABLE act(day INTEGER NOT NULL, kind TEXT NOT NULL, pos INTEGER NOT NULL, project INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL,"
              " PRIMARY KEY(day, kind, pos)) STRICT;"
              "CREATE TABLE directive(no INTEGER PRIMARY KEY, of_no INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL,"
              " issued INTEGER NOT NULL, first_by INTEGER NOT NULL, answered INTEGER NOT NULL) STRICT;"
              "CREATE TABLE rating(project INTEGER NOT NULL, stage INTEGER NOT NULL, unit TEXT NOT NULL, county TEXT NOT NULL, level INTEGER NOT NULL, satisfied INTEGER NOT NULL,"
              " answered INTEGER NOT NULL, PRIMARY KEY(project, stage)) STRICT;"
              "CREATE TABLE policy_version(no INTEGER PRIMARY KEY, version TEXT NOT NULL, effective INTEGER NOT NULL) STRICT;"};

static void open_town(Town *w, Cx *cx) {
  town_open_with(w, cx, &told, evaluation_engines, EVALUATION_ENGINES);
}
#define TELL(json) DO("system", "project.tell", NULL, json)

static Figure figure(Town *w, Cx *cx, const char *as_of, const char *unit, const char *name) {
  Day day = {0};
  Figure *list = NULL;
  size_t n = 0;
  REQUIRE(day_parse(str_of(as_of), &day));
  FigureAsk ask = figure_ask(&w->policy, 2019, day);
  cx_clear(cx);
  Code code = figures_count(cx, reader_views(w->reader), &ask, &list, &n);
  REQUIRE(code == OK);
  for (size_t i = 0; i < n; i++) { /* each is as long as its list, and its parts add up */
    FigureCase *cases = NULL;
    size_t shown = 0;
    int64_t all = 0, good = 0, bad = 0;
    if (!str_eqz(list[i].unit, unit) || !str_eqz(list[i].figure, name)) continue;
    code = figure_cases(cx, reader_views(w->reader), &ask, list[i].figure, list[i].unit, S("good"), 0, 1, &cases, &shown, &good);
    REQUIRE(code == OK);
    code = figure_cases(cx, reader_views(w->reader), &ask, list[i].figure, list[i].unit, S("bad"), 0, 1, &cases, &shown, &bad);
    REQUIRE(code == OK);
    code = figure_cases(cx, reader_views(w->reader), &ask, list[i].figure, list[i].unit, S("all"), 0, 100, &cases, &shown, &all);
    REQUIRE(code == OK && (int64_t)shown == all && good + bad == all && list[i].n == all);
    REQUIRE(str_eqz(list[i].figure, "satisfaction") || (list[i].good == good && list[i].all == all));
    return list[i];
  }
  return (Figure){0};
}
#define FIGURE(day, unit, name, g, a)                          \
  do {                                                         \
    Figure f_ = figure(&w, cx, day, unit, name);               \
    EXPECT_INT(f_.good, g);                                    \
    EXPECT_INT(f_.all, a);                                     \
  } while (0)

TEST(what_is_late_says_whether_it_would_be_without_the_days_before_its_dispatch) {
  Town w;
  open_town(&w, cx);
  Day day = {0};
  FigureCase *cases = NULL;
  size_t n = 0;
  int64_t total = 0, late = 0, before = 0;
  TELL("{'what':'fact','no':1,'item':'plan','unit':'water','start':'2019-03-01','sent':'2019-03-06','known':'2019-03-13','ended':'2019-03-13','late':true,'used':8,'days':5}");
  TELL("{'what':'fact','no':2,'item':'plan','unit':'water','start':'2019-03-01','sent':'2019-03-04','known':'2019-03-13','ended':'2019-03-13','late':true,'used':8,'days':5}");
  TELL("{'what':'fact','no':3,'item':'plan','unit':'water','start':'2019-03-01','sent':'2019-03-06','known':'2019-03-08','ended':'2019-03-08','used':5,'days':5}");
  REQUIRE(day_parse(S("2019-04-30"), &day));
  FigureAsk ask = figure_ask(&w.policy, 2019, day);
  EXPECT_INT(figure_cases(cx, reader_views(w.reader), &ask, S("limits"), S("water"), S("bad"), 0, 10, &cases, &n, &total), OK);
  EXPECT(n == 2 && cases[0].before == 3 && cases[0].own_in_time);
  EXPECT(cases[1].before == 1 && !cases[1].own_in_time); /* seven days of its own */
  EXPECT_INT(figure_late_before(cx, reader_views(w.reader), &ask, S("water"), &late, &before), OK);
  EXPECT(late == 2 && before == 1);
  FIGURE("2019-04-30", "water", "limits", 1, 3); /* the figure stays */
  town_drop(&w);
}

TEST(figures_are_those_of_a_past_day_whatever_is_entered_later) {
  Town w;
  open_town(&w, cx);
  TELL("{'what':'fact','no':1,'item':'plan','unit':'natural-resources','start':'2019-03-01','known':'2019-03-01'}");
  TELL("{'what':'fact','no':1,'item':'plan','unit':'natural-resources','start':'2019-03-01','known':'2019-03-20','ended':'2019-03-20'}");
  TELL("{'what':'fact','no':2,'item':'plan','unit':'natural-resources','start':'2019-03-02','known':'2019-03-02'}");
  TELL("{'what':'fact','no':2,'item':'plan','unit':'natural-resources','start':'2019-03-02','known':'2019-05-06','ended':'2019-05-06','late':true}");
  TELL("{'what':'fact','no':3,'item':'plan','unit':'natural-resources','start':'2018-11-01','known':'2018-12-30','ended':'2018-12-30'}"); /* of the year before */
  TELL("{'what':'fact','no':4,'item':'plan','unit':'natural-resources','start':'2019-04-01','known':'2019-06-10','ended':'2019-04-20'}");  /* entered late */
  FIGURE("2019-04-30", "natural-resources", "limits", 1, 1);
  FIGURE("2019-05-31", "natural-resources", "limits", 1, 2);
  FIGURE("2019-06-30", "natural-resources", "limits", 2, 3);
  TELL("{'what':'order','number':1,'no':2,'item':'plan','unit':'natural-resources','issued':'2019-04-15','by':'2019-04-17','answered':'2019-04-18'}");
  TELL("{'what':'order','number':2,'no':9,'item':'plan','unit':'natural-resources','issued':'2019-05-15','by':'2019-05-17','answered':'2019-05-17'}");
  FIGURE("2019-04-10", "natural-resources", "lamps", 2, 2);
  FIGURE("2019-04-30", "natural-resources", "lamps", 1, 2);
  FIGURE("2019-04-16", "natural-resources", "orders", 0, 0); /* there was time left */
  FIGURE("2019-04-30", "natural-resources", "orders", 0, 1); /* a day late */
  FIGURE("2019-05-31", "natural-resources", "orders", 1, 2);
  TELL("{'what':'act','no':1,'item':'plan','known':'2019-03-05'}");
  FIGURE("2019-06-30", "natural-resources", "returns", 3, 3);
  TELL("{'what':'act','no':1,'item':'plan','known':'2019-03-08'}");
  FIGURE("2019-06-30", "natural-resources", "returns", 2, 3);
  FIGURE("2019-06-30", "water", "limits", 0, 0);
  town_drop(&w);
}

TEST(satisfaction_is_the_mean_by_department_and_by_county_from_enough_answers) {
  Town w;
  open_town(&w, cx);
  TELL("{'what':'rating','no':1,'unit':'housing-construction','county':'longgang','level':5,'answered':'2019-03-01'}");
  TELL("{'what':'rating','no':2,'unit':'housing-construction','county':'suizhong','level':4,'answered':'2019-03-02'}");
  FIGURE("2019-06-30", "housing-construction", "satisfaction", 9, 0); /* two answers tell nothing */
  TELL("{'what':'rating','no':3,'unit':'housing-construction','county':'longgang','level':3,'answered':'2019-07-03'}");
  FIGURE("2019-06-30", "housing-construction", "satisfaction", 9, 0);
  FIGURE("2019-07-31", "housing-construction", "satisfaction", 12, 15); /* 4.0 of 5: 80 points */
  TELL("{'what':'rating','no':4,'stage':2,'unit':'natural-resources','county':'longgang','level':1,'answered':'2019-07-04'}");
  FIGURE("2019-07-31", "longgang", "satisfaction", 9, 15);
  EXPECT_INT(figure(&w, cx, "2019-07-31", "longgang", "satisfaction").n, 3);
  FigureAsk ask = figure_ask(&w.policy, 2019, day_ymd(2019, 7, 31));
  FigureCase *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  EXPECT_INT(figure_cases(cx, reader_views(w.reader), &ask, S("beauty"), S("longgang"), S("all"), 0, 9, &list, &n, &total), NOT_FOUND);
  town_drop(&w);
}

TEST(rules_count_for_whoever_leads_them_once_they_are_entered) {
  Town w;
  open_town(&w, cx);
  Figure before = figure(&w, cx, "2019-08-31", "housing-construction", "rules");
  EXPECT(before.all > 5 && before.good == 0);
  DO("watch", "rule.add", NULL, "{'name':'代办员管理办法','leads':['housing-construction'],'due':'2019-08-01','basis':'专题会议纪要'}");
  FIGURE("2019-08-31", "housing-construction", "rules", 0, before.all); /* the duty is of today */
  FIGURE("2019-09-02", "housing-construction", "rules", 0, before.all + 1);
  town_drop(&w);
}

/* ---- the plan ------------------------------------------------------------------------------------------------------- */

#define IND(code, dim, method, weight, more) "{'code':'" code "','name':'" code "','dimension':'" dim "','method':'" method "','weight':" weight more "}"
#define PLAN(attention, disclosure, satisfaction)                                                                                                        \
  "{'year':2019,'objects':['natural-resources','water','suizhong'],'indicators':[" IND("attention", "organisation", "qualitative", attention, "") ","        \
  IND("open", "organisation", "qualitative", disclosure, ",'disclosure':true") "," IND("satisfaction", "results", "quantitative", satisfaction, ",'figure':'satisfaction'") "]}"

static const Appraisal *loaded(Town *w, Cx *cx) {
  const Appraisal *a = NULL;
  cx_clear(cx);
  Code code = appraisal_load(cx, w->reader, 2019, &a);
  REQUIRE(code == OK);
  return a;
}

TEST(a_plan_is_refused_when_weights_are_wrong_or_disclosure_is_below_five) {
  Town w;
  open_town(&w, cx);
  NO(INVALID, "watch", "appraisal.draft", NULL, PLAN("76", "4", "20"));
  SAYS("政务公开的权重合计 4%，不能低于 5%");
  EXPECT_STR(cx->clause, S("D01-5.1-p1"));
  NO(INVALID, "watch", "appraisal.draft", NULL, PLAN("74", "5", "20"));
  SAYS("权重合计 99");
  NO(INVALID, "watch", "appraisal.draft", NULL, PLAN("76", "5", "20"));
  SAYS("权重合计 101");
  NO(INVALID, "watch", "appraisal.draft", NULL, PLAN("0", "80", "20"));
  NO(INVALID, "watch", "appraisal.draft", NULL, PLAN("-5", "85", "20"));
  NO(INVALID, "watch", "appraisal.draft", NULL, "{'year':2019,'indicators':[" IND("open", "organisation", "qualitative", "50", ",'disclosure':true") "," IND("limits", "results", "quantitative", "50", ",'figure':'limits'") "]}");
  SAYS("满意度");
  NO(INVALID, "watch", "appraisal.draft", NULL, "{'year':2019,'indicators':[" IND("satisfaction", "results", "quantitative", "95", ",'figure':'satisfaction'") "," IND("open", "results", "quantitative", "5", ",'disclosure':true") "]}");
  SAYS("定性");
  NO(INVALID, "watch", "appraisal.draft", NULL, "{'year':2019,'daily':100}");
  NO(INVALID, "watch", "appraisal.draft", NULL, "{'year':2019,'self':0}");
  NO(INVALID, "watch", "appraisal.draft", NULL, "{'year':2021}");
  NO(INVALID, "watch", "appraisal.draft", NULL, "{'year':2019,'objects':['water','water']}");
  NO(DENIED, "nr-head", "appraisal.draft", NULL, "{'year':2019}");
  DO("watch", "appraisal.draft", NULL, PLAN("75", "5", "20"));
  DO("watch", "appraisal.draft", NULL, "{'year':2019}"); /* again: the package's own */
  const Appraisal *a = loaded(&w, cx);
  int all = 0;
  for (size_t i = 0; i < a->criterion_count; i++) all += a->criteria[i].weight;
  EXPECT(a->criterion_count == 10 && all == 100 && a->daily == 40 && a->self == 30 && a->disclosure == 5);
  size_t regions = 0;
  for (size_t i = 0; i < a->object_count; i++) {
    const Unit *u = policy_unit(&w.policy, a->objects[i]);
    regions += str_eqz(u->kind, "county") || str_eqz(u->kind, "zone");
  }
  EXPECT(regions == 9 && a->object_count == 9 + 31);
  town_drop(&w);
}

#define SCORES(side, phase, unit, x, y)                                                                                                       \
  "{'side':'" side "','phase':'" phase "','evidence':'查阅台账','rows':[{'unit':'" unit "','indicator':'attention','score':'" x "'},{'unit':'" unit \
  "','indicator':'open','score':'" y "'}]}"
#define YEAR "appraisal/2019"

static void scored_all(Town *w, Cx *cx, Test *t) {
  static const char *const units[] = {"natural-resources", "water", "suizhong"}, *const scores[] = {"92.5", "80", "70"}, *const phases[] = {"daily", "final"};
  for (size_t u = 0; u < COUNT(units); u++)
    for (size_t p = 0; p < COUNT(phases); p++) {
      const char *args = arena_fmt(t->mem, "{'side':'inspection','phase':'%s','evidence':'查阅台账','rows':[{'unit':'%s','indicator':'attention','score':'%s'},{'unit':'%s','indicator':'open','score':'%s'}]}",
                                   phases[p], units[u], scores[u], units[u], scores[u]).ptr;
      EXPECT_INT(town_do(w, cx, "watch", "appraisal.score", YEAR, args), OK);
    }
}

TEST(scores_come_from_the_unit_itself_and_from_the_inspection) {
  Town w;
  open_town(&w, cx);
  DO("watch", "appraisal.draft", NULL, PLAN("75", "5", "20"));
  NO(CONFLICT, "watch", "appraisal.score", YEAR, SCORES("inspection", "daily", "water", "80", "80"));
  SAYS("起草中");
  DO("watch", "appraisal.publish", YEAR, "{}");
  NO(CONFLICT, "watch", "appraisal.draft", NULL, PLAN("75", "5", "20"));
  NO(DENIED, "nr-head", "appraisal.score", YEAR, SCORES("self", "daily", "water", "95", "95"));
  SAYS("自评只评本单位");
  NO(DENIED, "nr-head", "appraisal.score", YEAR, SCORES("inspection", "daily", "natural-resources", "95", "95"));
  NO(DENIED, "watch", "appraisal.score", YEAR, SCORES("self", "daily", "natural-resources", "95", "95"));
  NO(DENIED, "nr", "appraisal.score", YEAR, SCORES("self", "daily", "natural-resources", "95", "95"));
  NO(INVALID, "nr-head", "appraisal.score", YEAR, SCORES("self", "daily", "natural-resources", "100.5", "95"));
  NO(INVALID, "watch", "appraisal.score", YEAR, SCORES("inspection", "daily", "health", "95", "95"));
  NO(INVALID, "watch", "appraisal.score", YEAR, "{'side':'inspection','phase':'daily','evidence':'查阅台账','rows':[{'unit':'water','indicator':'satisfaction','score':'90'}]}");
  SAYS("由系统从办件计算");
  NO(INVALID, "watch", "appraisal.score", YEAR, "{'side':'inspection','phase':'daily','evidence':'查阅台账','rows':[]}");
  DO("nr-head", "appraisal.score", YEAR, SCORES("self", "daily", "natural-resources", "95", "96"));
  DO("nr-head", "appraisal.score", YEAR, SCORES("self", "daily", "natural-resources", "97", "98")); /* the later counts */
  const Appraisal *a = loaded(&w, cx);
  EXPECT_INT(mark_of(a, 0, 0, DAILY_SELF)->value, 9700);
  EXPECT_STR(mark_of(a, 0, 1, DAILY_SELF)->evidence, S("查阅台账"));
  EXPECT(!mark_of(a, 0, 0, DAILY_INSPECTION)->given && appraisal_missing(a, 1, FINAL_INSPECTION) == 2);
  town_drop(&w);
}

TEST(opinions_are_asked_for_and_answered_one_by_one_before_closing) {
  Town w;
  open_town(&w, cx);
  DO("watch", "appraisal.draft", NULL, PLAN("75", "5", "20"));
  DO("watch", "appraisal.publish", YEAR, "{}");
  NO(CONFLICT, "watch", "appraisal.consult", YEAR, "{'as_of':'2019-08-31'}");
  SAYS("缺督查评分");
  scored_all(&w, cx, t);
  NO(CONFLICT, "nr", "appraisal.opine", YEAR, "{'text':'还没有公布'}");
  NO(CONFLICT, "watch", "appraisal.close", YEAR, "{'as_of':'2019-08-31'}");
  SAYS("广泛征求基层干部群众的意见，至少 5 个工作日");
  EXPECT_STR(cx->clause, S("D60-6.21.3-(8)"));
  NO(INVALID, "watch", "appraisal.consult", YEAR, "{'as_of':'2019-09-02'}");
  NO(INVALID, "watch", "appraisal.consult", YEAR, "{'as_of':'2019-08-31','until':'2019-09-06'}");
  SAYS("最早到2019年9月9日");
  NO(DENIED, "nr-head", "appraisal.consult", YEAR, "{'as_of':'2019-08-31'}");
  DO("watch", "appraisal.consult", YEAR, "{'as_of':'2019-08-31'}");
  NO(CONFLICT, "watch", "appraisal.consult", YEAR, "{'as_of':'2019-08-31'}");
  const Appraisal *a = loaded(&w, cx);
  EXPECT(str_eqz(a->status, "opinions") && a->result_count == 3 && a->until.n == day_ymd(2019, 9, 9).n);
  DO("nr-head", "appraisal.opine", YEAR, "{'text':'年终评分没有看台账','about':'natural-resources'}");
  DO("nr", "appraisal.opine", YEAR, "{'text':'窗口的事没有算进来'}");
  DO("owner", "appraisal.opine", YEAR, "{'text':'办得比去年快多了'}");
  NO(INVALID, "owner", "appraisal.opine", YEAR, "{'text':'办得比去年快多了','about':'health'}");
  NO(INVALID, "owner", "appraisal.opine", YEAR, "{'text':'办得比去年快多了','kind':'cadre'}");
  NO(INVALID, "watch", "appraisal.opine", YEAR, "{'text':'座谈会上的意见'}");
  EXPECT_STR(cx->field, S("kind"));
  NO(INVALID, "watch", "appraisal.opine", YEAR, "{'text':'座谈会上的意见','kind':'cadre'}");
  DO("watch", "appraisal.opine", YEAR, "{'text':'座谈会上的意见','kind':'cadre','said_by':'水务局座谈会'}");
  for (int i = 0; i < 4; i++) DO("owner", "appraisal.opine", YEAR, "{'text':'再说一次意见'}");
  NO(LIMIT, "owner", "appraisal.opine", YEAR, "{'text':'第六条意见'}");
  a = loaded(&w, cx);
  static const char *const kinds[] = {"unit", "cadre", "public", "cadre"};
  for (size_t i = 0; i < COUNT(kinds); i++) EXPECT_STR(a->opinions[i].kind, str_of(kinds[i]));
  EXPECT(a->opinion_count == 8 && appraisal_unanswered(a) == 8 && str_eqz(a->opinions[0].account, "nr-head") && !a->opinions[3].account.len);
  NO(CONFLICT, "watch", "appraisal.close", YEAR, "{'as_of':'2019-08-31'}");
  SAYS("到2019年9月9日为止");
  NO(INVALID, "watch", "appraisal.answer-opinion", YEAR, "{'no':9,'result':'adopted','text':'照改'}");
  NO(DENIED, "nr-head", "appraisal.answer-opinion", YEAR, "{'no':1,'result':'adopted','text':'照改'}");
  DO("watch", "appraisal.answer-opinion", YEAR, "{'no':1,'result':'explained','text':'台账九月才交'}");
  DO("watch", "appraisal.answer-opinion", YEAR, "{'no':1,'result':'adopted','text':'台账补交了，重新评分'}"); /* corrected */
  DO("watch", "appraisal.score", YEAR, SCORES("inspection", "final", "natural-resources", "100", "100"));
  town_on(&w, "2019-09-10");
  NO(CONFLICT, "partner", "appraisal.opine", YEAR, "{'text':'来晚了的意见'}");
  SAYS("已于2019年9月9日结束");
  NO(CONFLICT, "watch", "appraisal.close", YEAR, "{'as_of':'2019-08-31'}");
  SAYS("还有 7 条意见没有答复");
  for (int i = 2; i <= 8; i++) EXPECT_INT(town_do(&w, cx, "watch", "appraisal.answer-opinion", YEAR, arena_fmt(t->mem, "{'no':%d,'result':'explained','text':'谢谢，已经说明'}", i).ptr), OK);
  int64_t draft = loaded(&w, cx)->results[0].sum;
  DO("watch", "appraisal.close", YEAR, "{'as_of':'2019-08-31'}");
  a = loaded(&w, cx);
  EXPECT(str_eqz(a->status, "closed") && a->results[0].sum > draft && a->opinion_count == 8 && !appraisal_unanswered(a)); /* what was adopted counts */
  EXPECT_STR(a->opinions[0].result, S("adopted"));
  NO(CONFLICT, "nr", "appraisal.opine", YEAR, "{'text':'已经结束了'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_package_without_a_period_asks_for_no_opinions) {
  Town w;
  open_town(&w, cx);
  w.policy.reform.opinion_days = 0;
  DO("watch", "appraisal.draft", NULL, PLAN("75", "5", "20"));
  DO("watch", "appraisal.publish", YEAR, "{}");
  scored_all(&w, cx, t);
  NO(CONFLICT, "watch", "appraisal.consult", YEAR, "{'as_of':'2019-08-31'}");
  DO("watch", "appraisal.close", YEAR, "{'as_of':'2019-08-31'}");
  town_drop(&w);
}

TEST(closing_freezes_figures_and_results_and_the_report_goes_once) {
  Town w;
  open_town(&w, cx);
  for (int i = 1; i <= 3; i++) EXPECT_INT(town_do(&w, cx, "system", "project.tell", NULL, arena_fmt(t->mem, "{'what':'rating','no':%d,'unit':'natural-resources','county':'suizhong','level':5,'answered':'2019-03-01'}", i).ptr), OK);
  DO("watch", "appraisal.draft", NULL, PLAN("75", "5", "20"));
  DO("watch", "appraisal.publish", YEAR, "{}");
  NO(CONFLICT, "watch", "appraisal.consult", YEAR, "{'as_of':'2019-08-31'}");
  SAYS("还有 3 个单位缺督查评分，共 12 个");
  scored_all(&w, cx, t);
  DO("nr-head", "appraisal.score", YEAR, SCORES("self", "final", "natural-resources", "100", "100"));
  DO("watch", "appraisal.consult", YEAR, "{'as_of':'2019-08-31'}");
  town_on(&w, "2019-09-10");
  NO(INVALID, "watch", "appraisal.close", YEAR, "{'as_of':'2019-09-10'}"); /* today is not over */
  NO(INVALID, "watch", "appraisal.close", YEAR, "{'as_of':'2018-12-31'}");
  NO(CONFLICT, "watch", "appraisal.report", YEAR, "{}");
  NO(DENIED, "leader", "appraisal.close", YEAR, "{'as_of':'2019-08-31'}");
  DO("watch", "appraisal.close", YEAR, "{'as_of':'2019-08-31'}");
  TELL("{'what':'rating','no':4,'unit':'natural-resources','county':'suizhong','level':1,'answered':'2019-09-01'}"); /* too late */
  const Appraisal *a = loaded(&w, cx);
  EXPECT(str_eqz(a->status, "closed") && a->result_count == 3 && a->figure_count == 2);
  EXPECT_STR(a->results[0].unit, S("natural-resources"));
  EXPECT_STR(a->results[0].shown, S("95.08")); /* 0.8·(0.4·92.5 + 0.6·(0.3·100 + 0.7·92.5)) + 0.2·100 */
  EXPECT_STR(a->results[0].grade_name, S("优秀"));
  EXPECT(a->results[1].rank == 2 && str_eqz(a->results[1].shown, "80.00") && str_eqz(a->results[1].grade_name, "良好"));
  EXPECT(a->results[2].region && a->results[2].rank == 1 && str_eqz(a->results[2].shown, "76.00")); /* regions apart */
  Figure *again = NULL; /* anyone works it out again */
  size_t n = 0;
  FigureAsk ask = figure_ask(&w.policy, 2019, a->as_of);
  EXPECT_INT(figures_count(cx, reader_views(w.reader), &ask, &again, &n), OK);
  Result results[3];
  EXPECT_INT(appraisal_rank(t->mem, a, &w.policy, again, n, results), 3);
  for (size_t i = 0; i < 3; i++) EXPECT(str_eq(results[i].unit, a->results[i].unit) && results[i].sum == a->results[i].sum && results[i].weight == a->results[i].weight);
  NO(CONFLICT, "watch", "appraisal.score", YEAR, SCORES("inspection", "final", "water", "100", "100"));
  NO(CONFLICT, "watch", "appraisal.close", YEAR, "{'as_of':'2019-09-01'}");
  DO("watch", "appraisal.report", YEAR, "{}");
  NO(CONFLICT, "watch2", "appraisal.report", YEAR, "{}");
  SAYS("只报一次");
  EXPECT_INT(loaded(&w, cx)->reported_count, 3);
  AppraisalRow *rows = NULL;
  EXPECT_INT(appraisals_list(cx, w.reader, false, &rows, &n), OK);
  EXPECT(n == 1 && rows[0].year == 2019 && rows[0].reported_at && rows[0].as_of.n == a->as_of.n);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
