/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: the receiver's checks, made here before anything is sent; what a column of its own can have wrong is said in rows.c. The upper
 * platform's clock, from the rows. */
#include "exchange/exchange_int.h"

enum { STAGE_DAYS_MAX = 50 };

SpglRow *row__find(const SpglRows *rows, const char *per, Str key) {
  for (size_t i = 0; i < rows->count; i++)
    if (str_eqz(rows->list[i].table->per, per) && str_eq(rows->list[i].key, key)) return &rows->list[i];
  return NULL;
}

static bool is(const SpglRow *r, const char *per) {
  return str_eqz(r->table->per, per);
}

/* ---- the catalogue ---------------------------------------------------------------------------------------------- */

static const SpglRow *stage_of(const SpglRows *rows, const SpglRow *item) {
  for (size_t i = 0; i < rows->count; i++) {
    const SpglRow *s = &rows->list[i];
    if (is(s, "stage") && str_eq(json_str(s->row, S("SPLCBM")), json_str(item->row, S("SPLCBM"))) &&
        json_int(s->row, S("SPJDXH"), 0) == json_int(item->row, S("SPJDXH"), 0)) return s;
  }
  return NULL;
}

static void item_check(Arena *mem, SpglRows *rows, SpglRow *r) {
  const SpglRow *s = stage_of(rows, r);
  int64_t days = json_int(r->row, S("SPSXBLSX"), 0), limit = s ? json_int(s->row, S("SPJDSX"), 0) : 0;
  if (!s) row__fault(mem, r, "阶段信息里没有它的阶段");
  else if (s->fault.len) row__fault(mem, r, "它的阶段没有通过检查");
  else if (json_int(s->row, S("SPJDXH"), 0) <= STAGE_MAX && days > limit)
    row__fault(mem, r, "〔SPSXBLSX 审批事项办理时限〕事项承诺期限（%lld）大于审批阶段时限（%lld）", (long long)days, (long long)limit);
}

/* Of one flow only one item may stand for a standard item, but for 9990. */
static void standard_check(Arena *mem, SpglRows *rows, SpglRow *r) {
  Str code = json_str(r->row, S("DYBZSPSXBM"));
  if (!code.len || str_eqz(code, "9990")) return;
  for (SpglRow *x = rows->list; x < r; x++)
    if (is(x, "stage-item") && str_eq(json_str(x->row, S("DYBZSPSXBM")), code) && str_eq(json_str(x->row, S("SPLCBM")), json_str(r->row, S("SPLCBM"))))
      row__fault(mem, r, "〔DYBZSPSXBM 对应标准审批事项编码〕%.*s 在同一个流程里用了两次", SFMT(code));
}

void check__catalogue(Arena *mem, const Policy *p, SpglRows *rows) {
  (void)p;
  for (size_t i = 0; i < rows->count; i++) {
    SpglRow *r = &rows->list[i];
    int64_t days = json_int(r->row, S("SPJDSX"), 0);
    if (is(r, "stage") && json_int(r->row, S("SPJDXH"), 0) <= STAGE_MAX && (days <= 0 || days > STAGE_DAYS_MAX))
      row__fault(mem, r, "〔SPJDSX 审批阶段时限〕应大于 0、不超过 %d，现在是 %lld", STAGE_DAYS_MAX, (long long)days);
  }
  for (size_t i = 0; i < rows->count; i++)
    if (is(&rows->list[i], "stage-item")) {
      item_check(mem, rows, &rows->list[i]);
      standard_check(mem, rows, &rows->list[i]);
    }
}

/* ---- a case -------------------------------------------------------------------------------------------------------- */

/* Is the item in the flow under which the instance was filed? */
static bool in_flow(const Policies *versions, const Policy *p, const Project *pr, const SpglRow *r) {
  Str item = json_str(r->row, S("SPSXBM")), version = json_str(r->row, S("SPLCBBH"));
  for (size_t i = 0; i <= versions->count; i++) {
    const Policy *x = i ? versions->all[i - 1] : p;
    const Item *it = str_eq(x->spgl.version, version) ? policy_item(x, item) : NULL;
    if (it && policy_item_in(it, pr->category)) return true;
  }
  const Policy *staged[PACKAGES_MAX];
  size_t n = versions->packages ? packages_list(versions->packages, staged) : 0;
  for (size_t i = 0; i < n; i++) {
    const Item *it = str_eq(staged[i]->spgl.version, version) ? policy_item(staged[i], item) : NULL;
    if (it && policy_item_in(it, pr->category)) return true;
  }
  return false;
}

void check__case(Arena *mem, const Policies *versions, const Policy *p, const Project *pr, SpglRows *rows) {
  SpglRow *project = row__find(rows, "project", pr->code);
  size_t owners = 0;
  for (size_t i = 0; i < rows->count; i++) owners += is(&rows->list[i], "owner") && json_int(rows->list[i].row, S("DWLX"), 0) == 1;
  if (project && owners != 1) row__fault(mem, project, "建设单位应有且仅有一个，现在有 %zu 个", owners);
  Str parent = project && project->fault.len ? S("它的项目基本信息没有通过检查") : project ? S("") : S("没有它的项目基本信息");
  for (size_t i = 0; i < rows->count; i++) {
    SpglRow *r = &rows->list[i];
    if (is(r, "instance") && !in_flow(versions, p, pr, r)) row__fault(mem, r, "阶段事项信息里没有这个流程版本的“%.*s”", SFMT(json_str(r->row, S("SPSXBM"))));
    if (r != project && parent.len) row__fault(mem, r, "%.*s", SFMT(parent));
  }
  for (size_t i = 0; i < rows->count; i++) {
    SpglRow *r = &rows->list[i];
    Str of = json_str(r->row, S("SPSXSLBM"));
    if (is(r, "instance") || !of.len) continue;
    const SpglRow *x = row__find(rows, "instance", of);
    if (!x) row__fault(mem, r, "办理信息里没有它的事项实例 %.*s", SFMT(of));
    else if (x->fault.len && !parent.len) row__fault(mem, r, "它的事项实例没有通过检查");
  }
}

/* ---- the upper platform's clock ---------------------------------------------------------------------------------------- */

static bool day_in(const SpglRow *r, Day *out) {
  return day_parse(str_sub(json_str(r->row, S("BLSJ")), 0, 10), out);
}

/* Acceptance starts it, 补正 and 特别程序 stop it, a decision ends it; what was refused, withdrawn or revoked has none. */
int exchange_clock(Arena *mem, const Policy *p, const SpglRows *rows, Str instance, Day today) {
  ItemClock k = {0};
  Pause *pauses = arena_array(mem, Pause, rows->count + 1);
  bool started = false, open = false;
  k.pauses = pauses;
  for (size_t i = 0; i < rows->count; i++) {
    const SpglRow *r = &rows->list[i];
    Day at = {0};
    if (!is(r, "event") || !str_eq(json_str(r->row, S("SPSXSLBM")), instance) || !day_in(r, &at)) continue;
    int64_t status = json_int(r->row, S("BLZT"), 0);
    if (status == 3) k.start = at, started = true;
    if (started && (status == 6 || status == 9)) pauses[k.pause_count++] = (Pause){.from = at, .open = true, .holder = HELD_APPLICANT}, open = true;
    if (open && (status == 7 || status == 10)) pauses[k.pause_count - 1].to = at, pauses[k.pause_count - 1].open = false, open = false;
    if (status == 11 || status == 12) k.end_kind = END_DONE, k.end = at;
    if (status == 2 || status == 4 || status == 5 || status >= 13) return -1;
  }
  return started ? clock_item_provincial(p->calendar, &k, false, today) : -1;
}
