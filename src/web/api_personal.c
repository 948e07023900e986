/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_personal.c: personal data through the API. A client sends "personal": {"phone": "0429-3112345"} and writes
 * "personal:phone" where the argument stands; the value goes into the vault, the argument becomes its reference.
 * No client chooses references itself: it could name another person's.
 */
#include "web/web_int.h"

#define MARK "personal:"
enum { VALUES_MAX = 16, VALUE_BYTES_MAX = 400 };

typedef struct Moving {
  Cx *cx;
  Request *rq;
  const Json *given;     /* name → text */
  Personal list[VALUES_MAX];
  size_t count;
  int64_t stage;         /* of the arguments: its form says what a value must look like */
} Moving;

static Code value_check(const Moving *v, Str name, Str value, Str *clean) {
  Cx *cx = v->cx;
  if (str_eq(name, S("password"))) FAIL_AT(DENIED, name, S(""), "口令不能经接口设置，请在注册页或用命令行设置。");
  if (!value.len || value.len > VALUE_BYTES_MAX || utf8_has_control(value) || utf8_has_bidi(value))
    FAIL_AT(INVALID, name, S(""), "personal.%.*s 应为 1 至 %d 字节的一行文字。", SFMT(name), VALUE_BYTES_MAX);
  *clean = value;
  if (str_eq(name, S("phone")) && !phone_valid(value))
    FAIL_AT(INVALID, name, S(""), "电话写手机号码，或带区号的座机号码，如 0429-3112345。");
  if (str_eq(name, S("email")) && !email_valid(value)) FAIL_AT(INVALID, name, S(""), "邮箱写成 name@example.com 的样子。");
  bool staged = v->stage >= 1 && v->stage <= STAGE_MAX;
  const Field *f = staged ? policy_field(v->rq->app->policy, (int)v->stage, name) : NULL;
  return f ? field_check(cx, f, value, clean) : OK;
}

static Code ref_of(Moving *v, Str name, Str *ref) {
  Cx *cx = v->cx;
  for (size_t i = 0; i < v->count; i++)
    if (str_eq(v->list[i].kind, name)) {
      *ref = v->list[i].ref;
      return OK;
    }
  const Json *given = json_get(v->given, name);
  Str clean;
  if (!given || given->kind != JSON_STR)
    FAIL_AT(INVALID, S("personal"), S(""), "personal 里没有文字 %.*s。", SFMT(name));
  if (v->count == VALUES_MAX) FAIL_AT(LIMIT, S("personal"), S(""), "personal 最多 %d 项。", VALUES_MAX);
  TRY(value_check(v, name, given->str, &clean));
  *ref = personal_ref(v->rq->mem);
  v->list[v->count++] = (Personal){.ref = *ref, .kind = name, .value = clean};
  return OK;
}

static bool is_ref(Str s) { /* as random_token(16) makes them */
  return s.len == 3 + 22 && str_starts(s, S(PERSONAL_MARK));
}

static Code move(Moving *v, Json *at) {
  Cx *cx = v->cx;
  if (at->kind == JSON_STR && is_ref(at->str))
    FAIL_AT(INVALID, at->key, S(""), "个人信息的存放编号由系统给出：把内容写在 personal 里，这里写 personal:名称。");
  if (at->kind == JSON_STR && str_starts(at->str, S(MARK)))
    return ref_of(v, str_sub(at->str, sizeof MARK - 1, at->str.len), &at->str);
  for (Json *child = at->first; child; child = child->next) TRY(move(v, child));
  return OK;
}

Code api_personal(Cx *cx, Request *rq, const Json *given, Json *args, Command *c) {
  Moving *v = arena_new(rq->mem, Moving);
  *v = (Moving){.cx = cx, .rq = rq, .given = given, .stage = json_int(args, S("stage"), 0)};
  if (given && given->kind != JSON_OBJ) FAIL_AT(MALFORMED, S("personal"), S(""), "personal 应为对象。");
  TRY(move(v, args));
  if (given && given->count != v->count)
    FAIL_AT(INVALID, S("personal"), S(""), "personal 有 %u 项，参数里只用到 %zu 项。", given->count, v->count);
  c->personal = v->list;
  c->personal_count = v->count;
  return OK;
}
