/* SPDX-License-Identifier: Apache-2.0 */
/* draw.c: list and hash first, then commitments, then secrets, then the public number, then who is drawn; then what was found. */
#include "inspect/inspect_int.h"

enum { BEACON_DAYS = 60, VALUE_MAX = 60 };
static const Arg open_args[] = {
    {.name = "plan", .label = "抽查计划", .type = ARG_INT, .required = true, .min = 1, .max = 1000000},
    {.name = "parties", .label = "参与各方", .type = ARG_LIST, .required = true, .max = SPOT_PARTIES_MAX, .hint = "账号；至少两人，不能都是一个单位的"},
    {.name = "beacon", .label = "公开随机数", .type = ARG_TEXT, .required = true, .min = 4, .max = 100, .hint = "届时由外界产生、人人查得到的数，例如某日某指数的收盘点位"},
    {.name = "beacon_at", .label = "产生时间", .type = ARG_TEXT, .required = true, .max = 30, .hint = "例如 2026-11-27 15:30；各方在这以前承诺和揭示"}};
static const Arg commit_args[] = {{.name = "commitment", .label = "承诺", .type = ARG_CODE, .required = true, .min = 64, .max = 64,
                                   .hint = "64 位十六进制数，由名单散列、账号和暗语算出"}};
static const Arg reveal_args[] = {{.name = "secret", .label = "暗语", .type = ARG_CODE, .required = true, .min = 16, .max = 80}};
static const Arg complete_args[] = {{.name = "value", .label = "公开随机数的值", .type = ARG_CODE, .required = true, .min = 1, .max = VALUE_MAX,
                                     .hint = "照公布的原样填写，不加空格"}};
static const Arg void_args[] = {REASON};
static const Arg record_args[] = {
    {.name = "object", .label = "检查对象", .type = ARG_CODE, .required = true},
    {.name = "result", .label = "检查结果", .type = ARG_CHOICE, .required = true, .choices = "ok|ordered|pending|refused|unreachable"},
    {.name = "finding", .label = "检查情况", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}};
static const Arg confirm_args[] = {{.name = "object", .label = "检查对象", .type = ARG_CODE, .required = true}};
static const Arg back_args[] = {{.name = "object", .label = "检查对象", .type = ARG_CODE, .required = true}, REASON};

/* ---- the list and its hash ------------------------------------------------------------------------------------------- */

static Code parties_check(Cx *cx, const Ask *ask) {
  const Json *list = json_get(ask->facts, S("accounts")), *asked = json_get(ask->cmd->args, S("parties"));
  bool apart = false;
  uint32_t roles = 0;
  if (asked->count < 2) FAIL_AT(INVALID, S("parties"), S(SPOT_CLAUSE), "至少要两方参与，任何一方都不能单独决定结果");
  for (const Json *x = asked->first; x; x = x->next)
    for (const Json *y = asked->first; y != x; y = y->next)
      if (str_eq(x->str, y->str)) FAIL_AT(INVALID, S("parties"), S(SPOT_CLAUSE), "“%.*s”写了两次", SFMT(x->str));
  for (const Json *a = list->first; a; a = a->next) {
    TRY(roles_parse(cx, json_str(a, S("roles")), &roles));
    if (!(roles & (ROLE_SUPERVISOR | ROLE_UNIT_HEAD | ROLE_LEADER | ROLE_AUDITOR)) || json_int(a, S("disabled"), 0))
      FAIL_AT(INVALID, S("parties"), S(SPOT_CLAUSE), "“%.*s”不能参与抽取：请选择在用的监督人员、部门负责人、市领导或者审计人员", SFMT(json_str(a, S("id"))));
    apart |= !str_eq(json_str(a, S("unit")), json_str(list->first, S("unit")));
  }
  if (list->count < asked->count) FAIL_AT(INVALID, S("parties"), S(""), "参与各方里有不存在的账号，请从名单中选择");
  if (!apart) FAIL_AT(INVALID, S("parties"), S(SPOT_CLAUSE), "参与各方不能都是一个单位的");
  return OK;
}

/* As people type it: "2026-11-27 15:30", "2026年11月27日15：30". */
static bool moment_read(Arena *mem, Str s, int64_t *at) {
  static const struct { const char *typed, *meant; } signs[] = {{"年", "-"}, {"月", "-"}, {"日", "T"}, {"　", "T"}, {" ", "T"}, {"：", ":"}};
  Buf b;
  buf_init(&b, 64);
  for (size_t i = 0; i < s.len;) {
    size_t k = 0;
    while (k < COUNT(signs) && !str_starts(str_sub(s, i, SIZE_MAX), str_of(signs[k].typed))) k++;
    Str add = k < COUNT(signs) ? str_of(signs[k].meant) : str_sub(s, i, 1);
    bool twice = str_eqz(add, "T") && str_ends(buf_str(&b), S("T"));
    if (!twice) buf_add(&b, add);
    i += k < COUNT(signs) ? strlen(signs[k].typed) : 1;
  }
  bool read = time_parse(arena_str(mem, buf_str(&b)), at);
  buf_drop(&b);
  return read;
}

static Code beacon_check(Cx *cx, const Ask *ask, int64_t *at) {
  if (!moment_read(cx->mem, str_trim(json_str(ask->cmd->args, S("beacon_at"))), at))
    FAIL_AT(INVALID, S("beacon_at"), S(""), "产生时间写成 2026-11-27 15:30 这样");
  if (*at <= ask->now) FAIL_AT(INVALID, S("beacon_at"), S(SPOT_CLAUSE), "公开随机数要在以后才产生，否则名单可以照着它编");
  if (*at > ask->now + BEACON_DAYS * DAY_MS) FAIL_AT(INVALID, S("beacon_at"), S(""), "产生时间最迟在 %d 天以内", BEACON_DAYS);
  return OK;
}

static Code plan_check(Cx *cx, const Ask *ask) {
  const Json *plan = json_get(ask->facts, S("plan")), *before = json_get(ask->facts, S("attempts"));
  Str number = json_str(plan, S("number"));
  if (!plan) FAIL_AT(INVALID, S("plan"), S(""), "没有这个抽查计划，请从列表中选择");
  if (!str_eqz(json_str(plan, S("status")), "published")) FAIL_AT(CONFLICT, S("plan"), S(SPOT_CLAUSE), "%.*s 还没有公布或者已经取消，不能抽取。", SFMT(number));
  for (const Json *a = before ? before->first : NULL; a; a = a->next)
    if (!str_eqz(json_str(a, S("status")), "voided"))
      FAIL_AT(CONFLICT, S("plan"), S(SPOT_CLAUSE), "%.*s 第 %lld 次抽取没有中止，不能再抽。", SFMT(number), (long long)json_int(a, S("attempt"), 0));
  return OK;
}

static Code decide_open(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Json *plan = json_get(ask->facts, S("plan")), *before = json_get(ask->facts, S("attempts")), *objects = json_get(ask->facts, S("objects"));
  int attempt = before ? (int)before->count + 1 : 1;
  int64_t at = 0;
  Str list = S("");
  size_t wanted = 0;
  TRY(kit_now(cx, ask));
  TRY(plan_check(cx, ask));
  TRY(parties_check(cx, ask));
  TRY(beacon_check(cx, ask, &at));
  if (!kit_policy(ask)->spot_days) FAIL(INVALID, "政策包没有写明双随机抽查的设置（spot_days），请先补上。");
  if (!objects->count) FAIL_AT(CONFLICT, S("plan"), S(SPOT_CLAUSE), "这个计划的范围里没有在办的项目，没有可以抽取的对象。");
  if (objects->count > SPOT_OBJECTS_MAX) FAIL_AT(LIMIT, S("plan"), S(""), "对象超过 %d 个，请缩小抽查计划的范围。", SPOT_OBJECTS_MAX);
  TRY(list__make(cx, ask, json_str(plan, S("number")), attempt, at, &list));
  TRY(lot_draw(cx, list, NULL, NULL, &wanted));
  if (!wanted) FAIL_AT(CONFLICT, S("plan"), S(SPOT_CLAUSE), "按现在的比例一个对象也抽不到，请写明抽取数量。");
  Str hash = hash_hex(m, lot_hash(list));
  Json *body = json_obj(m), *parties = json_put_arr(m, body, S("parties"));
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_int(m, body, S("plan"), json_int(plan, S("no"), 0));
  json_put_str(m, body, S("number"), json_str(plan, S("number")));
  json_put_str(m, body, S("title"), json_str(plan, S("title")));
  json_put_int(m, body, S("attempt"), attempt);
  json_put_str(m, body, S("list"), list);
  json_put_str(m, body, S("hash"), hash);
  json_put_int(m, body, S("objects"), objects->count);
  json_put_int(m, body, S("inspectors"), json_get(ask->facts, S("inspectors"))->count);
  json_put_int(m, body, S("wanted"), (int64_t)wanted);
  for (const Json *a = json_get(ask->facts, S("accounts"))->first; a; a = a->next) {
    Json *o = json_push_obj(m, parties);
    json_put_str(m, o, S("id"), json_str(a, S("id")));
    json_put_str(m, o, S("name"), json_str(a, S("name")));
  }
  json_put_str(m, body, S("beacon"), json_str(ask->cmd->args, S("beacon")));
  json_put_int(m, body, S("beacon_at"), at);
  json_put(m, body, S("people"), list__people(m, ask->facts));
  json_put_int(m, body, S("days"), kit_policy(ask)->spot_days);
  decision_emit(d, "draw.opened", 1, body);
  kit_answer(d, "hash", hash, json_int(ask->facts, S("no"), 0));
  return OK;
}

/* ---- commitments and secrets -------------------------------------------------------------------------------------------- */

static Code wrong_state(Cx *cx, const SpotDraw *d, const char *cannot) {
  Str label = inspect_label(d->status);
  FAIL_AT(CONFLICT, S(""), S(SPOT_CLAUSE), "%.*s 第 %d 次抽取现在是“%.*s”，不能%s。", SFMT(d->number), d->attempt, SFMT(label), cannot);
}

static Code of_party(Cx *cx, const Ask *ask, const SpotDraw *d, const SpotParty **out) {
  TRY(kit_now(cx, ask));
  for (size_t i = 0; i < d->party_count; i++)
    if (str_eq(d->parties[i].id, ask->cmd->actor.id)) {
      *out = &d->parties[i];
      return OK;
    }
  FAIL_AT(DENIED, S(""), S(SPOT_CLAUSE), "您不是这次抽取的参与方。");
}

static Code in_time(Cx *cx, const Ask *ask, const SpotDraw *d, const char *what) {
  Str moment = time_cn(cx->mem, d->beacon_at);
  if (ask->now >= d->beacon_at) FAIL_AT(CONFLICT, S(""), S(SPOT_CLAUSE), "公开随机数在 %.*s 已经产生，不能再%s。", SFMT(moment), what);
  return OK;
}

static Code decide_commit(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"commitment", NULL};
  const SpotDraw *w = ask->state;
  const SpotParty *p = NULL;
  Hash hash;
  TRY(of_party(cx, ask, w, &p));
  if (!str_eqz(w->status, "committing")) return wrong_state(cx, w, "承诺");
  TRY(in_time(cx, ask, w, "承诺"));
  if (p->committed) FAIL_AT(CONFLICT, S("commitment"), S(SPOT_CLAUSE), "您已经承诺过，承诺不能更改。");
  if (!hash_unhex(json_str(ask->cmd->args, S("commitment")), &hash))
    FAIL_AT(INVALID, S("commitment"), S(""), "承诺是 64 位十六进制数（小写），请照计算结果原样填写");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("party"), p->id);
  decision_emit(d, "draw.committed", 1, body);
  return OK;
}

static Code decide_reveal(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"secret", NULL};
  const SpotDraw *w = ask->state;
  const SpotParty *p = NULL;
  TRY(of_party(cx, ask, w, &p));
  if (str_eqz(w->status, "committing")) {
    Str missing = parties__missing(cx->mem, w, false);
    FAIL_AT(CONFLICT, S("secret"), S(SPOT_CLAUSE), "%.*s还没有承诺；各方都承诺以后才能揭示，否则后承诺的人可以照着改。", SFMT(missing));
  }
  if (!str_eqz(w->status, "revealing")) return wrong_state(cx, w, "揭示");
  TRY(in_time(cx, ask, w, "揭示"));
  if (p->revealed) FAIL_AT(CONFLICT, S("secret"), S(SPOT_CLAUSE), "您已经揭示过。");
  if (!str_eq(lot_commitment(cx->mem, w->hash, p->id, json_str(ask->cmd->args, S("secret"))), p->commitment))
    FAIL_AT(INVALID, S("secret"), S(SPOT_CLAUSE), "这个暗语与您的承诺不符，请核对大小写和每一个字符");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("party"), p->id);
  decision_emit(d, "draw.revealed", 1, body);
  return OK;
}

/* ---- drawing, or not ------------------------------------------------------------------------------------------------------ */

static Hash seed_of(Cx *cx, const SpotDraw *w, Str value) {
  Str text = arena_fmt(cx->mem, LOT_HEAD " seed\n%.*s\n", SFMT(w->hash));
  for (size_t i = 0; i < w->party_count; i++)
    text = arena_fmt(cx->mem, "%.*s%.*s %.*s\n", SFMT(text), SFMT(w->parties[i].id), SFMT(w->parties[i].secret));
  return lot_hash(arena_fmt(cx->mem, "%.*svalue %.*s\n", SFMT(text), SFMT(value)));
}

static Code decide_complete(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"value", NULL};
  const SpotDraw *w = ask->state;
  Arena *m = decision_mem(d);
  LotPick *picks = NULL;
  size_t n = 0;
  TRY(kit_now(cx, ask));
  if (!str_eqz(w->status, "waiting")) return wrong_state(cx, w, "抽取：各方都揭示以后，等公开随机数产生");
  Str moment = time_cn(cx->mem, w->beacon_at);
  if (ask->now < w->beacon_at) FAIL_AT(CONFLICT, S("value"), S(SPOT_CLAUSE), "公开随机数在 %.*s 产生，到时候再录入。", SFMT(moment));
  Hash seed = seed_of(cx, w, json_str(ask->cmd->args, S("value")));
  TRY(lot_draw(cx, w->list, &seed, &picks, &n));
  Json *body = kit_body(d, ask, names), *list = json_put_arr(m, body, S("picks"));
  json_put_str(m, body, S("seed"), hash_hex(m, seed));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list), *certs = json_put_arr(m, o, S("certs"));
    json_put_str(m, o, S("object"), picks[i].object);
    json_put_str(m, o, S("class"), picks[i].class);
    for (int k = 0; k < SPOT_PAIR; k++) json_push_str(m, certs, picks[i].certs[k]);
  }
  decision_emit(d, "draw.drawn", 1, body);
  return OK;
}

static Code decide_void(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const SpotDraw *w = ask->state;
  TRY(kit_now(cx, ask));
  if (str_eqz(w->status, "drawn") || str_eqz(w->status, "voided")) return wrong_state(cx, w, "中止");
  decision_emit(d, "draw.voided", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_expire(Cx *cx, const Ask *ask, Decision *d) {
  const SpotDraw *w = ask->state;
  bool reveal = str_eqz(w->status, "revealing");
  if (!reveal && !str_eqz(w->status, "committing")) return wrong_state(cx, w, "因逾期中止");
  if (ask->now < w->beacon_at) return wrong_state(cx, w, "因逾期中止：时间还没有到");
  Arena *m = decision_mem(d);
  Str missing = parties__missing(m, w, reveal);
  Json *body = json_obj(m);
  json_put_str(m, body, S("reason"), arena_fmt(m, "%.*s没有%s", SFMT(missing), reveal ? "揭示" : "承诺"));
  decision_emit(d, "draw.voided", 1, body);
  return OK;
}

/* ---- what the two inspectors found ------------------------------------------------------------------------------------------ */

static Code own_check(Cx *cx, const Ask *ask, const SpotCheck **out) {
  const SpotDraw *w = ask->state;
  Str object = json_str(ask->cmd->args, S("object"));
  const SpotCheck *c = draw_check(w, object);
  TRY(kit_now(cx, ask));
  if (!c) FAIL_AT(NOT_FOUND, S("object"), S(SPOT_CLAUSE), "这次抽取没有抽中 %.*s，请从列表里重新打开。", SFMT(object));
  bool mine = false;
  for (int k = 0; k < SPOT_PAIR; k++) mine |= str_eq(c->persons[k], ask->cmd->actor.id);
  if (!mine) FAIL_AT(DENIED, S("object"), S(SPOT_CLAUSE), "%.*s 由抽中的%.*s、%.*s检查。", SFMT(object), SFMT(c->names[0]), SFMT(c->names[1]));
  if (c->published) FAIL_AT(CONFLICT, S("object"), S(SPOT_CLAUSE), "%.*s 的结果已经公示，不能更改。", SFMT(object));
  *out = c;
  return OK;
}

static Code decide_record(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"object", "result", "finding", NULL};
  const SpotCheck *c = NULL;
  TRY(own_check(cx, ask, &c));
  if (c->confirmed) FAIL_AT(CONFLICT, S("result"), S(SPOT_CLAUSE), "结果已经由两名检查人员确认，不能更改。");
  if (c->recorded && !str_eq(c->recorded_by, ask->cmd->actor.id))
    FAIL_AT(CONFLICT, S("result"), S(SPOT_CLAUSE), "另一名检查人员已经记录了结果，请确认或者写明理由退回。");
  decision_emit(d, "draw.recorded", 1, kit_body(d, ask, names));
  return OK;
}

static Code other_one(Cx *cx, const Ask *ask, const SpotCheck **out, const char *what) {
  const SpotCheck *c = NULL;
  TRY(own_check(cx, ask, &c));
  *out = c;
  if (!c->recorded) FAIL_AT(CONFLICT, S("object"), S(SPOT_CLAUSE), "还没有记录结果，不能%s。", what);
  if (c->confirmed) FAIL_AT(CONFLICT, S("object"), S(SPOT_CLAUSE), "结果已经由两名检查人员确认。");
  if (str_eq(c->recorded_by, ask->cmd->actor.id)) FAIL_AT(DENIED, S("object"), S("行政处罚法 第四十二条"), "执法人员不少于两人：结果是您记录的，由另一名检查人员%s。", what);
  return OK;
}

static Code decide_confirm(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"object", NULL};
  const SpotCheck *c = NULL;
  TRY(other_one(cx, ask, &c, "确认"));
  decision_emit(d, "draw.confirmed", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_back(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"object", "reason", NULL};
  const SpotCheck *c = NULL;
  TRY(other_one(cx, ask, &c, "退回"));
  decision_emit(d, "draw.sent-back", 1, kit_body(d, ask, names));
  return OK;
}

/* One click: whatever is confirmed and not yet published, to all targets. */
static Code decide_publish(Cx *cx, const Ask *ask, Decision *d) {
  const SpotDraw *w = ask->state;
  const Policy *p = kit_policy(ask);
  Arena *m = decision_mem(d);
  TRY(kit_now(cx, ask));
  Json *body = json_obj(m), *objects = json_put_arr(m, body, S("objects")), *targets = json_put_arr(m, body, S("targets"));
  for (size_t i = 0; i < w->check_count; i++)
    if (w->checks[i].confirmed && !w->checks[i].published) json_push_str(m, objects, w->checks[i].object);
  if (!objects->count) FAIL_AT(CONFLICT, S(""), S(SPOT_CLAUSE), "没有可以公示的结果：要先由两名检查人员记录和确认。");
  for (size_t i = 0; i < p->spot_target_count; i++) json_push_str(m, targets, p->spot_targets[i]);
  decision_emit(d, "draw.published", 1, body);
  return OK;
}

#define PARTY (ROLE_SUPERVISOR | ROLE_UNIT_HEAD | ROLE_LEADER | ROLE_AUDITOR)
#define INSPECTOR (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
const CommandDecl draw__commands[DRAW_COMMANDS] = {
    {.name = "draw.open", .label = "公布抽取名单", .help = "照现在的对象和检查人员名录编制名单，公布名单和它的散列；名单从此不能更改。", .allow = ROLE_SUPERVISOR, .creates = true,
     .decide = decide_open, WITH(open_args)},
    ROW("draw.commit", "承诺", "参与方交出暗语的散列，不交暗语。", PARTY, decide_commit, commit_args),
    ROW("draw.reveal", "揭示", "各方都承诺以后，参与方交出暗语。", PARTY, decide_reveal, reveal_args),
    ROW("draw.complete", "录入公开随机数并抽取", "公开随机数产生以后录入；种子由名单散列、各方暗语和它算出，结果随之确定。", ROLE_SUPERVISOR, decide_complete, complete_args),
    ROW("draw.void", "中止抽取", "写明理由；中止和理由在公示页上，重抽的名单写明前次。", ROLE_SUPERVISOR, decide_void, void_args),
    {.name = "draw.expire", .label = "因逾期中止", .help = "公开随机数产生时还有人没有承诺或者没有揭示，由系统中止并写明是谁。", .allow = ROLE_SYSTEM, .decide = decide_expire},
    ROW("draw.record", "记录检查结果", "抽中的一名检查人员记录结果。", INSPECTOR, decide_record, record_args),
    ROW("draw.confirm", "确认检查结果", "另一名检查人员确认。", INSPECTOR, decide_confirm, confirm_args),
    ROW("draw.send-back", "退回检查结果", "另一名检查人员写明理由，退回重新记录。", INSPECTOR, decide_back, back_args),
    {.name = "draw.publish", .label = "公示检查结果", .help = "一次把确认了的结果全部公示，给每个公示网站各一份。", .allow = ROLE_SUPERVISOR, .decide = decide_publish},
};
