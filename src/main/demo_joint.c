/* SPDX-License-Identifier: Apache-2.0 */
/* demo_joint.c: joint reviews of drawings in every state, with their agencies, and promises in every state: rows of the script in demo_early.c. */
#include "main/demo.h"

#define AGENCY(name, uscc, yes)                                                                                             \
  "{'name':'" name "','uscc':'" uscc "','recognised':" yes ",'document':'辽住建函示例','until':'2099-12-31'," \
  "'disciplines':['fire','lightning','air-defence','drawing']}"
#define REPORT(discipline, result, opinion) \
  "{'discipline':'" discipline "','result':'" result "','opinion':'" opinion "（示例）','reviewer':'何某','registration':'示例注册号'}"
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

const DemoRow demo_joint_rows[] = {
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
    {9, 0, "owner7", "promise.withdraw", "Q15", "{'reason':'改为先审图（示例）'}", false},
};
const size_t demo_joint_count = COUNT(demo_joint_rows);
