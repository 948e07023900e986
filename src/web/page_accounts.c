/* SPDX-License-Identifier: Apache-2.0 */
/* page_accounts.c: the administrator's list of accounts 账号: looked for by what one knows of a person, 50 at a time; and one
 * account, disabled 停用 with a reason after seeing what hangs on it. */
#include "org/access.h"
#include "org/staff.h"
#include "web/forms.h"
#include "web/web_int.h"

enum { ACCOUNTS_SHOWN = 50, BECAME_SHOWN = 3 };

/* ?2: the codes of units whose name has the word, between commas: names are in the package, not in the table. */
#define ACCOUNTS_FIT                                                                                                   \
  "(?1 = '' OR id LIKE '%' || ?1 || '%' OR name LIKE '%' || ?1 || '%' OR org_name LIKE '%' || ?1 || '%' OR ?2 LIKE '%,' || unit || ',%')" \
  " AND (?3 = '' OR (?3 = 'off') = (disabled <> 0))"
static const Sql sql_accounts = {"web.accounts", "sssii", "sssssi",
                                 "SELECT id, name, unit, roles, org_name, disabled FROM account WHERE " ACCOUNTS_FIT
                                 " ORDER BY id LIMIT ?4 OFFSET ?5"};
static const Sql sql_count = {"web.account_count", "sss", "i", "SELECT count(*) FROM account WHERE " ACCOUNTS_FIT};

static Str units_named(Request *rq, Str word) {
  const Policy *p = rq->app->policy;
  Str codes = S(",");
  for (size_t i = 0; word.len && i < p->unit_count; i++)
    if (str_has(p->units[i].name, word)) codes = arena_fmt(rq->mem, "%.*s%.*s,", SFMT(codes), SFMT(p->units[i].code));
  return codes;
}

/* Who disabled it, when and why: in the account itself, not in the table. */
static Code off_view(Cx *cx, Request *rq, Json *o, Str id) {
  Arena *m = rq->mem;
  const void *state = NULL;
  int64_t seq;
  TRY(reader_state(cx, rq->rd, arena_fmt(m, "user/%.*s", SFMT(id)), &state, &seq));
  const User *u = state;
  PUT_BOOL(o, "disabled", u->disabled);
  if (!u->disabled) return OK;
  PUT(o, "off_by", arena_str(m, u->off_by));
  PUT(o, "off_reason", arena_str(m, u->off_reason));
  PUT(o, "off_at", time_cn(m, u->off_at));
  return OK;
}

static Code account_view(Cx *cx, const Request *rq, Rows *rows, Json *o) {
  Arena *m = rq->mem;
  Str id = row_s(cx, rows, 0), org = row_s(cx, rows, 4);
  uint32_t roles = 0;
  TRY(roles_parse(cx, row_s(cx, rows, 3), &roles));
  PUT(o, "id", id);
  PUT(o, "name", row_s(cx, rows, 1));
  PUT(o, "unit_name", org.len ? org : unit_name(rq->app->policy, row_s(cx, rows, 2)));
  PUT(o, "role_names", role_labels(m, roles));
  PUT_BOOL(o, "disabled", row_i(rows, 5) != 0);
  PUT_BOOL(o, "self", str_eq(id, rq->who->id));
  return OK;
}

/* What became of what one asked for oneself. */
static Code asked_view(Cx *cx, Request *rq, Json *view) {
  size_t n = 0;
  int64_t total = 0;
  TRY(view_access(cx, rq, view, "asked", &(AccessFilter){.waiting = true, .by = rq->who->id, .limit = 1}, &n, &total));
  json_put_int(rq->mem, view, S("asked_total"), total);
  return view_access(cx, rq, view, "became", &(AccessFilter){.over = true, .by = rq->who->id, .limit = BECAME_SHOWN}, &n, &total);
}

static Code page_accounts(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  SCOPED(rows_drop) Rows *rows = NULL;
  Str q = str_trim(request_arg(rq, S("q"))), status = request_arg(rq, S("status")), units = units_named(rq, q);
  size_t from = from_of(rq), n = 0;
  int64_t total = 0;
  rp->title = tr(rq->lang, S("账号"));
  rp->view = json_obj(m);
  PUT(rp->view, "q", q);
  PUT(rp->view, "status", status);
  PUT_INT(rp->view, "skip", (int64_t)from);
  TRY(outbox_alarm(cx, rq, rp->view));
  TRY(asked_view(cx, rq, rp->view));
  Json *list = json_put_arr(m, rp->view, S("accounts"));
  Db *db = reader_views(rq->rd);
  TRY(db_int(cx, db, &sql_count, VALS(val_s(q), val_s(units), val_s(status)), 0, &total));
  TRY(db_rows(cx, db, &sql_accounts, VALS(val_s(q), val_s(units), val_s(status), val_i(ACCOUNTS_SHOWN), val_i((int64_t)from)), &rows));
  for (; rows_next(rows); n++) TRY(account_view(cx, rq, rows, json_push_obj(m, list)));
  TRY(rows_end(cx, rows));
  for (Json *o = list->first; o; o = o->next)
    if (json_bool(o, S("disabled"))) TRY(off_view(cx, rq, o, json_str(o, S("id"))));
  view_pages(rq, rp->view, from, n, ACCOUNTS_SHOWN, total);
  return OK;
}

/* ---- one account ---------------------------------------------------------------------------------- */

static const FormField off_fields[] = {{"reason", "text", "为什么停用", "如 调离、退休、口令可能泄露；账号名单里会写着", false}};
enum { DISABLE, ENABLE, FIRST, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "disable", .command = "user.disable", .title = "停用", .button = "停用这个账号", FIELDS(off_fields), .note = "停用后立即不能登录和办理；办过的事都在。以后可以恢复。"},
    {.act = "enable", .command = "user.enable", .title = "恢复", .button = "恢复这个账号", .fields = NULL, .count = 0, .note = "恢复后可以用原来的口令登录。"},
    {.act = "password", .command = "user.set-password", .title = "初始口令", .button = "发初始口令", .fields = NULL, .count = 0,
     .note = "系统随机生成一个，只显示一次，请当面或打电话告诉本人；他在各处的登录随即退出，第一次登录要改成自己的。"}};

static const Sql sql_mates = {"web.account_mates", "ss", "i", "SELECT count(*) FROM account WHERE unit = ?1 AND disabled = 0 AND id <> ?2"};

/* What hangs on it: work goes to units, so whether anybody else is left there; what is the person's own. */
static Code desk_view(Cx *cx, Request *rq, Json *view, const User *u) {
  Arena *m = rq->mem;
  int64_t mates = 0, live = 0, projects = 0;
  if (u->unit.len) {
    LampCount open = {0};
    TRY(items_count(cx, rq->rd, rq->app->policy, u->unit, rq->now, &open));
    TRY(db_int(cx, reader_views(rq->rd), &sql_mates, VALS(val_s(u->unit), val_s(u->id)), 0, &mates));
    PUT_BOOL(view, "window", str_eq(u->unit, rq->app->policy->window_unit)); /* its work is stages, which wait for whoever comes first */
    PUT_INT(view, "open", open.all);
    PUT_INT(view, "overdue", open.red);
    PUT_INT(view, "mates", mates);
  }
  if (u->roles & ROLE_APPLICANT) {
    ProjectRow *rows = NULL;
    size_t n = 0;
    ProjectFilter f = {.applicant = u->id, .uscc = u->org_uscc, .limit = 1};
    TRY(projects_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &projects));
    PUT_INT(view, "projects", projects);
  }
  for (size_t i = 0; i < u->grant_count; i++) live += grant_live(&u->grants[i], day_of(rq->now));
  PUT_INT(view, "grants", live);
  PUT_INT(view, "token_count", (int64_t)u->token_count);
  PUT_BOOL(view, "seated", u->seat.post.len > 0);
  return OK;
}

/* "pending": what is asked for about this account and waits for consent. */
static Code pending_view(Cx *cx, Request *rq, Json *view, Str id) {
  enum { LOOKED = 100 };
  Arena *m = rq->mem;
  Access *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(access_list(cx, reader_views(rq->rd), &(AccessFilter){.waiting = true, .limit = LOOKED}, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("pending"));
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(rows[i].account, id)) continue;
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "asked_no", rows[i].no);
    PUT(o, "asked_by", rows[i].by_name);
    PUT(o, "asked_roles", role_labels(m, rows[i].roles));
  }
  return OK;
}

static Code page_account(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const void *state = NULL;
  int64_t seq;
  TRY(reader_state(cx, rq->rd, arena_fmt(m, "user/%.*s", SFMT(rq->params[0])), &state, &seq));
  const User *u = state;
  Str id = arena_str(m, u->id);
  bool self = str_eq(id, rq->who->id), disabled = u->disabled;
  rp->title = arena_fmt(m, "账号 %.*s：%.*s", SFMT(id), SFMT(u->name));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/adm/users/%.*s", SFMT(id)));
  PUT(rp->view, "id", id);
  PUT(rp->view, "name", arena_str(m, u->name));
  PUT(rp->view, "unit_name", u->org_name.len ? arena_str(m, u->org_name) : unit_name(rq->app->policy, arena_str(m, u->unit)));
  PUT(rp->view, "role_names", role_labels(m, u->roles));
  PUT(rp->view, "created", time_cn(m, u->created));
  PUT_BOOL(rp->view, "self", self);
  PUT_BOOL(rp->view, "no_password", !u->password_ref.len);
  PUT_BOOL(rp->view, "initial", u->initial);
  bool three = u->roles & (ROLE_SYSADMIN | ROLE_SECADMIN | ROLE_AUDITOR), bare = !u->password_ref.len;
  PUT_BOOL(rp->view, "three", three);
  TRY(desk_view(cx, rq, rp->view, u));
  TRY(off_view(cx, rq, rp->view, id));
  TRY(pending_view(cx, rq, rp->view, id));
  bool first = !self && !three && !disabled;
  if (first && bare) form_put_act(rq, rp->view, &acts[FIRST]); /* that is what has to be done with it */
  if (!self) form_put_act(rq, rp->view, &acts[disabled ? ENABLE : DISABLE]);
  if (first && !bare) form_put_act(rq, rp->view, &acts[FIRST]);
  return OK;
}

/* The page with the password on it, once; a second click does not show it again. */
static void after_first(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str here = arena_fmt(rq->mem, "/adm/users/%.*s", SFMT(rq->params[0]));
  if (result->code != OK || result->repeated) {
    after_or_again(cx, rq, result, rp, here, page_account, "account");
    if (result->code == DENIED) rp->status = 403;
    return;
  }
  rp->tmpl = "account";
  if (page_account(cx, rq, rp) == OK) json_put_str(rq->mem, rp->view, S("password"), first_password(rq));
}

static Code post_account(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  Arena *m = rq->mem;
  Str id = rq->params[0];
  TRY(form_act(cx, rq, acts, ACTS, &a));
  if (a == &acts[FIRST]) {
    reply_first_password(rq, rp, after_first);
    return OK;
  }
  if (a == &acts[DISABLE] && !request_arg(rq, S("reason")).len) {
    TRY(page_account(cx, rq, rp));
    rp->tmpl = "account";
    form_fault(rq, rp, a, S("reason"), S("请写明为什么停用"));
    return OK;
  }
  form_send(rq, rp, a, arena_fmt(m, "user/%.*s", SFMT(id)), form_args(rq, a), arena_fmt(m, "/adm/users?q=%.*s", SFMT(url_encode(m, id))), page_account, "account");
  return OK;
}

const Route account_routes[] = {
    {.method = GET, .path = "/adm/users", .allow = ROLE_SYSADMIN, .run = page_accounts, .tmpl = "accounts",
     .section = "admin", .compact = true, .help = "账号名单：按账号、姓名、单位查找。"},
    {.method = GET, .path = "/adm/users/{id}", .allow = ROLE_SYSADMIN, .run = page_account, .tmpl = "account", .section = "admin",
     .compact = true, .help = "一个账号：是谁、角色、手上有什么，停用或恢复。"},
    {.method = POST, .path = "/adm/users/{id}", .allow = ROLE_SYSADMIN, .run = post_account, .section = "admin",
     .compact = true, .help = "停用账号（写明理由）、恢复账号，或者发初始口令。"},
    {.method = GET, .path = "/adm/users/{id}/tokens", .allow = ROLE_SYSADMIN, .run = page_tokens, .tmpl = "tokens",
     .section = "admin", .compact = true, .help = "一个账号的接口令牌。"},
    {.method = POST, .path = "/adm/users/{id}/tokens", .allow = ROLE_SYSADMIN, .run = post_tokens, .section = "admin",
     .compact = true, .help = "发令牌或收回令牌；令牌只显示一次。"},
    {.path = NULL},
};
