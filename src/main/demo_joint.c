/* SPDX-License-Identifier: Apache-2.0 */
/* demo_joint.c: joint reviews of drawings in every state, with their agencies, and promises in every state: rows of the script in demo_early.c. */
#include "main/demo.h"

#define AGENCY(name, uscc, yes)                                                                                             \
  "{'name':'" name "','uscc':'" uscc "','recognised':" yes ",'document':'辽住建函示例','until':'2099-12-31'," \
  "'disciplines':['fire','lightning','air-defence','drawing']}"
#define REPORT(discipline, result, opinion) \
  "{'discipline':'" discipline "','result':'" result "','opinion':'" opinion "（示例）','reviewer':'何某','registration':'S211400017'}"
#define PASS(discipline) REPORT(discipline, "pass", "经审查，符合工程建设强制性标准")
#define CHANGE REPORT("fire", "change", "二层疏散走道净宽不足，请按建筑设计防火规范修改")
/* A project of its own, and the review of its drawings from so many days before the end. */
#define APPLIED(n, owner, registered, from)                                            \
  {registered, 0, owner, "project.register", "PD" n, "", false},                       \
      {from, 0, owner, "review.apply", "D" n, "{'project':@PD" n ",'agency':@A1,'files':[#]}", false}
#define THREE_OF(label, from)                                                          \
  {(from) - 2, 0, "drawer", "review.report", label, PASS("lightning"), false},         \
      {(from) - 3, 0, "drawer", "review.report", label, PASS("air-defence"), false},   \
      {(from) - 4, 0, "drawer", "review.report", label, PASS("drawing"), false}
#define THREE(n, from) THREE_OF("D" n, from)
#define WANTED(n, from) THREE(n, from), {(from) - 4, 30, "drawer", "review.report", "D" n, CHANGE, false}
#define ASKED(n, from, result) \
  {(from) - 6, 0, "hd-housing-construction", "review.conclude", "D" n, "{'result':'" result "','text':'按各专业的意见修改，详见审查报告（示例）。','signature':'$'}", false}
#define PROMISED(n, owner, at) {at, 0, owner, "review.promise", "D" n, "{'consent':true,'signature':'$'}", false}

#define ARCHITECT(n, owner, registered, at)                              \
  {registered, 0, owner, "project.register", "PQ" n, "", false},         \
      {at, 0, owner, "promise.sign", "Q" n, "{'project':@PQ" n ",'kind':'architect','bim':true,'architect':'梁某（示例注册号）','consent':true,'signature':'$'}", false}
#define REVIEWED(n, owner, from)                                                                                                        \
  {from, 0, owner, "review.apply", "E" n, "{'project':@PQ" n ",'agency':@A1,'files':[#]}", false}, THREE_OF("E" n, from),     \
      {(from) - 4, 30, "drawer", "review.report", "E" n, PASS("fire"), false},                                                   \
      {(from) - 6, 0, "hd-housing-construction", "review.conclude", "E" n, "{'result':'pass','text':'四个专业都合格（示例）。','signature':'$'}", false}
#define CHECKED(result, findings) "{'result':'" result "','findings':'" findings "（示例）。','signature':'$'}"

#define CREDIT(fact, decision) "'fact':'" fact "（示例）','evidence':'检查笔录和照片（示例）','basis':'D60-5.17.3','decision':'" decision "'"
#define ENTERPRISE(owner) "'subject_kind':'enterprise','uscc':'" owner "',"
#define TEXT(what) "{'text':'" what "（示例）。'}"

#define SURVEYOR(grade, document) "{'grade':'" grade "','document':'" document "','until':'2099-12-31','files':[^]}"

const DemoRow demo_joint_rows[] = {
    /* Who surveys: one that is checked; one that waits for it. What is surveyed follows from the projects (demo_survey.c). */
    {341, 0, "surveyor", "surveyor.apply", "CH1", SURVEYOR("a", "甲测资字示例1号"), false},
    {341, 60, "ap-natural-resources", "surveyor.check", "CH1", "{'result':'enter','note':'资质证书已在测绘资质管理系统核对（示例）。'}", false},
    {2, 0, "surveyor2", "surveyor.apply", "CH2", SURVEYOR("b", "乙测资字示例2号"), false},
    {340, 0, "ap-housing-construction", "agency.add", "A1", AGENCY("示例施工图审查有限公司", "%", "true"), false},
    {340, 10, "ap-housing-construction", "agency.add", "A2", AGENCY("示例建筑设计咨询有限公司", "%2", "false"), false},

    APPLIED("1", "owner", 300, 285), THREE("1", 285),
    {280, 30, "drawer", "review.report", "D1", PASS("fire"), false},
    {278, 0, "hd-housing-construction", "review.conclude", "D1", "{'result':'pass','text':'四个专业都合格（示例）。','signature':'$'}", false},
    APPLIED("2", "owner2", 296, 282), WANTED("2", 282), ASKED("2", 282, "change"), PROMISED("2", "owner2", 274),
    {268, 0, "owner2", "review.resubmit", "D2", "{'files':[#],'note':'已加宽二层疏散走道（示例）。'}", false},
    {264, 0, "drawer", "review.report", "D2", PASS("fire"), false},
    {262, 0, "hd-housing-construction", "review.conclude", "D2", "{'result':'pass','text':'修改以后四个专业都合格（示例）。','signature':'$'}", false},
    APPLIED("3", "owner3", 60, 40), WANTED("3", 40), ASKED("3", 40, "change"), PROMISED("3", "owner3", 32),
    APPLIED("16", "owner2", 59, 34), WANTED("16", 34), ASKED("16", 34, "change"), PROMISED("16", "owner2", 26),
    APPLIED("4", "owner4", 58, 30), WANTED("4", 30), ASKED("4", 30, "change"),
    APPLIED("5", "owner5", 56, 20), WANTED("5", 20),
    APPLIED("6", "owner6", 54, 25),
    {23, 0, "drawer", "review.report", "D6", PASS("drawing"), false},
    APPLIED("7", "owner7", 52, 3),
    {2, 0, "ap-meteorology", "review.guide", "D7", "{'discipline':'lightning','text':'请按第二类防雷建筑物核对接地电阻（示例）。'}", false},
    APPLIED("8", "owner8", 50, 28), WANTED("8", 28), ASKED("8", 28, "fail"),
    APPLIED("9", "owner", 48, 15),
    {10, 0, "owner", "review.withdraw", "D9", "{'reason':'设计方案要调整，先撤回（示例）'}", false},

    /* Promises of the architect before the permit, which comes some hundred days after the registration: kept, broken and published,
     * out of time and stopped, waited for, signed only, withdrawn. */
    ARCHITECT("10", "owner2", 330, 275), REVIEWED("10", "owner2", 262),
    {180, 0, "hd-housing-construction", "promise.check", "Q10", CHECKED("kept", "施工图审查已经通过，现场与图纸一致"), true},
    ARCHITECT("11", "owner8", 328, 273), REVIEWED("11", "owner8", 260),
    {178, 0, "hd-housing-construction", "promise.check", "Q11", CHECKED("broken", "现场与审查通过的图纸不符，擅自减少疏散楼梯"), true},
    {120, 0, "hd-housing-construction", "promise.check", "Q11", CHECKED("broken", "现场与审查通过的图纸不符，擅自减少疏散楼梯"), true}, /* a permit that came late */
    {110, 0, "wu", "credit.publish", "credit/1", "{'text':'事实清楚，依据充分，公布（示例）。'}", true},
    ARCHITECT("12", "owner4", 326, 271),
    ARCHITECT("13", "owner5", 120, 65),
    ARCHITECT("14", "owner6", 60, 12),
    ARCHITECT("15", "owner7", 58, 11),
    /* Credit beside that: of a person, repaired, objected to, refused; lists: the black one, the red one, one of which the enterprise has been told. */
    {106, 0, "hd-housing-construction", "credit.record", "K1", "{" ENTERPRISE("owner4") CREDIT("没有取得施工许可，先行开工", "示罚字〔示例〕1号") "}", false},
    {104, 0, "wu", "credit.publish", "K1", TEXT("处罚决定已经生效，公布"), false},
    {100, 0, "hd-housing-construction", "credit.record", "K2", "{'subject_kind':'person','person':'何某','registration':'S211400017','account':'drawer'," CREDIT("出具的审查报告与图纸不符", "示罚字〔示例〕2号") "}", false},
    {96, 0, "wu", "credit.publish", "K2", TEXT("处罚决定已经生效，公布"), false},
    {60, 0, "ap-natural-resources", "credit.record", "K3", "{" ENTERPRISE("owner6") CREDIT("没有按期移交竣工图", "示函〔示例〕3号") "}", false},
    {58, 0, "wu", "credit.reject", "K3", "{'reason':'没有生效的决定，不予记录（示例）'}", false},
    {34, 0, "wu", "credit.propose", "K4", "{'list':'black','condition':'broken-promise'," ENTERPRISE("owner8") CREDIT("没有履行建筑师负责制的承诺，施工许可已经撤销", "示决字〔示例〕4号") "}", false},
    {14, 0, "wu2", "credit.publish", "K4", TEXT("告知期满，没有异议，列入"), false},
    {33, 0, "wu", "credit.propose", "K5", "{'list':'red','condition':'kept-promises'," ENTERPRISE("owner2") CREDIT("三年内没有不良信用记录，承诺都已履行", "示名单〔示例〕5号") "}", false},
    {13, 0, "wu2", "credit.publish", "K5", TEXT("公示期满，没有异议，列入"), false},
    {4, 0, "owner4", "credit.ask-repair", "K1", TEXT("已经补办施工许可，罚款已经缴清"), false},
    {1, 0, "wu", "credit.repair", "K1", "{'document':'示例信用修复决定1号'}", false},
    {5, 0, "hd-housing-construction", "credit.record", "K6", "{" ENTERPRISE("owner3") CREDIT("没有按承诺修改施工图，先行施工", "示罚字〔示例〕6号") "}", false},
    {3, 0, "owner3", "credit.object", "K6", TEXT("修改后的图纸已经送审，请核对"), false},
    {2, 0, "wu", "credit.propose", "K7", "{'list':'black','condition':'unlawful-works'," ENTERPRISE("owner5") CREDIT("没有取得施工许可擅自施工，责令停止后仍不停止", "示罚字〔示例〕7号") "}", false},
    {9, 0, "owner7", "promise.withdraw", "Q15", "{'reason':'改为先审图（示例）'}", false},
};
const size_t demo_joint_count = COUNT(demo_joint_rows);
