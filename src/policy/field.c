/* SPDX-License-Identifier: Apache-2.0 */
/* field.c: one typed value of a form. Each refusal says what to type. */
#include "policy/policy.h"

enum { TEXT_MAX = 200, LONG_MAX_CHARS = 4000 };

static Code need(Cx *cx, const Field *f, const char *what) {
  FAIL_AT(INVALID, f->name, S(""), "%s“%.*s”%s%.*s", what, SFMT(f->label), f->hint.len ? "：" : "", SFMT(f->hint));
}

static Code text_check(Cx *cx, const Field *f, Str typed, Str *clean) {
  if (utf8_has_bidi(typed) || utf8_has_control(typed))
    FAIL_AT(INVALID, f->name, S(""), "“%.*s”含有看不见的控制字符，请重新输入", SFMT(f->label));
  if (f->type == FIELD_TEXT && str_has(typed, S("\n")))
    FAIL_AT(INVALID, f->name, S(""), "“%.*s”只能写一行", SFMT(f->label));
  Str text = utf8_nfc(cx->mem, typed);
  int64_t n = (int64_t)utf8_count(text), max = f->max ? f->max : f->type == FIELD_LONG ? LONG_MAX_CHARS : TEXT_MAX;
  if (n < f->min) FAIL_AT(INVALID, f->name, S(""), "“%.*s”至少写 %lld 个字", SFMT(f->label), (long long)f->min);
  if (n > max) FAIL_AT(INVALID, f->name, S(""), "“%.*s”最多写 %lld 个字，现在 %lld 个", SFMT(f->label), (long long)max, (long long)n);
  *clean = text;
  return OK;
}

static Code number_check(Cx *cx, const Field *f, Str typed, Str *clean) {
  bool decimal = f->type == FIELD_DECIMAL;
  Milli v = {0};
  int64_t n = 0, scale = decimal ? 1000 : 1;
  bool ok = decimal ? milli_parse(typed, &v) : str_to_i64(typed, &n);
  if (decimal) n = v.v;
  if (!ok)
    FAIL_AT(INVALID, f->name, S(""), "“%.*s”用%s填写，如 %s%s%.*s", SFMT(f->label), decimal ? "数字" : "整数",
            decimal ? "1250.5" : "12", f->hint.len ? "；" : "", SFMT(f->hint));
  if ((f->min || f->max) && (n < f->min || (f->max && n > f->max)))
    FAIL_AT(INVALID, f->name, S(""), "“%.*s”应在 %lld 到 %lld 之间", SFMT(f->label), (long long)(f->min / scale),
            (long long)(f->max / scale));
  *clean = decimal ? milli_str(cx->mem, v) : arena_fmt(cx->mem, "%lld", (long long)n);
  return OK;
}

static Code choice_check(Cx *cx, const Field *f, Str typed, Str *clean) {
  for (size_t i = 0; i < f->choice_count; i++)
    if (str_eq(f->choices[i].value, typed)) {
      *clean = typed;
      return OK;
    }
  return need(cx, f, "请选择");
}

static Code coded_check(Cx *cx, const Field *f, Str typed, Str *clean) {
  Day day;
  *clean = typed;
  switch (f->type) {
    case FIELD_DATE:
      if (!day_typed(typed, &day)) FAIL_AT(INVALID, f->name, S(""), "“%.*s”写成年-月-日，如 2026-12-31", SFMT(f->label));
      *clean = day_str(cx->mem, day);
      return OK;
    case FIELD_BOOL:
      if (str_eq(typed, S("true")) || str_eq(typed, S("false"))) return OK;
      return need(cx, f, "请选择");
    case FIELD_PHONE:
      if (phone_valid(typed)) return OK;
      FAIL_AT(INVALID, f->name, S(""), "“%.*s”写 11 位手机号码，或带区号的座机，如 0429-3112345", SFMT(f->label));
    case FIELD_IDNO:
      if (idno_valid(typed)) return OK;
      FAIL_AT(INVALID, f->name, S(""), "“%.*s”写 18 位公民身份号码，末位校验码要正确（可为 X）", SFMT(f->label));
    case FIELD_USCC:
      if (uscc_valid(typed)) return OK;
      FAIL_AT(INVALID, f->name, S(""), "“%.*s”写 18 位统一社会信用代码，校验码要正确", SFMT(f->label));
    case FIELD_PROJECT_CODE:
      if (project_code_form(typed) != PROJECT_CODE_BAD) return OK;
      FAIL_AT(INVALID, f->name, S(""), "“%.*s”写 24 位项目代码，如 2304-211403-04-01-135254。%.*s", SFMT(f->label), SFMT(project_code_fault(cx->mem, typed)));
    case FIELD_UNSET:
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD_INT:
    case FIELD_DECIMAL:
    case FIELD_CHOICE:
    case FIELD__MAX: break;
  }
  FAIL(BROKEN, "字段 %.*s 没有类型", SFMT(f->name));
}

Code field_check(Cx *cx, const Field *f, Str typed, Str *clean) {
  if (!utf8_valid(typed)) FAIL_AT(INVALID, f->name, S(""), "“%.*s”不是合法的 UTF-8 文字", SFMT(f->label));
  Str text = str_trim(typed);
  *clean = S("");
  if (!text.len) {
    if (!f->required) return OK;
    return need(cx, f, f->type == FIELD_CHOICE || f->type == FIELD_BOOL ? "请选择" : "请填写");
  }
  if (f->type == FIELD_TEXT || f->type == FIELD_LONG) return text_check(cx, f, text, clean);
  if (f->type == FIELD_CHOICE) return choice_check(cx, f, text, clean);
  text = str_trim(utf8_halfwidth(cx->mem, text));
  if (f->type == FIELD_INT || f->type == FIELD_DECIMAL) return number_check(cx, f, text, clean);
  return coded_check(cx, f, text, clean);
}
