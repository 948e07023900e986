/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: what no single file shows: references, sums, sources, cycles. */
#include "policy/check.h"

void check__at(Loader *l, const void *row, const char *key, const char *fmt, ...) {
  const Node *map = origin_of(l, row), *n = node_get(map, key);
  va_list ap;
  va_start(ap, fmt);
  Str text = arena_vfmt(l->mem, fmt, ap);
  va_end(ap);
  if (n) mistake_at(l, n->file, n->key_line, n->key_column, "%.*s", SFMT(text));
  else if (map) mistake_node(l, map, "%.*s", SFMT(text));
  else mistake_at(l, S("package.yaml"), 1, 1, "%.*s", SFMT(text));
}

void check__source(Loader *l, const void *row, const char *key, Source s, bool needed) {
  if (s.clause.len && !policy_clause(l->p, s.clause))
    check__at(l, row, key, "clauses.yaml 里没有条款 %.*s，请核对编号", SFMT(s.clause));
  if (!needed || s.clause.len || s.sample) return;
  Str sample = arena_fmt(l->mem, "%.*ssample", (int)(strlen(key) - strlen("clause")), key);
  check__at(l, row, key, "数字和规则要写出处：%s: 条款编号；文件没有给出的写 %.*s: true（示例）", key, SFMT(sample));
}

void check__unit(Loader *l, const void *row, const char *key, Str code) {
  if (code.len && !policy_unit(l->p, code)) check__at(l, row, key, "units.yaml 里没有单位 %.*s，请核对代码", SFMT(code));
}

void check__word(Loader *l, const void *row, const char *key, Str word, const char *const *allowed, size_t n) {
  Str all = S("");
  for (size_t i = 0; i < n; i++) {
    if (str_eqz(word, allowed[i])) return;
    all = arena_fmt(l->mem, "%.*s%s%s", SFMT(all), i ? "、" : "", allowed[i]);
  }
  check__at(l, row, key, "“%s”只能写：%.*s", key, SFMT(all));
}

static void categories_check(Loader *l) {
  const Policy *p = l->p;
  if (!p->category_count) mistake_at(l, S("categories.yaml"), 1, 1, "至少写一个类别");
  UNIQUE(l, p->categories, p->category_count, code)
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    int sum = 0;
    for (int n = 1; n <= STAGE_MAX; n++) sum += c->limit[n];
    if (sum != c->total) check__at(l, c, "total", "四个阶段合计 %d 天，与 total %d 天不符，请核对", sum, c->total);
    check__source(l, c, "clause", c->source, true);
  }
}

static void stages_check(Loader *l) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    const Stage *s = &l->p->stages[n];
    check__unit(l, s, "lead", s->lead);
    check__source(l, s, "clause", s->source, true);
    check__source(l, s, "certificate_clause", s->certificate_source, true);
  }
}

static void item_days_check(Loader *l, const Item *item) {
  const Policy *p = l->p;
  if (item->days < 1) check__at(l, item, "days", "事项时限至少 1 个工作日，即办件也写 1");
  for (size_t i = 0; i < item->limit_count; i++) {
    if (!policy_category(p, item->limits[i].category))
      check__at(l, item, "limits", "categories.yaml 里没有类别 %.*s，请核对代码", SFMT(item->limits[i].category));
    if (item->limits[i].days < 1) check__at(l, item, "limits", "事项时限至少 1 个工作日");
  }
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    bool applies = item->category_count == 0;
    int days = item->days;
    for (size_t k = 0; k < item->category_count; k++) applies |= str_eq(item->categories[k], c->code);
    for (size_t k = 0; k < item->limit_count; k++)
      if (str_eq(item->limits[k].category, c->code)) days = item->limits[k].days;
    if (!applies) continue;
    if (!c->limit[item->stage])
      check__at(l, item, "stage", "%.*s 没有第 %d 阶段（0 天），%.*s 不能列在这里，请在 categories 里去掉这个类别", SFMT(c->name),
         item->stage, SFMT(item->name));
    else if (!item->parallel && days > c->limit[item->stage]) /* a parallel item is outside the stage clock */
      check__at(l, item, "days", "%.*s 的时限 %d 天，超过 %.*s 第 %d 阶段的 %d 天，请改短", SFMT(item->name), days, SFMT(c->name),
         item->stage, c->limit[item->stage]);
  }
}

static void item_words_check(Loader *l, const Item *item) {
  static const char *const kinds[] = {"审批", "核准", "备案", "中介服务", "技术审查", "市政公用接入"}; /* D60-2.5-p1 */
  static const char *const attributes[] = {"行政许可", "其他权力", "公共服务", "内部协作"};
  check__word(l, item, "kind", item->kind, kinds, COUNT(kinds));
  check__word(l, item, "attribute", item->attribute, attributes, COUNT(attributes));
  static const char *const drawings[] = {"", "review", "permit"}, *const hazards[] = {"", "safety", "environment", "health", "property"};
  check__word(l, item, "drawings", item->drawings, drawings, COUNT(drawings));
  check__word(l, item, "hazard", item->hazard, hazards, COUNT(hazards));
  check__word(l, item, "share", item->share, policy_assessments, POLICY_ASSESSMENTS);
  if (!str_eq(item->unit, S("county"))) check__unit(l, item, "unit", item->unit);
  if (!str_trim(item->basis).len) check__at(l, item, "basis", "%.*s 没有法定依据，请写明法律和条文", SFMT(item->name));
}

/* Where an item stands in the flow: what it waits for lies before it, what waits for it behind. */
static void item_order_check(Loader *l, const Item *item) {
  if (item->before_stage > STAGE_MAX || (item->before_stage && item->before_stage < item->stage))
    check__at(l, item, "before_stage", "before_stage 应是 %d 到 4", item->stage);
  if (item->before_stage && !item->parallel) check__at(l, item, "before_stage", "只有并行推进（parallel: true）的事项写 before_stage");
  static const char *const opens[] = {"", "certificate"};
  check__word(l, item, "opens", item->opens, opens, COUNT(opens));
  if (item->opens.len && (!item->parallel || item->before_stage)) check__at(l, item, "opens", "只有并行推进、没有写 before_stage 的事项写 opens：出件以后才开始的，不能要求出件以前办完");
  for (size_t k = 0; k < item->after_count; k++) {
    const Item *first = policy_item(l->p, item->after[k]);
    if (!first) check__at(l, item, "after", "items.yaml 里没有事项 %.*s，请核对代码", SFMT(item->after[k]));
    else if (first->stage > item->stage)
      check__at(l, item, "after", "前置事项 %.*s 在后面的阶段，永远等不到，请改正", SFMT(first->name));
  }
}

static void items_check(Loader *l) {
  const Policy *p = l->p;
  if (!p->item_count) mistake_at(l, S("items.yaml"), 1, 1, "至少写一个事项");
  UNIQUE(l, p->items, p->item_count, code)
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *item = &p->items[i];
    if (item->stage < 1 || item->stage > STAGE_MAX) {
      check__at(l, item, "stage", "stage 应是 1 到 4");
      continue;
    }
    item_words_check(l, item);
    item_order_check(l, item);
    check__source(l, item, "clause", item->source, true);
    check__source(l, item, "days_clause", item->days_source, true);
    check__source(l, item, "when_clause", item->when_source, item->when != NULL);
    check__source(l, item, "promise_clause", item->promise_source, item->promise);
    if (item->promise && item->hazard.len) check__at(l, item, "promise", "直接涉及公共安全等的事项（hazard）不能写 promise（D60-2.10.1）");
    for (size_t k = 0; k < item->category_count; k++)
      if (!policy_category(p, item->categories[k]))
        check__at(l, item, "categories", "categories.yaml 里没有类别 %.*s，请核对代码", SFMT(item->categories[k]));
    item_days_check(l, item);
  }
}

/* A requires B and B requires A: 互为前置 (D60-4.15-p5). Each item is entered once, whatever the shape. */
static bool reaches(const Policy *p, const Item *from, const Item *goal, bool *seen) {
  for (size_t i = 0; i < from->after_count; i++) {
    const Item *next = policy_item(p, from->after[i]);
    if (next == goal) return true;
    if (!next || seen[next - p->items]) continue;
    seen[next - p->items] = true;
    if (reaches(p, next, goal, seen)) return true;
  }
  return false;
}

bool item__waits_for_itself(Arena *mem, const Policy *p, const Item *item) {
  return item->after_count && reaches(p, item, item, arena_array(mem, bool, p->item_count));
}

static void cycles_check(Loader *l) {
  const Policy *p = l->p;
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *item = &p->items[i];
    if (item__waits_for_itself(l->mem, p, item))
      check__at(l, item, "after", "%.*s 与别的事项互为前置，文件不允许（D60-4.15-p5），请去掉其中一个方向", SFMT(item->name));
  }
}

static void material_stages_check(Loader *l, const Material *m) {
  int64_t n;
  for (size_t k = 0; k < m->again_count; k++)
    if (!str_to_i64(m->again[k], &n) || n <= m->stage || n > STAGE_MAX)
      check__at(l, m, "again", "again 写后面还要用到它的阶段，如 [3]");
  if (m->from_stage.len && (!str_to_i64(m->from_stage, &n) || n < 1 || n >= m->stage))
    check__at(l, m, "from_stage", "from_stage 写前面某个阶段的号，如 \"1\"");
}

/* What came out of an earlier stage can serve; only what is uploaded and required can be lacking. */
static void material_serves_check(Loader *l, const Material *m) {
  for (size_t k = 0; k < m->result_count; k++) {
    const Item *item = policy_item(l->p, m->results[k]);
    if (!item || item->stage >= m->stage)
      check__at(l, m, "results", "results 写前面阶段的事项代码，%.*s 不是", SFMT(m->results[k]));
  }
  check__word(l, m, "share", m->share, policy_assessments, POLICY_ASSESSMENTS);
  if (m->lack && (m->form || m->from_stage.len || !m->required))
    check__at(l, m, "lack", "%.*s 不是必须上传的材料，不用写 lack", SFMT(m->name));
}

static void materials_check(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->materials, p->material_count, code)
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *m = &p->materials[i];
    if (m->stage < 1 || m->stage > STAGE_MAX) check__at(l, m, "stage", "stage 应是 1 到 4");
    if (!str_trim(m->basis).len)
      check__at(l, m, "basis", "%.*s 没有法定依据，不能要求提交（D60-4.14-p1），请写明依据或删去", SFMT(m->name));
    material_stages_check(l, m);
    material_serves_check(l, m);
    for (size_t k = 0; k < m->type_count; k++)
      for (size_t b = 0; b < m->types[k].len; b++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789", m->types[k].ptr[b])) {
          check__at(l, m, "types", "文件类型写小写字母，用半角逗号隔开，如 [pdf, jpg]");
          break;
        }
    check__source(l, m, "clause", m->source, true);
    for (size_t k = 0; k < m->item_count; k++)
      if (!policy_item(p, m->items[k])) check__at(l, m, "items", "items.yaml 里没有事项 %.*s，请核对代码", SFMT(m->items[k]));
    if (!m->form && !m->from_stage.len && (!m->type_count || m->max_mb < 1))
      check__at(l, m, "types", "%.*s 要上传文件，须写 types 和 max_mb", SFMT(m->name));
  }
}

/* A name or alias leads to one unit. */
static void unit_names_check(Loader *l, const Unit *u) {
  static const char *const kinds[] = {"department", "county", "zone", "company", "window", "institution"};
  check__word(l, u, "kind", u->kind, kinds, COUNT(kinds));
  if (policy_unit_named(l->p, u->name) != u) check__at(l, u, "name", "有两个单位都叫%.*s，请改一个", SFMT(u->name));
  for (size_t k = 0; k < u->alias_count; k++)
    if (policy_unit_named(l->p, u->aliases[k]) != u)
      check__at(l, u, "aliases", "“%.*s”已是别的单位的名称或别名，请去掉一个", SFMT(u->aliases[k]));
}

static void people_check(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->units, p->unit_count, code)
  UNIQUE(l, p->posts, p->post_count, code)
  UNIQUE(l, p->causes, p->cause_count, code)
  UNIQUE(l, p->clauses, p->clause_count, id)
  for (size_t i = 0; i < p->unit_count; i++) {
    check__source(l, &p->units[i], "clause", p->units[i].source, true);
    check__unit(l, &p->units[i], "county_of", p->units[i].county_of);
    unit_names_check(l, &p->units[i]);
  }
  for (size_t i = 0; i < p->post_count; i++) {
    check__unit(l, &p->posts[i], "unit", p->posts[i].unit);
    check__source(l, &p->posts[i], "clause", p->posts[i].source, true);
  }
  for (size_t i = 0; i < p->cause_count; i++) {
    const Cause *c = &p->causes[i];
    check__source(l, c, "clause", c->source, true);
    if (c->joint && policy_joint_cause(p) != c) check__at(l, c, "joint", "联合验收整改（joint）的事由只能有一个");
    if (c->joint && c->max_days) check__at(l, c, "max_days", "联合验收整改（joint）到建设单位提请复查为止，不写 max_days");
  }
}

static void notes_check(Loader *l) {
  static const char *const kinds[] = {"category-count", "lead", "certificate-name", "deadline-past", "zero-stage", "reading"};
  const Policy *p = l->p;
  Day day;
  UNIQUE(l, p->notes, p->note_count, id)
  for (size_t i = 0; i < p->note_count; i++) {
    const Note *n = &p->notes[i];
    check__word(l, n, "kind", n->kind, kinds, COUNT(kinds));
    if (!n->clause_count) check__at(l, n, "clauses", "写明在哪几条：clauses: [条款编号, …]");
    for (size_t k = 0; k < n->clause_count; k++)
      if (!policy_clause(p, n->clauses[k])) check__at(l, n, "clauses", "clauses.yaml 里没有条款 %.*s，请核对编号", SFMT(n->clauses[k]));
  }
  for (size_t i = 0; i < p->issued_count; i++)
    if (!day_parse(p->issued[i].issued, &day)) check__at(l, &p->issued[i], "issued", "issued 应是日期，如 2019-06-28");
}

static void days_check(Loader *l, const char *key, int days) {
  if (days < 1) check__at(l, l->p, key, "“%s”至少 1 天", key);
}

static void period_check(Loader *l) {
  const Policy *p = l->p;
  Day from = {INT32_MIN}, until = {INT32_MAX};
  if (p->effective_from.len && !day_parse(p->effective_from, &from))
    check__at(l, p, "effective_from", "effective_from 应是日期，如 2019-06-28");
  else if (p->effective_until.len && !day_parse(p->effective_until, &until))
    check__at(l, p, "effective_until", "effective_until 应是日期，如 2019-06-28");
  else if (until.n < from.n)
    check__at(l, p, "effective_until", "effective_until 在 effective_from 之前，请核对");
}

static void clocks_check(Loader *l) {
  static const char *const units[] = {"working", "calendar", "months", "month-day"};
  const Policy *p = l->p;
  UNIQUE(l, p->clocks, p->clock_count, code)
  for (size_t i = 0; i < p->clock_count; i++) {
    const ClockRule *r = &p->clocks[i];
    bool known = false;
    for (size_t k = 0; k < COUNT(units); k++) known |= str_eqz(r->unit, units[k]);
    if (!known) check__at(l, r, "unit", "unit 应是 working、calendar、months 或 month-day");
    if (r->count < 1 || r->count > 1000 || (str_eq(r->unit, S("month-day")) && r->count > 31)) check__at(l, r, "count", "count 超出范围，请核对");
    if (r->extend < 0 || r->extend > 1000) check__at(l, r, "extend", "extend 应是 0 到 1000 的整数");
    if (r->extend && !r->extend_by.len) check__at(l, r, "extend", "可以延长的，要写 extend_by：由谁批准");
    check__source(l, r, "clause", r->source, true);
  }
  const ClockRule *joint = policy_clock(p, S("joint"));
  for (size_t i = 0; joint && i < p->category_count; i++)
    for (int n = 1; n <= STAGE_MAX; n++)
      if (p->categories[i].limit[n] > joint->count)
        check__at(l, &p->categories[i], "limits", "第 %d 阶段 %d 天超过法定的 %d 天（联合办理），请核对", n, p->categories[i].limit[n], joint->count);
}

static void signs_check(Loader *l) {
  const Policy *p = l->p;
  if (p->sign_night_from < 0 || p->sign_night_from > 23) check__at(l, p, "sign_night_from", "sign_night_from 是 0 到 23 的钟点");
  if (p->sign_night_to < 0 || p->sign_night_to > 23) check__at(l, p, "sign_night_to", "sign_night_to 是 0 到 23 的钟点");
  if (p->sign_night_acts < 2) check__at(l, p, "sign_night_acts", "sign_night_acts 至少 2 次");
  if (p->sign_quick_minutes < 0) check__at(l, p, "sign_quick_minutes", "sign_quick_minutes 不能是负数");
  if (p->sign_late_hours < 1) check__at(l, p, "sign_late_hours", "sign_late_hours 至少 1 小时");
  check__source(l, p, "sign_clause", p->sign_source, true);
}

static void early_check(Loader *l) {
  const Policy *p = l->p;
  if (p->consult_days < 0 || p->consult_days > 60) check__at(l, p, "consult_days", "consult_days 是 1 到 60 个工作日");
  if (p->opinion_days < 0 || p->opinion_days > 60) check__at(l, p, "opinion_days", "opinion_days 是 1 到 60 个工作日");
  check__source(l, p, "consult_clause", p->consult_source, p->consult_days > 0);
  bool visits = p->visit_notice || p->visits_a_day;
  if (visits && (p->visit_notice < 1 || p->visits_a_day < 1)) check__at(l, p, "visit_notice", "visit_notice、visits_a_day 要一起写，都不小于 1");
  check__source(l, p, "visit_clause", p->visit_source, visits);
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *item = &p->items[i];
    bool known = !item->visit.len || str_eq(item->visit, S("special")) || str_eq(item->visit, S("opinion"));
    if (!known) check__at(l, item, "visit", "visit 只能是 special（专项）或 opinion（联合验收意见）");
  }
  check__source(l, p, "opinion_clause", p->opinion_source, p->opinion_days > 0);
  if (p->review_days < 0 || p->review_days > 60) check__at(l, p, "review_days", "review_days 是 1 到 60 个工作日");
  check__source(l, p, "review_clause", p->review_source, p->review_days > 0);
}

static void spot_check(Loader *l) {
  const Policy *p = l->p;
  const int rates[] = {p->spot_a, p->spot_b, p->spot_c, p->spot_d};
  if (!p->spot_days) return;
  if (p->spot_days < 0 || p->spot_days > 60) check__at(l, p, "spot_days", "spot_days 是 1 到 60 个工作日");
  if (p->spot_class.len != 1 || !str_has(S("ABCD"), p->spot_class)) check__at(l, p, "spot_class", "spot_class 是 A、B、C 或 D");
  for (size_t i = 0; i < COUNT(rates); i++) {
    if (rates[i] < 0 || rates[i] > 100) check__at(l, p, "spot_days", "spot_a 到 spot_d 是 0 到 100 的百分比");
    if (i && rates[i] < rates[i - 1]) check__at(l, p, "spot_days", "信用越差抽得越多：spot_a 到 spot_d 不能变小");
  }
  if (!p->spot_target_count) check__at(l, p, "spot_targets", "要写明结果在哪里公示（spot_targets）");
  check__source(l, p, "spot_clause", p->spot_source, true);
  check__source(l, p, "spot_targets_clause", p->spot_targets_source, true);
}

/* Settings that a package may be without. */
static void settings_check(Loader *l) {
  const Policy *p = l->p;
  if (p->ask_days >= p->receipt_days && p->ask_days) check__at(l, p, "ask_days", "ask_days 要小于 receipt_days，窗口才来得及合并告知");
  if (p->ask_days) check__source(l, p, "ask_clause", p->ask_source, true);
  if ((p->lack_days > 0) != (p->lack_count > 0)) check__at(l, p, "lack_days", "lack_days 和 lack_count 要一起写");
  if (p->lack_days) check__source(l, p, "lack_clause", p->lack_source, true);
  if (p->report_period.len && !str_eq(p->report_period, S("day")) && !str_eq(p->report_period, S("week")) && !str_eq(p->report_period, S("month")))
    check__at(l, p, "report_period", "report_period 只能是 day、week 或 month");
  if (p->report_period.len) check__source(l, p, "report_clause", p->report_source, true);
  if (!p->review_body.len != !p->court.len) check__at(l, p, "review_body", "review_body 和 court 要么都写，要么都不写");
  if (p->court.len) check__source(l, p, "remedy_clause", p->remedy_source, true);
}

static void personal_check(Loader *l) {
  const Policy *p = l->p;
  bool given = p->personal_keep_days || p->personal_looks;
  UNIQUE(l, p->grounds, p->ground_count, code)
  UNIQUE(l, p->purposes, p->purpose_count, code)
  check__source(l, p, "personal_clause", p->personal_source, given);
  if (p->ground_count && p->personal_keep_days < 1) check__at(l, p, "personal_keep_days", "personal.yaml 写了清除的情形，就要写 personal_keep_days：办结后保存多少天");
  if (p->purpose_count && p->personal_looks < 1) check__at(l, p, "personal_looks", "personal.yaml 写了查看的用途，就要写 personal_looks：一人一小时最多看几项");
  for (size_t i = 0; i < p->ground_count; i++) check__source(l, &p->grounds[i], "clause", p->grounds[i].source, true);
  for (size_t i = 0; i < p->purpose_count; i++) check__source(l, &p->purposes[i], "clause", p->purposes[i].source, true);
}

static void leaders_check(Loader *l) {
  const Policy *p = l->p;
  Day from;
  UNIQUE(l, p->leaders, p->leader_count, code)
  if (p->leader_count && !day_parse(p->leaders_from, &from)) check__at(l, p, "leaders_from", "leaders.yaml 写了分工，就要写 leaders_from：自哪天起，如 2019-08-23");
  check__source(l, p, "leaders_clause", p->leaders_source, p->leader_count > 0);
  for (size_t i = 0; i < p->leader_count; i++) check__source(l, &p->leaders[i], "clause", p->leaders[i].source, true);
}

/* The rungs that there are, each at most once and upwards; a package may leave some out. */
static void ladder_check(Loader *l) {
  static const char *const rungs[] = {"handler", "section", "department", "bureau", "leader"};
  const Policy *p = l->p;
  size_t at_least = 0;
  for (size_t i = 0; i < p->rung_count; i++) {
    const Rung *r = &p->ladder[i];
    size_t k = 0;
    check__word(l, r, "code", r->code, rungs, COUNT(rungs));
    while (k < COUNT(rungs) && !str_eqz(r->code, rungs[k])) k++;
    if (k < at_least) check__at(l, r, "code", "督办层级要由低到高，每级一次：handler、section、department、bureau、leader");
    at_least = k + 1;
    if (r->days < 1 || r->days > 60) check__at(l, r, "days", "回复期限写 1 到 60 个工作日");
    check__source(l, r, "clause", r->source, true);
  }
  check__source(l, p, "bulletin_clause", p->bulletin_source, p->bulletin_days > 0);
  check__source(l, p, "stats_clause", p->stats_source, p->stats_small > 0);
  check__source(l, p, "search_keep_clause", p->search_keep_source, p->search_keep_days > 0);
  if (p->search_keep_days < 0 || p->search_keep_days > 400) check__at(l, p, "search_keep_days", "search_keep_days 是 0 到 400 天");
}

static void milestones_check(Loader *l) {
  const Policy *p = l->p;
  Day due;
  UNIQUE(l, p->milestones, p->milestone_count, code)
  for (size_t i = 0; i < p->milestone_count; i++) {
    const Milestone *m = &p->milestones[i];
    if (!day_parse(m->due, &due)) check__at(l, m, "due", "期限写成 2019-05-31 的样子");
    for (size_t k = 0; k < m->lead_count; k++) check__unit(l, m, "leads", m->leads[k]);
    check__source(l, m, "clause", m->source, true);
  }
}

/* What stands on a certificate anybody may read who holds it. */
static void shows_check(Loader *l, const Permit *x) {
  for (size_t k = 0; k < x->show_count; k++) {
    const Field *f = x->stage >= 1 && x->stage <= STAGE_MAX ? policy_field(l->p, x->stage, x->shows[k]) : NULL;
    if (!f) f = policy_field(l->p, 0, x->shows[k]);
    if (!f || f->personal) check__at(l, x, "shows", "“%.*s”不是这个阶段申请表或者项目情况里的栏目，或者是个人信息", SFMT(x->shows[k]));
  }
}

static void permits_check(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->permits, p->permit_count, code)
  for (size_t i = 0; i < p->permit_count; i++) {
    const Permit *x = &p->permits[i];
    shows_check(l, x);
    if (x->stage < 1 || x->stage > STAGE_MAX) check__at(l, x, "stage", "阶段应是 1 到 4");
    check__unit(l, x, "issuer", x->issuer);
    check__source(l, x, "clause", x->source, true);
    check__source(l, x, "issuer_clause", x->issuer_source, true);
    if (x->material.len && !policy_material(p, x->material)) check__at(l, x, "material", "materials.yaml 里没有材料 %.*s，请核对代码", SFMT(x->material));
    for (size_t k = 0; k < x->item_count; k++) {
      const Item *item = policy_item(p, x->items[k]);
      if (!item || item->stage != x->stage) check__at(l, x, "items", "第 %d 阶段没有事项 %.*s，请核对代码", x->stage, SFMT(x->items[k]));
    }
  }
}

void policy__check(Loader *l) {
  const Policy *p = l->p;
  period_check(l);
  days_check(l, "receipt_days", p->receipt_days);
  days_check(l, "take_days", p->take_days);
  days_check(l, "deliver_days", p->deliver_days);
  check__unit(l, p, "window_unit", p->window_unit);
  check__unit(l, p, "supervisor_unit", p->supervisor_unit);
  check__source(l, p, "lamp_clause", p->lamp_source, true);
  check__source(l, p, "receipt_clause", p->receipt_source, true);
  check__source(l, p, "take_clause", p->take_source, true);
  check__source(l, p, "extend_clause", p->extend_source, true);
  check__source(l, p, "deliver_clause", p->deliver_source, true);
  check__source(l, p, "seal_clause", p->seal_source, true);
  signs_check(l);
  early_check(l);
  spot_check(l);
  settings_check(l);
  personal_check(l);
  leaders_check(l);
  ladder_check(l);
  milestones_check(l);
  check__reform(l);
  check__evaluation(l);
  check__gazette(l);
  check__credit(l);
  permits_check(l);
  check__answers(l);
  check__surveys(l);
  check__sayings(l);
  check__blueprint(l);
  check__spgl(l);
  check__ledgers(l);
  check__notices(l);
  clocks_check(l);
  categories_check(l);
  stages_check(l);
  items_check(l);
  cycles_check(l);
  materials_check(l);
  check__fields(l);
  people_check(l);
  notes_check(l);
}
