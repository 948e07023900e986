/* SPDX-License-Identifier: Apache-2.0 */
/* what.c: what can be counted. One row a word; a figure and the list behind it ask the same row. */
#include "stats/stats_int.h"

/* ---- when ------------------------------------------------------------------------------------------------------ */

static Day date_received(const Look *l, Seen *s) {
  (void)l;
  return day__unpack(s->v->received);
}

static Day date_start(const Look *l, Seen *s) {
  (void)l;
  return day__unpack(s->v->start);
}

static Day date_decided(const Look *l, Seen *s) {
  (void)l;
  return day__unpack(s->v->decided);
}

static Day date_ended(const Look *l, Seen *s) {
  (void)l;
  return day__unpack(s->v->ended);
}

static Day date_delivered(const Look *l, Seen *s) {
  (void)l;
  return day__unpack(s->v->delivered);
}

static Day date_due(const Look *l, Seen *s) {
  if (fact_ended((FactState)s->v->state)) return (Day){0};
  const Reading *r = seen__clock(l, s);
  return r->has_due && !r->paused ? r->due : (Day){0};
}

/* ---- in which state ---------------------------------------------------------------------------------------------- */

enum { ANY, ENDED, CERTIFIED, STOPPED, REFUSED, RUNNING, LATE, IN_TIME, RED, YELLOW, PAUSED, RED_BEFORE, RUNNING_OUTSIDE };

/* Late by the legal clock, and not without what had passed before the department got it. */
static bool late_before(const Reading *r, int limit) {
  return r->overdue && r->before > 0 && r->used - r->before <= limit;
}


static bool is_state(const Look *l, Seen *s, const What *w, int stage) {
  FactState state = (FactState)s->v->state;
  bool ended = state == FACT_DONE || state == FACT_REFUSED, open = !fact_ended(state);
  (void)stage;
  switch (w->arg) {
    case ENDED: return ended;
    case CERTIFIED: return state == FACT_DONE;
    case STOPPED: return state == FACT_STOPPED;
    case REFUSED: return state == FACT_REFUSED;
    case RUNNING:
    case RUNNING_OUTSIDE: return open;
    case LATE: return seen__clock(l, s)->overdue && state != FACT_STOPPED;
    case IN_TIME: return ended && !s->v->late;
    case RED: return open && seen__clock(l, s)->lamp == LAMP_RED;
    case YELLOW: return open && seen__clock(l, s)->lamp == LAMP_YELLOW;
    case PAUSED: return state == FACT_PAUSED;
    case RED_BEFORE: return open && late_before(seen__clock(l, s), s->v->limit);
    default: return true;
  }
}

static bool is_ended_late(const Look *l, Seen *s, const What *w, int stage) {
  (void)l, (void)w, (void)stage;
  return (s->v->state == FACT_DONE || s->v->state == FACT_REFUSED) && s->v->late;
}

static bool is_ended_late_before(const Look *l, Seen *s, const What *w, int stage) {
  return is_ended_late(l, s, w, stage) && late_before(seen__clock(l, s), s->v->limit);
}

/* Late, and days of it were not the department's: w->arg says whose (calendar.h). */
static bool is_ended_late_held(const Look *l, Seen *s, const What *w, int stage) {
  return is_ended_late(l, s, w, stage) && seen__clock(l, s)->held[w->arg] > 0;
}

static bool is_open_late_held(const Look *l, Seen *s, const What *w, int stage) {
  (void)stage;
  return !fact_ended((FactState)s->v->state) && seen__clock(l, s)->lamp == LAMP_RED && seen__clock(l, s)->held[w->arg] > 0;
}

static const char *const steps[] = {"received", "accepted", "decided", "certified", "delivered"};

static bool is_reached(const Look *l, Seen *s, const What *w, int stage) {
  return look__reached(l, s->r->project, stage, str_of(steps[w->arg]));
}

static const What whats[] = {
    {"registered", "登记的项目", LEVEL_PROJECT, date_received, is_state, ANY},
    {"completed", "全部办结的项目", LEVEL_PROJECT, date_ended, is_state, CERTIFIED},
    {"terminated", "终止的项目", LEVEL_PROJECT, date_ended, is_state, STOPPED},
    {"running", "在办的项目", LEVEL_PROJECT, NULL, is_state, RUNNING},
    {"to-received", "登记以后申报了本阶段的项目", LEVEL_PROJECT, date_received, is_reached, 0},
    {"to-accepted", "登记以后受理了本阶段的项目", LEVEL_PROJECT, date_received, is_reached, 1},
    {"to-decided", "登记以后本阶段事项都办结的项目", LEVEL_PROJECT, date_received, is_reached, 2},
    {"to-certified", "登记以后本阶段出件的项目", LEVEL_PROJECT, date_received, is_reached, 3},
    {"to-delivered", "登记以后本阶段送达的项目", LEVEL_PROJECT, date_received, is_reached, 4},
    {"stage-received", "收件的阶段申请", LEVEL_STAGE, date_received, is_state, ANY},
    {"stage-begun", "受理的阶段申请", LEVEL_STAGE, date_start, is_state, ANY},
    {"stage-begun-ended", "受理后已出件或不予许可的阶段申请", LEVEL_STAGE, date_start, is_state, ENDED},
    {"stage-begun-running", "受理后仍在办的阶段申请", LEVEL_STAGE, date_start, is_state, RUNNING},
    {"stage-begun-stopped", "受理后撤回的阶段申请", LEVEL_STAGE, date_start, is_state, STOPPED},
    {"stage-begun-late", "受理后超过时限的阶段申请", LEVEL_STAGE, date_start, is_state, LATE},
    {"stage-decided", "事项都已办结的阶段申请", LEVEL_STAGE, date_decided, is_state, ANY},
    {"stage-certified", "出件的阶段申请", LEVEL_STAGE, date_ended, is_state, CERTIFIED},
    {"stage-refused", "不予许可的阶段申请", LEVEL_STAGE, date_ended, is_state, REFUSED},
    {"stage-delivered", "送达的阶段申请", LEVEL_STAGE, date_delivered, is_state, ANY},
    {"begun", "开始办理的事项", LEVEL_ITEM, date_start, is_state, ANY},
    {"begun-ended", "开始后已办结的事项", LEVEL_ITEM, date_start, is_state, ENDED},
    {"begun-running", "开始后仍在办的事项", LEVEL_ITEM, date_start, is_state, RUNNING},
    {"begun-stopped", "开始后撤回的事项", LEVEL_ITEM, date_start, is_state, STOPPED},
    {"begun-late", "开始后超过时限的事项", LEVEL_ITEM, date_start, is_state, LATE},
    {"done", "办结的事项", LEVEL_ITEM, date_ended, is_state, ENDED},
    {"done-late", "超过时限才办结的事项", LEVEL_ITEM, date_ended, is_ended_late, 0},
    {"done-late-before", "超过时限才办结的事项：扣掉派转前的天数没有超过", LEVEL_ITEM, date_ended, is_ended_late_before, 0},
    {"done-late-applicant", "超过时限才办结的事项：补正占用过时间", LEVEL_ITEM, date_ended, is_ended_late_held, HELD_APPLICANT},
    {"done-late-third", "超过时限才办结的事项：特别程序占用过时间", LEVEL_ITEM, date_ended, is_ended_late_held, HELD_THIRD},
    {"done-in-time", "在时限内办结的事项", LEVEL_ITEM, date_ended, is_state, IN_TIME},
    {"refused", "不通过的事项", LEVEL_ITEM, date_ended, is_state, REFUSED},
    {"open", "在办的事项", LEVEL_ITEM, NULL, is_state, RUNNING},
    {"open-late", "在办的事项：超期", LEVEL_ITEM, NULL, is_state, RED},
    {"open-late-before", "在办超期的事项：扣掉派转前的天数没有超过", LEVEL_ITEM, NULL, is_state, RED_BEFORE},
    {"open-late-applicant", "在办超期的事项：补正占用过时间", LEVEL_ITEM, NULL, is_open_late_held, HELD_APPLICANT},
    {"open-late-third", "在办超期的事项：特别程序占用过时间", LEVEL_ITEM, NULL, is_open_late_held, HELD_THIRD},
    {"open-outside", "在办的事项：国家、省级事权", LEVEL_ITEM, NULL, is_state, RUNNING_OUTSIDE},
    {"open-warn", "在办的事项：预警", LEVEL_ITEM, NULL, is_state, YELLOW},
    {"open-paused", "在办的事项：暂停", LEVEL_ITEM, NULL, is_state, PAUSED},
    {"due", "到期的在办事项", LEVEL_ITEM, date_due, is_state, RUNNING}};

const What *what__find(Str word) {
  for (size_t i = 0; i < COUNT(whats); i++)
    if (str_eqz(word, whats[i].word)) return &whats[i];
  return NULL;
}

Str stat_label(Str word) {
  const What *w = what__find(word);
  return w ? str_of(w->label) : S("");
}

bool stat_of_items(Str word) {
  const What *w = what__find(word);
  return w && w->level == LEVEL_ITEM;
}

bool what__fits(const Look *l, const What *w, Seen *s, Day from, Day to, int stage) {
  if (w->date) {
    Day d = w->date(l, s);
    if (!d.n || d.n < from.n || d.n > to.n) return false;
  }
  return w->is(l, s, w, stage);
}

Level record__level(const Record *r) {
  return r->item != STAGE_ITSELF ? LEVEL_ITEM : r->stage ? LEVEL_STAGE : LEVEL_PROJECT;
}

/* ---- picks --------------------------------------------------------------------------------------------------------- */

static int bound(const Names *n, Str s) {
  int at = s.len ? names__find(n, s) : -1;
  return s.len && at < 0 ? -2 : at;
}

Bound bound__of(const Stats *s, const StatPick *p) {
  return (Bound){.what = what__find(p->what), .unit = bound(&s->units, p->unit), .item = bound(&s->items, p->item),
                 .category = bound(&s->categories, p->category), .county = bound(&s->counties, p->county), .stage = p->stage};
}

/* What national or provincial authority decides is in no figure but its own. */
static bool counts_outside(const What *w) {
  return w->is == is_state && w->arg == RUNNING_OUTSIDE;
}

/* A department stands only at items; the stage of a project is asked by what it has reached. */
bool bound__fits(const Stats *s, const Bound *b, const Record *r) {
  Level level = record__level(r);
  if (level != b->what->level || ((r->flags & FACT_OUTSIDE) != 0) != counts_outside(b->what)) return false;
  if (level == LEVEL_ITEM && b->unit != -1 && b->unit != r->unit) return false;
  if (level == LEVEL_ITEM && b->item != -1 && b->item != r->item) return false;
  if (level != LEVEL_PROJECT && b->stage && b->stage != r->stage) return false;
  return (b->category == -1 || b->category == *AT(&s->category, r->project)) && (b->county == -1 || b->county == *AT(&s->county, r->project));
}

Str stat_pick_query(Arena *mem, const StatPick *p) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, 1000);
  const struct { const char *name; Str value; } texts[] = {{"unit", p->unit}, {"item", p->item}, {"category", p->category}, {"county", p->county}};
  buf_fmt(&b, "what=%.*s&as_of=%.*s", SFMT(p->what), SFMT(day_str(mem, p->as_of)));
  if (p->from.n) buf_fmt(&b, "&first=%.*s", SFMT(day_str(mem, p->from)));
  if (p->to.n) buf_fmt(&b, "&last=%.*s", SFMT(day_str(mem, p->to)));
  if (p->stage) buf_fmt(&b, "&stage=%d", p->stage);
  for (size_t i = 0; i < COUNT(texts); i++)
    if (texts[i].value.len) buf_fmt(&b, "&%s=%.*s", texts[i].name, SFMT(texts[i].value));
  return arena_str(mem, buf_str(&b));
}

static Code day_read(Cx *cx, StatArg *arg, const void *of, const char *name, Day *out) {
  Str text = arg(of, str_of(name));
  *out = (Day){0};
  if (text.len && !day_parse(text, out)) FAIL_AT(INVALID, str_of(name), S(""), "日期写成 2026-12-31 的样子");
  return OK;
}

Code stat_pick_read(Cx *cx, StatArg *arg, const void *of, StatPick *out) {
  int64_t stage = 0;
  *out = (StatPick){.what = arg(of, S("what")), .unit = arg(of, S("unit")), .item = arg(of, S("item")), .category = arg(of, S("category")),
                    .county = arg(of, S("county"))};
  TRY(day_read(cx, arg, of, "as_of", &out->as_of));
  TRY(day_read(cx, arg, of, "first", &out->from));
  TRY(day_read(cx, arg, of, "last", &out->to));
  Str text = arg(of, S("stage"));
  if (text.len && (!str_to_i64(text, &stage) || stage < 0 || stage > STAGE_MAX)) FAIL_AT(INVALID, S("stage"), S(""), "阶段是 1 到 %d", STAGE_MAX);
  out->stage = (int)stage;
  return OK;
}

static const Sql sql_project = {"stats.project", "i", "ss", "SELECT number, name FROM project WHERE no = ?1"};

static Code case_fill(Cx *cx, Reader *rd, const Look *l, Seen *seen, StatCase *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  const Stats *s = l->s;
  bool item = seen->r->item != STAGE_ITSELF;
  *out = (StatCase){.project = seen->r->project, .stage = seen->r->stage, .attempt = seen->r->attempt, .state = (FactState)seen->v->state,
                    .received = day__unpack(seen->v->received), .start = day__unpack(seen->v->start), .ended = day__unpack(seen->v->ended), .limit = seen->v->limit,
                    .item = item ? s->items.list[seen->r->item] : S(""), .unit = item ? s->units.list[seen->r->unit] : S(""),
                    .category = s->categories.list[*AT(&s->category, seen->r->project)], .county = s->counties.list[*AT(&s->county, seen->r->project)]};
  out->clock = *seen__clock(l, seen);
  TRY(db_rows(cx, reader_views(rd), &sql_project, VALS(val_i(out->project)), &r));
  if (rows_next(r)) {
    out->number = row_s(cx, r, 0);
    out->name = row_s(cx, r, 1);
  }
  return rows_end(cx, r);
}

static Code cases_held(Cx *cx, Look *l, Reader *rd, const StatPick *pick, size_t skip, size_t max, StatCase *list, size_t *n, StatTotal *total) {
  Bound b = bound__of(l->s, pick);
  for (uint32_t i = 0; b.what && i < l->s->records.count; i++) {
    const Record *r = AT(&l->s->records, i);
    Seen seen;
    if (!bound__fits(l->s, &b, r) || !look__at(l, r, &seen) || !what__fits(l, b.what, &seen, pick->from, pick->to, pick->stage)) continue;
    const Reading *clock = seen__clock(l, &seen);
    total->gross += clock->gross;
    total->unit += clock->held[HELD_UNIT];
    total->applicant += clock->held[HELD_APPLICANT];
    total->third += clock->held[HELD_THIRD];
    total->rest += clock->held[HELD_NOBODY];
    total->before += clock->before;
    if ((size_t)total->count++ >= skip && *n < max) TRY(case_fill(cx, rd, l, &seen, &list[(*n)++]));
  }
  return OK;
}

Code stat_cases(Cx *cx, Stats *s, Reader *rd, const Policies *ps, const StatPick *pick, size_t skip, size_t max, StatCase **out, size_t *n,
                StatTotal *total) {
  Look l = {0};
  *out = arena_array(cx->mem, StatCase, max + 1);
  *n = 0;
  *total = (StatTotal){0};
  if (!what__find(pick->what)) FAIL_AT(NOT_FOUND, S("what"), S(""), "统计里没有“%.*s”这个数。请从统计页打开。", SFMT(pick->what));
  TRY(stats__enter(cx, s, rd));
  Code code = look__open(cx, &l, s, rd, ps, pick->as_of);
  if (code == OK) code = cases_held(cx, &l, rd, pick, skip, max, *out, n, total);
  look__close(&l);
  stats__leave(s);
  return code;
}
