/* SPDX-License-Identifier: Apache-2.0 */
/* tables_ledgers.c: the keys of ledgers.yaml, and where they go. */
#include "policy/tables.h"

#define TEXT(type, field, need) CELL(type, CELL_STR, field, need)
static const Cell ledger_cells[] = {
    TEXT(LedgerKind, code, true), TEXT(LedgerKind, name, true), TEXT(LedgerKind, object, true), TEXT(LedgerKind, office_name, true), LIST(LedgerKind, CELL_STRS, offices, office_count),
    LIST(LedgerKind, CELL_STRS, regions, region_count), SOURCE(LedgerKind, "regions", regions_source), TEXT(LedgerKind, report_clock, false), TEXT(LedgerKind, report_from, false),
    SOURCE(LedgerKind, "report", report_source), CELL(LedgerKind, CELL_INT, warn_days, false), SOURCE(LedgerKind, "warn", warn_source), CELL(LedgerKind, CELL_INT, share_over, false),
    TEXT(LedgerKind, share_name, false), SOURCE(LedgerKind, "share", share_source), LIST(LedgerKind, CELL_STRS, blocks, block_count), TEXT(LedgerKind, block_text, false),
    SOURCE(LedgerKind, "block", block_source), TEXT(LedgerKind, target_name, false), SOURCE(LedgerKind, "target", target_source), TEXT(LedgerKind, plan_name, false),
    TEXT(LedgerKind, plan_unit, false), TEXT(LedgerKind, plan_to, false), SOURCE(LedgerKind, "plan", plan_source), TEXT(LedgerKind, hotline, false),
    TEXT(LedgerKind, mailbox, false), SOURCE(LedgerKind, "", source)};
static const Cell ledger_column_cells[] = {
    TEXT(LedgerColumn, ledger, true), TEXT(LedgerColumn, code, true), TEXT(LedgerColumn, name, true), TEXT(LedgerColumn, hint, false), TEXT(LedgerColumn, unit, false),
    TEXT(LedgerColumn, type, true), CELL(LedgerColumn, CELL_BOOL, required, false), CELL(LedgerColumn, CELL_BOOL, open, false), CELL(LedgerColumn, CELL_BOOL, list, false),
    CELL(LedgerColumn, CELL_INT, min, false), CELL(LedgerColumn, CELL_INT, max, false), SOURCE(LedgerColumn, "", source)};
static const Cell ledger_word_cells[] = {
    TEXT(LedgerWord, ledger, true), TEXT(LedgerWord, column, true), TEXT(LedgerWord, code, true), TEXT(LedgerWord, name, true), CELL(LedgerWord, CELL_BOOL, hold, false),
    TEXT(LedgerWord, refuse, false), TEXT(LedgerWord, warn, false), CELL(LedgerWord, CELL_BOOL, share, false), SOURCE(LedgerWord, "", source)};
static const Cell ledger_measure_cells[] = {
    TEXT(LedgerMeasure, ledger, true), TEXT(LedgerMeasure, code, true), TEXT(LedgerMeasure, name, true), TEXT(LedgerMeasure, due, false), TEXT(LedgerMeasure, plan_due, false),
    LIST(LedgerMeasure, CELL_STRS, answers, answer_count), LIST(LedgerMeasure, CELL_STRS, needs, need_count), SOURCE(LedgerMeasure, "", source)};
static const Cell ledger_size_cells[] = {
    TEXT(LedgerSize, ledger, true), TEXT(LedgerSize, name, true), CELL(LedgerSize, CELL_INT, households, true), CELL(LedgerSize, CELL_INT, people, true),
    CELL(LedgerSize, CELL_INT, classes, true), SOURCE(LedgerSize, "", source)};
static const Cell ledger_span_cells[] = {TEXT(LedgerSpan, ledger, true), TEXT(LedgerSpan, code, true), TEXT(LedgerSpan, name, true), TEXT(LedgerSpan, starts, true),
                                         TEXT(LedgerSpan, ends, true), TEXT(LedgerSpan, clock, true)};

static const TableInfo tables[] = {
    TABLE_INFO("台账", ledger_cells, LedgerKind, code, name, ledgers.kinds, ledgers.kind_count),
    TABLE_INFO("台账的列", ledger_column_cells, LedgerColumn, key, name, ledgers.columns, ledgers.column_count),
    TABLE_INFO("台账的选项", ledger_word_cells, LedgerWord, key, name, ledgers.words, ledgers.word_count),
    TABLE_INFO("台账的整改方式", ledger_measure_cells, LedgerMeasure, key, name, ledgers.measures, ledgers.measure_count),
    TABLE_INFO("台账的配建标准", ledger_size_cells, LedgerSize, key, name, ledgers.sizes, ledgers.size_count),
    TABLE_INFO("台账的起算期限", ledger_span_cells, LedgerSpan, key, name, ledgers.spans, ledgers.span_count)};

const TableInfo *policy__ledger_tables(size_t *count) {
  *count = COUNT(tables);
  return tables;
}

/* Codes are those of one ledger, one column: the key of a row has them all. */
#define KEYS(list, n, T, fmt, ...)                                     \
  for (size_t i = 0; i < (n); i++) {                                   \
    T *row = (T *)(uintptr_t)&(list)[i];                               \
    row->key = arena_fmt(l->mem, "%.*s." fmt, SFMT(row->ledger), __VA_ARGS__); \
  }

bool policy__ledgers(Loader *l, const Node *root) {
  static const char *const keys[] = {"ledgers", "columns", "words", "measures", "sizes", "spans"};
  if (!root) return true;
  policy__keys(l, root, keys, COUNT(keys));
  TABLE(l, root, "ledgers", ledger_cells, LedgerKind, ledgers.kinds, ledgers.kind_count);
  TABLE(l, root, "columns", ledger_column_cells, LedgerColumn, ledgers.columns, ledgers.column_count);
  TABLE(l, root, "words", ledger_word_cells, LedgerWord, ledgers.words, ledgers.word_count);
  TABLE(l, root, "measures", ledger_measure_cells, LedgerMeasure, ledgers.measures, ledgers.measure_count);
  TABLE(l, root, "sizes", ledger_size_cells, LedgerSize, ledgers.sizes, ledgers.size_count);
  TABLE(l, root, "spans", ledger_span_cells, LedgerSpan, ledgers.spans, ledgers.span_count);
  const Ledgers *x = &l->p->ledgers;
  KEYS(x->columns, x->column_count, LedgerColumn, "%.*s", SFMT(row->code))
  KEYS(x->words, x->word_count, LedgerWord, "%.*s.%.*s", SFMT(row->column), SFMT(row->code))
  KEYS(x->measures, x->measure_count, LedgerMeasure, "%.*s", SFMT(row->code))
  KEYS(x->sizes, x->size_count, LedgerSize, "%d", row->classes)
  KEYS(x->spans, x->span_count, LedgerSpan, "%.*s", SFMT(row->code))
  return true;
}
