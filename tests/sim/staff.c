/* SPDX-License-Identifier: Apache-2.0 */
/* staff.c: who works here, and how that changes; notices that change the calendar. */
#include "sim.h"

#include <stdio.h>

static const Actor console = {.id = {.ptr = "system", .len = 6}, .name = {.ptr = "系统", .len = 6}, .roles = ROLE_SYSTEM};

static void account_make(City *c, Str id, const char *roles, Str unit, Str uscc) {
  Sent s = {.mem = arena_open((size_t)1 << 20)};
  Json *a = json_obj(s.mem);
  json_put_str(s.mem, a, S("id"), id);
  json_put_str(s.mem, a, S("name"), arena_fmt(s.mem, "某%.*s", SFMT(id)));
  json_put_str(s.mem, a, S("roles"), str_of(roles));
  if (unit.len) json_put_str(s.mem, a, S("unit"), unit);
  if (uscc.len) json_put_str(s.mem, a, S("org_uscc"), uscc);
  if (uscc.len) json_put_str(s.mem, a, S("org_name"), S("葫芦岛示例机械有限公司"));
  Personal secret[] = {{arena_fmt(s.mem, "v1.a%.*s", SFMT(id)), S("password"), S("$argon2id$sample")},
                       {arena_fmt(s.mem, "v1.b%.*s", SFMT(id)), S("phone"), S("13800138000")}};
  json_put_str(s.mem, a, S("password_ref"), secret[0].ref);
  json_put_str(s.mem, a, S("phone_ref"), secret[1].ref);
  s.cmd = (Command){.name = S("user.create"), .key = arena_fmt(s.mem, "sim-account-%.*s", SFMT(id)), .actor = console, .now = c->now, .args = a,
                    .personal = secret, .personal_count = COUNT(secret)};
  send_one(c, &s);
  CHECK(c, s.result.code == OK, "accounts are made", "%.*s: %.*s", SFMT(id), SFMT(s.result.detail));
  arena_close(s.mem);
}

/* A code that passes both check digits. */
static Str other_uscc(Arena *mem) {
  for (const char *x = "0123456789X"; *x; x++)
    for (const char *y = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *y; y++) {
      Str s = arena_fmt(mem, "91211400MA100137%c%c", *x, *y);
      if (uscc_valid(s)) return s;
    }
  REQUIRE(false && "a code with right digits");
  return S("");
}

static void blob_make(City *c) {
  Cx cx = {.mem = c->mem};
  Blob *b = NULL;
  REQUIRE(blob_open(&cx, c->dir, 1000, &b) == OK && blob_add(&cx, b, "%PDF-1.4 sample", 15) == OK && blob_finish(&cx, b, &c->blob, &c->blob_size) == OK);
  int64_t size;
  REQUIRE(blob_open(&cx, c->dir, 1000, &b) == OK && blob_add(&cx, b, "%PDF-1.4 corrected", 18) == OK && blob_finish(&cx, b, &c->corrected, &size) == OK);
}

void city_begin(City *c) {
  static const struct { const char *id, *roles; bool window; } fixed[] = {
      {"sys", "sysadmin", false}, {"sys2", "sysadmin", false}, {"sec", "secadmin", false}, {"audit", "auditor", false},
      {"clerk1", "clerk", true},  {"clerk2", "clerk", true},   {"head1", "window_head", true}};
  Str uscc[] = {S("91211400MA0XYW122L"), other_uscc(c->mem)};
  blob_make(c);
  for (size_t i = 0; i < COUNT(fixed); i++)
    account_make(c, str_of(fixed[i].id), fixed[i].roles, fixed[i].window ? c->package->window_unit : S(""), S(""));
  account_make(c, S("wu"), "supervisor", c->package->supervisor_unit, S(""));
  account_make(c, S("leader1"), "leader", S(""), S(""));
  account_make(c, S("agent1"), "agent", S("longgang"), S(""));
  account_make(c, S("agent2"), "agent", c->package->window_unit, S(""));
  for (int i = 0; i < 4; i++) account_make(c, arena_fmt(c->mem, "owner%d", i), "applicant", S(""), uscc[i % 2]);
  for (int i = 0; i < 4; i++) account_make(c, arena_fmt(c->mem, "editor%d", i), "editor", S("government-office"), S(""));
  account_make(c, S("office"), "unit_head", S("government-office"), S(""));
  account_make(c, S("secrecy"), "unit_head", S("state-secrets"), S(""));
  staff_complete(c);
}

static void duty(City *c, uint32_t role, const char *text, Str unit) {
  bool polite = c->polite;
  c->polite = true;
  if (!somebody(c, role, unit)) account_make(c, arena_fmt(c->mem, "%s%zu", text[0] == 'u' ? "hd" : "ap", c->account_count), text, unit, S(""));
  c->polite = polite;
}

/* The enterprise has somebody too. */
static void enterprise(City *c, Str uscc) {
  for (size_t i = 0; i < c->account_count; i++)
    if (str_eq(c->accounts[i].uscc, uscc) && (c->accounts[i].roles & ROLE_APPLICANT) && !c->accounts[i].disabled) return;
  account_make(c, arena_fmt(c->mem, "owner%zu", c->account_count), "applicant", S(""), uscc);
}

void staff_complete(City *c) {
  for (size_t i = 0; i < c->project_count; i++) enterprise(c, c->projects[i].uscc);
  enterprise(c, account(c, S("owner1"))->uscc); /* the agency that reviews drawings */
  for (size_t i = 0; i < c->package->item_count; i++) {
    Str unit = c->package->items[i].unit;
    if (str_eqz(unit, "county")) unit = S("longgang");
    duty(c, ROLE_APPROVER, "approver", unit);
    duty(c, ROLE_UNIT_HEAD, "unit_head", unit);
  }
  duty(c, ROLE_APPROVER, "approver", S("longgang"));
  duty(c, ROLE_UNIT_HEAD, "unit_head", S("longgang"));
  duty(c, ROLE_CLERK, "clerk", c->package->window_unit);
  duty(c, ROLE_WINDOW_HEAD, "window_head", c->package->window_unit);
}

/* ---- comings and goings ------------------------------------------------------------------------------- */

/* Roles and unit of somebody, or somebody new: asked for by one administrator. */
static void access_ask(City *c) {
  const Account *whom = chance(c, 60) ? anybody(c) : NULL, *by = chance(c, 90) ? somebody(c, ROLE_SYSADMIN, S("")) : anybody(c);
  if (whom && (whom->roles & (ROLE_APPLICANT | ROLE_AGENT))) return; /* nobody else does their work: it would stand still for ever */
  Sent s = sent_new(c, whom ? S("access.change") : S("access.create"), S(""), by);
  if (!s.mem) return;
  static const char *const roles[] = {"approver", "unit_head", "window_head", "clerk,window_head", "approver,unit_head", "sysadmin,clerk", "auditor"};
  uint32_t which = roll(c, COUNT(roles));
  Json *a = json_obj(s.mem);
  json_put_str(s.mem, a, S("id"), whom ? whom->id : arena_fmt(s.mem, "new%u", roll(c, 30)));
  if (!whom) json_put_str(s.mem, a, S("name"), S("某新人"));
  json_put_str(s.mem, a, S("roles"), str_of(roles[which]));
  if (which != 6) json_put_str(s.mem, a, S("unit"), which < 2 || which == 4 ? c->package->items[roll(c, (uint32_t)c->package->item_count)].unit : c->package->window_unit);
  json_put_str(s.mem, a, S("reason"), S("示例：岗位调整"));
  if (!(s.cmd.actor.roles & ROLE_SYSADMIN)) s.wrong = "only the system administrator asks for accounts";
  if (which == 5) s.wrong = "an administrator does nothing else";
  if (!whom && account(c, json_str(a, S("id")))) s.wrong = "an account is made once";
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

/* The last request; what is over is tried again now and then. */
static void access_answer(City *c) {
  static const char *const acts[] = {"access.approve", "access.refuse", "access.withdraw"};
  size_t at = c->access_count - (c->access_count > 1 && chance(c, 20) ? 2 : 1), k = chance(c, 70) ? 0 : roll(c, 3);
  const ShAccess *x = &c->access[at];
  const Account *by = chance(c, 85) ? somebody(c, k == 2 ? ROLE_SYSADMIN : ROLE_SECADMIN, S("")) : anybody(c);
  Sent s = sent_new(c, str_of(acts[k]), arena_fmt(c->cx.mem, "access/%zu", at + 1), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  bool own = str_eq(s.cmd.actor.id, x->by), him = str_eq(s.cmd.actor.id, x->account);
  if (k == 1) json_put_str(s.mem, a, S("reason"), S("示例：不同意"));
  if (x->over) s.wrong = "a request is answered once";
  if (k < 2 && (own || him || !(s.cmd.actor.roles & ROLE_SECADMIN))) s.wrong = "another person consents";
  if (k == 2 && !own) s.wrong = "who asked takes back";
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

void access_event(City *c, const Event *e) {
  if (!str_starts(e->stream, S("access/"))) return;
  int64_t no = json_int(e->body, S("no"), 0);
  if (str_eqz(e->kind, "access.asked")) {
    Cx cx = {.mem = c->cx.mem};
    shadow_actor(c, e, ROLE_SYSADMIN);
    CHECK(c, no == (int64_t)c->access_count + 1 && c->access_count < COUNT(c->access), "numbers have no gaps", "request %lld", (long long)no);
    ShAccess *x = &c->access[c->access_count++];
    *x = (ShAccess){.account = arena_str(c->mem, json_str(e->body, S("account"))), .by = arena_str(c->mem, e->actor), .unit = arena_str(c->mem, json_str(e->body, S("unit"))),
                    .fresh = json_bool(e->body, S("fresh"))};
    CHECK(c, roles_parse(&cx, json_str(e->body, S("roles")), &x->roles) == OK, "roles", "request %lld", (long long)no);
    return;
  }
  ShAccess *x = &c->access[no - 1];
  bool back = str_eqz(e->kind, "access.withdrawn");
  shadow_actor(c, e, back ? ROLE_SYSADMIN : ROLE_SECADMIN);
  CHECK(c, !x->over, "a request is answered once", "%lld", (long long)no);
  CHECK(c, str_eq(e->actor, x->by) == back && (back || !str_eq(e->actor, x->account)), "another person consents", "%lld", (long long)no);
  x->over = true;
  if (str_eqz(e->kind, "access.approved")) c->admits_due = (int)no;
}

/* Of an account that has followed its request: it is what was asked for, no more. */
void access_followed(City *c, const Event *e, const Account *a) {
  bool follows = str_has(e->command, S(">user.admit")) || str_has(e->command, S(">user.assign"));
  bool rights = str_eqz(e->kind, "user.created") || json_get(e->body, S("roles")) || json_get(e->body, S("unit"));
  CHECK(c, !rights || (str_eqz(e->actor, "system") && (follows || !c->admits_due)), "roles come with consent", "%.*s", SFMT(e->stream));
  if (!follows) return;
  const ShAccess *x = c->admits_due ? &c->access[c->admits_due - 1] : NULL;
  if (!x) STOP(c, "roles come with consent", "%.*s", SFMT(e->stream));
  CHECK(c, str_eq(x->account, a->id) && x->roles == a->roles && str_eq(x->unit, a->unit) && x->fresh == str_eqz(e->kind, "user.created"), "an account is what was approved",
        "%.*s", SFMT(e->stream));
  c->admits_due = 0;
}

void staff_step(City *c) {
  uint32_t r = roll(c, 100);
  if (r < 15) {
    staff_complete(c);
    return;
  }
  if (r >= 70) {
    bool waits = c->access_count && !c->access[c->access_count - 1].over;
    if (c->access_count && (waits ? chance(c, 85) : chance(c, 10))) access_answer(c);
    else access_ask(c);
    return;
  }
  const Account *whom = anybody(c), *by = chance(c, 90) ? somebody(c, ROLE_SYSADMIN, S("")) : anybody(c);
  const char *name = whom->disabled ? "user.enable" : r < 60 ? "user.disable" : "user.change";
  Sent s = sent_new(c, str_of(name), arena_fmt(c->cx.mem, "user/%.*s", SFMT(whom->id)), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  bool rights = str_eqz(s.cmd.name, "user.change") && chance(c, 30);
  if (str_eqz(s.cmd.name, "user.change")) json_put_str(s.mem, a, S("name"), arena_fmt(s.mem, "某新%u", roll(c, 100)));
  if (rights) json_put_str(s.mem, a, S("roles"), S("approver"));
  if (rights) s.wrong = "roles come with consent";
  if (!(s.cmd.actor.roles & ROLE_SYSADMIN)) s.wrong = "only the system administrator keeps accounts";
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

/* ---- notices -------------------------------------------------------------------------------------------- */

static Json *some_days(City *c) {
  const char *const kinds[] = {"holiday", "workday", "normal"};
  Json *list = json_arr(c->cx.mem);
  for (uint32_t i = 0, n = 1 + roll(c, 6); i < n; i++) {
    Json *o = json_push_obj(c->cx.mem, list);
    json_put_str(c->cx.mem, o, S("date"), day_str(c->cx.mem, (Day){day_of(c->now).n - 8 + (int32_t)roll(c, 50)}));
    json_put_str(c->cx.mem, o, S("kind"), str_of(kinds[roll(c, 10) < 5 ? 0 : roll(c, 3)]));
    json_put_str(c->cx.mem, o, S("name"), S("示例通知"));
  }
  return list;
}

static void propose(City *c) {
  Sent s = sent_new(c, S("calendar.propose"), S(""), chance(c, 90) ? somebody(c, CALENDAR_ROLES, S("")) : anybody(c));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put(s.mem, a, S("changes"), some_days(c));
  json_put_str(s.mem, a, S("notice"), S("示例通知〔2019〕1号"));
  json_put_str(s.mem, a, S("reason"), S("示例：临时放假"));
  if (c->proposal) s.wrong = "another proposal waits";
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

/* What the preview said is what the list of moved clocks says afterwards. */
static void confirm(City *c, Sent *s, const Book *b) {
  const Proposal *p = book_waiting(b);
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  Preview before = {0};
  MovedRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (!p) {
    send_one(c, s);
    return;
  }
  if (calendar_preview(&cx, reader_views(c->reader), &c->policies, policy_now(c, S("")), p->changes, p->change_count, c->now, 1000, &before) != OK)
    STOP(c, "a notice can be previewed", "%.*s", SFMT(cx.detail));
  int version = c->version + 1;
  send_one(c, s);
  if (s->result.code != OK || s->result.repeated) return;
  MovedFilter f = {.version = version, .limit = 1000};
  if (moved_list(&cx, c->reader, &f, c->now, &rows, &n, &total) != OK) STOP(c, "moved clocks are listed", "%.*s", SFMT(cx.detail));
  CHECK(c, total == before.moved && n == before.count, "what moves is what was shown", "%lld shown, %lld moved", (long long)before.moved, (long long)total);
}

void calendar_step(City *c) {
  const void *state = NULL;
  int64_t seq = 0;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  if (reader_state(&cx, c->reader, CALENDAR_STREAM, &state, &seq) != OK || !book_waiting(state) || chance(c, 15)) {
    propose(c);
    return;
  }
  bool yes = chance(c, 75);
  Sent s = sent_new(c, yes ? S("calendar.confirm") : S("calendar.reject"), CALENDAR_STREAM, chance(c, 85) ? somebody(c, CALENDAR_ROLES, S("")) : anybody(c));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_int(s.mem, a, S("no"), c->proposals + (chance(c, 5) ? 1 : 0));
  if (!yes) json_put_str(s.mem, a, S("reason"), S("示例：日期有误"));
  if (yes && str_eq(s.cmd.actor.id, c->proposed_by)) s.wrong = "a notice takes two persons";
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (yes) confirm(c, &s, state);
  else send_one(c, &s);
  sent_keep(c, &s);
}
