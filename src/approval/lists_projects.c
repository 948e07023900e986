/* SPDX-License-Identifier: Apache-2.0 */
/* lists_projects.c: lists of projects and stages, finding by number, sums for supervision. */
#include "approval/approval_int.h"
#include "approval/receipt.h"

Code project_load(Cx *cx, Reader *rd, int64_t no, const Project **out) {
  const void *state = NULL;
  int64_t seq;
  Code code = reader_state(cx, rd, arena_fmt(cx->mem, "project/%lld", (long long)no), &state, &seq);
  if (code == NOT_FOUND) {
    cx_clear(cx);
    FAIL(NOT_FOUND, "没有这个项目。");
  }
  TRY(code);
  *out = state;
  return OK;
}

static const Sql sql_find = {"project.find", "s", "i",
                             "SELECT no FROM project WHERE code = ?1 UNION ALL "
                             "SELECT project FROM stage WHERE receipt = ?1 AND receipt <> '' LIMIT 1"};
/* The row of a stage knows its last application; the receipts of the earlier ones were given all the same. */
static const Sql sql_given = {"project.given", "iii", "i", "SELECT project FROM stage WHERE project = ?1 AND no = ?2 AND attempt >= ?3"};
static const Sql sql_exists = {"project.exists", "i", "i", "SELECT no FROM project WHERE no = ?1"};

/* SL-000123-1-2 and the codes of projects have letters at their head only. */
static Str plain_number(Arena *mem, Str any) {
  enum { HEAD = 2 };
  char *text = arena_array(mem, char, any.len + 1);
  for (size_t i = 0; i < any.len; i++) {
    char c = any.ptr[i];
    text[i] = i >= HEAD ? ident_plain(c) : c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
  }
  return (Str){.ptr = text, .len = any.len};
}

Code project_find(Cx *cx, Reader *rd, Str any, int64_t *no) {
  int64_t found = 0, number;
  ReceiptNo r;
  if (project_number_read(cx->mem, any, &number))
    TRY(db_int(cx, reader_views(rd), &sql_exists, VALS(val_i(number)), 0, &found));
  if (!found) TRY(db_int(cx, reader_views(rd), &sql_find, VALS(val_s(any)), 0, &found));
  if (!found) TRY(db_int(cx, reader_views(rd), &sql_find, VALS(val_s(plain_number(cx->mem, any))), 0, &found));
  if (!found && receipt_number_read(cx->mem, any, &r))
    TRY(db_int(cx, reader_views(rd), &sql_given, VALS(val_i(r.project), val_i(r.stage), val_i(r.attempt)), 0, &found));
  if (!found) FAIL(NOT_FOUND, "没有找到编号 %.*s。", SFMT(any));
  *no = found;
  return OK;
}

/* ---- projects ------------------------------------------------------------------------------------ */

/* Own enterprise or own account: two indexes, so two branches. ?1 applicant, ?2 uscc, ?7 where it stands now. */
#define PROJECT_COLUMNS "no, number, code, name, category, county, owner, applicant, status, stage, stage_status, registered, updated"
#define PROJECT_KINDS "issssssssisii"
#define PROJECT_FILTER                                                                                               \
  "(?3 = '' OR instr(name, ?3) > 0 OR instr(number, ?3) > 0 OR instr(code, ?3) > 0 OR instr(owner, ?3) > 0) AND (?4 = '' OR category = ?4)" \
  " AND (?5 = '' OR county = ?5) AND (?6 = '' OR status = ?6)"                                                         \
  " AND (?7 = '' OR (status = 'running' AND (stage_status = ?7 OR (?7 = 'paused' AND EXISTS (SELECT 1 FROM item WHERE item.project = project.no AND item.status = 'paused')))))"
#define OWN "no IN (SELECT no FROM project WHERE applicant = ?1 UNION SELECT no FROM project WHERE uscc = ?2 AND ?2 <> '') AND "
#define ALL "?1 = ?1 AND ?2 = ?2 AND "
static const Sql sql_projects[2] = {
    {"projects.own", "sssssssii", PROJECT_KINDS,
     "SELECT " PROJECT_COLUMNS " FROM project WHERE " OWN PROJECT_FILTER " ORDER BY no DESC LIMIT ?8 OFFSET ?9"},
    {"projects.all", "sssssssii", PROJECT_KINDS,
     "SELECT " PROJECT_COLUMNS " FROM project WHERE " ALL PROJECT_FILTER " ORDER BY no DESC LIMIT ?8 OFFSET ?9"}};
static const Sql sql_projects_count[2] = {
    {"projects.count-own", "sssssss", "i", "SELECT count(*) FROM project WHERE " OWN PROJECT_FILTER},
    {"projects.count-all", "sssssss", "i", "SELECT count(*) FROM project WHERE " ALL PROJECT_FILTER}};

static Str label_of(Str status) {
  for (int s = 1; s < STAGE_STATUS__MAX; s++)
    if (str_eq(status, stage_status_text((StageStatus)s))) return stage_status_label((StageStatus)s);
  return status;
}

static ProjectRow project_row(Cx *cx, const Rows *r) {
  ProjectRow p = {.no = row_i(r, 0), .stage = (int)row_i(r, 9), .registered_at = row_i(r, 11), .updated_at = row_i(r, 12)};
  Str *const texts[] = {&p.number, &p.code, &p.name, &p.category, &p.county, &p.owner, &p.applicant, &p.status};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 1);
  p.stage_status = label_of(row_s(cx, r, 10));
  return p;
}

Code projects_list(Cx *cx, Reader *rd, const Policy *p, const ProjectFilter *f, int64_t now, ProjectRow **out, size_t *n,
                   int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  int all = f->applicant.len || f->uscc.len ? 0 : 1;
  ProjectRow *list = arena_array(cx->mem, ProjectRow, f->limit + 1);
  (void)p;
  (void)now;
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_projects_count[all],
             VALS(val_s(f->applicant), val_s(f->uscc), val_s(f->q), val_s(f->category), val_s(f->county), val_s(f->status), val_s(f->stands)), 0,
             total));
  TRY(db_rows(cx, reader_views(rd), &sql_projects[all],
              VALS(val_s(f->applicant), val_s(f->uscc), val_s(f->q), val_s(f->category), val_s(f->county), val_s(f->status), val_s(f->stands),
                   val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = project_row(cx, r);
  return rows_end(cx, r);
}

/* ---- stages that wait ----------------------------------------------------------------------------- */

static const Sql sql_stages = {"stages.waiting", "si", "iiisssis",
                               "SELECT s.project, s.no, s.attempt, p.number, p.name, p.owner, s.at, s.status "
                               "FROM stage s JOIN project p ON p.no = s.project WHERE s.status = ?1 "
                               "ORDER BY s.at, s.project LIMIT ?2"};

/* A step has its own limit: five days to answer (行政许可法 32), ten to deliver (44). */
static void step_deadline(const Policy *p, StageRow *row, Str status, Day today) {
  Day from = day_of(row->at);
  int days = 0;
  if (str_eq(status, S("submitted"))) days = p->receipt_days;
  if (str_eq(status, S("certified"))) days = p->deliver_days;
  row->lamp = LAMP_NONE;
  if (!days) return;
  ItemClock k = {.start = from, .limit = days};
  Reading r = clock_item(p->calendar, &k, today, p->lamp);
  row->deadline = r.due;
  row->has_deadline = true;
  row->left = r.left;
  row->lamp = r.lamp;
}

static Code stages_of(Cx *cx, Reader *rd, const Policy *p, Str status, Day today, size_t max, StageRow *list, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_stages, VALS(val_s(status), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r)) {
    StageRow *row = &list[(*n)++];
    *row = (StageRow){.project = row_i(r, 0), .stage = (int)row_i(r, 1), .attempt = (int)row_i(r, 2), .at = row_i(r, 6)};
    row->number = row_s(cx, r, 3);
    row->project_name = row_s(cx, r, 4);
    row->owner = row_s(cx, r, 5);
    row->status = label_of(status);
    step_deadline(p, row, status, today);
  }
  return rows_end(cx, r);
}

Code stages_list(Cx *cx, Reader *rd, const Policy *p, Str statuses, int64_t now, size_t max, StageRow **out, size_t *n) {
  StageRow *list = arena_array(cx->mem, StageRow, max + 1);
  Str rest = statuses, one;
  bool more = true;
  *n = 0;
  while (more) {
    more = str_cut(rest, ',', &one, &rest);
    TRY(stages_of(cx, rd, p, one, day_of(now), max, list, n));
  }
  *out = list;
  return OK;
}

/* ---- sums ----------------------------------------------------------------------------------------- */

#define ONES(where) "sum(CASE WHEN " where " THEN 1 ELSE 0 END)"
static const Sql sql_categories = {
    "categories.sums", "", "siiiii",
    "SELECT category, count(*), " ONES("status = 'running'") ", " ONES("status = 'completed'") ", "
    ONES("status = 'terminated'") ", sum(days)"
    " FROM project GROUP BY category"};

Code categories_summary(Cx *cx, Reader *rd, const Policy *p, CategoryRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  CategoryRow *list = arena_array(cx->mem, CategoryRow, p->category_count + 1);
  *n = p->category_count;
  *out = list;
  for (size_t i = 0; i < p->category_count; i++) list[i].category = p->categories[i].code;
  TRY(db_rows(cx, reader_views(rd), &sql_categories, NO_VALS, &r));
  while (rows_next(r)) {
    Str category = row_s(cx, r, 0);
    for (size_t i = 0; i < p->category_count; i++)
      if (str_eq(list[i].category, category))
        list[i] = (CategoryRow){.category = list[i].category, .projects = row_i(r, 1), .running = row_i(r, 2),
                                .completed = row_i(r, 3), .terminated = row_i(r, 4), .completed_days = row_i(r, 5)};
  }
  return rows_end(cx, r);
}
