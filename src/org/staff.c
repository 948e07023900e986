/* SPDX-License-Identifier: Apache-2.0 */
/* staff.c: seats of the window and authorisations: what is decided, what is kept, what is asked. */
#include "org/staff.h"

#include "org/kit.h"
#include "org/org_int.h"

#define SEATS "D60-6.19.2-p1"
#define CONDITIONS "D60-6.19.2-p2"

/* ---- deciding --------------------------------------------------------------------------------------------- */

const Arg staff__second_args[STAFF_SECOND_ARGS] = {
    {.name = "post", .label = "岗位", .type = ARG_CODE, .required = true},
    {.name = "fit", .label = "符合岗位要求", .type = ARG_LONG, .required = true, .min = 4, .max = 500, .hint = "学历、资格、从事过的工作"},
    {.name = "discipline", .label = "接受窗口统一领导，遵守窗口工作纪律", .type = ARG_BOOL, .required = true}};
const Arg staff__why_args[STAFF_WHY_ARGS] = {KIT_REASON};
const Arg staff__authorise_args[STAFF_AUTHORISE_ARGS] = {
    {.name = "items", .label = "事项", .type = ARG_LIST, .required = true, .min = 1, .max = 200},
    {.name = "from", .label = "自哪天起", .type = ARG_DAY, .required = true},
    {.name = "until", .label = "到哪天为止", .type = ARG_DAY, .hint = "不填表示长期有效"},
    {.name = "document", .label = "授权书", .type = ARG_TEXT, .required = true, .min = 2, .max = 120, .hint = "文号或名称"}};
const Arg staff__revoke_args[STAFF_REVOKE_ARGS] = {{.name = "item", .label = "事项", .type = ARG_CODE, .required = true}, KIT_REASON};

static int seats_of(const Policy *p, Str unit) {
  int all = 0;
  for (size_t i = 0; i < p->post_count; i++)
    if (str_eq(p->posts[i].unit, unit)) all += p->posts[i].seats;
  return all;
}

Code staff__second(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"post", "fit", "discipline", NULL};
  const User *u = ask->state;
  const Policy *p = ask->env;
  const Post *post = policy_post(p, json_str(ask->cmd->args, S("post")));
  int64_t taken = json_int(ask->facts, S("taken"), 0);
  TRY(kit_now(cx, ask));
  if (u->disabled) FAIL(CONFLICT, "账号 %.*s 已停用，不能选调。", SFMT(u->id));
  if (!post || !post->seats) FAIL_AT(INVALID, S("post"), S(SEATS), "请选择有编制的岗位");
  if (u->seat.post.len) FAIL_AT(CONFLICT, S("post"), S(SEATS), "%.*s已经在窗口，先登记离开再换岗位。", SFMT(u->name));
  if (!(u->roles & role_parse(post->role))) {
    Str role = role_label((Role)role_parse(post->role));
    FAIL_AT(INVALID, S("post"), S(SEATS), "“%.*s”要由%.*s担任，%.*s没有这个角色", SFMT(post->name), SFMT(role), SFMT(u->name));
  }
  if (str_eqz(post->role, "approver") && !str_eq(post->unit, u->unit)) FAIL_AT(INVALID, S("post"), S(SEATS), "“%.*s”由本单位的人担任，%.*s不是", SFMT(post->name), SFMT(u->name));
  if (!json_bool(ask->cmd->args, S("discipline"))) FAIL_AT(INVALID, S("discipline"), S(CONDITIONS), "选调人员划转后要接受窗口统一领导，遵守窗口工作纪律；没有确认的不能选调");
  Json *body = kit_body(d, ask, names), *answer = json_obj(decision_mem(d));
  int64_t over = taken + 1 - seats_of(p, post->unit);
  json_put_str(decision_mem(d), body, S("seat_unit"), post->unit);
  if (over > 0) json_put_int(decision_mem(d), body, S("over"), over);
  json_put_int(decision_mem(d), answer, S("over"), over > 0 ? over : 0);
  decision_answer(d, answer);
  decision_emit(d, "user.seconded", 1, body);
  return OK;
}

Code staff__unseat(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const User *u = ask->state;
  TRY(kit_now(cx, ask));
  if (!u->seat.post.len) FAIL(CONFLICT, "%.*s不在窗口编制里。", SFMT(u->name));
  decision_emit(d, "user.unseated", 1, kit_body(d, ask, names));
  return OK;
}

/* The head of the person's own unit. */
static Code own_head(Cx *cx, const Ask *ask, const User *u) {
  if (!u->unit.len || !str_eq(ask->cmd->actor.unit, u->unit)) FAIL_AT(DENIED, S(""), S(CONDITIONS), "授权由%.*s本单位的负责人作出。", SFMT(u->name));
  return OK;
}

static bool handles(const Policy *p, Str code, const Unit *u) {
  const Item *item = policy_item(p, code);
  bool region = str_eqz(u->kind, "county") || str_eqz(u->kind, "zone");
  return item && (str_eq(item->unit, u->code) || (region && (str_eqz(item->unit, "county") || item->county_when)));
}

/* In any version of the package: cases keep theirs. */
static bool item_is_of(const Policy *p, Str code, const Unit *u) {
  const Policy *list[PACKAGES_MAX];
  size_t n = u && p->packages ? packages_list(p->packages, list) : 0;
  bool known = u && handles(p, code, u);
  for (size_t i = 0; i < n && !known; i++) known = handles(list[i], code, u);
  return known;
}

Code staff__authorise(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"items", "from", "until", "document", NULL};
  const User *u = ask->state;
  const Policy *p = ask->env;
  const Json *items = json_get(ask->cmd->args, S("items"));
  Day from = {0}, until = {0};
  TRY(kit_now(cx, ask));
  TRY(own_head(cx, ask, u));
  if (!(u->roles & ROLE_APPROVER)) FAIL_AT(INVALID, S("items"), S(CONDITIONS), "%.*s不是审批人员，不用授权", SFMT(u->name));
  if (!items || !items->first) FAIL_AT(INVALID, S("items"), S(CONDITIONS), "请选择授权的事项");
  for (const Json *x = items->first; x; x = x->next) {
    if (x->kind != JSON_STR || !item_is_of(p, x->str, policy_unit_known(p, u->unit)))
      FAIL_AT(INVALID, S("items"), S(CONDITIONS), "“%.*s”不是本单位办理的事项", SFMT(x->str));
    for (const Json *y = items->first; y != x; y = y->next)
      if (str_eq(y->str, x->str)) FAIL_AT(INVALID, S("items"), S(""), "“%.*s”选了两次", SFMT(x->str));
  }
  (void)day_parse(json_str(ask->cmd->args, S("from")), &from);
  (void)day_parse(json_str(ask->cmd->args, S("until")), &until);
  if (until.n && until.n < from.n) FAIL_AT(INVALID, S("until"), S(""), "到期的日子不能早于开始的日子");
  if (u->grant_count + items->count > GRANTS_MAX) FAIL_AT(LIMIT, S("items"), S(""), "一个人最多登记 %d 次授权", GRANTS_MAX);
  decision_emit(d, "user.authorised", 1, kit_body(d, ask, names));
  return OK;
}

Code staff__revoke(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"item", "reason", NULL};
  const User *u = ask->state;
  Str item = json_str(ask->cmd->args, S("item"));
  bool any = false;
  TRY(kit_now(cx, ask));
  TRY(own_head(cx, ask, u));
  for (size_t i = 0; i < u->grant_count; i++) any |= str_eq(u->grants[i].item, item) && !u->grants[i].revoked_at;
  if (!any) FAIL_AT(CONFLICT, S("item"), S(""), "%.*s没有这一事项的授权可以收回。", SFMT(u->name));
  decision_emit(d, "user.authority-revoked", 1, kit_body(d, ask, names));
  return OK;
}

static const Sql sql_taken = {"seat.taken", "s", "i", "SELECT count(*) FROM seat WHERE unit = ?1"};

Code staff__facts(Cx *cx, Db *views, const Command *cmd, const Policy *p, const Json **facts) {
  const Post *post = policy_post(p, json_str(cmd->args, S("post")));
  Json *out = json_obj(cx->mem);
  int64_t taken = 0;
  TRY(db_int(cx, views, &sql_taken, VALS(val_s(post ? post->unit : S(""))), 0, &taken));
  json_put_int(cx->mem, out, S("taken"), taken);
  *facts = out;
  return OK;
}

/* ---- the state -------------------------------------------------------------------------------------------- */

bool grant_live(const Grant *g, Day on) {
  return g->from.n <= on.n && (!g->until.n || g->until.n >= on.n) && (!g->revoked_at || day_of(g->revoked_at).n > on.n);
}

static void grants_add(Arena *mem, User *u, const Event *e) {
  const Json *items = json_get(e->body, S("items"));
  Day from = {0}, until = {0};
  (void)day_parse(json_str(e->body, S("from")), &from);
  (void)day_parse(json_str(e->body, S("until")), &until);
  for (const Json *x = items ? items->first : NULL; x; x = x->next) {
    for (size_t i = 0; i < u->grant_count; i++) /* said anew for the same first day: the later word holds */
      if (str_eq(u->grants[i].item, x->str) && u->grants[i].from.n == from.n && !u->grants[i].revoked_at) {
        u->grants[i].revoked_at = e->happened;
        u->grants[i].reason = S("由后来的授权代替");
      }
    Grant *g = GROW(mem, u->grants, u->grant_count, u->grant_cap, Grant);
    *g = (Grant){.item = arena_str(mem, x->str), .document = kit_keep(mem, e->body, "document"), .by = arena_str(mem, e->actor_name), .from = from, .until = until,
                 .at = e->happened};
  }
}

void staff__fold(Arena *mem, User *u, const Event *e) {
  const Json *b = e->body;
  if (str_eqz(e->kind, "user.seconded"))
    u->seat = (Seat){.post = kit_keep(mem, b, "post"), .unit = kit_keep(mem, b, "seat_unit"), .fit = kit_keep(mem, b, "fit"), .over = (int)json_int(b, S("over"), 0), .since = e->happened};
  if (str_eqz(e->kind, "user.unseated")) u->seat = (Seat){.left_at = e->happened, .left_reason = kit_keep(mem, b, "reason")};
  if (str_eqz(e->kind, "user.authorised")) grants_add(mem, u, e);
  if (str_eqz(e->kind, "user.authority-revoked"))
    for (size_t i = 0; i < u->grant_count; i++)
      if (str_eq(u->grants[i].item, json_str(b, S("item"))) && !u->grants[i].revoked_at) {
        u->grants[i].revoked_at = e->happened;
        u->grants[i].reason = kit_keep(mem, b, "reason");
      }
}

/* ---- its rows ---------------------------------------------------------------------------------------------- */

static const Sql sql_seat_put = {"seat.put", "sssis", "",
                                 "INSERT INTO seat(account, unit, post, since, fit) VALUES(?1,?2,?3,?4,?5) ON CONFLICT(account) DO UPDATE SET"
                                 " unit = excluded.unit, post = excluded.post, since = excluded.since, fit = excluded.fit"};
static const Sql sql_seat_drop = {"seat.drop", "s", "", "DELETE FROM seat WHERE account = ?1"};
static const Sql sql_grant_put = {"authority.put", "ssiis", "",
                                  "INSERT INTO authority(account, item, from_day, until_day, unit) VALUES(?1,?2,?3,?4,?5)"
                                  " ON CONFLICT(account, item, from_day) DO UPDATE SET until_day = excluded.until_day, unit = excluded.unit"};
/* To the day before; what had not begun then is gone. */
static const Sql sql_revoke = {"authority.revoke", "ssi", "",
                               "UPDATE authority SET until_day = ?3 - 1 WHERE account = ?1 AND item = ?2 AND (until_day = 0 OR until_day >= ?3)"};
static const Sql sql_never = {"authority.never", "ss", "", "DELETE FROM authority WHERE account = ?1 AND item = ?2 AND until_day > 0 AND until_day < from_day"};

static Code grants_put(Cx *cx, Db *views, const Event *e, const User *u) {
  const Json *items = json_get(e->body, S("items"));
  Day from = {0}, until = {0};
  (void)day_parse(json_str(e->body, S("from")), &from);
  (void)day_parse(json_str(e->body, S("until")), &until);
  for (const Json *x = items ? items->first : NULL; x; x = x->next)
    TRY(db_run(cx, views, &sql_grant_put, VALS(val_s(u->id), val_s(x->str), val_i(from.n), val_i(until.n), val_s(u->unit))));
  return OK;
}

Code staff__project(Cx *cx, Db *views, const Event *e, const User *u) {
  Str item = json_str(e->body, S("item"));
  if (str_eqz(e->kind, "user.seconded"))
    return db_run(cx, views, &sql_seat_put, VALS(val_s(u->id), val_s(u->seat.unit), val_s(u->seat.post), val_i(u->seat.since), val_s(u->seat.fit)));
  if (str_eqz(e->kind, "user.unseated")) return db_run(cx, views, &sql_seat_drop, VALS(val_s(u->id)));
  db_forget(views);
  if (str_eqz(e->kind, "user.authorised")) return grants_put(cx, views, e, u);
  TRY(db_run(cx, views, &sql_revoke, VALS(val_s(u->id), val_s(item), val_i(day_of(e->happened).n))));
  return db_run(cx, views, &sql_never, VALS(val_s(u->id), val_s(item)));
}

bool staff__kind(Str kind) {
  static const char *const kinds[] = {"user.seconded", "user.unseated", "user.authorised", "user.authority-revoked"};
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (str_eqz(kind, kinds[i])) return true;
  return false;
}

/* ---- what is asked ------------------------------------------------------------------------------------------ */

static const Sql sql_any = {"authority.any", "i", "i", "SELECT count(*) FROM (SELECT 1 FROM authority LIMIT ?1) AS one"};
static const Sql sql_of_unit = {"authority.unit", "s", "i", "SELECT count(*) FROM (SELECT 1 FROM authority WHERE unit = ?1 LIMIT 1) AS one"};
/* The last that had begun, or the first that has not. */
static const Sql sql_begun = {"authority.begun", "ssi", "ii",
                              "SELECT from_day, until_day FROM authority WHERE account = ?1 AND item = ?2 AND from_day <= ?3"
                              " ORDER BY CASE WHEN until_day = 0 THEN 1 ELSE 0 END DESC, until_day DESC LIMIT 1"};
static const Sql sql_later = {"authority.later", "ssi", "i", "SELECT min(from_day) FROM authority WHERE account = ?1 AND item = ?2 AND from_day > ?3"};
static const Sql sql_seated = {"seat.has", "s", "i", "SELECT count(*) FROM seat WHERE account = ?1"};

Code authority_of(Cx *cx, Db *views, Str account, Str unit, Str item, Day on, Authority *out, Day *edge) {
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t n = 0;
  *out = AUTHORITY_NONE;
  *edge = (Day){0};
  TRY(db_int_kept(cx, views, &sql_any, 1, 0, &n));
  if (n) TRY(db_int(cx, views, &sql_of_unit, VALS(val_s(unit)), 0, &n));
  if (!n) return OK;
  *out = AUTHORITY_MISSING;
  TRY(db_rows(cx, views, &sql_begun, VALS(val_s(account), val_s(item), val_i(on.n)), &r));
  if (rows_next(r)) {
    edge->n = (int32_t)row_i(r, 1);
    *out = !edge->n || edge->n >= on.n ? AUTHORITY_LIVE : AUTHORITY_OVER;
  }
  TRY(rows_end(cx, r));
  if (*out == AUTHORITY_LIVE) return OK;
  TRY(db_int(cx, views, &sql_later, VALS(val_s(account), val_s(item), val_i(on.n)), 0, &n));
  if (n) *out = AUTHORITY_LATER, edge->n = (int32_t)n;
  return OK;
}

Code seated(Cx *cx, Db *views, Str account, bool *out) {
  int64_t n = 0;
  TRY(db_int(cx, views, &sql_seated, VALS(val_s(account)), 0, &n));
  *out = n > 0;
  return OK;
}

Str authority_refusal(Arena *mem, Authority a, Day edge, bool has_seat, Str def, Str item) {
  Str day = day_str(mem, edge);
  if (a == AUTHORITY_LIVE || a == AUTHORITY_UNSET) return S("");
  if (a == AUTHORITY_NONE && !has_seat && !str_eqz(def, "refuse")) return S("");
  if (a == AUTHORITY_OVER) return arena_fmt(mem, "您办理“%.*s”的授权到 %.*s 为止，已经失效，不能签字。请本单位负责人在“窗口人员”里重新授权。", SFMT(item), SFMT(day));
  if (a == AUTHORITY_LATER) return arena_fmt(mem, "您办理“%.*s”的授权自 %.*s 起才有效，现在不能签字。", SFMT(item), SFMT(day));
  return arena_fmt(mem, "您没有办理“%.*s”的授权，不能签字。请本单位负责人在“窗口人员”里授权以后再签。", SFMT(item));
}

Code authority_facts(Cx *cx, Db *views, const Command *cmd, Str item, Json *out) {
  int64_t when = cmd->happened && cmd->happened < cmd->now ? cmd->happened : cmd->now;
  Authority a = AUTHORITY_UNSET;
  Day edge = {0};
  bool has_seat = false;
  TRY(authority_of(cx, views, cmd->actor.id, cmd->actor.unit, item, day_of(when), &a, &edge));
  if (a == AUTHORITY_NONE) TRY(seated(cx, views, cmd->actor.id, &has_seat));
  json_put_int(cx->mem, out, S("authority"), a);
  json_put_int(cx->mem, out, S("authority_edge"), edge.n);
  json_put_bool(cx->mem, out, S("seated"), has_seat);
  return OK;
}

Code authority_check(Cx *cx, const Ask *ask, const Policy *p, Str item_name) {
  Day edge = {(int32_t)json_int(ask->facts, S("authority_edge"), 0)};
  Str why = authority_refusal(cx->mem, (Authority)json_int(ask->facts, S("authority"), AUTHORITY_UNSET), edge, json_bool(ask->facts, S("seated")), p->reform.authority, item_name);
  if (why.len) FAIL_AT(DENIED, S("signature"), S("D60-6.19.2-p2"), "%.*s", SFMT(why));
  return OK;
}

/* ---- lists ---------------------------------------------------------------------------------------------------- */

static const Sql sql_seats = {"seat.list", "i", "sssssii",
                              "SELECT a.account, u.name, a.unit, a.post, a.fit, a.since, (SELECT count(DISTINCT g.item) FROM authority g WHERE g.account = a.account"
                              " AND g.from_day <= ?1 AND (g.until_day = 0 OR g.until_day >= ?1)) FROM seat a JOIN account u ON u.id = a.account ORDER BY a.unit, a.post, a.since, a.account"};
static const Sql sql_signers = {"authority.signers", "is", "sssi",
                                "SELECT a.id, a.name, a.unit, (SELECT count(DISTINCT g.item) FROM authority g WHERE g.account = a.id AND g.from_day <= ?1"
                                " AND (g.until_day = 0 OR g.until_day >= ?1)) FROM account a WHERE a.disabled = 0 AND (',' || a.roles || ',') LIKE '%,approver,%'"
                                " AND (?2 = '' OR a.unit = ?2) ORDER BY a.unit, a.id LIMIT 2000"};
enum { LIST_MAX = 2000 };

Code seats_list(Cx *cx, Db *views, Day on, SeatRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  SeatRow *list = arena_array(cx->mem, SeatRow, LIST_MAX);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, views, &sql_seats, VALS(val_i(on.n)), &r));
  while (*n < LIST_MAX && rows_next(r)) {
    SeatRow *s = &list[(*n)++];
    Str *const texts[] = {&s->account, &s->name, &s->unit, &s->post, &s->fit};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i);
    s->since = row_i(r, 5);
    s->grants = row_i(r, 6);
  }
  return rows_end(cx, r);
}

Code signers_list(Cx *cx, Db *views, Str unit, Day on, Signer **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  Signer *list = arena_array(cx->mem, Signer, LIST_MAX);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, views, &sql_signers, VALS(val_i(on.n), val_s(unit)), &r));
  while (*n < LIST_MAX && rows_next(r)) {
    list[*n] = (Signer){.account = row_s(cx, r, 0), .name = row_s(cx, r, 1), .unit = row_s(cx, r, 2), .grants = row_i(r, 3)};
    (*n)++;
  }
  return rows_end(cx, r);
}

static bool company(const Policy *p, Str unit) {
  const Unit *u = policy_unit(p, unit);
  return u && str_eqz(u->kind, "company");
}

size_t seat_groups(const Policy *p, const SeatRow *rows, size_t n, SeatGroup out[SEAT_GROUPS_MAX]) {
  size_t count = 0;
  for (size_t i = 0; i < p->post_count; i++) {
    const Post *post = &p->posts[i];
    Str key = company(p, post->unit) ? S("") : post->unit;
    size_t k = 0;
    if (!post->seats) continue;
    while (k < count && !str_eq(out[k].unit, key)) k++;
    if (k == SEAT_GROUPS_MAX) break;
    if (k == count) out[count++] = (SeatGroup){.unit = key};
    out[k].seats += post->seats;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < count; k++)
      if (str_eq(out[k].unit, company(p, rows[i].unit) ? S("") : rows[i].unit)) out[k].taken++;
  return count;
}
