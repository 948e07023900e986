/* SPDX-License-Identifier: Apache-2.0 */
/* window.c: the register of 体外循环 and the window's report. */
#include "approval/approval_int.h"

/* ---- the register ----------------------------------------------------------------------------------- */

Code decide__exempt(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const texts[] = {"matter", "approved_by", "document", "reason"};
  At at;
  Arena *m = decision_mem(d);
  Day from, until;
  TRY(at__project(cx, ask, &at));
  if (!day_parse(json_str(at.args, S("from")), &from) || !day_parse(json_str(at.args, S("until")), &until) || until.n < from.n)
    FAIL_AT(INVALID, S("until"), S("D60-4.15-p5"), "期限的最后一天不能早于第一天");
  if (until.n < day_of(ask->happened).n) FAIL_AT(INVALID, S("until"), S("D60-4.15-p5"), "期限已经过了，不能登记；请核对批准文件");
  Json *body = json_obj(m);
  json_put_int(m, body, S("no"), (int64_t)at.pr->exemption_count + 1);
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, body, str_of(texts[i]), json_str(at.args, str_of(texts[i])));
  json_put_str(m, body, S("from"), day_str(m, from));
  json_put_str(m, body, S("until"), day_str(m, until));
  json_put_bool(m, body, S("major"), json_bool(at.args, S("major")));
  decision_emit(d, "project.exempted", 1, body);
  return OK;
}

Code decide__end_exemption(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__project(cx, ask, &at));
  int64_t no = json_int(at.args, S("no"), 0);
  if (no < 1 || no > (int64_t)at.pr->exemption_count) FAIL_AT(NOT_FOUND, S("no"), S(""), "本项目没有第 %lld 号体外循环登记。", (long long)no);
  if (at.pr->exemptions[no - 1].ended_at) FAIL_AT(CONFLICT, S("no"), S(""), "第 %lld 号体外循环登记已经结束。", (long long)no);
  Json *body = json_obj(m);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("reason"), json_str(at.args, S("reason")));
  decision_emit(d, "project.exemption-ended", 1, body);
  return OK;
}

void fold__exemption(Arena *mem, Project *p, const Event *e) {
  const Json *b = e->body;
  int64_t no = json_int(b, S("no"), 0);
  if (str_eq(e->kind, S("project.exemption-ended"))) {
    if (no < 1 || no > (int64_t)p->exemption_count) return;
    p->exemptions[no - 1].ended_at = e->happened;
    p->exemptions[no - 1].end_reason = arena_str(mem, json_str(b, S("reason")));
    return;
  }
  Exemption *more = arena_array(mem, Exemption, p->exemption_count + 1);
  if (p->exemption_count) memcpy(more, p->exemptions, p->exemption_count * sizeof *more);
  Exemption *x = &more[p->exemption_count];
  *x = (Exemption){.no = no, .matter = arena_str(mem, json_str(b, S("matter"))), .approved_by = arena_str(mem, json_str(b, S("approved_by"))),
                   .document = arena_str(mem, json_str(b, S("document"))), .reason = arena_str(mem, json_str(b, S("reason"))),
                   .major = json_bool(b, S("major")), .by = arena_str(mem, e->actor_name), .at = e->happened};
  if (!day_parse(json_str(b, S("from")), &x->from)) x->from = day_of(e->happened);
  if (!day_parse(json_str(b, S("until")), &x->until)) x->until = x->from;
  p->exemptions = more;
  p->exemption_count++;
}

static const Sql sql_exempt = {"exempt.put", "iisssiiiii", "",
                               "INSERT INTO exemption(project, no, matter, approved_by, document, from_day, until_day, major, ended, at)"
                               " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"
                               " ON CONFLICT(project, no) DO UPDATE SET ended = excluded.ended"};
static const Sql sql_exempts = {"exempt.list", "i", "iisssssiiiii",
                                "SELECT x.project, x.no, p.number, p.name, x.matter, x.approved_by, x.document, x.from_day, x.until_day, x.major, x.ended, x.at"
                                " FROM exemption x JOIN project p ON p.no = x.project ORDER BY (x.ended > 0), x.at DESC, x.project, x.no LIMIT ?1"};
/* ---- the report -------------------------------------------------------------------------------------- */

/* The one without a label is another act of a kind that has a row already. */
static const struct { const char *kind, *event, *label; } counted[] = {
    {"submitted", "stage.submitted", "收件"}, {"notice", "stage.correction-requested", "一次性告知补正"}, {"corrected", "stage.corrected", "补正"},
    {"accepted", "stage.accepted", "受理"}, {"not-accepted", "stage.not-accepted", "不予受理"}, {"dispatched", "stage.dispatched", "派转"},
    {"taken", "item.taken", "接单"}, {"returned", "item.returned", "部门退回补正"}, {"decided", "item.decided", "事项办结"},
    {"certified", "stage.certified", "出件"}, {"refused", "stage.refused", "不予许可"}, {"delivered", "stage.delivered", "送达"},
    {"withdrawn", "stage.withdrawn", "撤回"}, {"decided", "item.settled", NULL}};

/* One row an act: the figure is the number of rows in the list behind it. */
static const RowTable act_rows = {
    3 | ROWS_APART,
    {"act.put", "isiiisis", "", "INSERT INTO act(day, kind, pos, project, stage, item, at, name) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"},
    {0}};
static const Sql sql_counts = {"act.sum", "iii", "sii",
                               "SELECT kind, sum(CASE WHEN day >= ?2 THEN 1 ELSE 0 END), sum(CASE WHEN day < ?2 THEN 1 ELSE 0 END) FROM act"
                               " WHERE day >= ?1 AND day <= ?3 GROUP BY kind ORDER BY kind"};
static const Sql sql_acts_total = {"act.total", "sii", "i", "SELECT count(*) FROM act WHERE kind = ?1 AND day >= ?2 AND day <= ?3"};
static const Sql sql_acts = {"act.list", "siiii", "iiisisss",
                             "SELECT a.pos, a.project, a.stage, a.item, a.at, a.name, p.number, p.name FROM act a JOIN project p ON p.no = a.project"
                             " WHERE a.kind = ?1 AND a.day >= ?2 AND a.day <= ?3 ORDER BY a.day DESC, a.pos DESC LIMIT ?5 OFFSET ?4"};

Code window__project(Cx *cx, Db *views, const Project *p, const Event *e) {
  for (size_t i = 0; i < COUNT(counted); i++)
    if (str_eqz(e->kind, counted[i].event))
      return table_put(cx, views, &act_rows,
                       VALS(val_i(day_of(e->recorded).n), val_s(str_of(counted[i].kind)), val_i(e->pos), val_i(p->no),
                            val_i(json_int(e->body, S("stage"), 0)), val_s(json_str(e->body, S("item"))), val_i(e->recorded), val_s(e->actor_name)));
  if (!str_starts(e->kind, S("project.exempt"))) return OK;
  int64_t no = json_int(e->body, S("no"), 0);
  if (no < 1 || no > (int64_t)p->exemption_count) return OK;
  const Exemption *x = &p->exemptions[no - 1];
  return db_run(cx, views, &sql_exempt, VALS(val_i(p->no), val_i(no), val_s(x->matter), val_s(x->approved_by), val_s(x->document), val_i(x->from.n),
                                             val_i(x->until.n), val_i(x->major), val_i(x->ended_at), val_i(x->at)));
}

Code exemptions_list(Cx *cx, Reader *rd, size_t max, ExemptRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  ExemptRow *list = arena_array(cx->mem, ExemptRow, max + 1);
  *n = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_exempts, VALS(val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (ExemptRow){.project = row_i(r, 0), .no = row_i(r, 1), .number = row_s(cx, r, 2), .project_name = row_s(cx, r, 3),
                               .matter = row_s(cx, r, 4), .approved_by = row_s(cx, r, 5), .document = row_s(cx, r, 6),
                               .from = {(int32_t)row_i(r, 7)}, .until = {(int32_t)row_i(r, 8)}, .major = row_i(r, 9) != 0,
                               .ended = row_i(r, 10) != 0, .at = row_i(r, 11)};
  *out = list;
  return rows_end(cx, r);
}

static Day period_begin(Str period, Day day) {
  int y, m, d;
  day_split(day, &y, &m, &d);
  if (str_eq(period, S("day"))) return day;
  if (str_eq(period, S("week"))) return (Day){day.n - day_weekday(day) + 1};
  return day_ymd(y, m, 1);
}

static Day period_after(Str period, Day begin) {
  if (str_eq(period, S("day"))) return (Day){begin.n + 1};
  if (str_eq(period, S("week"))) return (Day){begin.n + 7};
  return period_begin(period, (Day){begin.n + 31});
}

Code window_report(Cx *cx, Reader *rd, Str period, Day day, Report *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (Report){.from = period_begin(period, day), .rows = arena_array(cx->mem, ReportRow, COUNT(counted))};
  out->to = (Day){period_after(period, out->from).n - 1};
  out->before_from = period_begin(period, (Day){out->from.n - 1});
  for (size_t i = 0; i < COUNT(counted); i++)
    if (counted[i].label) out->rows[out->count++] = (ReportRow){.kind = str_of(counted[i].kind), .label = str_of(counted[i].label)};
  TRY(db_rows(cx, reader_views(rd), &sql_counts, VALS(val_i(out->before_from.n), val_i(out->from.n), val_i(out->to.n)), &r));
  while (rows_next(r)) {
    Str kind = row_s(cx, r, 0);
    for (size_t i = 0; i < out->count; i++)
      if (str_eq(kind, out->rows[i].kind)) {
        out->rows[i].now = row_i(r, 1);
        out->rows[i].before = row_i(r, 2);
      }
  }
  return rows_end(cx, r);
}

Str report_label(Str kind) {
  for (size_t i = 0; i < COUNT(counted); i++)
    if (str_eqz(kind, counted[i].kind)) return str_of(counted[i].label);
  return S("");
}

Code report_acts(Cx *cx, Reader *rd, Str kind, Day from, Day to, size_t skip, size_t max, ActRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  ActRow *list = arena_array(cx->mem, ActRow, max + 1);
  *n = 0;
  TRY(db_int(cx, reader_views(rd), &sql_acts_total, VALS(val_s(kind), val_i(from.n), val_i(to.n)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_acts, VALS(val_s(kind), val_i(from.n), val_i(to.n), val_i((int64_t)skip), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (ActRow){.pos = row_i(r, 0), .project = row_i(r, 1), .stage = (int)row_i(r, 2), .item = row_s(cx, r, 3), .at = row_i(r, 4),
                            .name = row_s(cx, r, 5), .number = row_s(cx, r, 6), .project_name = row_s(cx, r, 7)};
  *out = list;
  return rows_end(cx, r);
}
