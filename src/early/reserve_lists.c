/* SPDX-License-Identifier: Apache-2.0 */
/* reserve_lists.c: plots, opinions waited for, overrides; the package's conditions. */
#include "early/early_int.h"

Str opinion_kind_label(Str kind) {
  static const struct { const char *kind, *label; } kinds[] = {
      {"planning", "规划"}, {"land", "土地"}, {"forest", "林地转用"}, {"sea", "征海"}, {"other", "其他"}};
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (str_eqz(kind, kinds[i].kind)) return str_of(kinds[i].label);
  return kind;
}

size_t early_conditions(const Policy *p, const Field *out[CONDITIONS_MAX]) {
  size_t n = 0;
  for (int stage = 0; stage <= STAGE_MAX; stage++) {
    const Field *list = stage ? p->form[stage] : p->facts;
    size_t count = stage ? p->form_count[stage] : p->fact_count;
    for (size_t i = 0; i < count && n < CONDITIONS_MAX; i++) {
      size_t k = 0;
      while (k < n && !str_eq(out[k]->name, list[i].name)) k++;
      if (list[i].condition && k == n) out[n++] = &list[i];
    }
  }
  return n;
}

const Field *early_condition(const Policy *p, Str name) {
  const Field *fields[CONDITIONS_MAX];
  for (size_t i = 0, n = early_conditions(p, fields); i < n; i++)
    if (str_eq(fields[i]->name, name)) return fields[i];
  return NULL;
}

/* ---- plots ------------------------------------------------------------------------------------------------ */

#define PLOT_WHERE                                                                                         \
  " FROM plot WHERE (?1 = '' OR status = ?1) AND (?2 = '' OR uscc = ?2) AND (?3 = '' OR county = ?3)"      \
  " AND (?4 = 0 OR published > 0)"
static const Sql sql_plots = {"plot.list", "sssiii", "iissssssiiiii",
                              "SELECT no, at, number, name, county, status, owner, uscc, granted, project, published, changes,"
                              " (SELECT count(*) FROM plot_opinion o WHERE o.plot = plot.no AND o.given = 0)" PLOT_WHERE
                              " ORDER BY no DESC LIMIT ?5 OFFSET ?6"};
static const Sql sql_plot_count = {"plot.count", "sssi", "i", "SELECT count(*)" PLOT_WHERE};

Code plots_list(Cx *cx, Reader *rd, const PlotFilter *f, PlotRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  PlotRow *list = arena_array(cx->mem, PlotRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_plot_count, VALS(val_s(f->status), val_s(f->uscc), val_s(f->county), val_i(f->published)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_plots,
              VALS(val_s(f->status), val_s(f->uscc), val_s(f->county), val_i(f->published), val_i((int64_t)f->limit), val_i((int64_t)f->offset)),
              &r));
  while (*n < f->limit && rows_next(r)) {
    PlotRow *p = &list[(*n)++];
    *p = (PlotRow){.no = row_i(r, 0), .at = row_i(r, 1), .granted = row_i(r, 8) != 0, .project = row_i(r, 9),
                   .published = {(int32_t)row_i(r, 10)}, .changes = row_i(r, 11), .waiting = row_i(r, 12)};
    Str *const texts[] = {&p->number, &p->name, &p->county, &p->status, &p->owner, &p->uscc};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 2);
  }
  return rows_end(cx, r);
}

Code plot_load(Cx *cx, Reader *rd, int64_t no, const Plot **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "reserve", arena_fmt(cx->mem, "%lld", (long long)no), "个储备项目", &state));
  *out = state;
  return OK;
}

/* ---- opinions --------------------------------------------------------------------------------------------- */

Reading opinion_reading(const Policy *p, const Opinion *o, int64_t now) {
  ItemClock k = {.start = day_of(o->asked), .limit = o->days};
  if (o->given) {
    k.end_kind = END_DONE;
    k.end = day_of(o->given);
  }
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

static const Sql sql_opinions = {"plot.opinions", "si", "issssssii",
                                 "SELECT o.plot, p.number, p.name, o.kind, o.topic, o.unit, o.result, o.asked, o.days FROM plot_opinion o"
                                 " JOIN plot p ON p.no = o.plot WHERE o.given = 0 AND (?1 = '' OR o.unit = ?1) AND p.status = 'idea'"
                                 " ORDER BY o.asked, o.plot, o.kind, o.unit LIMIT ?2"};

Code opinions_list(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now, size_t max, OpinionRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  OpinionRow *list = arena_array(cx->mem, OpinionRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_opinions, VALS(val_s(unit), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r)) {
    OpinionRow *o = &list[(*n)++];
    *o = (OpinionRow){.plot = row_i(r, 0), .days = (int)row_i(r, 8)};
    Str *const texts[] = {&o->number, &o->name, &o->kind, &o->topic, &o->unit, &o->result};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 1);
    Opinion asked = {.asked = day_start((Day){(int32_t)row_i(r, 7)}), .days = o->days};
    o->reading = opinion_reading(p, &asked, now);
  }
  return rows_end(cx, r);
}

/* ---- overrides -------------------------------------------------------------------------------------------- */

static const Sql sql_changes = {"plot.changes", "ii", "iiisssssss",
                                "SELECT c.plot, c.project, c.at, p.number, p.name, c.name, c.was, c.now, c.reason, c.person FROM plot_change c"
                                " JOIN plot p ON p.no = c.plot ORDER BY c.at DESC, c.plot, c.seq DESC LIMIT ?1 OFFSET ?2"};
static const Sql sql_changes_count = {"plot.changes-count", "", "i", "SELECT count(*) FROM plot_change"};

Code changes_list(Cx *cx, Reader *rd, size_t offset, size_t max, ChangeRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  ChangeRow *list = arena_array(cx->mem, ChangeRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_changes_count, NO_VALS, 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_changes, VALS(val_i((int64_t)max), val_i((int64_t)offset)), &r));
  while (*n < max && rows_next(r)) {
    ChangeRow *c = &list[(*n)++];
    *c = (ChangeRow){.plot = row_i(r, 0), .project = row_i(r, 1), .at = row_i(r, 2)};
    Str *const texts[] = {&c->number, &c->plot_name, &c->name, &c->was, &c->now, &c->reason, &c->by};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 3);
  }
  return rows_end(cx, r);
}
