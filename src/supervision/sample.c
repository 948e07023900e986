/* SPDX-License-Identifier: Apache-2.0 */
/* sample.c: a random sample of running cases that anyone can draw again. */
#include "supervision/supervision_int.h"

#include <stdlib.h>

#define CLAUSE "D60-5.16.2"
enum { POOL_MAX = 5000, SIZE_MOST = 200 };
static const Arg list_args[] = {
    {.name = "size", .label = "抽几件", .type = ARG_INT, .required = true, .min = 1, .max = SIZE_MOST},
    {.name = "county", .label = "只在哪个县（市）区", .type = ARG_CODE},
    {.name = "source", .label = "用哪个公开的数", .type = ARG_TEXT, .required = true, .min = 6, .max = 120, .hint = "还没有产生、谁都能查到的数，例如某天的彩票开奖号码"},
    {.name = "day", .label = "这个数哪天产生", .type = ARG_DAY, .required = true}};
static const Arg draw_args[] = {{.name = "number", .label = "公开的数", .type = ARG_TEXT, .required = true, .min = 1, .max = 80}};
static const Arg look_args[] = {{.name = "case", .label = "办件", .type = ARG_CODE, .required = true},
                                {.name = "result", .label = "结果", .type = ARG_CHOICE, .required = true, .choices = "fine|fault"},
                                {.name = "note", .label = "说明", .type = ARG_LONG, .required = true, .min = 2, .max = 1000}};
static const Arg drop_args[] = {KIT_REASON};

/* ---- drawing: SHA-256 of "SEED CASE", the smallest first ---------------------------------------------------- */

Str sample_list_hash(Arena *mem, const Str *list, size_t n) {
  Hasher *h = hasher_open(SUITE_INTL);
  for (size_t i = 0; i < n; i++) {
    hasher_add(h, list[i].ptr, list[i].len);
    hasher_add(h, "\n", 1);
  }
  return hash_hex(mem, hasher_close(h));
}

typedef struct Lot { Str number, hash; } Lot;

static int by_hash(const void *x, const void *y) {
  const Lot *a = x, *b = y;
  int order = str_cmp(a->hash, b->hash);
  return order ? order : str_cmp(a->number, b->number);
}

size_t sample_pick(Arena *mem, Str seed, const Str *list, size_t n, size_t size, Str *out) {
  Lot *lots = arena_array(mem, Lot, n + 1);
  for (size_t i = 0; i < n; i++)
    lots[i] = (Lot){list[i], hash_hex(mem, hash_bytes(SUITE_INTL, arena_fmt(mem, "%.*s %.*s", SFMT(seed), SFMT(list[i]))))};
  if (n) qsort(lots, n, sizeof *lots, by_hash);
  size_t k = size < n ? size : n;
  for (size_t i = 0; i < k; i++) out[i] = lots[i].number;
  return k;
}

Str sample_seed(Arena *mem, Str list_hash, Str number) {
  return arena_fmt(mem, "%.*s %.*s", SFMT(list_hash), SFMT(number));
}

/* ---- commands ------------------------------------------------------------------------------------------------ */

static Code wrong_state(Cx *cx, const Sample *s, const char *cannot) {
  Str label = super_label(s->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "第 %lld 次抽查现在是“%.*s”，不能%s。", (long long)s->no, SFMT(label), cannot);
}

static Code decide_list(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"size", "county", "source", "day", NULL};
  Arena *m = decision_mem(d);
  const Json *pool = json_get(ask->facts, S("pool"));
  Str county = json_str(ask->cmd->args, S("county"));
  int64_t size = json_int(ask->cmd->args, S("size"), 0), no = json_int(ask->facts, S("no"), 0);
  Day day = {0};
  TRY(kit_now(cx, ask));
  (void)day_parse(json_str(ask->cmd->args, S("day")), &day);
  if (day.n <= day_of(ask->now).n) FAIL_AT(INVALID, S("day"), S(CLAUSE), "公开的数要在名单定下以后产生，请写明天以后的日子");
  if (county.len && !policy_unit(super__policy(cx, ask), county)) FAIL_AT(INVALID, S("county"), S(""), "没有“%.*s”这个县（市）区", SFMT(county));
  if (!pool || (int64_t)pool->count < size) FAIL_AT(CONFLICT, S("size"), S(CLAUSE), "在办的只有 %u 件，不够抽 %lld 件", pool ? pool->count : 0, (long long)size);
  if (pool->count > POOL_MAX) FAIL_AT(LIMIT, S("county"), S(""), "名单最多 %d 件，现在有 %u 件，请按县（市）区抽", POOL_MAX, pool->count);
  Json *body = kit_body(d, ask, names);
  Str *list = arena_array(m, Str, pool->count + 1);
  size_t n = 0;
  for (const Json *x = pool->first; x; x = x->next) list[n++] = x->str;
  json_put_int(m, body, S("no"), no);
  json_put(m, body, S("list"), pool);
  json_put_str(m, body, S("hash"), sample_list_hash(m, list, n));
  decision_emit(d, "sample.listed", 1, body);
  kit_answer(d, "hash", json_str(body, S("hash")), no);
  return OK;
}

static Code decide_draw(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"number", NULL};
  const Sample *s = ask->state;
  Arena *m = decision_mem(d);
  TRY(kit_now(cx, ask));
  if (!str_eqz(s->status, "listed")) return wrong_state(cx, s, "再抽");
  if (day_of(ask->now).n < s->day.n) FAIL_AT(CONFLICT, S("number"), S(CLAUSE), "“%.*s”要到 %.*s 才产生", SFMT(s->source), SFMT(day_str(cx->mem, s->day)));
  Json *body = kit_body(d, ask, names), *picked = json_put_arr(m, body, S("picked"));
  Str *out = arena_array(m, Str, s->size + 1);
  size_t n = sample_pick(m, sample_seed(m, s->hash, json_str(body, S("number"))), s->list, s->count, s->size, out);
  for (size_t i = 0; i < n; i++) json_push_str(m, picked, out[i]);
  decision_emit(d, "sample.drawn", 1, body);
  return OK;
}

static Code decide_look(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"case", "result", "note", NULL};
  const Sample *s = ask->state;
  Str number = json_str(ask->cmd->args, S("case"));
  TRY(kit_now(cx, ask));
  if (!str_eqz(s->status, "drawn")) return wrong_state(cx, s, "登记抽查结果");
  for (size_t i = 0; i < s->picked_count; i++)
    if (str_eq(s->picked[i].number, number)) {
      if (s->picked[i].at) FAIL_AT(CONFLICT, S("case"), S(CLAUSE), "%.*s 的抽查结果已由%.*s登记", SFMT(number), SFMT(s->picked[i].by));
      decision_emit(d, "sample.looked", 1, kit_body(d, ask, names));
      return OK;
    }
  FAIL_AT(INVALID, S("case"), S(CLAUSE), "%.*s 不在抽中的办件里", SFMT(number));
}

static Code decide_drop(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Sample *s = ask->state;
  TRY(kit_now(cx, ask));
  if (!str_eqz(s->status, "listed")) return wrong_state(cx, s, "作废");
  decision_emit(d, "sample.dropped", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- state --------------------------------------------------------------------------------------------------- */

static size_t strs(Arena *mem, const Json *list, Str **out) {
  size_t n = 0;
  *out = arena_array(mem, Str, (list ? list->count : 0) + 1);
  for (const Json *x = list ? list->first : NULL; x; x = x->next) (*out)[n++] = arena_str(mem, x->str);
  return n;
}

static void fold_drawn(Arena *mem, Sample *s, const Event *e) {
  Str *picked;
  s->status = S("drawn");
  s->number = kit_keep(mem, e->body, "number");
  s->drawn_at = e->happened;
  s->picked_count = strs(mem, json_get(e->body, S("picked")), &picked);
  s->picked = arena_array(mem, Picked, s->picked_count + 1);
  for (size_t i = 0; i < s->picked_count; i++) s->picked[i] = (Picked){.number = picked[i]};
}

static void fold_looked(Arena *mem, Sample *s, const Event *e) {
  size_t left = 0;
  for (size_t i = 0; i < s->picked_count; i++) {
    Picked *x = &s->picked[i];
    if (str_eq(x->number, json_str(e->body, S("case"))))
      *x = (Picked){x->number, kit_keep(mem, e->body, "result"), kit_keep(mem, e->body, "note"), arena_str(mem, e->actor_name), e->happened};
    left += !x->at;
  }
  if (!left) s->status = S("done");
}

void *sample_fold(Arena *mem, void *state, const Event *e) {
  Sample *s = state ? state : arena_new(mem, Sample);
  const Json *b = e->body;
  if (str_eqz(e->kind, "sample.listed")) {
    s->no = json_int(b, S("no"), 0);
    s->size = (size_t)json_int(b, S("size"), 0);
    s->county = kit_keep(mem, b, "county");
    s->source = kit_keep(mem, b, "source");
    (void)day_parse(json_str(b, S("day")), &s->day);
    s->hash = kit_keep(mem, b, "hash");
    s->count = strs(mem, json_get(b, S("list")), &s->list);
    s->by = arena_str(mem, e->actor_name);
    s->listed_at = e->happened;
    s->status = S("listed");
  }
  if (str_eqz(e->kind, "sample.drawn")) fold_drawn(mem, s, e);
  if (str_eqz(e->kind, "sample.looked")) fold_looked(mem, s, e);
  if (str_eqz(e->kind, "sample.dropped")) {
    s->status = S("dropped");
    s->reason = kit_keep(mem, b, "reason");
  }
  return s;
}

static const char sample_schema[] =
    "CREATE TABLE sample(no INTEGER PRIMARY KEY, status TEXT NOT NULL, size INTEGER NOT NULL, pool INTEGER NOT NULL, source TEXT NOT NULL,"
    " at INTEGER NOT NULL) STRICT;";
static const Sql sql_put = {"sample.put", "isiisi", "",
                            "INSERT INTO sample(no, status, size, pool, source, at) VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT(no) DO UPDATE SET"
                            " status = excluded.status, at = excluded.at"};
static const Sql sql_last = {"sample.last", "", "i", "SELECT max(no) FROM sample"};
static const Sql sql_pool = {"sample.pool", "s", "s", "SELECT number FROM project WHERE status = 'running' AND (?1 = '' OR county = ?1) ORDER BY no"};

static Code sample_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Sample *s = state;
  (void)env;
  return db_run(cx, views, &sql_put,
                VALS(val_i(s->no), val_s(s->status), val_i((int64_t)s->size), val_i((int64_t)s->count), val_s(s->source), val_i(e->happened)));
}

static Code sample_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "sample", &sql_last, stream);
}

static Code sample_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *out = NULL;
  int64_t last = 0;
  TRY(super__facts(cx, views, cmd, &out));
  *facts = out;
  if (state) return OK;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  json_put_int(cx->mem, out, S("no"), last + 1);
  Json *pool = json_put_arr(cx->mem, out, S("pool"));
  TRY(db_rows(cx, views, &sql_pool, VALS(val_s(json_str(cmd->args, S("county")))), &r));
  while (pool->count <= POOL_MAX && rows_next(r)) json_push_str(cx->mem, pool, row_s(cx, r, 0));
  return rows_end(cx, r);
}

#define ROW(n, l, h, fn, list) {.name = n, .label = l, .help = h, .allow = ROLE_SUPERVISOR, .decide = fn, WITH(list)}
static const CommandDecl commands[] = {
    {.name = "sample.list", .label = "定下抽查名单", .help = "定下全部在办件的名单和它的散列，写明用哪个还没有产生的公开的数来抽。", .allow = ROLE_SUPERVISOR,
     .creates = true, .decide = decide_list, WITH(list_args)},
    ROW("sample.draw", "抽取", "公开的数产生以后填入，按公式抽取，谁都可以重算。", decide_draw, draw_args),
    ROW("sample.look", "登记抽查结果", "逐件登记看了以后的结果。", decide_look, look_args),
    ROW("sample.drop", "作废", "名单定下以后不抽，写明理由作废；仍然公开。", decide_drop, drop_args)};

const Engine sample_engine_base = {.prefix = "sample",
                                   .fold = sample_fold,
                                   .commands = commands,
                                   .command_count = COUNT(commands),
                                   .open = sample_open,
                                   .facts = sample_facts,
                                   .schema = sample_schema,
                                   .project = sample_project};

static const Sql sql_rows = {"sample.rows", "i", "isiisi", "SELECT no, status, size, pool, source, at FROM sample ORDER BY no DESC LIMIT ?1"};

Code samples_list(Cx *cx, Reader *rd, size_t max, SampleRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  SampleRow *list = arena_array(cx->mem, SampleRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_rows, VALS(val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (SampleRow){.no = row_i(r, 0), .status = row_s(cx, r, 1), .size = row_i(r, 2), .pool = row_i(r, 3), .source = row_s(cx, r, 4), .at = row_i(r, 5)};
  return rows_end(cx, r);
}

Code sample_load(Cx *cx, Reader *rd, int64_t no, const Sample **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "sample", arena_fmt(cx->mem, "%lld", (long long)no), "次抽查", &state));
  *out = state;
  return OK;
}
