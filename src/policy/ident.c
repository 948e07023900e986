/* SPDX-License-Identifier: Apache-2.0 */
/* ident.c: identifiers with their check digits. */
#include "policy/policy.h"

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

ProjectCodeForm project_code_form(Str s) {
  static const size_t old_parts[] = {4, 6, 2, 2, 6}, new_parts[] = {4, 6, 2, 2, 6};
  Str rest = s, part;
  int64_t first = 0, type = 0, month;
  for (size_t i = 0; i < COUNT(old_parts); i++) {
    bool more = str_cut(rest, '-', &part, &rest);
    if (more != (i + 1 < COUNT(old_parts)) || part.len != old_parts[i] || part.len != new_parts[i]) return PROJECT_CODE_BAD;
    /* The last character of the new form is its check; it may be a letter. */
    Str digits = i == 4 ? str_sub(part, 0, 5) : part;
    if (!all_digits(digits)) return PROJECT_CODE_BAD;
    if (i == 0) str_to_i64(part, &first);
    if (i == 3) str_to_i64(part, &type);
  }
  char last = s.ptr[s.len - 1];
  bool digit_last = digit(last) >= 0, letter_last = last >= 'A' && last <= 'Z';
  if (first >= 2000 && first <= 2020 && digit_last && type >= 1 && type <= 3) return PROJECT_CODE_OLD;
  month = first % 100;
  if (first / 100 >= 20 && month >= 1 && month <= 12 && type >= 1 && type <= 5 && (digit_last || letter_last))
    return PROJECT_CODE_NEW;
  return PROJECT_CODE_BAD;
}

char ident_plain(char c) {
  if (c == 'O' || c == 'o') return '0';
  return c == 'I' || c == 'i' || c == 'L' || c == 'l' ? '1' : c;
}
