/* SPDX-License-Identifier: Apache-2.0 */
/* check_ledgers.c: ledgers, looked up and checked. */
#include "policy/check.h"
#include "policy/ledgers.h"

const LedgerKind *policy_ledger(const Policy *p, Str code) {
  const Ledgers *l = &p->ledgers;
  for (size_t i = 0; i < l->kind_count; i++)
    if (str_eq(l->kinds[i].code, code)) return &l->kinds[i];
  return NULL;
}

const LedgerColumn *policy_ledger_column(const Policy *p, Str ledger, Str code) {
  const Ledgers *l = &p->ledgers;
  for (size_t i = 0; i < l->column_count; i++)
    if (str_eq(l->columns[i].ledger, ledger) && str_eq(l->columns[i].code, code)) return &l->columns[i];
  return NULL;
}

const LedgerWord *policy_ledger_word(const Policy *p, Str ledger, Str column, Str code) {
  const Ledgers *l = &p->ledgers;
  for (size_t i = 0; i < l->word_count; i++)
    if (str_eq(l->words[i].ledger, ledger) && str_eq(l->words[i].column, column) && str_eq(l->words[i].code, code)) return &l->words[i];
  return NULL;
}

const LedgerMeasure *policy_ledger_measure(const Policy *p, Str ledger, Str code) {
  const Ledgers *l = &p->ledgers;
  for (size_t i = 0; i < l->measure_count; i++)
    if (str_eq(l->measures[i].ledger, ledger) && str_eq(l->measures[i].code, code)) return &l->measures[i];
  return NULL;
}

bool ledger_lists(const Str *list, size_t n, Str unit) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i], unit)) return true;
  return false;
}

int ledger_report_day(const Policy *p, const LedgerKind *k) {
  const ClockRule *r = k->report_clock.len ? policy_clock(p, k->report_clock) : NULL;
  return r && str_eqz(r->unit, "month-day") ? r->count : 0;
}

const LedgerSize *ledger_size(const Policy *p, Str ledger, int64_t households, int64_t people) {
  const LedgerSize *best = NULL;
  const Ledgers *l = &p->ledgers;
  for (size_t i = 0; i < l->size_count; i++) {
    const LedgerSize *s = &l->sizes[i];
    bool fits = str_eq(s->ledger, ledger) && (households >= s->households || people >= s->people);
    if (fits && (!best || s->classes > best->classes)) best = s;
  }
  return best;
}

/* ---- checked ------------------------------------------------------------------------------------------------ */

static void kind_check(Loader *l, const LedgerKind *k) {
  const Policy *p = l->p;
  Day day;
  check__source(l, k, "clause", k->source, true);
  check__source(l, k, "regions_clause", k->regions_source, true);
  check__source(l, k, "warn_clause", k->warn_source, true);
  check__source(l, k, "report_clause", k->report_source, k->report_clock.len > 0);
  check__source(l, k, "block_clause", k->block_source, k->block_count > 0);
  check__source(l, k, "share_clause", k->share_source, k->share_over > 0);
  check__source(l, k, "target_clause", k->target_source, k->target_name.len > 0);
  check__source(l, k, "plan_clause", k->plan_source, k->plan_name.len > 0);
  if (!k->office_count || !k->region_count || k->region_count > 40) check__at(l, k, "regions", "%.*s 要写明 offices 和 regions（1 到 40 个）", SFMT(k->name));
  for (size_t i = 0; i < k->office_count; i++) check__unit(l, k, "offices", k->offices[i]);
  for (size_t i = 0; i < k->region_count; i++) check__unit(l, k, "regions", k->regions[i]);
  for (size_t i = 0; i < k->block_count; i++)
    if (!policy_item(p, k->blocks[i])) check__at(l, k, "blocks", "items.yaml 里没有事项 %.*s，请核对代码", SFMT(k->blocks[i]));
  if (k->block_count && !k->block_text.len) check__at(l, k, "block_text", "写了 blocks，就要写 block_text：办件页面上怎么说");
  if (k->warn_days < 0 || k->warn_days > 366) check__at(l, k, "warn_days", "warn_days 是 0 到 366 天");
  if (k->share_over < 0 || k->share_over > 100) check__at(l, k, "share_over", "share_over 是 0 到 100 的百分数");
  if (k->plan_name.len) check__unit(l, k, "plan_unit", k->plan_unit);
  if (!k->report_clock.len) return;
  int n = ledger_report_day(p, k);
  if (n < 1 || n > 27) check__at(l, k, "report_clock", "clocks.yaml 里没有每月期限 %.*s（unit: month-day，1 到 27 日）", SFMT(k->report_clock));
  if (!day_parse(arena_fmt(l->mem, "%.*s-01", SFMT(k->report_from)), &day)) check__at(l, k, "report_from", "report_from 写成 2019-07 的样子");
}

static void columns_check(Loader *l, const Ledgers *x) {
  static const char *const types[] = {"text", "long", "int", "decimal", "day", "choice", "yesno"};
  for (size_t i = 0; i < x->column_count; i++) {
    const LedgerColumn *c = &x->columns[i];
    size_t words = 0;
    if (!policy_ledger(l->p, c->ledger)) check__at(l, c, "ledger", "ledgers 里没有台账 %.*s", SFMT(c->ledger));
    if (policy_ledger_column(l->p, c->ledger, c->code) != c) check__at(l, c, "code", "%.*s 重复了，请改一个", SFMT(c->code));
    check__word(l, c, "type", c->type, types, COUNT(types));
    check__source(l, c, "clause", c->source, true);
    for (size_t k = 0; k < x->word_count; k++) words += str_eq(x->words[k].ledger, c->ledger) && str_eq(x->words[k].column, c->code);
    if (str_eqz(c->type, "choice") != (words > 0)) check__at(l, c, "type", "%.*s：choice 的列在 words 里要有选项，其他列没有", SFMT(c->name));
  }
}

static void words_check(Loader *l, const Ledgers *x) {
  for (size_t i = 0; i < x->word_count; i++) {
    const LedgerWord *w = &x->words[i];
    const LedgerKind *k = policy_ledger(l->p, w->ledger);
    if (policy_ledger_word(l->p, w->ledger, w->column, w->code) != w) check__at(l, w, "code", "%.*s 重复了，请改一个", SFMT(w->code));
    if (!policy_ledger_column(l->p, w->ledger, w->column)) check__at(l, w, "column", "columns 里没有列 %.*s", SFMT(w->column));
    if (k && w->hold && !k->block_count) check__at(l, w, "hold", "写了 hold，台账要写 blocks：暂不办理哪些事项");
    if (k && w->share && !k->share_over) check__at(l, w, "share", "写了 share，台账要写 share_over");
    check__source(l, w, "clause", w->source, w->hold || w->share || w->refuse.len || w->warn.len);
  }
}

static void measures_check(Loader *l, const Ledgers *x) {
  Day day;
  for (size_t i = 0; i < x->measure_count; i++) {
    const LedgerMeasure *m = &x->measures[i];
    if (!policy_ledger(l->p, m->ledger)) check__at(l, m, "ledger", "ledgers 里没有台账 %.*s", SFMT(m->ledger));
    if (policy_ledger_measure(l->p, m->ledger, m->code) != m) check__at(l, m, "code", "%.*s 重复了，请改一个", SFMT(m->code));
    check__source(l, m, "clause", m->source, true);
    if (m->due.len && !day_parse(m->due, &day)) check__at(l, m, "due", "日期写成 2019-06-30 的样子");
    if (m->plan_due.len && !day_parse(m->plan_due, &day)) check__at(l, m, "plan_due", "日期写成 2019-06-30 的样子");
    for (size_t k = 0; k < m->need_count; k++)
      if (!policy_ledger_column(l->p, m->ledger, m->needs[k])) check__at(l, m, "needs", "columns 里没有列 %.*s", SFMT(m->needs[k]));
    for (size_t k = 0; k < m->answer_count; k++) {
      Str column, word;
      if (!str_cut(m->answers[k], '=', &column, &word) || !policy_ledger_word(l->p, m->ledger, column, word))
        check__at(l, m, "answers", "“%.*s”应写成 列=选项，两个代码都要有", SFMT(m->answers[k]));
    }
  }
}

void check__ledgers(Loader *l) {
  const Ledgers *x = &l->p->ledgers;
  UNIQUE(l, x->kinds, x->kind_count, code)
  for (size_t i = 0; i < x->kind_count; i++) kind_check(l, &x->kinds[i]);
  columns_check(l, x);
  words_check(l, x);
  measures_check(l, x);
  for (size_t i = 0; i < x->size_count; i++) {
    const LedgerSize *s = &x->sizes[i];
    check__source(l, s, "clause", s->source, true);
    if (s->households < 1 || s->people < 1 || s->classes < 1) check__at(l, s, "households", "户数、人数、班数都要大于 0");
    if (!policy_ledger_column(l->p, s->ledger, S("households")) || !policy_ledger_column(l->p, s->ledger, S("people")))
      check__at(l, s, "ledger", "台账要有 households 和 people 两列");
  }
  for (size_t i = 0; i < x->span_count; i++) {
    const LedgerSpan *s = &x->spans[i];
    const LedgerColumn *from = policy_ledger_column(l->p, s->ledger, s->starts), *to = policy_ledger_column(l->p, s->ledger, s->ends);
    const ClockRule *r = policy_clock(l->p, s->clock);
    if (!from || !to || !str_eqz(from->type, "day") || !str_eqz(to->type, "day")) check__at(l, s, "starts", "starts 和 ends 是 type: day 的列");
    if (!r || !str_eqz(r->unit, "months")) check__at(l, s, "clock", "clocks.yaml 里没有以月计的期限 %.*s", SFMT(s->clock));
  }
}
