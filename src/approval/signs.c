/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signs.c: signs 异常线索 of abused pauses and of back-filling, from one event and the state it led to. A sign is
 * a reason to look, not a finding; thresholds are the package's. Kept with the lists, so a supervisor reads them
 * without reading cases.
 */
#include "approval/approval_int.h"

static const struct { const char *kind, *label; } kinds[] = {
    {"late-pause", "临期才暂停"}, {"night-pause", "过夜即恢复"}, {"quick", "受理到决定过快"}, {"late-entry", "事后补录"}, {"late-demand", "告知后又提要求"}, {"lack-broken", "容缺到期未补"},
    {"night", "夜间集中办理"}};

Str sign_label(Str kind) {
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (str_eqz(kind, kinds[i].kind)) return str_of(kinds[i].label);
  return kind;
}

static void add(Sign *list, size_t *n, const char *kind, Str evidence) {
  REQUIRE(*n < SIGNS_MAX);
  list[(*n)++] = (Sign){.kind = str_of(kind), .evidence = evidence};
}

/* Paused when next to nothing was left. */
static void late_pause(Arena *m, const Policy *p, const ItemState *i, const Event *e, Sign *out, size_t *n) {
  Reading r = project_item_reading(p, i, e->happened);
  if (r.left > p->sign_last_days || r.used == 0) return; /* a limit of one day leaves no other moment */
  add(out, n, "late-pause", arena_fmt(m, "暂停时已用 %d 个工作日，时限 %d，只剩 %d", r.used, i->limit, r.left));
}

/* Minutes over midnight take a whole day off the clock. */
static void night_pause(Arena *m, const ItemState *i, Sign *out, size_t *n) {
  const PauseState *last = i->pause_count ? &i->pauses[i->pause_count - 1] : NULL;
  if (!last || !last->to || last->to - last->from >= DAY_MS || day_of(last->to).n == day_of(last->from).n) return;
  Str from = time_cn(m, last->from), to = time_cn(m, last->to);
  add(out, n, "night-pause", arena_fmt(m, "%.*s 暂停，%.*s 恢复，不足一天而跨过零点", SFMT(from), SFMT(to)));
}

static void quick(Arena *m, const Policy *p, const StageState *s, const ItemState *i, const Event *e, Sign *out, size_t *n) {
  int64_t minutes = (e->happened - s->accepted_at) / 60000;
  if (i->again || s->accepted_at == 0 || minutes > p->sign_quick_minutes) return;
  add(out, n, "quick", arena_fmt(m, "受理后 %lld 分钟作出决定", (long long)minutes));
}

static void late_entry(Arena *m, const Policy *p, const Event *e, Sign *out, size_t *n) {
  int64_t hours = (e->recorded - e->happened) / 3600000;
  if (hours < p->sign_late_hours) return;
  Str happened = time_cn(m, e->happened), recorded = time_cn(m, e->recorded);
  add(out, n, "late-entry", arena_fmt(m, "%.*s 发生，%.*s 才录入，晚 %lld 小时", SFMT(happened), SFMT(recorded), (long long)hours));
}

/* Whatever is asked for after acceptance could have stood in the one-time notice. */
static void late_demand(Arena *m, const Event *e, Sign *out, size_t *n) {
  const Json *missing = json_get(e->body, S("missing"));
  Str text = S("");
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next)
    text = arena_fmt(m, "%.*s“%.*s”（%s）%.*s；", SFMT(text), SFMT(json_str(x, S("what"))),
                     str_eq(json_str(x, S("kind")), S("again")) ? "一次性告知里已经要过" : "一次性告知里没有",
                     SFMT(json_str(x, S("why"))));
  add(out, n, "late-demand", arena_fmt(m, "%.*s理由：%.*s", SFMT(text), SFMT(json_str(e->body, S("reason")))));
}

static void lack_broken(Arena *m, const Event *e, Sign *out, size_t *n) {
  const Json *list = json_get(e->body, S("materials"));
  Str text = S("");
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    text = arena_fmt(m, "%.*s“%.*s”承诺 %.*s 补交；", SFMT(text), SFMT(json_str(x, S("name"))), SFMT(json_str(x, S("promised"))));
  add(out, n, "lack-broken", arena_fmt(m, "%.*s到期没有补交", SFMT(text)));
}

size_t event_signs(Arena *m, const Policy *p, const Project *pr, const Event *e, Sign out[SIGNS_MAX]) {
  size_t n = 0;
  int stage = (int)json_int(e->body, S("stage"), 0);
  late_entry(m, p, e, out, &n);
  if (str_eq(e->kind, S("stage.lacking-expired"))) lack_broken(m, e, out, &n);
  if (stage < 1 || stage > STAGE_MAX || !str_starts(e->kind, S("item."))) return n;
  const StageState *s = &pr->stages[stage];
  const ItemState *i = stage_item(s, json_str(e->body, S("item")));
  if (!i) return n;
  if (str_eq(e->kind, S("item.paused"))) late_pause(m, p, i, e, out, &n);
  if (str_eq(e->kind, S("item.resumed"))) night_pause(m, i, out, &n);
  if (str_eq(e->kind, S("item.returned"))) late_demand(m, e, out, &n);
  if (str_eq(e->kind, S("item.decided"))) quick(m, p, s, i, e, out, &n);
  return n;
}

/* ---- kept with the lists ---------------------------------------------------------------------------- */

static const Sql sql_sign = {"sign.put", "isiissssis", "",
                             "INSERT INTO sign(pos, kind, project, stage, item, unit, actor, name, at, evidence)"
                             " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"};
/* The night belongs to the day on which it began; pos is its last act. */
static const Sql sql_night = {"night.put", "sissi", "",
                              "INSERT INTO night(actor, night, name, unit, acts, pos) VALUES(?1,?2,?3,?4,1,?5)"
                              " ON CONFLICT(actor, night) DO UPDATE SET acts = night.acts + 1, pos = excluded.pos"};

static bool at_night(const Policy *p, int64_t ms, Day *night) {
  int hour = (int)((ms - day_start(day_of(ms))) / 3600000);
  bool over = p->sign_night_from > p->sign_night_to;
  bool dark = over ? hour >= p->sign_night_from || hour < p->sign_night_to : hour >= p->sign_night_from && hour < p->sign_night_to;
  *night = day_of(ms);
  if (over && hour < p->sign_night_to) night->n--;
  return dark;
}

Code signs__project(Cx *cx, Db *views, const Policy *p, const Project *pr, const Event *e) {
  Sign list[SIGNS_MAX];
  size_t n = event_signs(cx->mem, p, pr, e, list);
  int64_t stage = json_int(e->body, S("stage"), 0);
  Day night;
  for (size_t i = 0; i < n; i++)
    TRY(db_run(cx, views, &sql_sign,
               VALS(val_i(e->pos), val_s(list[i].kind), val_i(pr->no), val_i(stage), val_s(json_str(e->body, S("item"))),
                    val_s(e->unit), val_s(e->actor), val_s(e->actor_name), val_i(e->recorded), val_s(list[i].evidence))));
  if (!e->unit.len || !at_night(p, e->recorded, &night)) return OK; /* staff belong to a unit, applicants do not */
  return db_run(cx, views, &sql_night,
                VALS(val_s(e->actor), val_i(night.n), val_s(e->actor_name), val_s(e->unit), val_i(e->pos)));
}

/* ---- read ------------------------------------------------------------------------------------------- */

static const Sql sql_signs = {
    "sign.list", "ssii", "isiissssisss",
    "SELECT s.pos, s.kind, s.project, s.stage, s.item, s.unit, s.actor, s.name, s.at, s.evidence, p.number, p.name"
    " FROM sign s JOIN project p ON p.no = s.project WHERE (?1 = '' OR s.kind = ?1) AND (?2 = '' OR s.unit = ?2)"
    " ORDER BY s.pos DESC LIMIT ?3 OFFSET ?4"};
static const Sql sql_signs_total = {"sign.total", "ss", "i",
                                    "SELECT count(*) FROM sign WHERE (?1 = '' OR kind = ?1) AND (?2 = '' OR unit = ?2)"};
static const Sql sql_nights = {"night.list", "i", "sissii",
                               "SELECT actor, night, name, unit, acts, pos FROM night WHERE acts >= ?1 ORDER BY night DESC, acts DESC LIMIT 200"};

Code signs_list(Cx *cx, Reader *rd, Str kind, Str unit, size_t offset, size_t max, SignRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  SignRow *list = arena_array(cx->mem, SignRow, max + 1);
  *n = 0;
  TRY(db_int(cx, reader_views(rd), &sql_signs_total, VALS(val_s(kind), val_s(unit)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_signs, VALS(val_s(kind), val_s(unit), val_i((int64_t)max), val_i((int64_t)offset)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (SignRow){.pos = row_i(r, 0), .kind = row_s(cx, r, 1), .project = row_i(r, 2), .stage = (int)row_i(r, 3),
                             .item = row_s(cx, r, 4), .unit = row_s(cx, r, 5), .actor = row_s(cx, r, 6), .name = row_s(cx, r, 7),
                             .at = row_i(r, 8), .evidence = row_s(cx, r, 9), .number = row_s(cx, r, 10), .project_name = row_s(cx, r, 11)};
  *out = list;
  return rows_end(cx, r);
}

Code nights_list(Cx *cx, Reader *rd, int least, NightRow **out, size_t *n) {
  enum { SHOWN = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  NightRow *list = arena_array(cx->mem, NightRow, SHOWN + 1);
  *n = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_nights, VALS(val_i(least)), &r));
  while (*n < SHOWN && rows_next(r))
    list[(*n)++] = (NightRow){.actor = row_s(cx, r, 0), .night = {(int32_t)row_i(r, 1)}, .name = row_s(cx, r, 2), .unit = row_s(cx, r, 3),
                              .acts = row_i(r, 4), .pos = row_i(r, 5)};
  *out = list;
  return rows_end(cx, r);
}
