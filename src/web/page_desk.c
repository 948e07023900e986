/* SPDX-License-Identifier: Apache-2.0 */
/* page_desk.c: who of a unit has an item in hand 承办, and handing over 交接: on the worklist, on the item, and of everything at once. */
#include "approval/desk.h"
#include "web/page_desk.h"
#include "web/page_work.h"

enum { SHOWN = 200, LOOKED_AT = 10000 }; /* what was ticked may stand on any page of the worklist */
#define OFFICERS (ROLE_APPROVER | ROLE_UNIT_HEAD)

Str held_filter(const Request *rq) {
  Str held = request_arg(rq, S("held"));
  if (str_eqz(held, "mine")) return rq->who->id;
  return str_eqz(held, "free") ? S("-") : S("");
}

static Code count_of(Cx *cx, Request *rq, Str holder, int64_t *total) {
  ItemFilter f = {.unit = rq->who->unit, .open = true, .holder = holder, .lamp = request_arg(rq, S("lamp"))};
  ItemRow *rows = NULL;
  size_t n = 0;
  return items_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, total);
}

static void colleagues_put(Request *rq, Json *view, const char *key, const Colleague *people, size_t n) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, str_of(key));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "id", people[i].id);
    PUT(o, "name", people[i].name);
    PUT_BOOL(o, "chosen", str_eq(request_arg(rq, str_of(key)), people[i].id));
  }
}

/* "barred": which of the items that can be handed over this colleague may not sign; the head of the unit may take any, to give them on. */
static Code barred_put(Cx *cx, Request *rq, Json *o, const Colleague *who, const Json *rows) {
  enum { NAMED = 3 };
  Arena *m = rq->mem;
  Json *seen = json_obj(m);
  Str names = S("");
  int64_t barred = 0;
  for (const Json *x = rows && !who->head ? rows->first : NULL; x; x = x->next) {
    bool may = false;
    Str code = json_str(x, S("code"));
    if (json_get(seen, code)) continue;
    json_put_bool(m, seen, code, true);
    TRY(desk_may_sign(cx, rq->rd, rq->app->policy, who->id, rq->who->unit, code, day_of(rq->now), &may));
    if (!may && barred++ < NAMED) names = arena_fmt(m, "%.*s%s%.*s", SFMT(names), names.len ? "、" : "", SFMT(json_str(x, S("item"))));
  }
  if (!barred) return OK;
  if (barred == (int64_t)seen->count) PUT(o, "barred", S("没有授权，不能交给他"));
  else PUT(o, "barred", arena_fmt(m, "没有授权：%.*s%s", SFMT(names), barred > NAMED ? "等" : ""));
  return OK;
}

/* rows: the items that can be handed over here, each with its code and its name in `item`. */
static Code colleagues_view(Cx *cx, Request *rq, Json *view, const Json *rows) {
  Colleague *people = NULL;
  size_t n = 0, i = 0;
  TRY(desk_colleagues(cx, rq->rd, rq->who->unit, rq->who->id, &people, &n));
  colleagues_put(rq, view, "to", people, n);
  for (Json *o = ((Json *)(uintptr_t)json_get(view, S("to")))->first; o; o = o->next) TRY(barred_put(cx, rq, o, &people[i++], rows));
  return OK;
}

/* What was done is said by what can be seen: whose account it is now. */
static Code said_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  Colleague *people = NULL;
  size_t n = 0;
  Str to = request_arg(rq, S("handed"));
  if (!to.len) return OK;
  TRY(desk_colleagues(cx, rq->rd, rq->who->unit, S(""), &people, &n));
  for (size_t i = 0; i < n; i++)
    if (str_eq(people[i].id, to)) PUT(view, "handed_to", people[i].name);
  return OK;
}

Code desk_tabs_view(Cx *cx, Request *rq, Json *view) {
  static const struct { const char *held, *label; } rows[] = {{"", "全部"}, {"mine", "我的"}, {"free", "未认领"}};
  Arena *m = rq->mem;
  Str held = request_arg(rq, S("held")), lamp = request_arg(rq, S("lamp"));
  Json *list = json_put_arr(m, view, S("held"));
  for (size_t i = 0; i < COUNT(rows); i++) {
    int64_t n = 0;
    TRY(count_of(cx, rq, i == 1 ? rq->who->id : i ? S("-") : S(""), &n));
    Json *o = json_push_obj(m, list);
    PUT(o, "label", str_of(rows[i].label));
    PUT_INT(o, "n", n);
    PUT(o, "href", arena_fmt(m, "/w?held=%s&lamp=%.*s", rows[i].held, SFMT(lamp)));
    PUT_BOOL(o, "current", str_eqz(held, rows[i].held));
  }
  PUT(view, "held_filter", held);
  TRY(said_view(cx, rq, view));
  Json *own = json_obj(m); /* "to" of the list is its last row */
  TRY(colleagues_view(cx, rq, own, json_get(view, S("items"))));
  json_put(m, view, S("colleagues"), json_get(own, S("to")));
  return OK;
}

Code desk_item_view(Cx *cx, Request *rq, Json *view, Str unit, int64_t project, int stage, Str item, Str taken) {
  Arena *m = rq->mem;
  Colleague who;
  TRY(desk_holder(cx, rq->rd, unit, project, stage, item, taken, &who));
  PUT(view, "holder", who.name);
  PUT_BOOL(view, "mine", who.id.len && rq->who && str_eq(who.id, rq->who->id));
  return OK;
}

Code desk_here_view(Cx *cx, Request *rq, Json *view, Str unit, int64_t project, int stage, Str item, Str taken) {
  Arena *m = rq->mem;
  Json *o = json_put_obj(m, view, S("desk"));
  TRY(desk_item_view(cx, rq, o, unit, project, stage, item, taken));
  PUT(o, "key", arena_fmt(rq->mem, "%lld/%d/%.*s", (long long)project, stage, SFMT(item)));
  if (!request_has_role(rq, OFFICERS) || !str_eq(unit, rq->who->unit)) return OK;
  PUT_BOOL(o, "can", true);
  TRY(said_view(cx, rq, o));
  Json *rows = json_arr(m), *one = json_push_obj(m, rows);
  PUT(one, "code", item);
  PUT(one, "item", item); /* of one there is no naming: he may sign it or not */
  return colleagues_view(cx, rq, o, rows);
}

/* ---- the page of handing over ---------------------------------------------------------------------------------------- */

static bool ticked(const Request *rq, Str key) {
  const Json *list = json_get(rq->args, S("items"));
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (x->kind == JSON_STR && str_eq(x->str, key)) return true;
  return false;
}

static void row_put(Request *rq, Json *list, const ItemRow *r) {
  Arena *m = rq->mem;
  Str key = arena_fmt(m, "%lld/%d/%.*s", (long long)r->project, r->stage, SFMT(r->code));
  Json *o = json_push_obj(m, list);
  PUT(o, "key", key);
  PUT(o, "id", arena_fmt(m, "%lld-%d-%.*s", (long long)r->project, r->stage, SFMT(r->code)));
  PUT(o, "label", arena_fmt(m, "%.*s　%.*s", SFMT(r->project_name), SFMT(r->item_name)));
  PUT(o, "number", r->number);
  PUT(o, "code", r->code);
  PUT(o, "item", r->item_name);
  view_lamp(m, o, r->lamp, r->left, r->left < 0 ? -r->left : 0);
  PUT_BOOL(o, "chosen", ticked(rq, key));
}

/* What is shown: what the person has in hand, or what was ticked on the worklist. */
static Code rows_view(Cx *cx, Request *rq, Json *view) {
  const Json *chosen = json_get(rq->args, S("items"));
  ItemFilter f = {.unit = rq->who->unit, .open = true, .holder = chosen && chosen->count ? S("") : rq->who->id, .limit = chosen && chosen->count ? LOOKED_AT : SHOWN};
  ItemRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0, mine = 0;
  Arena *m = rq->mem;
  TRY(items_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  TRY(count_of(cx, rq, rq->who->id, &mine));
  PUT_INT(view, "mine", mine);
  Json *list = json_put_arr(rq->mem, view, S("rows"));
  for (size_t i = 0; i < n; i++)
    if (!f.holder.len ? ticked(rq, arena_fmt(rq->mem, "%lld/%d/%.*s", (long long)rows[i].project, rows[i].stage, SFMT(rows[i].code))) : true) row_put(rq, list, &rows[i]);
  return OK;
}

/* Which of the three forms was sent: one's own, some items, a colleague's. What is wrong, and what was chosen, stands in that one. */
static const char *form_sent(const Request *rq) {
  if (str_eqz(request_arg(rq, S("act")), "hand")) return "some";
  return json_get(rq->args, S("from")) ? "head" : "own";
}

static Code page_desk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Colleague *people = NULL;
  size_t n = 0;
  rp->title = S("交接");
  rp->view = json_obj(rq->mem);
  PUT(rp->view, "unit_name", unit_name(rq->app->policy, rq->who->unit));
  PUT_BOOL(rp->view, "head", request_has_role(rq, ROLE_UNIT_HEAD));
  PUT(rp->view, "at", str_of(form_sent(rq)));
  PUT_BOOL(rp->view, "mine_chosen", str_eq(request_arg(rq, S("to")), rq->who->id));
  TRY(rows_view(cx, rq, rp->view));
  TRY(said_view(cx, rq, rp->view));
  TRY(colleagues_view(cx, rq, rp->view, json_get(rp->view, S("rows"))));
  if (!request_has_role(rq, ROLE_UNIT_HEAD)) return OK;
  TRY(desk_colleagues(cx, rq->rd, rq->who->unit, rq->who->id, &people, &n));
  colleagues_put(rq, rp->view, "from", people, n);
  return OK;
}

static void after_desk(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str act = request_arg(rq, S("act")), back = request_arg(rq, S("back")), to = request_arg(rq, S("to"));
  Str where = str_eqz(act, "take") ? S("/w?held=mine") : arena_fmt(rq->mem, "/w?held=mine&handed=%.*s", SFMT(to));
  if (str_starts(back, S("/w/t/"))) where = str_eqz(act, "take") ? back : arena_fmt(rq->mem, "%.*s?handed=%.*s", SFMT(back), SFMT(to));
  after_or_again(cx, rq, result, rp, where, page_desk, "desk");
}

static Code post_desk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str act = request_arg(rq, S("act"));
  bool take = str_eqz(act, "take"), all = str_eqz(act, "all");
  if (!take && !all && !str_eqz(act, "hand")) FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(act));
  if (all && !strcmp(form_sent(rq), "head") && !request_arg(rq, S("from")).len) { /* else one's own would be handed over */
    TRY(page_desk(cx, rq, rp));
    rp->tmpl = "desk";
    reply_keep(rq, rp);
    reply_error(rq, rp, S("from"), S("请选择是谁手上的事项"));
    return OK;
  }
  Json *args = json_obj(m), *items = json_put_arr(m, args, S("items"));
  const Json *chosen = json_get(rq->args, S("items"));
  for (const Json *x = chosen && !all ? chosen->first : NULL; x; x = x->next)
    if (x->kind == JSON_STR) json_push_str(m, items, x->str);
  if (!take) {
    static const char *const names[] = {"to", "note", "from"};
    for (size_t i = 0; i < COUNT(names); i++)
      if (request_arg(rq, str_of(names[i])).len && (all || i < 2)) json_put_str(m, args, str_of(names[i]), request_arg(rq, str_of(names[i])));
    if (all) PUT_BOOL(args, "all", true);
  }
  reply_command(rq, rp, take ? S("desk.take") : S("desk.hand"), S(""), args);
  rp->after = after_desk;
  return OK;
}

const Route desk_routes[] = {
    {.method = GET, .path = "/w/desk", .allow = OFFICERS, .run = page_desk, .tmpl = "desk", .section = "work", .compact = true,
     .help = "交接：把手上的事项交给同事，一次全部或者逐项。"},
    {.method = POST, .path = "/w/desk", .allow = OFFICERS, .run = post_desk, .section = "work", .compact = true, .help = "我来办，或者交给同事。"},
    {.path = NULL},
};
