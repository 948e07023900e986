/* SPDX-License-Identifier: Apache-2.0 */
/* question.c: the nine questions, each a few columns and what makes the rows. */
#include "stats/stats_int.h"

typedef Code Make(Cx *cx, const Sheet *sheet, StatAnswer *out);

static StatTable *table_next(StatAnswer *a, Str title, Str head, StatChart chart) {
  REQUIRE(a->count < STAT_TABLES_MAX);
  StatTable *t = &a->tables[a->count++];
  t->title = title;
  t->head = head;
  t->chart = chart;
  return t;
}

static void charts(StatTable *t, const size_t *columns, size_t n) {
  for (size_t i = 0; i < n; i++) t->charted[i] = columns[i];
  t->charted_count = n;
}
#define CHARTS(t, ...) charts((t), (const size_t[]){__VA_ARGS__}, sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t))

/* ---- how long ---------------------------------------------------------------------------------------------------- */

#define LONG_COLUMNS(p)                                                                                                              \
  {{.kind = STAT_COUNT, .what = p "begun", .label = "开始"}, {.kind = STAT_COUNT, .what = p "begun-ended", .label = "已办结"},          \
   {.kind = STAT_COUNT, .what = p "begun-running", .label = "在办"}, {.kind = STAT_COUNT, .what = p "begun-stopped", .label = "撤回"},   \
   {.kind = STAT_DAYS, .what = p "begun", .label = "一半办完（工作日）", .arg = 50}, {.kind = STAT_DAYS, .what = p "begun", .label = "八成办完", .arg = 80}, \
   {.kind = STAT_DAYS, .what = p "begun", .label = "九成五办完", .arg = 95}, {.kind = STAT_COUNT, .what = p "begun-late", .label = "超过时限"}}

static Code make_long(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  static const Column stages[] = LONG_COLUMNS("stage-"), items[] = LONG_COLUMNS("");
  StatTable *t = table_next(out, S("各阶段"), S("阶段"), CHART_MARKS);
  TRY(pivot(cx, sheet, DIM_STAGE, stages, COUNT(stages), false, t));
  CHARTS(t, 4, 5, 6);
  t = table_next(out, S("各事项"), S("阶段 · 事项"), CHART_MARKS);
  TRY(pivot(cx, sheet, DIM_ITEM, items, COUNT(items), true, t));
  CHARTS(t, 4, 5, 6);
  return OK;
}

/* ---- where -------------------------------------------------------------------------------------------------------- */

#define WHERE_COLUMNS(p, ...)                                                                                                        \
  {{.kind = STAT_COUNT, .what = p "begun", .label = "件数"}, {.kind = STAT_SUM, .what = p "begun", .label = "合计（自然日）", .arg = FIELD_GROSS},     \
   __VA_ARGS__,                                                                                                                       \
   {.kind = STAT_SUM, .what = p "begun", .label = "申请人补正", .arg = FIELD_APPLICANT},                                               \
   {.kind = STAT_SUM, .what = p "begun", .label = "特别程序", .arg = FIELD_THIRD}, {.kind = STAT_SUM, .what = p "begun", .label = "休息日", .arg = FIELD_REST}}

static Code make_where(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  static const Column stages[] = WHERE_COLUMNS("stage-", {.kind = STAT_SUM, .what = "stage-begun", .label = "窗口和部门（工作日）", .arg = FIELD_UNIT});
  static const Column items[] = WHERE_COLUMNS("", {.kind = STAT_SUM, .what = "begun", .label = "派转前（窗口，工作日）", .arg = FIELD_BEFORE},
                                              {.kind = STAT_SUM, .what = "begun", .label = "部门办理（工作日）", .arg = FIELD_OWN});
  StatTable *t = table_next(out, S("各阶段的时间由谁占用"), S("阶段"), CHART_STACK);
  TRY(pivot(cx, sheet, DIM_STAGE, stages, COUNT(stages), true, t));
  CHARTS(t, 2, 3, 4, 5);
  t = table_next(out, S("各部门事项的时间由谁占用"), S("部门"), CHART_STACK);
  TRY(pivot(cx, sheet, DIM_UNIT, items, COUNT(items), true, t));
  CHARTS(t, 2, 3, 4, 5, 6);
  return OK;
}

/* ---- who is late ---------------------------------------------------------------------------------------------------- */

static int64_t late_of(const StatRow *r) {
  return r->cells[1].n + r->cells[4].n;
}

/* The latest first; those without into a table of their own. */
static void late_split(Arena *m, StatTable *with, StatTable *without) {
  StatRow *late = arena_array(m, StatRow, with->count + 1), *rest = arena_array(m, StatRow, with->count + 1);
  size_t n = 0, k = 0;
  for (size_t i = 0; i < with->count; i++) {
    if (!late_of(&with->rows[i])) {
      rest[k++] = with->rows[i];
      continue;
    }
    size_t at = n++;
    while (at && late_of(&late[at - 1]) < late_of(&with->rows[i])) {
      late[at] = late[at - 1];
      at--;
    }
    late[at] = with->rows[i];
  }
  with->rows = late;
  with->count = n;
  without->column_count = with->column_count;
  memcpy(without->columns, with->columns, sizeof with->columns);
  without->rows = rest;
  without->count = k;
}

#define WHY_COLUMNS(w)                                                                                                                        \
  {{.kind = STAT_COUNT, .what = w, .label = "超期的"}, {.kind = STAT_SUM, .what = w, .label = "合计（自然日）", .arg = FIELD_GROSS},                \
   {.kind = STAT_SUM, .what = w, .label = "派转前（窗口，工作日）", .arg = FIELD_BEFORE}, {.kind = STAT_SUM, .what = w, .label = "部门办理（工作日）", .arg = FIELD_OWN}, \
   {.kind = STAT_SUM, .what = w, .label = "申请人补正", .arg = FIELD_APPLICANT}, {.kind = STAT_SUM, .what = w, .label = "特别程序", .arg = FIELD_THIRD},   \
   {.kind = STAT_SUM, .what = w, .label = "休息日", .arg = FIELD_REST}, {.kind = STAT_COUNT, .what = w "-applicant", .label = "补正过的"},          \
   {.kind = STAT_COUNT, .what = w "-third", .label = "经过特别程序的"}}

/* Whose the days of what is late were: for the talk about a month (docs/decisions/0091). Departments without are left out. */
static Code make_why(Cx *cx, const Sheet *sheet, const Column *columns, size_t n, StatTable *t) {
  TRY(pivot(cx, sheet, DIM_UNIT, columns, n, true, t));
  size_t kept = 0;
  for (size_t i = 0; i < t->count; i++)
    if (t->rows[i].cells[0].n) t->rows[kept++] = t->rows[i];
  t->count = kept;
  CHARTS(t, 2, 3, 4, 5, 6);
  return OK;
}

static Code make_late(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  static const Column columns[] = {
      {.kind = STAT_COUNT, .what = "open", .label = "在办"}, {.kind = STAT_COUNT, .what = "open-late", .label = "在办已超期"},
      {.kind = STAT_COUNT, .what = "open-warn", .label = "在办预警"}, {.kind = STAT_COUNT, .what = "done", .label = "期间办结"},
      {.kind = STAT_COUNT, .what = "done-late", .label = "办结的超过时限"}, {.kind = STAT_COUNT, .what = "done-in-time", .label = "办结的在时限内"},
      {.kind = STAT_SHARE, .label = "按时率", .arg = 5, .of = 3}, {.kind = STAT_COUNT, .what = "open-late-before", .label = "在办超期里，扣掉派转前的天数没有超的"},
      {.kind = STAT_COUNT, .what = "done-late-before", .label = "办结超过时限里，扣掉派转前的天数没有超的"}};
  StatTable *with = table_next(out, S("有超期的部门"), S("部门"), CHART_PAIRS), *without = table_next(out, S("没有超期的部门"), S("部门"), CHART_NONE);
  TRY(pivot(cx, sheet, DIM_UNIT, columns, COUNT(columns), true, with));
  late_split(cx->mem, with, without);
  CHARTS(with, 1, 4);
  static const Column done[] = WHY_COLUMNS("done-late"), open[] = WHY_COLUMNS("open-late");
  TRY(make_why(cx, sheet, done, COUNT(done), table_next(out, S("期间办结的超期事项：时间由谁占用"), S("部门"), CHART_STACK)));
  return make_why(cx, sheet, open, COUNT(open), table_next(out, S("当日在办的超期事项：时间由谁占用"), S("部门"), CHART_STACK));
}

/* ---- next week -------------------------------------------------------------------------------------------------------- */

enum { WEEK = 7, DAYS = WEEK + 1, DAYS_AT = 3 }; /* today and the seven days after; they begin at that column */

static Code make_next(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  static const char *const weekdays[] = {"", "一", "二", "三", "四", "五", "六", "日"};
  Column columns[DAYS_AT + DAYS + 1] = {{.kind = STAT_COUNT, .what = "open", .label = "在办"}, {.kind = STAT_COUNT, .what = "open-late", .label = "已超期"},
                              {.kind = STAT_COUNT, .what = "open-paused", .label = "暂停"}};
  const Look *l = sheet->look;
  for (int i = 0; i < DAYS; i++) {
    Day d = {l->as_of.n + i};
    int y, m, day;
    day_split(d, &y, &m, &day);
    columns[DAYS_AT + i] = (Column){.kind = STAT_COUNT, .what = "due", .from = d, .to = d,
                                    .text = arena_fmt(cx->mem, "%d-%02d 周%s%s%s", m, day, weekdays[day_weekday(d)], calendar_is_work(l->p->calendar, d) ? "" : "（休）", i ? "" : "（当日）")};
  }
  columns[DAYS_AT + DAYS] = (Column){.kind = STAT_COUNT, .what = "due", .label = "七天内共到期（含当日）", .from = l->as_of, .to = {l->as_of.n + WEEK}};
  StatTable *t = table_next(out, S("各部门"), S("部门"), CHART_PAIRS), *days = table_next(out, S("每天到期"), S("日子"), CHART_BARS);
  TRY(pivot(cx, sheet, DIM_UNIT, columns, COUNT(columns), true, t));
  CHARTS(t, 0, DAYS_AT + DAYS);
  days->columns[0] = S("到期的事项");
  days->column_count = 1;
  days->rows = arena_array(cx->mem, StatRow, DAYS);
  for (int i = 0; i < DAYS; i++) days->rows[days->count++] = (StatRow){.key = t->columns[DAYS_AT + i], .label = t->columns[DAYS_AT + i], .cells = &t->total->cells[DAYS_AT + i]};
  CHARTS(days, 0);
  return OK;
}

/* ---- funnel ------------------------------------------------------------------------------------------------------------- */

static Code make_funnel(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  static const Column columns[] = {
      {.kind = STAT_COUNT, .what = "registered", .label = "登记"}, {.kind = STAT_COUNT, .what = "to-received", .label = "申报"},
      {.kind = STAT_COUNT, .what = "to-accepted", .label = "受理"}, {.kind = STAT_COUNT, .what = "to-decided", .label = "事项办结"},
      {.kind = STAT_COUNT, .what = "to-certified", .label = "出件"}, {.kind = STAT_COUNT, .what = "to-delivered", .label = "送达"},
      {.kind = STAT_SHARE, .label = "出件占登记", .arg = 4, .of = 0}};
  StatTable *t = table_next(out, S("从登记到出件"), S("阶段"), CHART_PAIRS);
  TRY(pivot(cx, sheet, DIM_STAGE, columns, COUNT(columns), false, t));
  CHARTS(t, 2, 3, 4);
  return OK;
}

/* ---- heat ----------------------------------------------------------------------------------------------------------------- */

enum { HEAT_MONTHS = 12 };

static Code heat(Cx *cx, const Sheet *sheet, const char *what, StatTable *out) {
  Column columns[HEAT_MONTHS + 1];
  int last = month__of(sheet->look->as_of);
  for (int i = 0; i < HEAT_MONTHS; i++) {
    int month = last - HEAT_MONTHS + 1 + i, after = month + 1;
    Day end = {day_ymd(after / 12, after % 12 + 1, 1).n - 1};
    columns[i] = (Column){.kind = STAT_COUNT, .what = what, .text = arena_fmt(cx->mem, "%d-%02d", month / 12, month % 12 + 1),
                          .from = day_ymd(month / 12, month % 12 + 1, 1), .to = end.n < sheet->look->as_of.n ? end : sheet->look->as_of};
  }
  columns[HEAT_MONTHS] = (Column){.kind = STAT_COUNT, .what = what, .label = "合计", .from = columns[0].from, .to = sheet->look->as_of};
  return pivot(cx, sheet, DIM_UNIT, columns, COUNT(columns), true, out);
}

static Code make_heat(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  TRY(heat(cx, sheet, "done", table_next(out, S("每月办结的事项"), S("部门"), CHART_HEAT)));
  return heat(cx, sheet, "done-late", table_next(out, S("每月办结时超过时限的事项"), S("部门"), CHART_HEAT));
}

/* ---- categories, counties --------------------------------------------------------------------------------------------------- */

static Code make_kinds(Cx *cx, const Sheet *sheet, Dim dim, Str title, Str head, StatAnswer *out) {
  static const Column columns[] = {
      {.kind = STAT_COUNT, .what = "registered", .label = "登记"}, {.kind = STAT_COUNT, .what = "running", .label = "在办项目"},
      {.kind = STAT_COUNT, .what = "completed", .label = "全部办结"}, {.kind = STAT_COUNT, .what = "stage-begun", .label = "受理阶段"},
      {.kind = STAT_COUNT, .what = "stage-certified", .label = "出件"}, {.kind = STAT_COUNT, .what = "done", .label = "办结事项"},
      {.kind = STAT_COUNT, .what = "done-in-time", .label = "办结的在时限内"}, {.kind = STAT_SHARE, .label = "按时率", .arg = 6, .of = 5},
      {.kind = STAT_DAYS, .what = "begun", .label = "事项一半办完（工作日）", .arg = 50}, {.kind = STAT_DAYS, .what = "begun", .label = "事项八成办完", .arg = 80}};
  StatTable *t = table_next(out, title, head, CHART_PAIRS);
  TRY(pivot(cx, sheet, dim, columns, COUNT(columns), true, t));
  CHARTS(t, 0, 2);
  return OK;
}

static Code make_category(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  return make_kinds(cx, sheet, DIM_CATEGORY, S("七个类别"), S("类别"), out);
}

static Code make_county(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  return make_kinds(cx, sheet, DIM_COUNTY, S("各县（市）区"), S("县（市）区"), out);
}

/* ---- year on year --------------------------------------------------------------------------------------------------------------- */

static Code make_year(Cx *cx, const Sheet *sheet, StatAnswer *out) {
  static const struct { const char *what, *label; } pairs[] = {{"registered", "登记"}, {"stage-begun", "受理"}, {"stage-certified", "出件"},
                                                               {"done", "办结事项"}, {"done-late", "超过时限"}};
  int y, m, d;
  day_split(sheet->look->as_of, &y, &m, &d);
  Day now_from = day_ymd(y, 1, 1), was_from = day_ymd(y - 1, 1, 1), was_to = day_ymd(y - 1, m, m == 2 && d == 29 ? 28 : d);
  Column columns[2 * COUNT(pairs)];
  for (size_t i = 0; i < COUNT(pairs); i++) {
    columns[2 * i] = (Column){.kind = STAT_COUNT, .what = pairs[i].what, .text = arena_fmt(cx->mem, "%s %d", pairs[i].label, y), .from = now_from, .to = sheet->look->as_of};
    columns[2 * i + 1] = (Column){.kind = STAT_COUNT, .what = pairs[i].what, .text = arena_fmt(cx->mem, "%s %d 同期", pairs[i].label, y - 1), .from = was_from, .to = was_to};
  }
  StatTable *t = table_next(out, S("按月，与去年同期比"), S("月份"), CHART_PAIRS);
  TRY(pivot(cx, sheet, DIM_MONTH, columns, COUNT(columns), true, t));
  CHARTS(t, 6, 7);
  return OK;
}

/* ---- the table --------------------------------------------------------------------------------------------------------------------- */

#define AGAIN "一个阶段重新申报的、一个事项重新申请的，每次算一件；国家、省级事权的事项不计入。"
static const struct { const char *code, *title, *says; Make *make; } questions[STAT_QUESTIONS] = {
    {"long", "办理要多久",
     "期间内开始的都算，在办的也算：在办的至今用了几天就说明它至少要几天，按 Kaplan–Meier 法与已办结的一起估计，不会因为慢的还没办完而显得快。"
     "“多于”表示办完的还不够多，目前只能说这么多。用时是各自时钟的工作日，暂停不计。" AGAIN, make_long},
    {"where", "时间去哪了",
     "期间内开始的每一件，从受理到办结（在办的到当日），每一天归占用它的一方：部门办理、申请人补正、特别程序、休息日；相加就是合计。"
     "事项的时钟从受理起算，派转到部门以前的工作日单列，归窗口；阶段的不分。暂停只改变归谁，不减少合计。" AGAIN, make_where},
    {"late", "谁超期", "在办的看当日亮灯，办结的看期间内办结的。按时率＝在时限内办结÷期间办结。"
     "时限从受理起算，派转到部门以前的天数也算；文件没有给派转规定时限，所以最后两列把“扣掉这几天部门就没有超”的单独数出来，不从超期里减去。"
     "下面两张表把超期事项的每一天归占用它的一方，相加就是合计；到接单为止等了几天在部门办理里，不另算。" AGAIN, make_late},
    {"next", "七天内要到期的", "当日和以后七天，每天有多少在办事项到期，哪个部门。当日到期的还在时限内，过了这一天才算超期。暂停的没有到期日，单列。" AGAIN, make_next},
    {"funnel", "从登记到出件", "期间内登记的项目，各阶段走到哪一步（重新申报过的，任何一次走到就算）。分母是登记的项目。", make_funnel},
    {"heat", "部门每月", "最近十二个月（含当月），按办结的日子。颜色越深数越大。" AGAIN, make_heat},
    {"category", "各类别", "六十号文件的七个类别。登记、全部办结、受理、出件、办结按期间内发生的算，在办项目是当日的。" AGAIN, make_category},
    {"county", "各县区", "按项目所在的县（市）区、园区。登记、全部办结、受理、出件、办结按期间内发生的算，在办项目是当日的。" AGAIN, make_county},
    {"year", "同比", "当年一月一日到当日，与去年同一段日子比；去年的数也只到同一天。" AGAIN, make_year}};
const char *const stat_questions[STAT_QUESTIONS] = {"long", "where", "late", "next", "funnel", "heat", "category", "county", "year"};

Str stat_title(Str question) {
  for (size_t i = 0; i < COUNT(questions); i++)
    if (str_eqz(question, questions[i].code)) return str_of(questions[i].title);
  return S("");
}

Code stat_answer(Cx *cx, Stats *s, Reader *rd, Str question, const StatAsk *ask, StatAnswer *out) {
  Look l = {0};
  size_t i = 0;
  while (i < COUNT(questions) && !str_eqz(question, questions[i].code)) i++;
  if (i == COUNT(questions)) FAIL(NOT_FOUND, "没有“%.*s”这一页统计。", SFMT(question));
  *out = (StatAnswer){.code = str_of(questions[i].code), .title = str_of(questions[i].title), .says = str_of(questions[i].says)};
  TRY(stats__enter(cx, s, rd));
  Code code = look__open(cx, &l, s, rd, ask->ps, ask->as_of);
  Sheet sheet = {.look = &l, .ask = ask, .ps = ask->ps,
                 .base = {.as_of = ask->as_of, .unit = ask->unit, .category = ask->category, .county = ask->county, .stage = ask->stage}};
  if (code == OK) code = questions[i].make(cx, &sheet, out);
  look__close(&l);
  stats__leave(s);
  return code;
}
