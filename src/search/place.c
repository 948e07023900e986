/* SPDX-License-Identifier: Apache-2.0 */
/* place.c: where something is asked for: 龙港区 幼儿园, 施工许可 绥中. The places are the counties and parks of the package, as it calls them. */
#include "search/search_int.h"

/* 绥中县 is also called 绥中: without the last character, when two are left. Empty: it is not called so. */
static Str short_name(Str s) {
  static const Str ends[] = {{.ptr = "县", .len = 3}, {.ptr = "区", .len = 3}, {.ptr = "市", .len = 3}};
  for (size_t i = 0; i < COUNT(ends); i++)
    if (str_ends(s, ends[i]) && utf8_count(s) > 2) return str_sub(s, 0, s.len - ends[i].len);
  return S("");
}

static void place_add(Words *w, Str folded, const Unit *u, Str shown, const SearchWord *word) {
  if (folded.len) w->places[w->place_count++] = (Where){.folded = folded, .shown = shown, .unit = u->code, .word = *word};
}

static void add_names(Arena *mem, Words *w, const Unit *u) {
  bool county = str_eqz(u->kind, "county");
  Str shown = u->alias_count ? u->aliases[0] : u->name;
  SearchWord word = {.any = {search_fold(mem, u->name)}, .count = 1};
  for (size_t i = 0; i < u->alias_count && word.count < SEARCH_ANY_MAX; i++) word.any[word.count++] = search_fold(mem, u->aliases[i]);
  Str brief = county ? short_name(search_fold(mem, shown)) : S("");
  if (brief.len) word.any[0] = brief; /* the name itself has an alias in it: 绥中县政府 */
  place_add(w, search_fold(mem, u->name), u, shown, &word);
  for (size_t i = 0; i < u->alias_count; i++) place_add(w, search_fold(mem, u->aliases[i]), u, shown, &word);
  place_add(w, brief, u, shown, &word);
}

void places__of(Arena *mem, const Policy *p, Words *w) {
  size_t max = 0;
  for (size_t i = 0; i < p->unit_count; i++) max += p->units[i].alias_count + 2;
  w->places = arena_array(mem, Where, max + 1);
  for (size_t i = 0; i < p->unit_count; i++)
    if (str_eqz(p->units[i].kind, "county") || str_eqz(p->units[i].kind, "zone")) add_names(mem, w, &p->units[i]);
}

const Where *place__in(Arena *mem, const Words *w, Str folded, Str *left) {
  const Where *best = NULL;
  for (size_t i = 0; i < w->place_count; i++)
    if (str_has(folded, w->places[i].folded) && (!best || w->places[i].folded.len > best->folded.len)) best = &w->places[i];
  if (!best || words__find(w, folded)) return NULL;
  size_t at = (size_t)str_find(folded, best->folded);
  Str before = str_sub(folded, 0, at), after = str_sub(folded, at + best->folded.len, SIZE_MAX);
  *left = search_fold(mem, arena_fmt(mem, "%.*s %.*s", SFMT(before), SFMT(after)));
  if (str_starts(*left, S("的"))) *left = str_trim(str_sub(*left, 3, SIZE_MAX));
  return utf8_count(*left) >= 2 ? best : NULL;
}
