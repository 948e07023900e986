/* SPDX-License-Identifier: Apache-2.0 */
/* page_accounts.c: the administrator's list of accounts 账号: looked for by what one knows of a person, 50 at a time. */
#include "web/page.h"
#include "web/web_int.h"

enum { ACCOUNTS_SHOWN = 50 };

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
  Json *list = json_put_arr(m, rp->view, S("accounts"));
  Db *db = reader_views(rq->rd);
  TRY(db_int(cx, db, &sql_count, VALS(val_s(q), val_s(units), val_s(status)), 0, &total));
  TRY(db_rows(cx, db, &sql_accounts, VALS(val_s(q), val_s(units), val_s(status), val_i(ACCOUNTS_SHOWN), val_i((int64_t)from)), &rows));
  for (; rows_next(rows); n++) TRY(account_view(cx, rq, rows, json_push_obj(m, list)));
  TRY(rows_end(cx, rows));
  view_pages(rq, rp->view, from, n, ACCOUNTS_SHOWN, total);
  return OK;
}

static Code post_account(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  Arena *m = rq->mem;
  bool disable = str_eq(request_arg(rq, S("act")), S("disable"));
  reply_command(rq, rp, disable ? S("user.disable") : S("user.enable"), arena_fmt(m, "user/%.*s", SFMT(rq->params[0])), json_obj(m));
  reply_redirect(rp, arena_fmt(m, "/adm/users?q=%.*s&status=%.*s&from=%zu", SFMT(url_encode(m, request_arg(rq, S("q")))),
                               SFMT(url_encode(m, request_arg(rq, S("status")))), from_of(rq)));
  return OK;
}

const Route account_routes[] = {
    {.method = GET, .path = "/adm/users", .allow = ROLE_SYSADMIN, .run = page_accounts, .tmpl = "accounts",
     .section = "admin", .compact = true, .help = "账号名单：按账号、姓名、单位查找。"},
    {.method = POST, .path = "/adm/users/{id}", .allow = ROLE_SYSADMIN, .run = post_account, .section = "admin",
     .compact = true, .help = "停用或恢复账号。"},
    {.method = GET, .path = "/adm/users/{id}/tokens", .allow = ROLE_SYSADMIN, .run = page_tokens, .tmpl = "tokens",
     .section = "admin", .compact = true, .help = "一个账号的接口令牌。"},
    {.method = POST, .path = "/adm/users/{id}/tokens", .allow = ROLE_SYSADMIN, .run = post_tokens, .section = "admin",
     .compact = true, .help = "发令牌或收回令牌；令牌只显示一次。"},
    {.path = NULL},
};
