/* SPDX-License-Identifier: Apache-2.0 */
/* model.c: words of the states, public numbers, masking. */
#include "approval/approval_int.h"

#define WORD(s) {.ptr = s, .len = sizeof(s) - 1}
static const struct { Str text, label; } stage_words[STAGE_STATUS__MAX] = {
    [STAGE_STATUS_UNSET] = {WORD("unset"), WORD("")},
#define X(name, word, zh) [name] = {WORD(word), WORD(zh)},
    STAGE_STATUS_LIST(X)
#undef X
};
static const struct { Str text, label; } item_words[ITEM_STATUS__MAX] = {
    [ITEM_STATUS_UNSET] = {WORD("unset"), WORD("")},
#define X(name, word, zh) [name] = {WORD(word), WORD(zh)},
    ITEM_STATUS_LIST(X)
#undef X
};

Str stage_status_text(StageStatus s) { return stage_words[s].text; }
Str stage_status_label(StageStatus s) { return stage_words[s].label; }
Str item_status_text(ItemStatus s) { return item_words[s].text; }
Str item_status_label(ItemStatus s) { return item_words[s].label; }

Str stage_status_plain(StageStatus s) {
  if (s == STAGE_SLIP) return S("正在转给各部门");
  if (s == STAGE_DECIDED) return S("正在制作证件");
  return stage_words[s].label;
}

/* What is decided becomes a certificate only if all of it passed: before that nobody makes one. */
static Str decided_plain(const StageState *s) {
  if (stage_refused(s)) return S("正在作出决定");
  return stage_reapplies(s) ? S("有事项撤回，等重新申报") : stage_status_plain(s->status);
}

Str stage_status_shown(const StageState *s, bool inside) {
  if (s->status == STAGE_WITHDRAWN && s->not_accepted) return S("不予受理");
  if (s->status == STAGE_DECIDED && !inside) return decided_plain(s);
  return inside ? stage_status_label(s->status) : stage_status_plain(s->status);
}

Str item_status_plain(ItemStatus s) {
  if (s == ITEM_WAITING) return S("等待办理");
  if (s == ITEM_HELD) return S("发证后开始");
  return item_words[s].label;
}

const Policy *policies_find(const Policies *ps, Str version) {
  for (size_t i = 0; i < ps->count; i++)
    if (str_eq(ps->all[i]->version, version)) return ps->all[i];
  const Policy *staged = ps->packages ? packages_find(ps->packages, version) : NULL;
  return staged ? staged : ps->current;
}

const Policy *policies_at(Arena *mem, const Policies *ps, Str version, int calendar) {
  const Policy *p = version.len ? policies_find(ps, version) : ps->current;
  return policy_with_calendar(mem, p, ps->current->calendars, calendar);
}

/* ---- numbers ------------------------------------------------------------------------------------- */

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* ISO 7064 MOD 37,36: finds every single wrong character, and nearly every swap of neighbours. */
static char check_letter(Str digits) {
  int p = 36;
  for (size_t i = 0; i < digits.len; i++) {
    int s = (p + (digits.ptr[i] - '0')) % 36;
    p = (s ? s : 36) * 2 % 37;
  }
  return alphabet[(37 - p) % 36];
}

Str project_number(Arena *mem, int64_t no) {
  Str digits = arena_fmt(mem, "%06lld", (long long)no);
  return arena_fmt(mem, "HLD-%.*s-%c", SFMT(digits), check_letter(digits));
}

bool project_number_parse(Str s, int64_t *no) {
  char digits[12], letter = 0;
  size_t n = 0, hld = 0;
  s = str_trim(s);
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (c == ' ' || c == '-') continue;
    if (hld < 3) {
      if (c != "HLD"[hld++]) return false;
    } else if (letter) {
      return false;
    } else if (i + 1 == s.len && n >= 6) {
      letter = c;
    } else if (c >= '0' && c <= '9' && n < sizeof digits) {
      digits[n++] = c;
    } else {
      return false;
    }
  }
  Str text = {.ptr = digits, .len = n};
  if (n > 6 && digits[0] == '0') return false; /* more than six only when they are needed */
  return letter && n >= 6 && check_letter(text) == letter && str_to_i64(text, no);
}

/* The check letter may itself be one of those that are read for each other: each is tried. */
bool project_number_read(Arena *mem, Str s, int64_t *no) {
  static const char alike[] = "0O1IL";
  enum { HEAD = 3 };
  if (project_number_parse(s, no)) return true;
  s = str_trim(s);
  if (s.len <= HEAD || s.len > 40) return false;
  char *text = arena_array(mem, char, s.len + 1);
  for (size_t i = 0; i < s.len; i++) text[i] = i < HEAD ? s.ptr[i] : ident_plain(s.ptr[i]);
  Str plain = {.ptr = text, .len = s.len};
  if (text[1] == '1') text[1] = 'L';
  for (const char *c = alike; *c; c++) {
    bool same = ident_plain(*c) == ident_plain(s.ptr[s.len - 1]);
    if (same) text[s.len - 1] = *c;
    if (same && project_number_parse(plain, no)) return true;
  }
  text[s.len - 1] = s.ptr[s.len - 1];
  return project_number_parse(plain, no);
}

/* ---- masking ------------------------------------------------------------------------------------- */

/* 张*三; of five to eight characters the first and last two; of more the first four and the last two. */
Str mask_name(Arena *mem, Str name) {
  size_t count = utf8_count(name), show = count <= 4 ? 1 : count <= 8 ? 2 : 4, at = 0, index = 0;
  Buf b;
  if (count < 2) return name;
  buf_init(&b, 4096);
  while (at < name.len) {
    uint32_t cp;
    size_t n = utf8_next(name, at, &cp);
    bool tail = count > 2 && index >= count - (count <= 4 ? 1 : 2);
    if (index < show || tail) buf_add(&b, str_sub(name, at, n));
    else buf_char(&b, '*');
    at += n;
    index++;
  }
  Str out = arena_str(mem, buf_str(&b));
  buf_drop(&b);
  return out;
}

Str mask_phone(Arena *mem, Str phone) {
  if (phone.len < 8) return S("****");
  return arena_fmt(mem, "%.*s****%.*s", SFMT(str_sub(phone, 0, 3)), SFMT(str_sub(phone, phone.len - 4, 4)));
}

/* ---- questions ----------------------------------------------------------------------------------- */

bool item_open(const ItemState *i) {
  return i->status == ITEM_WAITING || i->status == ITEM_TAKEN || item_stopped(i);
}

bool item_stopped(const ItemState *i) {
  return i->status == ITEM_PAUSED || i->status == ITEM_RETURNED;
}

bool stage_closed(const StageState *s) {
  return s->status == STAGE_DELIVERED || s->status == STAGE_REFUSED || s->status == STAGE_WITHDRAWN || s->status == STAGE_NA;
}

const ItemState *stage_item(const StageState *s, Str code) {
  for (size_t i = 0; i < s->item_count; i++)
    if (str_eq(s->items[i].code, code)) return &s->items[i];
  return NULL;
}

/* After a refusal or withdrawal of the whole stage its items come back with the next attempt. */
bool item_reapplies(const StageState *s, const ItemState *i) {
  bool live = s->status >= STAGE_RUNNING && s->status <= STAGE_DELIVERED;
  if (i->status == ITEM_PASSED) return live && (i->revoked || (s->revoked_at >= i->decided_at && s->revoked_at && !i->parallel));
  if (i->parallel || i->before) return live && (i->status == ITEM_REFUSED || i->status == ITEM_WITHDRAWN);
  return (s->status == STAGE_RUNNING || s->status == STAGE_DECIDED) && i->status == ITEM_WITHDRAWN;
}

int project_current_stage(const Project *pr) {
  for (int n = 1; n <= STAGE_MAX; n++)
    if (pr->stages[n].status != STAGE_DELIVERED && pr->stages[n].status != STAGE_NA) return n;
  return STAGE_MAX + 1;
}
