/* SPDX-License-Identifier: Apache-2.0 */
/* page_appraisal_out.c: an evaluation as it leaves the house: report as PDF and workbook, the public pages. */
#include "paper/xlsx.h"
#include "web/page_appraisal.h"
#include "web/press.h"

static Code closed_of(Cx *cx, Request *rq, const Appraisal **out) {
  TRY(appraisal_of(cx, rq, out));
  if (!(*out)->closed_at) FAIL(CONFLICT, "%lld 年的考评还没有结束，没有报告。", (long long)(*out)->year);
  return OK;
}

/* ---- the report as PDF ----------------------------------------------------------------------------------------------- */

static Str grades_told(Arena *m, const Appraisal *a, const Result *list, size_t n, bool region) {
  Str out = S("");
  for (size_t g = 0; g < a->grade_count; g++) {
    int count = 0;
    for (size_t i = 0; i < n; i++) count += list[i].region == region && str_eq(list[i].grade, a->grades[g].code);
    out = arena_fmt(m, "%.*s%s%.*s %d 个", SFMT(out), g ? "，" : "", SFMT(a->grades[g].name), count);
  }
  return out;
}

static Str period_told(Arena *m, const Appraisal *a) {
  return arena_fmt(m, "%.*s 至 %.*s，按 %.*s 结束时已经录入的计算", SFMT(day_str(m, a->from)), SFMT(day_str(m, a->to)), SFMT(day_str(m, a->as_of)));
}

static Str method_told(Arena *m, const Appraisal *a) {
  return arena_fmt(m, "考评采用评分法，满分 100 分。由人评分的指标，日常考评占 %d%%、年终考评占 %d%%，其中自我考评各占 %d%%、督查考评各占 %d%%；没有自评的，以督查分计。"
                      "由系统计算的指标从办件得出，各折成 100 分，截到两位小数；没有可计算的不计，其余指标按权重折算。总分截到两位小数，不四舍五入。",
                   a->daily, 100 - a->daily, a->self, 100 - a->self);
}

static Paper report_of(Arena *own, Request *rq, const Appraisal *a) {
  const Policy *p = rq->app->policy;
  Str *paragraphs = arena_array(own, Str, 2), *list = arena_array(own, Str, a->result_count + a->grade_count + 1), *closing = arena_array(own, Str, a->criterion_count + 2);
  PaperRow *rows = arena_array(own, PaperRow, 4);
  size_t n = 0, c = 0;
  paragraphs[0] = arena_fmt(own, "依据《葫芦岛市工程建设项目审批制度改革实施方案》关于考核评价的要求，对 %zu 个部门、县（市）区和开发区 %lld 年的改革工作作了考评，现将结果报告如下。",
                            a->result_count, (long long)a->year);
  paragraphs[1] = method_told(own, a);
  rows[0] = (PaperRow){S("考评年度"), arena_fmt(own, "%lld 年", (long long)a->year)};
  rows[1] = (PaperRow){S("统计期间"), period_told(own, a)};
  rows[2] = (PaperRow){S("部门等次"), grades_told(own, a, a->results, a->result_count, false)};
  rows[3] = (PaperRow){S("县（市）区等次"), grades_told(own, a, a->results, a->result_count, true)};
  for (size_t i = 0; i < a->result_count; i++)
    list[n++] = arena_fmt(own, "%s第 %d 名　%.*s　%.*s 分　%.*s　计入的分值 %lld/100", a->results[i].region ? "县（市）区" : "部门", a->results[i].rank, SFMT(unit_name(p, a->results[i].unit)), SFMT(a->results[i].shown),
                          SFMT(a->results[i].grade_name), (long long)a->results[i].weight);
  for (size_t i = 0; i < a->criterion_count; i++)
    closing[c++] = arena_fmt(own, "指标 %zu　%.*s　权重 %d　%s%s", i + 1, SFMT(a->criteria[i].name), a->criteria[i].weight, str_eqz(a->criteria[i].method, "qualitative") ? "定性" : "定量",
                             a->criteria[i].figure.len ? "，由系统计算" : "");
  if (a->reported_count) closing[c++] = arena_fmt(own, "报：%.*s、%.*s；送：%.*s。", SFMT(a->reported_to[0]), SFMT(a->reported_to[1]), SFMT(a->reported_to[2]));
  return (Paper){.title = S("考核评价结果报告"), .number = arena_fmt(own, "KP-%lld", (long long)a->year), .paragraphs = paragraphs, .paragraph_count = 2, .rows = rows, .row_count = 4,
                 .heading = S("名次"), .list = list, .list_count = n, .closing = closing, .closing_count = c, .issuer = arena_str(own, unit_name(p, p->supervisor_unit)),
                 .date = day_cn(own, day_of(a->closed_at)), .sample = rq->app->demo, .made = a->closed_at};
}

Code page_appraisal_pdf(Cx *cx, Request *rq, Reply *rp) {
  const Appraisal *a = NULL;
  TRY(closed_of(cx, rq, &a));
  Arena *own = press_memory();
  Paper p = report_of(own, rq, a);
  return reply_press(cx, rq, rp, own, &p, PRESS_PDF);
}

/* ---- the report as a workbook -------------------------------------------------------------------------------------------- */

static XlsxCell points_cell(Arena *m, const Appraisal *a, size_t object, size_t c) {
  int64_t points = 0;
  (void)m;
  return criterion_points(a, object, c, a->figures, a->figure_count, &points) == WORTH_KNOWN ? xlsx_number(points / 10000, 2) : xlsx_text(S("不计"));
}

static void ranks_sheet(Request *rq, const Appraisal *a, bool region, const Str *lines, size_t line_count, XlsxSheet *out) {
  enum { FIXED = 5 };
  Arena *m = rq->mem;
  size_t columns = FIXED + a->criterion_count, n = 0;
  XlsxColumn *heads = arena_array(m, XlsxColumn, columns);
  XlsxCell *cells = arena_array(m, XlsxCell, columns * (a->result_count + 1));
  static const char *const titles[FIXED] = {"名次", "单位", "总分", "等次", "计入的分值"};
  for (size_t i = 0; i < FIXED; i++) heads[i] = (XlsxColumn){str_of(titles[i]), i == 1 ? 28 : 10};
  for (size_t c = 0; c < a->criterion_count; c++) heads[FIXED + c] = (XlsxColumn){arena_fmt(m, "%.*s（%d）", SFMT(a->criteria[c].name), a->criteria[c].weight), 16};
  for (size_t i = 0; i < a->result_count; i++) {
    const Result *r = &a->results[i];
    int object = appraisal_object(a, r->unit);
    if (r->region != region || object < 0) continue;
    XlsxCell *row = &cells[n++ * columns];
    row[0] = xlsx_int(r->rank);
    row[1] = xlsx_text(unit_name(rq->app->policy, r->unit));
    row[2] = xlsx_number(r->sum / (r->weight * 10000), 2);
    row[3] = xlsx_text(r->grade_name);
    row[4] = xlsx_int(r->weight);
    for (size_t c = 0; c < a->criterion_count; c++) row[FIXED + c] = points_cell(m, a, (size_t)object, c);
  }
  *out = (XlsxSheet){.name = region ? S("县（市）区") : S("部门"), .lines = lines, .line_count = line_count, .columns = heads, .column_count = columns, .cells = cells, .row_count = n};
}

static void figures_sheet(Request *rq, const Appraisal *a, XlsxSheet *out) {
  enum { COLUMNS = 6 };
  Arena *m = rq->mem;
  static const char *const titles[COLUMNS] = {"单位", "指标", "做到的", "总数", "名单长度", "得分"};
  XlsxColumn *heads = arena_array(m, XlsxColumn, COLUMNS);
  XlsxCell *cells = arena_array(m, XlsxCell, COLUMNS * (a->figure_count + 1));
  for (size_t i = 0; i < COLUMNS; i++) heads[i] = (XlsxColumn){str_of(titles[i]), i < 2 ? 28 : 10};
  for (size_t i = 0; i < a->figure_count; i++) {
    const Figure *f = &a->figures[i];
    XlsxCell row[COLUMNS] = {xlsx_text(unit_name(rq->app->policy, f->unit)), xlsx_text(figure_name(f->figure)), xlsx_int(f->good), xlsx_int(f->all), xlsx_int(f->n),
                             xlsx_number(figure_points(f), 2)};
    memcpy(&cells[i * COLUMNS], row, sizeof row);
  }
  *out = (XlsxSheet){.name = S("系统计算的指标"), .columns = heads, .column_count = COLUMNS, .cells = cells, .row_count = a->figure_count};
}

static void plan_sheet(Request *rq, const Appraisal *a, XlsxSheet *out) {
  enum { COLUMNS = 5 };
  Arena *m = rq->mem;
  static const char *const titles[COLUMNS] = {"考评内容", "指标", "方法", "权重", "怎样得出"};
  XlsxColumn *heads = arena_array(m, XlsxColumn, COLUMNS);
  XlsxCell *cells = arena_array(m, XlsxCell, COLUMNS * (a->criterion_count + 1));
  for (size_t i = 0; i < COLUMNS; i++) heads[i] = (XlsxColumn){str_of(titles[i]), i == 3 ? 8 : 28};
  for (size_t i = 0; i < a->criterion_count; i++) {
    const Criterion *c = &a->criteria[i];
    XlsxCell row[COLUMNS] = {xlsx_text(c->dimension_name), xlsx_text(c->name), xlsx_text(str_eqz(c->method, "qualitative") ? S("定性") : S("定量")), xlsx_int(c->weight),
                             xlsx_text(c->figure.len ? figure_says(c->figure) : S("由人评分"))};
    memcpy(&cells[i * COLUMNS], row, sizeof row);
  }
  *out = (XlsxSheet){.name = S("考评方案"), .columns = heads, .column_count = COLUMNS, .cells = cells, .row_count = a->criterion_count};
}

Code page_appraisal_xlsx(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Appraisal *a = NULL;
  XlsxSheet sheets[4];
  TRY(closed_of(cx, rq, &a));
  Str title = arena_fmt(m, "%lld 年考核评价结果", (long long)a->year);
  Str lines[] = {title, period_told(m, a), method_told(m, a)};
  ranks_sheet(rq, a, false, lines, COUNT(lines), &sheets[0]);
  ranks_sheet(rq, a, true, lines, COUNT(lines), &sheets[1]);
  figures_sheet(rq, a, &sheets[2]);
  plan_sheet(rq, a, &sheets[3]);
  rp->type = S(XLSX_TYPE);
  rp->filename = arena_fmt(m, "%.*s.xlsx", SFMT(title));
  return xlsx_write(cx, sheets, COUNT(sheets), title, a->closed_at, &rp->body);
}

/* ---- for everybody ------------------------------------------------------------------------------------------------------- */

Code page_appraisals_public(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  AppraisalRow *rows = NULL;
  size_t n = 0;
  rp->title = tr(rq->lang, S("考核评价"));
  rp->view = json_obj(m);
  TRY(appraisals_list(cx, rq->rd, false, &rows, &n));
  Json *list = json_put_arr(m, rp->view, S("years"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "year", rows[i].year);
    PUT(o, "status_label", tr(rq->lang, appraisal_label(rows[i].status)));
  }
  return OK;
}

Code page_appraisal_public(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Appraisal *a = NULL;
  TRY(appraisal_load(cx, rq->rd, param_no(rq, 0), &a));
  if (str_eqz(a->status, "draft")) FAIL(NOT_FOUND, "没有这一年的考评，或者评价办法还没有公布。");
  rp->title = str_eq(rq->lang, S("en")) ? arena_fmt(m, "Evaluation of %lld", (long long)a->year) : arena_fmt(m, "%lld 年考核评价", (long long)a->year);
  rp->view = json_obj(m);
  appraisal_plan_view(rq, rp->view, a);
  PUT_BOOL(rp->view, "closed", a->closed_at > 0);
  appraisal_asking_view(rq, rp->view, a);
  appraisal_ranks_view(rq, rp->view, a->results, a->result_count);
  return OK;
}
