/* SPDX-License-Identifier: Apache-2.0 */
/* S38 the register, S39 openness and three reviews, S40 interpretations: each acceptance step with its values. */
#include "publish/publish.h"
#include "town.h"

#define SIX "一、政策背景依据\\n国务院要求。\\n二、目标任务\\n压减时间。\\n三、主要内容\\n四个统一。\\n四、执行标准\\n见清单。\\n五、惠民利民举措\\n一次告知。\\n六、新旧政策差异\\n少一百多天。"
#define DOC(more) "{'title':'关于印发示例办法的通知','number':'葫政办发〔2019〕70号','issuer':'葫芦岛市人民政府办公室','day':'2019-09-01','text':'一、总则\\n第一段文字。'" more "}"
#define PLAN ",'plan':'与文件同日在网站发布','material':'" SIX "'"
#define SIGN(step) "{'step':'" step "'}"
#define APPROVE "{'step':'third','channels':['website','gazette']}"

static const GazetteFile *file(Town *w, Cx *cx, const char *id) {
  const GazetteFile *g = NULL;
  cx_clear(cx);
  Code code = gazette_load(cx, w->reader, str_of(id), &g);
  REQUIRE(code == OK);
  return g;
}

static size_t list(Town *w, Cx *cx, GazetteFilter f, GazetteRow **rows) {
  size_t n = 0;
  int64_t total = 0;
  f.limit = 50;
  cx_clear(cx);
  Code code = gazettes_list(cx, w->reader, &f, rows, &n, &total);
  REQUIRE(code == OK && total == (int64_t)n);
  return n;
}

static void open_office(Town *w, Cx *cx) {
  town_open(w, cx, publish_engines, PUBLISH_ENGINES);
}

static void take_in(Town *w, Cx *cx) {
  static const char *const codes[] = {"D63", "D13", "D60", "D01", "D59", "D64"};
  for (size_t i = 0; i < COUNT(codes); i++) {
    Code code = town_do(w, cx, "ed", "gazette.import", NULL, arena_fmt(cx->mem, "{'code':'%s'}", codes[i]).ptr);
    REQUIRE(code == OK);
  }
}

TEST(the_sums_of_the_site_are_those_of_its_lists) {
  Town w;
  GazetteSums s;
  GazetteRow *rows = NULL;
  int64_t count = 9, last = 9;
  open_office(&w, cx);
  EXPECT_INT(gazettes_sums(cx, w.reader, &s), OK);
  EXPECT(!s.documents && !s.published && !s.readings && !s.explained && !s.early);
  EXPECT_INT(canvasses_sums(cx, w.reader, &count, &last), OK);
  EXPECT(!count && !last);
  town_on(&w, "2019-08-01"); /* before D64 of 30 August: its publication would be older than itself */
  take_in(&w, cx);
  EXPECT_INT(gazettes_sums(cx, w.reader, &s), OK);
  EXPECT_INT(s.documents, list(&w, cx, (GazetteFilter){.on_site = true}, &rows));
  EXPECT(s.documents == 5 && day_of(s.published).n == day_ymd(2019, 8, 1).n && !s.readings && s.early == 1);
  EXPECT_INT(list(&w, cx, (GazetteFilter){.early = true}, &rows), 1);
  EXPECT_STR(rows[0].code, S("D64"));
  town_on(&w, "2019-09-02");
  DO("ed", "gazette.draft", NULL, DOC(",'openness':'public','send':true" PLAN));
  EXPECT_INT(list(&w, cx, (GazetteFilter){.open = true}, &rows), 2);
  Str stream = arena_fmt(cx->mem, "gazette/%lld", (long long)(rows[0].number.len && str_has(rows[0].number, S("70号")) ? rows[0].no : rows[1].no));
  DO("ed2", "gazette.sign", arena_z(cx->mem, stream), SIGN("first"));
  DO("ed3", "gazette.sign", arena_z(cx->mem, stream), SIGN("second"));
  DO("go-head", "gazette.sign", arena_z(cx->mem, stream), APPROVE);
  EXPECT_INT(gazettes_sums(cx, w.reader, &s), OK);
  EXPECT(s.documents == 6 && s.readings == 1 && day_of(s.explained).n == day_ymd(2019, 9, 2).n && s.published == s.explained);
  EXPECT_INT(list(&w, cx, (GazetteFilter){.explained = true}, &rows), 1);
  EXPECT(rows[0].explained == s.explained && rows[0].readings == 1);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_six_documents_are_taken_in_with_their_numbers_in_the_order_of_their_days) {
  Town w;
  GazetteRow *rows = NULL;
  static const char *const numbers[] = {"葫政办发〔2019〕64号", "葫政办发〔2019〕63号", "葫政公领发〔2019〕1号", "葫政办发〔2019〕60号", "葫政办发〔2019〕59号", "葫政发〔2019〕13号"};
  open_office(&w, cx);
  NO(DENIED, "ed-hc", "gazette.import", NULL, "{'code':'D60'}");
  NO(NOT_FOUND, "ed", "gazette.import", NULL, "{'code':'D61'}");
  take_in(&w, cx);
  NO(CONFLICT, "ed2", "gazette.import", NULL, "{'code':'D60'}");
  SAYS("已经收入公文库");
  EXPECT_INT(list(&w, cx, (GazetteFilter){0}, &rows), 6); /* D01 of 22 July between D60 of 28 June and D63 of 23 August */
  for (size_t i = 0; i < COUNT(numbers); i++) EXPECT_STR(rows[i].number, str_of(numbers[i]));
  const GazetteFile *d13 = file(&w, cx, "D13"), *d60 = file(&w, cx, "D60");
  EXPECT(d13->basis_count == 1 && str_has(d13->basis[0], S("辽政发〔2018〕36号")));
  EXPECT(str_eqz(d60->openness, "public") && d60->published && str_eqz(d60->force, "valid"));
  EXPECT(str_eqz(d60->issuer, "葫芦岛市人民政府办公室") && str_has(d60->recipients, S("各市属开发区管委会")) && str_has(d60->text, S("（二十二）做好宣传引导。")));
  EXPECT_STR(gazette_id(cx->mem, d60), S("D60"));
  const Gazette *rest = NULL;
  size_t n = 9;
  EXPECT(gazettes_missing(cx, w.reader, &w.policy, &rest, &n) == OK && n == 0);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_document_without_openness_is_not_published_before_it_is_set) {
  Town w;
  GazetteRow *rows = NULL;
  open_office(&w, cx);
  take_in(&w, cx);
  const GazetteFile *g = file(&w, cx, "D63");
  EXPECT(!g->openness.len && !g->published && str_eqz(g->status, "draft"));
  EXPECT_STR(openness_label(g->openness), S("未标注"));
  EXPECT_INT(list(&w, cx, (GazetteFilter){.on_site = true}, &rows), 5);
  NO(INVALID, "ed", "gazette.submit", "gazette/1", "{}");
  SAYS("未明确公开属性的材料不得履行发文程序");
  EXPECT_STR(cx->clause, S("D01-1.3-p1"));
  NO(INVALID, "ed", "gazette.mark", "gazette/1", "{'openness':'secret'}");
  SAYS("不予公开的应说明理由");
  NO(CONFLICT, "ed", "gazette.change", "gazette/1", DOC("")); /* as it was issued */
  NO(CONFLICT, "ed", "gazette.mark", "gazette/2", "{'openness':'request'}");
  DO("ed", "gazette.mark", "gazette/1", "{'openness':'public'}");
  EXPECT(!file(&w, cx, "D63")->published);
  DO("ed", "gazette.submit", "gazette/1", "{}");
  DO("ed2", "gazette.sign", "gazette/1", SIGN("first"));
  DO("ed3", "gazette.sign", "gazette/1", SIGN("second"));
  DO("go-head", "gazette.sign", "gazette/1", APPROVE);
  EXPECT(file(&w, cx, "D63")->published > 0);
  EXPECT_INT(list(&w, cx, (GazetteFilter){.on_site = true}, &rows), 6);
  town_drop(&w);
}

TEST(three_persons_review_in_order_and_the_record_keeps_names_and_times) {
  Town w;
  open_office(&w, cx);
  NO(INVALID, "ed", "gazette.draft", NULL, DOC(PLAN ",'send':true")); /* no openness */
  SAYS("未明确公开属性");
  NO(INVALID, "ed", "gazette.draft", NULL, DOC(PLAN ",'openness':'secret','send':true"));
  SAYS("不予公开的应说明理由");
  NO(INVALID, "ed", "gazette.draft", NULL, "{'title':'关于印发示例办法的通知','number':'葫政办发[2019]70号','issuer':'市政府','day':'2019-09-01','text':'一、总则，第一段文字。'}");
  SAYS("六角括号");
  DO("ed", "gazette.draft", NULL, DOC(PLAN ",'openness':'public','send':true"));
  EXPECT_INT(json_int(w.r.answer, S("no"), 0), 1);
  NO(CONFLICT, "ed", "gazette.draft", NULL, DOC("")); /* the number is taken */
  NO(CONFLICT, "ed", "gazette.change", "gazette/1", DOC(""));
  NO(CONFLICT, "go-head", "gazette.sign", "gazette/1", APPROVE); /* both others are skipped */
  SAYS("不能跳到批准");
  NO(DENIED, "ed", "gazette.sign", "gazette/1", SIGN("first")); /* who drafted */
  NO(DENIED, "ed-hc", "gazette.sign", "gazette/1", SIGN("first"));
  SAYS("谁公开、谁负责");
  NO(DENIED, "go-head", "gazette.sign", "gazette/1", SIGN("first")); /* another role */
  DO("ed2", "gazette.sign", "gazette/1", "{'step':'first','text':'文字已核对'}");
  NO(CONFLICT, "ed3", "gazette.sign", "gazette/1", SIGN("third"));
  SAYS("待复审");
  NO(DENIED, "ed2", "gazette.sign", "gazette/1", SIGN("second"));
  SAYS("三个人分别办");
  w.now += 3600000;
  DO("ed3", "gazette.sign", "gazette/1", SIGN("second"));
  EXPECT(!file(&w, cx, "1")->published);
  NO(INVALID, "go-head", "gazette.sign", "gazette/1", SIGN("third"));
  SAYS("以什么形式公开");
  w.now += 3600000;
  DO("go-head", "gazette.sign", "gazette/1", APPROVE);
  const GazetteFile *g = file(&w, cx, "1");
  EXPECT(g->published == w.now && str_eqz(g->status, "public") && g->round_count == 1);
  const ScrutinyRound *r = &g->rounds[0];
  EXPECT(str_eqz(r->signs[0].name, "褚编") && str_eqz(r->signs[1].name, "卫编") && str_eqz(r->signs[2].name, "蒋办"));
  EXPECT(r->signs[1].at == r->signs[0].at + 3600000 && r->signs[2].at == r->signs[1].at + 3600000 && str_eqz(r->signs[0].text, "文字已核对"));
  EXPECT_STR(g->channels, S("政府网站、政府公报"));
  NO(CONFLICT, "ed", "gazette.change", "gazette/1", DOC(""));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_disagreement_goes_to_the_drafter_and_the_secrecy_administration) {
  Town w;
  open_office(&w, cx);
  DO("ed", "gazette.draft", NULL, DOC(PLAN ",'openness':'public','send':true"));
  NO(INVALID, "ed2", "gazette.dispute", "gazette/1", "{'openness':'public','reason':'内部事务'}");
  DO("ed2", "gazette.sign", "gazette/1", SIGN("first"));
  DO("ed3", "gazette.dispute", "gazette/1", "{'openness':'secret','reason':'涉及没有公开的规划'}");
  NO(CONFLICT, "ed3", "gazette.sign", "gazette/1", SIGN("second"));
  SAYS("有分歧");
  NO(DENIED, "ed2", "gazette.settle", "gazette/1", "{'openness':'request'}");
  NO(DENIED, "go-head", "gazette.settle", "gazette/1", "{'openness':'request'}");
  DO("ed", "gazette.settle", "gazette/1", "{'openness':'public'}");
  NO(INVALID, "se-head", "gazette.settle", "gazette/1", "{'openness':'secret'}");
  DO("se-head", "gazette.settle", "gazette/1", "{'openness':'request','reason':'删去附图后可以依申请公开'}");
  EXPECT_STR(file(&w, cx, "1")->review.step, S("disputed")); /* they still differ */
  DO("ed", "gazette.settle", "gazette/1", "{'openness':'request'}");
  const GazetteFile *g = file(&w, cx, "1");
  EXPECT(str_eqz(g->openness, "request") && str_eqz(g->review.step, "first") && !g->review.signs[0].at); /* 初审 begins again */
  DO("ed2", "gazette.sign", "gazette/1", SIGN("first"));
  DO("ed3", "gazette.sign", "gazette/1", SIGN("second"));
  DO("go-head", "gazette.sign", "gazette/1", SIGN("third"));
  g = file(&w, cx, "1");
  EXPECT(str_eqz(g->status, "kept") && !g->published && !gazette_public_item(g));
  NO(CONFLICT, "ed", "gazette.explain", "gazette/1", "{'plan':'同日发布','material':'" SIX "'}");
  NO(CONFLICT, "ed", "gazette.submit", "gazette/1", "{}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_policy_document_is_not_reviewed_without_plan_and_material_of_six_headings) {
  Town w;
  open_office(&w, cx);
  NO(INVALID, "ed", "gazette.draft", NULL, DOC(",'openness':'public','send':true"));
  SAYS("还没有解读方案");
  EXPECT_STR(cx->clause, S("D01-1.2-p1"));
  NO(INVALID, "ed", "gazette.draft", NULL, DOC(",'openness':'public','send':true,'plan':'同日发布'"));
  SAYS("还没有解读材料");
  NO(INVALID, "ed", "gazette.draft", NULL, DOC(",'openness':'public','send':true,'plan':'同日发布','material':'一、政策背景依据\\n国务院要求。'"));
  SAYS("还缺：目标任务、主要内容、执行标准、惠民利民举措、新旧政策差异");
  DO("ed", "gazette.draft", NULL, DOC(",'openness':'public'"));
  NO(INVALID, "ed", "gazette.submit", "gazette/1", "{}");
  NO(INVALID, "ed", "gazette.explain", "gazette/1", "{'form':'song','plan':'同日发布','material':'" SIX "'}");
  DO("ed", "gazette.explain", "gazette/1", "{'plan':'同日发布','material':'" SIX "'}");
  DO("ed", "gazette.submit", "gazette/1", "{}");
  NO(CONFLICT, "ed", "gazette.explain", "gazette/1", "{'no':1,'plan':'同日发布','material':'" SIX "'}"); /* in review */
  DO("ed2", "gazette.return", "gazette/1", "{'reason':'第三部分请写具体'}");
  EXPECT_STR(file(&w, cx, "1")->status, S("draft"));
  DO("ed", "gazette.draft", NULL, "{'title':'关于调整分工的通知','number':'葫政办发〔2019〕71号','issuer':'葫芦岛市人民政府办公室','day':'2019-09-01','text':'经研究，调整分工如下。','openness':'public','explain':false,'send':true}");
  town_drop(&w);
}

static void publish_one(Town *w, Cx *cx) {
  static const struct { const char *who, *command, *args; } acts[] = {{"ed2", "gazette.sign", SIGN("first")}, {"ed3", "gazette.sign", SIGN("second")}, {"go-head", "gazette.sign", APPROVE}};
  for (size_t i = 0; i < COUNT(acts); i++) {
    Code code = town_do(w, cx, acts[i].who, acts[i].command, "gazette/1", acts[i].args);
    REQUIRE(code == OK);
  }
}

TEST(document_and_interpretation_go_public_together_and_stay_linked) {
  Town w;
  open_office(&w, cx);
  DO("ed", "gazette.draft", NULL, DOC(PLAN ",'openness':'public','send':true"));
  publish_one(&w, cx);
  const GazetteFile *g = file(&w, cx, "1");
  const Interpretation *x = gazette_public_item(g);
  EXPECT(x && x->published == g->published && str_eqz(x->form, "written") && str_eqz(x->title, "《关于印发示例办法的通知》解读"));
  NO(CONFLICT, "ed", "gazette.drop", "gazette/1", "{'no':1,'reason':'重写'}");
  SAYS("应互为链接");
  NO(NOT_FOUND, "ed", "gazette.drop", "gazette/1", "{'no':2,'reason':'重写'}");
  DO("ed", "gazette.explain", "gazette/1", "{'form':'questions','heading':'十问十答','plan':'一周后发布','material':'" SIX "','send':true}");
  EXPECT_INT(file(&w, cx, "1")->review.about, 2);
  EXPECT(file(&w, cx, "1")->published > 0); /* the document stays on the site meanwhile */
  NO(CONFLICT, "ed3", "gazette.dispute", "gazette/1", "{'openness':'secret','reason':'内部事务'}");
  publish_one(&w, cx);
  EXPECT(str_eqz(file(&w, cx, "1")->items[1].status, "public") && file(&w, cx, "1")->round_count == 2);
  NO(DENIED, "ed", "gazette.take-down", "gazette/1", "{'no':1,'reason':'数字有误'}");
  DO("go-head", "gazette.take-down", "gazette/1", "{'no':1,'reason':'数字有误'}");
  EXPECT_INT(gazette_public_item(file(&w, cx, "1"))->no, 2);
  DO("ed", "gazette.drop", "gazette/1", "{'no':1,'reason':'数字有误'}"); /* nobody links to it any more */
  DO("go-head", "gazette.take-down", "gazette/1", "{'no':0,'reason':'附件有误'}");
  EXPECT(!file(&w, cx, "1")->published && !gazette_public_item(file(&w, cx, "1")));
  DO("ed", "gazette.drop", "gazette/1", "{'no':2,'reason':'另写'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(documents_without_interpretation_are_listed_and_work_waits_for_those_who_may_do_it) {
  Town w;
  GazetteRow *rows = NULL;
  open_office(&w, cx);
  take_in(&w, cx);
  EXPECT_INT(list(&w, cx, (GazetteFilter){.unexplained = true}, &rows), 5);
  DO("ed", "gazette.explain", "gazette/3", "{'plan':'同日发布','material':'" SIX "','send':true}");
  EXPECT_INT(list(&w, cx, (GazetteFilter){.open = true}, &rows), 2); /* the one without openness, and that in review */
  const Disclosure *d = w.policy.disclosure;
  const Actor ed = {.id = S("ed"), .unit = S("government-office"), .roles = ROLE_EDITOR}, ed2 = {.id = S("ed2"), .unit = S("government-office"), .roles = ROLE_EDITOR};
  const Actor hc = {.id = S("ed-hc"), .unit = S("housing-construction"), .roles = ROLE_EDITOR}, head = {.id = S("go-head"), .unit = S("government-office"), .roles = ROLE_UNIT_HEAD};
  EXPECT(str_eqz(rows[0].code, "D63") && gazette_waits_for(d, &rows[0], &ed) && !gazette_waits_for(d, &rows[0], &head));
  EXPECT(!gazette_waits_for(d, &rows[1], &ed) && gazette_waits_for(d, &rows[1], &ed2) && !gazette_waits_for(d, &rows[1], &hc) && !gazette_waits_for(d, &rows[1], &head));
  DO("ed2", "gazette.sign", "gazette/3", SIGN("first"));
  DO("ed3", "gazette.sign", "gazette/3", SIGN("second"));
  EXPECT_INT(list(&w, cx, (GazetteFilter){.open = true}, &rows), 2);
  EXPECT(gazette_waits_for(d, &rows[1], &head) && !gazette_waits_for(d, &rows[1], &ed2));
  DO("go-head", "gazette.sign", "gazette/3", APPROVE);
  EXPECT_INT(list(&w, cx, (GazetteFilter){.unexplained = true}, &rows), 4);
  NO(DENIED, "ed-hc", "gazette.force", "gazette/3", "{'force':'abolished','basis':'葫政办发〔2020〕1号'}");
  DO("ed", "gazette.force", "gazette/3", "{'force':'abolished','basis':'葫政办发〔2020〕1号'}");
  EXPECT_STR(force_label(file(&w, cx, "D60")->force), S("已废止"));
  NO(CONFLICT, "ed", "gazette.force", "gazette/3", "{'force':'abolished','basis':'葫政办发〔2020〕1号'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_package_without_the_file_has_no_register) {
  Town w;
  open_office(&w, cx);
  w.policy.disclosure = NULL;
  NO(CONFLICT, "ed", "gazette.draft", NULL, DOC(""));
  SAYS("没有设置公文库");
  town_drop(&w);
}

#define FILE_OF(name, blob, size) ",'files':[{'blob':'" blob "','name':'" name "','size':" size "}]"
#define PDF(more) "{'title':'流程图解','type':'pdf'" more FILE_OF("flow.pdf", "aa", "1000") "}"

/* 附件、图解: with what is a draft, reviewed with it, and never exchanged behind the reviewers' back. */
TEST(an_annex_is_reviewed_with_what_it_belongs_to) {
  Town w;
  open_office(&w, cx);
  town_on(&w, "2019-09-02");
  DO("ed", "gazette.draft", NULL, DOC(",'openness':'public'" PLAN));
  NO(DENIED, "ed-hc", "gazette.attach", "gazette/1", PDF(""));
  NO(INVALID, "ed", "gazette.attach", "gazette/1", "{'title':'流程图解','type':'pdf'}");
  SAYS("请选择附件");
  NO(INVALID, "ed", "gazette.attach", "gazette/1", "{'title':'流程图解','type':'docx'" FILE_OF("flow.docx", "aa", "1000") "}");
  SAYS("附件只能是 pdf、ofd、png、jpg");
  NO(INVALID, "ed", "gazette.attach", "gazette/1", "{'title':'流程图解','type':'pdf'" FILE_OF("flow.exe", "aa", "1000") "}");
  NO(INVALID, "ed", "gazette.attach", "gazette/1", "{'title':'流程图解','type':'pdf'" FILE_OF("flow.pdf", "aa", "20971521") "}");
  SAYS("超过 20 MB");
  NO(INVALID, "ed", "gazette.attach", "gazette/1", "{'title':'流程图解','type':'png'" FILE_OF("flow.png", "aa", "1000") "}");
  SAYS("图片要写替代文字");
  NO(CONFLICT, "ed", "gazette.attach", "gazette/1", PDF(",'about':2"));
  DO("ed", "gazette.attach", "gazette/1", PDF(""));
  DO("ed", "gazette.attach", "gazette/1", "{'title':'一图读懂','type':'png','about':1,'alt':'四个阶段，每个阶段几天'" FILE_OF("A.PNG", "bb", "1000") "}");
  DO("ed", "gazette.attach", "gazette/1", PDF(",'about':1"));
  DO("ed", "gazette.detach", "gazette/1", "{'no':3}");
  NO(NOT_FOUND, "ed", "gazette.detach", "gazette/1", "{'no':3}");
  const GazetteFile *g = file(&w, cx, "1");
  EXPECT(g->annex_count == 3 && gazette_annex(g, 1) && gazette_annex(g, 2) && !gazette_annex(g, 3));
  EXPECT(annex_picture(gazette_annex(g, 2)) && !annex_public(g, gazette_annex(g, 1)) && gazette_annex(g, 2)->about == 1);
  DO("ed", "gazette.submit", "gazette/1", "{}");
  NO(CONFLICT, "ed", "gazette.attach", "gazette/1", PDF(""));
  SAYS("正在审查（待初审），不能换附件");
  DO("ed2", "gazette.sign", "gazette/1", SIGN("first"));
  NO(CONFLICT, "ed", "gazette.detach", "gazette/1", "{'no':1}");
  DO("ed3", "gazette.return", "gazette/1", "{'reason':'附件不清楚'}");
  DO("ed", "gazette.attach", "gazette/1", PDF("")); /* after a return, and from 初审 again */
  DO("ed", "gazette.submit", "gazette/1", "{}");
  EXPECT_STR(file(&w, cx, "1")->review.step, S("first"));
  DO("ed2", "gazette.sign", "gazette/1", SIGN("first"));
  DO("ed3", "gazette.sign", "gazette/1", SIGN("second"));
  DO("go-head", "gazette.sign", "gazette/1", APPROVE);
  g = file(&w, cx, "1");
  EXPECT(annex_public(g, gazette_annex(g, 1)) && annex_public(g, gazette_annex(g, 2)) && annex_public(g, gazette_annex(g, 4)));
  NO(CONFLICT, "ed", "gazette.attach", "gazette/1", PDF(""));
  SAYS("已经审定，附件随文件一起审查");
  NO(CONFLICT, "ed", "gazette.detach", "gazette/1", "{'no':2}");
  DO("go-head", "gazette.take-down", "gazette/1", "{'no':1,'reason':'解读有误'}");
  g = file(&w, cx, "1");
  EXPECT(!annex_public(g, gazette_annex(g, 2)) && annex_public(g, gazette_annex(g, 1)));
  town_drop(&w);
}
