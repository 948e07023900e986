/* SPDX-License-Identifier: Apache-2.0 */
/* lists.c: words of the room, and its lists. */
#include "map/map_int.h"

#define WORD(s) {.ptr = s, .len = sizeof(s) - 1}
static const struct { Str text, label; } words[] = {
    {WORD("proposed"), WORD("待批准")}, {WORD("published"), WORD("在用")}, {WORD("replaced"), WORD("已停用")}, {WORD("refused"), WORD("已退回")},
    {WORD("conflict"), WORD("冲突")}, {WORD("warn"), WORD("需注意")}, {WORD("clear"), WORD("不涉及")}, {WORD("inside"), WORD("在界内")},
    {WORD("outside"), WORD("不全在界内")}, {WORD("partly"), WORD("部分在内")}, {WORD("nodata"), WORD("没有数据")}, {WORD("zone"), WORD("三区")},
    {WORD("line"), WORD("三线")}, {WORD("sea"), WORD("海洋和岸线")}, {WORD("region"), WORD("区域")}, {WORD("encouraged"), WORD("鼓励类")},
    {WORD("allowed"), WORD("允许类")}, {WORD("restricted"), WORD("限制类")}, {WORD("eliminated"), WORD("淘汰类")}};

Str map_label(Str word) {
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eq(words[i].text, word)) return words[i].label;
  return word;
}

#define COLUMNS "SELECT code, version, status, source, basis, day, sample, area, polygons, points, by_name, decided_by, proposed, decided FROM map_layer"
static const Sql sql_used = {"map.layers", "", "sisssiiiiissii", COLUMNS " WHERE status = 'published' ORDER BY code"};
static const Sql sql_all = {"map.layers-all", "", "sisssiiiiissii", COLUMNS " ORDER BY code, version DESC"};

Code layers_list(Cx *cx, Reader *rd, bool all, LayerRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  size_t cap = 0;
  *out = NULL;
  *n = 0;
  TRY(db_rows(cx, reader_views(rd), all ? &sql_all : &sql_used, NO_VALS, &r));
  while (rows_next(r))
    *GROW(cx->mem, *out, *n, cap, LayerRow) =
        (LayerRow){.code = row_s(cx, r, 0), .version = row_i(r, 1), .status = row_s(cx, r, 2), .source = row_s(cx, r, 3), .basis = row_s(cx, r, 4),
                   .date = {(int32_t)row_i(r, 5)}, .sample = row_i(r, 6) != 0, .area = {row_i(r, 7)}, .polygons = row_i(r, 8), .points = row_i(r, 9),
                   .by_name = row_s(cx, r, 10), .decided_by = row_s(cx, r, 11), .proposed_at = row_i(r, 12), .decided_at = row_i(r, 13)};
  return rows_end(cx, r);
}

Code layer_load(Cx *cx, Reader *rd, Str code, const Layer **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "layer", code, "个图层的数据", &state));
  *out = state;
  return OK;
}

#define WHERE " FROM map_check WHERE (?1 = 0 OR project = ?1) AND (?2 = '' OR uscc = ?2) AND (?3 = 0 OR conflicts > 0)"
static const Sql sql_checks = {"map.checks", "isiii", "iiiiiissss",
                               "SELECT no, project, conflicts, blocks, warnings, at, number, project_number, project_name, by_name" WHERE " ORDER BY no DESC LIMIT ?4 OFFSET ?5"};
static const Sql sql_check_count = {"map.checks-count", "isi", "i", "SELECT count(*)" WHERE};

Code mapchecks_list(Cx *cx, Reader *rd, const CheckedFilter *f, CheckedRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  CheckedRow *list = arena_array(cx->mem, CheckedRow, f->limit + 1);
  *out = list;
  *n = 0;
  TRY(db_int(cx, reader_views(rd), &sql_check_count, VALS(val_i(f->project), val_s(f->uscc), val_i(f->conflicts)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_checks,
              VALS(val_i(f->project), val_s(f->uscc), val_i(f->conflicts), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (rows_next(r) && *n < f->limit)
    list[(*n)++] = (CheckedRow){.no = row_i(r, 0), .project = row_i(r, 1), .conflicts = row_i(r, 2), .blocks = row_i(r, 3), .warnings = row_i(r, 4), .at = row_i(r, 5),
                                .number = row_s(cx, r, 6), .project_number = row_s(cx, r, 7), .project_name = row_s(cx, r, 8), .by_name = row_s(cx, r, 9)};
  return rows_end(cx, r);
}

Code mapcheck_load(Cx *cx, Reader *rd, int64_t no, const MapCheck **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "mapcheck", arena_fmt(cx->mem, "%lld", (long long)no), "次蓝图检查", &state));
  *out = state;
  return OK;
}

const Engine *const map_engines[MAP_ENGINES] = {&layer_engine_base, &mapcheck_engine_base};
