/* SPDX-License-Identifier: Apache-2.0 */
/* page_survey_result.c: what a result of the one survey 多测合一 may be, and how far it lies from what was declared, on every page that shows one. */
#include "web/page_accept.h"
#include "web/web_int.h"

#include "policy/notices.h"
#include "policy/surveys.h"

/* Beside the measured area, also after the form with its hint is gone. */
Code survey_said_view(Cx *cx, Request *rq, Json *view, const Survey *s) {
  const Project *pr = NULL;
  if (!s->delivered_at) return OK;
  TRY(project_load(cx, rq->rd, s->project, &pr));
  Str said = json_str(pr->facts, S("floor_area"));
  if (said.len) json_put_str(rq->mem, view, S("said"), arena_str(rq->mem, said));
  json_put_str(rq->mem, view, S("apart"), survey_apart(rq->mem, said, s->total));
  return OK;
}

/* By the rules of the package: an office may have taken one of them out. */
static bool told(const Policy *p, const char *whom) {
  for (size_t i = 0; i < p->notice_count; i++)
    for (size_t k = 0; str_eqz(p->notices[i].event, "survey.delivered") && k < p->notices[i].to_count; k++)
      if (str_eqz(p->notices[i].to[k], whom)) return true;
  return false;
}

Code survey_next_view(Cx *cx, Request *rq, Json *view, const Survey *s) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Project *pr = NULL;
  if (!s->delivered_at) return OK;
  TRY(project_load(cx, rq->rd, s->project, &pr));
  Json *o = json_put_obj(m, view, S("next"));
  Str units = S("");
  for (size_t i = 0; i < s->task_count; i++)
    if (!str_has(units, unit_name(p, s->tasks[i].unit))) units = arena_fmt(m, "%.*s%s%.*s", SFMT(units), units.len ? "、" : "", SFMT(unit_name(p, s->tasks[i].unit)));
  if (told(p, "applicant")) PUT(o, "owner_told", s->owner);
  if (told(p, "unit")) PUT(o, "units_told", units);
  PUT(o, "owner", s->owner);
  PUT_BOOL(o, "again", pr->status == PROJECT_RUNNING);
  return OK;
}

Code survey_off_view(Cx *cx, Request *rq, Json *view, const Survey *s) {
  const Project *pr = NULL;
  if (!s->delivered_at) return OK;
  TRY(project_load(cx, rq->rd, s->project, &pr));
  Str text = survey_off(rq->mem, rq->app->policy, json_str(pr->facts, S("floor_area")), s->total);
  if (text.len) json_put_str(rq->mem, view, S("off"), text);
  if (text.len) json_put_bool(rq->mem, view, S("checked"), s->checked);
  return OK;
}

/* The declared area beside the field for the measured one; and when what was typed differs, a tick that says it was looked at. */
Code survey_declared(Cx *cx, Request *rq, Json *view, Json *form, const Survey *s) {
  static const FormField tick = {"checked", "checks", "面积与申报不同", "核对过测绘数据和登记的面积，就勾上；和成果一起记下", false};
  Arena *m = rq->mem;
  const Project *pr = NULL;
  TRY(project_load(cx, rq->rd, s->project, &pr));
  Str declared = json_str(pr->facts, S("floor_area"));
  if (!declared.len) return OK;
  PUT(view, "declared", arena_str(m, declared));
  form_hint(rq, form, "total", arena_fmt(m, "等于地上加地下。登记项目时申报的建筑面积是 %.*s ㎡", SFMT(declared)));
  if (!survey_off(m, rq->app->policy, declared, str_trim(request_arg(rq, S("total")))).len) return OK;
  form_field_add(rq, form, &tick);
  form_choice(rq, form, "checked", S("true"), S("面积与申报不同，我已核对"));
  return OK;
}

Code survey_latest(Cx *cx, Request *rq, int64_t project, Str unit, int64_t until, const Survey **out) {
  enum { LOOKED_AT = 20 };
  SurveyRow *rows = NULL;
  size_t n = 0, i = 0;
  int64_t total = 0;
  *out = NULL;
  TRY(surveys_list(cx, rq->rd, &(SurveyFilter){.project = project, .unit = unit, .limit = LOOKED_AT}, &rows, &n, &total));
  for (; i < n && !*out; i++) {
    const Survey *s = NULL;
    if (!str_eqz(rows[i].status, "delivered")) continue;
    TRY(survey_load(cx, rq->rd, rows[i].no, &s));
    if (!until || s->delivered_at <= until) *out = s;
  }
  return OK;
}

Code survey_result(Cx *cx, Request *rq, Json *view, int64_t project, int64_t until, Str base) {
  Arena *m = rq->mem;
  bool own = str_starts(base, S("/my/"));
  const Survey *s = NULL;
  TRY(survey_latest(cx, rq, project, own ? S("") : surveys_unit(rq), until, &s));
  if (!s) return OK;
  Json *o = json_put_obj(m, view, S("survey"));
  PUT(o, "number", s->number);
  PUT(o, "href", own ? arena_fmt(m, "/my/%lld/survey/%lld", (long long)project, (long long)s->no) : arena_fmt(m, "/w/surveys/%lld", (long long)s->no));
  return survey_off_view(cx, rq, o, s);
}

Code survey_fill(Cx *cx, Request *rq, int64_t project, const Field *fields, size_t n, const Json **form) {
  Arena *m = rq->mem;
  const Survey *s = NULL;
  Json *full = NULL;
  bool wanted = false;
  for (size_t i = 0; i < n; i++) wanted |= fields[i].filled.len > 0;
  if (wanted) TRY(survey_latest(cx, rq, project, S(""), 0, &s));
  for (size_t i = 0; s && i < n; i++) {
    if (!fields[i].filled.len || json_get(*form, fields[i].name)) continue;
    if (!full) full = *form ? json_clone(m, *form) : json_obj(m);
    json_put_str(m, full, fields[i].name, arena_str(m, str_eqz(fields[i].filled, "survey.area") ? s->total : s->surveyor_name));
  }
  if (full) *form = full;
  return OK;
}

Str survey_kinds(Arena *m, const Policy *p) {
  Str out = S("");
  for (size_t i = 0; i < p->survey_type_count; i++) out = arena_fmt(m, "%.*s%s%s", SFMT(out), i ? "、" : "", str_eqz(p->survey_types[i], "ofd") ? "OFD" : "PDF");
  return out;
}

static void fault_put(Request *rq, Json *list, const char *field, Str text) {
  Json *o = json_push_obj(rq->mem, list);
  json_put_str(rq->mem, o, S("field"), str_of(field));
  json_put_str(rq->mem, o, S("text"), text);
}

/* Whichever way the command came: what is in the file says what it is, not its name. */
static Code kind_fault(Cx *cx, Request *rq, const Command *c, Json *list) {
  const Policy *p = rq->app->policy;
  const Json *files = json_get(c->args, S("files"));
  for (const Json *f = files && p->survey_type_count ? files->first : NULL; f; f = f->next) {
    Str path, type, name = json_str(f, S("name"));
    bool taken = false;
    TRY(blob_path(cx, rq->app->dir, json_str(f, S("blob")), &path));
    TRY(file_type(cx, path, &type));
    for (size_t i = 0; i < p->survey_type_count; i++) taken |= str_eq(p->survey_types[i], type);
    if (taken) continue;
    Str kinds = survey_kinds(rq->mem, p);
    fault_put(rq, list, "files",
              arena_fmt(rq->mem, "“%.*s”的内容不是测绘报告能用的格式。成果只收 %.*s 文件%s，按内容认，改扩展名没有用；请把报告和图件并成一个文件再选", SFMT(name),
                        SFMT(kinds), p->area_source.sample ? "（示例）" : ""));
    return OK;
  }
  return OK;
}

/* Nobody signs before he knows. */
static Code off_fault(Cx *cx, Request *rq, const Command *c, const Survey *s, Json *list) {
  const Project *pr = NULL;
  if (json_bool(c->args, S("checked"))) return OK;
  TRY(project_load(cx, rq->rd, s->project, &pr));
  Str off = survey_off(rq->mem, rq->app->policy, json_str(pr->facts, S("floor_area")), str_trim(json_str(c->args, S("total"))));
  if (off.len) fault_put(rq, list, "checked", arena_fmt(rq->mem, "%.*s还没有签字提交。面积写错了就改；没有错就勾选“面积与申报不同，我已核对”再交", SFMT(off)));
  return OK;
}

Code survey_deliver_faults(Cx *cx, Request *rq, const Command *c, Json **out) {
  const Survey *s = NULL;
  Str head, no;
  int64_t n = 0;
  *out = json_arr(rq->mem);
  if (!str_eqz(c->name, "survey.deliver") || !str_cut(c->stream, '/', &head, &no) || !str_to_i64(no, &n)) return OK;
  TRY(survey_load(cx, rq->rd, n, &s));
  if (!str_eqz(s->status, "commissioned") || !own_enterprise(rq, S("-"), s->surveyor_uscc)) return OK; /* that refusal comes from the command */
  *out = survey_faults(rq->mem, rq->app->policy, c->args, c->actor.name);
  TRY(kind_fault(cx, rq, c, *out));
  return off_fault(cx, rq, c, s, *out);
}

static bool fault_has(const Json *faults, Str field) {
  for (const Json *x = faults->first; x; x = x->next)
    if (str_eq(json_str(x, S("field")), field)) return true;
  return false;
}

bool survey_again(Cx *cx, Request *rq, const CommandResult *result, const Json **out) {
  Json *faults = NULL;
  bool ours = result->code == INVALID && rq->asked && survey_deliver_faults(cx, rq, rq->asked, &faults) == OK;
  cx_clear(cx);
  if (!ours || !fault_has(faults, result->field)) return false;
  const Json *more = reply_faults(rq, INVALID);
  for (const Json *x = more->first; x; x = x->next)
    if (!fault_has(faults, json_str(x, S("field")))) json_push(rq->mem, faults, x);
  *out = faults;
  return true;
}

const Json *survey_beside(Request *rq, const Json *args) {
  Json *all = survey_faults(rq->mem, rq->app->policy, args, rq->who->name), *rest = json_arr(rq->mem);
  for (const Json *x = all->first; x; x = x->next)
    if (!str_eqz(json_str(x, S("field")), "files")) json_push(rq->mem, rest, x);
  return rest;
}

Code survey_check(Cx *cx, Request *rq, const Command *c) {
  Json *faults = NULL;
  TRY(survey_deliver_faults(cx, rq, c, &faults));
  return survey_refuse(cx, faults);
}

/* Groups of three behind one to three digits, all with the same sign between them. */
static bool grouped(Str whole, char sign) {
  size_t lead = 0;
  while (lead < whole.len && whole.ptr[lead] >= '0' && whole.ptr[lead] <= '9') lead++;
  if (lead < 1 || lead > 3 || whole.ptr[0] == '0' || whole.len == lead || (whole.len - lead) % 4) return false;
  for (size_t i = lead; i < whole.len; i++) {
    bool sep = (i - lead) % 4 == 0;
    if (sep ? whole.ptr[i] != sign : whole.ptr[i] < '0' || whole.ptr[i] > '9') return false;
  }
  return true;
}

Str survey_area_plain(Arena *m, Str typed) {
  static const char *const units[] = {"平方米", "平米", "㎡", "m²", "m2"};
  Str t = str_trim(utf8_halfwidth(m, typed)), whole, part;
  Milli v;
  for (size_t i = 0; i < COUNT(units); i++)
    if (str_ends(t, str_of(units[i]))) t = str_trim(str_sub(t, 0, t.len - strlen(units[i])));
  bool point = str_cut(t, '.', &whole, &part);
  if (!point) whole = t;
  if (grouped(whole, ',') || grouped(whole, ' ')) {
    char *out = arena_alloc(m, t.len + 1, 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < t.len; i++)
      if (i >= whole.len || (t.ptr[i] != ',' && t.ptr[i] != ' ')) out[n++] = t.ptr[i];
    t = (Str){.ptr = out, .len = n};
  }
  return milli_parse(t, &v) ? t : typed; /* the refusal quotes what was typed */
}
