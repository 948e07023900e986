/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_publish.c: disclosure in the demonstration: the six documents of the package, one of them interpreted; drafts of the office in each
 * state. 〔年〕 is the year of the demonstration's end.
 */
#include "main/demo.h"

#define SIX(basis, aims, content, standard, benefit, change)                                                                             \
  "'material':'一、政策背景依据\\n" basis "\\n二、目标任务\\n" aims "\\n三、主要内容\\n" content "\\n四、执行标准\\n" standard "\\n五、惠民利民举措\\n" benefit \
  "\\n六、新旧政策差异\\n" change "'"
#define SAMPLE_SIX SIX("落实改革实施方案的要求（示例）。", "减少跑动次数（示例）。", "规定材料、时限和送达（示例）。", "以审批事项清单为准。", "材料只交一次（示例）。", "以前要到两个窗口，现在一个窗口办完（示例）。")
#define TEXT "为进一步方便企业办事，现将有关事项通知如下：\\n一、适用范围\\n市级审批的工程建设项目适用本通知。\\n二、办理要求\\n（一）一次告知。\\n1．材料不全的，一次告知需要补正的全部内容。\\n2．已经提交过的材料不再要求提交。\\n（二）限时办结。\\n各部门在承诺的时限内办结。\\n三、施行日期\\n本通知自印发之日起施行。"
#define DOC(title, number, more) "{'title':'" title "','number':'葫政办发〔年〕" number "号','issuer':'葫芦岛市人民政府办公室','day':'+0','recipients':'各县（市）区人民政府，市政府各部门','text':'" TEXT "'" more "}"
#define READY ",'openness':'public','plan':'与文件同日在政府网站发布（示例）'," SAMPLE_SIX
#define OPEN READY ",'send':true"
#define SIGN(step, text) "{'step':'" step "','text':'" text "'}"
#define APPROVE "{'step':'third','text':'同意公开。','channels':['website','gazette']}"
#define DONE(days, label)                                                                                         \
  {days, 60, "reviewer1", "gazette.sign", label, SIGN("first", "文字和附件已核对。"), false},                    \
      {days, 180, "reviewer2", "gazette.sign", label, SIGN("second", "不涉密，同意公开。"), false}, {days, 300, "hd-government-office", "gazette.sign", label, APPROVE, false}

#define DRAFT(title) "{'title':'" title "','text':'" TEXT "','basis':'葫政办发〔2019〕60号','note':'为进一步方便企业办事起草（示例）。','ways':['online','website'],'send':true}"
#define ASKED(days, label)                                                                                       \
  {days, 60, "reviewer1", "canvass.sign", label, SIGN("first", "文字已核对。"), false},                          \
      {days, 180, "reviewer2", "canvass.sign", label, SIGN("second", "同意征求意见。"), false}, {days, 300, "hd-government-office", "canvass.sign", label, SIGN("third", "同意。"), false}

const DemoRow demo_publish_rows[] = {
    {62, 0, "editor", "canvass.draft", "YJ1", DRAFT("优化施工许可办理有关事项的通知（草案，示例）"), false},
    ASKED(61, "YJ1"),
    {50, 0, "owner", "canvass.say", "YJ1", "{'text':'希望写明一次告知要在几个工作日内（示例）。'}", false},
    {45, 0, "owner2", "canvass.say", "YJ1", "{'text':'告知的期限请写成工作日（示例）。'}", false},
    {40, 0, "owner3", "canvass.say", "YJ1", "{'text':'希望不再要求提交纸质材料（示例）。'}", false},
    {25, 300, "editor", "canvass.group", "YJ1", "{'title':'告知的期限','opinions':['1','2']}", false},
    {25, 310, "editor", "canvass.group", "YJ1", "{'title':'纸质材料','opinions':['3']}", false},
    {25, 320, "editor", "canvass.answer", "YJ1", "{'no':1,'adoption':'adopted','reason':'已写明“一次告知”，期限见法定期限（示例）。'}", false},
    {25, 330, "editor", "canvass.answer", "YJ1", "{'no':2,'adoption':'partly','reason':'已经提交过的材料不再要求提交（示例）。'}", false},
    {24, 0, "hd-government-office", "canvass.close", "YJ1", "{}", false},
    {19, 0, "editor", "canvass.link", "YJ1", "{'document':'@GD1'}", false},
    {19, 60, "editor", "canvass.draft", "YJ2", DRAFT("规范联合验收有关事项的通知（草案，示例）"), false},
    ASKED(18, "YJ2"),
    {10, 0, "owner4", "canvass.say", "YJ2", "{'text':'希望可以在网上预约勘验（示例）。'}", false},
    {28, 0, "editor", "gazette.import", "GZ13", "{'code':'D13'}", false},
    {28, 1, "editor", "gazette.import", "GZ59", "{'code':'D59'}", false},
    {28, 2, "editor", "gazette.import", "GZ60", "{'code':'D60'}", false},
    {28, 3, "editor", "gazette.import", "GZ01", "{'code':'D01'}", false},
    {28, 4, "editor", "gazette.import", "GZ63", "{'code':'D63'}", false},
    {28, 5, "editor", "gazette.import", "GZ64", "{'code':'D64'}", false},
    {26, 0, "editor", "gazette.explain", "GZ60",
     "{'form':'questions','heading':'工程建设项目审批改了什么','plan':'网站发布，窗口摆放（示例）'," SIX("根据《国务院办公厅关于全面开展工程建设项目审批制度改革的实施意见》（国办发〔2019〕11号）和省委、省政府有关要求制定。",
      "审批时间由平均200多个工作日压缩至90个工作日以内。", "统一审批流程、统一信息数据平台、统一审批管理体系、统一监管方式。", "按七类项目、四个阶段规定时限，见“各类别审批时限一览”。",
      "一个窗口、一张表单、一套材料；免费代办。", "各部门分别受理改为一个窗口统一受理，串联审批改为并联审批。") ",'send':true}", false},
    DONE(25, "GZ60"),
    {21, 0, "editor", "gazette.draft", "GD1", DOC("关于优化施工许可办理有关事项的通知（示例）", "101", READY), false},
    {21, 30, "editor", "gazette.attach", "GD1", "{'about':0,'title':'办理流程图（示例）','type':'pdf','files':[&]}", false},
    {21, 40, "editor", "gazette.attach", "GD1", "{'about':1,'title':'一图读懂（示例）','type':'pdf','files':[&]}", false},
    {21, 60, "editor", "gazette.submit", "GD1", "{}", false},
    DONE(20, "GD1"),
    {9, 0, "editor", "gazette.draft", "GD2", DOC("关于规范联合验收有关事项的通知（示例）", "102", OPEN), false},
    {8, 0, "reviewer1", "gazette.sign", "GD2", SIGN("first", "文字已核对。"), false},
    {6, 0, "editor", "gazette.draft", "GD3", DOC("关于内部督查安排的通知（示例）", "103", ",'explain':false,'openness':'public','send':true"), false},
    {5, 0, "reviewer1", "gazette.dispute", "GD3", "{'openness':'secret','reason':'属于内部管理事项（示例）'}", false},
    {4, 0, "editor", "gazette.settle", "GD3", "{'openness':'request'}", false},
    {3, 0, "editor", "gazette.draft", "GD4", DOC("关于推行网上中介服务的通知（示例）", "104", OPEN), false},
    {2, 0, "editor", "gazette.draft", "GD5", DOC("关于区域评估成果共享的通知（示例）", "105", ""), false},
};
const size_t demo_publish_count = COUNT(demo_publish_rows);
