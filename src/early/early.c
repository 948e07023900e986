/* SPDX-License-Identifier: Apache-2.0 */
/* early.c: words of the room, months, and for whom an agent acts. */
#include "early/early_int.h"

#define WORD(s) {.ptr = s, .len = sizeof(s) - 1}
static const struct { Str text, label; } words[] = {
    {WORD("idea"), WORD("策划中")}, {WORD("generated"), WORD("已生成")}, {WORD("published"), WORD("条件已公布")},
    {WORD("converted"), WORD("已转为项目")}, {WORD("dropped"), WORD("已退出")}, {WORD("ordered"), WORD("待指派")},
    {WORD("assigned"), WORD("已指派")}, {WORD("started"), WORD("已开工")}, {WORD("ended"), WORD("已结束")},
    {WORD("draft"), WORD("待市政府审核")}, {WORD("issued"), WORD("已下发")}, {WORD("returned"), WORD("已退回")},
    {WORD("asked"), WORD("待答复")}, {WORD("more"), WORD("待补充")}, {WORD("replied"), WORD("已答复")},
    {WORD("withdrawn"), WORD("已撤回")}, {WORD("agree"), WORD("同意")}, {WORD("agree-if"), WORD("附条件同意")},
    {WORD("object"), WORD("不同意")}};

Str early_label(Str status) {
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eq(words[i].text, status)) return words[i].label;
  return status;
}

int month_of(int64_t ms) {
  int y, m, day;
  day_split(day_of(ms), &y, &m, &day);
  return y * 100 + m;
}

static const Sql sql_mandate = {"early.mandate", "ss", "ss",
                                "SELECT owner, number FROM agent_order WHERE agent = ?1 AND uscc = ?2 AND project = 0 AND status = 'assigned'"
                                " ORDER BY no LIMIT 1"};
static Code owner_of(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t n, Str *owner) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, vals, n, &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *owner = row_s(cx, r, 0);
  return OK;
}

Code agent_principal(Cx *cx, Db *views, Str agent, int64_t project, Str uscc, Str *owner) {
  static const Sql by_project = {"early.principal", "si", "ss",
                                 "SELECT owner, number FROM agent_order WHERE agent = ?1 AND project = ?2 AND status IN ('assigned', 'started')"};
  *owner = S("");
  if (project) return owner_of(cx, views, &by_project, VALS(val_s(agent), val_i(project)), owner);
  return owner_of(cx, views, &sql_mandate, VALS(val_s(agent), val_s(uscc)), owner);
}

Code agent_direct(Cx *cx, Reader *rd, Str agent, int64_t project, bool *out) {
  static const Sql q = {"early.direct", "si", "i",
                        "SELECT count(*) FROM agent_order WHERE agent = ?1 AND project = ?2 AND direct = 1 AND status IN ('assigned', 'started')"};
  int64_t n = 0;
  TRY(db_int(cx, reader_views(rd), &q, VALS(val_s(agent), val_i(project)), 0, &n));
  *out = n > 0;
  return OK;
}

const Engine *const early_engines[EARLY_ENGINES] = {&reserve_engine_base, &catalogue_engine_base, &roster_engine_base,
                                                    &agent_engine_base, &consult_engine_base, &region_engine_base};
