/* SPDX-License-Identifier: Apache-2.0 */
/* commands.c: each command declared once: form, API, validation, help and permissions come from here. */
#include "approval/approval_int.h"

#define STAGE {.name = "stage", .label = "阶段", .type = ARG_INT, .required = true, .min = 1, .max = STAGE_MAX}
#define ITEM {.name = "item", .label = "事项", .type = ARG_CODE, .required = true}
#define SEEN {.name = "seen", .label = "看到的版本", .type = ARG_INT, .hint = "页面上看到的事项版本；之后有人办理过则拒绝"}
#define REASON {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = 2, .max = 1000}

static const Arg register_args[] = {
    {.name = "code", .label = "项目代码", .type = ARG_CODE, .required = true},
    {.name = "name", .label = "项目名称", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
    {.name = "category", .label = "项目类别", .type = ARG_CODE, .required = true},
    {.name = "county", .label = "建设地点", .type = ARG_CODE, .required = true},
    {.name = "owner", .label = "建设单位", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
    {.name = "uscc", .label = "统一社会信用代码", .type = ARG_CODE, .required = true},
    {.name = "facts", .label = "项目情况", .type = ARG_OBJECT, .required = true},
    {.name = "contact_name", .label = "联系人", .type = ARG_TEXT, .required = true, .max = 40},
    {.name = "contact_phone", .label = "联系电话的存放编号", .type = ARG_CODE, .required = true},
    {.name = "reserve", .label = "储备项目", .type = ARG_INT, .hint = "从储备库转来的，写储备项目的序号；建设条件随即锁定"}};
static const Arg correct_args[] = {
    {.name = "name", .label = "项目名称", .type = ARG_TEXT, .min = 2, .max = 120},
    {.name = "facts", .label = "项目情况", .type = ARG_OBJECT, .hint = "写就要写全：没有写的算没有"},
    {.name = "contact_name", .label = "联系人", .type = ARG_TEXT, .max = 40},
    {.name = "contact_phone", .label = "联系电话的存放编号", .type = ARG_CODE}};
static const Arg condition_args[] = {
    {.name = "name", .label = "建设条件", .type = ARG_CODE, .required = true},
    {.name = "value", .label = "改为", .type = ARG_TEXT},
    {.name = "was", .label = "原为", .type = ARG_TEXT},
    {.name = "doc", .label = "批准文件", .type = ARG_TEXT},
    {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .max = 1000}};
static const Arg note_args[] = {
    {.name = "review", .label = "联合审图", .type = ARG_INT, .required = true},
    {.name = "number", .label = "编号", .type = ARG_CODE, .required = true},
    {.name = "status", .label = "状态", .type = ARG_CODE, .required = true}};
#define TOLD(n, l) {.name = n, .label = l, .type = ARG_LONG, .max = 1000}
static const Arg note_blueprint_args[] = {
    {.name = "check", .label = "蓝图检查", .type = ARG_INT, .required = true}, {.name = "number", .label = "编号", .type = ARG_CODE, .required = true},
    {.name = "conflicts", .label = "冲突", .type = ARG_INT},                   {.name = "blocks", .label = "不能受理", .type = ARG_INT},
    {.name = "warnings", .label = "需注意", .type = ARG_INT},                  TOLD("reason", "理由"), TOLD("article", "依据"), TOLD("way", "办法")};
static const Arg take_survey_args[] = {{.name = "number", .label = "联合测绘编号", .type = ARG_CODE, .required = true}, {.name = "blob", .label = "文件", .type = ARG_CODE, .required = true},
                                        {.name = "name", .label = "文件名", .type = ARG_TEXT, .required = true}, {.name = "size", .label = "大小", .type = ARG_INT, .required = true},
                                        {.name = "by", .label = "测绘机构", .type = ARG_TEXT, .required = true}};
static const Arg note_promise_args[] = {
    {.name = "promise", .label = "承诺", .type = ARG_INT, .required = true},   {.name = "number", .label = "编号", .type = ARG_CODE, .required = true},
    {.name = "kind", .label = "种类", .type = ARG_CODE, .required = true},     {.name = "of_stage", .label = "阶段", .type = ARG_INT},
    {.name = "of_item", .label = "事项", .type = ARG_CODE},                    {.name = "status", .label = "状态", .type = ARG_CODE, .required = true}};
static const Arg hold_args[] = {{.name = "entry", .label = "台账的一行", .type = ARG_INT, .required = true}, {.name = "number", .label = "台账编号", .type = ARG_CODE},
                               {.name = "ledger", .label = "台账", .type = ARG_CODE}, {.name = "name", .label = "名称", .type = ARG_TEXT}, {.name = "text", .label = "说明", .type = ARG_TEXT},
                               {.name = "clause", .label = "条款", .type = ARG_CODE}, {.name = "items", .label = "事项", .type = ARG_LIST}};
static const Arg stop_args[] = {{.name = "number", .label = "承诺编号", .type = ARG_CODE, .required = true}, REASON};
static const Arg revoke_args[] = {STAGE, ITEM, {.name = "number", .label = "承诺编号", .type = ARG_CODE, .required = true},
                                  {.name = "decision", .label = "决定文号", .type = ARG_CODE, .required = true},
                                  {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .max = 2000}};
#define CITES {.name = "cites", .label = "引用的咨询答复", .type = ARG_LIST, .max = CITES_MAX, .hint = "[\"ZX-2026-0001\"]"}
#define RELATION \
  {.name = "relation", .label = "与所引用答复的关系", .type = ARG_CHOICE, .choices = "contrary|other", .hint = "contrary 与答复不一致，other 与答复无关"}, \
      {.name = "contrary", .label = "与答复不一致的理由", .type = ARG_LONG, .max = 1000}
#define LACKING {.name = "lacking", .label = "容缺", .type = ARG_LIST, .max = 20, .hint = "承诺后补的材料，每项 {material, promised 日期}"}
#define ANSWERS {.name = "answers", .label = "补正说明", .type = ARG_LIST, .max = 100, .hint = "补正时：没有换文件、没有改栏目的每一项 {of 或 what, note}"}
static const Arg form_args[] = {STAGE,
                                {.name = "form", .label = "申请表", .type = ARG_OBJECT},
                                {.name = "files", .label = "材料", .type = ARG_LIST, .max = 200}, LACKING, CITES, ANSWERS};
static const Arg submit_args[] = {STAGE,
                                  {.name = "form", .label = "申请表", .type = ARG_OBJECT, .required = true},
                                  {.name = "files", .label = "材料", .type = ARG_LIST, .max = 200}, LACKING, CITES, ANSWERS};
static const Arg supply_args[] = {STAGE, {.name = "files", .label = "材料", .type = ARG_LIST, .required = true, .max = 20}};
static const Arg stage_args[] = {STAGE};
#define DROPPED {.name = "dropped", .label = "不采纳的部门意见", .type = ARG_LIST, .max = 100, .hint = "每项 {of 或 what, reason}"}
static const Arg accept_args[] = {STAGE, DROPPED};
static const Arg report_args[] = {
    STAGE, {.name = "missing", .label = "需要补正的内容", .type = ARG_LIST, .max = 100, .hint = "每项 {of 材料或栏目代码, what 名称, why 原因, basis 法条}；没有就不写"}};
static const Arg stage_reason_args[] = {STAGE, REASON};
static const Arg item_reason_args[] = {STAGE, ITEM, REASON};
static const Arg reason_args[] = {REASON};
static const Arg missing_args[] = {
    STAGE,
    {.name = "missing", .label = "需要补正的内容", .type = ARG_LIST, .required = true, .max = 100, .hint = "每项 {of 材料或栏目代码, what 名称, why 原因, basis 法条}"},
    DROPPED,
    {.name = "decided", .label = "部门意见不一致时怎么定的", .type = ARG_LONG, .min = 2, .max = 1000},
    RELATION};
static const Arg not_accept_args[] = {
    STAGE, REASON, {.name = "article", .label = "法条", .type = ARG_TEXT, .required = true},
    {.name = "where", .label = "申请人该怎么办", .type = ARG_TEXT, .required = true}};
static const Arg slip_args[] = {STAGE, {.name = "items", .label = "事项", .type = ARG_LIST, .max = 100},
                                {.name = "opinion", .label = "拟办意见", .type = ARG_LONG, .required = true, .max = 500}};
static const Arg opinion_args[] = {STAGE, {.name = "opinion", .label = "阅批意见", .type = ARG_LONG, .required = true, .max = 500}};
static const Arg deliver_args[] = {
    STAGE,
    {.name = "how", .label = "送达方式", .type = ARG_CHOICE, .required = true, .choices = "窗口领取|邮递|电子送达"},
    {.name = "to", .label = "收件人", .type = ARG_TEXT, .required = true},
    {.name = "letter", .label = "快递单号", .type = ARG_CODE, .min = 5, .max = 40, .hint = "邮递的才写"},
    {.name = "on", .label = "送达日期", .type = ARG_DAY, .hint = "不是今天送达的才写，与 happened 是同一天"}};
static const Arg post_args[] = {STAGE, {.name = "letter", .label = "快递单号", .type = ARG_CODE, .required = true, .min = 5, .max = 40}};
static const Arg serve_args[] = {
    {.name = "seq", .label = "文书", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX, .hint = "文书编号里最后一个数"},
    {.name = "how", .label = "送达方式", .type = ARG_CHOICE, .required = true, .choices = "直接送达|窗口领取|邮寄送达|电子送达|留置送达|公告送达"},
    {.name = "to", .label = "收件人", .type = ARG_TEXT, .required = true, .max = 120},
    {.name = "note", .label = "备注", .type = ARG_TEXT, .max = 300, .hint = "邮件号、见证人、公告日期"},
    {.name = "on", .label = "送达日期", .type = ARG_DAY, .hint = "不是今天送达的才写，与 happened 是同一天"}};
#define CERT {.name = "certificate", .label = "证件编号", .type = ARG_TEXT, .required = true, .max = 60, .hint = "HLD-ZJ1-000001-1"}
#define ARTICLE {.name = "article", .label = "依据", .type = ARG_TEXT, .required = true, .min = 2, .max = 200, .hint = "法律、法规的条款或者文件"}
static const Arg cert_suspend_args[] = {CERT, REASON, ARTICLE, {.name = "until", .label = "暂停到哪天", .type = ARG_DAY}};
static const Arg cert_restore_args[] = {CERT, REASON};
static const Arg cert_revoke_args[] = {CERT, {.name = "way", .label = "怎样失效", .type = ARG_CHOICE, .required = true, .choices = "撤销|撤回|注销|吊销"}, REASON, ARTICLE};
static const Arg cert_change_args[] = {CERT, {.name = "change", .label = "变更的内容", .type = ARG_LONG, .required = true, .min = 2, .max = 500}, REASON, ARTICLE};
static const Arg exempt_args[] = {
    {.name = "matter", .label = "哪些审批在系统外办理", .type = ARG_TEXT, .required = true, .min = 2, .max = 200},
    {.name = "approved_by", .label = "批准单位", .type = ARG_TEXT, .required = true, .min = 2, .max = 120, .hint = "市政府审批领导小组"},
    {.name = "document", .label = "批准文件", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
    {.name = "from", .label = "从哪天起", .type = ARG_DAY, .required = true},
    {.name = "until", .label = "到哪天止", .type = ARG_DAY, .required = true},
    {.name = "major", .label = "重大项目", .type = ARG_BOOL}, REASON};
static const Arg end_exempt_args[] = {{.name = "no", .label = "登记号", .type = ARG_INT, .required = true, .min = 1, .max = 1000}, REASON};
#define BY {.name = "by", .label = "在哪里办理", .type = ARG_TEXT, .required = true}
static const Arg tie_args[] = {STAGE, BY, {.name = "items", .label = "事项", .type = ARG_LIST, .required = true, .max = 40}};
static const Arg turn_args[] = {STAGE, BY};
static const Arg untie_args[] = {STAGE, BY, REASON};
static const Arg settle_args[] = {STAGE, BY, {.name = "number", .label = "意见编号", .type = ARG_TEXT},
                                  {.name = "parts", .label = "各事项的结论", .type = ARG_LIST, .required = true, .max = 40}};
static const Arg item_args[] = {STAGE, ITEM};
static const Arg follow_args[] = {STAGE, ITEM, {.name = "number", .label = "编号", .type = ARG_TEXT},
                                  {.name = "opinion", .label = "意见", .type = ARG_LONG, .max = 2000}, {.name = "signature", .label = "签字", .type = ARG_TEXT}};
static const Arg item_seen_args[] = {STAGE, ITEM, SEEN};
static const Arg pause_args[] = {
    STAGE, ITEM, SEEN, {.name = "cause", .label = "事由", .type = ARG_CODE, .required = true},
    {.name = "notice", .label = "书面告知的内容", .type = ARG_LONG, .required = true, .min = 5, .max = 1000},
    {.name = "planned", .label = "预计恢复的日期", .type = ARG_DAY, .required = true}};
static const Arg extend_pause_args[] = {STAGE, ITEM, SEEN, {.name = "notice", .label = "为什么还要等", .type = ARG_LONG, .required = true, .min = 5, .max = 1000},
                                        {.name = "planned", .label = "预计恢复的日期", .type = ARG_DAY, .required = true}};
static const Arg return_args[] = {
    STAGE, ITEM, SEEN,
    {.name = "missing", .label = "需要补正的内容", .type = ARG_LIST, .required = true, .max = 50,
     .hint = "每项 {of 材料或栏目代码, what 名称, why 原因, basis 法条}；of 和 what 至少写一个"},
    {.name = "why_late", .label = "为什么没有在一次性告知里提出", .type = ARG_LONG, .min = 5, .max = 1000,
     .hint = "监督部门会看到"},
    {.name = "until", .label = "请申请人何日前补交", .type = ARG_DAY}};
static const Arg supplement_args[] = {STAGE, ITEM,
                                      {.name = "files", .label = "材料", .type = ARG_LIST, .max = 50},
                                      {.name = "note", .label = "说明", .type = ARG_LONG, .max = 1000}};
static const Arg extension_args[] = {STAGE, ITEM, SEEN, REASON,
                                     {.name = "days", .label = "延长几个工作日", .type = ARG_INT, .required = true}};
static const Arg decide_args[] = {
    STAGE, ITEM, SEEN,
    {.name = "result", .label = "结论", .type = ARG_CHOICE, .required = true, .choices = "pass|refuse"},
    {.name = "opinion", .label = "意见", .type = ARG_LONG, .required = true, .min = 2, .max = 2000},
    {.name = "signature", .label = "签字", .type = ARG_TEXT, .required = true},
    {.name = "article", .label = "法条", .type = ARG_TEXT}, RELATION};

#define OWNER (ROLE_APPLICANT | ROLE_AGENT)
#define ROW(n, l, h, who, fn, list) \
  {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, .args = (list), .arg_count = COUNT(list)}
const CommandDecl approval_commands[] = {
    {.name = "project.register", .label = "登记项目", .help = "登记一个工程建设项目，得到办件编号。", .allow = OWNER,
     .creates = true, .decide = decide__register, .args = register_args, .arg_count = COUNT(register_args)},
    ROW("project.correct", "改正登记的情况", "项目名称和项目情况在没有事项在办、没有出过证件时可以改；联系人随时可以改。", OWNER, decide__correct, correct_args),
    ROW("project.withdraw", "撤回项目", "整个项目不再办理；已取得的证件不受影响。", OWNER, decide__project_withdraw, reason_args),
    ROW("project.change-condition", "变更建设条件", "储备库变更了锁定的建设条件，项目随之变更；由系统执行。", ROLE_SYSTEM, decide__change_condition,
        condition_args),
    ROW("project.note-review", "记入联合审图", "联合审图的状态记入案卷；由系统执行。", ROLE_SYSTEM, decide__note_review, note_args),
    ROW("project.note-blueprint", "记入蓝图检查", "一张蓝图检查的结果记入案卷；由系统执行。", ROLE_SYSTEM, decide__note_blueprint, note_blueprint_args),
    ROW("project.take-survey", "收入测绘成果", "多测合一的成果收入材料库，各部门共用；由系统执行。", ROLE_SYSTEM, decide__take_survey, take_survey_args),
    ROW("project.note-promise", "记入承诺", "告知承诺的状态记入案卷；由系统执行。", ROLE_SYSTEM, decide__note_promise, note_promise_args),
    ROW("project.hold", "暂不办理", "台账里有整改没有到位的问题，系统暂停办理竣工验收备案。", ROLE_SYSTEM, decide__hold, hold_args),
    ROW("project.free", "恢复办理", "台账的问题销号并经确认，系统恢复办理。", ROLE_SYSTEM, decide__free, hold_args),
    ROW("project.halt", "叫停", "逾期没有通过施工图审查或者审查不合格的，立即叫停；由系统执行。", ROLE_SYSTEM, decide__halt, stop_args),
    ROW("project.resume", "恢复施工", "施工图审查通过后恢复施工；由系统执行。", ROLE_SYSTEM, decide__resume_work, stop_args),
    ROW("item.revoke", "撤销决定", "承诺没有履行的，据以作出的决定撤销；由系统执行。", ROLE_SYSTEM, decide__revoke, revoke_args),
    ROW("stage.save-draft", "保存申请表", "保存没有填完的申请表和已选的材料。", OWNER, decide__save_draft, form_args),
    ROW("stage.ask-confirm", "送委托单位确认", "代办员把填好并保存的申请表送委托单位确认，由它提交或者退回。", ROLE_AGENT, decide__ask_confirm, stage_args),
    ROW("stage.return-draft", "退回代办员修改", "委托单位不同意代办员填的申请表，写明理由退回。", ROLE_APPLICANT, decide__return_draft, stage_reason_args),
    ROW("stage.submit", "提交申请", "提交一个阶段的申请，或提交补正。", OWNER, decide__submit, submit_args),
    ROW("stage.supply", "补交容缺材料", "补交申报时承诺后补的材料。", OWNER, decide__supply, supply_args),
    ROW("stage.withdraw", "撤回阶段申请", "本阶段没有办完的事项都结束，以后可以重新申报。", OWNER, decide__stage_withdraw,
        stage_reason_args),
    ROW("item.withdraw", "撤回事项", "撤回一个事项，其他事项照常办理。", OWNER, decide__item_withdraw, item_reason_args),
    ROW("item.reapply", "重新申报事项", "撤回的事项、没有通过的并行推进事项单独重新申报，时限重新计算。", OWNER, decide__item_reapply,
        item_reason_args),
    ROW("item.supplement", "补交材料", "补交部门退回时要的内容，事项回到原来的承办人。", OWNER, decide__supplement, supplement_args),
    ROW("stage.report", "提补正意见", "受理前，各部门在期限内一次提出本阶段材料缺什么；没有就答复没有。", ROLE_APPROVER | ROLE_UNIT_HEAD,
        decide__report, report_args),
    ROW("stage.request-correction", "一次性告知补正", "合并各部门的意见，一次写明需要补正的全部内容；每次申请只能告知一次。", ROLE_CLERK,
        decide__request_correction, missing_args),
    ROW("stage.accept", "受理", "受理一个阶段的申请；时限和事项从此固定。", ROLE_CLERK, decide__accept, accept_args),
    ROW("stage.deem-accepted", "视为受理", "五个工作日内没有答复的，自收到之日起视为受理。", ROLE_SYSTEM,
        decide__deem_accepted, stage_args),
    ROW("stage.expire-lacking", "容缺承诺到期", "承诺的日子过了还没有补交的，记下来。", ROLE_SYSTEM, decide__expire_lacking, stage_args),
    ROW("stage.tie", "并到一起办理", "几个事项在项目之外的一份记录里一起办理，例如联合验收；由系统执行。", ROLE_SYSTEM, decide__tie, tie_args),
    ROW("stage.untie", "恢复单独办理", "那份记录没有结论就结束了，事项恢复单独办理；由系统执行。", ROLE_SYSTEM, decide__untie, untie_args),
    ROW("stage.rest", "整改期间停止计时", "联合验收要整改，本阶段在办的事项到提请复查为止不计时；由系统执行。", ROLE_SYSTEM, decide__rest, turn_args),
    ROW("stage.move-on", "整改完继续计时", "建设单位提请复查，停下的事项继续计时；由系统执行。", ROLE_SYSTEM, decide__move_on, turn_args),
    ROW("stage.settle", "记入结论", "那份记录有了结论，各事项随之通过；由系统执行。", ROLE_SYSTEM, decide__settle, settle_args),
    ROW("item.follow", "随报装单通过", "公用企业在报装单里答复或接入，项目里的事项随之通过；由系统执行。", ROLE_SYSTEM, decide__follow, follow_args),
    ROW("stage.not-accept", "不予受理", "写明理由、法条和申请人该怎么办。", ROLE_CLERK, decide__not_accept, not_accept_args),
    ROW("stage.draft-slip", "填写业务派转单", "派给事项清单上的各部门，不多不少。", ROLE_CLERK, decide__draft_slip, slip_args),
    ROW("project.exempt", "登记体外循环", "经审批领导小组批准在系统外办理的，登记批准单位、文件和期限；监督部门标红。", ROLE_WINDOW_HEAD, decide__exempt,
        exempt_args),
    ROW("project.end-exemption", "结束体外循环登记", "不再在系统外办理。", ROLE_WINDOW_HEAD, decide__end_exemption, end_exempt_args),
    ROW("stage.return-slip", "退回派转单", "窗口负责人退回派转单。", ROLE_WINDOW_HEAD, decide__return_slip, stage_reason_args),
    ROW("stage.dispatch", "阅批派转单", "窗口负责人签字后，各部门同时收到事项。", ROLE_WINDOW_HEAD, decide__dispatch,
        opinion_args),
    ROW("stage.certify", "出件", "事项都通过后统一出一个证件，加盖审批专用章。", ROLE_CLERK, decide__certify, stage_args),
    ROW("stage.refuse", "不予许可", "有事项没有通过：写明理由、法条和救济途径。", ROLE_CLERK, decide__refuse, stage_args),
    ROW("stage.post", "登记寄出", "证件已经寄出、还没有签收：申请人看到快递单号；签收以后再登记送达。", ROLE_CLERK, decide__post, post_args),
    ROW("stage.deliver", "送达", "把证件送达申请人；下一阶段随即开放。", ROLE_CLERK, decide__deliver, deliver_args),
    ROW("document.serve", "登记文书送达", "受理、补正、不予许可等文书怎样送达、何时送达、谁收的；生成送达回证。", ROLE_CLERK, decide__serve, serve_args),
    ROW("certificate.change", "变更证件", "原证件失效，换发新编号的证件，写明变更了什么。", ROLE_WINDOW_HEAD, decide__cert_change, cert_change_args),
    ROW("certificate.reissue", "重新核发证件", "证件撤销以后，重新申报的事项都已通过，换发新编号的证件；原证件仍是已撤销。", ROLE_WINDOW_HEAD, decide__cert_reissue, cert_restore_args),
    ROW("certificate.suspend", "暂停使用证件", "暂停期间不得凭它办理后面的阶段。", ROLE_WINDOW_HEAD, decide__cert_suspend, cert_suspend_args),
    ROW("certificate.restore", "恢复使用证件", "结束暂停。", ROLE_WINDOW_HEAD, decide__cert_restore, cert_restore_args),
    ROW("certificate.revoke", "撤销证件", "撤销、撤回、注销或者吊销，证件从此失效；写明理由、依据，告知救济途径。", ROLE_WINDOW_HEAD, decide__cert_revoke, cert_revoke_args),
    ROW("item.urge", "催办", "阶段牵头单位催办亮黄灯、红灯的事项，一天一次；承办人和负责人收到消息。", ROLE_STAGE_LEAD | ROLE_APPROVER | ROLE_UNIT_HEAD, decide__urge, item_args),
    ROW("item.take", "接单", "审批人员接单，记录姓名和时间。", ROLE_APPROVER, decide__take, item_args),
    ROW("item.pause", "暂停计时", "有法定事由并书面告知，期间不计入期限。", ROLE_APPROVER, decide__pause, pause_args),
    ROW("item.extend-pause", "延长暂停", "预计恢复的日子要推后的，写明为什么还要等，并告知申请人；从暂停那天算起不能超过这种事由的最长时间。", ROLE_APPROVER, decide__extend_pause,
        extend_pause_args),
    ROW("item.resume", "恢复计时", "恢复暂停的事项。", ROLE_APPROVER, decide__resume, item_seen_args),
    ROW("item.return", "退回补正", "缺的内容在受理前没有提出的，说明理由，监督部门会看到；补交之前时钟归申请人。", ROLE_APPROVER,
        decide__return, return_args),
    ROW("item.ask-extension", "申请延期", "请部门负责人批准延长期限，只能一次。", ROLE_APPROVER, decide__ask_extension,
        extension_args),
    ROW("item.extend", "批准延期", "部门负责人批准延期，并告知申请人。", ROLE_UNIT_HEAD, decide__extend, item_args),
    ROW("item.refuse-extension", "不批准延期", "部门负责人不批准延期。", ROLE_UNIT_HEAD, decide__refuse_extension,
        item_reason_args),
    ROW("item.decide", "决定", "对一个事项作出通过或不通过的决定，签字负责。", ROLE_APPROVER, decide__item, decide_args),
};
const size_t approval_command_count = COUNT(approval_commands);

/* ---- what deciding reads beyond the stream -------------------------------------------------------- */

static const Sql sql_last = {"project.last", "", "i", "SELECT max(no) FROM project"};
static const Sql sql_code = {"project.code", "s", "s", "SELECT number FROM project WHERE code = ?1"};
static const Sql sql_uscc = {"project.actor", "s", "s", "SELECT org_uscc FROM account WHERE id = ?1"};

static Code approval_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  int64_t last = 0;
  (void)cmd;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  *stream = arena_fmt(cx->mem, "project/%lld", (long long)last + 1);
  return OK;
}

static Code aim_changed(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const char *const names[] = {"name", "value", "was", "doc", "reason"};
  int64_t project = json_int(e->body, S("project"), 0);
  Json *args = json_obj(cx->mem);
  (void)views;
  if (!project) return OK;
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, args, str_of(names[i]), json_str(e->body, str_of(names[i])));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)project), .args = args};
  return OK;
}

#define SURVEYED {.event = "survey.delivered", .command = "project.take-survey", .required = true, .aim = library__aim_survey}
#define PROMISED(e, a) {.event = e, .command = "project.note-promise", .required = true, .aim = a}
#define NOTED(e, a) {.event = e, .command = "project.note-review", .required = true, .aim = a}
static const Reaction reactions[] = {
    {.event = "reserve.condition-changed", .command = "project.change-condition", .required = true, .aim = aim_changed},
    NOTED("review.applied", joined__applied),   NOTED("review.resubmitted", joined__applied), NOTED("review.change-asked", joined__changed),
    NOTED("review.promised", joined__promised), NOTED("review.passed", joined__passed),       NOTED("review.failed", joined__failed),
    NOTED("review.closed", joined__closed),
    {.event = "acceptance.started", .command = "stage.tie", .required = true, .aim = ties__aim_begun},
    {.event = "acceptance.reported", .command = "stage.rest", .required = true, .aim = ties__aim_turn},
    {.event = "acceptance.rechecked", .command = "stage.move-on", .required = true, .aim = ties__aim_turn},
    {.event = "acceptance.withdrawn", .command = "stage.untie", .required = true, .aim = ties__aim_ended},
    {.event = "acceptance.concluded", .command = "stage.settle", .required = true, .aim = ties__aim_settled},
    PROMISED("promise.signed", joined__signed), PROMISED("promise.accepted", joined__accepted), PROMISED("promise.closed", joined__ended),
    PROMISED("promise.kept", joined__kept),     PROMISED("promise.broken", joined__broken),
    {.event = "promise.broken", .command = "item.revoke", .required = true, .aim = joined__revokes},
    {.event = "entry.held", .command = "project.hold", .required = true, .aim = holds__aim},
    {.event = "entry.released", .command = "project.free", .required = true, .aim = holds__aim},
    {.event = "promise.halted", .command = "project.halt", .required = true, .aim = joined__stops},
    {.event = "promise.resumed", .command = "project.resume", .required = true, .aim = joined__stops},

    SURVEYED,
    {.event = "mapcheck.made", .command = "project.note-blueprint", .required = true, .aim = blueprint__checked},
    {.event = "utility.answered", .command = "item.follow", .aim = ties__aim_utility},
    {.event = "utility.connected", .command = "item.follow", .aim = ties__aim_utility}};

static Code text_of(Cx *cx, Db *views, const Sql *q, Str key, Str *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, VALS(val_s(key)), &r));
  *out = rows_next(r) ? row_s(cx, r, 0) : S("");
  return rows_end(cx, r);
}

static Code approval_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  Json *out = json_obj(cx->mem);
  Str text = S("");
  int version = 0;
  *facts = out;
  TRY(beside__facts(cx, views, cmd, state, out));
  TRY(calendar_version_of(cx, views, &version));
  if (version) json_put_int(cx->mem, out, S("calendar"), version);
  int64_t happened = cmd->happened && cmd->happened < cmd->now ? cmd->happened : cmd->now;
  TRY(policy_in_force(cx, views, day_of(happened), &text));
  if (text.len) json_put_str(cx->mem, out, S("policy"), text);
  if (str_eq(cmd->name, S("project.register"))) {
    TRY(text_of(cx, views, &sql_code, json_str(cmd->args, S("code")), &text));
    json_put_str(cx->mem, out, S("same_code"), text);
    TRY(approval_open(cx, views, cmd, &text));
    json_put_str(cx->mem, out, S("stream"), text);
    return OK;
  }
  const Project *p = state;
  bool asks = str_eq(cmd->name, S("stage.ask-confirm"));
  if (p && (asks || str_eq(cmd->name, S("stage.submit")))) {
    int64_t n = json_int(cmd->args, S("stage"), 0);
    const Json *form = !asks ? json_get(cmd->args, S("form")) : n >= 1 && n <= STAGE_MAX ? json_get(p->stages[n].draft, S("form")) : NULL;
    Json *shared = NULL;
    TRY(enterprise_files(cx, views, p->uscc, &shared));
    TRY(region_shared(cx, views, policies_find(env, text), p, (int)n, form, day_of(happened), shared));
    json_put(cx->mem, out, S("shared"), shared);
  }
  if (!(cmd->actor.roles & OWNER) || !p || str_eq(cmd->actor.id, p->applicant)) return OK;
  TRY(text_of(cx, views, &sql_uscc, cmd->actor.id, &text));
  json_put_str(cx->mem, out, S("actor_uscc"), text);
  return OK;
}

const Engine approval_engine_base = {.prefix = "project",
                                     .fold = project_fold,
                                     .commands = approval_commands,
                                     .command_count = COUNT(approval_commands),
                                     .reactions = reactions,
                                     .reaction_count = COUNT(reactions),
                                     .open = approval_open,
                                     .look = approval_look,
                                     .schema = approval__schema,
                                     .alone = true,
                                     .late_indexes = " project_owner project_applicant stage_status stage_receipt item_running"
                                                     " item_paused item_ended letter_waits cert_at ",
                                     .project = approval__project};
