/* SPDX-License-Identifier: Apache-2.0 */
/* grading.c: from scores and figures to points, grades and ranks, in whole numbers. */
#include "evaluation/evaluation.h"

#include <stdlib.h>

enum { HUNDREDTHS = 10000, MILLION = 1000000 }; /* 100 points in hundredths; millionths of a point */

Str place_label(Place p) {
  static const char *const labels[APPRAISAL_PLACES] = {"日常自评", "日常督查", "年终自评", "年终督查"};
  return str_of(labels[p]);
}

Str appraisal_label(Str status) {
  return str_eqz(status, "draft") ? S("起草中") : str_eqz(status, "open") ? S("评分中") : str_eqz(status, "opinions") ? S("征求意见") : S("已结束");
}

Str hundredths_text(Arena *mem, int64_t v) {
  return arena_fmt(mem, "%lld.%02lld", (long long)(v / 100), (long long)(v % 100));
}

bool hundredths_parse(Str s, int64_t *out) {
  Milli m;
  if (!milli_parse(s, &m) || m.v < 0 || m.v > 100 * 1000 || m.v % 10 || str_starts(s, S("-"))) return false;
  *out = m.v / 10;
  return true;
}

int appraisal_object(const Appraisal *a, Str unit) {
  for (size_t i = 0; i < a->object_count; i++)
    if (str_eq(a->objects[i], unit)) return (int)i;
  return -1;
}

int appraisal_criterion(const Appraisal *a, Str code) {
  for (size_t i = 0; i < a->criterion_count; i++)
    if (str_eq(a->criteria[i].code, code)) return (int)i;
  return -1;
}

const Mark *mark_of(const Appraisal *a, size_t object, size_t criterion, Place p) {
  return &a->marks[(object * a->criterion_count + criterion) * APPRAISAL_PLACES + p];
}

const Figure *figure_of(const Figure *list, size_t n, Str unit, Str figure) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i].unit, unit) && str_eq(list[i].figure, figure)) return list[i].all ? &list[i] : NULL;
  return NULL;
}

int64_t figure_points(const Figure *f) {
  return f && f->all ? f->good * HUNDREDTHS / f->all : -1;
}

/* One half of the year: the shares of the two sides, or all for the inspection when the unit said nothing. */
static int64_t half(const Appraisal *a, size_t o, size_t c, Place self, Place inspection) {
  const Mark *own = mark_of(a, o, c, self), *theirs = mark_of(a, o, c, inspection);
  return own->given ? own->value * a->self + theirs->value * (100 - a->self) : theirs->value * 100;
}

Worth criterion_points(const Appraisal *a, size_t object, size_t criterion, const Figure *figures, size_t n, int64_t *out) {
  const Criterion *c = &a->criteria[criterion];
  *out = 0;
  if (c->figure.len) {
    int64_t points = figure_points(figure_of(figures, n, a->objects[object], c->figure));
    if (points < 0) return WORTH_NOTHING;
    *out = points * (MILLION / 100);
    return WORTH_KNOWN;
  }
  if (!mark_of(a, object, criterion, DAILY_INSPECTION)->given || !mark_of(a, object, criterion, FINAL_INSPECTION)->given) return WORTH_MISSING;
  *out = half(a, object, criterion, DAILY_SELF, DAILY_INSPECTION) * a->daily + half(a, object, criterion, FINAL_SELF, FINAL_INSPECTION) * (100 - a->daily);
  return WORTH_KNOWN;
}

int appraisal_missing(const Appraisal *a, size_t object, Place p) {
  int n = 0;
  for (size_t c = 0; c < a->criterion_count; c++) n += !a->criteria[c].figure.len && !mark_of(a, object, c, p)->given;
  return n;
}

void appraisal_grade(const Appraisal *a, Result *r) {
  for (size_t i = 0; i < a->grade_count; i++) {
    if (r->sum < a->grades[i].from * r->weight * MILLION) continue;
    r->grade = a->grades[i].code;
    r->grade_name = a->grades[i].name;
    return;
  }
}

bool appraisal_total(const Appraisal *a, size_t object, const Figure *figures, size_t n, Result *out) {
  *out = (Result){.unit = a->objects[object]};
  for (size_t c = 0; c < a->criterion_count; c++) {
    int64_t points = 0;
    Worth w = criterion_points(a, object, c, figures, n, &points);
    if (w == WORTH_MISSING) return false;
    if (w == WORTH_NOTHING) continue;
    out->sum += points * a->criteria[c].weight;
    out->weight += a->criteria[c].weight;
  }
  if (!out->weight) return false;
  appraisal_grade(a, out);
  return true;
}

/* Departments before regions, the most points first, equals in the order of the package. */
static int by_points(const void *x, const void *y) {
  const Result *a = x, *b = y;
  if (a->region != b->region) return a->region ? 1 : -1;
  int64_t l = a->sum * b->weight, r = b->sum * a->weight;
  if (l != r) return l < r ? 1 : -1;
  return a->rank - b->rank;
}

size_t appraisal_rank(Arena *mem, const Appraisal *a, const Policy *p, const Figure *figures, size_t n, Result *out) {
  size_t count = 0;
  for (size_t o = 0; o < a->object_count; o++) {
    Result r;
    if (!appraisal_total(a, o, figures, n, &r)) continue;
    const Unit *u = policy_unit_known(p, r.unit);
    r.region = u && (str_eqz(u->kind, "county") || str_eqz(u->kind, "zone"));
    r.shown = hundredths_text(mem, r.sum / (r.weight * (MILLION / 100)));
    r.rank = (int)o;
    out[count++] = r;
  }
  qsort(out, count, sizeof *out, by_points);
  int place = 0;
  for (size_t i = 0; i < count; i++) {
    bool first = !i || out[i].region != out[i - 1].region;
    bool same = !first && out[i].sum * out[i - 1].weight == out[i - 1].sum * out[i].weight;
    place = first ? 1 : place + 1;
    out[i].rank = same ? out[i - 1].rank : place;
  }
  return count;
}

/* ---- what a plan must be ----------------------------------------------------------------------------------------- */

#define CLAUSE "D60-6.21.3"

static Code criterion_check(Cx *cx, const Appraisal *a, size_t i) {
  const Criterion *c = &a->criteria[i];
  if (!c->code.len || !c->name.len) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "第 %zu 个指标没有写代码或名称", i + 1);
  if (appraisal_criterion(a, c->code) != (int)i) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "指标“%.*s”列了两次", SFMT(c->name));
  if (c->weight < 1 || c->weight > 100) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "“%.*s”的权重应是 1 到 100 的整数", SFMT(c->name));
  if (!c->dimension_name.len) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "“%.*s”没有归入考评内容，请从三项里选", SFMT(c->name));
  if (!str_eqz(c->method, "qualitative") && !str_eqz(c->method, "quantitative")) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "“%.*s”要写明定性还是定量", SFMT(c->name));
  if (!c->figure.len) return OK;
  if (!figure_known(c->figure)) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "系统不会计算“%.*s”", SFMT(c->figure));
  if (str_eqz(c->method, "qualitative")) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "“%.*s”由系统计算，是定量指标", SFMT(c->name));
  return OK;
}

Code appraisal_check(Cx *cx, const Appraisal *a) {
  int all = 0, open = 0, qualitative = 0, satisfied = 0;
  if (!a->criterion_count) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "方案里没有指标");
  for (size_t i = 0; i < a->criterion_count; i++) {
    const Criterion *c = &a->criteria[i];
    TRY(criterion_check(cx, a, i));
    all += c->weight;
    open += c->disclosure ? c->weight : 0;
    qualitative += str_eqz(c->method, "qualitative");
    satisfied += str_eqz(c->figure, "satisfaction");
  }
  if (all != 100) FAIL_AT(INVALID, S("indicators"), S(CLAUSE "-(5)"), "各指标的权重合计 %d，满分应是 100，请%s %d", all, all < 100 ? "再加" : "减去", abs(100 - all));
  if (open < a->disclosure) FAIL_AT(INVALID, S("indicators"), S("D01-5.1-p1"), "政务公开的权重合计 %d%%，不能低于 %d%%", open, a->disclosure);
  if (!satisfied) FAIL_AT(INVALID, S("indicators"), S(CLAUSE "-(6)"), "满意度要纳入考评总分，请保留满意度指标");
  if (!qualitative || qualitative == (int)a->criterion_count) FAIL_AT(INVALID, S("indicators"), S(CLAUSE), "定性考评与定量考评要结合，两种指标都要有");
  if (a->daily < 1 || a->daily > 99) FAIL_AT(INVALID, S("daily"), S(CLAUSE), "日常考评的比例是 1 到 99：日常和年终要结合");
  if (a->self < 1 || a->self > 99) FAIL_AT(INVALID, S("self"), S(CLAUSE), "自我考评的比例是 1 到 99：自我和督查要结合");
  if (!a->object_count) FAIL_AT(INVALID, S("objects"), S(CLAUSE "-(9)"), "方案里没有被考评的单位");
  return OK;
}
