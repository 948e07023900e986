/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.c: what the engines of the room share: who may act, days and months, lamps, words. */
#include "ledger/ledger_int.h"

Code ledger__kind(Cx *cx, const Ask *ask, Str code, const LedgerKind **out) {
  TRY(kit_now(cx, ask));
  *out = policy_ledger(kit_policy(ask), code);
  if (!*out) FAIL_AT(NOT_FOUND, S("ledger"), S(""), "没有台账“%.*s”，请从台账列表里打开", SFMT(code));
  return OK;
}

Str ledger__unit(const Policy *p, Str code) {
  const Unit *u = policy_unit_known(p, code);
  return u ? u->name : code;
}

Code ledger__of(Cx *cx, const Ask *ask, const LedgerKind *k, Str unit, bool head) {
  const Actor *who = &ask->cmd->actor;
  Str name = ledger__unit(kit_policy(ask), unit);
  if (!str_eq(who->unit, unit)) FAIL_AT(DENIED, S(""), k->source.clause, "这一行由%.*s填报，不归您的单位。", SFMT(name));
  if (head && !(who->roles & ROLE_UNIT_HEAD)) FAIL_AT(DENIED, S(""), k->source.clause, "这一步由%.*s的负责人办理；请他登录后办理。", SFMT(name));
  return OK;
}

Code ledger__office(Cx *cx, const Ask *ask, const LedgerKind *k) {
  const Policy *p = kit_policy(ask);
  Str names = S("");
  if (ledger_office(k, ask->cmd->actor.unit)) return OK;
  for (size_t i = 0; i < k->office_count; i++) {
    Str one = ledger__unit(p, k->offices[i]);
    names = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(names), i ? "、" : "", SFMT(one));
  }
  FAIL_AT(DENIED, S(""), k->source.clause, "这一步由%.*s（%.*s）办理。", SFMT(k->office_name), SFMT(names));
}

Day ledger__day(const Json *body, const char *key) {
  Day day = {0};
  return day_parse(json_str(body, str_of(key)), &day) ? day : (Day){0};
}

Lamp ledger_lamp(Day due, bool done, int warn_days, Day today, int *left) {
  *left = due.n ? due.n - today.n : 0;
  if (done) return LAMP_DONE;
  if (!due.n) return LAMP_NONE;
  if (*left < 0) return LAMP_RED;
  return *left <= warn_days ? LAMP_YELLOW : LAMP_GREEN;
}

EntryStep *step__add(Arena *mem, EntryStep **list, size_t *count, size_t *cap, const Event *e, size_t prefix, const char *text) {
  EntryStep *s = GROW(mem, *list, *count, *cap, EntryStep);
  *s = (EntryStep){.at = e->happened, .kind = arena_str(mem, str_sub(e->kind, prefix, SIZE_MAX)), .by = arena_str(mem, e->actor_name), .unit = arena_str(mem, e->unit),
                   .text = kit_keep(mem, e->body, text)};
  return s;
}

/* ---- months ----------------------------------------------------------------------------------------------- */

Str month_text(Arena *mem, Day day) {
  int y, m, d;
  day_split(day, &y, &m, &d);
  return arena_fmt(mem, "%04d-%02d", y, m);
}

Day month_day(Str month, int day) {
  Day first;
  char text[11] = "";
  if (month.len != 7) return (Day){0};
  memcpy(text, month.ptr, 7);
  memcpy(text + 7, "-01", 4);
  if (!day_parse(str_of(text), &first)) return (Day){0};
  first.n += day - 1;
  return first;
}

Str month_cn(Arena *mem, Str month) {
  int y, m, d;
  Day first = month_day(month, 1);
  if (!first.n) return month;
  day_split(first, &y, &m, &d);
  return arena_fmt(mem, "%d年%d月", y, m);
}

const Engine *const ledger_engines[LEDGER_ENGINES] = {&entry_engine_base, &monthly_engine_base, &ledger_engine_base};
