/* SPDX-License-Identifier: Apache-2.0 */
/* sentence.c: an event as one sentence of the timeline. Masked: no names of persons, no reasons. */
#include "approval/approval_int.h"

/* %W who, %S stage, %I item with its unit; the rest names a member of the body, shown when not masked. */
static const struct { const char *kind, *text, *more; } rows[] = {
    {"project.registered", "%W登记了项目", NULL},
    {"project.withdrawn", "%W撤回了整个项目", "reason"},
    {"project.completed", "项目全部办结", NULL},
    {"stage.draft-saved", "", NULL},
    {"stage.submitted", "%W提交%S申请", NULL},
    {"stage.corrected", "%W提交%S补正", NULL},
    {"stage.correction-requested", "综合窗口%W：%S材料需要补正，已一次性告知", NULL},
    {"stage.accepted", "综合窗口%W：受理%S申请", NULL},
    {"stage.not-accepted", "综合窗口%W：%S不予受理", "reason"},
    {"stage.slip-drafted", "综合窗口%W：填写%S业务派转单", "no"},
    {"stage.slip-returned", "窗口负责人%W：退回%S派转单", "reason"},
    {"stage.dispatched", "窗口负责人%W：阅批%S派转单，各部门同时开始办理", NULL},
    {"stage.certified", "综合窗口%W：%S出件", "certificate"},
    {"stage.delivered", "综合窗口%W：%S证件已送达", "how"},
    {"stage.refused", "综合窗口%W：%S不予许可", NULL},
    {"stage.withdrawn", "%W撤回%S申请", "reason"},
    {"item.taken", "%I%W：接单", NULL},
    {"item.paused", "%I%W：暂停计时", "notice"},
    {"item.resumed", "%I%W：恢复计时", NULL},
    {"item.extension-asked", "%I%W：申请延期", "reason"},
    {"item.extended", "%I%W：批准延期", NULL},
    {"item.extension-refused", "%I%W：不批准延期", "reason"},
    {"item.decided", "%I%W：", NULL},
    {"item.reapplied", "%W重新申报%I", "reason"},
    {"item.withdrawn", "%W撤回%I申请", "reason"},
};

static void put_who(Buf *b, const Event *e, bool masked) {
  if (masked || !e->actor_name.len) return;
  buf_add(b, e->actor_name);
  if (e->behalf.len) buf_fmt(b, "（代办）");
}

static void put_item(Buf *b, const Policy *p, const Event *e) {
  Str code = json_str(e->body, S("item"));
  const Item *item = policy_item(p, code);
  const Unit *unit = policy_unit(p, e->unit);
  if (unit && !str_eq(e->unit, p->window_unit)) buf_add(b, unit->name);
  buf_fmt(b, "“%.*s”", SFMT(item ? item->name : code));
}

static void put_pattern(Buf *b, const Policy *p, const Event *e, const char *text, bool masked) {
  int64_t stage = json_int(e->body, S("stage"), 0);
  for (const char *c = text; *c; c++) {
    if (*c != '%') {
      buf_char(b, *c);
      continue;
    }
    c++;
    if (*c == 'W') put_who(b, e, masked);
    if (*c == 'S' && stage >= 1 && stage <= STAGE_MAX) buf_fmt(b, "第%lld阶段", (long long)stage);
    if (*c == 'I') put_item(b, p, e);
  }
}

static void put_special(Buf *b, const Event *e) {
  if (str_eq(e->kind, S("item.decided")))
    buf_add(b, str_eq(json_str(e->body, S("result")), S("pass")) ? S("通过") : S("不通过"));
  if (str_eq(e->kind, S("stage.accepted")) && json_bool(e->body, S("deemed"))) {
    Str day = json_str(e->body, S("day"));
    buf_fmt(b, "（逾期未答复，自收到之日 %.*s 起视为受理）", SFMT(day));
  }
}

Str event_sentence(Arena *mem, const Policy *p, const Event *e, bool masked) {
  Buf b;
  buf_init(&b, 16384);
  for (size_t i = 0; i < COUNT(rows); i++) {
    if (!str_eqz(e->kind, rows[i].kind)) continue;
    put_pattern(&b, p, e, rows[i].text, masked);
    put_special(&b, e);
    Str more = rows[i].more && !masked ? json_str(e->body, str_of(rows[i].more)) : S("");
    if (more.len) buf_fmt(&b, "：%.*s", SFMT(more));
  }
  Str out = arena_str(mem, buf_str(&b));
  buf_drop(&b);
  return out;
}
