/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beside.c: what deciding reads from tables of the room early: the plot that is registered, the mandate of an agent,
 * cited replies; and of the room joint: is the enterprise on the black list. Only the tables are known here, as the table `user` is; a command that names none of these reads none.
 */
#include "approval/approval_int.h"
#include "org/staff.h"
#include "policy/lists.h"

static const Sql sql_plot = {"beside.plot", "i", "ssssi", "SELECT number, status, uscc, conditions, granted FROM plot WHERE no = ?1"};
static const Sql sql_of_project = {"beside.mandate", "si", "ssssi",
                                   "SELECT number, owner, applicant, county, direct FROM agent_order WHERE agent = ?1 AND project = ?2"
                                   " AND status IN ('assigned', 'started') ORDER BY no LIMIT 1"};
static const Sql sql_of_owner = {"beside.mandate-new", "sss", "ssssi",
                                 "SELECT number, owner, applicant, county, direct FROM agent_order WHERE agent = ?1 AND uscc = ?2 AND project = 0"
                                 " AND status = 'assigned' ORDER BY CASE WHEN county = ?3 THEN 0 ELSE 1 END, no LIMIT 1"};
static const Sql sql_reply = {"beside.reply", "s", "issssss",
                              "SELECT no, reply_no, unit, subject, reply, uscc, applicant FROM consult WHERE reply_no = ?1"};

static Code row_put(Cx *cx, const Rows *r, const char *const *names, int first, Json *out) {
  for (int i = 0; names[i]; i++) json_put_str(cx->mem, out, str_of(names[i]), row_s(cx, r, first + i));
  return OK;
}

static Code plot_read(Cx *cx, Db *views, int64_t no, Json *out) {
  static const char *const names[] = {"number", "status", "uscc", NULL};
  SCOPED(rows_drop) Rows *r = NULL;
  Json *values = NULL;
  TRY(db_rows(cx, views, &sql_plot, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("plot"));
  TRY(row_put(cx, r, names, 0, o));
  TRY(json_parse(cx, row_s(cx, r, 3), &values));
  json_put(cx->mem, o, S("values"), values);
  json_put_int(cx->mem, o, S("no"), no);
  return OK;
}

static Code mandate_read(Cx *cx, Db *views, const Command *cmd, const Project *p, Json *out) {
  static const char *const names[] = {"mandate", "mandate_owner", "mandate_applicant", "mandate_county", NULL};
  SCOPED(rows_drop) Rows *r = NULL;
  if (p) TRY(db_rows(cx, views, &sql_of_project, VALS(val_s(cmd->actor.id), val_i(p->no)), &r));
  else TRY(db_rows(cx, views, &sql_of_owner, VALS(val_s(cmd->actor.id), val_s(json_str(cmd->args, S("uscc"))), val_s(json_str(cmd->args, S("county")))), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  if (row_i(r, 4)) json_put_bool(cx->mem, out, S("mandate_direct"), true);
  return row_put(cx, r, names, 0, out);
}

static Code reply_read(Cx *cx, Db *views, Str number, Json *cites) {
  static const char *const names[] = {"no", "unit", "subject", "reply", "uscc", "applicant", NULL};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_reply, VALS(val_s(number)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, cites, number);
  json_put_int(cx->mem, o, S("consult"), row_i(r, 0));
  return row_put(cx, r, names, 1, o);
}

/* "black": on the black list today. */
static Code black_read(Cx *cx, Db *views, Str uscc, Json *out) {
  static const Sql q = {"beside.black", "s", "i",
                        "SELECT count(*) FROM credit WHERE uscc = ?1 AND status = 'published' AND kind = 'black' AND subject_kind = 'enterprise'"};
  int64_t n = 0;
  if (uscc.len) TRY(db_int(cx, views, &q, VALS(val_s(uscc)), 0, &n));
  if (n) json_put_bool(cx->mem, out, S("black"), true);
  return OK;
}

Code library_barred(Cx *cx, Db *views, const Policy *p, Str uscc, bool *out) {
  Json *found = json_obj(cx->mem);
  *out = false;
  if (!policy_bars(p, S("lacking"))) return OK;
  TRY(black_read(cx, views, uscc, found));
  *out = json_bool(found, S("black"));
  return OK;
}

Code beside__facts(Cx *cx, Db *views, const Command *cmd, const void *state, Json *out) {
  const Project *p = state;
  const Json *cites = json_get(cmd->args, S("cites"));
  int64_t plot = json_int(cmd->args, S("reserve"), 0);
  if (str_eqz(cmd->name, "item.decide")) TRY(authority_facts(cx, views, cmd, json_str(cmd->args, S("item")), out));
  if (cmd->actor.roles & ROLE_AGENT) TRY(mandate_read(cx, views, cmd, p, out));
  if (!p && plot) TRY(plot_read(cx, views, plot, out));
  const Json *lacking = json_get(cmd->args, S("lacking"));
  if (p && lacking && lacking->first && str_eqz(cmd->name, "stage.submit")) TRY(black_read(cx, views, p->uscc, out));
  if (!cites || !cites->first) return OK;
  Json *known = json_put_obj(cx->mem, out, S("cites"));
  for (const Json *x = cites->first; x; x = x->next)
    if (x->kind == JSON_STR && !json_get(known, x->str)) TRY(reply_read(cx, views, x->str, known));
  return OK;
}

/* An agent who is nobody's applicant acts by an order, and says for whom; the name comes from the door (web). */
Code beside__agent(Cx *cx, const Ask *ask) {
  const Actor *who = &ask->cmd->actor;
  if (!(who->roles & ROLE_AGENT)) return OK;
  Str owner = json_str(ask->facts, S("mandate_owner"));
  if (!owner.len && (who->roles & ROLE_APPLICANT)) return OK;
  if (!owner.len) FAIL_AT(DENIED, S(""), S("D60-2.4.4-(1)"), "没有指派给您的委托，不能代办这个项目。请先由企业委托、属地指派。");
  if (!str_eq(who->behalf, owner))
    FAIL_AT(DENIED, S("behalf"), S("D60-2.4.4-(1)"), "代办要以委托单位“%.*s”的名义，两个名字都记录。", SFMT(owner));
  return OK;
}
