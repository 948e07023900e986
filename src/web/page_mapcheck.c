/* SPDX-License-Identifier: Apache-2.0 */
/* page_mapcheck.c: the check of a project against the one blueprint (W9), its files, making one, and trying a plot without a case. */
#include "web/page_map.h"
#include "web/page_region.h"
#include "web/press.h"

/* ---- the plot of a form ---------------------------------------------------------------------------------------------- */

const FormField plot_fields[] = {{"shape", "long", "界址点坐标", PLOT_HINT, true},
                                 {"reclaim", "yesno", "是不是新增围填海", NULL, false},
                                 {"national", "yesno", "是不是国家重大战略项目", "新增围填海的才填；指党中央、国务院、中央军委确定的", true},
                                 {"industry", "radio", "产业政策", "按国家产业结构调整指导目录；目录没有列的是允许类", false}};

void plot_arrived(Request *rq) {
  const Upload *up = request_upload(rq, S("file"));
  if (up && up->bytes.len && utf8_valid(up->bytes)) json_put_str(rq->mem, (Json *)(uintptr_t)rq->args, S("shape"), up->bytes);
}

Json *plot_form(Request *rq, Json *view, const FormAct *a) {
  static const char *const industries[] = {"encouraged", "allowed", "restricted", "eliminated"};
  Json *form = form_put_act(rq, view, a);
  for (size_t i = 0; i < COUNT(industries); i++) form_choice(rq, form, "industry", str_of(industries[i]), map_label(str_of(industries[i])));
  return form;
}

Code plot_map(Cx *cx, Request *rq, Json *view, const Geo *plot) {
  const Policy *p = rq->app->policy;
  Json *near = NULL;
  GeoBox box;
  TRY(map_near(cx, reader_views(rq->rd), p, box_of_city(p), NULL, &near));
  if (plot) box = plot->box;
  else TRY(box_of_parts(cx, rq, near, &box));
  return picture_view(cx, rq, view, near, box, plot ? 0.6 : 0.03, plot, NULL);
}

/* ---- a report ------------------------------------------------------------------------------------------------------------ */

static const char *tag_of(Str result) {
  if (str_eqz(result, "conflict")) return "tag--bad";
  if (str_eqz(result, "warn") || str_eqz(result, "outside") || str_eqz(result, "nodata")) return "tag--warn";
  return "tag--ok";
}

static void points_view(Arena *m, Json *o, Str shape) {
  Cx own = {.mem = m};
  Geo *g = NULL;
  if (!shape.len || geo_stored(&own, shape, &g) != OK) return;
  Json *rings = json_put_arr(m, o, S("rings"));
  for (size_t i = 0; i < g->count; i++)
    for (size_t k = 0; k < g->list[i].count; k++) {
      const GeoRing *r = &g->list[i].rings[k];
      Str text = S("");
      for (size_t v = 0; v + 1 < r->count && v < 50; v++)
        text = arena_fmt(m, "%.*s%s%.*s, %.*s", SFMT(text), v ? "； " : "", SFMT(geo_degrees(m, r->at[2 * v])), SFMT(geo_degrees(m, r->at[2 * v + 1])));
      json_push_str(m, rings, r->count > 51 ? arena_fmt(m, "%.*s …（共 %zu 点，全部见 GeoJSON）", SFMT(text), r->count - 1) : text);
    }
}

static void report_row(Request *rq, Json *o, const Json *r) {
  static const char *const same[] = {"kind", "code", "name", "result", "area", "clause", "effect", "way", "date", "note", "outside"};
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  for (size_t i = 0; i < COUNT(same); i++) json_put_str(m, o, str_of(same[i]), json_str(r, str_of(same[i])));
  PUT(o, "result_label", map_label(json_str(r, S("result"))));
  PUT(o, "tag", str_of(tag_of(json_str(r, S("result")))));
  PUT_BOOL(o, "block", json_bool(r, S("block")));
  PUT_BOOL(o, "sample", json_bool(r, S("sample")));
  PUT_INT(o, "version", json_int(r, S("version"), 0));
  PUT(o, "unit_name", unit_name(p, json_str(r, S("unit"))));
  view_contact(m, p, o, json_str(r, S("unit")));
  points_view(m, o, json_str(r, S("shape")));
}

void report_view(Request *rq, Json *view, const Json *report) {
  static const char *const counts[] = {"conflicts", "blocks", "warnings", "unknown"};
  Arena *m = rq->mem;
  const Json *rows = json_get(report, S("rows"));
  Json *list = json_put_arr(m, view, S("rows")), *ways = json_put_arr(m, view, S("ways"));
  for (const Json *r = rows ? rows->first : NULL; r; r = r->next) report_row(rq, json_push_obj(m, list), r);
  for (int block = 1; block >= 0; block--) /* what stops it comes first */
    for (const Json *r = rows ? rows->first : NULL; r; r = r->next)
      if (json_bool(r, S("block")) == block && json_str(r, S("way")).len) report_row(rq, json_push_obj(m, ways), r);
  for (size_t i = 0; i < COUNT(counts); i++) json_put_int(m, view, str_of(counts[i]), json_int(report, str_of(counts[i]), 0));
  long long blocks = json_int(report, S("blocks"), 0), warnings = json_int(report, S("warnings"), 0), unknown = json_int(report, S("unknown"), 0);
  PUT(view, "area", json_str(report, S("area")));
  PUT(view, "algorithm", json_str(report, S("algorithm")));
  PUT(view, "crs", S(GEO_CRS));
  PUT(view, "conclusion",
      blocks ? arena_fmt(m, "%lld 项冲突，不能直接受理。", blocks)
             : warnings ? arena_fmt(m, "没有冲突，%lld 项需要注意。", warnings) : unknown ? S("已有数据的图层里没有冲突。") : S("没有冲突。"));
}

/* ---- W9 -------------------------------------------------------------------------------------------------------------------- */

static Code check_of(Cx *cx, Request *rq, const MapCheck **out) {
  TRY(mapcheck_load(cx, rq->rd, param_no(rq, 0), out));
  if (reads_inside(rq) || own_enterprise(rq, (*out)->applicant, (*out)->uscc)) return OK;
  Str principal = S("");
  if (request_has_role(rq, ROLE_AGENT)) TRY(agent_principal(cx, reader_views(rq->rd), rq->who->id, (*out)->project, S(""), &principal));
  if (principal.len) return OK;
  FAIL(NOT_FOUND, "没有这次蓝图检查，或者它不是您单位的项目。");
}

static const Policy *policy_then(const Request *rq, const MapCheck *c) {
  return rq->app->policies ? policies_find(rq->app->policies, c->policy) : rq->app->policy;
}

static void declared_view(Request *rq, Json *view, const Json *d) {
  Arena *m = rq->mem;
  PUT(view, "reclaim_label", json_bool(d, S("reclaim")) ? S("是") : S("否"));
  PUT(view, "national_label", json_bool(d, S("national")) ? S("是") : S("否"));
  PUT(view, "industry_label", map_label(json_str(d, S("industry"))));
}

static void head_view(Request *rq, Json *view, const MapCheck *c) {
  Arena *m = rq->mem;
  PUT_INT(view, "no", c->no);
  PUT(view, "number", c->number);
  PUT_INT(view, "project", c->project);
  PUT(view, "project_number", c->project_number);
  PUT(view, "project_name", c->project_name);
  PUT(view, "owner", c->owner);
  PUT(view, "by_name", c->by_name);
  PUT(view, "at_cn", time_cn(m, c->at));
  PUT(view, "policy_version", c->policy);
  PUT(view, "digest", c->digest);
  PUT_BOOL(view, "staff", reads_inside(rq));
  declared_view(rq, view, c->declared);
}

static Code newest_view(Cx *cx, Request *rq, Json *view, const MapCheck *c) {
  Arena *m = rq->mem;
  CheckedRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(mapchecks_list(cx, rq->rd, &(CheckedFilter){.project = c->project, .limit = 1}, &rows, &n, &total));
  if (!n || rows[0].no == c->no) return OK;
  Json *o = json_put_obj(m, view, S("newer"));
  PUT_INT(o, "no", rows[0].no);
  PUT(o, "number", rows[0].number);
  return OK;
}

/* What the application says of its area, beside the plot's. */
static void declared_area(Request *rq, Json *view, const Project *pr) {
  Arena *m = rq->mem;
  Milli area;
  Str text = json_str(pr->facts, S("land_area"));
  if (text.len && milli_parse(text, &area) && area.v > 0) PUT(view, "declared_area", geo_ha(m, area));
}

static Code again_view(Cx *cx, Request *rq, Json *view, const MapCheck *c) {
  bool same = false;
  Json *report = NULL;
  if (!request_arg(rq, S("again")).len) return OK;
  TRY(map_again(cx, rq->rd, policy_then(rq, c), c, &same, &report));
  json_put_str(rq->mem, view, S("again"), same ? S("same") : S("differs"));
  json_put_str(rq->mem, view, S("again_digest"), blueprint_digest(rq->mem, report));
  return OK;
}

static Code check_picture(Cx *cx, Request *rq, Json *view, Str shape, const Json *report) {
  Json *versions = json_obj(rq->mem), *near = NULL;
  Geo *plot = NULL;
  const Region *in = NULL;
  TRY(geo_stored(cx, shape, &plot));
  if (!json_get(view, S("around"))) TRY(region_around(cx, rq, view, plot, &in));
  for (const Json *r = json_get(report, S("rows"))->first; r; r = r->next)
    if (json_get(r, S("version"))) json_put_int(rq->mem, versions, json_str(r, S("code")), json_int(r, S("version"), 0));
  TRY(map_near(cx, reader_views(rq->rd), rq->app->policy, box_around(plot), versions, &near));
  return picture_view(cx, rq, view, near, plot->box, 0.6, plot, report);
}

static Code page_check(Cx *cx, Request *rq, Reply *rp) {
  const MapCheck *c = NULL;
  const Project *pr = NULL;
  TRY(check_of(cx, rq, &c));
  rp->title = S("一张蓝图合规检查");
  rp->view = json_obj(rq->mem);
  head_view(rq, rp->view, c);
  report_view(rq, rp->view, c->report);
  TRY(newest_view(cx, rq, rp->view, c));
  TRY(again_view(cx, rq, rp->view, c));
  TRY(project_load(cx, rq->rd, c->project, &pr));
  declared_area(rq, rp->view, pr);
  return check_picture(cx, rq, rp->view, c->shape, c->report);
}

static Str overlap_feature(Request *rq, const Json *r) {
  static const char *const same[] = {"code", "name", "result", "area", "clause", "date"};
  Arena *m = rq->mem;
  Json *o = json_obj(m);
  for (size_t i = 0; i < COUNT(same); i++) json_put_str(m, o, str_of(same[i]), json_str(r, str_of(same[i])));
  PUT_INT(o, "version", json_int(r, S("version"), 0));
  PUT(o, "result_label", map_label(json_str(r, S("result"))));
  PUT(o, "unit", unit_name(rq->app->policy, json_str(r, S("unit"))));
  return geojson_feature(m, json_str(r, S("shape")), o);
}

static Code page_check_file(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const MapCheck *c = NULL;
  TRY(check_of(cx, rq, &c));
  const Json *rows = json_get(c->report, S("rows"));
  Str *features = arena_array(m, Str, rows->count + 1);
  size_t n = 1;
  Json *o = json_obj(m);
  PUT(o, "number", c->number);
  PUT(o, "project", c->project_number);
  PUT(o, "at", time_str(m, c->at));
  PUT(o, "area", json_str(c->report, S("area")));
  PUT(o, "crs", S(GEO_CRS));
  PUT(o, "algorithm", json_str(c->report, S("algorithm")));
  PUT(o, "policy", c->policy);
  PUT(o, "digest", c->digest);
  features[0] = geojson_feature(m, c->shape, o);
  for (const Json *r = rows->first; r; r = r->next)
    if (json_str(r, S("shape")).len) features[n++] = overlap_feature(rq, r);
  rp->body = geojson_collection(m, features, n);
  rp->type = S("application/geo+json");
  rp->filename = arena_fmt(m, "蓝图检查-%.*s.geojson", SFMT(c->number));
  return OK;
}

static Str row_told(Arena *own, const Policy *p, const Json *r) {
  Str label = map_label(json_str(r, S("result"))), area = json_str(r, S("area")), effect = json_str(r, S("effect")), way = json_str(r, S("way")), date = json_str(r, S("date"));
  long long version = json_int(r, S("version"), 0);
  return arena_fmt(own, "%.*s：%.*s%s%.*s%s　%.*s　%.*s%s%.*s%s%.*s", SFMT(json_str(r, S("name"))), SFMT(label), area.len ? "，重叠 " : "", SFMT(area), area.len ? " 公顷" : "",
                   SFMT(version ? arena_fmt(own, "第 %lld 版（%.*s）%s", version, SFMT(date), json_bool(r, S("sample")) ? "示例数据" : "") : S("")), SFMT(unit_name(p, json_str(r, S("unit")))),
                   effect.len ? "　" : "", SFMT(effect), way.len ? "　" : "", SFMT(way));
}

static Paper paper_of(Arena *own, Request *rq, const MapCheck *c) {
  const Policy *p = rq->app->policy;
  const Json *rows = json_get(c->report, S("rows"));
  Str *list = arena_array(own, Str, rows->count + 1), *closing = arena_array(own, Str, 2);
  PaperRow *heads = arena_array(own, PaperRow, 8);
  long long blocks = json_int(c->report, S("blocks"), 0);
  size_t n = 0;
  heads[0] = (PaperRow){S("项目"), arena_fmt(own, "%.*s（%.*s）", SFMT(c->project_name), SFMT(c->project_number))};
  heads[1] = (PaperRow){S("建设单位"), arena_str(own, c->owner)};
  heads[2] = (PaperRow){S("检查范围"), arena_fmt(own, "%.*s 公顷", SFMT(json_str(c->report, S("area"))))};
  heads[3] = (PaperRow){S("结论"), blocks ? arena_fmt(own, "%lld 项冲突，不能直接受理", blocks) : S("没有冲突")};
  heads[4] = (PaperRow){S("检查时间"), time_cn(own, c->at)};
  heads[5] = (PaperRow){S("坐标系"), S(GEO_CRS)};
  heads[6] = (PaperRow){S("算法"), arena_str(own, json_str(c->report, S("algorithm")))};
  heads[7] = (PaperRow){S("报告摘要"), arena_str(own, c->digest)};
  for (const Json *r = rows->first; r; r = r->next) list[n++] = row_told(own, p, r);
  closing[0] = S("面积是 CGCS2000 椭球面上的面积。同样的范围、申报情形、图层版本和政策包版本，重新计算得到同样的结果；报告摘要是结果的 SM3 值。");
  return (Paper){.title = S("一张蓝图合规检查报告"), .number = arena_str(own, c->number), .rows = heads, .row_count = 8, .heading = S("逐层结果"), .list = list, .list_count = n,
                 .closing = closing, .closing_count = 1, .date = day_cn(own, day_of(c->at)), .sample = rq->app->demo, .made = c->at};
}

static Code page_check_pdf(Cx *cx, Request *rq, Reply *rp) {
  const MapCheck *c = NULL;
  TRY(check_of(cx, rq, &c));
  Arena *own = press_memory();
  Paper p = paper_of(own, rq, c);
  return reply_press(cx, rq, rp, own, &p, PRESS_PDF);
}

/* ---- making one ------------------------------------------------------------------------------------------------------------------ */

static const FormAct make_act = {.act = "check", .command = "mapcheck.make", .title = "检查用地、用海范围", .button = "检查", .fields = plot_fields, .count = PLOT_FIELDS};

static bool at_work(const Request *rq) {
  return str_starts(rq->path, S("/w/"));
}

static Str make_path(Request *rq) {
  return arena_fmt(rq->mem, at_work(rq) ? "/w/map/case/%.*s" : "/my/%.*s/map", SFMT(rq->params[0]));
}

static void checks_view(Request *rq, Json *view, const CheckedRow *rows, size_t n) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("checks"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "number", rows[i].number);
    PUT_INT(o, "conflicts", rows[i].conflicts);
    PUT_INT(o, "warnings", rows[i].warnings);
    PUT(o, "by_name", rows[i].by_name);
    PUT(o, "at_cn", time_cn(m, rows[i].at));
    PUT_BOOL(o, "newest", i == 0);
  }
}

/* The plot of the newest check stands there to be moved; one with holes is not lines, and has to be handed in again. */
static Code plot_before(Cx *cx, Request *rq, Json *form, int64_t no, Geo **out) {
  const MapCheck *c = NULL;
  bool holes = false;
  TRY(mapcheck_load(cx, rq->rd, no, &c));
  TRY(geo_stored(cx, c->shape, out));
  for (size_t i = 0; i < (*out)->count; i++) holes |= (*out)->list[i].count > 1;
  if (!holes) form_value(rq, form, "shape", plot_lines(rq->mem, *out));
  return OK;
}

static Code page_make(Cx *cx, Request *rq, Reply *rp) {
  enum { SHOWN = 20 };
  Geo *plot = NULL;
  Arena *m = rq->mem;
  const Project *pr = NULL;
  CheckedRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(at_work(rq) ? project_of_staff(cx, rq, &pr) : project_of_owner(cx, rq, &pr));
  rp->title = S("一张蓝图检查");
  rp->view = json_obj(m);
  PUT(rp->view, "project_name", pr->name);
  PUT(rp->view, "project_number", pr->number);
  PUT(rp->view, "path", make_path(rq));
  PUT(rp->view, "back", at_work(rq) ? arena_fmt(m, "/w/c/%lld/1", (long long)pr->no) : arena_fmt(m, "/my/%lld", (long long)pr->no));
  TRY(mapchecks_list(cx, rq->rd, &(CheckedFilter){.project = pr->no, .limit = SHOWN}, &rows, &n, &total));
  checks_view(rq, rp->view, rows, n);
  declared_area(rq, rp->view, pr);
  if (pr->status != PROJECT_RUNNING || !rq->app->policy->blueprint.layer_count) return OK;
  Json *form = plot_form(rq, rp->view, &make_act);
  if (n) TRY(plot_before(cx, rq, form, rows[0].no, &plot));
  if (!n) TRY(plot_brought_view(cx, rq, rp->view));
  if (json_get(rp->view, S("plot"))) { /* tried before the project was registered */
    GeoLimits limits = blueprint_limits(rq->app->policy);
    form_value(rq, form, "shape", plot_brought(rq));
    TRY(geo_read(cx, plot_brought(rq), S("shape"), &limits, &plot));
  }
  return plot_map(cx, rq, rp->view, plot);
}

static Code post_make(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  TRY(at_work(rq) ? project_of_staff(cx, rq, &pr) : project_of_owner(cx, rq, &pr));
  plot_arrived(rq);
  Json *args = form_args(rq, &make_act);
  json_put_int(rq->mem, args, S("project"), pr->no);
  form_send(rq, rp, &make_act, S(""), args, S("/map/check/"), page_make, "map_make");
  return OK;
}

/* ---- trying a plot 选址试算 --------------------------------------------------------------------------------------------------------- */

static const FormField pick_fields[] = {{"shape", "long", N_("界址点坐标"), PLOT_HINT, true},
                                        {"category", "select", N_("项目类别"), N_("选了就列出要办哪些事项"), true},
                                        {"reclaim", "yesno", N_("是不是新增围填海"), NULL, true},
                                        {"national", "yesno", N_("是不是国家重大战略项目"), N_("新增围填海的才填；指党中央、国务院、中央军委确定的"), true},
                                        {"industry", "radio", N_("产业政策"), N_("按国家产业结构调整指导目录；目录没有列的是允许类"), true}};
static const FormAct pick_act = {.act = "pick", .command = "", .title = N_("试算一块地"), .button = N_("试算"), FIELDS(pick_fields)};

/* Whoever has no account may ask for less: it is work for the server, and nobody answers for it. */
enum { VISITOR_POINTS = 500, VISITOR_BYTES = 50000 };
static GeoLimits pick_limits(const Request *rq) {
  GeoLimits l = blueprint_limits(rq->app->policy);
  if (rq->who) return l;
  if (!l.points || l.points > VISITOR_POINTS) l.points = VISITOR_POINTS;
  if (!l.bytes || l.bytes > VISITOR_BYTES) l.bytes = VISITOR_BYTES;
  return l;
}

static void pick_form(Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("选址试算"));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("path"), S("/map/pick"));
  json_put_bool(rq->mem, rp->view, S("visitor"), !rq->who);
  json_put_int(rq->mem, rp->view, S("most"), (int64_t)pick_limits(rq).points);
  Json *form = plot_form(rq, rp->view, &pick_act);
  for (size_t i = 0; i < rq->app->policy->category_count; i++) form_choice(rq, form, "category", rq->app->policy->categories[i].code, rq->app->policy->categories[i].name);
}

static Code page_pick(Cx *cx, Request *rq, Reply *rp) {
  pick_form(rq, rp);
  return plot_map(cx, rq, rp->view, NULL);
}

/* Items of the first stage, and of all stages those that a region's assessment stands in for. */
static void items_view(Request *rq, Json *view, const Category *c, const Region *in) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("items"));
  for (int n = 1; n <= STAGE_MAX; n++) {
    ItemChoice *items = NULL;
    size_t count = policy_items(m, p, n, c->code, S(""), json_obj(m), &items);
    for (size_t i = 0; i < count; i++) {
      const Item *x = items[i].item;
      if (items[i].applies == NO || (n > 1 && !x->share.len)) continue;
      Json *o = json_push_obj(m, list);
      PUT(o, "code", x->code);
      PUT(o, "name", x->name);
      PUT_INT(o, "stage", n);
      PUT_BOOL(o, "later", n > 1);
      PUT(o, "unit_name", unit_name(p, items[i].unit.len ? items[i].unit : x->unit));
      PUT_BOOL(o, "depends", items[i].applies == UNKNOWN);
      PUT_BOOL(o, "shared", in && x->share.len && region_shares(in, x->share, day_of(rq->now)));
    }
  }
}

static Code picked(Cx *cx, Request *rq, Json *view, const Geo *plot) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Category *c = policy_category(p, request_arg(rq, S("category")));
  Json *declared = json_obj(m), *near = NULL, *report = NULL;
  const Region *in = NULL;
  PUT_BOOL(declared, "reclaim", str_eqz(request_arg(rq, S("reclaim")), "true"));
  PUT_BOOL(declared, "national", str_eqz(request_arg(rq, S("national")), "true"));
  PUT(declared, "industry", request_arg(rq, S("industry")));
  TRY(map_near(cx, reader_views(rq->rd), p, plot->box, NULL, &near));
  TRY(blueprint_check(cx, p, near, declared, plot, &report));
  report_view(rq, view, report);
  PUT_BOOL(view, "tried", true);
  TRY(region_around(cx, rq, view, plot, &in));
  if (c) PUT(view, "category_name", c->name);
  if (c) items_view(rq, view, c, in);
  if (c) PUT(view, "category", c->code);
  PUT_BOOL(view, "register", !rq->who || request_has_role(rq, ROLE_APPLICANT));
  PUT(view, "carried", plot_carried(m, plot));
  return check_picture(cx, rq, view, geo_text(m, plot), report);
}

/* Nothing is kept: no command, no number. */
static Code post_pick(Cx *cx, Request *rq, Reply *rp) {
  GeoLimits limits = pick_limits(rq);
  Geo *plot = NULL;
  plot_arrived(rq);
  if (geo_read(cx, request_arg(rq, S("shape")), S("shape"), &limits, &plot) == OK) {
    pick_form(rq, rp);
    reply_keep(rq, rp);
    return picked(cx, rq, rp->view, plot);
  }
  Str detail = cx->detail;
  if (cx->fault == BROKEN) return BROKEN;
  cx_clear(cx);
  TRY(page_pick(cx, rq, rp));
  form_fault(rq, rp, &pick_act, S("shape"), detail);
  return OK;
}

#define PARTY (ROLE_APPLICANT | ROLE_AGENT)
#define CHECKERS (ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_APPROVER | ROLE_UNIT_HEAD)
#define ROUTE(how, at, who, fn, t, sec, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = sec, .help = what}
const Route mapcheck_routes[] = {
    ROUTE(GET, "/map/check/{no}", CONCERNED, page_check, "map_check", "map", "一次蓝图检查：逐层结果、重叠面积、依据、怎么办；可以重算。"),
    ROUTE(GET, "/map/check/{no}/file", CONCERNED, page_check_file, NULL, "map", "检查范围和重叠部分（GeoJSON）。"),
    ROUTE(GET, "/map/check/{no}/pdf", CONCERNED, page_check_pdf, NULL, "map", "蓝图检查报告（PDF）。"),
    ROUTE(GET, "/map/pick", ROLE_PUBLIC, page_pick, "map_pick", "map", "选址试算：一块地压到哪些线，要办什么；不用登录，不留记录。"),
    {.method = POST, .path = "/map/pick", .allow = ROLE_PUBLIC, .run = post_pick, .tmpl = "map_pick", .section = "map", .uploads = "held", .help = "试算一块地，不留记录。"},
    ROUTE(GET, "/my/{id}/map", PARTY, page_make, "map_make", "my", "本项目的蓝图检查：提交用地、用海范围。"),
    {.method = POST, .path = "/my/{id}/map", .allow = PARTY, .run = post_make, .section = "my", .uploads = "held", .help = "检查本项目的用地、用海范围。"},
    {.method = GET, .path = "/w/map/case/{id}", .allow = CHECKERS, .run = page_make, .tmpl = "map_make", .section = "blueprint", .compact = true, .help = "一个项目的蓝图检查。"},
    {.method = POST, .path = "/w/map/case/{id}", .allow = CHECKERS, .run = post_make, .section = "blueprint", .compact = true, .uploads = "held", .help = "检查项目的用地、用海范围。"},
    {.path = NULL},
};
