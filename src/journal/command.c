/* SPDX-License-Identifier: Apache-2.0 */
/* command.c: arguments against their declaration; a copy of a command. */
#include "journal/journal_int.h"

enum { TEXT_MAX = 200, LONG_MAX_CHARS = 4000, LIST_MAX = 500 };

enum { NUMBER_MAX_BITS = 53 }; /* what JSON can carry; beyond it the event could not be read again */

static Str arg_label(const Arg *a) {
  return str_of(a->label);
}

static Code text_check(Cx *cx, const Arg *a, Str typed, Str *clean) {
  Str field = str_of(a->name), label = arg_label(a);
  bool plain = utf8_plain(typed); /* nearly always */
  if (!plain && !utf8_valid(typed)) FAIL_AT(INVALID, field, S(""), "“%.*s”不是合法的 UTF-8 文字", SFMT(label));
  if (!plain && (utf8_has_bidi(typed) || utf8_has_control(typed)))
    FAIL_AT(INVALID, field, S(""), "“%.*s”含有看不见的控制字符，请重新输入", SFMT(label));
  Str text = utf8_nfc(cx->mem, str_trim(typed));
  if (a->type != ARG_LONG && (str_has(text, S("\n")) || str_has(text, S("\r"))))
    FAIL_AT(INVALID, field, S(""), "“%.*s”只能写一行", SFMT(label));
  int64_t n = (int64_t)utf8_count(text), max = a->max ? a->max : a->type == ARG_LONG ? LONG_MAX_CHARS : TEXT_MAX;
  if (a->required && !n) FAIL_AT(INVALID, field, S(""), "请填写“%.*s”", SFMT(label));
  if (n && n < a->min)
    FAIL_AT(INVALID, field, S(""), "“%.*s”至少 %lld 个字，现在 %lld 个", SFMT(label), (long long)a->min, (long long)n);
  if (n > max)
    FAIL_AT(INVALID, field, S(""), "“%.*s”最多 %lld 个字，现在 %lld 个", SFMT(label), (long long)max, (long long)n);
  *clean = text;
  return OK;
}

static bool code_like(Str s) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
              c == '/' || c == '-';
    if (!ok) return false;
  }
  return true;
}

static bool choice_has(const char *choices, Str value) {
  Str rest = str_of(choices), one;
  bool more = true;
  while (more) {
    more = str_cut(rest, '|', &one, &rest);
    if (str_eq(one, value)) return true;
  }
  return false;
}

static Code string_check(Cx *cx, const Arg *a, const Json *v, Json *out) {
  Str field = str_of(a->name), label = arg_label(a), text;
  Day day;
  if (v->kind != JSON_STR) FAIL_AT(INVALID, field, S(""), "“%.*s”要写成文字", SFMT(label));
  TRY(text_check(cx, a, v->str, &text));
  if (a->type == ARG_CODE || a->type == ARG_DAY) text = str_trim(utf8_halfwidth(cx->mem, text));
  if (text.len && a->type == ARG_DAY) {
    if (!day_typed(text, &day)) FAIL_AT(INVALID, field, S(""), "“%.*s”要写成日期，如 2026-12-31", SFMT(label));
    text = day_str(cx->mem, day);
  }
  if (text.len && a->type == ARG_CODE && !code_like(text))
    FAIL_AT(INVALID, field, S(""), "“%.*s”只能用字母、数字和 . _ / -", SFMT(label));
  if (text.len && a->type == ARG_CHOICE && !choice_has(a->choices, text))
    FAIL_AT(INVALID, field, S(""), "“%.*s”只能是 %s 之一", SFMT(label), a->choices);
  if (text.len) json_put_str(cx->mem, out, field, text);
  return OK;
}

static Code number_check(Cx *cx, const Arg *a, const Json *v, Json *out) {
  Str field = str_of(a->name), label = arg_label(a);
  int64_t n = v->num;
  if (v->kind == JSON_STR && !str_to_i64(str_trim(utf8_halfwidth(cx->mem, v->str)), &n))
    FAIL_AT(INVALID, field, S(""), "“%.*s”要写成整数", SFMT(label));
  if (v->kind != JSON_INT && v->kind != JSON_STR) FAIL_AT(INVALID, field, S(""), "“%.*s”要写成整数", SFMT(label));
  const int64_t most = (int64_t)1 << NUMBER_MAX_BITS;
  if (n < -most || n > most) FAIL_AT(INVALID, field, S(""), "“%.*s”的数太大", SFMT(label));
  if ((a->min || a->max) && (n < a->min || n > a->max))
    FAIL_AT(INVALID, field, S(""), "“%.*s”要在 %lld 到 %lld 之间", SFMT(label), (long long)a->min, (long long)a->max);
  json_put_int(cx->mem, out, field, n);
  return OK;
}

/* What lies inside an object or a list goes into the journal as it is: it must at least be text. */
static Code inner_check(Cx *cx, const Arg *a, const Json *v) {
  Str field = str_of(a->name), label = arg_label(a);
  for (const Json *kid = v->first; kid; kid = kid->next) {
    if (!utf8_valid(kid->key) || !utf8_valid(kid->str))
      FAIL_AT(INVALID, field, S(""), "“%.*s”里有不是合法 UTF-8 的文字", SFMT(label));
    if (utf8_has_bidi(kid->key) || utf8_has_control(kid->key) || utf8_has_bidi(kid->str) || utf8_has_control(kid->str))
      FAIL_AT(INVALID, field, S(""), "“%.*s”里含有看不见的控制字符，请重新输入", SFMT(label));
    TRY(inner_check(cx, a, kid));
  }
  return OK;
}

static Code arg_check(Cx *cx, const Arg *a, const Json *v, Json *out) {
  Str field = str_of(a->name), label = arg_label(a);
  int64_t most = a->max ? a->max : LIST_MAX;
  switch (a->type) {
    case ARG_TEXT:
    case ARG_LONG:
    case ARG_DAY:
    case ARG_CHOICE:
    case ARG_CODE: return string_check(cx, a, v, out);
    case ARG_INT: return number_check(cx, a, v, out);
    case ARG_BOOL:
      if (v->kind != JSON_BOOL) FAIL_AT(INVALID, field, S(""), "“%.*s”只能是 true 或 false", SFMT(label));
      json_put_bool(cx->mem, out, field, v->num);
      return OK;
    case ARG_OBJECT:
      if (v->kind != JSON_OBJ) FAIL_AT(INVALID, field, S(""), "“%.*s”要写成对象", SFMT(label));
      break;
    case ARG_LIST:
      if (v->kind != JSON_ARR) FAIL_AT(INVALID, field, S(""), "“%.*s”要写成列表", SFMT(label));
      break;
    case ARG_UNSET:
    case ARG__MAX: FAIL(BROKEN, "参数 %s 没有声明类型", a->name);
  }
  if (v->count > most) FAIL_AT(LIMIT, field, S(""), "“%.*s”最多 %lld 项", SFMT(label), (long long)most);
  if (a->required && !v->count && a->type == ARG_LIST) FAIL_AT(INVALID, field, S(""), "“%.*s”不能为空", SFMT(label));
  TRY(inner_check(cx, a, v));
  json_put(cx->mem, out, field, json_clone(cx->mem, v));
  return OK;
}

Code command_check(Cx *cx, const CommandDecl *d, const Json *args, Json **clean) {
  Json *out = json_obj(cx->mem);
  if (args && args->kind != JSON_OBJ) FAIL(INVALID, "参数要写成一个对象");
  for (const Json *v = args ? args->first : NULL; v; v = v->next) {
    const Arg *found = NULL;
    for (size_t i = 0; i < d->arg_count; i++)
      if (str_eqz(v->key, d->args[i].name)) found = &d->args[i];
    if (!utf8_valid(v->key)) FAIL(INVALID, "参数的名称不是合法的 UTF-8 文字");
    if (!found) FAIL_AT(INVALID, v->key, S(""), "“%s”没有名为 %.*s 的参数", d->label, SFMT(v->key));
    TRY(arg_check(cx, found, v, out));
  }
  for (size_t i = 0; i < d->arg_count; i++) {
    Str name = str_of(d->args[i].name);
    if (d->args[i].required && !json_get(out, name)) FAIL_AT(INVALID, name, S(""), "请填写“%s”", d->args[i].label);
  }
  *clean = out;
  return OK;
}

Json *command_faults(Arena *mem, const CommandDecl *d, const Json *args) {
  Json *list = json_arr(mem);
  for (size_t i = 0; i < d->arg_count; i++) {
    Cx one = {.mem = mem};
    Json *out = json_obj(mem);
    const Json *v = json_get(args, str_of(d->args[i].name));
    Code code = v ? arg_check(&one, &d->args[i], v, out) : OK;
    bool missing = code == OK && d->args[i].required && !json_get(out, str_of(d->args[i].name));
    if (code == OK && !missing) continue;
    Json *o = json_push_obj(mem, list);
    json_put_str(mem, o, S("field"), str_of(d->args[i].name));
    json_put_str(mem, o, S("text"), missing ? arena_fmt(mem, "请填写“%s”", d->args[i].label) : one.detail);
  }
  return list;
}

/* ---- size ---------------------------------------------------------------------------------------- */

/* A tree of args takes about 80 bytes for each value, and is copied a few times on its way. */
enum { VALUES_MAX = 50000 };

static size_t values_in(const Json *j) {
  size_t n = 1;
  for (const Json *kid = j ? j->first : NULL; kid; kid = kid->next) n += values_in(kid);
  return n;
}

bool command__fits(const Command *c) {
  return values_in(c->args) <= VALUES_MAX;
}

/* ---- copies ------------------------------------------------------------------------------------- */

static Actor actor_keep(Arena *m, const Actor *a) {
  return (Actor){.id = arena_str(m, a->id), .name = arena_str(m, a->name), .unit = arena_str(m, a->unit),
                 .roles = a->roles, .behalf = arena_str(m, a->behalf)};
}

Command command__keep(Arena *m, const Command *c) {
  Command k = {.name = arena_str(m, c->name), .stream = arena_str(m, c->stream), .key = arena_str(m, c->key),
               .actor = actor_keep(m, &c->actor), .now = c->now, .happened = c->happened,
               .args = c->args ? json_clone(m, c->args) : json_obj(m), .personal_count = c->personal_count};
  Personal *list = arena_array(m, Personal, c->personal_count + 1);
  for (size_t i = 0; i < c->personal_count; i++)
    list[i] = (Personal){.ref = arena_str(m, c->personal[i].ref), .kind = arena_str(m, c->personal[i].kind),
                         .value = arena_str(m, c->personal[i].value)};
  k.personal = list;
  return k;
}
