/* SPDX-License-Identifier: Apache-2.0 */
/* page_accept_view.c: a joint acceptance and lists of them as view trees. */
#include "web/page_accept.h"
#include "web/page_heard.h"

enum { SHOWN = 50 };

static bool is_image(Str name) {
  return str_ends(name, S(".jpg")) || str_ends(name, S(".jpeg")) || str_ends(name, S(".png")) || str_ends(name, S(".JPG"));
}

static void files_view(Request *rq, Json *o, const char *key, const FinishFile *files, size_t n, Str base) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, o, str_of(key));
  for (size_t i = 0; i < n; i++) {
    Json *f = json_push_obj(m, list);
    PUT(f, "blob", files[i].blob);
    PUT(f, "name", files[i].name);
    PUT(f, "href", arena_fmt(m, "%.*s/file/%.*s", SFMT(base), SFMT(files[i].blob)));
    PUT_BOOL(f, "image", is_image(files[i].name));
  }
}

static Code parts_view(Cx *cx, Request *rq, Json *view, const Acceptance *a) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("parts"));
  for (size_t i = 0; i < a->part_count; i++) {
    const AcceptPart *p = &a->parts[i];
    bool mine = staff_of(rq, p->unit);
    Json *o = json_push_obj(m, list);
    PUT(o, "code", p->code);
    PUT(o, "name", p->name);
    PUT(o, "unit", p->unit);
    PUT(o, "unit_name", unit_name(rq->app->policy, p->unit));
    PUT_BOOL(o, "utility", p->utility);
    PUT_BOOL(o, "due", p->due);
    PUT(o, "result", p->result);
    PUT_BOOL(o, "passed", p->passed > 0);
    PUT_INT(o, "passed_in", p->passed);
    PUT(o, "opinion", p->opinion);
    PUT(o, "by", p->by);
    if (p->at) PUT(o, "at_cn", time_cn(m, p->at));
    PUT_INT(o, "open", (int64_t)acceptance_open(a, p->code));
    PUT_BOOL(o, "mine", mine);
    bool waits = mine && p->due && !p->result.len && (str_eqz(a->status, "started") || str_eqz(a->status, "scheduled"));
    PUT_BOOL(o, "can_visit", waits && str_eqz(a->status, "scheduled"));
    if (waits && !head_of(rq, p->unit)) TRY(unauthorised_view(cx, rq, o, p->code, p->name)); /* a head signs by his post */
    if (json_str(o, S("unauthorised")).len) TRY(signers_view(cx, rq, o, p->code));
  }
  return OK;
}

static Str part_name(const Acceptance *a, Str code) {
  const AcceptPart *p = acceptance_part(a, code);
  return p ? p->name : code;
}

static void points_view(Request *rq, Json *view, const Acceptance *a, Str base) {
  Arena *m = rq->mem;
  Json *issues = json_put_arr(m, view, S("issues")), *records = json_put_arr(m, view, S("records"));
  int64_t unanswered = 0;
  for (size_t i = 0; i < a->point_count; i++) {
    const VisitPoint *p = &a->points[i];
    Json *o = json_push_obj(m, str_eqz(p->kind, "issue") ? issues : records);
    PUT_INT(o, "no", p->no);
    PUT(o, "part", p->part);
    PUT(o, "part_name", part_name(a, p->part));
    PUT(o, "text", p->text);
    PUT(o, "place", p->place);
    PUT(o, "by", p->by);
    PUT(o, "at_cn", time_cn(m, p->at));
    PUT_BOOL(o, "open", point_open(p));
    PUT_INT(o, "closed", p->closed);
    PUT(o, "answer", p->answer);
    PUT_BOOL(o, "answered", p->answered_at > 0);
    unanswered += point_open(p) && !p->answered_at && str_eqz(p->kind, "issue");
    if (p->answered_at) PUT(o, "answered_cn", time_cn(m, p->answered_at));
    files_view(rq, o, "files", p->files, p->file_count, base);
    files_view(rq, o, "answer_files", p->answer_files, p->answer_file_count, base);
  }
  PUT_INT(view, "unanswered", unanswered);
}

/* Of one that was withdrawn the departments decide each by itself: what a part has come to stands in the case, not here. */
static void parts_in_case(const Request *rq, Json *view, const StageState *s) {
  const Json *parts = json_get(view, S("parts"));
  for (Json *o = parts ? parts->first : NULL; o; o = o->next) {
    const ItemState *i = stage_item(s, json_str(o, S("code")));
    if (i) json_put_str(rq->mem, o, S("in_case"), reads_inside(rq) ? item_status_label(i->status) : item_status_plain(i->status));
  }
}

/* The lamp is that of the stage: one clock for all who take part. */
static Code stage_view(Cx *cx, Request *rq, Json *view, int64_t project) {
  enum { STAGE = 4 };
  const Project *pr = NULL;
  TRY(project_load(cx, rq->rd, project, &pr));
  Reading r = project_stage_reading(rq->mem, policy_of(rq, pr, STAGE), pr, STAGE, rq->now);
  view_reading(rq->mem, view, &r, pr->stages[STAGE].limit);
  view_review(rq->mem, view, pr);
  if (str_eqz(json_str(view, S("status")), "withdrawn")) {
    json_put_bool(rq->mem, view, S("apart"), true);
    parts_in_case(rq, view, &pr->stages[STAGE]);
  }
  return OK;
}

/* Whose parts have no conclusion yet: "市住房城乡建设局、市自然资源局". */
static Str unsigned_units(Request *rq, const Acceptance *a) {
  Str out = S("");
  for (size_t i = 0; i < a->part_count; i++) {
    const AcceptPart *p = &a->parts[i];
    Str name = unit_name(rq->app->policy, p->unit);
    if (!p->due || p->result.len || str_has(out, name)) continue;
    out = arena_fmt(rq->mem, "%.*s%s%.*s", SFMT(out), out.len ? "、" : "", SFMT(name));
  }
  return out;
}

/* Since when it is put right: the last of the parts that wanted something signed then, and with that the round was over. */
static Day rectify_since(const Acceptance *a) {
  int64_t last = 0;
  for (size_t i = 0; i < a->part_count; i++)
    if (a->parts[i].due && a->parts[i].at > last) last = a->parts[i].at;
  return last ? day_of(last) : (Day){0};
}

Str acceptance_turn(Request *rq, const Acceptance *a) {
  Arena *m = rq->mem;
  Str lead = unit_name(rq->app->policy, rq->app->policy->stages[STAGE_MAX].lead);
  if (str_eqz(a->status, "started")) return arena_fmt(m, "等%.*s定勘验日期", SFMT(lead));
  if (str_eqz(a->status, "rectify")) {
    Day since = rectify_since(a);
    return arena_fmt(m, "等建设单位整改，改完后由它提请复查%s%.*s%s", since.n ? "（" : "", SFMT(since.n ? day_cn(m, since) : S("")), since.n ? "勘验结论签齐，从这天起等）" : "");
  }
  if (str_eqz(a->status, "ready")) return arena_fmt(m, "等%.*s负责人出具联合验收意见，各专项都已合格", SFMT(lead));
  if (!str_eqz(a->status, "scheduled")) return S("");
  if (a->day.n < day_of(rq->now).n) return arena_fmt(m, "等%.*s签结论，定的勘验日 %.*s已经过了", SFMT(unsigned_units(rq, a)), SFMT(day_cn(m, a->day)));
  return arena_fmt(m, "等%.*s在 %.*s勘验现场并签结论", SFMT(unsigned_units(rq, a)), SFMT(day_cn(m, a->day)));
}

Code acceptance_view(Cx *cx, Request *rq, Json *view, const Acceptance *a, Str base) {
  Arena *m = rq->mem;
  const struct { const char *key; Str value; } texts[] = {
      {"number", a->number}, {"project_number", a->project_number}, {"project_name", a->project_name}, {"owner", a->owner},
      {"status", a->status}, {"status_label", finish_label(a->status)}, {"note", a->note}, {"despite", a->despite},
      {"move_reason", a->move_reason}, {"scheduled_by", a->scheduled_by}, {"opinion_no", a->opinion_no}, {"opinion", a->opinion},
      {"opinion_by", a->opinion_by}, {"end_reason", a->end_reason}, {"starter", a->starter}, {"base", base},
      {"county_name", place_name(rq->app->policy, a->county)}, {"lead_name", unit_name(rq->app->policy, rq->app->policy->stages[4].lead)}};
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, view, str_of(texts[i].key), texts[i].value);
  PUT_INT(view, "no", a->no);
  PUT_INT(view, "project", a->project);
  PUT_INT(view, "round", a->round);
  PUT_BOOL(view, "again", a->round > 1);
  PUT(view, "started", time_cn(m, a->started_at));
  Day first = calendar_next_work(rq->app->policy->calendar, a->from);
  PUT(view, "from_cn", day_cn(m, a->from));
  Json *avoid = a->avoid_count ? json_put_arr(m, view, S("avoided")) : NULL;
  for (size_t i = 0; i < a->avoid_count; i++) json_push_str(m, avoid, day_cn(m, a->avoid[i]));
  if (first.n != a->from.n) PUT(view, "first_cn", day_cn(m, first));
  if (a->day.n) {
    PUT(view, "day", day_str(m, a->day));
    PUT(view, "day_cn", day_cn(m, a->day));
  }
  if (a->concluded_at) PUT(view, "concluded", time_cn(m, a->concluded_at));
  PUT_INT(view, "open_points", (int64_t)acceptance_open(a, S("")));
  TRY(parts_view(cx, rq, view, a));
  points_view(rq, view, a, base);
  TRY(survey_result(cx, rq, view, a->project, a->concluded_at, base));
  return stage_view(cx, rq, view, a->project);
}

Code acceptances_view(Cx *cx, Request *rq, Json *view, const AcceptanceFilter *f) {
  Arena *m = rq->mem;
  AcceptanceRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(acceptances_list(cx, rq->rd, f, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("acceptances"));
  for (size_t i = 0; i < n; i++) {
    const AcceptanceRow *a = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", a->no);
    PUT_INT(o, "project", a->project);
    PUT(o, "number", a->number);
    PUT(o, "project_number", a->project_number);
    PUT(o, "project_name", a->project_name);
    PUT(o, "owner", a->owner);
    PUT(o, "status", a->status);
    PUT(o, "status_label", finish_label(a->status));
    PUT_INT(o, "round", a->round);
    PUT_BOOL(o, "again", a->round > 1);
    if (a->day.n) PUT(o, "day", day_str(m, a->day));
    PUT_INT(o, "waiting", a->waiting);
    PUT_INT(o, "open_points", a->open);
    PUT_BOOL(o, "mine", a->mine);
    TRY(stage_view(cx, rq, o, a->project));
  }
  view_pages(rq, view, f->offset, n, f->limit, total);
  return OK;
}

Code acceptance_file(Cx *cx, const Acceptance *a, Str blob, Reply *rp) {
  for (size_t i = 0; i < a->point_count; i++) {
    const VisitPoint *p = &a->points[i];
    for (size_t k = 0; k < p->file_count + p->answer_file_count; k++) {
      const FinishFile *f = k < p->file_count ? &p->files[k] : &p->answer_files[k - p->file_count];
      if (!str_eq(f->blob, blob)) continue;
      rp->blob = f->blob;
      rp->filename = f->name;
      return OK;
    }
  }
  FAIL(NOT_FOUND, "这次联合验收没有这份照片或附件。");
}

void lines_put(Request *rq, Json *args, const char *name) {
  Str rest = request_arg(rq, str_of(name)), line;
  Json *list = json_put_arr(rq->mem, args, str_of(name));
  for (bool more = rest.len > 0; more;) {
    more = str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (line.len) json_push_str(rq->mem, list, line);
  }
}
