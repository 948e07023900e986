/* SPDX-License-Identifier: Apache-2.0 */
/* appraisal_fold.c: the evaluation of a year from its events, and its row. */
#include "evaluation/appraisal_int.h"

static size_t count_of(const Json *list) { return list ? list->count : 0; }

static void plan_criteria(Arena *mem, Appraisal *a, const Json *list) {
  a->criteria = arena_array(mem, Criterion, count_of(list) + 1);
  a->criterion_count = 0;
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    a->criteria[a->criterion_count++] = (Criterion){
        .code = kit_keep(mem, x, "code"), .name = kit_keep(mem, x, "name"), .dimension = kit_keep(mem, x, "dimension"), .dimension_name = kit_keep(mem, x, "dimension_name"),
        .method = kit_keep(mem, x, "method"), .figure = kit_keep(mem, x, "figure"), .weight = (int)json_int(x, S("weight"), 0), .disclosure = json_bool(x, S("disclosure"))};
}

void appraisal__plan(Arena *mem, Appraisal *a, const Json *b) {
  const Json *objects = json_get(b, S("objects")), *grades = json_get(b, S("grades"));
  a->year = json_int(b, S("year"), 0);
  a->daily = (int)json_int(b, S("daily"), 0);
  a->self = (int)json_int(b, S("self"), 0);
  a->disclosure = (int)json_int(b, S("disclosure"), 0);
  a->status = S("draft");
  plan_criteria(mem, a, json_get(b, S("indicators")));
  a->objects = arena_array(mem, Str, count_of(objects) + 1);
  a->object_count = a->grade_count = 0;
  for (const Json *x = objects ? objects->first : NULL; x; x = x->next) a->objects[a->object_count++] = arena_str(mem, x->str);
  a->grades = arena_array(mem, GradeLine, count_of(grades) + 1);
  for (const Json *x = grades ? grades->first : NULL; x; x = x->next)
    a->grades[a->grade_count++] = (GradeLine){kit_keep(mem, x, "code"), kit_keep(mem, x, "name"), (int)json_int(x, S("from"), 0)};
  a->marks = arena_array(mem, Mark, a->object_count * a->criterion_count * APPRAISAL_PLACES + 1);
}

static void fold_scored(Arena *mem, Appraisal *a, const Event *e) {
  bool self = str_eqz(json_str(e->body, S("side")), "self"), daily = str_eqz(json_str(e->body, S("phase")), "daily");
  Place p = daily ? (self ? DAILY_SELF : DAILY_INSPECTION) : (self ? FINAL_SELF : FINAL_INSPECTION);
  const Json *rows = json_get(e->body, S("rows"));
  Str evidence = kit_keep(mem, e->body, "evidence"), by = arena_str(mem, e->actor_name);
  for (const Json *x = rows ? rows->first : NULL; x; x = x->next) {
    int o = appraisal_object(a, json_str(x, S("unit"))), c = appraisal_criterion(a, json_str(x, S("indicator")));
    if (o < 0 || c < 0) continue;
    a->marks[((size_t)o * a->criterion_count + (size_t)c) * APPRAISAL_PLACES + p] =
        (Mark){.given = true, .value = json_int(x, S("value"), 0), .evidence = evidence, .by = by, .at = e->happened};
  }
}

/* Of a draft, or of closing, which takes the draft's place. */
static void fold_result(Arena *mem, Appraisal *a, const Json *b) {
  const Json *figures = json_get(b, S("figures")), *results = json_get(b, S("results"));
  a->figure_count = a->result_count = 0;
  a->policy = kit_keep(mem, b, "policy");
  (void)day_parse(json_str(b, S("as_of")), &a->as_of);
  (void)day_parse(json_str(b, S("from")), &a->from);
  (void)day_parse(json_str(b, S("to")), &a->to);
  a->figures = arena_array(mem, Figure, count_of(figures) + 1);
  for (const Json *x = figures ? figures->first : NULL; x; x = x->next)
    a->figures[a->figure_count++] = (Figure){kit_keep(mem, x, "unit"), kit_keep(mem, x, "figure"), json_int(x, S("good"), 0), json_int(x, S("all"), 0), json_int(x, S("n"), 0)};
  a->results = arena_array(mem, Result, count_of(results) + 1);
  for (const Json *x = results ? results->first : NULL; x; x = x->next)
    a->results[a->result_count++] = (Result){.unit = kit_keep(mem, x, "unit"), .grade = kit_keep(mem, x, "grade"), .grade_name = kit_keep(mem, x, "grade_name"),
                                             .shown = kit_keep(mem, x, "points"), .region = json_bool(x, S("region")), .sum = json_int(x, S("sum"), 0),
                                             .weight = json_int(x, S("weight"), 0), .rank = (int)json_int(x, S("rank"), 0)};
}

static void fold_closed(Arena *mem, Appraisal *a, const Event *e) {
  a->status = S("closed");
  a->closed_at = e->happened;
  a->closed_by = arena_str(mem, e->actor_name);
  fold_result(mem, a, e->body);
}

static void fold_consulted(Arena *mem, Appraisal *a, const Event *e) {
  a->status = S("opinions");
  a->consulted_at = e->happened;
  (void)day_parse(json_str(e->body, S("until")), &a->until);
  fold_result(mem, a, e->body);
}

static void fold_reported(Arena *mem, Appraisal *a, const Event *e) {
  const Json *to = json_get(e->body, S("to"));
  a->reported_at = e->happened;
  a->reported_by = arena_str(mem, e->actor_name);
  a->reported_to = arena_array(mem, Str, count_of(to) + 1);
  for (const Json *x = to ? to->first : NULL; x; x = x->next) a->reported_to[a->reported_count++] = arena_str(mem, x->str);
}

void *appraisal_fold(Arena *mem, void *state, const Event *e) {
  Appraisal *a = state ? state : arena_new(mem, Appraisal);
  a->seq = e->seq;
  if (str_eqz(e->kind, "appraisal.drafted")) appraisal__plan(mem, a, e->body);
  if (str_eqz(e->kind, "appraisal.published")) a->status = S("open"), a->published_at = e->happened;
  if (str_eqz(e->kind, "appraisal.scored")) fold_scored(mem, a, e);
  if (str_eqz(e->kind, "appraisal.consulted")) fold_consulted(mem, a, e);
  if (str_eqz(e->kind, "appraisal.opined")) appraisal__opined(mem, a, e);
  if (str_eqz(e->kind, "appraisal.opinion-answered")) appraisal__opinion_answered(mem, a, e);
  if (str_eqz(e->kind, "appraisal.closed")) fold_closed(mem, a, e);
  if (str_eqz(e->kind, "appraisal.reported")) fold_reported(mem, a, e);
  return a;
}

/* ---- its row --------------------------------------------------------------------------------------------------------- */

const char appraisal__schema[] =
    "CREATE TABLE appraisal(year INTEGER PRIMARY KEY, status TEXT NOT NULL, as_of INTEGER NOT NULL, reported INTEGER NOT NULL) STRICT;"
    "CREATE TABLE appraisal_object(year INTEGER NOT NULL, unit TEXT NOT NULL, PRIMARY KEY(year, unit)) WITHOUT ROWID, STRICT;";
static const Sql sql_object = {"appraisal.object", "is", "", "INSERT INTO appraisal_object(year, unit) VALUES(?1, ?2)"};
static const Sql sql_no_objects = {"appraisal.no-objects", "i", "", "DELETE FROM appraisal_object WHERE year = ?1"};
static const Sql sql_put = {"appraisal.put", "isii", "",
                            "INSERT INTO appraisal(year, status, as_of, reported) VALUES(?1,?2,?3,?4)"
                            " ON CONFLICT(year) DO UPDATE SET status = excluded.status, as_of = excluded.as_of, reported = excluded.reported"};
static const Sql sql_list = {"appraisal.list", "i", "isii", "SELECT year, status, as_of, reported FROM appraisal WHERE ?1 = 1 OR status <> 'draft' ORDER BY year DESC"};

Code appraisal__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Appraisal *a = state;
  (void)env;
  if (str_eqz(e->kind, "appraisal.drafted")) {
    TRY(db_run(cx, views, &sql_no_objects, VALS(val_i(a->year))));
    for (size_t i = 0; i < a->object_count; i++) TRY(db_run(cx, views, &sql_object, VALS(val_i(a->year), val_s(a->objects[i]))));
  }
  return db_run(cx, views, &sql_put, VALS(val_i(a->year), val_s(a->status), val_i(a->as_of.n), val_i(a->reported_at)));
}

Code appraisals_list(Cx *cx, Reader *rd, bool drafts, AppraisalRow **out, size_t *n) {
  enum { YEARS_MAX = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  AppraisalRow *list = arena_array(cx->mem, AppraisalRow, YEARS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_i(drafts)), &r));
  while (*n < YEARS_MAX && rows_next(r)) list[(*n)++] = (AppraisalRow){row_i(r, 0), row_s(cx, r, 1), {(int32_t)row_i(r, 2)}, row_i(r, 3)};
  return rows_end(cx, r);
}

Code appraisal_load(Cx *cx, Reader *rd, int64_t year, const Appraisal **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "appraisal", arena_fmt(cx->mem, "%lld", (long long)year), "一年的考评", &state));
  *out = state;
  return OK;
}
