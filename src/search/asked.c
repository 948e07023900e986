/* SPDX-License-Identifier: Apache-2.0 */
/* asked.c: plain questions: who is in charge, which department, how long, which materials, phone, address, hours, fees. */
#include "search/search_int.h"
#include "policy/sayings.h"

/* The longer of two that begin alike stands first; of several in a question the first row wins. */
static const struct { SearchQuestion what; const char *say; } phrases[] = {
    {ASKS_LEADER, "由谁分管"}, {ASKS_LEADER, "归谁分管"}, {ASKS_LEADER, "谁分管"}, {ASKS_LEADER, "谁主管"}, {ASKS_LEADER, "的分管领导是谁"}, {ASKS_LEADER, "的分管领导"}, {ASKS_LEADER, "分管领导"},
    {ASKS_LEADER, "主管领导"}, {ASKS_LEADER, "哪个领导管"}, {ASKS_LEADER, "哪位领导分管"}, {ASKS_LEADER, "哪位领导管"}, {ASKS_LEADER, "哪个市长管"}, {ASKS_LEADER, "哪个副市长管"},
    {ASKS_LEADER, "分管"}, {ASKS_LEADER, "who is in charge of"}, {ASKS_LEADER, "who's in charge of"}, {ASKS_LEADER, "leader in charge of"}, {ASKS_LEADER, "in charge of"},
    {ASKS_UNIT, "归谁管"}, {ASKS_UNIT, "归哪管"}, {ASKS_UNIT, "归哪个部门管"}, {ASKS_UNIT, "归哪个单位管"}, {ASKS_UNIT, "是哪个部门办"}, {ASKS_UNIT, "哪个部门办理"}, {ASKS_UNIT, "哪个部门办"},
    {ASKS_UNIT, "哪个部门管"}, {ASKS_UNIT, "哪个部门负责"}, {ASKS_UNIT, "哪个部门"}, {ASKS_UNIT, "什么部门"}, {ASKS_UNIT, "哪个单位"}, {ASKS_UNIT, "哪个局"}, {ASKS_UNIT, "找谁办"},
    {ASKS_UNIT, "谁负责"}, {ASKS_UNIT, "谁来管"}, {ASKS_UNIT, "谁管"}, {ASKS_UNIT, "谁批"}, {ASKS_UNIT, "谁审批"}, {ASKS_UNIT, "which department handles"}, {ASKS_UNIT, "which department"},
    {ASKS_UNIT, "who is responsible for"}, {ASKS_UNIT, "responsible for"}, {ASKS_UNIT, "who handles"}, {ASKS_UNIT, "who approves"}, {ASKS_UNIT, "who issues"},
    {ASKS_MATERIALS, "需要准备什么材料"}, {ASKS_MATERIALS, "需要什么材料"}, {ASKS_MATERIALS, "需要哪些材料"}, {ASKS_MATERIALS, "要带什么材料"}, {ASKS_MATERIALS, "要交什么材料"},
    {ASKS_MATERIALS, "要什么材料"}, {ASKS_MATERIALS, "要哪些材料"}, {ASKS_MATERIALS, "什么材料"}, {ASKS_MATERIALS, "哪些材料"}, {ASKS_MATERIALS, "要带什么"}, {ASKS_MATERIALS, "要准备什么"},
    {ASKS_MATERIALS, "材料清单"}, {ASKS_MATERIALS, "required documents for"}, {ASKS_MATERIALS, "required documents"}, {ASKS_MATERIALS, "documents needed for"}, {ASKS_MATERIALS, "documents needed"},
    {ASKS_MATERIALS, "documents for"}, {ASKS_MATERIALS, "what documents"}, {ASKS_MATERIALS, "which documents"}, {ASKS_MATERIALS, "materials for"},
    {ASKS_FEES, "收费标准"}, {ASKS_FEES, "收不收费"}, {ASKS_FEES, "要不要钱"}, {ASKS_FEES, "收费吗"}, {ASKS_FEES, "要钱吗"}, {ASKS_FEES, "要花多少钱"}, {ASKS_FEES, "要多少钱"}, {ASKS_FEES, "多少钱"},
    {ASKS_FEES, "收费"}, {ASKS_FEES, "费用"}, {ASKS_FEES, "how much does"}, {ASKS_FEES, "how much is"}, {ASKS_FEES, "how much"}, {ASKS_FEES, "fees for"}, {ASKS_FEES, "fee for"},
    {ASKS_FEES, "cost of"}, {ASKS_FEES, "price of"}, {ASKS_FEES, "fees"}, {ASKS_FEES, "fee"}, {ASKS_FEES, "costs"}, {ASKS_FEES, "cost"}, {ASKS_FEES, "price"}, {ASKS_FEES, "charges"},
    {ASKS_HOURS, "几点上班"}, {ASKS_HOURS, "几点下班"}, {ASKS_HOURS, "几点开门"}, {ASKS_HOURS, "几点关门"}, {ASKS_HOURS, "上班时间"}, {ASKS_HOURS, "办公时间"}, {ASKS_HOURS, "工作时间"},
    {ASKS_HOURS, "办理时间"}, {ASKS_HOURS, "开门时间"}, {ASKS_HOURS, "周末上班吗"}, {ASKS_HOURS, "周六上班吗"}, {ASKS_HOURS, "office hours of"}, {ASKS_HOURS, "office hours"}, {ASKS_HOURS, "opening hours"},
    {ASKS_HOURS, "opening times"}, {ASKS_HOURS, "business hours"}, {ASKS_HOURS, "when are you open"},
    {ASKS_PHONE, "的电话是多少"}, {ASKS_PHONE, "电话是多少"}, {ASKS_PHONE, "电话多少"}, {ASKS_PHONE, "的电话"}, {ASKS_PHONE, "电话号码"}, {ASKS_PHONE, "联系电话"}, {ASKS_PHONE, "咨询电话"},
    {ASKS_PHONE, "怎么联系"}, {ASKS_PHONE, "联系方式"}, {ASKS_PHONE, "电话"}, {ASKS_PHONE, "phone number of"}, {ASKS_PHONE, "phone number"}, {ASKS_PHONE, "telephone"}, {ASKS_PHONE, "phone"},
    {ASKS_PHONE, "contact"}, {ASKS_PHONE, "hotline"},
    {ASKS_ADDRESS, "的地址在哪"}, {ASKS_ADDRESS, "地址在哪"}, {ASKS_ADDRESS, "的地址"}, {ASKS_ADDRESS, "地址"}, {ASKS_ADDRESS, "在什么地方"}, {ASKS_ADDRESS, "怎么走"}, {ASKS_ADDRESS, "大厅在哪"},
    {ASKS_ADDRESS, "窗口在哪"}, {ASKS_ADDRESS, "address of"}, {ASKS_ADDRESS, "address"}, {ASKS_ADDRESS, "where is the office"}, {ASKS_ADDRESS, "location"},
    {ASKS_DAYS, "需要多少天"}, {ASKS_DAYS, "要多少天"}, {ASKS_DAYS, "多少天"}, {ASKS_DAYS, "需要多久"}, {ASKS_DAYS, "要多久"}, {ASKS_DAYS, "多久能办"}, {ASKS_DAYS, "多久"}, {ASKS_DAYS, "多长时间"},
    {ASKS_DAYS, "要几天"}, {ASKS_DAYS, "几天"}, {ASKS_DAYS, "多少个工作日"}, {ASKS_DAYS, "办理时限"}, {ASKS_DAYS, "时限"}, {ASKS_DAYS, "how long does it take to get"}, {ASKS_DAYS, "how long does"},
    {ASKS_DAYS, "how long for"}, {ASKS_DAYS, "how long"}, {ASKS_DAYS, "how many days for"}, {ASKS_DAYS, "how many days"}, {ASKS_DAYS, "time limit for"}, {ASKS_DAYS, "time limit"}, {ASKS_DAYS, "processing time"}};

Str search_question_text(SearchQuestion q) {
  static const char *const texts[] = {
      [ASKS_NOTHING] = "",
#define X(name, text) [name] = text,
      SEARCH_QUESTION_LIST(X)
#undef X
  };
  return str_of(texts[q]);
}

/* English stands between spaces: "fee" is not in "feedback". */
static bool stands_alone(Str s, ptrdiff_t at, size_t len) {
  size_t from = (size_t)at, end = from + len;
  if ((unsigned char)s.ptr[from] >= 0x80) return true;
  bool before = from == 0 || s.ptr[from - 1] == ' ', after = end == s.len || s.ptr[end] == ' ' || s.ptr[end] == '?';
  return before && after;
}

static bool phrase_cut(Arena *mem, Str folded, SearchAsked *out) {
  for (size_t i = 0; i < COUNT(phrases); i++) {
    Str say = str_of(phrases[i].say);
    ptrdiff_t at = str_find(folded, say);
    if (at < 0 || !stands_alone(folded, at, say.len)) continue;
    Str before = str_sub(folded, 0, (size_t)at), after = str_sub(folded, (size_t)at + say.len, SIZE_MAX);
    out->what = phrases[i].what;
    out->about = search__left(mem, arena_fmt(mem, "%.*s %.*s", SFMT(before), SFMT(after)));
    return true;
  }
  return false;
}

/* ---- about what ------------------------------------------------------------------------------------------------- */

/* `whole`: it is the name of a field; otherwise the longest one that stands in it. */
static Str by_sphere(Arena *mem, const Policy *p, Str about, bool whole) {
  const Sphere *best = NULL;
  size_t most = 0;
  for (size_t i = 0; i < p->sphere_count; i++)
    for (size_t k = 0; k < p->spheres[i].say_count; k++) {
      Str say = search_fold(mem, p->spheres[i].say[k]);
      bool fits = whole ? str_eq(say, about) : utf8_count(say) >= 2 && str_has(about, say);
      if (fits && say.len > most) best = &p->spheres[i], most = say.len;
    }
  return best ? arena_fmt(mem, "unit/%.*s", SFMT(best->unit)) : S("");
}

/* 教育: 市教育局; what a leader's clause has among his duties. */
static Str by_part(Arena *mem, const Policy *p, Str about) {
  if (utf8_count(about) < 2) return S("");
  for (size_t i = 0; i < p->unit_count; i++)
    if (str_has(search_fold(mem, p->units[i].name), about)) return arena_fmt(mem, "unit/%.*s", SFMT(p->units[i].code));
  for (size_t i = 0; i < p->leader_count; i++) {
    const Clause *c = policy_clause(p, p->leaders[i].source.clause);
    if (c && str_has(c->text, about)) return arena_fmt(mem, "leader/%.*s", SFMT(p->leaders[i].name));
  }
  return S("");
}

/* 用地预审: 建设项目用地预审, when it is long enough to be no chance. */
static const Term *by_middle(const Words *w, Str about) {
  enum { LEAST = 4 };
  for (size_t i = 0; i < w->count && utf8_count(about) >= LEAST; i++)
    if (w->list[i].kind == SEARCH_SERVICE && str_has(w->list[i].folded, about)) return &w->list[i];
  return NULL;
}

static Str key_about(Arena *mem, const Words *w, const Policy *p, const SearchAsked *q) {
  Str about = q->about, key = S("");
  bool of_unit = q->what != ASKS_DAYS && q->what != ASKS_MATERIALS && q->what != ASKS_FEES;
  if (of_unit) key = by_sphere(mem, p, about, true);
  const Term *t = key.len ? NULL : words__find(w, about);
  if (!key.len && !t && english__is(about)) t = english__find(mem, w, about, false);
  if (!key.len && !t && english__is(about)) t = search__by_sound(mem, w, about);
  if (!key.len && !t && !english__is(about)) t = by_middle(w, about);
  if (!key.len && !t) t = search__by_error(mem, w, about);
  if (!key.len && !t && of_unit) key = by_part(mem, p, about);
  if (!key.len && !t && !english__is(about)) t = search__inside(w, about);
  if (!key.len && !t && of_unit) key = by_sphere(mem, p, about, false);
  if (!key.len && !t && english__is(about)) t = english__find(mem, w, about, true);
  return key.len ? key : t ? t->key : S("");
}

bool search_asked(Cx *cx, Search *s, const Policy *p, Str asked, SearchAsked *out) {
  const Words *w = search__words(s);
  Str folded = search_fold(cx->mem, asked);
  *out = (SearchAsked){.what = ASKS_NOTHING};
  const Term *name = w ? words__find(w, folded) : NULL;
  if (!w || (name && !name->to.len) || !phrase_cut(cx->mem, folded, out)) return false;
  if (out->about.len) out->key = key_about(cx->mem, w, p, out);
  return true;
}

const Unit *search_unit(const Policy *p, Str key) {
  Str of, code;
  int64_t n = 0;
  if (!str_cut(key, '/', &of, &code)) return NULL;
  if (str_eqz(of, "unit")) return policy_unit(p, code);
  if (str_eqz(of, "stage") && str_to_i64(code, &n) && n >= 1 && n <= STAGE_MAX) return policy_unit(p, p->stages[n].lead);
  const Item *it = str_eqz(of, "item") ? policy_item(p, code) : NULL;
  const LayerKind *k = str_eqz(of, "layer") ? policy_layer(p, code) : NULL;
  const Material *m = str_eqz(of, "material") ? policy_material(p, code) : NULL;
  if (m && m->item_count) it = policy_item(p, m->items[0]);
  if (m && !m->item_count && m->stage >= 1 && m->stage <= STAGE_MAX) return policy_unit(p, p->stages[m->stage].lead);
  return it ? policy_unit(p, it->unit) : k ? policy_unit(p, k->unit) : NULL;
}
