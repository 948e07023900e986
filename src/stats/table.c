/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: figures in rows and columns, by one pass over all records; each with the pick that opens it. */
#include "stats/stats_int.h"

enum { DAYS = 1024 };

typedef struct Spread { uint32_t ended[DAYS], running[DAYS]; } Spread; /* by working days used */
typedef struct Pivot {
  const Sheet *sheet;
  const Look *l;
  StatPick base;           /* what every cell has */
  Dim dim;
  const Column *columns;
  size_t n, rows;          /* the row behind the last is the total */
  Bound bounds[STAT_COLUMNS_MAX];
  int64_t *count;          /* rows + 1 by n */
  Spread **spread;
  int spread_of;           /* the column that asks for it; −1: none */
  Arena *mem;
} Pivot;

static Day first_day(const Pivot *v, size_t col) {
  return v->columns[col].from.n ? v->columns[col].from : v->sheet->ask->from;
}

static Day last_day(const Pivot *v, size_t col) {
  return v->columns[col].to.n ? v->columns[col].to : v->sheet->ask->to;
}

static size_t rows_of(const Stats *s, Dim dim) {
  switch (dim) {
    case DIM_STAGE: return STAGES;
    case DIM_ITEM: return s->items.count * STAGES;
    case DIM_UNIT: return s->units.count;
    case DIM_CATEGORY: return s->categories.count;
    case DIM_COUNTY: return s->counties.count;
    case DIM_MONTH: return 12;
    case DIM_NONE: break;
  }
  return 0;
}

static int row_of(const Pivot *v, size_t col, Seen *s) {
  const Record *r = s->r;
  const Stats *all = v->l->s;
  switch (v->dim) {
    case DIM_STAGE: return r->stage - 1;
    case DIM_ITEM: return r->item == STAGE_ITSELF ? -1 : r->item * STAGES + r->stage - 1;
    case DIM_UNIT: return r->item == STAGE_ITSELF ? -1 : r->unit;
    case DIM_CATEGORY: return *AT(&all->category, r->project);
    case DIM_COUNTY: return *AT(&all->county, r->project);
    case DIM_MONTH: return month__of(v->bounds[col].what->date(v->l, s)) % 12;
    case DIM_NONE: break;
  }
  return -1;
}

static void spread_add(Pivot *v, size_t row, Seen *s) {
  if (!v->spread[row]) v->spread[row] = arena_new(v->mem, Spread);
  int used = seen__clock(v->l, s)->used;
  bool ended = s->v->state == FACT_DONE || s->v->state == FACT_REFUSED;
  (ended ? v->spread[row]->ended : v->spread[row]->running)[used < DAYS ? used : DAYS - 1]++;
}

static void add(Pivot *v, size_t row, size_t col, Seen *s) {
  const Column *c = &v->columns[col];
  v->count[row * v->n + col] += c->kind == STAT_SUM ? reading__field(seen__clock(v->l, s), (StatField)c->arg) : 1;
  if ((int)col == v->spread_of) spread_add(v, row, s);
}

static void take(Pivot *v, size_t col, Seen *s) {
  const Bound *b = &v->bounds[col];
  Day from = first_day(v, col), to = last_day(v, col);
  if (v->dim == DIM_STAGE && b->what->level == LEVEL_PROJECT) { /* a project stands in the row of each stage that it has reached */
    for (int stage = 1; stage <= STAGES; stage++)
      if (what__fits(v->l, b->what, s, from, to, stage)) add(v, (size_t)stage - 1, col, s);
    return;
  }
  if (!what__fits(v->l, b->what, s, from, to, b->stage)) return;
  int row = row_of(v, col, s);
  if (row >= 0 && (size_t)row < v->rows) add(v, (size_t)row, col, s);
  add(v, v->rows, col, s);
}

static void pass(Pivot *v) {
  const Stats *s = v->l->s;
  for (uint32_t i = 0; i < s->records.count; i++) {
    const Record *r = AT(&s->records, i);
    Seen seen = {0};
    for (size_t c = 0; c < v->n; c++) {
      if (!v->bounds[c].what || !bound__fits(s, &v->bounds[c], r)) continue;
      if (!seen.v && !look__at(v->l, r, &seen)) break;
      take(v, c, &seen);
    }
  }
}

/* ---- cells ------------------------------------------------------------------------------------------------------ */

static Day later(Day a, Day b) {
  return a.n > b.n ? a : b;
}

static Day earlier(Day a, Day b) {
  return a.n < b.n ? a : b;
}

/* Row `row` as fields of a pick. */
static StatPick pick_of(const Pivot *v, size_t row, size_t col) {
  const Stats *s = v->l->s;
  StatPick p = v->base;
  p.what = str_of(v->columns[col].what);
  p.as_of = v->l->as_of;
  if (v->bounds[col].what->date) {
    p.from = first_day(v, col);
    p.to = last_day(v, col);
  }
  if (row == v->rows) return p;
  if (v->dim == DIM_STAGE) p.stage = (int)row + 1;
  if (v->dim == DIM_ITEM) {
    p.item = s->items.list[row / STAGES];
    p.stage = (int)(row % STAGES) + 1;
  }
  if (v->dim == DIM_UNIT) p.unit = s->units.list[row];
  if (v->dim == DIM_CATEGORY) p.category = s->categories.list[row];
  if (v->dim == DIM_COUNTY) p.county = s->counties.list[row];
  if (v->dim == DIM_MONTH) {
    int y, m, d;
    day_split(p.from, &y, &m, &d);
    Day begin = day_ymd(y, (int)row + 1, 1), next = row == 11 ? day_ymd(y + 1, 1, 1) : day_ymd(y, (int)row + 2, 1);
    p.from = later(p.from, begin);
    p.to = earlier(p.to, (Day){next.n - 1});
  }
  return p;
}

/* Who sees only one department opens its items, and no total of all. */
static bool linked(const Pivot *v, size_t row, size_t col) {
  Str only = v->sheet->ask->only;
  if (v->sheet->locked) return false;
  if (!only.len) return true;
  return v->bounds[col].what->level == LEVEL_ITEM && (v->dim != DIM_UNIT || row != v->rows);
}

static StatCell cell_of(const Pivot *v, size_t row, size_t col) {
  const Column *c = &v->columns[col];
  const int64_t *n = &v->count[row * v->n];
  size_t shown = c->kind == STAT_SHARE ? (size_t)c->arg : col;
  StatCell out = {.kind = c->kind, .n = n[shown], .linked = linked(v, row, shown), .pick = pick_of(v, row, shown)};
  if (c->kind == STAT_SUM) out.field = (StatField)c->arg;
  if (c->kind == STAT_SHARE) {
    out.of = n[c->of];
    out.none = !out.of;
  }
  if (c->kind == STAT_DAYS) {
    int reached = 0, day = -1;
    out.of = n[v->spread_of];
    out.none = !out.of;
    if (out.of) day = stat_percentile(v->spread[row]->ended, v->spread[row]->running, DAYS, c->arg, &reached);
    out.over = day < 0;
    out.n = day < 0 ? reached : day;
  }
  return out;
}

static Str label_of(const Pivot *v, Arena *m, size_t row, Str *key) {
  const Stats *s = v->l->s;
  const Policy *p = v->l->p;
  switch (v->dim) {
    case DIM_STAGE: *key = arena_fmt(m, "%zu", row + 1); return arena_fmt(m, "第 %zu 阶段 %.*s", row + 1, SFMT(p->stages[row + 1].name));
    case DIM_ITEM: {
      const Item *i = policy_item(p, *key = s->items.list[row / STAGES]);
      return arena_fmt(m, "%zu · %.*s", row % STAGES + 1, SFMT(i ? i->name : *key));
    }
    case DIM_UNIT: {
      const Unit *u = policy_unit(p, *key = s->units.list[row]);
      return u ? u->name : *key;
    }
    case DIM_CATEGORY: {
      const Category *c = policy_category(p, *key = s->categories.list[row]);
      return c ? c->name : *key;
    }
    case DIM_COUNTY: {
      const Unit *u = policy_unit(p, *key = s->counties.list[row]);
      return u ? u->name : *key;
    }
    case DIM_MONTH: *key = arena_fmt(m, "%zu", row + 1); return arena_fmt(m, "%zu 月", row + 1);
    case DIM_NONE: break;
  }
  return S("合计");
}

static StatRow row_make(const Pivot *v, Arena *m, size_t row) {
  StatRow r = {.cells = arena_array(m, StatCell, v->n + 1)};
  r.label = row == v->rows ? S("合计") : label_of(v, m, row, &r.key);
  for (size_t c = 0; c < v->n; c++) r.cells[c] = cell_of(v, row, c);
  return r;
}

static bool row_empty(const Pivot *v, size_t row) {
  for (size_t c = 0; c < v->n; c++)
    if (v->count[row * v->n + c]) return false;
  return true;
}

static Str name_of(const Pivot *v, const StatRow *r) {
  return v->dim == DIM_ITEM ? r->label : r->key;
}

/* In the order of the package, where it has one; else by name. */
static int place_of(const Pivot *v, Str key) {
  const Policy *p = v->l->p;
  for (size_t i = 0; v->dim == DIM_CATEGORY && i < p->category_count; i++)
    if (str_eq(p->categories[i].code, key)) return (int)i;
  for (size_t i = 0; v->dim != DIM_CATEGORY && i < p->unit_count; i++)
    if (str_eq(p->units[i].code, key)) return (int)i;
  return 10000;
}

static void rows_sort(const Pivot *v, StatTable *t) {
  if (v->dim == DIM_STAGE || v->dim == DIM_MONTH) return;
  for (size_t i = 1; i < t->count; i++)
    for (size_t k = i; k > 0; k--) {
      StatRow *a = &t->rows[k - 1], *b = &t->rows[k];
      int pa = place_of(v, a->key), pb = place_of(v, b->key);
      if (pa < pb || (pa == pb && str_cmp(name_of(v, a), name_of(v, b)) <= 0)) break;
      StatRow was = *a;
      *a = *b;
      *b = was;
    }
}

static void emit(const Pivot *v, Arena *m, bool with_total, StatTable *out) {
  bool all = v->dim == DIM_STAGE || v->dim == DIM_MONTH;
  out->rows = arena_array(m, StatRow, v->rows + 1);
  out->count = 0;
  for (size_t row = 0; row < v->rows; row++) {
    if (!all && row_empty(v, row)) continue;
    if (v->dim == DIM_STAGE && v->base.stage && v->base.stage != (int)row + 1) continue;
    if (v->dim == DIM_UNIT && v->sheet->ask->only.len && !str_eq(v->l->s->units.list[row], v->sheet->ask->only)) continue;
    out->rows[out->count++] = row_make(v, m, row);
  }
  rows_sort(v, out);
  if (with_total) {
    out->total = arena_new(m, StatRow);
    *out->total = row_make(v, m, v->rows);
  }
}

Code pivot(Cx *cx, const Sheet *sheet, Dim dim, const Column *columns, size_t n, bool with_total, StatTable *out) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
  const Look *l = sheet->look;
  Pivot v = {.sheet = sheet, .l = l, .base = sheet->base, .dim = dim, .columns = columns, .n = n, .rows = rows_of(l->s, dim), .spread_of = -1, .mem = mem};
  REQUIRE(n <= STAT_COLUMNS_MAX);
  if (sheet->ask->only.len && dim != DIM_UNIT) v.base.unit = sheet->ask->only;
  v.count = arena_array(mem, int64_t, (v.rows + 1) * n);
  v.spread = arena_array(mem, Spread *, v.rows + 1);
  for (size_t c = 0; c < n; c++) {
    out->columns[c] = columns[c].text.len ? columns[c].text : str_of(columns[c].label);
    if (!columns[c].what) continue;
    StatPick p = v.base;
    p.what = str_of(columns[c].what);
    v.bounds[c] = bound__of(l->s, &p);
    REQUIRE(v.bounds[c].what);
    if (columns[c].kind == STAT_DAYS && v.spread_of < 0) v.spread_of = (int)c;
  }
  out->column_count = n;
  pass(&v);
  emit(&v, cx->mem, with_total, out);
  return OK;
}

/* ---- as text -------------------------------------------------------------------------------------------------------- */

/* Per cent with one digit, rounded half up: 3 of 20 is 15, 1 of 3 is 33.3. */
static Str percent_of(Arena *m, int64_t part, int64_t whole) {
  int64_t mille = stat_mille(part, whole);
  return mille % 10 ? arena_fmt(m, "%lld.%lld", (long long)(mille / 10), (long long)(mille % 10)) : arena_fmt(m, "%lld", (long long)(mille / 10));
}

Str stat_cell_text(Arena *m, const StatCell *c) {
  if (c->kind == STAT_NOTHING || c->none) return S("—");
  if (c->kind == STAT_SHARE) return arena_fmt(m, "%.*s%%（%lld/%lld）", SFMT(percent_of(m, c->n, c->of)), (long long)c->n, (long long)c->of);
  if (c->kind == STAT_DAYS && c->over) return arena_fmt(m, "多于 %lld", (long long)c->n);
  return arena_fmt(m, "%lld", (long long)c->n);
}

void stat_csv_text(Buf *b, Str s) {
  bool formula = s.len && strchr("=+-@\t", s.ptr[0]); /* a table program must not take a text for one */
  buf_char(b, '"');
  if (formula) buf_char(b, '\'');
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '"') buf_char(b, '"');
    buf_char(b, s.ptr[i]);
  }
  buf_char(b, '"');
}

static void csv_row(Buf *b, Arena *m, const StatTable *t, const StatRow *r) {
  stat_csv_text(b, r->label);
  for (size_t c = 0; c < t->column_count; c++) {
    const StatCell *cell = &r->cells[c];
    bool number = (cell->kind == STAT_COUNT || cell->kind == STAT_SUM || (cell->kind == STAT_DAYS && !cell->over)) && !cell->none;
    buf_char(b, ',');
    if (number) buf_i64(b, cell->n);
    else stat_csv_text(b, stat_cell_text(m, cell));
  }
  buf_add(b, S("\r\n"));
}

Str stat_csv(Arena *m, const StatAnswer *a, const StatAsk *ask) {
  enum { CSV_MAX = 16 << 20 };
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, CSV_MAX);
  buf_add(&b, S("\xEF\xBB\xBF"));
  stat_csv_text(&b, a->title);
  buf_fmt(&b, ",截至 %.*s,%.*s 至 %.*s\r\n", SFMT(day_str(m, ask->as_of)), SFMT(day_str(m, ask->from)), SFMT(day_str(m, ask->to)));
  for (size_t i = 0; i < a->count; i++) {
    const StatTable *t = &a->tables[i];
    buf_add(&b, S("\r\n"));
    stat_csv_text(&b, t->title);
    buf_add(&b, S("\r\n"));
    stat_csv_text(&b, t->head);
    for (size_t c = 0; c < t->column_count; c++) {
      buf_char(&b, ',');
      stat_csv_text(&b, t->columns[c]);
    }
    buf_add(&b, S("\r\n"));
    for (size_t r = 0; r < t->count; r++) csv_row(&b, m, t, &t->rows[r]);
    if (t->total) csv_row(&b, m, t, t->total);
  }
  return arena_str(m, buf_str(&b));
}
