/* SPDX-License-Identifier: Apache-2.0 */
/* outbox.c: which rows are new, changed or gone; the commands of the engine exchange. */
#include "exchange/exchange_int.h"

enum { ROWS_MAX = 20000, HEX_SHORT = 32 };

static const Arg prepare_args[] = {{.name = "target", .label = "对接方", .type = ARG_CODE, .required = true, .max = 20},
                                   {.name = "project", .label = "项目", .type = ARG_INT, .min = 0, .max = INT64_MAX},
                                   {.name = "region", .label = "行政区划", .type = ARG_CODE, .required = true, .max = 6},
                                   {.name = "rows", .label = "行", .type = ARG_LIST, .max = ROWS_MAX},
                                   {.name = "gone", .label = "不再有的行", .type = ARG_LIST, .max = ROWS_MAX}};
static const Arg report_args[] = {{.name = "rows", .label = "回执", .type = ARG_LIST, .required = true, .max = ROWS_MAX},
                                  {.name = "ms", .label = "用时", .type = ARG_INT, .min = 0, .max = INT64_MAX}};
static const Arg requeue_args[] = {{.name = "lsh", .label = "流水号", .type = ARG_LIST, .required = true, .max = ROWS_MAX}};
static const Arg again_args[] = {{.name = "lsh", .label = "流水号", .type = ARG_CODE, .max = 40}};

Str part_stream(Arena *mem, Str target, int64_t project) {
  return arena_fmt(mem, "exchange/%.*s.%lld", SFMT(target), (long long)project);
}

/* ---- what a part has ------------------------------------------------------------------------------------------ */

static bool same_key(const Version *v, Str table, Str key) {
  return str_eq(v->key, key) && str_eq(v->table, table);
}

Version *part__live(const Part *s, Str table, Str key) {
  for (size_t i = s ? s->count : 0; i > 0; i--) {
    Version *v = &s->rows[i - 1];
    if (v->valid && !v->voided && v->status != ROW_DROPPED && v->status != ROW_HELD && same_key(v, table, key)) return v;
  }
  return NULL;
}

Version *part__held(const Part *s, Str table, Str key) {
  for (size_t i = s ? s->count : 0; i > 0; i--)
    if (s->rows[i - 1].status == ROW_HELD && same_key(&s->rows[i - 1], table, key)) return &s->rows[i - 1];
  return NULL;
}

Version *part__lsh(const Part *s, Str lsh) {
  for (size_t i = s ? s->count : 0; i > 0; i--)
    if (str_eq(s->rows[i - 1].lsh, lsh)) return &s->rows[i - 1];
  return NULL;
}

static Str base_of(Arena *mem, const Json *row) {
  return str_sub(hash_hex(mem, hash_bytes(SUITE_GM, json_text(mem, row))), 0, HEX_SHORT);
}

/* Has the other side, or the outbox, exactly this? */
static bool up_to_date(const Part *s, Str table, Str key, Str base, Str fault) {
  const Version *live = part__live(s, table, key), *held = part__held(s, table, key);
  if (fault.len) return held && str_eq(held->base, base) && str_eq(held->fault, fault);
  return live && !held && str_eq(live->base, base);
}

static bool has(const SpglRows *rows, const Version *v) {
  for (size_t i = 0; i < rows->count; i++)
    if (str_eq(rows->list[i].key, v->key) && str_eq(rows->list[i].table->name, v->table)) return true;
  return false;
}

static bool counts(const Version *v) {
  return v->valid && !v->voided && v->status != ROW_DROPPED;
}

Json *exchange_changes(Arena *mem, const Part *part, const SpglRows *rows, Str target, int64_t project, Str region) {
  Json *args = json_obj(mem), *list = json_put_arr(mem, args, S("rows")), *gone = json_put_arr(mem, args, S("gone"));
  json_put_str(mem, args, S("target"), target);
  json_put_int(mem, args, S("project"), project);
  json_put_str(mem, args, S("region"), region);
  for (size_t i = 0; i < rows->count; i++) {
    const SpglRow *r = &rows->list[i];
    if (up_to_date(part, r->table->name, r->key, base_of(mem, r->row), r->fault)) continue;
    Json *x = json_push_obj(mem, list);
    json_put_str(mem, x, S("t"), r->table->name);
    json_put_str(mem, x, S("no"), r->table->no);
    json_put_str(mem, x, S("k"), r->key);
    json_put(mem, x, S("row"), r->row);
    if (r->fault.len) json_put_str(mem, x, S("fault"), r->fault);
  }
  for (size_t i = 0; i < (part ? part->count : 0); i++) {
    const Version *v = &part->rows[i];
    if (!counts(v) || has(rows, v)) continue;
    Json *x = json_push_obj(mem, gone);
    json_put_str(mem, x, S("t"), v->table);
    json_put_str(mem, x, S("k"), v->key);
  }
  return list->count || gone->count ? args : NULL;
}

/* ---- exchange.prepare --------------------------------------------------------------------------------------------- */

typedef struct Making {
  Arena *m;
  const Part *part;
  int64_t project, now, made; /* made: rows of this command */
  Str region, reason;
  Json *rows, *dropped;
} Making;

/* 6 digits of the region, 14 of the moment, 2 of the table, 10 of the project and of the row in its part: so it is one only in the city. */
static Str serial(const Making *k, Str no) {
  enum { PROJECTS = 1000000, ROWS = 10000 };
  Str t = time_str(k->m, k->now); /* 2019-06-28T09:12:00+08:00 */
  long long n = (long long)(k->project % PROJECTS * ROWS + ((int64_t)(k->part ? k->part->count : 0) + k->made) % ROWS);
  return arena_fmt(k->m, "%.6s%.4s%.2s%.2s%.2s%.2s%.2s%.2s%010lld", k->region.ptr, t.ptr, t.ptr + 5, t.ptr + 8, t.ptr + 11, t.ptr + 14, t.ptr + 17,
                   no.len == 2 ? no.ptr : "00", n);
}

static Json *row_make(Making *k, Str table, Str no, Str key, const Json *columns, int version, Str base) {
  Json *x = json_push_obj(k->m, k->rows), *row = json_clone(k->m, columns);
  Str lsh = serial(k, no);
  k->made++;
  json_put_str(k->m, row, S("LSH"), lsh);
  json_put_int(k->m, row, S("SJSCZT"), 0);
  json_put_str(k->m, x, S("t"), table);
  json_put_str(k->m, x, S("no"), no);
  json_put_str(k->m, x, S("k"), key);
  json_put_str(k->m, x, S("lsh"), lsh);
  json_put_int(k->m, x, S("v"), version);
  json_put_str(k->m, x, S("base"), base);
  json_put(k->m, x, S("row"), row);
  return x;
}

static void row_seal(Making *k, Json *x, Json *row) {
  json_put(k->m, x, S("row"), row);
  json_put_str(k->m, x, S("digest"), hash_hex(k->m, hash_bytes(SUITE_GM, json_text(k->m, row))));
}

static void void_make(Making *k, const Version *live) {
  Json *x = row_make(k, live->table, str_sub(live->lsh, 20, 2), live->key, live->row, live->no, live->base);
  Json *row = json_clone(k->m, json_get(x, S("row")));
  json_put_int(k->m, row, S("SJYXBS"), 0);
  json_put_str(k->m, row, S("SJWXYY"), k->reason);
  json_put_str(k->m, x, S("voids"), live->lsh);
  row_seal(k, x, row);
}

/* What the other side may have seen is made void; what has not left is simply not sent. */
static void retire(Making *k, const Version *live) {
  if (live && live->status == ROW_WAITING) json_push_str(k->m, k->dropped, live->lsh);
  else if (live) void_make(k, live);
}

static void valid_make(Making *k, Str table, Str no, Str key, const Json *columns, int version, Str base, Str fault) {
  Json *x = row_make(k, table, no, key, columns, version, base);
  Json *row = json_clone(k->m, json_get(x, S("row")));
  json_put_int(k->m, row, S("SJYXBS"), 1);
  json_put_str(k->m, row, S("SJWXYY"), S(""));
  if (fault.len) json_put_str(k->m, x, S("fault"), fault);
  row_seal(k, x, row);
}

static int version_next(const Part *s, Str table, Str key) {
  int n = 1;
  for (size_t i = 0; i < (s ? s->count : 0); i++)
    if (s->rows[i].valid && s->rows[i].no >= n && same_key(&s->rows[i], table, key)) n = s->rows[i].no + 1;
  return n;
}

static Code row_decide(Cx *cx, Making *k, const Json *x) {
  Str table = json_str(x, S("t")), key = json_str(x, S("k")), fault = json_str(x, S("fault")), no = json_str(x, S("no"));
  const Json *columns = json_get(x, S("row"));
  if (!table.len || !key.len || no.len != 2 || !columns || columns->kind != JSON_OBJ) FAIL_AT(INVALID, S("rows"), S(""), "每一行要写 t、no、k 和 row");
  Str base = base_of(k->m, columns);
  if (up_to_date(k->part, table, key, base, fault)) return OK;
  Version *live = part__live(k->part, table, key), *held = part__held(k->part, table, key);
  if (held) json_push_str(k->m, k->dropped, held->lsh);
  if (!fault.len && live && str_eq(live->base, base)) return OK; /* as the other side has it again */
  if (!fault.len || (live && live->status == ROW_WAITING)) retire(k, live);
  valid_make(k, table, no, key, columns, version_next(k->part, table, key), base, fault);
  return OK;
}

static Making making(const Ask *ask, Decision *d, Str region, Str reason, int64_t project) {
  Arena *m = decision_mem(d);
  return (Making){.m = m, .part = ask->state, .project = project, .now = ask->now, .region = region, .reason = reason, .rows = json_arr(m), .dropped = json_arr(m)};
}

static void emit_prepared(const Making *k, Decision *d, Str target) {
  Json *body = json_obj(k->m);
  if (!k->rows->count && !k->dropped->count) return;
  json_put_str(k->m, body, S("target"), target);
  json_put_int(k->m, body, S("project"), k->project);
  json_put(k->m, body, S("rows"), k->rows);
  json_put(k->m, body, S("dropped"), k->dropped);
  decision_emit(d, "exchange.prepared", 1, body);
}

static Code decide_prepare(Cx *cx, const Ask *ask, Decision *d) {
  const Json *a = ask->cmd->args, *rows = json_get(a, S("rows")), *gone = json_get(a, S("gone"));
  Making k = making(ask, d, json_str(a, S("region")), S("数据更正"), json_int(a, S("project"), 0));
  if (k.region.len != 6) FAIL_AT(INVALID, S("region"), S(""), "行政区划代码是 6 位");
  for (const Json *x = rows ? rows->first : NULL; x; x = x->next) TRY(row_decide(cx, &k, x));
  k.reason = S("这一行不再适用");
  for (const Json *x = gone ? gone->first : NULL; x; x = x->next) {
    Version *held = part__held(k.part, json_str(x, S("t")), json_str(x, S("k")));
    if (held) json_push_str(k.m, k.dropped, held->lsh);
    retire(&k, part__live(k.part, json_str(x, S("t")), json_str(x, S("k"))));
  }
  emit_prepared(&k, d, json_str(a, S("target")));
  return OK;
}

/* ---- receipts --------------------------------------------------------------------------------------------------------- */

static bool follows(RowStatus from, RowStatus to) {
  return (from == ROW_WAITING && to >= ROW_SENT && to <= ROW_REFUSED) || (from == ROW_SENT && (to == ROW_ACCEPTED || to == ROW_REFUSED));
}

/* Only what changes: an answer that came twice is nothing new. */
static Code decide_report(Cx *cx, const Ask *ask, Decision *d) {
  const Part *s = ask->state;
  Arena *m = decision_mem(d);
  Json *body = json_obj(m), *rows = json_put_arr(m, body, S("rows"));
  (void)cx;
  for (const Json *x = json_get(ask->cmd->args, S("rows"))->first; x; x = x->next) {
    const Version *v = part__lsh(s, json_str(x, S("lsh")));
    RowStatus to = row__status(json_str(x, S("state")));
    if (!v || !follows(v->status, to)) continue;
    Json *o = json_push_obj(m, rows);
    json_put_str(m, o, S("lsh"), v->lsh);
    json_put_str(m, o, S("state"), row_status_text(to));
    if (to == ROW_REFUSED) json_put_str(m, o, S("reason"), json_str(x, S("reason")));
  }
  json_put_str(m, body, S("target"), s->target);
  json_put_int(m, body, S("project"), s->project);
  json_put_int(m, body, S("ms"), json_int(ask->cmd->args, S("ms"), 0));
  if (rows->count) decision_emit(d, "exchange.reported", 1, body);
  return OK;
}

static Code decide_requeue(Cx *cx, const Ask *ask, Decision *d) {
  const Part *s = ask->state;
  Arena *m = decision_mem(d);
  Json *body = json_obj(m), *list = json_put_arr(m, body, S("lsh"));
  (void)cx;
  for (const Json *x = json_get(ask->cmd->args, S("lsh"))->first; x; x = x->next) {
    const Version *v = part__lsh(s, x->str);
    if (v && (v->status == ROW_SENT || v->status == ROW_ACCEPTED)) json_push_str(m, list, v->lsh);
  }
  json_put_str(m, body, S("target"), s->target);
  json_put_int(m, body, S("project"), s->project);
  if (list->count) decision_emit(d, "exchange.requeued", 1, body);
  return OK;
}

/* ---- once more ---------------------------------------------------------------------------------------------------------- */

static Code decide_again(Cx *cx, const Ask *ask, Decision *d) {
  const Part *s = ask->state;
  Str lsh = json_str(ask->cmd->args, S("lsh"));
  const Version *one = lsh.len ? part__lsh(s, lsh) : NULL;
  if (lsh.len && !one) FAIL_AT(NOT_FOUND, S("lsh"), S(""), "没有流水号是 %.*s 的行。", SFMT(lsh));
  if (one && one->status == ROW_HELD) FAIL_AT(CONFLICT, S("lsh"), S(""), "这一行没有通过本系统的检查，还没有发。改正办件里的数据，系统自动重新检查、发送。");
  if (one && (one->status != ROW_REFUSED || one->voided || !one->valid)) FAIL_AT(CONFLICT, S("lsh"), S(""), "这一行现在是“%.*s”，不用重发。", SFMT(row_status_label(row_status_text(one->status))));
  Making k = making(ask, d, s->count ? str_sub(s->rows[0].lsh, 0, 6) : S(""), S("被退回后重发"), s->project);
  for (size_t i = 0; i < s->count; i++) {
    const Version *v = &s->rows[i];
    if (v->status != ROW_REFUSED || v->voided || !v->valid || (one && one != v)) continue;
    Json *columns = json_obj(k.m);
    for (const Json *c = v->row->first; c; c = c->next)
      if (!str_eqz(c->key, "LSH") && !str_eqz(c->key, "SJSCZT") && !str_eqz(c->key, "SJYXBS") && !str_eqz(c->key, "SJWXYY")) json_put(k.m, columns, c->key, c);
    void_make(&k, v);
    valid_make(&k, v->table, str_sub(v->lsh, 20, 2), v->key, columns, version_next(s, v->table, v->key), v->base, S(""));
  }
  if (!k.rows->count) FAIL(CONFLICT, "这里没有被退回的行，不用重发。");
  emit_prepared(&k, d, s->target);
  return OK;
}

#define HANDS (ROLE_INTEGRATOR | ROLE_SYSADMIN)
const CommandDecl part__commands[PART_COMMANDS] = {
    {.name = "exchange.prepare", .label = "生成待发的行", .help = "系统比较办件和已经报出的行，生成新增、更正和作废的行。", .allow = ROLE_SYSTEM, .creates = true, .decide = decide_prepare, WITH(prepare_args)},
    {.name = "exchange.report", .label = "记录回执", .help = "系统记录对方收到、校验通过或者退回了哪些行。", .allow = ROLE_SYSTEM, .decide = decide_report, WITH(report_args)},
    {.name = "exchange.requeue", .label = "补发", .help = "对账发现对方没有的行，系统用原来的流水号再发。", .allow = ROLE_SYSTEM, .decide = decide_requeue, WITH(requeue_args)},
    {.name = "exchange.again", .label = "重发", .help = "被退回的行作废，重新发送：写流水号是一行，不写是这个项目的全部。", .allow = HANDS, .decide = decide_again, WITH(again_args)}};
