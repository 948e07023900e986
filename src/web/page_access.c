/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_access.c: 审批授权: what 系统管理员 asks for (a new account, other roles), and what 安全管理员 says to it. The home of
 * 安全管理员; whoever consents sees what each role allows.
 */
#include "approval/personal.h"
#include "org/access.h"
#include "org/kit.h"
#include "web/forms.h"
#include "web/web_int.h"

enum { ROWS = 50, WAITING_SHOWN = 100, REFUSALS_SEEN = 200 };
#define CONSENT (ROLE_SYSADMIN | ROLE_SECADMIN)

/* ---- what is asked for ------------------------------------------------------------------------------------- */

static Str place_of(const Request *rq, const Access *a) {
  return a->org_name.len ? a->org_name : unit_name(rq->app->policy, a->unit);
}

static void access_view(const Request *rq, Json *o, const Access *a) {
  Arena *m = rq->mem;
  PUT_INT(o, "no", a->no);
  PUT(o, "account", arena_str(m, a->account));
  PUT(o, "name", arena_str(m, a->name));
  PUT_BOOL(o, "fresh", a->fresh);
  PUT(o, "role_names", role_labels(m, a->roles));
  PUT(o, "unit_name", arena_str(m, place_of(rq, a)));
  PUT(o, "by", arena_str(m, a->by_name));
  PUT(o, "at", time_cn(m, a->at));
  PUT(o, "status", access_label(a->status));
  PUT_BOOL(o, "waiting", a->status == ACCESS_WAITING);
  PUT_BOOL(o, "approved", a->status == ACCESS_APPROVED);
  PUT_BOOL(o, "mine", str_eq(a->by, rq->who->id));
  PUT(o, "end_by", arena_str(m, a->end_name));
  PUT(o, "end_reason", arena_str(m, a->end_reason));
  PUT(o, "ended", a->ended ? time_cn(m, a->ended) : S(""));
}

/* Approved, and nobody can log in with it yet. */
static Code lacks_password(Cx *cx, Request *rq, Json *o, const Access *a) {
  const void *state = NULL;
  int64_t seq;
  if (!a->fresh || a->status != ACCESS_APPROVED || !request_has_role(rq, ROLE_SYSADMIN)) return OK;
  TRY(reader_state(cx, rq->rd, arena_fmt(rq->mem, "user/%.*s", SFMT(a->account)), &state, &seq));
  json_put_bool(rq->mem, o, S("no_password"), !((const User *)state)->password_ref.len);
  return OK;
}

Code view_access(Cx *cx, Request *rq, Json *view, const char *key, const AccessFilter *f, size_t *shown, int64_t *total) {
  Access *rows = NULL;
  Json *list = json_put_arr(rq->mem, view, str_of(key));
  TRY(access_list(cx, reader_views(rq->rd), f, &rows, shown, total));
  for (size_t i = 0; i < *shown; i++) {
    Json *o = json_push_obj(rq->mem, list);
    access_view(rq, o, &rows[i]);
    TRY(lacks_password(cx, rq, o, &rows[i]));
  }
  return OK;
}

/* What else waits for a second person. */
static Code others_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("others"));
  Erasure *rows = NULL;
  const Book *calendar = NULL, *policy = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(erasures_list(cx, reader_views(rq->rd), &(ErasureFilter){.waiting = true, .limit = 1}, &rows, &n, &total));
  TRY(book_of(cx, rq, CALENDAR_STREAM, &calendar));
  TRY(book_of(cx, rq, POLICY_STREAM, &policy));
  const struct { bool there; const char *href; Str text; } all[] = {{total > 0, "/adm/personal", arena_fmt(m, "清除个人信息 %lld 份", (long long)total)},
                                                                    {book_waiting(calendar) != NULL, "/adm/calendar", S("日历变更")},
                                                                    {book_waiting(policy) != NULL, "/adm/policy", S("政策发布")}};
  for (size_t i = 0; i < COUNT(all); i++) {
    if (!all[i].there) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "href", str_of(all[i].href));
    PUT(o, "text", all[i].text);
  }
  return OK;
}

static Code page_list(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  size_t n = 0, from = from_of(rq);
  int64_t total = 0;
  rp->title = tr(rq->lang, S("审批授权"));
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "asks", request_has_role(rq, ROLE_SYSADMIN));
  TRY(view_access(cx, rq, rp->view, "waiting", &(AccessFilter){.waiting = true, .limit = WAITING_SHOWN}, &n, &total));
  PUT_INT(rp->view, "waiting_total", total);
  if (request_has_role(rq, ROLE_SECADMIN)) TRY(others_view(cx, rq, rp->view));
  TRY(view_access(cx, rq, rp->view, "over", &(AccessFilter){.over = true, .offset = from, .limit = ROWS}, &n, &total));
  view_pages(rq, rp->view, from, n, ROWS, total);
  return OK;
}

/* ---- one ------------------------------------------------------------------------------------------------------ */

static const FormField refuse_fields[] = {{"reason", "text", "驳回的理由", "系统管理员会看到，如 岗位还没有批、角色给多了", false}};
enum { APPROVE, REFUSE, WITHDRAW, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "approve", .command = "access.approve", .title = "批准", .button = "批准", .note = "批准后立即有效，日志里记着是谁申请、谁批准的。"},
    {.act = "refuse", .command = "access.refuse", .title = "驳回", .button = "驳回", FIELDS(refuse_fields)},
    {.act = "withdraw", .command = "access.withdraw", .title = "收回", .button = "收回这份申请", .note = "还没有审批的可以收回，改好再提。"}};

/* Which commands a role may send, by their names: from the table that decides it. */
static void commands_view(const Request *rq, Json *o, uint32_t role) {
  Arena *m = rq->mem;
  const CommandDecl *const *list = NULL;
  size_t n = runner_commands(rq->app->runner, &list), count = 0;
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, (size_t)1 << 16);
  for (size_t i = 0; i < n; i++) {
    if (!(list[i]->allow & role) || !list[i]->label || (list[i]->allow & ROLE_ANY_ACCOUNT) == ROLE_ANY_ACCOUNT) continue;
    buf_fmt(&b, "%s%s", count ? "、" : "", list[i]->label);
    count++;
  }
  PUT_INT(o, "command_count", (int64_t)count);
  PUT(o, "commands", arena_str(m, buf_str(&b)));
}

static void roles_view(const Request *rq, Json *view, const Access *a) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("roles"));
  uint32_t was = a->fresh ? 0 : a->was_roles;
  for (uint32_t bit = 1; bit < ROLE_SYSTEM; bit <<= 1) {
    if (!((a->roles | was) & bit)) continue;
    bool gone = !(a->roles & bit), added = !(was & bit);
    Json *o = json_push_obj(m, list);
    PUT(o, "label", role_label((Role)bit));
    PUT(o, "allows", role_allows((Role)bit));
    PUT_BOOL(o, "gone", gone);
    PUT_BOOL(o, "added", added);
    commands_view(rq, o, bit);
  }
}

/* What joins in one person: whoever consents reads it before the button. Pairs that the engine forbids come with its own sentence; an
 * earlier refusal of the same account or the same roles counts because somebody has said no to just that. */
static Code pairs_view(Cx *cx, Request *rq, Json *view, const Access *a) {
  static const uint32_t both = ROLE_CLERK | ROLE_WINDOW_HEAD;
  Arena *m = rq->mem;
  Access *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (a->status != ACCESS_WAITING) return OK;
  PUT_BOOL(view, "drafts_and_signs", (a->roles & both) == both);
  Json *list = json_put_arr(m, view, S("refusals"));
  TRY(access_list(cx, reader_views(rq->rd), &(AccessFilter){.over = true, .limit = REFUSALS_SEEN}, &rows, &n, &total));
  for (size_t i = 0; i < n; i++) {
    if (rows[i].status != ACCESS_REFUSED || (rows[i].roles & a->roles) != rows[i].roles) continue;
    if (!(rows[i].roles & (rows[i].roles - 1)) && !str_eq(rows[i].account, a->account)) continue; /* one role alone, of somebody else: says nothing of a pair */
    access_view(rq, json_push_obj(m, list), &rows[i]);
  }
  return OK;
}

static Code one_of(Cx *cx, Request *rq, const Access **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rq->rd, "access", rq->params[0], "份申请", &state));
  *out = state;
  return OK;
}

static Code page_one(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Access *a = NULL;
  TRY(one_of(cx, rq, &a));
  const char *what = a->fresh ? "建账号" : "改角色和单位";
  bool waits = a->status == ACCESS_WAITING, mine = str_eq(a->by, rq->who->id), own = str_eq(a->account, rq->who->id);
  rp->title = arena_fmt(m, "第 %lld 号申请：给%.*s%s", (long long)a->no, SFMT(a->name), what);
  rp->view = json_obj(m);
  access_view(rq, rp->view, a);
  PUT(rp->view, "path", arena_fmt(m, "/adm/access/%lld", (long long)a->no));
  PUT(rp->view, "reason", arena_str(m, a->reason));
  PUT(rp->view, "org_uscc", arena_str(m, a->org_uscc));
  PUT_BOOL(rp->view, "admin", a->roles & (ROLE_SYSADMIN | ROLE_SECADMIN | ROLE_AUDITOR));
  if (!a->fresh && !str_eq(a->unit, a->was_unit)) PUT(rp->view, "was_unit", a->was_unit.len ? unit_name(rq->app->policy, arena_str(m, a->was_unit)) : S("没有单位"));
  roles_view(rq, rp->view, a);
  TRY(lacks_password(cx, rq, rp->view, a));
  PUT_BOOL(rp->view, "own", own);
  TRY(pairs_view(cx, rq, rp->view, a));
  if (waits && request_has_role(rq, ROLE_SECADMIN) && !mine && !own) {
    form_put_act(rq, rp->view, &acts[APPROVE]);
    form_put_act(rq, rp->view, &acts[REFUSE]);
  }
  if (waits && mine) form_put_act(rq, rp->view, &acts[WITHDRAW]);
  return OK;
}

static Code post_one(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *f = NULL;
  Arena *m = rq->mem;
  TRY(form_act(cx, rq, acts, ACTS, &f));
  Str stream = arena_fmt(m, "access/%.*s", SFMT(rq->params[0]));
  form_send(rq, rp, f, stream, form_args(rq, f), arena_fmt(m, "/adm/access/%.*s", SFMT(rq->params[0])), page_one, "access_one");
  return OK;
}

/* ---- asking -------------------------------------------------------------------------------------------------------- */

static const FormField new_fields[] = {{"id", "text", "账号", "登录用：小写字母开头，2 到 40 位，小写字母、数字、点、横线", false},
                                       {"name", "text", "姓名", NULL, false},
                                       {"roles", "checks", "角色", "只选这个人的工作要用的；三员（系统、安全、审计管理员）各自只能选一个，也不能兼业务角色", false},
                                       {"unit", "select", "单位", "办理业务的角色要有单位；县（市）区也在里面。领导、三员、对接方和申请人不选", true},
                                       {"org_name", "text", "所代表的企业", "只有申请人要填", true},
                                       {"org_uscc", "text", "企业的统一社会信用代码", "只有申请人要填，18 位", true},
                                       {"reason", "text", "为什么要建", "安全管理员据此审批，如 接替调离的某人，某月某日起上岗", false}};
static const FormAct new_act = {.act = "create", .command = "access.create", .title = "新账号", .button = "提交安全管理员审批", FIELDS(new_fields),
                                .note = "批准以前不起作用。批准以后由您发初始口令，本人第一次登录要改。"};
static const FormField role_fields[] = {{"roles", "checks", "改好以后的角色", "选上的都有，没选的收回", false},
                                        {"unit", "select", "改好以后的单位", "办理业务的角色要有单位；县（市）区也在里面", true},
                                        {"reason", "text", "为什么要改", "安全管理员据此审批", false}};
static const FormAct role_act = {.act = "change", .command = "access.change", .title = "改角色和单位", .button = "提交安全管理员审批", FIELDS(role_fields),
                                 .note = "批准以前一切照旧；批准后立即有效，不用重新登录。"};

static void choices_put(Request *rq, Json *form) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  for (uint32_t bit = 1; bit < ROLE_SYSTEM; bit <<= 1) {
    Str label = role_label((Role)bit), allows = role_allows((Role)bit);
    form_choice(rq, form, "roles", role_text((Role)bit), arena_fmt(m, "%.*s：%.*s", SFMT(label), SFMT(allows)));
  }
  for (size_t i = 0; i < p->unit_count; i++) form_choice(rq, form, "unit", p->units[i].code, p->units[i].name);
}

/* The roles that were ticked, as the command has them: "clerk,window_head". */
static Json *asked_args(Request *rq, const FormAct *f) {
  Arena *m = rq->mem;
  Json *args = form_args(rq, f);
  const Json *list = json_get(args, S("roles"));
  Str text = S("");
  for (const Json *x = list ? list->first : NULL; x; x = x->next) text = arena_fmt(m, "%.*s%s%.*s", SFMT(text), text.len ? "," : "", SFMT(x->str));
  Json *out = json_obj(m);
  for (const Json *x = args->first; x; x = x->next)
    if (!str_eqz(x->key, "roles")) json_put_str(m, out, x->key, x->str);
  if (text.len) PUT(out, "roles", text); /* none: the command says so, with all else that is missing */
  return out;
}

static Code page_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  (void)cx;
  rp->title = S("申请建账号");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/adm/access/new"));
  PUT(rp->view, "back", S("/adm/access"));
  PUT(rp->view, "back_text", S("返回审批授权"));
  choices_put(rq, form_put_act(rq, rp->view, &new_act));
  return OK;
}

static Code post_new(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &new_act, S(""), asked_args(rq, &new_act), S("/adm/access/"), page_new, "early_form");
  return OK;
}

static Code page_roles(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const void *state = NULL;
  int64_t seq;
  TRY(reader_state(cx, rq->rd, arena_fmt(m, "user/%.*s", SFMT(rq->params[0])), &state, &seq));
  const User *u = state;
  Str id = arena_str(m, u->id), unit = arena_str(m, u->unit);
  uint32_t roles = u->roles;
  rp->title = arena_fmt(m, "申请改 %.*s（%.*s）的角色和单位", SFMT(id), SFMT(u->name));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/adm/users/%.*s/roles", SFMT(id)));
  PUT(rp->view, "back", arena_fmt(m, "/adm/users/%.*s", SFMT(id)));
  PUT(rp->view, "back_text", S("返回账号"));
  Json *form = form_put_act(rq, rp->view, &role_act);
  choices_put(rq, form);
  if (rq->method == POST) return OK;
  for (Json *f = ((Json *)(uintptr_t)json_get(form, S("fields")))->first; f; f = f->next) {
    const Json *list = json_get(f, S("choices"));
    for (Json *c = list ? list->first : NULL; c; c = c->next)
      if (role_parse(json_str(c, S("value"))) & roles || (str_eqz(json_str(f, S("bare")), "unit") && str_eq(json_str(c, S("value")), unit))) PUT_BOOL(c, "chosen", true);
  }
  return OK;
}

static Code post_roles(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  Json *args = asked_args(rq, &role_act);
  json_put_str(rq->mem, args, S("id"), rq->params[0]);
  form_send(rq, rp, &role_act, S(""), args, S("/adm/access/"), page_roles, "early_form");
  return OK;
}

const Route access_routes[] = {
    {.method = GET, .path = "/adm/access", .allow = CONSENT, .run = page_list, .tmpl = "access", .section = "access", .compact = true,
     .help = "审批授权：账号和角色的申请，等待审批的和办过的。"},
    {.method = GET, .path = "/adm/access/new", .allow = ROLE_SYSADMIN, .run = page_new, .tmpl = "early_form", .section = "access", .compact = true,
     .help = "申请建账号，由安全管理员审批。"},
    {.method = POST, .path = "/adm/access/new", .allow = ROLE_SYSADMIN, .run = post_new, .section = "access", .compact = true, .help = "提交建账号的申请。"},
    {.method = GET, .path = "/adm/access/{no}", .allow = CONSENT, .run = page_one, .tmpl = "access_one", .section = "access", .compact = true,
     .help = "一份申请：给谁、什么角色、这些角色能做什么，批准或驳回。"},
    {.method = POST, .path = "/adm/access/{no}", .allow = CONSENT, .run = post_one, .section = "access", .compact = true,
     .help = "安全管理员批准，或写明理由驳回；提出的人收回。"},
    {.method = GET, .path = "/adm/users/{id}/roles", .allow = ROLE_SYSADMIN, .run = page_roles, .tmpl = "early_form", .section = "admin", .compact = true,
     .help = "申请改一个账号的角色和单位，由安全管理员审批。"},
    {.method = POST, .path = "/adm/users/{id}/roles", .allow = ROLE_SYSADMIN, .run = post_roles, .section = "admin", .compact = true,
     .help = "提交改角色和单位的申请。"},
    {.path = NULL},
};
