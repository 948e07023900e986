/* SPDX-License-Identifier: Apache-2.0 */
/* kinds.c: what an event is called in the auditor's list, and what kind of record it is about. Sorted by code, for bsearch;
 * tests/source/run.sh compares it with what the engines emit. */
#include "web/kinds.h"

#include "approval/personal.h"

#include <stdlib.h>

typedef struct Called { const char *code, *label; } Called;

static const Called kinds[] = {
    {"acceptance.concluded", "出具联合验收意见"}, {"acceptance.noted", "记录联合验收意见"}, {"acceptance.rechecked", "联合验收复验"}, {"acceptance.rectified", "报告整改完成"},
    {"acceptance.reported", "上报联合验收结果"}, {"acceptance.scheduled", "排定现场验收"}, {"acceptance.started", "提请联合验收"}, {"acceptance.withdrawn", "撤回联合验收"},
    {"access.approved", "批准账号授权"}, {"access.asked", "申请账号或角色"}, {"access.refused", "驳回账号授权"}, {"access.withdrawn", "收回账号申请"},
    {"agency.added", "登记审图机构"}, {"agency.changed", "修改审图机构"},
    {"agent.assigned", "指派代办员"}, {"agent.bound", "签订代办委托"}, {"agent.ended", "结束代办"}, {"agent.logged", "记录代办情况"}, {"agent.ordered", "委托代办"}, {"agent.rated", "评价代办员"},
    {"agent.reassigned", "改派代办员"}, {"agent.started", "项目开工"}, {"agent.unit-rated", "评价代办单位"},
    {"appraisal.closed", "结束考评"}, {"appraisal.consulted", "考评征求意见"}, {"appraisal.drafted", "起草考评方案"}, {"appraisal.opined", "对初评结果提意见"}, {"appraisal.opinion-answered", "答复对考评的意见"},
    {"appraisal.published", "公布评价办法"}, {"appraisal.reported", "上报考评结果"}, {"appraisal.scored", "考评评分"},
    {"bulletin.drafted", "起草通报"}, {"bulletin.dropped", "作废通报稿"}, {"bulletin.issued", "印发通报"}, {"bulletin.saved", "保存通报稿"},
    {"busy.added", "登记不能到场的日子"}, {"busy.dropped", "取消不能到场的日子"},
    {"calendar.confirmed", "确认日历变更"}, {"calendar.proposed", "提出日历变更"}, {"calendar.rejected", "驳回日历变更"},
    {"canvass.answered", "答复一组意见"}, {"canvass.changed", "修改意见征集"}, {"canvass.closed", "公布采纳情况"}, {"canvass.drafted", "起草意见征集"}, {"canvass.ended", "意见征集截止"}, {"canvass.grouped", "归类意见"},
    {"canvass.linked", "链接最终的文件"}, {"canvass.opened", "开始征集意见"}, {"canvass.returned", "退回意见征集"}, {"canvass.said", "提交意见"}, {"canvass.signed", "审查意见征集"}, {"canvass.submitted", "意见征集送初审"},
    {"catalogue.drafted", "报送代办事项目录"}, {"catalogue.issued", "审核下发代办事项目录"}, {"catalogue.returned", "退回代办事项目录"},
    {"certificate.changed", "变更证照"}, {"certificate.reissued", "补发证照"}, {"certificate.restored", "恢复证照"}, {"certificate.revoked", "吊销证照"}, {"certificate.suspended", "暂停证照"},
    {"consult.asked", "提出咨询"}, {"consult.assigned", "分派咨询"}, {"consult.forgotten", "清除提问人的联系方式"}, {"consult.more-asked", "要求补充咨询材料"}, {"consult.replied", "答复咨询"}, {"consult.supplemented", "补充咨询材料"}, {"consult.withdrawn", "撤回咨询"},
    {"credit.answered", "答复信用异议"}, {"credit.drafted", "登记信用信息"}, {"credit.expired", "信用信息到期"}, {"credit.objected", "对信用信息提异议"}, {"credit.published", "公布信用信息"}, {"credit.rejected", "退回信用信息"},
    {"credit.repair-asked", "申请信用修复"}, {"credit.repair-refused", "不同意信用修复"}, {"credit.repaired", "信用修复"}, {"credit.withdrawn", "撤销信用信息"},
    {"desk.handed", "交接事项"}, {"desk.taken", "认领事项"},
    {"directive.closed", "办结督办单"}, {"directive.issued", "发督办单"}, {"directive.noted", "督办单记入材料"}, {"directive.overdue", "督办单逾期"}, {"directive.raised", "升级督办"}, {"directive.replied", "回复督办单"}, {"directive.returned", "要求重新回复督办单"}, {"directive.settled", "督办的事已办"},
    {"document.served", "送达文书"},
    {"draw.committed", "封存抽取的随机数"}, {"draw.confirmed", "确认检查结果"}, {"draw.drawn", "随机抽取"}, {"draw.opened", "公布抽取名单"}, {"draw.published", "公示检查结果"}, {"draw.recorded", "记录检查结果"}, {"draw.revealed", "公开抽取的随机数"},
    {"draw.sent-back", "退回检查结果"}, {"draw.voided", "抽取中止"},
    {"entry.added", "登记台账"}, {"entry.changed", "修改台账"}, {"entry.closed", "台账申请销号"}, {"entry.confirmed", "台账确认销号"}, {"entry.extended", "台账延期"}, {"entry.held", "台账挂起"}, {"entry.linked", "台账关联办件"}, {"entry.refused", "台账不同意销号"},
    {"entry.released", "台账解除挂起"}, {"entry.reopened", "台账重新打开"}, {"entry.unlinked", "台账取消关联"},
    {"exchange.prepared", "生成待发的数据"}, {"exchange.reported", "记录数据回执"}, {"exchange.requeued", "补发数据"},
    {"feedback.answered", "答复反馈的问题"}, {"feedback.overdue", "反馈逾期"}, {"feedback.passed", "转办反馈的问题"}, {"feedback.published", "公布问题解答"}, {"feedback.reopened", "重新反馈问题"}, {"feedback.reported", "上报问题"}, {"feedback.solved", "确认问题解决"}, {"feedback.withdrawn", "撤回反馈"},
    {"gazette.attached", "公文加附件"}, {"gazette.changed", "修改公文"}, {"gazette.detached", "公文去掉附件"}, {"gazette.disputed", "对公开属性有分歧"}, {"gazette.drafted", "起草公文"}, {"gazette.dropped", "删去解读"}, {"gazette.explained", "起草解读"}, {"gazette.force-set", "登记公文效力"},
    {"gazette.imported", "收入公文库"}, {"gazette.kept", "审定公文，不上网"}, {"gazette.marked", "标注公开属性"}, {"gazette.published", "发布公文"}, {"gazette.returned", "退回修改公文"}, {"gazette.said", "解读说明"}, {"gazette.settled", "重新确定公开属性"}, {"gazette.signed", "审查同意公文"}, {"gazette.submitted", "公文送初审"}, {"gazette.taken-down", "撤下公文"},
    {"item.decided", "作出审批决定"}, {"item.extended", "延长审批时限"}, {"item.extension-asked", "申请延长时限"}, {"item.extension-refused", "不同意延长时限"}, {"item.moved-on", "整改后继续计时"}, {"item.pause-extended", "延长暂停"}, {"item.paused", "暂停计时"}, {"item.reapplied", "重新申请事项"}, {"item.rested", "整改期间停止计时"}, {"item.resumed", "恢复计时"}, {"item.returned", "退回事项"},
    {"item.revoked", "撤销审批决定"}, {"item.settled", "事项随联审办结"}, {"item.supplemented", "事项补正材料"}, {"item.taken", "部门接收事项"}, {"item.urged", "催办"}, {"item.withdrawn", "撤回事项"},
    {"layer.proposed", "提交图层"}, {"layer.published", "发布图层"}, {"layer.refused", "退回图层"},
    {"ledger.agreed", "登记市政府同意"}, {"ledger.begun", "开始月报"}, {"ledger.missed", "月报未报"}, {"ledger.planned", "登记台账方案"}, {"ledger.sent", "台账报省"}, {"ledger.share-stated", "登记占比"}, {"ledger.target-set", "定年度目标"}, {"ledger.watched", "核对月报"},
    {"link.asked", "要求对账"}, {"link.down", "对接中断"}, {"link.looked", "查看有没有要发的数据"}, {"link.reconciled", "记录对账"}, {"link.up", "对接恢复"}, {"link.verified", "核验证照"},
    {"mapcheck.made", "蓝图检查"},
    {"monthly.accepted", "接收月报"}, {"monthly.bounced", "退回填报"}, {"monthly.made", "生成月报表并送审"}, {"monthly.reported", "上报月报"}, {"monthly.returned", "退回月报"},
    {"notice.again", "再次投递消息"}, {"notice.attempted", "投递邮件或短信"}, {"notice.begun", "开始发消息"}, {"notice.dropped", "消息不再需要"}, {"notice.failed", "投递失败"}, {"notice.given-up", "放弃投递"}, {"notice.read", "阅读消息"}, {"notice.sent", "邮件或短信送出"}, {"notice.told", "发出消息"},
    {"personal.erased", "清除个人信息"}, {"personal.looked", "查看个人信息"}, {"personal.rejected", "驳回清除个人信息"}, {"personal.requested", "请求清除个人信息"},
    {"plan.dropped", "取消抽查计划"}, {"plan.made", "拟订抽查计划"}, {"plan.published", "公布抽查计划"},
    {"policy.confirmed", "确认政策发布"}, {"policy.proposed", "提出政策发布"}, {"policy.rejected", "驳回政策发布"},
    {"pool.class-set", "定风险类别"}, {"pool.inspector-added", "增加检查人员"}, {"pool.inspector-removed", "移出检查人员"}, {"pool.recused", "登记回避"},
    {"portfolio.changed", "调整领导分工"},
    {"project.blueprint-noted", "记下蓝图检查结果"}, {"project.completed", "项目办结"}, {"project.condition-changed", "变更建设条件"}, {"project.corrected", "改正登记的情况"}, {"project.exempted", "登记体外循环"}, {"project.exemption-ended", "结束体外循环"}, {"project.freed", "解除信用限制"}, {"project.halted", "项目停工"},
    {"project.held", "按信用限制办理"}, {"project.promise-noted", "记下告知承诺"}, {"project.registered", "登记项目"}, {"project.resumed", "项目复工"}, {"project.review-noted", "记下联审结果"}, {"project.survey-taken", "采用测绘成果"}, {"project.withdrawn", "撤回项目"},
    {"promise.accepted", "据承诺作出决定"}, {"promise.broken", "认定未履行承诺"}, {"promise.checked", "核查承诺"}, {"promise.closed", "承诺办结"}, {"promise.halted", "因承诺停工"}, {"promise.kept", "认定已履行承诺"}, {"promise.resumed", "承诺恢复"}, {"promise.reviewed", "承诺的审图结果"}, {"promise.signed", "签订告知承诺书"}, {"promise.withdrawn", "撤回承诺"},
    {"rating.answered", "作出评价"}, {"rating.opened", "请评价"}, {"rating.replied", "回复评价"},
    {"region.added", "登记区域"}, {"region.assessed", "登记区域评估成果"}, {"region.drawn", "画出区域范围"}, {"region.stopped", "停用区域评估成果"},
    {"reserve.added", "储备项目入库"}, {"reserve.assigned", "指定储备项目牵头"}, {"reserve.condition-changed", "变更储备项目条件"}, {"reserve.conditions-set", "定储备项目条件"}, {"reserve.converted", "储备项目转办件"}, {"reserve.dropped", "储备项目出库"}, {"reserve.generated", "项目生成"},
    {"reserve.opinion-given", "对储备项目提意见"}, {"reserve.opinions-asked", "储备项目征求意见"}, {"reserve.published", "公布建设条件"}, {"reserve.released", "退回储备库"},
    {"review.applied", "申请联合审图"}, {"review.change-asked", "要求修改图纸"}, {"review.closed", "联合审图结束"}, {"review.failed", "联合审图不合格"}, {"review.guided", "审图指导"}, {"review.passed", "联合审图合格"}, {"review.promised", "审图告知承诺"}, {"review.reported", "提交审图报告"}, {"review.resubmitted", "重新提交图纸"}, {"review.withdrawn", "撤回审图"},
    {"roster.trained", "登记统一培训"},
    {"rule.added", "增列配套制度"}, {"rule.issued", "登记制度出台"}, {"rule.repealed", "登记制度废止"},
    {"sample.drawn", "抽取样本"}, {"sample.dropped", "移出样本"}, {"sample.listed", "定下抽查名单"}, {"sample.looked", "登记抽查结果"},
    {"sign.judged", "判定线索"},
    {"stage.accepted", "受理"}, {"stage.certified", "发放证照"}, {"stage.confirm-asked", "申请表送委托单位确认"}, {"stage.corrected", "补正材料"}, {"stage.correction-requested", "一次告知补正"}, {"stage.delivered", "送达结果"}, {"stage.dispatched", "派转部门"}, {"stage.draft-returned", "申请表退回代办员修改"}, {"stage.draft-saved", "暂存申请"}, {"stage.lacking-expired", "容缺逾期"},
    {"stage.not-accepted", "不予受理"}, {"stage.posted", "登记寄出"}, {"stage.refused", "不予许可"}, {"stage.reported", "窗口报告"}, {"stage.slip-drafted", "填写派转单"}, {"stage.slip-returned", "退回派转单"}, {"stage.submitted", "提交申请"}, {"stage.supplied", "补交容缺材料"}, {"stage.tied", "关联登记"}, {"stage.untied", "取消关联"}, {"stage.withdrawn", "撤回申请"},
    {"survey.cancelled", "取消联合测绘"}, {"survey.closed", "联合测绘结束"}, {"survey.commissioned", "委托联合测绘"}, {"survey.delivered", "提交测绘成果"},
    {"surveyor.applied", "测绘机构申请入驻"}, {"surveyor.checked", "核对测绘机构"}, {"surveyor.removed", "移出测绘机构"},
    {"talk.ended", "登记约谈整改结果"}, {"talk.recorded", "登记约谈"},
    {"user.authorised", "授权办理事项"}, {"user.authority-revoked", "收回办理授权"}, {"user.changed", "修改账号"}, {"user.contact-set", "设置接收消息"}, {"user.created", "建账号"}, {"user.disabled", "停用账号"}, {"user.enabled", "恢复账号"}, {"user.password-set", "重设口令"},
    {"user.seconded", "选调到窗口"}, {"user.token-issued", "发令牌"}, {"user.token-revoked", "收回令牌"}, {"user.unseated", "离开窗口"},
    {"utility.answered", "答复市政公用报装"}, {"utility.applied", "市政公用报装"}, {"utility.closed", "报装结束"}, {"utility.connected", "市政公用接入完成"}, {"utility.opened", "开始接入"},
    {"watch.found", "巡查发现线索"}, {"watch.started", "开始巡查"}, {"watch.swept", "巡查"},
};

static const Called records[] = {
    {"acceptance", "联合验收"}, {"access", "账号申请"}, {"agency", "审图机构"}, {"agent", "代办"}, {"appraisal", "考评"}, {"bulletin", "通报"}, {"busy", "不能到场的日子"}, {"calendar", "工作日历"}, {"canvass", "意见征集"}, {"catalogue", "代办事项目录"}, {"consult", "咨询"},
    {"credit", "信用信息"}, {"desk", "承办和交接"}, {"directive", "督办单"}, {"draw", "随机抽取"}, {"entry", "台账"}, {"exchange", "数据交换"}, {"feedback", "问题反馈"}, {"gazette", "公文"}, {"layer", "图层"}, {"ledger", "台账月报"}, {"link", "对接"},
    {"mapcheck", "蓝图检查"}, {"monthly", "月报"}, {"notice", "消息"}, {"personal", "个人信息"}, {"plan", "抽查计划"}, {"policy", "政策包"}, {"pool", "抽查名录库"}, {"portfolio", "领导分工"}, {"project", "办件"}, {"promise", "告知承诺"},
    {"rating", "评价"}, {"region", "区域"}, {"reserve", "储备项目"}, {"review", "联合审图"}, {"roster", "培训"}, {"rule", "配套制度"}, {"sample", "抽样"}, {"sign", "线索"}, {"survey", "联合测绘"}, {"surveyor", "测绘机构"},
    {"talk", "约谈"}, {"user", "账号"}, {"utility", "市政公用报装"}, {"watch", "巡查"},
};

static int by_code(const void *key, const void *row) {
  const Str *k = key;
  return str_cmp(*k, str_of(((const Called *)row)->code));
}

Str kind_label(Str kind) {
  const Called *c = bsearch(&kind, kinds, COUNT(kinds), sizeof kinds[0], by_code);
  return c ? str_of(c->label) : kind;
}

Str record_label(Arena *m, Str stream) {
  Str head, name;
  int64_t no;
  if (!str_cut(stream, '/', &head, &name)) return stream;
  Str whose = personal_record(m, stream);
  if (whose.len) return arena_fmt(m, "%.*s 的个人信息", SFMT(record_label(m, whose)));
  if (str_eqz(head, "project") && str_to_i64(name, &no)) return project_number(m, no);
  if (str_eqz(head, "link")) return str_eqz(name, "national") ? S("和国家平台对接") : str_eqz(name, "province") ? S("和省平台对接") : arena_fmt(m, "对接 %.*s", SFMT(name));
  const Called *c = bsearch(&head, records, COUNT(records), sizeof records[0], by_code);
  return c ? arena_fmt(m, "%s %.*s", c->label, SFMT(name)) : stream;
}
