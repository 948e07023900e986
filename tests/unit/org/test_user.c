/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts: who makes them, what they may be, how they end. */
#include "city.h"

static bool field_is(const Cx *cx, const char *field) {
  return str_eqz(cx->field, field);
}

TEST(a_new_store_has_no_account_and_no_password_opens_it) {
  City c;
  city_open(&c, cx);
  static const char *const usual[] = {"admin", "sys", "root", "system", "demo", "wang"};
  for (size_t i = 0; i < COUNT(usual); i++) {
    EXPECT(city_user(&c, cx, usual[i]) == NULL);
    EXPECT(!city_login(&c, cx, usual[i], ""));
  }
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK); /* made without a password: nobody gets in */
  EXPECT(city_user(&c, cx, "wang") != NULL);
  EXPECT_STR(city_user(&c, cx, "wang")->password_ref, S(""));
  EXPECT(!city_login(&c, cx, "wang", ""));
  EXPECT(!city_login(&c, cx, "wang", "wang"));
  city_drop(&c);
}

TEST(an_account_is_made_changed_and_read_back_after_a_restart) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk,window_head", "window"), OK);
  EXPECT_INT(city_send(&c, cx, "system", ROLE_SYSTEM, "user.change", "wang", "{\"name\":\"王改名\",\"roles\":\"clerk\"}"), OK);
  for (int i = 0; i < 2; i++) {
    const User *u = city_user(&c, cx, "wang");
    EXPECT(u != NULL);
    if (!u) break;
    EXPECT_STR(u->id, S("wang"));
    EXPECT_STR(u->name, S("王改名"));
    EXPECT_STR(u->unit, S("window")); /* what was not named stays */
    EXPECT_INT(u->roles, ROLE_CLERK);
    EXPECT_INT(u->created, cx->now);
    Actor a = user_actor(u);
    EXPECT_STR(a.unit, S("window"));
    EXPECT_INT(a.roles, ROLE_CLERK);
    city_reopen(&c, cx);
  }
  EXPECT(city_user(&c, cx, "nobody") == NULL);
  EXPECT_INT(cx->fault, NOT_FOUND);
  city_drop(&c);
}

TEST(login_names_have_one_spelling) {
  static const char *const bad[] = {"w",        "Wang",       "1wang",  "wang li", "王某",  "wang/li", "-wang", "_wang",
                                    "wang@x",   "system",     "public", "ＷＡＮＧ", "wang'", "",        ".wang",
                                    "a2345678901234567890123456789012345678901"};
  static const char *const good[] = {"wa", "wang.li", "wang-li_2", "a234567890123456789012345678901234567890", "ｗａｎｇ"};
  City c;
  city_open(&c, cx);
  for (size_t i = 0; i < COUNT(bad); i++) {
    Code code = city_add(&c, cx, bad[i], "clerk", "window");
    if (code != INVALID || !field_is(cx, "id")) EXPECT_STR(str_of(bad[i]), S("refused"));
  }
  for (size_t i = 0; i < COUNT(good); i++) EXPECT_INT(city_add(&c, cx, good[i], "clerk", "window"), OK);
  EXPECT(city_user(&c, cx, "wang") != NULL); /* typed with an input method, kept in plain letters */
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), CONFLICT);
  EXPECT(field_is(cx, "id"));
  EXPECT_INT(city_add(&c, cx, "wang", "auditor", ""), CONFLICT); /* whatever else it would be */
  city_drop(&c);
}

TEST(roles_that_do_not_go_together_are_refused) {
  static const struct { const char *roles, *unit; Code code; const char *field; } rows[] = {
      {"clerk", "window", OK, ""},
      {"approver,unit_head", "education", OK, ""},
      {"leader", "", OK, ""},
      {"sysadmin", "", OK, ""},
      {"applicant", "", OK, ""},
      {"agent", "", OK, ""},
      {"integrator", "", OK, ""},
      {"sysadmin,auditor", "", INVALID, "roles"},
      {"sysadmin,secadmin", "", INVALID, "roles"},
      {"secadmin,auditor", "", INVALID, "roles"},
      {"sysadmin,clerk", "window", INVALID, "roles"},
      {"auditor,leader", "", INVALID, "roles"},
      {"system", "", INVALID, "roles"},
      {"clerk,system", "window", INVALID, "roles"},
      {"public", "", INVALID, "roles"},
      {"boss", "", INVALID, "roles"},
      {"clerk,", "window", INVALID, "roles"},
      {"clerk", "", INVALID, "unit"},
      {"clerk", "no-such-unit", INVALID, "unit"},
      {"leader", "no-such-unit", INVALID, "unit"},
      {"applicant", "window", INVALID, "unit"}};
  City c;
  city_open(&c, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    Code code = city_add(&c, cx, arena_fmt(t->mem, "user%zu", i).ptr, rows[i].roles, rows[i].unit);
    if (code != rows[i].code || !field_is(cx, rows[i].field))
      EXPECT_STR(arena_fmt(t->mem, "%s in %s: %.*s", rows[i].roles, rows[i].unit, SFMT(cx->detail)), S(""));
  }
  city_drop(&c);
}

TEST(an_applicant_stands_for_an_enterprise_with_a_sound_code) {
  City c;
  city_open(&c, cx);
#define APPLICANT(rest) "{\"id\":\"owner\",\"name\":\"张某\",\"roles\":\"applicant\"" rest "}"
  EXPECT_INT(city_send(&c, cx, "public", ROLE_PUBLIC, "user.register", NULL, APPLICANT("")), INVALID);
  EXPECT(field_is(cx, "org_name"));
  EXPECT_INT(city_send(&c, cx, "public", ROLE_PUBLIC, "user.register", NULL,
                       APPLICANT(",\"org_name\":\"示例公司\",\"org_uscc\":\"91211400MA0XYW122M\"")), INVALID);
  EXPECT(field_is(cx, "org_uscc"));
  EXPECT_INT(city_send(&c, cx, "public", ROLE_PUBLIC, "user.register", NULL,
                       APPLICANT(",\"org_name\":\"示例公司\",\"unit\":\"window\",\"org_uscc\":\"" USCC "\"")), INVALID);
  EXPECT(field_is(cx, "unit")); /* or the stranger would sit in the window */
  EXPECT_INT(city_send(&c, cx, "public", ROLE_PUBLIC, "user.register", NULL,
                       APPLICANT(",\"org_name\":\"示例公司\",\"org_uscc\":\"" USCC "\"")), OK);
  EXPECT_INT(city_user(&c, cx, "owner")->roles, ROLE_APPLICANT);
  static const char *const more[] = {"clerk", "applicant,clerk", "sysadmin", "agent", "applicant,leader"};
  for (size_t i = 0; i < COUNT(more); i++) {
    Str args = arena_fmt(t->mem, "{\"id\":\"intruder\",\"name\":\"x\",\"roles\":\"%s\",\"unit\":\"window\",\"org_name\":\"x\",\"org_uscc\":\"" USCC "\"}", more[i]);
    EXPECT_INT(city_send(&c, cx, "public", ROLE_PUBLIC, "user.register", NULL, args.ptr), DENIED);
  }
  EXPECT(city_user(&c, cx, "intruder") == NULL);
  city_drop(&c);
}

TEST(only_administrators_and_the_command_line_manage_accounts) {
  static const struct { const char *name, *args; } acts[] = {
      {"user.create", "{\"id\":\"new\",\"name\":\"x\",\"roles\":\"clerk\",\"unit\":\"window\"}"},
      {"user.change", "{\"name\":\"新名\"}"},
      {"user.disable", "{}"},
      {"user.enable", "{}"},
      {"user.issue-token", "{\"name\":\"x\",\"hash\":\"0000000000000000000000000000000000000000000000000000000000000000\"}"},
      {"user.revoke-token", "{\"name\":\"x\"}"}};
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  for (size_t i = 0; i < COUNT(acts); i++)
    for (uint32_t bit = 0; bit < 16; bit++) {
      uint32_t role = 1u << bit;
      if (role & (ROLE_SYSADMIN | ROLE_SYSTEM)) continue;
      Code code = city_send(&c, cx, "wang", role, acts[i].name, i ? "wang" : NULL, acts[i].args);
      if (code != DENIED) EXPECT_STR(arena_fmt(t->mem, "%s by role %u", acts[i].name, role), S("denied"));
    }
  EXPECT_STR(city_user(&c, cx, "wang")->name, S("某人"));
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, acts[0].name, NULL, acts[0].args), DENIED); /* with consent only: test_access.c */
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.change", "wang", acts[1].args), OK);
  EXPECT_STR(city_user(&c, cx, "wang")->name, S("新名"));
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.register", NULL, acts[0].args), DENIED);
  city_drop(&c);
}

/* Whoever looks at the account itself sees who, why and when. */
static bool off_is(City *c, Cx *cx, const char *id, const char *by, const char *why) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  const void *state = NULL;
  int64_t seq;
  cx_clear(cx);
  if (reader_open(cx, c->runner, &rd) != OK || reader_state(cx, rd, arena_fmt(cx->mem, "user/%s", id), &state, &seq) != OK) return false;
  const User *u = state;
  return u->disabled && str_eqz(u->off_by, by) && str_eqz(u->off_reason, why) && u->off_at == cx->now;
}

TEST(a_disabled_account_is_out_until_it_is_enabled) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  EXPECT_INT(city_password(&c, cx, "system", ROLE_SYSTEM, "wang", GOOD_PASSWORD), OK);
  EXPECT(city_login(&c, cx, "wang", GOOD_PASSWORD));
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.disable", "wang", "{\"reason\":\"调离\"}"), OK);
  EXPECT(city_user(&c, cx, "wang") == NULL);
  EXPECT_INT(cx->fault, DENIED);
  EXPECT(off_is(&c, cx, "wang", "sys", "调离"));
  EXPECT(!city_login(&c, cx, "wang", GOOD_PASSWORD));
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.disable", "wang", "{}"), CONFLICT);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.enable", "wang", "{}"), OK);
  EXPECT(city_login(&c, cx, "wang", GOOD_PASSWORD));
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.enable", "wang", "{}"), CONFLICT);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.disable", "nobody", "{}"), NOT_FOUND);
  city_drop(&c);
}

TEST(the_last_administrator_of_a_kind_stays) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "sys1", "sysadmin", ""), OK);
  EXPECT_INT(city_send(&c, cx, "system", ROLE_SYSTEM, "user.disable", "sys1", "{}"), INVALID);
  EXPECT_STR(cx->clause, S("GB/T 22239-2019 8.1.5"));
  EXPECT_INT(city_send(&c, cx, "system", ROLE_SYSTEM, "user.change", "sys1", "{\"roles\":\"auditor\"}"), INVALID);
  EXPECT_INT(city_send(&c, cx, "system", ROLE_SYSTEM, "user.change", "sys1", "{\"name\":\"改名\"}"), OK);
  EXPECT_INT(city_add(&c, cx, "sys2", "sysadmin", ""), OK);
  EXPECT_INT(city_send(&c, cx, "system", ROLE_SYSTEM, "user.disable", "sys1", "{}"), OK);
  /* The disabled one is none of those left, and may become something else. */
  EXPECT_INT(city_send(&c, cx, "system", ROLE_SYSTEM, "user.change", "sys1", "{\"roles\":\"auditor\"}"), OK);
  EXPECT_INT(city_send(&c, cx, "system", ROLE_SYSTEM, "user.disable", "sys2", "{}"), INVALID);
  city_drop(&c);
}

/* ---- passwords of accounts -------------------------------------------------------------------------- */

TEST(a_password_is_set_by_oneself_or_an_administrator_and_replaces_the_old_one) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  EXPECT_INT(city_add(&c, cx, "li", "clerk", "window"), OK);
  EXPECT_INT(city_password(&c, cx, "sys", ROLE_SYSADMIN, "wang", GOOD_PASSWORD), OK);
  EXPECT(city_login(&c, cx, "wang", GOOD_PASSWORD));
  cx->now += DAY_MS;
  EXPECT_INT(city_password(&c, cx, "wang", ROLE_CLERK, "wang", "Another-2020"), OK);
  EXPECT(!city_login(&c, cx, "wang", GOOD_PASSWORD));
  EXPECT(city_login(&c, cx, "wang", "Another-2020"));
  EXPECT_INT(city_user(&c, cx, "wang")->password_at, cx->now);
  EXPECT_INT(city_password(&c, cx, "li", ROLE_CLERK, "wang", "Stolen-2020x"), DENIED);
  EXPECT_INT(city_password(&c, cx, "li", ROLE_LEADER | ROLE_SECADMIN | ROLE_AUDITOR, "wang", "Stolen-2020x"), DENIED);
  EXPECT_INT(city_password(&c, cx, "", ROLE_PUBLIC, "wang", "Stolen-2020x"), DENIED);
  EXPECT_INT(city_password(&c, cx, "wang", ROLE_CLERK, "wang", "short"), INVALID);
  EXPECT(city_login(&c, cx, "wang", "Another-2020"));
  EXPECT(!city_login(&c, cx, "li", "Another-2020"));
  city_drop(&c);
}

TEST(a_reference_to_the_secret_of_somebody_else_is_refused) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  EXPECT_INT(city_add(&c, cx, "li", "clerk", "window"), OK);
  EXPECT_INT(city_password(&c, cx, "sys", ROLE_SYSADMIN, "wang", GOOD_PASSWORD), OK);
  Str ref = city_user(&c, cx, "wang")->password_ref;
  Str args = arena_fmt(t->mem, "{\"password_ref\":\"%.*s\"}", SFMT(ref));
  EXPECT_INT(city_send(&c, cx, "li", ROLE_CLERK, "user.set-password", "li", args.ptr), INVALID);
  EXPECT(field_is(cx, "password_ref"));
  args = arena_fmt(t->mem, "{\"phone_ref\":\"%.*s\"}", SFMT(ref));
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.change", "li", args.ptr), INVALID);
  EXPECT(field_is(cx, "phone_ref"));
  EXPECT_STR(city_user(&c, cx, "li")->password_ref, S(""));
  city_drop(&c);
}

/* ---- tokens ----------------------------------------------------------------------------------------- */

static Code by_token(City *c, Cx *cx, Str token, Str *id) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  const User *u = NULL;
  cx_clear(cx);
  TRY(reader_open(cx, c->runner, &rd));
  TRY(user_by_token(cx, rd, token, &u));
  *id = arena_str(cx->mem, u->id);
  return OK;
}

static Code issue(City *c, Cx *cx, const char *id, const char *name, Str token) {
  Str hash = hash_hex(cx->mem, hash_bytes(SUITE_INTL, token));
  Str args = arena_fmt(cx->mem, "{\"name\":\"%s\",\"hash\":\"%.*s\"}", name, SFMT(hash));
  return city_send(c, cx, "sys", ROLE_SYSADMIN, "user.issue-token", id, args.ptr);
}

TEST(a_token_stands_for_its_account_until_it_is_revoked) {
  City c;
  Str id;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "bridge", "integrator", ""), OK);
  EXPECT_INT(city_add(&c, cx, "other", "integrator", ""), OK);
  EXPECT_INT(issue(&c, cx, "bridge", "省平台", S("secret-1")), OK);
  EXPECT_INT(by_token(&c, cx, S("secret-1"), &id), OK);
  EXPECT_STR(id, S("bridge"));
  EXPECT_INT(by_token(&c, cx, S("secret-2"), &id), UNKNOWN_USER);
  EXPECT_INT(by_token(&c, cx, S(""), &id), UNKNOWN_USER);
  EXPECT_INT(issue(&c, cx, "bridge", "省平台", S("secret-2")), CONFLICT);
  EXPECT(field_is(cx, "name"));
  EXPECT_INT(issue(&c, cx, "other", "省平台", S("secret-1")), CONFLICT);
  EXPECT(field_is(cx, "hash"));
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.issue-token", "bridge", "{\"name\":\"x\",\"hash\":\"secret\"}"), INVALID);
  city_reopen(&c, cx);
  EXPECT_INT(by_token(&c, cx, S("secret-1"), &id), OK);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.disable", "bridge", "{}"), OK);
  EXPECT_INT(by_token(&c, cx, S("secret-1"), &id), DENIED);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.enable", "bridge", "{}"), OK);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.revoke-token", "bridge", "{\"name\":\"省平台\"}"), OK);
  EXPECT_INT(by_token(&c, cx, S("secret-1"), &id), UNKNOWN_USER);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.revoke-token", "bridge", "{\"name\":\"省平台\"}"), NOT_FOUND);
  city_drop(&c);
}

TEST(an_account_has_at_most_eight_tokens) {
  City c;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "bridge", "integrator", ""), OK);
  for (int i = 0; i < 8; i++) {
    Str n = arena_fmt(t->mem, "t%d", i);
    EXPECT_INT(issue(&c, cx, "bridge", n.ptr, n), OK);
  }
  EXPECT_INT(issue(&c, cx, "bridge", "t8", S("t8")), LIMIT);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.revoke-token", "bridge", "{\"name\":\"t3\"}"), OK);
  EXPECT_INT(issue(&c, cx, "bridge", "t8", S("t8")), OK);
  city_drop(&c);
}

TEST(accounts_in_the_views_follow_from_the_journal) {
  City c;
  VerifyReport v;
  city_open(&c, cx);
  EXPECT_INT(city_add(&c, cx, "wang", "clerk", "window"), OK);
  EXPECT_INT(city_password(&c, cx, "system", ROLE_SYSTEM, "wang", GOOD_PASSWORD), OK);
  EXPECT_INT(issue(&c, cx, "wang", "t1", S("t1")), OK);
  EXPECT_INT(issue(&c, cx, "wang", "t2", S("t2")), OK);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.revoke-token", "wang", "{\"name\":\"t1\"}"), OK);
  EXPECT_INT(city_send(&c, cx, "sys", ROLE_SYSADMIN, "user.disable", "wang", "{}"), OK);
  EXPECT_INT(store_verify(cx, &c.o, &v), OK);
  EXPECT_STR(v.fault, S(""));
  EXPECT_INT(v.events, 6);
  city_drop(&c);
}
