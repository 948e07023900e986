/* SPDX-License-Identifier: Apache-2.0 */
/* list.c: the text that is published before a draw, and the files that come out of it. */
#include "inspect/inspect_int.h"

enum { LIST_MAX = 4 << 20 };

/* ---- the list, from what was read ------------------------------------------------------------------------------ */

static void rules_add(Buf *b, const Policy *p, Str number, int attempt, int64_t count) {
  const int rates[CLASS_COUNT] = {p->spot_a, p->spot_b, p->spot_c, p->spot_d};
  buf_fmt(b, LOT_HEAD "\nplan %.*s %d\nrule %d %lld\n", SFMT(number), attempt, SPOT_PAIR, (long long)count);
  for (int c = 0; c < CLASS_COUNT; c++) buf_fmt(b, "rate %c %d\n", CLASSES[c], rates[c]);
}

static void objects_add(Buf *b, const Policy *p, const Json *list) {
  for (const Json *o = list ? list->first : NULL; o; o = o->next) {
    Str class = json_str(o, S("class")), uscc = json_str(o, S("uscc"));
    if (!class.len) class = p->spot_class;
    if (!uscc.len) uscc = S("?");
    buf_fmt(b, "object %.*s %.*s %.*s %.*s\n", SFMT(json_str(o, S("number"))), SFMT(uscc), SFMT(class), SFMT(json_str(o, S("name"))));
  }
}

static void inspectors_add(Buf *b, const Json *list) {
  for (const Json *i = list ? list->first : NULL; i; i = i->next) {
    Str avoid = json_str(i, S("avoid"));
    if (!avoid.len) avoid = S("-");
    buf_fmt(b, "inspector %.*s %.*s %.*s %.*s\n", SFMT(json_str(i, S("cert"))), SFMT(json_str(i, S("unit"))), SFMT(avoid), SFMT(json_str(i, S("name"))));
  }
}

Code list__make(Cx *cx, const Ask *ask, Str number, int attempt, int64_t beacon_at, Str *out) {
  const Policy *p = kit_policy(ask);
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, LIST_MAX);
  rules_add(&b, p, number, attempt, json_int(json_get(ask->facts, S("plan")), S("count"), 0));
  buf_fmt(&b, "beacon %.*s %.*s\n", SFMT(time_str(cx->mem, beacon_at)), SFMT(json_str(ask->cmd->args, S("beacon"))));
  const Json *parties = json_get(ask->facts, S("accounts"));
  for (const Json *a = parties ? parties->first : NULL; a; a = a->next)
    buf_fmt(&b, "party %.*s %.*s\n", SFMT(json_str(a, S("id"))), SFMT(json_str(a, S("name"))));
  const Json *before = json_get(ask->facts, S("attempts"));
  for (const Json *a = before ? before->first : NULL; a; a = a->next)
    buf_fmt(&b, "before %lld %.*s %.*s\n", (long long)json_int(a, S("attempt"), 0), SFMT(json_str(a, S("hash"))), SFMT(json_str(a, S("reason"))));
  objects_add(&b, p, json_get(ask->facts, S("objects")));
  inspectors_add(&b, json_get(ask->facts, S("inspectors")));
  if (b.full) FAIL_AT(LIMIT, S("plan"), S(""), "名单太长，请缩小抽查计划的范围。");
  *out = arena_str(cx->mem, buf_str(&b));
  return OK;
}

Json *list__people(Arena *mem, const Json *facts) {
  Json *people = json_obj(mem);
  const Json *list = json_get(facts, S("inspectors"));
  for (const Json *i = list ? list->first : NULL; i; i = i->next) {
    Json *o = json_put_obj(mem, people, json_str(i, S("cert")));
    json_put_str(mem, o, S("person"), json_str(i, S("person")));
    json_put_str(mem, o, S("name"), json_str(i, S("name")));
  }
  return people;
}

/* ---- the file that everybody may have --------------------------------------------------------------------------- */

static void when(Buf *b, Arena *mem, const char *what, Str who, Str text, int64_t at) {
  Str moment = time_str(mem, at);
  if (at) buf_fmt(b, "%s %.*s %.*s %.*s\n", what, SFMT(who), SFMT(text), SFMT(moment));
}

Str draw_file(Arena *mem, const SpotDraw *d) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, LIST_MAX + (1 << 20));
  buf_add(&b, d->list);
  buf_fmt(&b, "\nlist %.*s\nopened %.*s\n", SFMT(d->hash), SFMT(time_str(mem, d->opened_at)));
  for (size_t i = 0; i < d->party_count; i++) when(&b, mem, "commit", d->parties[i].id, d->parties[i].commitment, d->parties[i].committed);
  for (size_t i = 0; i < d->party_count; i++) when(&b, mem, "reveal", d->parties[i].id, d->parties[i].secret, d->parties[i].revealed);
  if (d->drawn_at) buf_fmt(&b, "value %.*s %.*s\nseed %.*s\n", SFMT(d->value), SFMT(time_str(mem, d->drawn_at)), SFMT(d->seed));
  for (size_t i = 0; i < d->check_count; i++) {
    const SpotCheck *c = &d->checks[i];
    buf_fmt(&b, "drawn %.*s %.*s %.*s %.*s\n", SFMT(c->object), SFMT(c->class), SFMT(c->certs[0]), SFMT(c->certs[1]));
  }
  if (d->voided_at) buf_fmt(&b, "voided %.*s %.*s\n", SFMT(time_str(mem, d->voided_at)), SFMT(d->reason));
  return arena_str(mem, buf_str(&b));
}

/* ---- results, for the three sites --------------------------------------------------------------------------------- */

Str draw_results(Arena *mem, const SpotDraw *d) {
  static const char *const head[] = {"抽查计划编号", "项目编号", "检查对象", "统一社会信用代码", "检查人员执法证号", "检查结果", "检查情况", "检查完成日期", "公示日期"};
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, LIST_MAX);
  buf_add(&b, S("\xEF\xBB\xBF"));
  for (size_t i = 0; i < COUNT(head); i++) buf_csv(&b, str_of(head[i]), i + 1 == COUNT(head));
  for (size_t i = 0; i < d->check_count; i++) {
    const SpotCheck *c = &d->checks[i];
    if (!c->published) continue;
    const Str row[] = {d->number, c->object, c->name, c->uscc, arena_fmt(mem, "%.*s、%.*s", SFMT(c->certs[0]), SFMT(c->certs[1])), inspect_label(c->result),
                       c->finding, day_str(mem, day_of(c->confirmed)), day_str(mem, day_of(c->published))};
    for (size_t k = 0; k < COUNT(row); k++) buf_csv(&b, row[k], k + 1 == COUNT(row));
  }
  return arena_str(mem, buf_str(&b));
}
