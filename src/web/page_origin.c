/* SPDX-License-Identifier: Apache-2.0 */
/* page_origin.c: which columns a receiver refused, where their values come from and who can change them: sending the same again ends the same. */
#include "approval/proposals.h"
#include "web/page_origin.h"

static bool name_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* GBHY is not in GBHYDMFBND. */
static bool names(Str fault, Str column) {
  for (size_t at = 0; at + column.len <= fault.len; at++) {
    if (memcmp(fault.ptr + at, column.ptr, column.len) != 0) continue;
    bool before = at > 0 && name_char(fault.ptr[at - 1]), after = at + column.len < fault.len && name_char(fault.ptr[at + column.len]);
    if (!before && !after) return true;
  }
  return false;
}

static void by_policy(const Request *rq, Json *o, Str what) {
  Arena *m = rq->mem;
  PUT(o, "origin", what);
  PUT(o, "who", S("政策发布的编辑人员改政策包，核准后发布新版本"));
  if (request_has_role(rq, POLICY_ROLES)) PUT(o, "href", S("/adm/policy"));
}

static void by_applicant(const Request *rq, Json *o, Str label, int stage) {
  Arena *m = rq->mem;
  Str form = stage ? arena_fmt(m, "第 %d 阶段申请表", stage) : S("项目登记");
  PUT(o, "origin", arena_fmt(m, "申请人在%.*s填写的“%.*s”", SFMT(form), SFMT(label)));
  PUT(o, "who", stage ? S("申请人在“我的项目”里改这份申请表：还没有受理的，由综合窗口要求补正；已经受理的，在下一阶段的申请表里更正，或者撤回后重新申报")
                      : S("登记时定下，不能在原件上改：由申请人撤回项目后重新登记，或者与对接方商定"));
}

/* The form in which a fact is asked for: the first that has it. */
static int form_of(const Policy *p, Str name, const Field **field) {
  for (int n = 0; n <= STAGE_MAX; n++)
    if ((*field = policy_field(p, n, name)) != NULL && n) return n;
  *field = policy_field(p, 0, name);
  return 0;
}

static void origin_put(const Request *rq, Json *o, const SpglColumn *c) {
  Arena *m = rq->mem;
  const Field *f = NULL;
  Str of = S(""), name = S("");
  if (!c->from.len) {
    by_policy(rq, o, S("政策包数据交换表（exchange.yaml）里的固定值"));
    return;
  }
  str_cut(c->from, '.', &of, &name);
  if (str_eqz(of, "fact")) {
    int stage = form_of(rq->app->policy, name, &f);
    by_applicant(rq, o, f ? f->label : c->label, stage);
  } else if (str_eqz(of, "project") || str_eqz(of, "owner")) by_applicant(rq, o, c->label, 0);
  else if (str_eqz(of, "flow") || str_eqz(of, "stage") || str_eqz(of, "item") || str_eqz(of, "unit")) by_policy(rq, o, S("政策包里的审批流程、阶段、事项和单位"));
  else {
    PUT(o, "origin", S("办理时的记录"));
    PUT(o, "who", S("承办单位在办件里办下一步或更正文书；已经发生的记录不能改，要由对接方说明怎样收"));
  }
  if (c->list.len) PUT(o, "list", c->list);
}

void view_origins(const Request *rq, Json *view, Str table, const Json *row, Str fault) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("origins"));
  for (size_t i = 0; i < p->spgl.column_count; i++) {
    const SpglColumn *c = &p->spgl.columns[i];
    if (!spgl_of(c->at, table) || !(names(fault, spgl_short(c->at)) || str_has(fault, c->label))) continue;
    const Json *value = json_get(row, spgl_short(c->at));
    Json *o = json_push_obj(m, list);
    PUT(o, "column", spgl_short(c->at));
    PUT(o, "label", c->label);
    PUT(o, "value", !value ? S("") : value->kind == JSON_INT ? arena_fmt(m, "%lld", (long long)value->num) : value->str);
    origin_put(rq, o, c);
  }
}

/* ---- a letter --------------------------------------------------------------------------------------------------------- */

static bool says(Str fault, const char *const *words) {
  for (; *words; words++)
    if (str_has(fault, str_of(*words))) return true;
  return false;
}

void view_letter_origin(const Request *rq, Json *view, Str account, bool project, bool mail, Str fault) {
  static const char *const to[] = {"550", "551", "553", "501", "ddress", "ailbox", "ecipient", "ser unknown", "地址", "邮箱", "号码", "收件", "空号", NULL};
  static const char *const text[] = {"554", "552", "ontent", "pam", "olicy", "ignature", "emplate", "内容", "签名", "模板", "敏感", NULL};
  Arena *m = rq->mem;
  bool content = says(fault, text), address = !content && says(fault, to);
  Json *list = json_put_arr(m, view, S("origins"));
  if (address || !content) {
    Json *o = json_push_obj(m, list);
    PUT(o, "label", mail ? S("收件邮箱") : S("收件电话"));
    PUT(o, "origin", project ? S("项目登记的联系人") : S("账号本人在“接收消息的邮箱、电话”里填写的"));
    PUT(o, "who", project ? S("申请人在“我的项目”里改联系人，或在“接收消息的邮箱、电话”（/msg/contact）里写上自己的") : arena_fmt(m, "账号 %.*s 本人登录后在“接收消息的邮箱、电话”（/msg/contact）里改；系统管理员看不到、也不能代改", SFMT(account)));
  }
  if (content || !address) {
    Json *o = json_push_obj(m, list);
    PUT(o, "label", S("标题和正文"));
    PUT(o, "origin", S("政策包的告知模板（notices.yaml），填上这件事的名称和时间"));
    PUT(o, "who", S("政策发布的编辑人员改模板，核准后发布新版本；以后的告知才用新的文字，已经生成的这一条不变"));
    if (request_has_role(rq, POLICY_ROLES)) PUT(o, "href", S("/adm/policy"));
  }
  PUT_BOOL(view, "refused_known", content || address);
}
