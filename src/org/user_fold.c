/* SPDX-License-Identifier: Apache-2.0 */
/* user_fold.c: an account from its events, and its row in the views. */
#include "org/org_int.h"

static void keep(Arena *mem, Str *field, const Json *body, Str key) {
  if (json_get(body, key)) *field = arena_str(mem, json_str(body, key));
}

static void token_add(Arena *mem, User *u, const Json *body) {
  if (u->token_count == COUNT(u->token_refs)) return;
  u->token_refs[u->token_count] = arena_str(mem, json_str(body, S("hash")));
  u->token_names[u->token_count++] = arena_str(mem, json_str(body, S("name")));
}

static void token_remove(User *u, Str name) {
  for (size_t i = 0; i < u->token_count; i++)
    if (str_eq(u->token_names[i], name)) {
      u->token_count--;
      u->token_refs[i] = u->token_refs[u->token_count];
      u->token_names[i] = u->token_names[u->token_count];
      return;
    }
}

void *user__fold(Arena *mem, void *state, const Event *e) {
  User *u = state ? state : arena_new(mem, User);
  const Json *b = e->body;
  Cx quiet = {.mem = mem};
  if (str_eq(e->kind, S("user.created"))) u->created = e->happened;
  if (str_eq(e->kind, S("user.created")) || str_eq(e->kind, S("user.changed"))) {
    keep(mem, &u->id, b, S("id"));
    keep(mem, &u->name, b, S("name"));
    keep(mem, &u->unit, b, S("unit"));
    keep(mem, &u->org_name, b, S("org_name"));
    keep(mem, &u->org_uscc, b, S("org_uscc"));
    keep(mem, &u->phone_ref, b, S("phone_ref"));
    if (json_get(b, S("roles"))) (void)roles_parse(&quiet, json_str(b, S("roles")), &u->roles);
  }
  if (str_eq(e->kind, S("user.contact-set"))) {
    u->email_ref = arena_str(mem, json_str(b, S("email_ref")));
    u->phone_ref = arena_str(mem, json_str(b, S("phone_ref")));
    u->no_mail = !json_bool(b, S("mail"));
    u->no_sms = !json_bool(b, S("sms"));
  }
  if (json_get(b, S("password_ref"))) {
    u->password_ref = arena_str(mem, json_str(b, S("password_ref")));
    u->password_at = e->happened;
    u->initial = json_bool(b, S("initial"));
  }
  if (str_eq(e->kind, S("user.disabled"))) {
    u->disabled = true;
    u->off_by = arena_str(mem, e->actor_name);
    u->off_reason = arena_str(mem, json_str(b, S("reason")));
    u->off_at = e->happened;
  }
  if (str_eq(e->kind, S("user.enabled"))) u->disabled = false;
  if (str_eq(e->kind, S("user.token-issued"))) token_add(mem, u, b);
  if (str_eq(e->kind, S("user.token-revoked"))) token_remove(u, json_str(b, S("name")));
  staff__fold(mem, u, e);
  return u;
}

const char user__schema[] =
    "CREATE TABLE account(id TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, roles TEXT NOT NULL,"
    " org_name TEXT NOT NULL, org_uscc TEXT NOT NULL, disabled INTEGER NOT NULL,"
    " mail INTEGER NOT NULL, sms INTEGER NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE INDEX account_org ON account(org_uscc) WHERE org_uscc <> '';"
    "CREATE TABLE token(hash TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL) WITHOUT ROWID, STRICT;" STAFF_SCHEMA;

static const Sql sql_put = {"user.put", "ssssssiii", "",
                            "INSERT INTO account(id, name, unit, roles, org_name, org_uscc, disabled, mail, sms) "
                            "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT(id) DO UPDATE SET name = excluded.name, "
                            "unit = excluded.unit, roles = excluded.roles, org_name = excluded.org_name, "
                            "org_uscc = excluded.org_uscc, disabled = excluded.disabled, mail = excluded.mail, sms = excluded.sms"};
static const Sql sql_token_put = {"token.put", "sss", "", "INSERT INTO token(hash, account, name) VALUES(?1, ?2, ?3)"};
static const Sql sql_token_drop = {"token.drop", "ss", "", "DELETE FROM token WHERE account = ?1 AND name = ?2"};

Code user__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  (void)env;
  const User *u = state;
  if (staff__kind(e->kind)) return staff__project(cx, views, e, u);
  if (str_eq(e->kind, S("user.token-issued")))
    return db_run(cx, views, &sql_token_put,
                  VALS(val_s(json_str(e->body, S("hash"))), val_s(u->id), val_s(json_str(e->body, S("name")))));
  if (str_eq(e->kind, S("user.token-revoked")))
    return db_run(cx, views, &sql_token_drop, VALS(val_s(u->id), val_s(json_str(e->body, S("name")))));
  return db_run(cx, views, &sql_put,
                VALS(val_s(u->id), val_s(u->name), val_s(u->unit), val_s(roles_text(cx->mem, u->roles)),
                     val_s(u->org_name), val_s(u->org_uscc), val_i(u->disabled), val_i(u->email_ref.len && !u->no_mail),
                     val_i(u->phone_ref.len && !u->no_sms)));
}
