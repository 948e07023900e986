/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_early.c: what happens before the cases of the demonstration: the reserve library, catalogues and orders of the
 * agent service, consultations, each in every state. A script of rows, so many days before the end, told among the
 * steps of the projects in the order of time; what it registers goes on as any other project.
 */
#include "main/demo.h"
#include "policy/answers.h"

#include <stdlib.h>

typedef DemoRow Row;

#define CONDITIONS \
  "{'conditions':{'plot_ratio':'1.8','building_density':'40','green_rate':'20','building_height':'24','parking':'','land_area':'28600'}," \
  "'survey':'地籍调查已完成（示例）','land_review':'符合节约集约用地标准（示例）'}"
#define FOUR                                                                                            \
  "{'asks':[{'kind':'planning','unit':'natural-resources'},{'kind':'land','unit':'natural-resources'}," \
  "{'kind':'forest','unit':'natural-resources'},{'kind':'sea','unit':'natural-resources'}]}"
#define OPINION(kind) "{'kind':'" kind "','result':'agree','opinion':'符合国土空间规划，同意（示例）。'}"
#define PLOT(name, county, granted) PLOT_IN(name, county, granted, "")
#define PLOT_IN(name, county, granted, more)                                                                                           \
  "{'name':'" name "（示例）','county':'" county "','boundary':'东至规划路，南至河堤，西至现状厂区，北至主干路','scale':'用地约 28600 " \
  "平方米，建筑面积约 51000 平方米','basis':'葫芦岛市国土空间总体规划（示例）','granted':" granted more "}"
#define CATALOGUE(county)                                                                                                   \
  "{'county':'" county "','items':[{'name':'企业投资项目备案','scope':'approval','guide':'带营业执照即可'},{'name':'建设用地规划许可'," \
  "'scope':'approval'},{'name':'建设工程规划许可','scope':'approval'},{'name':'施工许可','scope':'approval'},{'name':'供水报装'," \
  "'scope':'utility'},{'name':'供电报装','scope':'utility'},{'name':'通讯报装','scope':'utility'}],'guide':'到本地代办窗口或在网上委托，一名代办员" \
  "负责到底，不收任何费用（示例）。'}"
#define ORDER(county) "{'county':'" county "','name':'新厂房建设（示例）','items':['企业投资项目备案','施工许可','供水报装'],'consent':true}"
#define GENERATED(label, from) GENERATED_IN(label, from, "")
#define GENERATED_IN(label, from, more)                                                                                          \
  {from, 0, "ap-development-reform", "reserve.add", label, PLOT_IN("北港工业地块" label, "longgang", "true", more), false},        \
      {(from) - 2, 0, "ap-natural-resources", "reserve.set-conditions", label, CONDITIONS, false},                        \
      {(from) - 3, 0, "ap-development-reform", "reserve.ask-opinions", label, FOUR, false},                               \
      {(from) - 6, 0, "ap-natural-resources", "reserve.give-opinion", label, OPINION("planning"), false},                 \
      {(from) - 6, 20, "ap-natural-resources", "reserve.give-opinion", label, OPINION("land"), false},                    \
      {(from) - 7, 0, "ap-natural-resources", "reserve.give-opinion", label, OPINION("forest"), false},                   \
      {(from) - 8, 0, "ap-natural-resources", "reserve.give-opinion", label, OPINION("sea"), false},                      \
      {(from) - 10, 0, "hd-development-reform", "reserve.generate", label, "{}", false}
#define AGENT(label, owner, from)                                                                                         \
  {from, 0, owner, "agent.order", label, ORDER("longgang"), false},                                                       \
      {(from) - 1, 0, "hd-longgang", "agent.assign", label, "{'agent':'agent'}", false},                                   \
      {(from) - 2, 0, "agent", "project.register", "P" label, owner, false},                                               \
      {50, 0, owner, "agent.rate", label, "{'score':5,'text':'随叫随到，少跑了很多路（示例）。'}", true},                          \
      {4, 0, owner, "agent.rate", label, "{'score':4,'text':'总体满意（示例）。'}", true},                                     \
      {3, 0, "ap-housing-construction", "agent.rate-unit", label, "{'score':4,'text':'材料齐全（示例）。'}", true},             \
      {3, 30, "ap-natural-resources", "agent.rate-unit", label, "{'score':5}", true}
#define ASSESS(kind, body, since, until, what)                                                                              \
  "{'kind':'" kind "','body':'" body "','doc':'葫评审示例1号','since':'" since "','until':'" until "','requirements':'" what "（示例）。','files':[~]}"
#define REGION(name, kind, county)                                                                                        \
  "{'name':'" name "','kind':'" kind "','county':'" county "','boundary':'东至滨海大道，南至海岸线，西至疏港路，北至铁路','body':'管理委员会（示例）'}"
#define ASK(unit, subject, open)                                                                                          \
  "{'unit':'" unit "','subject':'" subject "','question':'还没有取得土地，拟建两栋厂房，想知道" subject "的要求（示例）。','county':'longgang','open':" open "}"

static const Row rows[] = {
    {DEMO_REGION_DAYS, 0, "ap-development-reform", "region.add", "RG1", REGION(DEMO_REGION, "zone", "longgang"), false},
    {DEMO_REGION_DAYS, 5, "ap-development-reform", "region.draw", "RG1",
     "{'shape':'120.84,40.68\\n120.88,40.675\\n120.90,40.70\\n120.87,40.72\\n120.845,40.71','basis':'演示用，没有批准文件（示例）','sample':true}", false},
    {DEMO_REGION_DAYS, 10, "ap-development-reform", "region.assess", "RG1", ASSESS("geology", "市自然资源局", "+0", "+900", "坡脚 30 米内不得开挖，边坡按评估措施支护"), false},
    {DEMO_REGION_DAYS, 20, "ap-development-reform", "region.assess", "RG1", ASSESS("seismic", "市应急管理局", "+0", "+900", "按区域小区划结果确定抗震设防要求，不另行评价"), false},
    {DEMO_REGION_DAYS, 25, "ap-development-reform", "region.assess", "RG1", ASSESS("environment", "市生态环境局", "+0", "+900", "执行区域环评的准入清单和排放总量"), false},
    {DEMO_REGION_DAYS, 28, "ap-development-reform", "region.assess", "RG1", ASSESS("energy", "市发展改革委", "+0", "+900", "单位产值能耗不高于区域控制值"), false},
    {200, 0, "ap-development-reform", "region.add", "RG2", REGION("东戴河新区（示例）", "new-area", "suizhong"), false},
    {199, 30, "ap-development-reform", "region.draw", "RG2",
     "{'shape':'120.02,40.19\\n120.07,40.17\\n120.09,40.20\\n120.05,40.23','basis':'演示用，没有批准文件（示例）','sample':true}", false},
    {199, 0, "ap-development-reform", "region.assess", "RG2", ASSESS("geology", "绥中县自然资源局", "+0", "+150", "冲沟两侧各 20 米不得布置建筑"), false},
    {198, 0, "ap-development-reform", "region.assess", "RG2", ASSESS("water", "市水利局", "+0", "+700", "不得取用地下水，工业用水循环率不低于区域控制值"), false},
    {197, 0, "ap-development-reform", "region.assess", "RG2", ASSESS("mineral", "市自然资源局", "+0", "+700", "区域内没有压覆重要矿产"), false},
    {60, 0, "hd-development-reform", "region.stop", "RG2", "{'no':3,'reason':'新查明一处矿产地，重新评估（示例）。'}", false},
    {345, 0, "hd-development-reform", "roster.train", NULL, "{'agents':['agent','agent2'],'day':'2019-06-28','topic':'审批流程和服务规范统一培训（示例）'}", false},
    {344, 0, "hd-longgang", "catalogue.draft", "longgang", CATALOGUE("longgang"), false},
    {343, 0, "hd-suizhong", "catalogue.draft", "suizhong", CATALOGUE("suizhong"), false},
    {342, 0, "leader", "catalogue.issue", "longgang", "{'no':1}", false},
    {342, 10, "leader", "catalogue.issue", "suizhong", "{'no':1}", false},
    {30, 0, "hd-lianshan", "catalogue.draft", "lianshan", CATALOGUE("lianshan"), false},
    {26, 0, "hd-jianchang", "catalogue.draft", "jianchang", CATALOGUE("jianchang"), false},
    {24, 0, "leader", "catalogue.return", "jianchang", "{'no':1,'reason':'办事指南没有写明办公地点，请补充（示例）。'}", false},

    AGENT("O1", "owner", 335), AGENT("O2", "owner2", 325), AGENT("O3", "owner3", 315), AGENT("O4", "owner4", 305),
    {40, 0, "owner5", "agent.order", "O5", ORDER("suizhong"), false},
    {39, 0, "hd-suizhong", "agent.assign", "O5", "{'agent':'agent2'}", false},
    {35, 0, "owner5", "agent.end", "O5", "{'reason':'改为自行办理（示例）'}", false},
    {14, 0, "owner6", "agent.order", "O6", ORDER("suizhong"), false},
    {13, 0, "zhao", "agent.assign", "O6", "{'agent':'agent2'}", false},
    {11, 0, "agent2", "agent.log", "O6", "{'text':'陪同企业到现场勘察，讲解备案要件（示例）。'}", false},
    {2, 0, "owner7", "agent.order", "O7", ORDER("longgang"), false},

    GENERATED("R1", 332),
    {318, 0, "hd-natural-resources", "reserve.publish", "R1", "{}", false},
    {310, 0, "ap-development-reform", "reserve.assign", "R1", "$owner", false},
    {305, 30, "owner", "project.register", "PR1", "R1", false},
    {90, 0, "hd-natural-resources", "reserve.change-condition", "R1",
     "{'name':'green_rate','value':'18','reason':'控制性详细规划修改，绿地率下限调整（示例）。','doc':'葫自然资函示例1号'}", false},
    GENERATED_IN("R2", 70, ",'region':'" DEMO_REGION "'"),
    {55, 0, "hd-natural-resources", "reserve.publish", "R2", "{}", false},
    GENERATED("R3", 66),
    {50, 0, "hd-natural-resources", "reserve.publish", "R3", "{}", false},
    {45, 0, "ap-development-reform", "reserve.assign", "R3", "$owner2", false},
    GENERATED("R4", 60),
    {33, 0, "ap-development-reform", "reserve.add", "R5", PLOT("滨河公园用地", "xingcheng", "false"), false},
    {31, 0, "ap-development-reform", "reserve.ask-opinions", "R5", FOUR, false},
    {28, 0, "ap-natural-resources", "reserve.give-opinion", "R5", OPINION("planning"), false},
    {27, 0, "ap-natural-resources", "reserve.give-opinion", "R5", "{'kind':'sea','result':'object','opinion':'涉及生态保护红线，不同意（示例）。'}", false},
    {5, 0, "ap-development-reform", "reserve.add", "R6", PLOT("物流园用地", "suizhong", "true"), false},
    {36, 0, "ap-development-reform", "reserve.add", "R7", PLOT("旧厂区用地", "nanpiao", "false"), false},
    {34, 0, "ap-development-reform", "reserve.drop", "R7", "{'reason':'投资计划取消（示例）'}", false},

    {312, 0, "owner", "consult.ask", "C1", ASK("natural-resources", "建筑退线", "true"), false},
    {311, 0, "hd-natural-resources", "consult.assign", "C1", "{'person':'ap-natural-resources'}", false},
    {309, 0, "ap-natural-resources", "consult.reply", "C1",
     "{'reply':'退主干路道路红线不少于 15 米，退支路不少于 8 米；退让范围内可以设绿化和围墙（示例）。','basis':'葫芦岛市城市规划管理技术规定（示例）'}", false},
    {306, 0, "owner", "project.register", "PC1", "", false},
    {304, 0, "owner", "stage.submit", "PC1", "", false},
    {304, 0, "wang", "stage.request-correction", "PC1",
     "{'missing':[{'what':'申请表','why':'退让距离要按新的道路规划修改'}],'relation':'contrary','contrary':'答复以后道路规划作了修改，退让要求相应加大（示例）。'}", false},
    {20, 0, "owner2", "consult.ask", "C2", ASK("housing-construction", "人防地下室配建", "true"), false},
    {16, 0, "owner3", "consult.ask", "C3", ASK("natural-resources", "日照间距", "true"), false},
    {15, 0, "ap-natural-resources", "consult.ask-more", "C3", "{'what':'请补充拟建建筑的层数、高度和与北侧住宅的距离（示例）。'}", false},
    {13, 0, "owner3", "consult.supplement", "C3", "{'text':'六层，高 23.9 米，距北侧住宅 31 米（示例）。'}", false},
    {12, 0, "ap-natural-resources", "consult.reply", "C3", "{'reply':'按大寒日两小时控制，31 米可以满足（示例）。','basis':'城市居住区规划设计标准（示例）'}", false},
    {7, 0, "owner4", "consult.ask", "C4", ASK("natural-resources", "容积率计算", "false"), false},
    {6, 0, "ap-natural-resources", "consult.ask-more", "C4", "{'what':'请补充地下室和架空层的面积和用途（示例）。'}", false},
    {1, 0, "owner5", "consult.ask", "C5", ASK("ecology-environment", "环评类别", "true"), false},
    {40, 30, "wu", "directive.send", "DBD1", "{'unit':'housing-construction','subject':'制定并实施施工图设计文件联合审查的管理办法','milestone':'drawings','demand':'请报办理情况、没有完成的原因和完成的日期（示例）。'}", false},
    {39, 0, "hd-housing-construction", "directive.reply", "DBD1", "{'reply':'办法已经起草，正在征求意见（示例）。','promised':'+20'}", false},
    {25, 0, "wu", "directive.close", "DBD1", "{'reason':'办法已经印发，文号已经登记（示例）。'}", false},
    {30, 30, "wu", "directive.send", "DBD2", "{'unit':'natural-resources','subject':'制定并实施限时联合验收的管理办法','milestone':'acceptance','demand':'请报办理情况、没有完成的原因和完成的日期（示例）。'}", false},
    {6, 0, "wu", "directive.send", "DBD3", "{'unit':'development-reform','subject':'制定并实施区域评估细则','milestone':'regional','demand':'请报办理情况、没有完成的原因和完成的日期（示例）。'}", false},
    {5, 0, "hd-development-reform", "directive.reply", "DBD3", "{'reply':'细则已经报审（示例）。','promised':'+15'}", false},
    {0, 0, "wu", "directive.send", "DBD4", "{'unit':'market-regulation','subject':'建立并实施红黑名单制度','milestone':'lists','demand':'请报办理情况、没有完成的原因和完成的日期（示例）。'}", false},
    {120, 0, "hd-natural-resources", "busy.add", NULL, "{'reason':'集中培训（示例）'}", false},
    {3, 0, "ap-housing-construction", "busy.add", NULL, "{'reason':'出差（示例）','person':'ap-housing-construction'}", false},
    {2, 0, "ap-natural-resources", "busy.add", NULL, "{'reason':'系统搬迁（示例）'}", false},
    {28, 0, "hd-housing-construction", "rule.issue", NULL, "{'code':'drawings','title':'施工图设计文件联合审查管理办法（示例）','number':'葫建发示例1号','day':'+0','files':[#]}", false},
    {24, 0, "hd-natural-resources", "rule.issue", NULL, "{'code':'parallel','title':'并联审批管理办法（示例）','number':'葫自然资发示例2号','day':'+0','files':[#]}", false},
    {20, 0, "hd-development-reform", "rule.issue", NULL, "{'code':'regional','title':'区域评估细则（示例）','number':'葫发改发示例3号','day':'+0','files':[#]}", false},
    {12, 0, "wu", "rule.add", NULL, "{'name':'代办员管理办法（示例）','leads':['housing-construction'],'due':'+30','basis':'专题会议纪要（示例）'}", false},
    {26, 0, "ap-suizhong", "feedback.report", "FK1", "{'subject':'联合验收的图纸要求不一致（示例）','text':'人防要求的图纸与规划核实的图纸版本不同，企业要交两套。'}", false},
    {24, 0, "hd-housing-construction", "feedback.answer", "FK1", "{'answer':'以规划核实的图纸为准，各部门共用一套（示例）。'}", false},
    {22, 0, "ap-suizhong", "feedback.solve", "FK1", "{}", false},
    {21, 0, "hd-housing-construction", "feedback.publish", "FK1", "{'question':'联合验收要交几套图纸？（示例）','answer':'一套。以规划核实的图纸为准，各部门共用（示例）。'}", false},
    {18, 0, "hd-jianchang", "feedback.report", "FK2", "{'subject':'下放事项没有培训教材（示例）','text':'承接的事项缺少操作教材，请统一编印。'}", false},
    {8, 0, "ap-xingcheng", "feedback.report", "FK3", "{'subject':'电子证照调取不到（示例）','text':'企业已有的证照在系统里调取不到。'}", false},
    {6, 0, "ap-housing-construction", "feedback.answer", "FK3", "{'answer':'接口已经修复，请再试（示例）。'}", false},
    {3, 0, "hd-lianshan", "feedback.report", "FK4", "{'subject':'并联审批的意见谁来汇总（示例）','text':'两个部门意见不同的时候由谁汇总？'}", false},
    {34, 0, "wu", "sample.list", "SA1", "{'size':2,'source':'示例福利彩票次日开奖号码','day':'+1'}", false},
    {32, 0, "wu", "sample.draw", "SA1", "{'number':'0713'}", false},
    {20, 0, "wu", "sample.list", "SA2", "{'size':3,'county':'longgang','source':'示例福利彩票次日开奖号码','day':'+1'}", true},
    {19, 0, "wu", "sample.drop", "SA2", "{'reason':'县（市）区选错了，重新定名单（示例）。'}", true},
    {9, 0, "wu", "sample.list", "SA3", "{'size':2,'source':'示例福利彩票次日开奖号码','day':'+1'}", false},
    {7, 0, "wu", "sample.draw", "SA3", "{'number':'2288'}", false},
    {2, 0, "wu", "sample.list", "SA4", "{'size':2,'source':'示例福利彩票开奖号码','day':'+7'}", false},
    {22, 0, "wu", "talk.record", "T1", "{'whom':'市自然资源局负责人','unit':'natural-resources','day':'+0','about':'限时联合验收管理办法没有按时印发（示例）','demand':'说明原因，月底前印发（示例）','until':'+14'}", false},
    {6, 0, "wu", "talk.end", "T1", "{'outcome':'已经制定计划，正在印发（示例）。'}", false},
    {3, 0, "wu", "talk.record", "T2", "{'whom':'建昌县政府负责人','unit':'jianchang','day':'+0','about':'下放事项承接迟缓（示例）','demand':'限期完成承接（示例）','until':'+15'}", false},
    {10, 0, "owner6", "consult.ask", "C6", ASK("water", "水土保持方案", "false"), false},
    {9, 0, "owner6", "consult.withdraw", "C6", "{'reason':'已在窗口问明（示例）'}", false},
};

typedef struct Label { const char *name; Str stream, number; } Label;

enum { ROWS_MAX = COUNT(rows) + 400 }; /* those of the other tables */
struct DemoEarly {
  const Demo *demo;
  const Row *order[ROWS_MAX];
  size_t count, next, labelled;
  Label labels[ROWS_MAX];
};

/* The window must wait for the departments (GAP_DAYS) and answer before the law does: a week without holidays is looked for. */
static int64_t row_at(const Demo *d, const Row *r) {
  enum { GAP_DAYS = 3, WEEK = 5 };
  bool notice = !strcmp(r->command, "stage.request-correction");
  if (!notice && strcmp(r->command, "stage.submit") != 0) return demo_moment(d, r->days, r->minute);
  Day day = demo_day(d, r->days);
  while (calendar_add(d->policy->calendar, day, GAP_DAYS).n - day.n > WEEK) day.n++;
  if (notice) day = calendar_add(d->policy->calendar, day, GAP_DAYS);
  return day_start(day) + (9 * 60 + r->minute) * 60000LL;
}

/* Where the times are the same, the earlier day first, then in the order of the tables: insertion keeps it. */
static bool row_before(const Demo *d, const Row *a, const Row *b) {
  int64_t x = row_at(d, a), y = row_at(d, b);
  return x < y || (x == y && a->days > b->days);
}

static void row_insert(DemoEarly *s, const Row *row) {
  size_t at = s->count++;
  REQUIRE(s->count <= ROWS_MAX);
  for (; at && row_before(s->demo, row, s->order[at - 1]); at--) s->order[at] = s->order[at - 1];
  s->order[at] = row;
}

DemoEarly *demo_early_open(Arena *mem, const Demo *d) {
  DemoEarly *s = arena_new(mem, DemoEarly);
  s->demo = d;
  for (size_t i = 0; i < COUNT(rows); i++) row_insert(s, &rows[i]);
  for (size_t i = 0; i < demo_joint_count; i++) row_insert(s, &demo_joint_rows[i]);
  for (size_t i = 0; i < demo_map_count; i++) row_insert(s, &demo_map_rows[i]);
  for (size_t i = 0; i < demo_appraise_count; i++) row_insert(s, &demo_appraise_rows[i]);
  for (size_t i = 0; i < demo_publish_count; i++) row_insert(s, &demo_publish_rows[i]);
  size_t ledger = 0;
  const DemoRow *of_ledgers = demo_ledger_rows(mem, d, &ledger);
  for (size_t i = 0; i < ledger; i++) row_insert(s, &of_ledgers[i]);
  return s;
}

static Label *label_of(DemoEarly *s, const char *name) {
  for (size_t i = 0; i < s->labelled; i++)
    if (!strcmp(s->labels[i].name, name)) return &s->labels[i];
  return NULL;
}

/* LABEL of "@LABEL…": the number of its stream; *len: how long the label is. */
static Str number_of(DemoEarly *s, Str at, size_t *len) {
  Str head, no;
  *len = 0;
  while (*len < at.len && (at.ptr[*len] >= '0' && at.ptr[*len] <= 'Z')) ++*len;
  const Label *l = label_of(s, arena_z(s->demo->mem, str_sub(at, 0, *len)));
  return l && str_cut(l->stream, '/', &head, &no) ? no : S("");
}

Json *demo_json(Cx *cx, const char *text) {
  char *copy = (char *)(uintptr_t)arena_z(cx->mem, arena_str(cx->mem, str_of(text)));
  Json *args = NULL;
  for (char *c = copy; *c; c++)
    if (*c == '\'') *c = '"';
  Code code = json_parse(cx, str_of(copy), &args);
  REQUIRE(code == OK);
  return args;
}

static Json *args_parse(Cx *cx, DemoEarly *s, const DemoAccount *by, const char *text) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 16);
  for (const char *c = text; *c; c++) {
    size_t len;
    const char *file = *c == '#' ? "施工图设计文件" : *c == '~' ? "区域评估成果（示例）" : *c == '^' ? "测绘资质证书（示例）" : *c == '&' ? "办理流程图（示例）" : NULL;
    if (str_starts(str_of(c), S("〔年〕"))) { /* of this demonstration */
      buf_fmt(&b, "〔%d〕", kit_year_of(s->demo->end));
      c += strlen("〔年〕") - 1;
    } else if (file) buf_fmt(&b, "{\"blob\":\"%.*s\",\"name\":\"%s.pdf\",\"size\":%lld}", SFMT(s->demo->blob), file, (long long)s->demo->blob_size);
    else if (*c == '@') {
      buf_add(&b, number_of(s, str_of(c + 1), &len));
      c += len;
    } else if (*c == '$') {
      buf_add(&b, by->name);
    } else if (*c == '%') {
      bool second = c[1] == '2';
      buf_add(&b, demo_account(s->demo, second ? S("drawer2") : S("drawer"))->org_uscc);
      c += second;
    } else buf_add(&b, (Str){.ptr = c, .len = 1});
  }
  return demo_json(cx, arena_str(cx->mem, buf_str(&b)).ptr);
}

/* An industrial project of the owner in 龙港区; its other facts are drawn as always. */
static Json *register_args(Cx *cx, DemoEarly *s, const Row *r, Step *step) {
  const Demo *d = s->demo;
  bool agent = !strcmp(r->who, "agent");
  const DemoAccount *owner = demo_account(d, str_of(agent ? r->args : r->who));
  int64_t index = d->projects + (int64_t)s->labelled;
  *step = demo_register(cx->mem, d, index);
  Json *args = step->args, *facts = (Json *)(uintptr_t)json_get(args, S("facts"));
  json_put_str(cx->mem, args, S("name"), arena_fmt(cx->mem, "%s项目（示例%lld）", agent ? "代办" : *r->args ? "储备" : "咨询", (long long)index + 1));
  json_put_str(cx->mem, args, S("category"), S("industry"));
  json_put_str(cx->mem, args, S("county"), S("longgang"));
  json_put_str(cx->mem, args, S("owner"), owner->org_name);
  json_put_str(cx->mem, args, S("uscc"), owner->org_uscc);
  json_put_str(cx->mem, args, S("contact_name"), owner->name);
  policy_agree(cx->mem, d->policy, S("industry"), S("longgang"), facts);
  if (agent || !*r->args) return args;
  int64_t plot = 0;
  Str head, no;
  str_cut(label_of(s, r->args)->stream, '/', &head, &no);
  (void)str_to_i64(no, &plot);
  json_put_int(cx->mem, args, S("reserve"), plot);
  json_put_str(cx->mem, facts, S("land_area"), S("28600"));
  return args;
}

static Code submit_args(Cx *cx, DemoEarly *s, Reader *rd, Str stream, Step *step) {
  const Project *p = NULL;
  int64_t no = 0;
  Str head, text;
  str_cut(stream, '/', &head, &text);
  (void)str_to_i64(text, &no);
  reader_begin(rd);
  TRY(project_load(cx, rd, no, &p));
  step->args = json_obj(cx->mem);
  const Json *form = demo_form(cx->mem, s->demo, p, 1, step);
  json_put_int(cx->mem, step->args, S("stage"), 1);
  json_put(cx->mem, step->args, S("form"), form);
  json_put(cx->mem, step->args, S("files"), demo_files(cx->mem, s->demo, p, 1, form));
  demo_answers(cx->mem, &p->stages[1], step->args);
  json_push_str(cx->mem, json_put_arr(cx->mem, step->args, S("cites")), label_of(s, "C1")->number);
  return OK;
}

/* The subject of credit: an account in place of its enterprise; the name of a person goes to the vault. */
static void subject_args(DemoEarly *s, Step *step) {
  Arena *m = s->demo->mem;
  Str name = json_str(step->args, S("person")), owner = json_str(step->args, S("uscc"));
  const DemoAccount *a = owner.len ? demo_account(s->demo, owner) : NULL;
  if (a) {
    json_put_str(m, step->args, S("subject"), a->org_name);
    json_put_str(m, step->args, S("uscc"), a->org_uscc);
  }
  if (!name.len) return;
  step->personal[step->personal_count] = (Personal){.ref = personal_ref(m), .kind = S("person"), .value = name};
  json_put_str(m, step->args, S("person"), step->personal[step->personal_count++].ref);
}

static Code row_args(Cx *cx, DemoEarly *s, Reader *rd, const Row *r, Str stream, Step *step) {
  if (!strcmp(r->command, "project.register")) {
    register_args(cx, s, r, step);
    return OK;
  }
  if (!strcmp(r->command, "stage.submit")) return submit_args(cx, s, rd, stream, step);
  if (r->args[0] == '$') {
    const DemoAccount *owner = demo_account(s->demo, str_of(r->args + 1));
    step->args = json_obj(cx->mem);
    json_put_str(cx->mem, step->args, S("owner"), owner->org_name);
    json_put_str(cx->mem, step->args, S("uscc"), owner->org_uscc);
    return OK;
  }
  step->args = args_parse(cx, s, demo_account(s->demo, str_of(r->who)), r->args);
  if (str_starts(str_of(r->command), S("credit."))) subject_args(s, step);
  if (str_starts(str_of(r->command), S("appraisal."))) return demo_appraise_args(cx, s->demo, rd, r, stream, row_at(s->demo, r), step->args);
  if (str_starts(str_of(r->command), S("entry.")) || str_starts(str_of(r->command), S("ledger."))) TRY(demo_ledger_args(cx, s->demo, rd, r, step->args));
  if (!strcmp(r->command, "busy.add")) { /* a week from then on */
    json_put_str(cx->mem, step->args, S("from"), day_str(cx->mem, day_of(row_at(s->demo, r))));
    json_put_str(cx->mem, step->args, S("until"), day_str(cx->mem, (Day){day_of(row_at(s->demo, r)).n + 6}));
  }
  if (!strcmp(r->command, "roster.train")) json_put_str(cx->mem, step->args, S("day"), day_str(cx->mem, day_of(row_at(s->demo, r))));
  if (!strcmp(r->command, "stage.request-correction")) json_put_int(cx->mem, step->args, S("stage"), 1);
  static const char *const later[] = {"promised", "day", "date", "since", "until", "due"};
  for (size_t i = 0; i < COUNT(later); i++) { /* "+20": so many days later */
    Str text = json_str(step->args, str_of(later[i]));
    int64_t days = 0;
    if (!str_starts(text, S("+")) || !str_to_i64(str_sub(text, 1, SIZE_MAX), &days)) continue;
    Day then = {day_of(row_at(s->demo, r)).n + (int)days};
    if (!strcmp(later[i], "promised")) then = calendar_next_work(s->demo->policy->calendar, then);
    json_put_str(cx->mem, step->args, str_of(later[i]), day_str(cx->mem, then));
  }
  return OK;
}

static void label_keep(DemoEarly *s, const Row *r, const CommandResult *result) {
  Arena *m = s->demo->mem;
  if (!r->label || strchr(r->label, '/')) return;
  Label *l = label_of(s, r->label);
  if (!l) l = &s->labels[s->labelled++];
  *l = (Label){.name = r->label, .stream = arena_str(m, result->stream), .number = l->number};
  Str number = json_str(result->answer, S("number"));
  if (number.len) l->number = arena_str(m, number);
}

/* A shorter demonstration begins later: what comes before it is left out, and so is what would follow from that. */
static bool left_out(DemoEarly *s, const Row *r) {
  static const char *const create[] = {".add", ".order", ".ask", ".draft", ".register", ".train", ".apply", ".send", ".sign", ".list", ".record", ".propose", ".report", ".import"};
  bool creates = false, registers = !strcmp(r->command, "project.register");
  for (size_t i = 0; i < COUNT(create); i++) creates |= str_ends(str_of(r->command), str_of(create[i]));
  if (row_at(s->demo, r) < s->demo->first || (r->label && !creates && !strchr(r->label, '/') && !label_of(s, r->label))) return true;
  for (const char *c = strchr(r->args, '@'); c; c = strchr(c + 1, '@')) {
    size_t len;
    if (!number_of(s, str_of(c + 1), &len).len) return true;
  }
  if (registers && strcmp(r->who, "agent") != 0 && *r->args) return !label_of(s, r->args);
  return !strcmp(r->command, "stage.submit") && !label_of(s, "C1");
}

static Code row_send(Cx *cx, DemoEarly *s, Runner *runner, Reader *rd, const Row *r, int64_t *project) {
  const DemoAccount *by = demo_account(s->demo, str_of(r->who));
  Label *known = r->label ? label_of(s, r->label) : NULL, named = {.stream = str_of(r->label)};
  if (r->label && strchr(r->label, '/')) known = &named; /* a stream by its own name */
  Step step = {0};
  CommandResult result;
  uint32_t roles = 0;
  bool cut = s->demo->first > row_at(s->demo, s->order[0]);
  REQUIRE(by != NULL);
  if (left_out(s, r)) return OK;
  TRY(roles_parse(cx, by->roles, &roles));
  TRY(row_args(cx, s, rd, r, known ? known->stream : S(""), &step));
  Command cmd = {.name = str_of(r->command), .stream = known ? known->stream : S(""), .args = step.args, .now = row_at(s->demo, r),
                 .personal = step.personal, .personal_count = step.personal_count,
                 .key = arena_fmt(cx->mem, "demo-early-%03d", (int)s->next),
                 .actor = {.id = by->id, .name = by->name, .unit = by->unit, .roles = roles}};
  if (!strcmp(r->command, "project.register") && !strcmp(r->who, "agent")) cmd.actor.behalf = demo_account(s->demo, str_of(r->args))->org_name;
  if (!strcmp(r->command, "agent.log")) cmd.actor.behalf = demo_account(s->demo, S("owner6"))->org_name;
  Code code = runner_run(cx, runner, &cmd, &result);
  if (code != OK && (r->perhaps || cut)) {
    cx_clear(cx);
    return OK;
  }
  if (code != OK) log_line(LOG_WARN, "demo: %s %s: %.*s", r->command, r->label ? r->label : "", SFMT(cx->detail));
  TRY(code);
  label_keep(s, r, &result);
  Str head, no;
  bool goes_on = !strcmp(r->command, "project.register") && strcmp(r->label, "PC1") != 0;
  if (goes_on && str_cut(result.stream, '/', &head, &no)) (void)str_to_i64(no, project);
  return OK;
}

int64_t demo_early_at(const DemoEarly *s) {
  return s->next < s->count ? row_at(s->demo, s->order[s->next]) : INT64_MAX;
}

Code demo_early_next(Cx *cx, DemoEarly *s, Runner *runner, Reader *rd, int64_t upto, int64_t *at, int64_t *project) {
  *project = 0;
  while (s->next < s->count) {
    const Row *r = s->order[s->next];
    *at = row_at(s->demo, r);
    if (*at > upto) return OK;
    s->next++;
    TRY(row_send(cx, s, runner, rd, r, project));
    if (*project) return OK;
  }
  return OK;
}
