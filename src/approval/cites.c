/* SPDX-License-Identifier: Apache-2.0 */
/* cites.c: replies to consultations that a form cites, and decisions against them (D60-2.4.4-(3)). */
#include "approval/approval_int.h"

enum { CONTRARY_LEAST = 10 };
#define CLAUSE "D60-2.4.4-(3)"

static bool ours(const At *at, const Json *reply) {
  Str uscc = json_str(reply, S("uscc"));
  return (uscc.len && str_eq(uscc, at->pr->uscc)) || str_eq(json_str(reply, S("applicant")), at->pr->applicant);
}

Code cites__put(Cx *cx, const At *at, Decision *d, Json *body) {
  static const char *const names[] = {"no", "unit", "subject", "reply"};
  const Json *list = json_get(at->args, S("cites")), *known = json_get(at->ask->facts, S("cites"));
  Arena *m = decision_mem(d);
  if (!list || !list->first) return OK;
  Json *out = json_put_arr(m, body, S("cites"));
  for (const Json *x = list->first; x; x = x->next) {
    Str number = x->kind == JSON_STR ? x->str : S("?");
    const Json *reply = json_get(known, number);
    if (!reply || !ours(at, reply))
      FAIL_AT(INVALID, S("cites"), S(CLAUSE), "没有编号为“%.*s”的咨询答复，或者它不是对您单位的答复", SFMT(number));
    for (const Json *o = out->first; o; o = o->next)
      if (str_eq(json_str(o, S("no")), number)) FAIL_AT(INVALID, S("cites"), S(""), "答复 %.*s 引用了两次", SFMT(number));
    Json *o = json_push_obj(m, out);
    for (size_t i = 0; i < COUNT(names); i++) json_put_str(m, o, str_of(names[i]), json_str(reply, str_of(names[i])));
    json_put_int(m, o, S("consult"), json_int(reply, S("consult"), 0));
  }
  return OK;
}

/* Whether a decision contradicts a reply only the decider can say; that it is said, and why, can be demanded. */
Code cites__relation(Cx *cx, const At *at, Str unit, const char *what, Decision *d, Json *body) {
  Arena *m = decision_mem(d);
  Str relation = json_str(at->args, S("relation")), why = json_str(at->args, S("contrary")), cited = S("");
  for (const Json *c = at->s->cites ? at->s->cites->first : NULL; c; c = c->next)
    if (!unit.len || str_eq(json_str(c, S("unit")), unit))
      cited = arena_fmt(m, "%.*s%s%.*s", SFMT(cited), cited.len ? "、" : "", SFMT(json_str(c, S("no"))));
  if (!cited.len) return OK;
  if (!relation.len)
    FAIL_AT(INVALID, S("relation"), S(CLAUSE), "本次申请引用了咨询答复 %.*s，%s要写明是否与答复不一致；不一致的要写明理由。", SFMT(cited), what);
  if (str_eqz(relation, "contrary") && utf8_count(why) < CONTRARY_LEAST)
    FAIL_AT(INVALID, S("contrary"), S(CLAUSE), "与咨询答复 %.*s 不一致的，要写明理由，至少 %d 个字；答复单位对答复负责。", SFMT(cited), CONTRARY_LEAST);
  json_put_str(m, body, S("relation"), relation);
  json_put_str(m, body, S("contrary"), why);
  json_put_str(m, body, S("cited"), cited);
  return OK;
}

/* ---- for the supervisor ------------------------------------------------------------------------------------ */

static const Sql sql_put = {"contrary.put", "iiissssssi", "",
                            "INSERT INTO contrary(project, seq, stage, item, unit, name, relation, cited, reason, at)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"};

Code cites__project(Cx *cx, Db *views, const Project *p, const Event *e) {
  const Json *b = e->body;
  if (!json_get(b, S("relation"))) return OK;
  return db_run(cx, views, &sql_put,
                VALS(val_i(p->no), val_i(e->seq), val_i(json_int(b, S("stage"), 0)), val_s(json_str(b, S("item"))), val_s(e->unit),
                     val_s(e->actor_name), val_s(json_str(b, S("relation"))), val_s(json_str(b, S("cited"))), val_s(json_str(b, S("contrary"))),
                     val_i(e->happened)));
}

static const Sql sql_list = {"contrary.list", "ii", "iiissssssss",
                             "SELECT c.project, c.at, c.stage, p.number, p.name, c.item, c.unit, c.name, c.relation, c.cited, c.reason"
                             " FROM contrary c JOIN project p ON p.no = c.project ORDER BY c.at DESC, c.project, c.seq DESC LIMIT ?1 OFFSET ?2"};
static const Sql sql_count = {"contrary.count", "", "i", "SELECT count(*) FROM contrary"};

Code contrary_list(Cx *cx, Reader *rd, size_t offset, size_t max, ContraryRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  ContraryRow *list = arena_array(cx->mem, ContraryRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, NO_VALS, 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_i((int64_t)max), val_i((int64_t)offset)), &r));
  while (*n < max && rows_next(r)) {
    ContraryRow *c = &list[(*n)++];
    *c = (ContraryRow){.project = row_i(r, 0), .at = row_i(r, 1), .stage = (int)row_i(r, 2)};
    Str *const texts[] = {&c->number, &c->project_name, &c->item, &c->unit, &c->name, &c->relation, &c->cited, &c->reason};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 3);
  }
  return rows_end(cx, r);
}
