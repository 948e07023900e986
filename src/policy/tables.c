/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c: which keys each file has, and where they go. The same tables, in words, are in docs/policy.md. */
#include "policy/answers.h"
#include "policy/lists.h"
#include "policy/notices.h"
#include "policy/sayings.h"
#include "policy/surveys.h"
#include "policy/tables.h"

#include <stdlib.h>

static const Cell package_cells[] = {
    CELL(Policy, CELL_STR, name, true), CELL(Policy, CELL_STR, version, true), CELL(Policy, CELL_STR, title, true),
    CELL(Policy, CELL_STR, city, true), CELL(Policy, CELL_STR, city_code, true), CELL(Policy, CELL_STR, seal, true),
    CELL(Policy, CELL_STR, effective_from, false), CELL(Policy, CELL_STR, effective_until, false),
    CELL(Policy, CELL_STR, window_unit, true), CELL(Policy, CELL_STR, supervisor_unit, true),
    {"lamp_warn_days", CELL_INT, true, AT(Policy, lamp.warn_days), 0}, {"lamp_warn_of", CELL_INT, true, AT(Policy, lamp.warn_of), 0}, SOURCE(Policy, "lamp", lamp_source),
    CELL(Policy, CELL_INT, receipt_days, true), SOURCE(Policy, "receipt", receipt_source),
    CELL(Policy, CELL_INT, take_days, true), SOURCE(Policy, "take", take_source), CELL(Policy, CELL_INT, extend_days, true), SOURCE(Policy, "extend", extend_source),
    CELL(Policy, CELL_INT, deliver_days, true), SOURCE(Policy, "deliver", deliver_source), CELL(Policy, CELL_INT, ask_days, false), SOURCE(Policy, "ask", ask_source),
    CELL(Policy, CELL_INT, lack_days, false), CELL(Policy, CELL_INT, lack_count, false), SOURCE(Policy, "lack", lack_source),
    CELL(Policy, CELL_STR, report_period, false), SOURCE(Policy, "report", report_source),
    CELL(Policy, CELL_INT, sign_last_days, true), CELL(Policy, CELL_INT, sign_quick_minutes, true),
    CELL(Policy, CELL_INT, sign_late_hours, true), CELL(Policy, CELL_INT, sign_night_from, true),
    CELL(Policy, CELL_INT, sign_night_to, true), CELL(Policy, CELL_INT, sign_night_acts, true),
    SOURCE(Policy, "sign", sign_source),
    CELL(Policy, CELL_INT, consult_days, false), CELL(Policy, CELL_STR, consult_unit, false), SOURCE(Policy, "consult", consult_source),
    CELL(Policy, CELL_INT, opinion_days, false), SOURCE(Policy, "opinion", opinion_source),
    CELL(Policy, CELL_INT, review_days, false), CELL(Policy, CELL_STR, reviewer_number, false), CELL(Policy, CELL_STR, reviewer_example, false), SOURCE(Policy, "review", review_source),
    CELL(Policy, CELL_INT, notice_tries, false), CELL(Policy, CELL_INT, notice_wait, false), SOURCE(Policy, "notice", notice_source),
    CELL(Policy, CELL_INT, rating_days, false), CELL(Policy, CELL_INT, rating_least, false), SOURCE(Policy, "rating", rating_source),
    CELL(Policy, CELL_INT, visit_notice, false), CELL(Policy, CELL_INT, visits_a_day, false),
    SOURCE(Policy, "visit", visit_source),
    CELL(Policy, CELL_INT, spot_days, false), CELL(Policy, CELL_STR, spot_class, false), CELL(Policy, CELL_INT, spot_a, false),
    CELL(Policy, CELL_INT, spot_b, false), CELL(Policy, CELL_INT, spot_c, false), CELL(Policy, CELL_INT, spot_d, false),
    {"map_west", CELL_INT, false, AT(Policy, blueprint.west), 0}, {"map_south", CELL_INT, false, AT(Policy, blueprint.south), 0},
    {"map_east", CELL_INT, false, AT(Policy, blueprint.east), 0}, {"map_north", CELL_INT, false, AT(Policy, blueprint.north), 0},
    {"map_least", CELL_INT, false, AT(Policy, blueprint.least), 0}, {"map_points", CELL_INT, false, AT(Policy, blueprint.points), 0},
    SOURCE(Policy, "map", blueprint.source),
    CELL(Policy, CELL_STR, area_rule, false), CELL(Policy, CELL_INT, area_max, false), CELL(Policy, CELL_INT, area_off, false),
    LIST(Policy, CELL_STRS, survey_types, survey_type_count), SOURCE(Policy, "area", area_source),
    SOURCE(Policy, "spot", spot_source), LIST(Policy, CELL_STRS, spot_targets, spot_target_count),
    SOURCE(Policy, "spot_targets", spot_targets_source),
    CELL(Policy, CELL_INT, credit_notice_days, false), CELL(Policy, CELL_INT, credit_objection_days, false), CELL(Policy, CELL_INT, credit_repair_days, false),
    CELL(Policy, CELL_INT, credit_months, false), CELL(Policy, CELL_INT, credit_repair_months, false), LIST(Policy, CELL_STRS, credit_bars, credit_bar_count),
    CELL(Policy, CELL_STR, credit_black, false), CELL(Policy, CELL_STR, credit_red, false), SOURCE(Policy, "credit", credit_source),
    LIST(Policy, CELL_STRS, credit_targets, credit_target_count), SOURCE(Policy, "credit_targets", credit_targets_source),
    CELL(Policy, CELL_INT, personal_keep_days, false), CELL(Policy, CELL_INT, personal_looks, false), SOURCE(Policy, "personal", personal_source),
    CELL(Policy, CELL_STR, leaders_from, false), SOURCE(Policy, "leaders", leaders_source),
    CELL(Policy, CELL_INT, bulletin_days, false), SOURCE(Policy, "bulletin", bulletin_source), CELL(Policy, CELL_INT, stats_small, false), SOURCE(Policy, "stats", stats_source),
    CELL(Policy, CELL_INT, search_keep_days, false), SOURCE(Policy, "search_keep", search_keep_source),
    {"authority", CELL_STR, false, AT(Policy, reform.authority), 0}, {"feedback_days", CELL_INT, false, AT(Policy, reform.feedback_days), 0},
    {"feedback_unit", CELL_STR, false, AT(Policy, reform.feedback_unit), 0}, {"disclosure_weight", CELL_INT, false, AT(Policy, reform.disclosure_weight), 0},
    {"appraisal_daily", CELL_INT, false, AT(Policy, reform.appraisal_daily), 0}, {"appraisal_self", CELL_INT, false, AT(Policy, reform.appraisal_self), 0},
    {"appraisal_opinion_days", CELL_INT, false, AT(Policy, reform.opinion_days), 0}, SOURCE(Policy, "appraisal_opinion", reform.opinion_source),
    {"exchange_version", CELL_STR, false, AT(Policy, spgl.version), 0}, SOURCE(Policy, "exchange", exchange_source),
    SOURCE(Policy, "authority", reform.authority_source), SOURCE(Policy, "feedback", reform.feedback_source),
    SOURCE(Policy, "disclosure", reform.disclosure_source), SOURCE(Policy, "appraisal", reform.appraisal_source),
    SOURCE(Policy, "seal", seal_source), CELL(Policy, CELL_STR, remedy, true),
    CELL(Policy, CELL_STR, review_body, false), CELL(Policy, CELL_STR, court, false), SOURCE(Policy, "remedy", remedy_source)};

static const Cell clause_cells[] = {CELL(Clause, CELL_STR, id, true), CELL(Clause, CELL_STR, doc, true), CELL(Clause, CELL_STR, number, true), CELL(Clause, CELL_STR, text, true)};

static const Cell category_cells[] = {
    CELL(Category, CELL_STR, code, true), CELL(Category, CELL_STR, name, true), CELL(Category, CELL_STR, qualifier, false),
    {"limits", CELL_FOUR, true, AT(Category, limit), 0}, CELL(Category, CELL_INT, total, true),
    CELL(Category, CELL_STR, invest, false), CELL(Category, CELL_STR, build, false),
    SOURCE(Category, "", source), CELL(Category, CELL_STR, national, true), CELL(Category, CELL_STR, note, false)};

static const Cell stage_cells[] = {
    CELL(Stage, CELL_INT, no, true), CELL(Stage, CELL_STR, code, true), CELL(Stage, CELL_STR, name, true),
    CELL(Stage, CELL_STR, lead, true), CELL(Stage, CELL_STR, desk, true), CELL(Stage, CELL_STR, certificate, true),
    LIST(Stage, CELL_STRS, aliases, alias_count), LIST(Stage, CELL_STRS, subjects, subject_count), SOURCE(Stage, "", source),
    SOURCE(Stage, "certificate", certificate_source)};

static const Cell item_cells[] = {
    CELL(Item, CELL_STR, code, true), CELL(Item, CELL_STR, name, true), CELL(Item, CELL_INT, stage, true),
    CELL(Item, CELL_BOOL, parallel, false), CELL(Item, CELL_INT, before_stage, false), CELL(Item, CELL_STR, opens, false), CELL(Item, CELL_STR, unit, true),
    CELL(Item, CELL_EXPR, county_when, false), CELL(Item, CELL_STR, kind, true), CELL(Item, CELL_STR, attribute, true),
    CELL(Item, CELL_STR, basis, false), CELL(Item, CELL_INT, days, true), LIST(Item, CELL_LIMITS, limits, limit_count),
    LIST(Item, CELL_STRS, categories, category_count), CELL(Item, CELL_EXPR, when, false),
    SOURCE(Item, "when", when_source), SOURCE(Item, "days", days_source), SOURCE(Item, "", source),
    CELL(Item, CELL_BOOL, outside, false), CELL(Item, CELL_BOOL, milestone, false), CELL(Item, CELL_BOOL, promise, false), SOURCE(Item, "promise", promise_source),
    CELL(Item, CELL_STR, drawings, false), CELL(Item, CELL_STR, share, false), CELL(Item, CELL_STR, hazard, false),
    CELL(Item, CELL_STR, result, true), CELL(Item, CELL_STR, visit, false), LIST(Item, CELL_STRS, after, after_count)};

static const Cell material_cells[] = {
    CELL(Material, CELL_STR, code, true), CELL(Material, CELL_STR, name, true), LIST(Material, CELL_STRS, items, item_count), CELL(Material, CELL_INT, stage, true),
    LIST(Material, CELL_STRS, again, again_count), CELL(Material, CELL_STR, basis, false), SOURCE(Material, "", source), CELL(Material, CELL_EXPR, when, false),
    CELL(Material, CELL_BOOL, required, false), CELL(Material, CELL_BOOL, form, false),
    CELL(Material, CELL_STR, from_stage, false), LIST(Material, CELL_STRS, types, type_count), CELL(Material, CELL_INT, max_mb, false), CELL(Material, CELL_STR, hint, false),
    CELL(Material, CELL_BOOL, lack, false), CELL(Material, CELL_BOOL, enterprise, false), CELL(Material, CELL_BOOL, survey, false), CELL(Material, CELL_STR, share, false),
    LIST(Material, CELL_STRS, results, result_count)};

static const Cell field_cells[] = {
    CELL(Field, CELL_STR, name, true), CELL(Field, CELL_STR, label, true), CELL(Field, CELL_STR, hint, false),
    CELL(Field, CELL_TYPE, type, true), CELL(Field, CELL_BOOL, required, false), CELL(Field, CELL_BOOL, personal, false),
    CELL(Field, CELL_BOOL, fact, false), CELL(Field, CELL_BOOL, condition, false), CELL(Field, CELL_STR, choose, false), CELL(Field, CELL_STR, not_before, false), CELL(Field, CELL_BOOL, workday, false), CELL(Field, CELL_BOOL, planned, false), CELL(Field, CELL_MILLI, min, false), CELL(Field, CELL_MILLI, max, false),
    LIST(Field, CELL_CHOICES, choices, choice_count), CELL(Field, CELL_EXPR, when, false),
    CELL(Field, CELL_STR, example, false), CELL(Field, CELL_STR, unit, false), CELL(Field, CELL_STR, filled, false)};

static const Cell unit_cells[] = {
    CELL(Unit, CELL_STR, code, true), CELL(Unit, CELL_STR, name, true), CELL(Unit, CELL_STR, kind, true),
    CELL(Unit, CELL_STR, region, false), LIST(Unit, CELL_STRS, aliases, alias_count),
    CELL(Unit, CELL_STR, county_of, false), CELL(Unit, CELL_STR, phone, false), CELL(Unit, CELL_STR, address, false),
    CELL(Unit, CELL_STR, hours, false), SOURCE(Unit, "", source)};

static const Cell clock_cells[] = {
    CELL(ClockRule, CELL_STR, code, true), CELL(ClockRule, CELL_STR, name, true), CELL(ClockRule, CELL_STR, unit, true),
    CELL(ClockRule, CELL_INT, count, true), CELL(ClockRule, CELL_INT, extend, false),
    CELL(ClockRule, CELL_STR, extend_by, false), CELL(ClockRule, CELL_STR, starts, true), CELL(ClockRule, CELL_STR, note, false), SOURCE(ClockRule, "", source)};

static const Cell post_cells[] = {CELL(Post, CELL_STR, code, true), CELL(Post, CELL_STR, name, true), CELL(Post, CELL_STR, unit, true),
                                  CELL(Post, CELL_STR, role, true), CELL(Post, CELL_INT, seats, false), SOURCE(Post, "", source)};

static const Cell cause_cells[] = {
    CELL(Cause, CELL_STR, code, true), CELL(Cause, CELL_STR, name, true), CELL(Cause, CELL_STR, basis, true),
    CELL(Cause, CELL_HOLDER, holder, true), CELL(Cause, CELL_BOOL, certain, false), CELL(Cause, CELL_INT, max_days, false), CELL(Cause, CELL_BOOL, joint, false), SOURCE(Cause, "", source)};

static const Cell note_cells[] = {CELL(Note, CELL_STR, id, true), CELL(Note, CELL_STR, kind, true), LIST(Note, CELL_STRS, clauses, clause_count),
                                  CELL(Note, CELL_STR, says, true), CELL(Note, CELL_STR, choice, true)};

static const Cell ground_cells[] = {CELL(Ground, CELL_STR, code, true), CELL(Ground, CELL_STR, name, true), CELL(Ground, CELL_STR, basis, true),
                                    CELL(Ground, CELL_BOOL, keeps, false), SOURCE(Ground, "", source)};

static const Cell purpose_cells[] = {CELL(Purpose, CELL_STR, code, true), CELL(Purpose, CELL_STR, name, true), SOURCE(Purpose, "", source)};

static const Cell leader_cells[] = {
    CELL(Leader, CELL_STR, code, true), CELL(Leader, CELL_STR, name, true), LIST(Leader, CELL_STRS, charge, charge_count), SOURCE(Leader, "", source),
    LIST(Leader, CELL_STRS, assist, assist_count), LIST(Leader, CELL_STRS, liaison, liaison_count), LIST(Leader, CELL_STRS, run, run_count)};

static const Cell rung_cells[] = {CELL(Rung, CELL_STR, code, true), CELL(Rung, CELL_STR, name, true), CELL(Rung, CELL_INT, days, true), SOURCE(Rung, "", source)};

static const Cell milestone_cells[] = {CELL(Milestone, CELL_STR, code, true), CELL(Milestone, CELL_STR, name, true), CELL(Milestone, CELL_STR, due, true),
                                       LIST(Milestone, CELL_STRS, leads, lead_count), SOURCE(Milestone, "", source)};

static const Cell issued_cells[] = {CELL(Issued, CELL_STR, doc, true), CELL(Issued, CELL_STR, issued, true)};

#define FORM_INFO(title, n)                                                                                  \
  {title, field_cells, COUNT(field_cells), sizeof(Field), CELL_STR, AT(Field, name), AT(Field, label), n, 0, 0, 0}

static const TableInfo tables[] = {
    {"总表", package_cells, COUNT(package_cells), sizeof(Policy), CELL_STR, AT(Policy, name), AT(Policy, name), -1, 0, 0, 1},
    TABLE_INFO("条款", clause_cells, Clause, id, id, clauses, clause_count),
    TABLE_INFO("类别", category_cells, Category, code, name, categories, category_count),
    {"阶段", stage_cells, COUNT(stage_cells), sizeof(Stage), CELL_INT, AT(Stage, no), AT(Stage, name), -1,
     AT(Policy, stages) + sizeof(Stage), 0, STAGE_MAX},
    TABLE_INFO("事项", item_cells, Item, code, name, items, item_count),
    TABLE_INFO("材料", material_cells, Material, code, name, materials, material_count),
    TABLE_INFO("登记表", field_cells, Field, name, label, facts, fact_count),
    FORM_INFO("第一阶段申请表", 1), FORM_INFO("第二阶段申请表", 2), FORM_INFO("第三阶段申请表", 3), FORM_INFO("第四阶段申请表", 4),
    TABLE_INFO("单位", unit_cells, Unit, code, name, units, unit_count),
    TABLE_INFO("岗位", post_cells, Post, code, name, posts, post_count),
    TABLE_INFO("期限", clock_cells, ClockRule, code, name, clocks, clock_count),
    TABLE_INFO("暂停事由", cause_cells, Cause, code, name, causes, cause_count),
    TABLE_INFO("矛盾记录", note_cells, Note, id, id, notes, note_count),
    TABLE_INFO("联合测绘", policy__survey_cells, SurveyPart, code, name, surveys, survey_count),
    TABLE_INFO("搜索用词", policy__saying_cells, Saying, means, means, sayings, saying_count),
    TABLE_INFO("分管领域", policy__sphere_cells, Sphere, unit, unit, spheres, sphere_count),
    TABLE_INFO("内部用词", policy__errand_cells, Errand, leads, leads, errands, errand_count),
    TABLE_INFO("蓝图图层", policy__layer_cells, LayerKind, code, name, blueprint.layers, blueprint.layer_count),
    TABLE_INFO("蓝图管控", policy__act_cells, BlueprintAct, code, name, blueprint.acts, blueprint.act_count),
    TABLE_INFO("交换的表", policy__spgl_table_cells, SpglTable, name, label, spgl.tables, spgl.table_count),
    TABLE_INFO("交换的栏目", policy__spgl_column_cells, SpglColumn, at, label, spgl.columns, spgl.column_count),
    TABLE_INFO("交换的代码", policy__spgl_code_cells, SpglCode, code, label, spgl.codes, spgl.code_count),
    TABLE_INFO("交换的办理状态", policy__spgl_act_cells, SpglAct, code, name, spgl.acts, spgl.act_count),
    TABLE_INFO("证照", policy__permit_cells, Permit, code, name, permits, permit_count),
    TABLE_INFO("清除的情形", ground_cells, Ground, code, name, grounds, ground_count),
    TABLE_INFO("查看的用途", purpose_cells, Purpose, code, name, purposes, purpose_count),
    TABLE_INFO("市领导分工", leader_cells, Leader, code, name, leaders, leader_count),
    TABLE_INFO("督办层级", rung_cells, Rung, code, name, ladder, rung_count),
    TABLE_INFO("阶段性目标", milestone_cells, Milestone, code, name, milestones, milestone_count),
    TABLE_INFO("改革组织", policy__body_cells, Organ, code, name, reform.bodies, reform.body_count),
    TABLE_INFO("配套制度", policy__rule_cells, RuleKind, code, name, reform.rules, reform.rule_count),
    TABLE_INFO("考评等次", policy__grade_cells, Grade, code, name, reform.grades, reform.grade_count),
    TABLE_INFO("考评内容", policy__dimension_cells, Dimension, code, name, reform.dimensions, reform.dimension_count),
    TABLE_INFO("考评指标", policy__indicator_cells, Indicator, code, name, reform.indicators, reform.indicator_count),
    TABLE_INFO("红黑名单情形", policy__condition_cells, ListCondition, code, name, conditions, condition_count),
    TABLE_INFO("互相矛盾的回答", policy__contradiction_cells, Contradiction, code, says, contradictions, contradiction_count),
    TABLE_INFO("通知规则", policy__notice_cells, NoticeRule, code, title, notices, notice_count)};

const TableInfo *policy__tables(size_t *count) {
  *count = COUNT(tables);
  return tables;
}

const char *policy__rows(const TableInfo *t, const Policy *p, size_t *count) {
  const char *base = (const char *)p;
  *count = t->fixed;
  if (t->form > 0) {
    *count = p->form_count[t->form];
    return (const char *)p->form[t->form];
  }
  if (!t->count_at) return base + t->rows_at;
  *count = *(const size_t *)(const void *)(base + t->count_at);
  return *(const char *const *)(const void *)(base + t->rows_at);
}

/* ---- files -------------------------------------------------------------------------------------- */

enum { FILE_MAX = 4 << 20 };

static const char *const files[] = {"package.yaml", "clauses.yaml", "categories.yaml", "stages.yaml", "items.yaml",
                                    "materials.yaml", "forms.yaml", "units.yaml", "posts.yaml", "causes.yaml", "clocks.yaml"};

bool policy__file_text(Loader *l, Str dir, const char *name, Hasher *h, Str *text) {
  Cx own = {.mem = l->mem, .now = l->cx->now};
  Str path = arena_fmt(l->mem, "%.*s/%s", SFMT(dir), name);
  if (file_read(&own, path, FILE_MAX, text) != OK) {
    if (own.fault == NOT_FOUND) mistake_at(l, str_of(name), 1, 1, "缺少这个文件，请补上；政策包要有全部 12 个文件");
    else if (own.fault == LIMIT) mistake_at(l, str_of(name), 1, 1, "文件超过 %d MiB，请删减", FILE_MAX >> 20);
    else mistake_at(l, str_of(name), 1, 1, "打不开这个文件，请检查它是不是普通文件、链接和权限对不对");
    return false;
  }
  hasher_add(h, name, strlen(name) + 1);
  hasher_add(h, text->ptr, text->len);
  return true;
}

static void stages_load(Loader *l, const Node *root) {
  size_t n = 0;
  Stage *rows = rows_read(l, node_get(root, "stages"), stage_cells, COUNT(stage_cells), sizeof(Stage), &n);
  for (size_t i = 0; i < n; i++) {
    const Node *from = origin_of(l, &rows[i]);
    if (!from) continue; /* no map at all; said already */
    if (rows[i].no < 1 || rows[i].no > STAGE_MAX) {
      mistake_node(l, from, "阶段的 no 应是 1 到 4");
      continue;
    }
    if (l->p->stages[rows[i].no].no) mistake_node(l, from, "第 %d 阶段写了两次，请删去一个", rows[i].no);
    l->p->stages[rows[i].no] = rows[i];
    origin_add(l, &l->p->stages[rows[i].no], from);
  }
  for (int no = 1; no <= STAGE_MAX; no++)
    if (!l->p->stages[no].no) mistake_node(l, root, "缺少第 %d 阶段，请补上", no);
}

/* Bounds were read as thousandths; only decimals keep them so. */
static void fields_finish(Field *fields, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (fields[i].type != FIELD_DECIMAL) {
      fields[i].min /= 1000;
      fields[i].max /= 1000;
    }
}

static void forms_load(Loader *l, const Node *root) {
  static const char *const keys[] = {"facts", "stage1", "stage2", "stage3", "stage4"};
  policy__keys(l, root, keys, COUNT(keys));
  for (size_t i = 0; i < COUNT(keys); i++) {
    size_t n = 0;
    Field *rows = rows_read(l, node_get(root, keys[i]), field_cells, COUNT(field_cells), sizeof(Field), &n);
    fields_finish(rows, n);
    if (i == 0) {
      for (size_t k = 0; k < n; k++) rows[k].fact = true;
      l->p->facts = rows;
      l->p->fact_count = n;
    } else {
      l->p->form[i] = rows;
      l->p->form_count[i] = n;
    }
  }
}

static void one_list(Loader *l, const Node *root, const char *key) {
  policy__keys(l, root, &key, 1);
}

static void file_load(Loader *l, size_t which, const Node *root) {
  switch (which) {
    case 0: row_read(l, root, package_cells, COUNT(package_cells), l->p); return;
    case 1: one_list(l, root, "clauses"); TABLE(l, root, "clauses", clause_cells, Clause, clauses, clause_count); return;
    case 2: one_list(l, root, "categories"); TABLE(l, root, "categories", category_cells, Category, categories, category_count); return;
    case 3: one_list(l, root, "stages"); stages_load(l, root); return;
    case 4: one_list(l, root, "items"); TABLE(l, root, "items", item_cells, Item, items, item_count); return;
    case 5: one_list(l, root, "materials"); TABLE(l, root, "materials", material_cells, Material, materials, material_count); return;
    case 6: forms_load(l, root); return;
    case 7: one_list(l, root, "units"); TABLE(l, root, "units", unit_cells, Unit, units, unit_count); return;
    case 8: one_list(l, root, "posts"); TABLE(l, root, "posts", post_cells, Post, posts, post_count); return;
    case 9: one_list(l, root, "causes"); TABLE(l, root, "causes", cause_cells, Cause, causes, cause_count); return;
    default: one_list(l, root, "clocks"); TABLE(l, root, "clocks", clock_cells, ClockRule, clocks, clock_count); return;
  }
}

/* A file that a package may lack. False: it is there and cannot be read; *root NULL: it is not there. */
bool policy__optional(Loader *l, Str dir, const char *name, Hasher *h, Node **root) {
  Str text;
  *root = NULL;
  if (!file_exists(arena_fmt(l->mem, "%.*s/%s", SFMT(dir), name))) return true;
  *root = policy__file_text(l, dir, name, h, &text) ? yaml_read(l, str_of(name), text) : NULL;
  return *root != NULL;
}

/* Documents without contradictions need none. */
static bool notes_load(Loader *l, Str dir, Hasher *h) {
  static const char *const keys[] = {"documents", "notes"};
  Node *root;
  if (!policy__optional(l, dir, "notes.yaml", h, &root)) return false;
  if (!root) return true;
  policy__keys(l, root, keys, COUNT(keys));
  TABLE(l, root, "documents", issued_cells, Issued, issued, issued_count);
  TABLE(l, root, "notes", note_cells, Note, notes, note_count);
  return true;
}

/* Files that a package may lack, and the tables of their lists. In this order they go into the hash of the package: new ones
 * where nothing before them is moved. Without one nothing of it happens: nobody is told, nothing is exchanged, a stage has its one certificate. */
static const struct { const char *file, *key, *title; } more[] = {
    {"personal.yaml", "grounds", "清除的情形"}, {"personal.yaml", "purposes", "查看的用途"}, {"leaders.yaml", "leaders", "市领导分工"}, {"supervision.yaml", "ladder", "督办层级"},
    {"supervision.yaml", "milestones", "阶段性目标"}, {"reform.yaml", "bodies", "改革组织"}, {"reform.yaml", "rules", "配套制度"}, {"evaluation.yaml", "grades", "考评等次"},
    {"evaluation.yaml", "dimensions", "考评内容"}, {"evaluation.yaml", "indicators", "考评指标"}, {"credit.yaml", "conditions", "红黑名单情形"}, {"surveys.yaml", "surveys", "联合测绘"}, {"blueprint.yaml", "layers", "蓝图图层"}, {"blueprint.yaml", "acts", "蓝图管控"},
    {"exchange.yaml", "tables", "交换的表"}, {"exchange.yaml", "columns", "交换的栏目"}, {"exchange.yaml", "codes", "交换的代码"}, {"exchange.yaml", "acts", "交换的办理状态"}, {"certificates.yaml", "certificates", "证照"}, {"notices.yaml", "notices", "通知规则"}, {"contradictions.yaml", "contradictions", "互相矛盾的回答"},
    {"search.yaml", "words", "搜索用词"}, {"search.yaml", "spheres", "分管领域"}, {"search.yaml", "errands", "内部用词"}};

static void list_load(Loader *l, const Node *root, size_t which) {
  for (size_t i = 0; i < COUNT(tables); i++) {
    const TableInfo *t = &tables[i];
    size_t n = 0;
    if (strcmp(t->title, more[which].title) != 0) continue;
    char *base = (char *)l->p;
    void *rows = rows_read(l, node_get(root, more[which].key), t->cells, t->cell_count, t->size, &n);
    memcpy(base + t->rows_at, &rows, sizeof rows);
    memcpy(base + t->count_at, &n, sizeof n);
  }
}

/* All lists of the file that more[at] names; moves *at behind them. */
static bool more_load(Loader *l, Str dir, Hasher *h, size_t *at) {
  const char *file = more[*at].file, *keys[COUNT(more)];
  size_t from = *at, n = 0;
  Node *root;
  for (; *at < COUNT(more) && !strcmp(more[*at].file, file); ++*at) keys[n++] = more[*at].key;
  if (!policy__optional(l, dir, file, h, &root)) return false;
  if (root) policy__keys(l, root, keys, n);
  for (size_t i = 0; root && i < n; i++) list_load(l, root, from + i);
  return true;
}

static void expressions_compile(Loader *l) {
  for (size_t i = 0; i < l->pending_count; i++) {
    Cx own = {.mem = l->mem, .now = l->cx->now};
    const Node *n = l->pending[i].node;
    if (policy_expr(&own, l->p, n->text, l->pending[i].slot) != OK) mistake_node(l, n, "%.*s", SFMT(own.detail));
  }
}

/* The number behind `mark` at the front of *s, which is moved past it; 1 when it is not there. The calendar
 * says its place in words only: "第 3 行第 2 列…". */
static int number_after(Str *s, const char *mark) {
  int n = 0;
  if (!str_starts(*s, str_of(mark))) return 1;
  *s = str_sub(*s, strlen(mark), SIZE_MAX);
  while (s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9' && n < 10000000) {
    n = n * 10 + (s->ptr[0] - '0');
    *s = str_sub(*s, 1, SIZE_MAX);
  }
  return n;
}

static void calendar_read(Loader *l, Str dir, Hasher *h) {
  Str text;
  Cx own = {.mem = l->mem, .now = l->cx->now};
  if (policy__file_text(l, dir, "holidays.csv", h, &text) && calendar_load(&own, text, &l->p->calendar) != OK) {
    Str says = own.detail;
    int line = number_after(&says, "第 "), column = number_after(&says, " 行第 ");
    mistake_at(l, S("holidays.csv"), line, column, "%.*s", SFMT(own.detail));
  }
  l->p->calendars = calendars_open(l->mem, l->p->calendar);
}

/* NAME.csv beside NAME.yaml: more rows of its list. Forms and the package itself have no such list. */
static bool sheet_add(Loader *l, Str dir, const char *file, Node *root, Hasher *h) {
  Str list = str_sub(str_of(file), 0, strlen(file) - 5), sheet = arena_fmt(l->mem, "%.*s.csv", SFMT(list)), text;
  if (!file_exists(arena_fmt(l->mem, "%.*s/%.*s", SFMT(dir), SFMT(sheet)))) return true;
  Node *rows = NULL;
  for (Node *n = root->kind == NODE_MAP ? root->first : NULL; n; n = n->next)
    if (str_eq(n->key, list) && n->kind == NODE_LIST) rows = n;
  if (!rows) {
    mistake_at(l, sheet, 1, 1, "只有列表可以写成 CSV；%s 里没有名为 %.*s 的列表", file, SFMT(list));
    return false;
  }
  return policy__file_text(l, dir, sheet.ptr, h, &text) && csv_append(l, sheet, text, rows);
}

void policy__load_tables(Loader *l, Str dir) {
  Hasher *h = hasher_open(SUITE_GM);
  bool whole = true;
  for (size_t i = 0; i < COUNT(files); i++) {
    Str text;
    Node *root = policy__file_text(l, dir, files[i], h, &text) ? yaml_read(l, str_of(files[i]), text) : NULL;
    bool sound = root && sheet_add(l, dir, files[i], root, h);
    if (sound) file_load(l, i, root);
    whole &= sound;
  }
  calendar_read(l, dir, h);
  whole &= notes_load(l, dir, h);
  for (size_t at = 0; at < COUNT(more);) whole &= more_load(l, dir, h, &at);
  whole &= policy__gazette(l, dir, h);
  Node *ledgers = NULL;
  whole &= policy__optional(l, dir, "ledgers.yaml", h, &ledgers) && policy__ledgers(l, ledgers);
  l->p->dir_hash = hash_hex(l->mem, hasher_close(h));
  if (whole) expressions_compile(l); /* over half a package they would complain about the other half */
}

static int by_place(const void *x, const void *y) {
  const Mistake *a = x, *b = y;
  int order = str_cmp(a->file, b->file);
  if (order) return order;
  return a->line != b->line ? a->line - b->line : a->column - b->column;
}

Loader *policy__load(Cx *cx, Str dir) {
  Loader *l = arena_new(cx->mem, Loader);
  l->cx = cx;
  l->mem = cx->mem;
  l->p = arena_new(cx->mem, Policy);
  policy__load_tables(l, dir);
  if (!l->count) policy__check(l);
  qsort(l->list, l->count, sizeof *l->list, by_place);
  return l;
}

Code policy_load(Cx *cx, Str dir, const Policy **out, Mistakes *mistakes) {
  Loader *l = policy__load(cx, dir);
  *mistakes = (Mistakes){.list = l->list, .count = l->count};
  if (l->count)
    FAIL(INVALID, "政策包有 %zu 处错误，第一处在 %.*s 第 %d 行：%.*s", l->count, SFMT(l->list[0].file), l->list[0].line,
         SFMT(l->list[0].text));
  *out = l->p;
  return OK;
}
