/* SPDX-License-Identifier: Apache-2.0 */
/* page_public.c: pages for everybody: guides, limits, clauses, tracking, an applicant's account. */
#include "approval/receipt.h"
#include "policy/when.h"
#include "web/page_accept.h"
#include "web/page_open.h"
#include "web/web_int.h"

void view_stage_limits(Arena *m, const Policy *p, Json *o, int n) {
  int low = 0, high = 0;
  for (size_t i = 0; i < p->category_count; i++) {
    int limit = p->categories[i].limit[n];
    if (limit && (!low || limit < low)) low = limit; /* 0: the category has no such stage */
    if (limit > high) high = limit;
  }
  PUT_INT(o, "n", n);
  PUT(o, "name", p->stages[n].name);
  PUT(o, "lead", unit_name(p, p->stages[n].lead));
  PUT(o, "certificate", p->stages[n].certificate);
  PUT_INT(o, "low", low);
  PUT_INT(o, "high", high);
  view_source(m, o, p->stages[n].source);
}

static Code page_time(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  rp->title = tr(rq->lang, S("各类别审批时限"));
  rp->view = json_obj(m);
  TRY(view_in_force(cx, rq, rp->view));
  Json *stages = json_put_arr(m, rp->view, S("stages"));
  for (int n = 1; n <= STAGE_MAX; n++) view_stage_limits(m, p, json_push_obj(m, stages), n);
  Json *list = json_put_arr(m, rp->view, S("categories"));
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    Json *o = json_push_obj(m, list);
    PUT(o, "code", c->code);
    PUT(o, "name", c->name);
    PUT(o, "qualifier", c->qualifier);
    PUT_INT(o, "total", c->total);
    Json *limits = json_put_arr(m, o, S("limits"));
    for (int n = 1; n <= STAGE_MAX; n++) {
      Json *l = json_push_obj(m, limits);
      PUT_INT(l, "days", c->limit[n]);
    }
    view_source(m, o, c->source);
  }
  rp->cache = true;
  return OK;
}

static void guide_items(Arena *m, const Policy *p, Json *view, int n) {
  Json *list = json_put_arr(m, view, S("items"));
  for (size_t i = 0; i < p->item_count; i++)
    if (p->items[i].stage == n) view_catalogue_item(m, p, json_push_obj(m, list), &p->items[i]);
}

static Code page_guide(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  int64_t n;
  if (!str_to_i64(rq->params[0], &n) || n < 1 || n > STAGE_MAX) FAIL(NOT_FOUND, "没有这个阶段的办事指南，共有四个阶段。");
  rp->title = arena_fmt(m, "%.*s%.*s", SFMT(tr(rq->lang, p->stages[n].name)), SFMT(tr(rq->lang, S("阶段办事指南"))));
  rp->view = json_obj(m);
  PUT_INT(rp->view, "n", n);
  PUT_INT(rp->view, "previous", n - 1);
  PUT(rp->view, "name", p->stages[n].name);
  PUT(rp->view, "lead", unit_name(p, p->stages[n].lead));
  PUT(rp->view, "certificate", p->stages[n].certificate);
  PUT(rp->view, "remedy", p->remedy);
  PUT(rp->view, "version", p->version);
  view_contact(m, p, rp->view, p->window_unit);
  view_source(m, rp->view, p->stages[n].source);
  guide_items(m, p, rp->view, (int)n);
  Json *list = json_put_arr(m, rp->view, S("materials"));
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *material = &p->materials[i];
    if (!policy_material_of(material, (int)n)) continue;
    Json *o = json_push_obj(m, list);
    view_material(m, o, material, policy_material_when(m, p, material, (int)n, S(""), NULL));
    PUT_INT(o, "from", material->stage != n ? material->stage : 0);
  }
  Json *limits = json_put_arr(m, rp->view, S("limits"));
  for (size_t i = 0; i < p->category_count; i++) {
    Json *o = json_push_obj(m, limits);
    PUT(o, "name", p->categories[i].name);
    PUT_INT(o, "days", p->categories[i].limit[n]);
    view_source(m, o, p->categories[i].source);
  }
  rp->cache = true;
  return OK;
}

static Code page_clause(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Clause *c = policy_clause(rq->app->policy, rq->params[0]);
  if (!c) FAIL(NOT_FOUND, "没有编号为 %.*s 的条款。", SFMT(rq->params[0]));
  rp->title = str_eq(rq->lang, S("en")) ? arena_fmt(m, "%.*s %.*s", SFMT(tr(rq->lang, S("条款编号"))), SFMT(c->id))
                                       : arena_fmt(m, "%.*s %.*s", SFMT(c->doc), SFMT(c->number));
  rp->view = json_obj(m);
  PUT(rp->view, "id", c->id);
  PUT(rp->view, "doc", c->doc);
  PUT(rp->view, "number", c->number);
  PUT(rp->view, "text", c->text);
  TRY(view_clause_place(cx, rq, rp->view, c->id));
  rp->cache = true;
  return OK;
}

/* ---- tracking ---------------------------------------------------------------------------------- */

static Code page_track(Cx *cx, Request *rq, Reply *rp) {
  Str number = str_trim(utf8_halfwidth(rq->mem, request_arg(rq, S("no"))));
  rp->title = tr(rq->lang, S("查进度"));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("no"), number);
  json_put_str(rq->mem, rp->view, S("number_like"), project_number(rq->mem, NUMBER_LIKE));
  if (!number.len && json_get(rq->args, S("no"))) reply_error(rq, rp, S("no"), tr(rq->lang, S("请填写编号。它在回执上，也在每条消息里。")));
  if (!number.len) return OK;
  int64_t no;
  Code code = project_find(cx, rq->rd, number, &no);
  if (code == OK) {
    ReceiptNo r;
    Str receipt = receipt_number_read(rq->mem, number, &r) ? receipt_number(rq->mem, r) : S("");
    Str by = receipt.len ? arena_fmt(rq->mem, "?receipt=%.*s", SFMT(receipt)) : S("");
    reply_redirect(rp, arena_fmt(rq->mem, "/track/%.*s%.*s", SFMT(project_number(rq->mem, no)), SFMT(by)));
    return OK;
  }
  if (code != NOT_FOUND) return code;
  cx_clear(cx);
  if (str_has(number, S("-ZJ")) || str_has(number, S("-zj"))) { /* of a certificate: asked for there, with its code */
    reply_redirect(rp, arena_fmt(rq->mem, "/verify?number=%.*s", SFMT(url_encode(rq->mem, number))));
    return OK;
  }
  reply_error(rq, rp, S("no"), tr(rq->lang, S("没有找到这个编号。请核对回执上的办件编号、项目代码或回执号；办件编号的最后一位是校验码。")));
  return OK;
}

static Code page_parcel(Cx *cx, Request *rq, Reply *rp) {
  int64_t no;
  const Project *pr = NULL;
  Code code = project_find(cx, rq->rd, rq->params[0], &no);
  if (code == NOT_FOUND) cx_clear(cx); /* these words are better: they say what to do */
  if (code == NOT_FOUND) FAIL(NOT_FOUND, "没有找到编号 %.*s。请核对回执上的办件编号。", SFMT(rq->params[0]));
  TRY(code);
  TRY(project_load(cx, rq->rd, no, &pr));
  rp->title = arena_fmt(rq->mem, "%.*s %.*s", SFMT(tr(rq->lang, S("办件进度"))), SFMT(pr->number));
  rp->view = json_obj(rq->mem);
  Str receipt = request_arg(rq, S("receipt"));
  TRY(view_receipt_given(cx, rq, rp->view, pr, receipt.len ? utf8_halfwidth(rq->mem, receipt) : rq->params[0]));
  view_project(rq->mem, rq->app->policy, rp->view, pr, true);
  view_stages(rq, rp->view, pr, S(""), true);
  TRY(view_joint_turn(cx, rq, rp->view, pr));
  view_timeline(rq, rp->view, pr, true);
  return OK;
}

/* ---- an applicant's account -------------------------------------------------------------------- */

typedef struct SignUp { /* crosses to the worker thread: owns its memory */
  Arena *mem;
  Str password, hash;
} SignUp;

static void signup_hash(void *arg) {
  SignUp *s = arg;
  s->hash = password_hash(s->mem, s->password);
}

static Code page_signup(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  rp->title = tr(rq->lang, S("注册申请人账号"));
  rp->view = json_obj(rq->mem);
  return OK;
}

static void after_signup(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, S("/login?next=/my&new=1"), page_signup, "signup");
}

static Code signup_hashed(Cx *cx, Request *rq, void *arg, Reply *rp) {
  (void)cx;
  SignUp *s = arg;
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  Personal *secret = arena_array(m, Personal, 2);
  secret[0] = (Personal){.ref = personal_ref(m), .kind = S("password"),
                         .value = arena_str(m, s->hash)};
  secret[1] = (Personal){.ref = personal_ref(m), .kind = S("phone"),
                         .value = request_arg(rq, S("phone"))};
  arena_close(s->mem);
  PUT(args, "id", request_arg(rq, S("id")));
  PUT(args, "name", request_arg(rq, S("name")));
  PUT(args, "roles", S("applicant"));
  PUT(args, "org_name", request_arg(rq, S("org_name")));
  PUT(args, "org_uscc", utf8_halfwidth(m, request_arg(rq, S("org_uscc"))));
  PUT(args, "password_ref", secret[0].ref);
  PUT(args, "phone_ref", secret[1].ref);
  Command *c = reply_command(rq, rp, S("user.register"), S(""), args);
  c->personal = secret;
  c->personal_count = 2;
  rp->after = after_signup;
  return OK;
}

static void signup_check(Request *rq, Reply *rp) {
  static const struct { const char *field, *what; } needed[] = {
      {"id", N_("填写账号，小写字母开头，2 到 40 位字母、数字、点或横线")}, {"name", N_("填写您的姓名")},
      {"org_name", N_("填写您代表的企业或单位名称")}};
  for (size_t i = 0; i < COUNT(needed); i++)
    if (!request_arg(rq, str_of(needed[i].field)).len)
      reply_error(rq, rp, str_of(needed[i].field), tr(rq->lang, str_of(needed[i].what)));
  if (!uscc_valid(utf8_halfwidth(rq->mem, request_arg(rq, S("org_uscc")))))
    reply_error(rq, rp, S("org_uscc"), tr(rq->lang, S("填写 18 位统一社会信用代码，校验码要正确")));
  if (!phone_valid(request_arg(rq, S("phone"))))
    reply_error(rq, rp, S("phone"), tr(rq->lang, S("填写手机号码，或带区号的座机号码，如 0429-3112345")));
  Cx quiet = {.mem = rq->mem, .now = rq->now};
  if (password_check(&quiet, request_arg(rq, S("id")), request_arg(rq, S("password"))) != OK)
    reply_error(rq, rp, S("password"), quiet.detail);
}

static Code post_signup(Cx *cx, Request *rq, Reply *rp) {
  TRY(page_signup(cx, rq, rp));
  signup_check(rq, rp);
  if (reply_has_errors(rp)) {
    rp->tmpl = "signup";
    reply_keep(rq, rp);
    return OK;
  }
  Arena *own = arena_open((size_t)1 << 20);
  SignUp *s = arena_new(own, SignUp);
  s->mem = own;
  s->password = arena_str(own, request_arg(rq, S("password")));
  rp->view = NULL;
  reply_job(rp, JOB_SHORT, signup_hash, signup_hashed, s);
  return OK;
}

/* ---- standing pages ---------------------------------------------------------------------------- */

static Code page_standing(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  static const struct { const char *path, *title; } pages[] = {
      {"/a11y", N_("无障碍说明")}, {"/privacy", N_("隐私说明")}, {"/contact", N_("联系我们")},
      {"/sitemap", N_("网站地图")}, {"/error-report", N_("我为政府网站找错")}};
  rp->view = json_obj(rq->mem);
  for (size_t i = 0; i < COUNT(pages); i++)
    if (str_eqz(rq->path, pages[i].path)) {
      rp->title = tr(rq->lang, str_of(pages[i].title));
      json_put_str(rq->mem, rp->view, S("page"), str_sub(rq->path, 1, SIZE_MAX));
    }
  if (str_eqz(rq->path, "/sitemap")) view_sitemap(rq, rp->view);
  rp->cache = true;
  return OK;
}

#define STANDING(at, words)                                                                             \
  {.method = GET, .path = at, .allow = ROLE_PUBLIC, .run = page_standing, .tmpl = "standing", .section = "home", \
   .help = words, .hidden = true}
const Route page_routes[] = {
    {.method = GET, .path = "/s/time", .allow = ROLE_PUBLIC, .run = page_time, .tmpl = "time", .section = "guide",
     .help = "各类别、各阶段的时限，每个数字都连到条款。"},
    {.method = GET, .path = "/s/stage/{n}", .allow = ROLE_PUBLIC, .run = page_guide, .tmpl = "guide",
     .section = "guide", .help = "一个阶段的办事指南：事项、材料、依据、时限。"},
    {.method = GET, .path = "/screen/guide/{n}", .allow = ROLE_PUBLIC, .run = page_guide, .tmpl = "screen",
     .section = "guide", .help = "办事大厅屏幕上的阶段指南，与办事指南同源。"},
    {.method = GET, .path = "/clause/{id}", .allow = ROLE_PUBLIC, .run = page_clause, .tmpl = "clause",
     .section = "open", .help = "一条条款的原文。"},
    {.method = GET, .path = "/track", .allow = ROLE_PUBLIC, .run = page_track, .tmpl = "track", .section = "track",
     .help = "凭编号查进度。"},
    {.method = GET, .path = "/track/{number}", .allow = ROLE_PUBLIC, .run = page_parcel, .tmpl = "parcel",
     .section = "track", .help = "一个项目的公开进度，姓名和名称已脱敏。"},
    {.method = GET, .path = "/signup", .allow = ROLE_PUBLIC, .run = page_signup, .tmpl = "signup", .section = "home",
     .help = "注册申请人账号。", .hidden = true},
    {.method = POST, .path = "/signup", .allow = ROLE_PUBLIC, .run = post_signup, .section = "home",
     .help = "注册申请人账号。", .hidden = true},
    STANDING("/a11y", "无障碍说明。"),
    STANDING("/privacy", "隐私说明。"),
    STANDING("/contact", "联系方式。"),
    STANDING("/sitemap", "网站地图。"),
    STANDING("/error-report", "找错。"),
    {.path = NULL},
};
