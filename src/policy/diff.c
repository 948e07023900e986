/* SPDX-License-Identifier: Apache-2.0 */
/* diff.c: two packages compared by the same descriptions of rows by which they are read. */
#include "policy/lint.h"
#include "policy/policy_int.h"

static const struct { const char *key, *label; } labels[] = {
    {"name", "名称"}, {"version", "版本"}, {"title", "标题"}, {"city", "城市"}, {"city_code", "行政区划代码"}, {"seal", "专用章"},
    {"effective_from", "施行日期"}, {"effective_until", "失效日期"}, {"window_unit", "窗口"}, {"supervisor_unit", "监督部门"},
    {"lamp_warn_days", "预警天数"}, {"lamp_warn_of", "预警比例"}, {"receipt_days", "告知期限"}, {"take_days", "接单期限"},
    {"ask_days", "征求补正意见期限"}, {"lack_days", "容缺期限"}, {"lack_count", "容缺份数"}, {"report_period", "窗口报表周期"},
    {"lack", "可容缺"}, {"enterprise", "企业材料"}, {"results", "可用的结果"},
    {"sign_last_days", "临期暂停"}, {"sign_quick_minutes", "速办分钟"},
    {"sign_late_hours", "补录小时"}, {"sign_night_from", "夜间起"}, {"sign_night_to", "夜间止"}, {"sign_night_acts", "夜间次数"},
    {"consult_days", "咨询答复期限"}, {"consult_unit", "没有选单位的提问由谁答复"}, {"opinion_days", "前期意见期限"}, {"review_days", "审图期限"}, {"reviewer_number", "审图人员注册号的写法"}, {"reviewer_example", "审图人员注册号的例子"}, {"drawings", "与审图的关系"}, {"share", "可共享的区域评估"}, {"choose", "从登记里选"}, {"filled", "自动带出"}, {"not_before", "不早于哪一栏"}, {"workday", "只能是今后的工作日"}, {"planned", "计划的日期"}, {"survey", "多测合一的成果"}, {"exchange_version", "流程版本号"}, {"per", "一行是什么"}, {"section", "标准的节"}, {"value", "固定值"}, {"of", "对应的值"}, {"other", "其他"}, {"status", "办理状态"}, {"at", "表和栏目"}, {"item", "用于哪个验收事项"}, {"contents", "测绘内容"}, {"precision", "精度"}, {"area_rule", "建筑面积计算规则版本"},
    {"map_west", "蓝图范围西"}, {"map_south", "蓝图范围南"}, {"map_east", "蓝图范围东"}, {"map_north", "蓝图范围北"}, {"map_least", "不算冲突的重叠"}, {"map_points", "界址点上限"},
    {"group", "图层组"}, {"rule", "压到的后果"}, {"restricted", "限制类、淘汰类"}, {"effect", "含义"}, {"way", "办法"}, {"unless", "例外"}, {"hazard", "不能承诺的缘由"}, {"condition", "建设条件"},
    {"spot_days", "抽查结果公示期限"}, {"spot_class", "未评级的信用等级"}, {"spot_a", "A 级抽查比例"}, {"spot_b", "B 级抽查比例"}, {"spot_c", "C 级抽查比例"},
    {"spot_d", "D 级抽查比例"}, {"spot_targets", "抽查结果公示网站"},
    {"notice_tries", "投递次数"}, {"notice_wait", "投递间隔分钟"}, {"rating_days", "差评答复期限"}, {"rating_least", "公布均值的最少份数"},
    {"event", "什么事"}, {"to", "通知谁"}, {"by", "渠道"},
    {"visit_notice", "勘验提前通知"}, {"visits_a_day", "一日勘验次数"}, {"visit", "联合验收"},
    {"personal_keep_days", "个人信息保存天数"}, {"personal_looks", "每小时查看次数"}, {"keeps", "期满才能清除"},
    {"invest", "投资主体"}, {"build", "建什么"}, {"phone", "电话"}, {"address", "地址"}, {"hours", "办公时间"}, {"count", "数"},
    {"extend", "可延长"}, {"extend_by", "批准延长"}, {"starts", "起算"}, {"extend_days", "延长上限"}, {"deliver_days", "送达期限"}, {"remedy", "救济告知"}, {"merges", "合并"}, {"shows", "证上写的栏目"}, {"issuer", "发证机关"}, {"material", "先交的材料"}, {"listed", "不另出"}, {"review_body", "复议机关"}, {"court", "管辖法院"}, {"doc", "文件"}, {"number", "条号"}, {"text", "原文"},
    {"qualifier", "限定"}, {"limits", "时限"}, {"total", "合计"}, {"national", "国家代码"}, {"note", "说明"}, {"lead", "牵头单位"},
    {"desk", "科室"}, {"certificate", "证件"}, {"aliases", "别名"}, {"subjects", "工作名称"}, {"stage", "阶段"}, {"parallel", "并行推进"},
    {"before_stage", "最迟阶段"}, {"opens", "何时开始"}, {"unit", "单位"}, {"county_when", "下放条件"}, {"kind", "种类"}, {"attribute", "属性"}, {"basis", "法律依据"},
    {"days", "工作日"}, {"categories", "适用类别"}, {"when", "条件"}, {"outside", "市外权限"}, {"milestone", "里程碑"}, {"promise", "可承诺"},
    {"result", "结果"}, {"after", "前置"}, {"items", "事项"}, {"again", "再用阶段"}, {"required", "必填"}, {"form", "申请表生成"},
    {"from_stage", "引用证件"}, {"types", "文件类型"}, {"max_mb", "大小上限"}, {"hint", "提示"}, {"label", "栏目"}, {"type", "类型"},
    {"personal", "个人信息"}, {"fact", "可作条件"}, {"min", "下限"}, {"max", "上限"}, {"choices", "选项"}, {"example", "示例"},
    {"region", "区划代码"}, {"county_of", "所属县区"}, {"role", "角色"}, {"seats", "编制"}, {"holder", "时钟归属"}, {"certain", "法律列明"},
    {"max_days", "最长天数"}, {"joint", "联合验收整改"}, {"clauses", "条款"}, {"says", "内容"}, {"choice", "选择"}, {"issued", "印发日期"},
    {"leaders_from", "分工起始日"}, {"charge", "分管"}, {"assist", "协助分管"}, {"liaison", "联系"}, {"run", "负责"}, {"bulletin_days", "通报期限"}, {"stats_small", "统计小数"}, {"search_keep_days", "没找到的搜索留几天"},
    {"area_max", "测绘面积上限"}, {"area_off", "测绘面积相差几成写明（百分之）"}, {"survey_types", "测绘成果的文件类型"},
    {"credit_notice_days", "列入名单前告知期限"}, {"credit_objection_days", "异议答复期限"}, {"credit_repair_days", "信用修复期限"},
    {"credit_months", "信用记录期限（月）"}, {"credit_repair_months", "可申请修复的月数"}, {"credit_bars", "黑名单的限制"}, {"credit_black", "黑名单的抽查等级"},
    {"credit_red", "红名单的抽查等级"}, {"credit_targets", "信用信息报送网站"}, {"list", "名单"}, {"subject", "信用主体"}, {"until", "到哪天为止"}, {"months", "月数"},
    {"due", "期限"}, {"leads", "牵头单位"}, {"authority", "没有登记授权时"}, {"feedback_days", "沟通反馈期限"}, {"feedback_unit", "沟通反馈答复单位"}, {"disclosure_weight", "政务公开权重下限"},
    {"appraisal_daily", "日常考评占比"}, {"appraisal_opinion_days", "考评征求意见的工作日"}, {"appraisal_self", "自我考评占比"}, {"head", "组长"}, {"deputies", "副组长"}, {"others", "其他成员"}, {"units", "成员单位"},
    {"duty", "职责"}, {"from", "起始"}, {"dimension", "考评内容"}, {"method", "考评方法"}, {"figure", "自动计算"}, {"weight", "权重"}, {"disclosure", "政务公开"},
    {"object", "一行是什么"}, {"offices", "联合办公室"}, {"office_name", "联合办公室名称"}, {"regions", "填报地区"}, {"report_clock", "月报期限"}, {"report_from", "首次月报"}, {"warn_days", "提前预警天数"},
    {"share_over", "占比须超过"}, {"share_name", "占比名称"}, {"blocks", "暂不办理的事项"}, {"block_text", "暂不办理的说明"}, {"target_name", "年度目标"}, {"plan_name", "方案"},
    {"plan_unit", "方案起草单位"}, {"plan_to", "方案报送"}, {"hotline", "监督举报电话"}, {"mailbox", "监督举报信箱"}, {"open", "公开"}, {"ledger", "台账"}, {"column", "列"}, {"hold", "暂不办理"},
    {"refuse", "不得选择"}, {"warn", "提示"}, {"plan_due", "规划期限"}, {"answers", "对应的回答"}, {"needs", "销号前要有"}, {"households", "户数"}, {"people", "人数"},
    {"field", "栏目"}, {"classes", "班数"}, {"means", "指什么"}, {"say", "人们的说法"}, {"leads", "领到哪里"}, {"ends", "到哪天为止"}, {"clock", "期限"}};

Str policy__label(const Cell *c) {
  static const struct { const char *prefix, *label; } sources[] = {
      {"", "出处"}, {"when", "条件出处"}, {"days", "工作日出处"}, {"certificate", "证件出处"}, {"seal", "专用章出处"}, {"lamp", "预警出处"}, {"remedy", "救济出处"}, {"issuer", "发证机关出处"},
      {"sign", "线索门槛出处"}, {"consult", "咨询期限出处"}, {"opinion", "意见期限出处"}, {"review", "审图期限出处"}, {"promise", "承诺出处"}, {"receipt", "告知期限出处"}, {"take", "接单期限出处"}, {"extend", "延长上限出处"}, {"deliver", "送达期限出处"},
      {"ask", "征求补正意见期限出处"}, {"lack", "容缺出处"}, {"report", "窗口报表周期出处"},
      {"authority", "授权设置出处"}, {"feedback", "沟通反馈出处"}, {"disclosure", "政务公开权重出处"}, {"appraisal", "考评占比出处"}, {"appraisal_opinion", "考评征求意见出处"}, {"weight", "权重出处"},
      {"spot", "抽查设置出处"}, {"area", "面积规则出处"}, {"exchange", "流程版本号出处"}, {"map", "蓝图设置出处"}, {"rule", "后果出处"}, {"spot_targets", "公示网站出处"}, {"credit", "信用设置出处"}, {"credit_targets", "报送网站出处"}, {"notice", "投递设置出处"}, {"rating", "评价设置出处"}, {"personal", "个人信息数字出处"}, {"leaders", "分工出处"}, {"bulletin", "通报期限出处"}, {"stats", "统计小数出处"},
      {"regions", "填报地区出处"}, {"warn", "预警天数出处"}, {"share", "占比出处"}, {"block", "暂不办理出处"}, {"target", "年度目标出处"}, {"plan", "方案出处"}, {"search_keep", "没找到的搜索出处"}};
  for (size_t i = 0; i < COUNT(sources) && c->kind == CELL_SOURCE; i++)
    if (!strcmp(sources[i].prefix, c->key)) return str_of(sources[i].label);
  for (size_t i = 0; i < COUNT(labels); i++)
    if (!strcmp(labels[i].key, c->key)) return str_of(labels[i].label);
  return str_of(c->key);
}

static Str listed(Arena *mem, Str all, Str one) {
  return all.len ? arena_fmt(mem, "%.*s、%.*s", SFMT(all), SFMT(one)) : one;
}

static Str list_text(Arena *mem, const char *row, const Cell *c) {
  size_t n = *(const size_t *)(const void *)(row + c->count_at);
  const void *list = *(const void *const *)(const void *)(row + c->at);
  Str all = S("");
  for (size_t i = 0; i < n; i++) {
    const Choice *choice = (const Choice *)list + i;
    const ItemLimit *limit = (const ItemLimit *)list + i;
    if (c->kind == CELL_STRS) all = listed(mem, all, ((const Str *)list)[i]);
    else if (c->kind == CELL_LIMITS) all = listed(mem, all, arena_fmt(mem, "%.*s %d", SFMT(limit->category), limit->days));
    else all = listed(mem, all, arena_fmt(mem, "%.*s %.*s", SFMT(choice->value), SFMT(choice->label)));
  }
  return all;
}

static Str cell_text(Arena *mem, const char *row, const Cell *c) {
  const void *at = row + c->at;
  const int *four = at;
  const Source *s = at;
  const Expr *e;
  switch (c->kind) {
    case CELL_STR: return *(const Str *)at;
    case CELL_INT: return arena_fmt(mem, "%d", *(const int *)at);
    case CELL_BOOL: return *(const bool *)at ? S("是") : S("否");
    case CELL_EXPR:
      e = *(const Expr *const *)at;
      return e ? e->text : S("");
    case CELL_SOURCE: return s->clause.len ? s->clause : s->sample ? S("示例") : S("");
    case CELL_FOUR: return arena_fmt(mem, "%d、%d、%d、%d", four[1], four[2], four[3], four[4]);
    case CELL_TYPE: return field_type_name(*(const FieldType *)at);
    case CELL_HOLDER: return *(const Holder *)at == HELD_APPLICANT ? S("申请人") : S("第三方");
    case CELL_MILLI: return arena_fmt(mem, "%lld", (long long)*(const int64_t *)at);
    case CELL_STRS:
    case CELL_LIMITS:
    case CELL_CHOICES: break;
  }
  return list_text(mem, row, c);
}

/* Long texts are named, not printed twice. */
static Str change(Arena *mem, const Cell *c, Str was, Str is) {
  Str label = policy__label(c);
  if (was.len > 300 || is.len > 300) return arena_fmt(mem, "%.*s改写", SFMT(label));
  return arena_fmt(mem, "%.*s %.*s → %.*s", SFMT(label), SFMT(was.len ? was : S("（空）")), SFMT(is.len ? is : S("（空）")));
}

static Str row_name(const TableInfo *t, const char *row) {
  return *(const Str *)(const void *)(row + t->name_at);
}

static Str row_key(Arena *mem, const TableInfo *t, const char *row) {
  if (t->key_kind == CELL_INT) return arena_fmt(mem, "%d", *(const int *)(const void *)(row + t->key_at));
  return *(const Str *)(const void *)(row + t->key_at);
}

static const char *row_find(Arena *mem, const TableInfo *t, const char *rows, size_t n, Str key) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(row_key(mem, t, rows + i * t->size), key)) return rows + i * t->size;
  return NULL;
}

static void said(Arena *mem, Buf *out, const TableInfo *t, const char *row, const char *what, Str changes) {
  Str key = row_key(mem, t, row), name = row_name(t, row);
  buf_fmt(out, "%s%s %.*s", t->title, what, SFMT(name));
  if (!str_eq(key, name) && t->key_kind == CELL_STR) buf_fmt(out, "（%.*s）", SFMT(key));
  buf_fmt(out, "%s%.*s\n", changes.len ? "：" : "", SFMT(changes));
}

static void table_diff(Arena *mem, Buf *out, const TableInfo *t, const Policy *a, const Policy *b) {
  size_t an, bn;
  const char *as = policy__rows(t, a, &an), *bs = policy__rows(t, b, &bn);
  for (size_t i = 0; i < an; i++) {
    const char *was = as + i * t->size, *is = row_find(mem, t, bs, bn, row_key(mem, t, was));
    Str changes = S("");
    for (size_t k = 0; is && k < t->cell_count; k++) {
      Str x = cell_text(mem, was, &t->cells[k]), y = cell_text(mem, is, &t->cells[k]);
      if (str_eq(x, y)) continue;
      Str one = change(mem, &t->cells[k], x, y);
      changes = changes.len ? arena_fmt(mem, "%.*s；%.*s", SFMT(changes), SFMT(one)) : one;
    }
    if (!is) said(mem, out, t, was, "取消", S(""));
    else if (changes.len) said(mem, out, t, is, "", changes);
  }
  for (size_t i = 0; i < bn; i++)
    if (!row_find(mem, t, as, an, row_key(mem, t, bs + i * t->size))) said(mem, out, t, bs + i * t->size, "新增", S(""));
}

static void calendar_diff(Arena *mem, Buf *out, const Policy *a, const Policy *b) {
  enum { SHOWN_MAX = 60 };
  int found = 0;
  for (Day d = day_ymd(2000, 1, 1), end = day_ymd(2099, 12, 31); d.n <= end.n; d.n++) {
    bool was = calendar_is_work(a->calendar, d), is = calendar_is_work(b->calendar, d);
    Str notice;
    if (was == is || ++found > SHOWN_MAX) continue;
    Str day = day_str(mem, d), why = calendar_reason(b->calendar, d, &notice);
    buf_fmt(out, "日历 %.*s：%s → %s（%.*s）\n", SFMT(day), was ? "上班" : "休息", is ? "上班" : "休息", SFMT(why));
  }
  if (found > SHOWN_MAX) buf_fmt(out, "日历 另有 %d 天改变\n", found - SHOWN_MAX);
}

Str policy_diff(Arena *mem, const Policy *a, const Policy *b) {
  size_t n;
  const TableInfo *tables = policy__tables(&n);
  Buf out;
  buf_init(&out, (size_t)8 << 20);
  for (size_t i = 0; i < n; i++) table_diff(mem, &out, &tables[i], a, b);
  tables = policy__ledger_tables(&n);
  for (size_t i = 0; i < n; i++) table_diff(mem, &out, &tables[i], a, b);
  calendar_diff(mem, &out, a, b);
  Str text = arena_str(mem, buf_str(&out));
  buf_drop(&out);
  return text;
}
