/* SPDX-License-Identifier: Apache-2.0 */
/* page_region.c: regions and their assessments 区域评估: for everybody, for the department that leads, and on the pages of a case. */
#include "web/page_region.h"

#include "approval/beside.h"
#include "web/page_map.h"

/* ---- parts ------------------------------------------------------------------------------------------------- */

/* The six kinds, with the last day of what is shared today. */
static void kinds_view(Request *rq, Json *o, const RegionRow *r) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, o, S("kinds"));
  int64_t shared = 0;
  for (size_t k = 1; k < POLICY_ASSESSMENTS; k++) {
    Json *one = json_push_obj(m, list);
    PUT(one, "kind", str_of(policy_assessments[k]));
    PUT(one, "label", policy_assessment_label(str_of(policy_assessments[k])));
    if (r->until[k].n) PUT(one, "until", day_str(m, r->until[k]));
    shared += r->until[k].n != 0;
  }
  PUT_INT(o, "shared", shared);
}

Code region_rows(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  RegionRow *rows = NULL;
  size_t n = 0;
  TRY(regions_list(cx, rq->rd, day_of(rq->now), &rows, &n));
  Json *list = json_put_arr(m, view, S("regions"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "number", rows[i].number);
    PUT(o, "name", rows[i].name);
    PUT(o, "kind_label", region_kind_label(rows[i].kind));
    PUT(o, "county_name", place_name(rq->app->policy, rows[i].county));
    PUT_BOOL(o, "drawn", rows[i].drawn);
    kinds_view(rq, o, &rows[i]);
  }
  return OK;
}

/* Which items of the catalogue share it. */
static void items_of_kind(Request *rq, Json *o, Str kind) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, o, S("items"));
  for (size_t i = 0; i < p->item_count; i++) {
    if (!str_eq(p->items[i].share, kind)) continue;
    Json *one = json_push_obj(m, list);
    PUT(one, "code", p->items[i].code);
    PUT(one, "name", p->items[i].name);
    PUT_BOOL(one, "promise", !p->items[i].hazard.len && !p->items[i].outside);
  }
}

static void assessments_view(Request *rq, Json *view, const Region *r) {
  Arena *m = rq->mem;
  Day today = day_of(rq->now);
  Json *list = json_put_arr(m, view, S("assessments"));
  for (size_t i = r->count; i > 0; i--) {
    const Assessment *a = &r->list[i - 1];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", a->no);
    PUT_INT(o, "region_no", r->no);
    PUT(o, "number", a->number);
    PUT(o, "kind", a->kind);
    PUT(o, "kind_label", policy_assessment_label(a->kind));
    PUT(o, "body", a->body);
    PUT(o, "doc", a->doc);
    PUT(o, "since", day_str(m, a->since));
    PUT(o, "until", day_str(m, a->until));
    PUT(o, "requirements", a->requirements);
    PUT(o, "file", a->file);
    PUT(o, "blob", a->blob);
    PUT_INT(o, "kb", (a->size + 1023) / 1024);
    PUT_BOOL(o, "shared", assessment_shared(a, today));
    PUT_BOOL(o, "over", !a->stopped_at && today.n > a->until.n);
    PUT_BOOL(o, "later", !a->stopped_at && today.n < a->since.n);
    PUT(o, "stop_reason", a->stop_reason);
    if (a->stopped_at) PUT(o, "stopped", time_cn(m, a->stopped_at));
    items_of_kind(rq, o, a->kind);
  }
}

static Code region_head(Cx *cx, Request *rq, Reply *rp, const Region **out) {
  Arena *m = rq->mem;
  const Region *r = NULL;
  TRY(region_load(cx, rq->rd, param_no(rq, 0), &r));
  rp->title = r->name;
  rp->view = json_obj(m);
  PUT_INT(rp->view, "no", r->no);
  PUT(rp->view, "number", r->number);
  PUT(rp->view, "name", r->name);
  PUT(rp->view, "kind_label", region_kind_label(r->kind));
  PUT(rp->view, "county_name", place_name(rq->app->policy, r->county));
  PUT(rp->view, "boundary", r->boundary);
  TRY(region_drawings(cx, rq, rp->view, r));
  PUT(rp->view, "body", r->body);
  PUT_BOOL(rp->view, "account", rq->who != NULL);
  assessments_view(rq, rp->view, r);
  *out = r;
  return OK;
}

/* ---- everybody ---------------------------------------------------------------------------------------------- */

static Code page_regions_public(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("区域评估"));
  rp->view = json_obj(rq->mem);
  return region_rows(cx, rq, rp->view);
}

static Code page_region_public(Cx *cx, Request *rq, Reply *rp) {
  const Region *r = NULL;
  return region_head(cx, rq, rp, &r);
}

static Code page_region_file(Cx *cx, Request *rq, Reply *rp) {
  const Region *r = NULL;
  TRY(region_load(cx, rq->rd, param_no(rq, 0), &r));
  for (size_t i = 0; i < r->count; i++)
    if (str_eq(r->list[i].blob, rq->params[1])) {
      rp->blob = r->list[i].blob;
      rp->filename = r->list[i].file;
      return OK;
    }
  FAIL(NOT_FOUND, "这个区域没有这份文件。");
}

/* ---- the department that leads -------------------------------------------------------------------------------- */

static const FormField add_fields[] = {{"name", "text", "区域名称", "批准设立的名称；项目按这个名称对应", false},
                                       {"kind", "select", "区域种类", NULL, false},
                                       {"county", "select", "所在县（市）区", NULL, false},
                                       {"boundary", "long", "四至范围", "东、南、西、北各到哪里；范围图形登记以后在区域的页面上画", false},
                                       {"body", "text", "管理机构", "如管理委员会", false}};
static const FormField assess_fields[] = {{"kind", "select", "评估事项", NULL, false},
                                          {"body", "text", "组织编制单位", "由政府统一组织编制的单位", false},
                                          {"doc", "text", "评审或批复文件", "文号或名称", false},
                                          {"since", "text", "有效期起", "如 2026-01-01", false},
                                          {"until", "text", "有效期至", "这一天仍有效，第二天起不再共享", false},
                                          {"requirements", "long", "建设要求", "区域内的项目要遵守什么；供地以前同建设条件一起告知建设单位", false}};
static const FormField stop_fields[] = {{"no", "select", "哪一项", NULL, false}, {"reason", "long", "理由", "至少 10 个字；公开", false}};
enum { ASSESS, STOP, ACTS };
static const FormAct add_act = {.act = "add", .command = "region.add", .title = "区域", .button = "登记", FIELDS(add_fields)};
static const FormAct acts[ACTS] = {
    {.act = "assess", .command = "region.assess", .title = "登记区域评估", .button = "登记，开始共享", FIELDS(assess_fields), .upload = true, .upload_label = "成果文件",
     .note = "有效期内，区域里的项目不用再单独编报这一项。"},
    {.act = "stop", .command = "region.stop", .title = "停止共享", .button = "停止共享", FIELDS(stop_fields), .note = "已经提交的申请不受影响。"}};

static Code page_regions(Cx *cx, Request *rq, Reply *rp) {
  rp->title = S("区域评估");
  rp->view = json_obj(rq->mem);
  json_put_bool(rq->mem, rp->view, S("staff"), true);
  json_put_bool(rq->mem, rp->view, S("can_add"), staff_of(rq, rq->app->policy->stages[1].lead));
  return region_rows(cx, rq, rp->view);
}

static Code page_region_new(Cx *cx, Request *rq, Reply *rp) {
  static const char *const kinds[] = {"zone", "park", "cluster", "new-area", "other"};
  Arena *m = rq->mem;
  Str lead = rq->app->policy->stages[1].lead;
  if (!staff_of(rq, lead)) FAIL(DENIED, "区域由%.*s登记。", SFMT(unit_name(rq->app->policy, lead)));
  rp->title = S("登记区域");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/regions/new"));
  PUT(rp->view, "back", S("/w/regions"));
  PUT(rp->view, "back_text", S("返回区域评估"));
  Json *form = form_put_act(rq, rp->view, &add_act);
  for (size_t i = 0; i < COUNT(kinds); i++) form_choice(rq, form, "kind", str_of(kinds[i]), region_kind_label(str_of(kinds[i])));
  units_choices(rq, form, "county", "county|zone");
  return OK;
}

static Code post_region_new(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &add_act, S(""), form_args(rq, &add_act), S("/w/regions/"), page_region_new, "early_form");
  return OK;
}

static Code page_region(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Region *r = NULL;
  Str lead = rq->app->policy->stages[1].lead;
  TRY(region_head(cx, rq, rp, &r));
  PUT(rp->view, "path", arena_fmt(m, "/w/regions/%lld", (long long)r->no));
  PUT_BOOL(rp->view, "can_draw", staff_of(rq, lead));
  if (!staff_of(rq, lead)) return OK;
  Json *form = form_put_act(rq, rp->view, &acts[ASSESS]), *stop = NULL;
  for (size_t k = 1; k < POLICY_ASSESSMENTS; k++)
    form_choice(rq, form, "kind", str_of(policy_assessments[k]), policy_assessment_label(str_of(policy_assessments[k])));
  for (size_t i = 0; head_of(rq, lead) && i < r->count; i++) {
    const Assessment *a = &r->list[i];
    if (a->stopped_at || day_of(rq->now).n > a->until.n) continue;
    if (!stop) stop = form_put_act(rq, rp->view, &acts[STOP]);
    form_choice(rq, stop, "no", arena_fmt(m, "%lld", (long long)a->no), arena_fmt(m, "%.*s %.*s", SFMT(a->number), SFMT(policy_assessment_label(a->kind))));
  }
  return OK;
}

static Code post_region(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  const Region *r = NULL;
  TRY(region_load(cx, rq->rd, param_no(rq, 0), &r));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = form_args(rq, a);
  if (a == &acts[STOP]) PUT_INT(args, "no", request_int(rq, S("no"), 0));
  Code code = a->upload ? form_upload(cx, rq, args) : OK;
  if (code == OK && a->upload && !json_get(args, S("files"))) {
    code = INVALID;
    cx->field = S("files");
    cx->detail = S("请选择成果文件：共享的是这一份，没有它不能共享");
  }
  if (code != OK) {
    Str field = cx->field, detail = cx->detail;
    cx_clear(cx);
    TRY(page_region(cx, rq, rp));
    rp->tmpl = "region";
    form_fault(rq, rp, a, field, detail);
    return OK;
  }
  Str at = arena_fmt(m, "/w/regions/%lld", (long long)r->no);
  form_send(rq, rp, a, arena_fmt(m, "region/%lld", (long long)r->no), args, at, page_region, "region");
  return OK;
}

/* ---- on other pages ---------------------------------------------------------------------------------------------- */

Code region_choices(Cx *cx, Request *rq, Json *view, const Field *fields, size_t n, Str inside) {
  Arena *m = rq->mem;
  RegionRow *rows = NULL;
  size_t count = 0, i = 0;
  while (i < n && !fields[i].choose.len) i++;
  if (i == n) return OK;
  Str id = arena_fmt(m, "f_%.*s", SFMT(fields[i].name));
  const Json *list = json_get(view, S("fields"));
  Json *o = list ? list->first : NULL;
  while (o && !str_eq(json_str(o, S("name")), id)) o = o->next;
  if (!o) return OK;
  TRY(regions_list(cx, rq->rd, day_of(rq->now), &rows, &count));
  PUT(o, "kind", S("select"));
  Json *choices = json_put_arr(m, o, S("choices"));
  Str value = json_str(o, S("value")).len || rq->method == POST ? json_str(o, S("value")) : inside;
  for (size_t k = 0; k < count; k++) {
    Json *c = json_push_obj(m, choices);
    PUT(c, "value", rows[k].name);
    PUT(c, "label", arena_fmt(m, "%.*s（%.*s）", SFMT(rows[k].name), SFMT(place_name(rq->app->policy, rows[k].county))));
    PUT_BOOL(c, "chosen", str_eq(rows[k].name, value));
  }
  return OK;
}

void region_view(Request *rq, Json *view, const Policy *p, const Project *pr, int stage, const Json *region, const Json *facts) {
  Arena *m = rq->mem;
  ItemChoice *choices = NULL;
  if (!region || !json_bool(region, S("known"))) return;
  Json *o = json_put_obj(m, view, S("region")), *shares = json_put_arr(m, o, S("shares")), *alone = json_put_arr(m, o, S("alone"));
  PUT(o, "name", json_str(region, S("name")));
  PUT_INT(o, "no", json_int(region, S("no"), 0));
  PUT(o, "parcel", json_str(region, S("parcel")));
  PUT(o, "why", json_str(region, S("why")));
  PUT_INT(o, "check", json_int(region, S("check"), 0));
  StageState as = {.region = (Json *)(uintptr_t)region};
  for (size_t i = 0, n = policy_items_only(m, p, stage, pr->category, pr->county, facts, &choices); i < n; i++) {
    const Item *item = choices[i].item;
    if (!item->share.len || choices[i].applies != YES) continue;
    const Json *share = item_share(p, &as, item->code);
    Json *one = json_push_obj(m, share ? shares : alone);
    PUT(one, "item_name", item->name);
    PUT(one, "kind_label", policy_assessment_label(item->share));
    PUT(one, "number", json_str(share, S("number")));
    PUT(one, "until", json_str(share, S("until")));
    PUT_BOOL(one, "promise", share && !item->hazard.len && !item->outside);
  }
}

Code region_today(Cx *cx, Request *rq, Json *view, const Policy *p, const Project *pr, int stage) {
  Arena *m = rq->mem;
  const StageState *s = &pr->stages[stage];
  Json *shared = json_obj(m), *form = NULL;
  if (s->status != STAGE_SUBMITTED || !s->region) return OK;
  form = s->form ? json_clone(m, s->form) : json_obj(m);
  TRY(region_shared(cx, reader_views(rq->rd), p, pr, stage, form, day_of(rq->now), shared));
  const Json *now = json_get(shared, REGION_SHARED);
  if (!json_str(now, S("parcel")).len) return OK;
  Json *o = json_put_obj(m, view, S("region_now"));
  PUT(o, "parcel", json_str(now, S("parcel")));
  PUT_INT(o, "check", json_int(now, S("check"), 0));
  PUT(o, "why", json_str(now, S("why")));
  return OK;
}

Code region_guide(Cx *cx, Request *rq, Json *view, const Item *item) {
  Arena *m = rq->mem;
  RegionRow *rows = NULL;
  size_t n = 0, k = 1;
  if (!item->share.len) return OK;
  while (k < POLICY_ASSESSMENTS - 1 && !str_eqz(item->share, policy_assessments[k])) k++;
  TRY(regions_list(cx, rq->rd, day_of(rq->now), &rows, &n));
  Json *o = json_put_obj(m, view, S("share")), *list = json_put_arr(m, o, S("regions"));
  PUT(o, "kind_label", policy_assessment_label(item->share));
  PUT_BOOL(o, "promise", !item->hazard.len && !item->outside);
  for (size_t i = 0; i < n; i++) {
    if (!rows[i].until[k].n) continue;
    Json *one = json_push_obj(m, list);
    PUT_INT(one, "no", rows[i].no);
    PUT(one, "name", rows[i].name);
    PUT(one, "until", day_str(m, rows[i].until[k]));
  }
  return OK;
}

static void shares_put(Arena *m, Json *list, const Region *r, Day today, bool told) {
  for (size_t k = 1; r && k < POLICY_ASSESSMENTS; k++) {
    const Assessment *a = region_shares(r, str_of(policy_assessments[k]), today);
    if (!a) continue;
    Json *one = json_push_obj(m, list);
    PUT(one, "kind_label", policy_assessment_label(a->kind));
    PUT(one, "number", a->number);
    PUT(one, "until", day_str(m, a->until));
    if (told) PUT(one, "requirements", a->requirements);
  }
}

Code region_around(Cx *cx, Request *rq, Json *view, const Geo *plot, const Region **holds) {
  Json *around = NULL, *list = json_put_arr(rq->mem, view, S("around"));
  *holds = NULL;
  TRY(regions_around(cx, reader_views(rq->rd), plot, S(""), &around));
  const Json *best = region_holds(around);
  for (const Json *x = around->first; x; x = x->next) {
    const Region *r = NULL;
    if (str_eqz(json_str(x, S("relation")), "outside")) continue; /* their boxes meet, no more */
    Json *o = json_clone(rq->mem, x);
    json_push(rq->mem, list, o);
    Json *kinds = json_put_arr(rq->mem, o, S("kinds"));
    if (!str_eqz(json_str(x, S("relation")), "inside")) continue;
    TRY(region_load(cx, rq->rd, json_int(x, S("no"), 0), &r));
    shares_put(rq->mem, kinds, r, day_of(rq->now), false);
    if (x == best) *holds = r;
  }
  return OK;
}

Code region_of_plot(Cx *cx, Request *rq, Json *view, const Plot *p) {
  Arena *m = rq->mem;
  const Region *r = NULL;
  if (!p->region.len) return OK;
  Json *o = json_put_obj(m, view, S("region"));
  PUT(o, "name", p->region);
  TRY(region_find(cx, rq->rd, p->region, &r));
  if (r) PUT_INT(o, "no", r->no);
  if (p->told_at) PUT(o, "told_at", time_cn(m, p->told_at));
  Json *list = json_put_arr(m, o, S("shares"));
  shares_put(m, list, r, day_of(rq->now), true);
  return OK;
}

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define DESK(how, at, who, fn, t, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "early", .compact = true, .help = what}
const Route region_routes[] = {
    {.method = GET, .path = "/s/regions", .allow = ROLE_PUBLIC, .run = page_regions_public, .tmpl = "regions_public", .section = "guide",
     .help = "区域评估：哪些区域有哪些评估可以共享，到哪天。"},
    {.method = GET, .path = "/s/regions/{no}", .allow = ROLE_PUBLIC, .run = page_region_public, .tmpl = "region_public", .section = "guide",
     .help = "一个区域的各项评估：有效期、组织编制单位、建设要求、哪些事项共享。"},
    {.method = GET, .path = "/s/regions/{no}/file/{blob}", .allow = ROLE_ANY_ACCOUNT, .run = page_region_file, .section = "guide",
     .help = "下载一项区域评估的成果文件；要登录。"},
    DESK(GET, "/w/regions", UNIT | ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER, page_regions, "regions", "区域评估：登记和有效期。"),
    DESK(GET, "/w/regions/new", UNIT, page_region_new, "early_form", "登记区域。"),
    DESK(POST, "/w/regions/new", UNIT, post_region_new, NULL, "登记区域。"),
    DESK(GET, "/w/regions/{no}", UNIT | ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER, page_region, "region", "一个区域的各项评估。"),
    {.method = POST, .path = "/w/regions/{no}", .allow = UNIT, .run = post_region, .section = "early", .compact = true, .uploads = "many",
     .help = "登记评估，停止共享。"},
    {.path = NULL},
};