/* SPDX-License-Identifier: Apache-2.0 */
/* asks.c: what departments say is missing before the one-time notice, merged; and their lists of what waits. */
#include "approval/approval_int.h"

enum { MERGED_MAX = 200 };

/* ---- merging --------------------------------------------------------------------------------------- */

static const Json *report_of(const StageState *s, Str unit) {
  for (const Json *r = s->reports ? s->reports->first : NULL; r; r = r->next)
    if (str_eq(json_str(r, S("unit")), unit)) return r;
  return NULL;
}

static void unit_add(Asked *out, const StageState *s, Str unit, bool over) {
  for (size_t i = 0; i < out->unit_count; i++)
    if (str_eq(out->units[i].unit, unit)) return;
  const Json *report = report_of(s, unit);
  AskStatus status = report ? ASK_ANSWERED : over ? ASK_SILENT : ASK_WAITING;
  out->units[out->unit_count++] = (Ask1){.unit = unit, .status = status, .report = report};
  out->waiting += status == ASK_WAITING;
}

/* The same words but for spaces, width and the full stop at the end. */
static bool same_words(Arena *mem, Str a, Str b) {
  Str x = str_trim(utf8_halfwidth(mem, a)), y = str_trim(utf8_halfwidth(mem, b));
  while (str_ends(x, S("。")) || str_ends(x, S("."))) x = str_sub(x, 0, x.len - (str_ends(x, S(".")) ? 1 : strlen("。")));
  while (str_ends(y, S("。")) || str_ends(y, S("."))) y = str_sub(y, 0, y.len - (str_ends(y, S(".")) ? 1 : strlen("。")));
  return str_eq(x, y);
}

static void merge_one(Arena *mem, Asked *out, Str unit, const Json *entry) {
  Subject s = {.of = json_str(entry, S("of")), .what = json_str(entry, S("what")), .why = json_str(entry, S("why")),
               .basis = json_str(entry, S("basis"))};
  Merged *found = NULL;
  for (size_t i = 0; i < out->merged_count && !found; i++)
    if (subject_same(&out->merged[i].about, &s)) found = &out->merged[i];
  if (!found && out->merged_count == MERGED_MAX) return; /* twenty units with ten points each: nobody reads that */
  if (!found) {
    found = &out->merged[out->merged_count++];
    *found = (Merged){.about = s};
  }
  if (found->count == COUNT(found->asks)) return;
  bool differs = found->count && !same_words(mem, found->about.why, s.why);
  out->conflicts += differs && !found->conflict;
  found->conflict |= differs;
  found->units[found->count] = unit;
  found->asks[found->count++] = entry;
}

Asked stage_asked(Arena *mem, const Policy *p, const Project *pr, int stage, int64_t now) {
  const StageState *s = &pr->stages[stage];
  Asked out = {0};
  if (!p->ask_days || s->noticed || s->status != STAGE_SUBMITTED) return out; /* at nearly every event */
  out.units = arena_array(mem, Ask1, p->item_count + 1);
  if (s->reports && s->reports->first) out.merged = arena_array(mem, Merged, MERGED_MAX);
  ItemChoice *choices = NULL;
  size_t n = policy_items_only(mem, p, stage, pr->category, pr->county, pr->facts, &choices);
  out.due = calendar_add(p->calendar, day_of(s->submitted_at), p->ask_days);
  for (size_t i = 0; i < n; i++)
    if (choices[i].applies != NO && !choices[i].item->outside && !stage_item(s, choices[i].item->code))
      unit_add(&out, s, choices[i].unit, day_of(now).n > out.due.n);
  for (size_t i = 0; i < out.unit_count; i++) {
    const Json *missing = json_get(out.units[i].report, S("missing"));
    for (const Json *x = missing ? missing->first : NULL; x; x = x->next) merge_one(mem, &out, out.units[i].unit, x);
  }
  return out;
}

/* ---- deciding -------------------------------------------------------------------------------------- */

Code decide__report(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_SUBMITTED) return at__wrong_state(cx, &at, "提补正意见");
  const Policy *p = at__form(cx, &at);
  if (at.s->noticed)
    FAIL_AT(CONFLICT, S("stage"), S("行政许可法第三十二条"), "本次申请已经一次性告知过，不能再提补正意见；受理以后确有必要的，可以退回事项并说明理由。");
  if (!p->ask_days) FAIL(CONFLICT, "这个版本的政策包没有征求部门补正意见这一步。");
  Asked asked = stage_asked(cx->mem, p, at.pr, at.n, ask->happened);
  const Ask1 *mine = NULL;
  for (size_t i = 0; i < asked.unit_count; i++)
    if (str_eq(asked.units[i].unit, ask->cmd->actor.unit)) mine = &asked.units[i];
  if (!mine) FAIL(DENIED, "您的单位在第 %d 阶段没有要办的事项，不用提意见。", at.n);
  Json *body = at__body(&at, d), *list = json_put_arr(m, body, S("missing"));
  const Json *missing = json_get(at.args, S("missing"));
  if (missing && missing->count) TRY(subjects_read(cx, p, at.pr, at.n, missing, S("missing"), m, list));
  json_put_str(m, body, S("unit"), ask->cmd->actor.unit);
  json_put_bool(m, body, S("late"), day_of(ask->happened).n > asked.due.n);
  decision_emit(d, "stage.reported", 1, body);
  return OK;
}

Code asks__heard(Cx *cx, const At *at) {
  const Policy *p = at__form(cx, at);
  Asked asked = stage_asked(cx->mem, p, at->pr, at->n, at->ask->happened);
  Str names = S(""), due = day_cn(cx->mem, asked.due);
  for (size_t i = 0; i < asked.unit_count; i++) {
    const Unit *u = policy_unit(p, asked.units[i].unit);
    if (asked.units[i].status != ASK_WAITING) continue;
    names = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(names), names.len ? "、" : "", SFMT(u ? u->name : asked.units[i].unit));
  }
  if (!names.len) return OK;
  FAIL_AT(CONFLICT, S("missing"), S("行政许可法第三十二条"),
          "还没有答复补正意见的：%.*s。只能告知一次，请等各部门答复后合并告知；%.*s以后没有答复的视为没有意见。", SFMT(names), SFMT(due));
}

static Code conflict_decided(Cx *cx, const At *at, const Policy *p, const Merged *x) {
  if (!x->conflict || json_str(at->args, S("decided")).len) return OK;
  const Unit *a = policy_unit(p, x->units[0]), *b = NULL;
  Str one = json_str(x->asks[0], S("why")), other = S("");
  for (size_t i = 1; i < x->count && !other.len; i++)
    if (!same_words(cx->mem, one, json_str(x->asks[i], S("why")))) {
      other = json_str(x->asks[i], S("why"));
      b = policy_unit(p, x->units[i]);
    }
  FAIL_AT(INVALID, S("decided"), S("行政许可法第三十二条"),
          "“%.*s”：%.*s提出“%.*s”，%.*s提出“%.*s”，两个部门不一致。请与部门核对，只告知一种要求，并写明是怎么定的。", SFMT(x->about.what),
          SFMT(a ? a->name : x->units[0]), SFMT(one), SFMT(b ? b->name : x->units[1]), SFMT(other));
}

static Json *units_of(Arena *m, const Merged *x) {
  Json *list = json_arr(m);
  for (size_t i = 0; i < x->count; i++) json_push_str(m, list, x->units[i]);
  return list;
}

/* By its code, or by its name, as people write it. */
static const Json *dropped_find(const Json *list, const Subject *about) {
  const Json *found = subjects_find(list, about);
  for (const Json *x = list ? list->first : NULL; x && !found; x = x->next)
    if (!json_str(x, S("of")).len && str_eq(str_trim(json_str(x, S("what"))), about->what)) found = x;
  return found;
}

static Code settle_one(Cx *cx, const At *at, const Policy *p, Arena *m, const Merged *x, Json *missing, Json *dropped) {
  Json *entry = (Json *)(uintptr_t)subjects_find(missing, &x->about);
  if (entry) {
    json_put(m, entry, S("units"), units_of(m, x));
    return conflict_decided(cx, at, p, x);
  }
  const Json *given = dropped_find(json_get(at->args, S("dropped")), &x->about);
  Str reason = str_trim(json_str(given, S("reason")));
  const Unit *u = policy_unit(p, x->units[0]);
  if (!reason.len)
    FAIL_AT(missing ? INVALID : CONFLICT, S("dropped"), S("行政许可法第三十二条"),
            "%.*s提出的“%.*s”%s。", SFMT(u ? u->name : x->units[0]), SFMT(x->about.what),
            missing ? "没有写进告知。请写进去，或者写明不采纳的理由" : "还没有回应：采纳的，等可以告知时一次性告知；不采纳的，写明理由再受理");
  Json *o = json_push_obj(m, dropped);
  if (x->about.of.len) json_put_str(m, o, S("of"), x->about.of);
  json_put_str(m, o, S("what"), x->about.what);
  json_put_str(m, o, S("reason"), reason);
  json_put(m, o, S("units"), units_of(m, x));
  return OK;
}

Code asks__settled(Cx *cx, const At *at, Arena *m, Json *missing, Json *body) {
  const Policy *p = at__form(cx, at);
  Asked asked = stage_asked(cx->mem, p, at->pr, at->n, at->ask->happened);
  Json *dropped = json_arr(m);
  for (size_t i = 0; i < asked.merged_count; i++) TRY(settle_one(cx, at, p, m, &asked.merged[i], missing, dropped));
  if (dropped->count) json_put(m, body, S("dropped"), dropped);
  if (asked.conflicts && missing) json_put_str(m, body, S("decided"), json_str(at->args, S("decided")));
  return OK;
}

/* ---- lists ----------------------------------------------------------------------------------------- */

static const RowTable ask_rows = {
    4 | ROWS_TOGETHER,
    {"ask.put", "iisii", "",
     "INSERT INTO ask(project, stage, unit, at, answered) VALUES(?1,?2,?3,?4,?5)"
     " ON CONFLICT(unit, at, project, stage) DO UPDATE SET answered = excluded.answered"},
    {"ask.drop", "ii", "", "DELETE FROM ask WHERE project = ?1 AND stage = ?2"}};
static const Sql sql_list = {"ask.list", "sii", "iisssii",
                             "SELECT a.project, a.stage, p.number, p.name, p.owner, a.at, a.answered FROM ask a JOIN project p ON p.no = a.project"
                             " WHERE a.unit = ?1 AND (a.answered = 0 OR ?2 = 1) ORDER BY a.at, a.project, a.stage LIMIT ?3"};

Code asks__project(Cx *cx, Db *views, const Policy *p, const Project *pr, int stage) {
  const StageState *s = &pr->stages[stage];
  TRY(table_drop(cx, views, &ask_rows, VALS(val_i(pr->no), val_i(stage))));
  Asked asked = stage_asked(cx->mem, p, pr, stage, s->submitted_at);
  for (size_t i = 0; i < asked.unit_count; i++)
    TRY(table_put(cx, views, &ask_rows, VALS(val_i(pr->no), val_i(stage), val_s(asked.units[i].unit), val_i(s->submitted_at),
                                             val_i(asked.units[i].status == ASK_ANSWERED))));
  return OK;
}

Code asks_list(Cx *cx, Reader *rd, const Policy *p, Str unit, bool all, size_t max, AskRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  AskRow *list = arena_array(cx->mem, AskRow, max + 1);
  *n = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_s(unit), val_i(all), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (AskRow){.project = row_i(r, 0), .stage = (int)row_i(r, 1), .number = row_s(cx, r, 2), .project_name = row_s(cx, r, 3),
                            .owner = row_s(cx, r, 4), .at = row_i(r, 5), .answered = row_i(r, 6) != 0};
  for (size_t i = 0; i < *n; i++) list[i].due = calendar_add(p->calendar, day_of(list[i].at), p->ask_days);
  *out = list;
  return rows_end(cx, r);
}
