/* SPDX-License-Identifier: Apache-2.0 */
/* page_pool.c: the roll of inspectors, for whom they stand aside, and the classes of enterprises. */
#include "web/page_random.h"

static const FormField add_fields[] = {{"person", "select", "检查人员", "本单位持有执法证的工作人员", false},
                                       {"cert", "text", "执法证号", NULL, false},
                                       {"avoid", "long", "回避的企业", "本人任职、有亲属任职或者有利害关系的企业，写统一社会信用代码，一行一个", true}};
static const FormField recuse_fields[] = {{"cert", "select", "检查人员", NULL, false},
                                          {"uscc", "text", "回避的企业", "统一社会信用代码，18 位", false},
                                          {"reason", "long", "理由", "至少 10 个字", false}};
static const FormField remove_fields[] = {{"cert", "select", "检查人员", NULL, false}, {"reason", "long", "理由", "至少 10 个字", false}};
static const FormField class_fields[] = {{"uscc", "text", "企业", "统一社会信用代码，18 位", false},
                                         {"class", "radio", "信用等级", "示例：不在红黑名单上的企业，由监督部门登记", false},
                                         {"basis", "text", "依据", "评级或者名单的名称和文号", false}};
enum { ADD, RECUSE, REMOVE, CLASS, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "add", .command = "pool.add-inspector", .title = "登记检查人员", .button = "登记", FIELDS(add_fields), .note = "已经登记的再登记一次，就是更正。"},
    {.act = "recuse", .command = "pool.recuse", .title = "登记回避", .button = "登记回避", FIELDS(recuse_fields), .note = "以后编制的名单不会把这家企业的项目抽给他。"},
    {.act = "remove", .command = "pool.remove-inspector", .title = "移出名录", .button = "移出", FIELDS(remove_fields)},
    {.act = "class", .command = "pool.set-class", .title = "登记信用等级", .button = "登记等级", FIELDS(class_fields)}};

static void inspectors_view(Request *rq, Json *view, const SpotPool *p) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("inspectors"));
  for (size_t i = 0; i < p->count; i++) {
    const Inspector *x = &p->list[i];
    if (!x->active) continue;
    Json *o = json_push_obj(m, list), *avoid = json_put_arr(m, o, S("avoid"));
    PUT(o, "cert", x->cert);
    PUT(o, "name", x->name);
    PUT(o, "unit_name", unit_name(rq->app->policy, x->unit));
    for (size_t k = 0; k < x->avoid_count; k++) json_push_str(m, avoid, x->avoid[k]);
  }
}

static void classes_view(Request *rq, Json *view, const SpotPool *p) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("classes"));
  for (size_t i = 0; i < p->class_count; i++) {
    const CreditClass *c = &p->classes[i];
    Json *o = json_push_obj(m, list);
    PUT(o, "uscc", c->uscc);
    PUT(o, "class", c->class);
    PUT(o, "basis", c->basis);
    PUT(o, "by", c->by);
    PUT(o, "at", day_str(m, day_of(c->at)));
  }
  PUT(view, "usual", rq->app->policy->spot_class);
  PUT(view, "black", rq->app->policy->credit_black);
  PUT(view, "red", rq->app->policy->credit_red);
}

static Code head_forms(Cx *cx, Request *rq, Json *view) {
  PersonRow *people = NULL;
  size_t n = 0;
  TRY(persons_list(cx, rq->rd, rq->who->unit, &people, &n));
  Json *form = form_put_act(rq, view, &acts[ADD]);
  for (size_t i = 0; i < n; i++) form_choice(rq, form, "person", people[i].id, people[i].name);
  return OK;
}

/* The head for everybody of the unit, an inspector for himself. */
static void own_form(Request *rq, Json *view, const SpotPool *p, const FormAct *a, bool head) {
  Json *form = NULL;
  for (size_t i = 0; i < p->count; i++) {
    const Inspector *x = &p->list[i];
    bool mine = str_eq(x->person, rq->who->id) || (head && str_eq(x->unit, rq->who->unit));
    if (!x->active || !mine) continue;
    if (!form) form = form_put_act(rq, view, a);
    form_choice(rq, form, "cert", x->cert, arena_fmt(rq->mem, "%.*s（%.*s）", SFMT(x->name), SFMT(x->cert)));
  }
}

Code page_pool(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const SpotPool *p = NULL;
  bool head = request_has_role(rq, ROLE_UNIT_HEAD) && rq->who->unit.len;
  TRY(pool_load(cx, rq->rd, &p));
  rp->title = S("检查人员名录");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/random/pool"));
  inspectors_view(rq, rp->view, p);
  classes_view(rq, rp->view, p);
  if (head) TRY(head_forms(cx, rq, rp->view));
  if (request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD)) own_form(rq, rp->view, p, &acts[RECUSE], head);
  if (head) own_form(rq, rp->view, p, &acts[REMOVE], true);
  if (request_has_role(rq, ROLE_SUPERVISOR)) {
    Json *form = form_put_act(rq, rp->view, &acts[CLASS]);
    for (size_t i = 0; i < 4; i++) form_choice(rq, form, "class", str_sub(S("ABCD"), i, 1), str_sub(S("ABCD"), i, 1));
  }
  return OK;
}

Code post_pool(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = form_args(rq, a);
  if (a == &acts[ADD]) {
    Str rest = request_arg(rq, S("avoid")), line;
    Json *avoid = json_put_arr(m, args, S("avoid"));
    while (rest.len) {
      str_cut(rest, '\n', &line, &rest);
      if (str_trim(line).len) json_push_str(m, avoid, str_trim(line));
    }
  }
  bool first = a == &acts[ADD] || a == &acts[CLASS];
  form_send(rq, rp, a, first ? S("") : POOL_STREAM, args, S("/w/random/pool"), page_pool, "random_pool");
  return OK;
}
