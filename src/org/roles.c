/* SPDX-License-Identifier: Apache-2.0 */
#include "org/access.h"

static const struct {
  Role role;
  Str text, label;
} roles[] = {
#define X(name, bit, word, zh) {name, {.ptr = word, .len = sizeof(word) - 1}, {.ptr = zh, .len = sizeof(zh) - 1}},
    ROLE_LIST(X)
#undef X
};

Str role_text(Role one) {
  for (size_t i = 0; i < COUNT(roles); i++)
    if (roles[i].role == one) return roles[i].text;
  return S("");
}

Str role_label(Role one) {
  for (size_t i = 0; i < COUNT(roles); i++)
    if (roles[i].role == one) return roles[i].label;
  return S("");
}

uint32_t role_parse(Str text) {
  for (size_t i = 0; i < COUNT(roles); i++)
    if (str_eq(roles[i].text, text)) return roles[i].role;
  return 0;
}

Code roles_parse(Cx *cx, Str list, uint32_t *out) {
  Str rest = list, one;
  bool more = list.len > 0;
  *out = 0;
  while (more) {
    more = str_cut(rest, ',', &one, &rest);
    uint32_t role = role_parse(str_trim(one));
    if (!role) FAIL_AT(INVALID, S("roles"), S(""), "没有“%.*s”这个角色", SFMT(one));
    *out |= role;
  }
  return OK;
}

Str roles_text(Arena *mem, uint32_t bits) {
  Str text = S("");
  for (size_t i = 0; i < COUNT(roles); i++)
    if (bits & roles[i].role) text = arena_fmt(mem, "%.*s%s%.*s", SFMT(text), text.len ? "," : "", SFMT(roles[i].text));
  return text;
}

Str role_labels(Arena *mem, uint32_t bits) {
  Str text = S("");
  for (size_t i = 0; i < COUNT(roles); i++)
    if (bits & ROLE_ANY_ACCOUNT & roles[i].role) text = arena_fmt(mem, "%.*s%s%.*s", SFMT(text), text.len ? "、" : "", SFMT(role_label(roles[i].role)));
  return text;
}

Str role_allows(Role one) {
  static const struct { Role role; const char *text; } rows[] = {
      {ROLE_APPLICANT, "代表所写的企业登记项目、填表、交材料、收文书；只看得到本企业的项目。"},
      {ROLE_AGENT, "受企业委托代办：以企业的名义填表、交材料；只看得到委托给本人的项目。"},
      {ROLE_CLERK, "在综合窗口接件、一次告知补正、受理、派转、出证、送达；看得到全市的办件。"},
      {ROLE_WINDOW_HEAD, "阅批派转单，变更、暂停、吊销证照，登记体外循环和窗口人员；看得到全市的办件。"},
      {ROLE_APPROVER, "接收本单位的事项，写意见，作出同意或不同意的决定；看得到本单位参与的办件。"},
      {ROLE_UNIT_HEAD, "批准延长时限，签联合验收意见，授权本单位的人办理事项，回复督办；看得到本单位参与的办件。"},
      {ROLE_STAGE_LEAD, "看本阶段各部门的进度，催办，排联合验收；看得到这个阶段的办件。"},
      {ROLE_SUPERVISOR, "看得到全市的办件和统计；督办、通报、抽检，提出和确认日历、政策变更，确认清除个人信息。"},
      {ROLE_LEADER, "看得到全市的办件、统计和督办；批准公文发布；不办理具体事项。"},
      {ROLE_EDITOR, "起草公文、解读和意见征集，按分工审查；不办理具体事项。"},
      {ROLE_SYSADMIN, "停用、恢复账号，发初始口令和接口令牌，申请建账号和改角色（要安全管理员同意）；不能办理业务。"},
      {ROLE_SECADMIN, "审批账号和角色，确认日历、政策变更和清除个人信息；不能建账号，不能办理业务。"},
      {ROLE_AUDITOR, "查谁在什么时候做了什么；什么都不能改。"},
      {ROLE_INTEGRATOR, "看数据交换的情况，重发被退回的数据，用接口令牌调用接口。"}};
  for (size_t i = 0; i < COUNT(rows); i++)
    if (rows[i].role == one) return str_of(rows[i].text);
  return S("");
}
