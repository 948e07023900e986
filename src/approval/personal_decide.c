/* SPDX-License-Identifier: Apache-2.0 */
/* personal_decide.c: asking for an erasure, confirming it, looking at a value. */
#include "approval/approval_int.h"
#include "approval/personal.h"

enum { DIGITS_MAX = 6 };

static const char what[] = "个人信息清除";
#define LAW S("GXF-47")

#define RECORD {.name = "record", .label = "记录", .type = ARG_CODE, .required = true, .max = 60, .hint = "project/12 或 user/账号"}
static const Arg request_args[] = {
    RECORD, {.name = "ground", .label = "清除的情形", .type = ARG_CODE, .required = true, .max = 40, .hint = "政策包 personal.yaml 里的代码"},
    {.name = "reason", .label = "说明", .type = ARG_LONG, .required = true, .min = 2, .max = 500}};
static const Arg confirm_args[] = {PROPOSAL_NO};
static const Arg reject_args[] = {PROPOSAL_NO, PROPOSAL_WHY};
static const Arg look_args[] = {
    RECORD, {.name = "ref", .label = "存放编号", .type = ARG_CODE, .required = true, .max = 80},
    {.name = "purpose", .label = "用途", .type = ARG_CODE, .required = true, .max = 40, .hint = "政策包 personal.yaml 里的代码"},
    {.name = "note", .label = "具体说明", .type = ARG_TEXT, .required = true, .min = 2, .max = 200}};
static const Arg again_args[] = {
    RECORD, {.name = "refs", .label = "存放编号", .type = ARG_LIST, .required = true, .max = 5000},
    {.name = "at", .label = "原来清除的时间", .type = ARG_INT, .required = true},
    {.name = "pos", .label = "原来事件的位置", .type = ARG_INT, .required = true},
    {.name = "leaf", .label = "原来事件的散列", .type = ARG_CODE, .required = true},
    {.name = "list", .label = "清除名单的散列", .type = ARG_CODE, .required = true}};

/* ---- records and their streams ------------------------------------------------------------------- */

static Str exchange(Arena *mem, Str s, char from, char to) {
  char *p = arena_alloc(mem, s.len + 1, 1, 1);
  memcpy(p, s.ptr, s.len);
  p[s.len] = 0;
  for (size_t i = 0; i < s.len; i++)
    if (p[i] == from) {
      p[i] = to;
      break;
    }
  return (Str){.ptr = p, .len = s.len};
}

static bool of_kind(Str record) {
  return str_starts(record, S("project/")) || str_starts(record, S("user/"));
}

Str personal_stream(Arena *mem, Str record) {
  return arena_fmt(mem, "personal/%.*s", SFMT(exchange(mem, record, '/', '-')));
}

Str personal_record(Arena *mem, Str stream) {
  Str head, name;
  if (!str_cut(stream, '/', &head, &name) || !str_eq(head, S("personal"))) return S("");
  Str record = exchange(mem, name, '-', '/');
  return of_kind(record) ? record : S("");
}

static Code personal_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  Str record = json_str(cmd->args, S("record"));
  (void)views;
  if (!of_kind(record)) FAIL_AT(INVALID, S("record"), S(""), "“%.*s”不是有个人信息的记录，写 project/12 或 user/账号。", SFMT(record));
  *stream = personal_stream(cx->mem, record);
  return OK;
}

/* ---- may it go? ---------------------------------------------------------------------------------- */

static Str day_words(Cx *cx, int64_t ms) {
  return day_cn(cx->mem, day_of(ms));
}

/* What is still running needs it; `facts` of personal__facts. */
static Code running_check(Cx *cx, const Json *facts) {
  int64_t running = json_int(facts, S("running"), 0), open = json_int(facts, S("open"), 0);
  if (!json_bool(facts, S("exists"))) FAIL_AT(NOT_FOUND, S("record"), S(""), "没有这个记录，请核对办件编号或账号。");
  if (json_bool(facts, S("user")) && running)
    FAIL_AT(CONFLICT, S("record"), LAW, "这个账号还有 %lld 个项目在办，办理要用到联系电话；全部办结或者撤回以后才能清除。", (long long)running);
  if (running)
    FAIL_AT(CONFLICT, S("record"), LAW, "这个项目还在办理，办理和送达要用到联系人和电话；全部办结或者撤回整个项目以后才能清除。");
  if (open)
    FAIL_AT(CONFLICT, S("record"), LAW, "这个项目还有 %lld 个并行推进的事项没有办完，办完以后才能清除。", (long long)open);
  return OK;
}

static Code kept_check(Cx *cx, const Policy *p, const Ground *g, const Json *facts, int64_t now) {
  int64_t last = json_int(facts, S("last"), 0), until = last + p->personal_keep_days * DAY_MS;
  const char *sample = p->personal_source.sample ? "（示例）" : "";
  if (!g->keeps || now >= until) return OK;
  FAIL_AT(CONFLICT, S("ground"), LAW, "以“%.*s”清除要等保存期限届满：从最后一次办理的 %.*s 起保存 %d 天%s，%.*s 以后可以清除。", SFMT(g->name),
          SFMT(day_words(cx, last)), p->personal_keep_days, sample, SFMT(day_words(cx, until)));
}

static Code erasable(Cx *cx, const Policy *p, Str ground, const Json *facts, int64_t now, const Ground **out) {
  const Ground *g = policy_ground(p, ground);
  if (!p->ground_count) FAIL(CONFLICT, "政策包没有写明可以清除个人信息的情形（personal.yaml），不能清除。");
  if (!g) FAIL_AT(INVALID, S("ground"), LAW, "没有“%.*s”这种清除的情形，请从列表里选择。", SFMT(ground));
  TRY(running_check(cx, facts));
  TRY(kept_check(cx, p, g, facts, now));
  const Json *refs = json_get(facts, S("refs"));
  if (!refs || !refs->count) FAIL_AT(CONFLICT, S("record"), S(""), "这个记录里没有可以清除的个人信息：没有收集过，或者已经清除。");
  *out = g;
  return OK;
}

Code personal_allows(Cx *cx, Db *views, const Policies *ps, Str record, Str ground, int64_t now) {
  const Json *facts = NULL;
  const Ground *g;
  TRY(personal__about(cx, views, record, &facts));
  return erasable(cx, ps->current, ground, facts, now, &g);
}

/* An applicant asks for what is theirs. */
static Code own_check(Cx *cx, const Ask *ask) {
  const Json *f = ask->facts;
  const Actor *a = &ask->cmd->actor;
  Str uscc = json_str(f, S("actor_uscc"));
  if (a->roles & (ROLE_SECADMIN | ROLE_SYSTEM)) return OK;
  if (str_eq(json_str(f, S("owner")), a->id) || (uscc.len && !json_bool(f, S("user")) && str_eq(uscc, json_str(f, S("uscc"))))) return OK;
  FAIL_AT(NOT_FOUND, S("record"), S(""), "没有这个记录，或者它不是您和您单位的。");
}

/* The note is for ever: the number itself must not come into it. */
static bool long_number(Str s) {
  int run = 0;
  for (size_t i = 0; i < s.len; i++) {
    run = s.ptr[i] >= '0' && s.ptr[i] <= '9' ? run + 1 : 0;
    if (run > DIGITS_MAX) return true;
  }
  return false;
}

static Code words_check(Cx *cx, Str field, Str text) {
  if (!long_number(text)) return OK;
  FAIL_AT(INVALID, field, S(""), "说明里不要写号码：说明会一直留在记录里。请只写为什么。");
}

/* ---- the commands -------------------------------------------------------------------------------- */

static const Policy *rules(const Ask *ask) {
  return ((const Policies *)ask->env)->current;
}

static Json *ground_body(Arena *m, int64_t no, Str record, Str ground, Str name, Str basis) {
  Json *body = json_obj(m);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("record"), record);
  json_put_str(m, body, S("ground"), ground);
  json_put_str(m, body, S("ground_name"), name);
  json_put_str(m, body, S("basis"), basis);
  return body;
}

static Code decide_request(Cx *cx, const Ask *ask, Decision *d) {
  const Book *b = ask->state;
  const Json *a = ask->cmd->args;
  const Ground *g = NULL;
  Arena *m = decision_mem(d);
  TRY(own_check(cx, ask));
  TRY(words_check(cx, S("reason"), json_str(a, S("reason"))));
  TRY(book__free(cx, ask, what, S("record")));
  TRY(erasable(cx, rules(ask), json_str(a, S("ground")), ask->facts, ask->now, &g));
  int64_t no = b ? (int64_t)b->count + 1 : 1;
  Json *body = ground_body(m, no, json_str(a, S("record")), g->code, g->name, g->basis), *answer = json_obj(m);
  json_put_str(m, body, S("reason"), json_str(a, S("reason")));
  decision_emit(d, "personal.requested", 1, body);
  json_put_int(m, answer, S("no"), no);
  decision_answer(d, answer);
  return OK;
}

/* The references, and beside them what each is called. */
static void erased_put(Arena *m, Json *body, const Json *refs) {
  Json *erased = json_put_arr(m, body, S("erased")), *names = json_put_arr(m, body, S("names"));
  for (const Json *r = refs ? refs->first : NULL; r; r = r->next) {
    json_push_str(m, erased, json_str(r, S("ref")));
    json_push_str(m, names, json_str(r, S("name")));
  }
}

static Code decide_confirm(Cx *cx, const Ask *ask, Decision *d) {
  const Proposal *p = NULL;
  const Ground *g = NULL;
  Arena *m = decision_mem(d);
  TRY(book__confirm(cx, ask, what, &p));
  TRY(erasable(cx, rules(ask), p->package, ask->facts, ask->now, &g)); /* it may have gone on since */
  Json *body = ground_body(m, p->no, json_str(ask->facts, S("record")), g->code, g->name, g->basis), *answer = json_obj(m);
  erased_put(m, body, json_get(ask->facts, S("refs")));
  json_put_str(m, body, S("requested_by"), p->by);
  json_put_str(m, body, S("requested_name"), p->by_name);
  decision_emit(d, "personal.erased", 1, body);
  json_put_int(m, answer, S("erased"), json_get(body, S("erased"))->count);
  decision_answer(d, answer);
  return OK;
}

/* Taking back is for the one who asked; the others decide. */
static Code decide_reject(Cx *cx, const Ask *ask, Decision *d) {
  const Proposal *p = book_proposal(ask->state, json_int(ask->cmd->args, S("no"), 0));
  if (p && !(ask->cmd->actor.roles & PERSONAL_CONFIRM) && !str_eq(p->by, ask->cmd->actor.id))
    FAIL_AT(NOT_FOUND, S("no"), S(""), "没有这份请求，或者它不是您提出的。");
  TRY(words_check(cx, S("reason"), json_str(ask->cmd->args, S("reason"))));
  return book__reject(cx, ask, what, "personal.rejected", d);
}

/* ---- looking ------------------------------------------------------------------------------------- */

static const Json *ref_of(const Json *facts, Str ref) {
  const Json *refs = json_get(facts, S("refs"));
  for (const Json *r = refs ? refs->first : NULL; r; r = r->next)
    if (str_eq(json_str(r, S("ref")), ref)) return r;
  return NULL;
}

/* A utility that has no item of the case and plans or connects its supply is told whom to call, and nothing else. */
static Code look_place(Cx *cx, const Ask *ask, const Json *ref) {
  uint32_t roles = ask->cmd->actor.roles;
  bool any = roles & (ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR), supplies = json_bool(ask->facts, S("supplies"));
  bool works = any || json_int(ask->facts, S("unit_items"), 0) > 0;
  if (json_bool(ask->facts, S("user")) || !json_bool(ask->facts, S("exists")) || (!works && !supplies))
    FAIL_AT(NOT_FOUND, S("record"), S(""), "没有这个项目，或者它没有归您的单位办理的事项。");
  if (!works && ref && !personal_contact(json_str(ref, S("name"))))
    FAIL_AT(DENIED, S("ref"), S(""), "您的单位在这个项目只有报装和接入的任务，只能看联系人的姓名和电话。");
  return OK;
}

static Code decide_look(Cx *cx, const Ask *ask, Decision *d) {
  const Json *a = ask->cmd->args, *ref = ref_of(ask->facts, json_str(a, S("ref")));
  const Policy *p = rules(ask);
  const Purpose *purpose = policy_purpose(p, json_str(a, S("purpose")));
  Str label, note = json_str(a, S("note"));
  Arena *m = decision_mem(d);
  TRY(look_place(cx, ask, ref));
  if (ask->happened < ask->now) FAIL_AT(INVALID, S("happened"), S(""), "查看个人信息不能补录。");
  if (!ref || personal_field(p, json_str(ref, S("name")), &label) == FIELD_UNSET)
    FAIL_AT(NOT_FOUND, S("ref"), S(""), "这个项目里没有这项个人信息，或者它已经清除。");
  if (!purpose) FAIL_AT(INVALID, S("purpose"), S("GXF-6"), "请选择查看的用途。");
  TRY(words_check(cx, S("note"), note));
  if (json_int(ask->facts, S("looks"), 0) >= p->personal_looks)
    FAIL_AT(LIMIT, S("ref"), S(""), "一小时内最多查看 %d 项完整的个人信息%s，请稍后再看。", p->personal_looks, p->personal_source.sample ? "（示例）" : "");
  Json *body = json_obj(m);
  json_put_str(m, body, S("record"), json_str(a, S("record")));
  json_put_str(m, body, S("ref"), json_str(ref, S("ref")));
  json_put_str(m, body, S("name"), json_str(ref, S("name")));
  json_put_str(m, body, S("purpose"), purpose->code);
  json_put_str(m, body, S("purpose_name"), purpose->name);
  json_put_str(m, body, S("note"), note);
  decision_emit(d, "personal.looked", 1, body);
  return OK;
}

/* The values are gone already (erased.c); this says in the journal of the restored store that and why. */
static Code decide_again(Cx *cx, const Ask *ask, Decision *d) {
  const Json *a = ask->cmd->args;
  Arena *m = decision_mem(d);
  Json *body = json_obj(m), *names = NULL;
  json_put_str(m, body, S("record"), json_str(a, S("record")));
  json_put(m, body, S("erased"), json_clone(m, json_get(a, S("refs"))));
  names = json_put_arr(m, body, S("names"));
  for (const Json *r = json_get(a, S("refs"))->first; r; r = r->next) {
    if (r->kind != JSON_STR) FAIL_AT(INVALID, S("refs"), S(""), "refs 要写存放编号");
    json_push_str(m, names, json_str(ref_of(ask->facts, r->str), S("name")));
  }
  Json *again = json_put_obj(m, body, S("again"));
  json_put_int(m, again, S("at"), json_int(a, S("at"), 0));
  json_put_str(m, again, S("leaf"), json_str(a, S("leaf")));
  json_put_str(m, again, S("list"), json_str(a, S("list")));
  json_put_int(m, again, S("pos"), json_int(a, S("pos"), 0));
  decision_emit(d, "personal.erased", 1, body);
  return OK;
}

const CommandDecl personal_commands[] = {
    {.name = "personal.request", .label = "请求清除个人信息", .help = "请求清除一个记录里的个人信息；由另一个人确认后清除，不能恢复。",
     .allow = PERSONAL_ASK, .creates = true, .decide = decide_request, .args = request_args, .arg_count = COUNT(request_args)},
    {.name = "personal.confirm", .label = "确认清除个人信息", .help = "核对后确认，内容随即清除；不能确认自己提出的。",
     .allow = PERSONAL_CONFIRM, .decide = decide_confirm, .args = confirm_args, .arg_count = COUNT(confirm_args)},
    {.name = "personal.reject", .label = "驳回清除个人信息", .help = "驳回，或者收回自己提出的请求。", .allow = PERSONAL_CONFIRM | PERSONAL_ASK,
     .decide = decide_reject, .args = reject_args, .arg_count = COUNT(reject_args)},
    {.name = "personal.look", .label = "查看个人信息", .help = "写明用途，查看一项完整的个人信息一次；查看会记录下来。", .allow = PERSONAL_LOOK,
     .creates = true, .decide = decide_look, .args = look_args, .arg_count = COUNT(look_args)},
    {.name = "personal.again", .label = "重做清除", .help = "恢复备份以后，按清除名单记下重做的清除。", .allow = ROLE_SYSTEM, .creates = true,
     .decide = decide_again, .args = again_args, .arg_count = COUNT(again_args)},
};
const size_t personal_command_count = COUNT(personal_commands);

const Engine personal_engine_base = {.prefix = "personal",
                                     .fold = personal_fold,
                                     .commands = personal_commands,
                                     .command_count = COUNT(personal_commands),
                                     .open = personal_open,
                                     .facts = personal__facts,
                                     .schema = personal_tables,
                                     .project = personal__project};
