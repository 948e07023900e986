/* SPDX-License-Identifier: Apache-2.0 */
/* entry_values.c: the values of a row against the columns of its ledger, and what follows from them. */
#include "ledger/ledger_int.h"

Str ledger_value_text(const Policy *p, Str ledger, Str column, Str value) {
  const LedgerColumn *c = policy_ledger_column(p, ledger, column);
  const LedgerWord *w = policy_ledger_word(p, ledger, column, value);
  if (w) return w->name;
  if (c && str_eqz(c->type, "yesno") && value.len) return str_eqz(value, "true") ? S("是") : S("否");
  return value;
}

/* ---- one value --------------------------------------------------------------------------------------------- */

static Code share_check(Cx *cx, const Ask *ask, const LedgerKind *k, const LedgerWord *w) {
  Str share = json_str(ask->facts, S("share")), county = ledger__unit(kit_policy(ask), json_str(ask->facts, S("county")));
  Milli v = {0};
  if (!share.len)
    FAIL_AT(CONFLICT, w->column, w->source.clause, "还没有登记%.*s的%.*s，不能选“%.*s”；请%.*s先登记。", SFMT(county), SFMT(k->share_name), SFMT(w->name), SFMT(k->office_name));
  if (milli_parse(share, &v) && v.v > k->share_over * 1000LL) return OK;
  FAIL_AT(CONFLICT, w->column, w->source.clause, "%.*s的%.*s是 %.*s%%，没有超过 %d%%，要办成公办幼儿园，不能选“%.*s”。", SFMT(county), SFMT(k->share_name), SFMT(share),
          k->share_over, SFMT(w->name));
}

static Code word_check(Cx *cx, const Ask *ask, const LedgerKind *k, const LedgerColumn *c, Str v) {
  const LedgerWord *w = policy_ledger_word(kit_policy(ask), k->code, c->code, v);
  if (!w) FAIL_AT(INVALID, c->code, c->source.clause, "“%.*s”请从列表中选择", SFMT(c->name));
  if (w->refuse.len) FAIL_AT(INVALID, c->code, w->source.clause, "%.*s", SFMT(w->refuse));
  return w->share ? share_check(cx, ask, k, w) : OK;
}

static Code number_check(Cx *cx, const LedgerColumn *c, Str v) {
  int64_t n = 0;
  Milli m = {0};
  bool whole = str_eqz(c->type, "int");
  if (whole ? !str_to_i64(v, &n) : !milli_parse(v, &m) || m.v < 0)
    FAIL_AT(INVALID, c->code, c->source.clause, "“%.*s”用%s填写，如 %s", SFMT(c->name), whole ? "整数" : "数字（最多三位小数）", whole ? "1620" : "12.35");
  if (whole && (n < c->min || (c->max && n > c->max))) FAIL_AT(INVALID, c->code, c->source.clause, "“%.*s”应在 %d 到 %d 之间", SFMT(c->name), c->min, c->max);
  return OK;
}

static Code text_check(Cx *cx, const LedgerColumn *c, Str v) {
  size_t most = str_eqz(c->type, "text") ? 120 : 2000, n = utf8_count(v);
  if (n > most) FAIL_AT(INVALID, c->code, S(""), "“%.*s”最多写 %zu 个字，现在 %zu 个", SFMT(c->name), most, n);
  if (most == 120 && str_has(v, S("\n"))) FAIL_AT(INVALID, c->code, S(""), "“%.*s”只能写一行", SFMT(c->name));
  return OK;
}

static Code value_check(Cx *cx, const Ask *ask, const LedgerKind *k, const LedgerColumn *c, Str v) {
  Day day;
  if (str_eqz(c->type, "choice")) return word_check(cx, ask, k, c, v);
  if (str_eqz(c->type, "int") || str_eqz(c->type, "decimal")) return number_check(cx, c, v);
  if (str_eqz(c->type, "day")) {
    if (!day_parse(v, &day)) FAIL_AT(INVALID, c->code, c->source.clause, "“%.*s”写成年-月-日，如 2019-07-01", SFMT(c->name));
    if (day.n > day_of(ask->now).n) FAIL_AT(INVALID, c->code, c->source.clause, "“%.*s”不能晚于今天；办完以后再填", SFMT(c->name));
    return OK;
  }
  if (str_eqz(c->type, "yesno") && !str_eqz(v, "true") && !str_eqz(v, "false")) FAIL_AT(INVALID, c->code, c->source.clause, "“%.*s”请选是或否", SFMT(c->name));
  return text_check(cx, c, v);
}

/* A span that ends before it starts would never have run. */
static Code spans_check(Cx *cx, const Policy *p, Str ledger, const Json *before, const Json *clean) {
  for (size_t i = 0; i < p->ledgers.span_count; i++) {
    const LedgerSpan *s = &p->ledgers.spans[i];
    if (!str_eq(s->ledger, ledger)) continue;
    const Json *from = json_get(clean, s->starts), *to = json_get(clean, s->ends);
    Day start = {0}, end = {0};
    (void)day_parse(from ? from->str : json_str(before, s->starts), &start);
    (void)day_parse(to ? to->str : json_str(before, s->ends), &end);
    const LedgerColumn *a = policy_ledger_column(p, ledger, s->starts), *b = policy_ledger_column(p, ledger, s->ends);
    if (end.n && !start.n) FAIL_AT(INVALID, s->ends, b->source.clause, "先填“%.*s”，再填“%.*s”", SFMT(a->name), SFMT(b->name));
    if (end.n && end.n < start.n) FAIL_AT(INVALID, s->ends, b->source.clause, "“%.*s”不能早于“%.*s”", SFMT(b->name), SFMT(a->name));
  }
  return OK;
}

Code values__check(Cx *cx, const Ask *ask, const LedgerKind *k, const Json *before, const Json *given, Json *clean, bool whole) {
  const Policy *p = kit_policy(ask);
  for (const Json *v = given ? given->first : NULL; v; v = v->next) {
    const LedgerColumn *c = policy_ledger_column(p, k->code, v->key);
    if (!c) FAIL_AT(INVALID, S("values"), k->source.clause, "《%.*s》没有“%.*s”这一列", SFMT(k->name), SFMT(v->key));
    if (v->kind != JSON_STR) FAIL_AT(INVALID, c->code, S(""), "“%.*s”要写成文字", SFMT(c->name));
    Str text = str_trim(v->str);
    if (text.len) TRY(value_check(cx, ask, k, c, text));
    else if (c->required) FAIL_AT(INVALID, c->code, c->source.clause, "请填写“%.*s”", SFMT(c->name));
    if (text.len || json_str(before, v->key).len) json_put_str(cx->mem, clean, v->key, text);
  }
  for (size_t i = 0; whole && i < p->ledgers.column_count; i++) {
    const LedgerColumn *c = &p->ledgers.columns[i];
    if (c->required && str_eq(c->ledger, k->code) && !json_str(clean, c->code).len) FAIL_AT(INVALID, c->code, c->source.clause, "请填写“%.*s”", SFMT(c->name));
  }
  return spans_check(cx, p, k->code, before, clean);
}

/* ---- what follows -------------------------------------------------------------------------------------------- */

const LedgerMeasure *ledger_proposed(const Policy *p, Str ledger, const Json *values) {
  for (size_t i = 0; i < p->ledgers.measure_count; i++) {
    const LedgerMeasure *m = &p->ledgers.measures[i];
    bool all = str_eq(m->ledger, ledger) && m->answer_count > 0;
    for (size_t k = 0; all && k < m->answer_count; k++) {
      Str column, word;
      all = str_cut(m->answers[k], '=', &column, &word) && str_eq(json_str(values, column), word);
    }
    if (all) return m;
  }
  return NULL;
}

static const LedgerWord *marked(const Policy *p, Str ledger, const Json *values, bool hold) {
  for (size_t i = 0; i < p->ledgers.word_count; i++) {
    const LedgerWord *w = &p->ledgers.words[i];
    if (str_eq(w->ledger, ledger) && (hold ? w->hold : w->warn.len > 0) && str_eq(json_str(values, w->column), w->code)) return w;
  }
  return NULL;
}

Str values__hold(const Policy *p, Str ledger, const Json *values) {
  const LedgerWord *w = marked(p, ledger, values, true);
  return w ? w->name : S("");
}

bool values__weighty(const Policy *p, const LedgerColumn *c) {
  for (size_t i = 0; i < p->ledgers.span_count; i++) {
    const LedgerSpan *s = &p->ledgers.spans[i];
    if (str_eq(s->ledger, c->ledger) && (str_eq(s->starts, c->code) || str_eq(s->ends, c->code))) return true;
  }
  for (size_t i = 0; i < p->ledgers.word_count; i++) {
    const LedgerWord *w = &p->ledgers.words[i];
    if (w->hold && str_eq(w->ledger, c->ledger) && str_eq(w->column, c->code)) return true;
  }
  return false;
}

static int64_t number_of(const Json *values, const char *key) {
  int64_t n = -1;
  return str_to_i64(json_str(values, str_of(key)), &n) ? n : -1;
}

void values__pin(Arena *mem, const Policy *p, const LedgerKind *k, const Json *values, Str measure, Json *body) {
  const LedgerMeasure *m = policy_ledger_measure(p, k->code, measure);
  const LedgerSize *size = ledger_size(p, k->code, number_of(values, "households"), number_of(values, "people"));
  const LedgerWord *warn = marked(p, k->code, values, false);
  Str held = values__hold(p, k->code, values);
  Json *o = json_put_obj(mem, body, S("pinned")), *spans = json_put_arr(mem, o, S("spans"));
  json_put_str(mem, o, S("measure_name"), m ? m->name : S(""));
  json_put_str(mem, o, S("due"), m ? m->due : S(""));
  json_put_str(mem, o, S("plan_due"), m ? m->plan_due : S(""));
  json_put_str(mem, o, S("size"), size ? size->name : S(""));
  json_put_str(mem, o, S("warning"), warn ? warn->warn : S(""));
  json_put_bool(mem, o, S("hold"), held.len > 0);
  json_put_str(mem, o, S("hold_text"), held.len ? k->block_text : S(""));
  for (size_t i = 0; i < p->ledgers.span_count; i++) {
    const LedgerSpan *s = &p->ledgers.spans[i];
    const ClockRule *r = policy_clock(p, s->clock);
    Day start;
    if (!r || !str_eq(s->ledger, k->code) || !day_parse(json_str(values, s->starts), &start)) continue;
    Json *one = json_push_obj(mem, spans);
    json_put_str(mem, one, S("code"), s->code);
    json_put_str(mem, one, S("name"), s->name);
    json_put_str(mem, one, S("ends"), s->ends);
    json_put_str(mem, one, S("due"), day_str(mem, policy_clock_due(p, r, start, false)));
  }
}
