/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_seats.c: the bodies of the reform and the seats of the window, for everybody; who was seconded and who may sign what, for those
 * who second and authorise (D60-6.19; S37).
 */
#include "org/staff.h"
#include "web/forms.h"

static Code people_of(Cx *cx, Request *rq, SeatRow **rows, size_t *n) {
  return seats_list(cx, reader_views(rq->rd), day_of(rq->now), rows, n);
}

static void groups_view(Request *rq, Json *view, const SeatRow *rows, size_t n) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  SeatGroup groups[SEAT_GROUPS_MAX];
  size_t count = seat_groups(p, rows, n, groups);
  int seats = 0, taken = 0;
  Json *list = json_put_arr(m, view, S("groups"));
  for (size_t i = 0; i < count; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "unit", groups[i].unit);
    PUT(o, "name", groups[i].unit.len ? unit_name(p, groups[i].unit) : tr(rq->lang, S("公共接入窗口")));
    PUT_INT(o, "seats", groups[i].seats);
    PUT_INT(o, "taken", groups[i].taken);
    PUT_INT(o, "over", groups[i].taken > groups[i].seats ? groups[i].taken - groups[i].seats : 0);
    seats += groups[i].seats;
    taken += groups[i].taken;
  }
  PUT_INT(view, "seats", seats);
  PUT_INT(view, "taken", taken);
}

static void posts_view(Request *rq, Json *view, const SeatRow *rows, size_t n) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("posts"));
  for (size_t i = 0; i < p->post_count; i++) {
    int64_t taken = 0;
    if (!p->posts[i].seats) continue;
    for (size_t k = 0; k < n; k++) taken += str_eq(rows[k].post, p->posts[i].code);
    Json *o = json_push_obj(m, list);
    PUT(o, "name", p->posts[i].name);
    PUT(o, "unit_name", unit_name(p, p->posts[i].unit));
    PUT_INT(o, "seats", p->posts[i].seats);
    PUT_INT(o, "taken", taken);
    view_source(m, o, p->posts[i].source);
  }
}

/* ---- for everybody ---------------------------------------------------------------------------------------- */

static void texts_put(Arena *m, Json *o, const char *key, const Str *list, size_t n) {
  Json *out = json_put_arr(m, o, str_of(key));
  for (size_t i = 0; i < n; i++) json_push_str(m, out, list[i]);
}

static void body_view(Request *rq, Json *list, const Organ *b) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *o = json_push_obj(m, list);
  PUT(o, "code", b->code);
  PUT(o, "name", b->name);
  PUT(o, "head", b->head);
  PUT(o, "duty", b->duty);
  texts_put(m, o, "deputies", b->deputies, b->deputy_count);
  texts_put(m, o, "others", b->others, b->other_count);
  texts_put(m, o, "aliases", b->aliases, b->alias_count);
  view_source(m, o, b->source);
  Json *units = json_put_arr(m, o, S("units")), *regions = json_put_arr(m, o, S("regions"));
  for (size_t i = 0; i < b->unit_count; i++) {
    const Unit *u = policy_unit(p, b->units[i]);
    bool region = u && (str_eqz(u->kind, "county") || str_eqz(u->kind, "zone"));
    Json *x = json_push_obj(m, region ? regions : units);
    PUT(x, "code", b->units[i]);
    PUT(x, "name", unit_name(p, b->units[i]));
  }
  PUT_INT(o, "unit_count", (int64_t)units->count);
  PUT_INT(o, "region_count", (int64_t)regions->count);
}

static Code page_bodies(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  SeatRow *rows = NULL;
  size_t n = 0;
  TRY(people_of(cx, rq, &rows, &n));
  rp->title = tr(rq->lang, S("改革组织和窗口编制"));
  rp->view = json_obj(m);
  Json *bodies = json_put_arr(m, rp->view, S("bodies"));
  for (size_t i = 0; i < p->reform.body_count; i++) body_view(rq, bodies, &p->reform.bodies[i]);
  groups_view(rq, rp->view, rows, n);
  posts_view(rq, rp->view, rows, n);
  return OK;
}

/* ---- the window's people ------------------------------------------------------------------------------------ */

static const FormField second_fields[] = {{"account", "text", "账号", "人员先由系统管理员建账号", false},
                                          {"post", "select", "岗位", NULL, false},
                                          {"fit", "long", "怎样符合岗位要求", "学历、资格、从事过的工作", false},
                                          {"discipline", "yesno", "划转后接受窗口统一领导，遵守窗口工作纪律", NULL, false}};
static const FormAct second_act = {.act = "second", .command = "user.second", .title = "登记选调人员", .button = "登记", FIELDS(second_fields),
                                   .note = "超过编制也能登记，表里标明“超编”。"};

/* Whoever watches the window sees everybody; a head sees his own unit's people, and those it gave to the window. */
static bool sees_unit(const Request *rq, Str unit) {
  if (request_has_role(rq, ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER)) return true;
  return rq->who->unit.len && str_eq(unit, rq->who->unit);
}

static void rows_view(Request *rq, Json *view, const SeatRow *rows, size_t n) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("people"));
  for (size_t i = 0; i < n; i++) {
    const Post *post = policy_post(p, rows[i].post);
    Json *o = json_push_obj(m, list);
    PUT(o, "account", rows[i].account);
    PUT_BOOL(o, "seen", sees_unit(rq, rows[i].unit));
    PUT(o, "name", rows[i].name);
    PUT(o, "unit_name", unit_name(p, rows[i].unit));
    PUT(o, "post_name", post ? post->name : rows[i].post);
    PUT(o, "since", day_str(m, day_of(rows[i].since)));
    PUT_INT(o, "grants", rows[i].grants);
    PUT_BOOL(o, "signs", post && str_eqz(post->role, "approver"));
    PUT_BOOL(o, "unauthorised", post && str_eqz(post->role, "approver") && !rows[i].grants);
  }
}

static Code signers_view(Cx *cx, Request *rq, Json *view, Str unit) {
  Arena *m = rq->mem;
  Signer *rows = NULL;
  size_t n = 0;
  TRY(signers_list(cx, reader_views(rq->rd), unit, day_of(rq->now), &rows, &n));
  Json *list = json_put_arr(m, view, S("signers"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "account", rows[i].account);
    PUT(o, "name", rows[i].name);
    PUT(o, "unit_name", unit_name(rq->app->policy, rows[i].unit));
    PUT_INT(o, "grants", rows[i].grants);
  }
  return OK;
}

static Code page_seats(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  SeatRow *rows = NULL;
  size_t n = 0;
  bool own = !request_has_role(rq, ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER);
  TRY(people_of(cx, rq, &rows, &n));
  rp->title = S("窗口人员");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/seats"));
  groups_view(rq, rp->view, rows, n);
  posts_view(rq, rp->view, rows, n);
  rows_view(rq, rp->view, rows, n);
  PUT_BOOL(rp->view, "refuse", str_eqz(p->reform.authority, "refuse"));
  PUT_BOOL(rp->view, "sample", p->reform.authority_source.sample);
  TRY(signers_view(cx, rq, rp->view, own ? rq->who->unit : S("")));
  if (!request_has_role(rq, ROLE_WINDOW_HEAD)) return OK;
  Json *form = form_put_act(rq, rp->view, &second_act);
  for (size_t i = 0; i < p->post_count; i++)
    if (p->posts[i].seats) form_choice(rq, form, "post", p->posts[i].code, arena_fmt(m, "%.*s（%d 人）", SFMT(p->posts[i].name), p->posts[i].seats));
  return OK;
}

static Code post_seats(Cx *cx, Request *rq, Reply *rp) {
  static const FormField others[] = {{"post", "select", "", NULL, false}, {"fit", "long", "", NULL, false}, {"discipline", "yesno", "", NULL, false}};
  static const FormAct sent = {.act = "second", .command = "user.second", FIELDS(others)};
  Str account = str_trim(request_arg(rq, S("account")));
  const User *u = NULL;
  Code code = account.len ? user_load(cx, rq->rd, account, &u) : NOT_FOUND;
  if (code != OK) {
    cx_clear(cx);
    TRY(page_seats(cx, rq, rp));
    rp->tmpl = "seats";
    form_fault(rq, rp, &second_act, S("account"), account.len ? arena_fmt(rq->mem, "没有账号“%.*s”，或者已经停用，请核对", SFMT(account)) : S("请填写账号"));
    return OK;
  }
  form_send(rq, rp, &second_act, arena_fmt(rq->mem, "user/%.*s", SFMT(u->id)), form_args(rq, &sent), arena_fmt(rq->mem, "/w/seats/%.*s", SFMT(u->id)), page_seats, "seats");
  return OK;
}

/* ---- one person --------------------------------------------------------------------------------------------- */

static const FormField authorise_fields[] = {{"items", "checks", "授权办理的事项", "本单位的事项", false},
                                             {"from", "text", "自哪天起", "写成 2026-01-01 的样子", false},
                                             {"until", "text", "到哪天为止", "不填表示长期有效", true},
                                             {"document", "text", "授权书", "文号或名称", false}};
static const FormField revoke_fields[] = {{"item", "select", "收回哪一项", NULL, false}, {"reason", "long", "理由", NULL, false}};
static const FormField unseat_fields[] = {{"reason", "long", "理由", NULL, false}};
enum { AUTHORISE, REVOKE, UNSEAT, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "authorise", .command = "user.authorise", .title = "授权", .button = "授权", FIELDS(authorise_fields), .note = "授权以后，这些事项可以由本人签字。"},
    {.act = "revoke", .command = "user.revoke-authority", .title = "收回授权", .button = "收回", FIELDS(revoke_fields), .note = "从今天起不能再签；以前签的照旧有效。"},
    {.act = "unseat", .command = "user.unseat", .title = "离开窗口", .button = "登记离开", FIELDS(unseat_fields)}};

static Code person_of(Cx *cx, Request *rq, const User **out) {
  Code code = user_load(cx, rq->rd, rq->params[0], out);
  cx_clear(cx);
  if (code == OK && ((*out)->roles & ROLE_STAFF) && (sees_unit(rq, (*out)->unit) || sees_unit(rq, (*out)->seat.unit))) return OK;
  FAIL(NOT_FOUND, "没有这名工作人员，或者不是您单位的。");
}

/* The latest word on an item, so that a page says it once. */
static Str grant_state(Arena *m, const Grant *g, Day today) {
  if (g->revoked_at) return arena_fmt(m, "%.*s 收回：%.*s", SFMT(day_str(m, day_of(g->revoked_at))), SFMT(g->reason));
  if (g->from.n > today.n) return S("还没有开始");
  return g->until.n && g->until.n < today.n ? S("已到期") : S("有效");
}

static void grants_view(Request *rq, Json *view, const User *u) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("grants"));
  Day today = day_of(rq->now);
  for (size_t i = u->grant_count; i-- > 0;) {
    const Item *item = policy_item(rq->app->policy, u->grants[i].item);
    Json *o = json_push_obj(m, list);
    PUT(o, "item", u->grants[i].item);
    PUT(o, "name", item ? item->name : u->grants[i].item);
    PUT(o, "from", day_str(m, u->grants[i].from));
    if (u->grants[i].until.n) PUT(o, "until", day_str(m, u->grants[i].until));
    PUT(o, "document", u->grants[i].document);
    PUT(o, "by", u->grants[i].by);
    PUT_BOOL(o, "live", grant_live(&u->grants[i], today));
    PUT(o, "state", grant_state(m, &u->grants[i], today));
  }
}

static bool any_live(const User *u, Day on) {
  for (size_t i = 0; i < u->grant_count; i++)
    if (grant_live(&u->grants[i], on)) return true;
  return false;
}

static void seat_view(Request *rq, Json *view, const User *u) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Post *post = policy_post(p, u->seat.post);
  if (!u->seat.post.len) return;
  Json *o = json_put_obj(m, view, S("seat"));
  PUT(o, "post_name", post ? post->name : u->seat.post);
  PUT(o, "unit_name", unit_name(p, u->seat.unit));
  PUT(o, "since", day_str(m, day_of(u->seat.since)));
  PUT(o, "fit", u->seat.fit);
  PUT_INT(o, "over", u->seat.over);
  PUT_BOOL(o, "needs", post && str_eqz(post->role, "approver"));
  PUT_BOOL(o, "authorised", any_live(u, day_of(rq->now)));
}

static void authorise_form(Request *rq, Json *view, const User *u) {
  const Policy *p = rq->app->policy;
  const Unit *unit = policy_unit(p, u->unit);
  bool region = unit && (str_eqz(unit->kind, "county") || str_eqz(unit->kind, "zone"));
  Json *form = form_put_act(rq, view, &acts[AUTHORISE]);
  form_value(rq, form, "from", day_str(rq->mem, day_of(rq->now)));
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *x = &p->items[i];
    if (str_eq(x->unit, u->unit) || (region && (str_eqz(x->unit, "county") || x->county_when))) form_choice(rq, form, "items", x->code, x->name);
  }
}

static void revoke_form(Request *rq, Json *view, const User *u) {
  Json *form = form_put_act(rq, view, &acts[REVOKE]);
  for (size_t i = 0; i < u->grant_count; i++) {
    bool before = false;
    for (size_t k = 0; k < i; k++) before |= str_eq(u->grants[k].item, u->grants[i].item) && !u->grants[k].revoked_at;
    const Item *item = policy_item(rq->app->policy, u->grants[i].item);
    if (!u->grants[i].revoked_at && !before) form_choice(rq, form, "item", u->grants[i].item, item ? item->name : u->grants[i].item);
  }
}

static Code page_person(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const User *u = NULL;
  TRY(person_of(cx, rq, &u));
  bool open = false;
  for (size_t i = 0; i < u->grant_count; i++) open |= !u->grants[i].revoked_at;
  rp->title = arena_fmt(m, "%.*s（%.*s）", SFMT(u->name), SFMT(unit_name(rq->app->policy, u->unit)));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/seats/%.*s", SFMT(u->id)));
  PUT(rp->view, "account", u->id);
  PUT(rp->view, "name", u->name);
  PUT_BOOL(rp->view, "approver", (u->roles & ROLE_APPROVER) != 0);
  seat_view(rq, rp->view, u);
  grants_view(rq, rp->view, u);
  bool head = head_of(rq, u->unit);
  if (head && (u->roles & ROLE_APPROVER)) authorise_form(rq, rp->view, u);
  if (head && open) revoke_form(rq, rp->view, u);
  if (request_has_role(rq, ROLE_WINDOW_HEAD) && u->seat.post.len) form_put_act(rq, rp->view, &acts[UNSEAT]);
  return OK;
}

static Code post_person(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const User *u = NULL;
  TRY(person_of(cx, rq, &u));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  form_send(rq, rp, a, arena_fmt(rq->mem, "user/%.*s", SFMT(u->id)), form_args(rq, a), arena_fmt(rq->mem, "/w/seats/%.*s", SFMT(u->id)), page_person, "seat");
  return OK;
}

#define SEES (ROLE_WINDOW_HEAD | ROLE_UNIT_HEAD | ROLE_SUPERVISOR | ROLE_LEADER)
const Route seats_routes[] = {
    {.method = GET, .path = "/s/bodies", .allow = ROLE_PUBLIC, .run = page_bodies, .tmpl = "bodies", .section = "guide",
     .help = "改革领导小组、审批领导小组和工作小组的成员，窗口编制 39 人的来源。"},
    {.method = GET, .path = "/w/seats", .allow = SEES, .run = page_seats, .tmpl = "seats", .section = "seats", .compact = true,
     .help = "窗口编制、选调人员和授权到位的情况。"},
    {.method = POST, .path = "/w/seats", .allow = ROLE_WINDOW_HEAD, .run = post_seats, .section = "seats", .compact = true, .help = "登记一名选调人员。"},
    {.method = GET, .path = "/w/seats/{id}", .allow = SEES, .run = page_person, .tmpl = "seat", .section = "seats", .compact = true,
     .help = "一名工作人员的岗位、三项条件和授权。"},
    {.method = POST, .path = "/w/seats/{id}", .allow = ROLE_WINDOW_HEAD | ROLE_UNIT_HEAD, .run = post_person, .section = "seats", .compact = true,
     .help = "授权、收回授权、登记离开。"},
    {.path = NULL},
};
