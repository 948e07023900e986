/* SPDX-License-Identifier: Apache-2.0 */
/* ident.c: identifiers with their check digits. */
#include "policy/ident.h"

static int digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : -1;
}

static bool all_digits(Str s) {
  for (size_t i = 0; i < s.len; i++)
    if (digit(s.ptr[i]) < 0) return false;
  return s.len > 0;
}

/* GB 11714: positions 9–17 of the code are the organisation's own nine, with their own check. */
static bool org_valid(Str s) {
  static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < COUNT(weights); i++) {
    char c = s.ptr[i];
    int v = digit(c) >= 0 ? digit(c) : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
    if (v < 0) return false;
    sum += v * weights[i];
  }
  int check = (11 - sum % 11) % 11;
  return s.ptr[8] == (check == 10 ? 'X' : (char)('0' + check));
}

bool uscc_valid(Str s) {
  static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  int weight = 1, sum = 0; /* 3^i mod 31 */
  if (s.len != 18) return false;
  for (size_t i = 0; i < 18; i++) {
    const char *at = s.ptr[i] ? strchr(alphabet, s.ptr[i]) : NULL;
    if (!at) return false;
    if (i < 17) sum += (int)(at - alphabet) * weight;
    else if ((31 - sum % 31) % 31 != (int)(at - alphabet)) return false;
    weight = weight * 3 % 31;
  }
  return all_digits(str_sub(s, 2, 6)) && org_valid(str_sub(s, 8, 9));
}

bool idno_valid(Str s) {
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  static const char checks[] = "10X98765432";
  char date[10];
  int sum = 0;
  Day day;
  if (s.len != 18 || !all_digits(str_sub(s, 0, 17))) return false;
  for (size_t i = 0; i < COUNT(weights); i++) sum += digit(s.ptr[i]) * weights[i];
  if (s.ptr[17] != checks[sum % 11]) return false;
  memcpy(date, s.ptr + 6, 4);
  memcpy(date + 5, s.ptr + 10, 2);
  memcpy(date + 8, s.ptr + 12, 2);
  date[4] = date[7] = '-';
  return day_parse((Str){.ptr = date, .len = sizeof date}, &day);
}

bool phone_valid(Str s) {
  Str area, rest;
  if (s.len == 11 && all_digits(s) && s.ptr[0] == '1' && s.ptr[1] >= '3') return true;
  if (str_cut(s, '-', &area, &rest))
    return all_digits(area) && all_digits(rest) && area.len >= 3 && area.len <= 4 && area.ptr[0] == '0' && rest.len >= 7 &&
           rest.len <= 8;
  return all_digits(s) && s.ptr[0] == '0' && s.len >= 10 && s.len <= 12;
}

bool email_valid(Str s) {
  Str name, host, top = S(""), part, rest;
  if (s.len > 120 || !str_cut(s, '@', &name, &host) || !name.len || name.len > 64) return false;
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) >= 0;
    bool mark = c == '.' || c == '-' || (i < name.len && (c == '_' || c == '+'));
    if (!word && !mark && i != name.len) return false;
  }
  if (name.ptr[0] == '.' || str_ends(name, S(".")) || str_has(name, S(".."))) return false;
  int parts = 0;
  for (rest = host; rest.ptr; parts++) {
    bool more = str_cut(rest, '.', &part, &rest);
    if (!part.len || part.ptr[0] == '-' || str_ends(part, S("-"))) return false;
    top = part;
    if (!more) rest = (Str){0};
  }
  return parts >= 2 && top.len >= 2 && digit(top.ptr[0]) < 0;
}

/* Why it is no project code, in words; NULL: it is one. Old form to 2020: year, place, industry, type 01-03, number. New since 2021: year and month,
 * place, industry, type 01-05, number whose last character is a check and may be a letter (GB/T 40058-2021). */
static const char *code_fault(Str s, ProjectCodeForm *form) {
  static const size_t parts[] = {4, 6, 2, 2, 6};
  Str rest = s, part;
  int64_t first = 0, type = 0, month;
  *form = PROJECT_CODE_BAD;
  for (size_t i = 0; i < COUNT(parts); i++) {
    bool more = str_cut(rest, '-', &part, &rest);
    if (more != (i + 1 < COUNT(parts)) || part.len != parts[i]) return "应分五段，依次是 4、6、2、2、6 位，中间用“-”隔开";
    Str digits = i == 4 ? str_sub(part, 0, 5) : part;
    if (!all_digits(digits)) return "除最后一位可以是大写字母以外，都应是数字";
    if (i == 0) str_to_i64(part, &first);
    if (i == 3) str_to_i64(part, &type);
  }
  char last = s.ptr[s.len - 1];
  bool digit_last = digit(last) >= 0, letter_last = last >= 'A' && last <= 'Z';
  if (!digit_last && !letter_last) return "最后一位应是数字或者大写字母";
  month = first % 100;
  bool old = first >= 2000 && first <= 2020, fresh = first / 100 >= 20 && month >= 1 && month <= 12;
  if (!old && !fresh) return "第一段不对：2021 年以来的代码，第一段是两位的年和两位的月，如 2605；写四位年份的旧代码只到 2020 年";
  if (type < 1 || type > (fresh && !old ? 5 : 3)) {
    if (!fresh || type < 1 || type > 5) return "第四段（项目类型）不对：应是 01 到 05，2020 年以前的旧代码是 01 到 03";
  }
  *form = old && digit_last && type <= 3 ? PROJECT_CODE_OLD : fresh ? PROJECT_CODE_NEW : PROJECT_CODE_BAD;
  return *form == PROJECT_CODE_BAD ? "旧代码的最后一位应是数字" : NULL;
}

ProjectCodeForm project_code_form(Str s) {
  ProjectCodeForm form;
  (void)code_fault(s, &form);
  return form;
}

Str project_code_fault(Arena *mem, Str s) {
  ProjectCodeForm form;
  const char *why = code_fault(s, &form);
  return why ? arena_fmt(mem, "“%.*s”%s。请照平台给的批复或者备案证核对；确实是这个号的，请平台更正，或者问综合窗口。", SFMT(str_sub(s, 0, 40)), why) : S("");
}

char ident_plain(char c) {
  if (c == 'O' || c == 'o') return '0';
  return c == 'I' || c == 'i' || c == 'L' || c == 'l' ? '1' : c;
}
