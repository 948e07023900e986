/* SPDX-License-Identifier: Apache-2.0 */
/* super.c: words of the room, and what all its engines ask first. */
#include "supervision/supervision_int.h"

static const struct { const char *word, *label; } words[] = {
    {"item", "事项"}, {"stage", "阶段"}, {"answer", "受理答复"}, {"delivery", "送达"}, {"consult", "咨询答复"}, {"opinion", "前期意见"}, {"manual", "人工督办"}, {"feedback", "沟通反馈"}, {"ledger", "台账月报"},
    {"review", "联合审图"}, {"promise", "承诺核查"}, {"credit", "异议和修复"}, {"utility", "市政报装接入"}, {"acceptance", "联合验收"},
    {"objection", "异议"}, {"repair", "修复申请"}, {"water", "供水"}, {"power", "供电"}, {"gas", "燃气"}, {"heat", "供热"}, {"drainage", "排水"}, {"telecom", "通信"},
    {"handler", "经办人"}, {"section", "承办科室"}, {"department", "部门负责人"}, {"bureau", "营商部门"}, {"leader", "分管市领导"},
    {"issued", "待回复"}, {"replied", "已回复"}, {"closed", "已办结"},
    {"listed", "名单已定"}, {"drawn", "已抽取"}, {"done", "已查完"}, {"dropped", "已作废"}, {"fine", "没有问题"}, {"fault", "有问题"}, {"draft", "通报稿"}, {"sent", "已印发"}};

Str super_label(Str word) {
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eqz(word, words[i].word)) return str_of(words[i].label);
  return word;
}

Code super__facts(Cx *cx, Db *views, const Command *cmd, Json **out) {
  int calendar = 0;
  TRY(kit_facts(cx, views, cmd, out));
  TRY(calendar_version_of(cx, views, &calendar));
  json_put_int(cx->mem, *out, S("calendar"), calendar);
  return OK;
}

const Policy *super__policy(Cx *cx, const Ask *ask) {
  return policies_at(cx->mem, ask->env, json_str(ask->facts, S("policy")), (int)json_int(ask->facts, S("calendar"), 0));
}

const Engine *const supervision_engines[SUPERVISION_ENGINES] = {&watch_engine_base, &directive_engine_base, &sample_engine_base,
                                                                    &verdict_engine_base, &bulletin_engine_base, &talk_engine_base};
