/* SPDX-License-Identifier: Apache-2.0 */
/* page_credit_new.c: a unit enters what happened, the office proposes an entry of a list. */
#include "web/page_credit.h"

#define ENTERPRISE {"subject", "text", "企业名称", NULL, false}, {"uscc", "text", "统一社会信用代码", "18 位；名称要和代码在本系统里的企业一致", false}
#define PERSON                                                                                                                         \
  {"person", "text", "姓名", "个人信息，单独存放；页面和公示只显示姓", false}, {"registration", "text", "执业注册号", "没有它分不清同名的人", false}, \
      {"employer", "text", "任职企业", "统一社会信用代码；企业的信用另外记", true}, {"account", "text", "本系统的账号", "有账号的，本人可以在网上提出异议", true}
#define WHAT                                                                                                                              \
  {"fact", "long", "事实", "什么时候、在哪个项目、做了什么", false}, {"evidence", "long", "证据", "写在哪里，文书、照片的名称", false},                   \
      {"basis", "text", "依据", "从列表里选文件和条款，或者写条款里的几个字，如 完善申请人信用记录；别的法规写全名称和条", false}, {"decision", "text", "决定文号", "据以记录的决定", false}
static const FormField record_enterprise[] = {ENTERPRISE, WHAT}, record_person[] = {PERSON, WHAT};
static const FormField list_enterprise[] = {{"condition", "select", "列入的情形", "只列今天施行的情形", false}, ENTERPRISE, WHAT};
static const FormField list_person[] = {{"condition", "select", "列入的情形", "只列今天施行的情形", false}, PERSON, WHAT};
#define RECORD_NOTE "登记以后由市营商局的另一个人审核，审核以前不公布；主体看得到，可以提出异议。"
#define LIST_NOTE "提交就是告知主体；告知期满、没有等着答复的异议，才能列入；列入由另一位监督人员办理。"
static const FormAct acts[] = {
    {.act = "record-enterprise", .command = "credit.record", .title = "登记企业的失信行为", .button = "登记", FIELDS(record_enterprise), .note = RECORD_NOTE},
    {.act = "record-person", .command = "credit.record", .title = "登记从业人员的失信行为", .button = "登记", FIELDS(record_person), .note = RECORD_NOTE},
    {.act = "black-enterprise", .command = "credit.propose", .title = "拟将企业列入黑名单", .button = "告知并拟列入", FIELDS(list_enterprise), .note = LIST_NOTE},
    {.act = "black-person", .command = "credit.propose", .title = "拟将从业人员列入黑名单", .button = "告知并拟列入", FIELDS(list_person), .note = LIST_NOTE},
    {.act = "red-enterprise", .command = "credit.propose", .title = "拟将企业列入红名单", .button = "公示并拟列入", FIELDS(list_enterprise), .note = LIST_NOTE}};

static const FormAct *act_named(Str act) {
  for (size_t i = 0; i < COUNT(acts); i++)
    if (str_eqz(act, acts[i].act)) return &acts[i];
  return &acts[0];
}

static bool of_person(const FormAct *a) {
  return str_ends(str_of(a->act), S("person"));
}

static bool allowed(const Request *rq, const FormAct *a) {
  return !strcmp(a->command, "credit.record") || request_has_role(rq, ROLE_SUPERVISOR);
}

static Str list_of(const FormAct *a) {
  return str_starts(str_of(a->act), S("black")) ? S("black") : S("red");
}

static void conditions_choices(Request *rq, Json *form, const FormAct *a) {
  const Policy *p = rq->app->policy;
  for (size_t i = 0; i < p->condition_count; i++) {
    const ListCondition *c = &p->conditions[i];
    bool fits = str_eqz(c->subject, "any") || str_eqz(c->subject, "person") == of_person(a);
    if (fits && str_eq(c->list, list_of(a)) && policy_condition_on(c, day_of(rq->now))) form_choice(rq, form, "condition", c->code, c->name);
  }
}

Code page_credit_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = act_named(request_arg(rq, rq->method == POST ? S("act") : S("kind")));
  if (!allowed(rq, a)) FAIL(DENIED, "列入名单由市营商局办理；您单位可以登记失信行为。");
  rp->title = S("登记失信行为、拟列入名单");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/credit/new"));
  Json *kinds = json_put_arr(m, rp->view, S("kinds"));
  for (size_t i = 0; i < COUNT(acts); i++) {
    if (!allowed(rq, &acts[i])) continue;
    Json *o = json_push_obj(m, kinds);
    PUT(o, "act", str_of(acts[i].act));
    PUT(o, "title", str_of(acts[i].title));
    PUT_BOOL(o, "current", &acts[i] == a);
  }
  Json *form = form_put_act(rq, rp->view, a);
  form_offer_clauses(rq, form, "basis");
  if (a->fields[0].name == list_enterprise[0].name) conditions_choices(rq, form, a);
  return OK;
}

/* The name goes into the vault; the event has its reference. */
Code post_credit_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  TRY(form_act(cx, rq, acts, COUNT(acts), &a));
  Json *args = form_args(rq, a);
  Str typed = str_trim(request_arg(rq, S("basis"))), basis, wrong = typed.len ? clause_typed(m, rq->app->policy, typed, &basis) : S("");
  if (wrong.len) {
    TRY(page_credit_new(cx, rq, rp));
    rp->tmpl = "credit_new";
    form_fault(rq, rp, a, S("basis"), wrong);
    return OK;
  }
  if (typed.len) PUT(args, "basis", basis);
  Str name = str_trim(request_arg(rq, S("person")));
  PUT(args, "subject_kind", of_person(a) ? S("person") : S("enterprise"));
  if (strcmp(a->command, "credit.record") != 0) PUT(args, "list", list_of(a));
  Command *c = form_send(rq, rp, a, S(""), args, S("/w/credit/"), page_credit_new, "credit_new");
  if (!of_person(a) || !name.len) return OK;
  Personal *one = arena_array(m, Personal, 1);
  one[0] = (Personal){.ref = personal_ref(m), .kind = S("person"), .value = name};
  PUT(args, "person", one[0].ref);
  c->personal = one;
  c->personal_count = 1;
  return OK;
}
