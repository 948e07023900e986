/* SPDX-License-Identifier: Apache-2.0 */
/* sentence.c: events as the timeline keeps and tells them. To the public without names of persons and reasons. */
#include "approval/approval_int.h"

/* %W who, %U their unit, %S stage, %I item with its unit; `more` names a member of the body, not shown to the public. `plain`: the sentence to
 * those who do not work here, without `more`; NULL: the same. */
static const struct { const char *kind, *text, *more, *plain; } rows[] = {
    {"", "", NULL, NULL},
    {"project.registered", "%W登记了项目", NULL, NULL},
    {"project.corrected", "%W改正了登记的情况", "what", NULL},
    {"project.withdrawn", "%W撤回了整个项目", "reason", NULL},
    {"project.condition-changed", "储备库变更了锁定的建设条件", "reason", NULL},
    {"project.review-noted", "联合审图有了进展", "what", NULL},
    {"project.promise-noted", "告知承诺有了进展", "what", NULL},
    {"project.blueprint-noted", "蓝图检查有了结果", "what", NULL},
    {"project.held", "竣工验收备案暂不办理", "what", NULL},
    {"project.freed", "竣工验收备案恢复办理", "what", NULL},
    {"project.halted", "项目叫停", "reason", NULL},
    {"project.resumed", "项目恢复施工", "reason", NULL},
    {"item.revoked", "%I：决定已撤销", "reason", NULL},
    {"project.completed", "项目全部办结", NULL, NULL},
    {"project.exempted", "窗口负责人%W：登记体外循环", "document", "窗口负责人%W：登记了在系统外办理的审批"},
    {"project.exemption-ended", "窗口负责人%W：结束体外循环登记", "reason", "窗口负责人%W：在系统外办理的审批已结束"},
    {"stage.draft-saved", "", NULL, NULL},
    {"stage.confirm-asked", "%W填好%S申请表，送委托单位确认", NULL, NULL},
    {"stage.draft-returned", "%W退回%S申请表，请代办员修改", "reason", NULL},
    {"stage.submitted", "%W提交%S申请", NULL, NULL},
    {"stage.corrected", "%W提交%S补正", NULL, NULL},
    {"stage.supplied", "%W补交%S容缺材料", NULL, NULL},
    {"stage.lacking-expired", "%S容缺材料到承诺的日子没有补交", NULL, NULL},
    {"stage.reported", "%U%W：答复%S申请材料的补正意见", NULL, NULL},
    {"stage.correction-requested", "综合窗口%W：%S材料需要补正，已一次性告知", NULL, NULL},
    {"stage.accepted", "综合窗口%W：受理%S申请", NULL, NULL},
    {"stage.not-accepted", "综合窗口%W：%S不予受理", "reason", NULL},
    {"stage.tied", "%S几个事项并到一起办理", "by", NULL},
    {"stage.untied", "%S几个事项恢复单独办理", "reason", NULL},
    {"stage.slip-drafted", "综合窗口%W：填写%S业务派转单", "no", "综合窗口%W：准备把%S申请转给各部门"},
    {"stage.slip-returned", "窗口负责人%W：退回%S派转单", "reason", "窗口负责人%W：再核对%S要转给哪些部门"},
    {"stage.dispatched", "窗口负责人%W：阅批%S派转单，各部门同时开始办理", NULL, "窗口负责人%W：%S申请已转给各部门，同时开始办理"},
    {"stage.certified", "综合窗口%W：%S出件", "certificate", "综合窗口%W：%S证件已制成"},
    {"stage.posted", "综合窗口%W：%S证件已寄出", "letter", NULL},
    {"stage.delivered", "综合窗口%W：%S证件已送达", "how", NULL},
    {"stage.refused", "综合窗口%W：%S不予许可", NULL, NULL},
    {"stage.withdrawn", "%W撤回%S申请", "reason", NULL},
    {"certificate.changed", "窗口负责人%W：变更%S证件", "new", NULL},
    {"certificate.reissued", "窗口负责人%W：重新核发%S证件", "new", NULL},
    {"certificate.suspended", "窗口负责人%W：暂停使用%S证件", "reason", NULL},
    {"certificate.restored", "窗口负责人%W：恢复使用%S证件", "reason", NULL},
    {"certificate.revoked", "窗口负责人%W：撤销%S证件", "reason", NULL},
    {"document.served", "综合窗口%W：登记文书送达", "title", NULL},
    {"item.taken", "%I%W：接单", NULL, "%I%W：开始办理"},
    {"item.urged", "%I%W：催办", NULL, NULL},
    {"item.paused", "%I%W：暂停计时", "notice", NULL},
    {"item.resumed", "%I%W：恢复计时", NULL, NULL},
    {"item.pause-extended", "%I%W：延长暂停", "notice", NULL},
    {"item.returned", "%I%W：退回补正", "reason", NULL},
    {"item.supplemented", "%W补交%I的材料", "note", NULL},
    {"item.extension-asked", "%I%W：申请延期", "reason", NULL},
    {"item.extended", "%I%W：批准延期", NULL, NULL},
    {"item.extension-refused", "%I%W：不批准延期", "reason", NULL},
    {"item.decided", "%I%W：", NULL, NULL},
    {"item.rested", "%I在整改期间停止计时", "by", NULL},
    {"item.moved-on", "%I整改后继续计时", "by", NULL},
    {"item.settled", "%I通过", "number", NULL},
    {"item.reapplied", "%W重新申报%I", "reason", NULL},
    {"item.withdrawn", "%W撤回%I申请", "reason", NULL},
};

/* ---- keeping ------------------------------------------------------------------------------------ */

/* Texts repeat from event to event: names, units and codes are shared with what the state has already. */
static Str shared(Arena *mem, const Project *p, const StageState *s, const ItemState *i, Str text) {
  const Moment *before = p && p->moment_count ? &p->moments[p->moment_count - 1] : NULL;
  const Str known[] = {i ? i->last_by : S(""), i ? i->code : S(""), i ? i->unit : S(""), s ? s->last_by : S(""),
                       before ? before->who : S(""), before ? before->unit : S("")};
  if (!text.len) return S("");
  for (size_t k = 0; k < COUNT(known); k++)
    if (str_eq(known[k], text)) return known[k];
  return arena_str(mem, text);
}

static Moment *moment_new(Arena *mem, Project *p) {
  if (p->moment_count == p->moment_cap) {
    size_t cap = p->moment_cap ? p->moment_cap * 2 : 8;
    Moment *more = arena_array(mem, Moment, cap);
    if (p->moment_count) memcpy(more, p->moments, p->moment_count * sizeof *more);
    p->moments = more;
    p->moment_cap = cap;
  }
  return &p->moments[p->moment_count];
}

static uint8_t kind_row(Str kind) {
  for (size_t i = 1; i < COUNT(rows); i++)
    if (str_eqz(kind, rows[i].kind)) return (uint8_t)i;
  return 0;
}
_Static_assert(COUNT(rows) < UINT8_MAX, "a row fits in Moment.kind");

/* p may be NULL: then nothing is shared. kind 0: the timeline is silent about this event. */
static Moment moment_of(Arena *mem, const Project *p, const Event *e) {
  uint8_t row = kind_row(e->kind);
  if (!row || !*rows[row].text) return (Moment){0};
  int64_t stage = json_int(e->body, S("stage"), 0);
  bool has_stage = stage >= 1 && stage <= STAGE_MAX;
  const StageState *s = p && has_stage ? &p->stages[stage] : NULL;
  Str code = json_str(e->body, S("item"));
  const ItemState *i = s && code.len ? stage_item(s, code) : NULL;
  Moment m = {.happened = e->happened, .recorded = e->recorded, .kind = row, .stage = has_stage ? (uint8_t)stage : 0,
              .who = shared(mem, p, s, i, e->actor_name), .unit = shared(mem, p, s, i, e->unit),
              .item = shared(mem, p, s, i, code), .behalf = e->behalf.len > 0,
              .pass = str_eq(json_str(e->body, S("result")), S("pass"))};
  if (rows[row].more) m.more = arena_str(mem, json_str(e->body, str_of(rows[row].more)));
  if (json_bool(e->body, S("deemed")) && !day_parse(json_str(e->body, S("day")), &m.day)) m.day = day_of(e->happened);
  return m;
}

void fold__moment(Arena *mem, Project *p, const Event *e) {
  Moment m = moment_of(mem, p, e);
  if (!m.kind) return;
  *moment_new(mem, p) = m;
  p->moment_count++;
}

/* ---- telling ------------------------------------------------------------------------------------ */

static void put_item(Buf *b, const Policy *p, const Moment *m) {
  const Item *item = policy_item(p, m->item);
  const Unit *unit = policy_unit(p, m->unit);
  if (unit && !str_eq(m->unit, p->window_unit)) buf_add(b, unit->name);
  buf_add(b, S("“"));
  buf_add(b, item ? item->name : m->item);
  buf_add(b, S("”"));
}

static void put_unit(Buf *b, const Policy *p, Str code) {
  const Unit *unit = policy_unit(p, code);
  buf_add(b, unit ? unit->name : code);
}

static void put_stage(Buf *b, int stage) {
  if (!stage) return;
  buf_add(b, S("第"));
  buf_i64(b, stage);
  buf_add(b, S("阶段"));
}

static void put_pattern(Buf *b, const Policy *p, const Moment *m, Telling to) {
  const char *plain = to == TELL_ALL ? NULL : rows[m->kind].plain;
  bool masked = to == TELL_PUBLIC;
  Str rest = str_of(plain ? plain : rows[m->kind].text), text, after;
  while (str_cut(rest, '%', &text, &after)) {
    buf_add(b, text);
    if (after.ptr[0] == 'W' && !masked) buf_add(b, m->who);
    if (after.ptr[0] == 'W' && !masked && m->who.len && m->behalf) buf_add(b, S("（代办）"));
    if (after.ptr[0] == 'S') put_stage(b, m->stage);
    if (after.ptr[0] == 'I') put_item(b, p, m);
    if (after.ptr[0] == 'U') put_unit(b, p, m->unit);
    rest = str_sub(after, 1, SIZE_MAX);
  }
  buf_add(b, rest);
}

Str moment_sentence(Arena *mem, const Policy *p, const Moment *m, Telling to) {
  SCOPED(buf_drop) Buf b;
  if (!m->kind) return S("");
  buf_init(&b, 16384);
  put_pattern(&b, p, m, to);
  if (!strcmp(rows[m->kind].kind, "item.decided")) buf_add(&b, m->pass ? S("通过") : S("不通过"));
  if (m->day.n) {
    Str day = day_str(mem, m->day);
    buf_fmt(&b, "（逾期未答复，自收到之日 %.*s 起视为受理）", SFMT(day));
  }
  if (m->more.len && to != TELL_PUBLIC && (to == TELL_ALL || !rows[m->kind].plain)) {
    buf_add(&b, S("："));
    buf_add(&b, m->more);
  }
  return arena_str(mem, buf_str(&b));
}

Str event_sentence(Arena *mem, const Policy *p, const Event *e, Telling to) {
  Moment m = moment_of(mem, NULL, e);
  return moment_sentence(mem, p, &m, to);
}
