/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_views.c: the book of publications, the versions in the views, and which versions cases were made under. A
 * store is opened, verified and rebuilt only with all of these: a case without its version would be judged by another.
 */
#include "approval/approval_int.h"

const char policy__schema[] =
    "CREATE TABLE policy_version(no INTEGER PRIMARY KEY, version TEXT NOT NULL, hash TEXT NOT NULL, effective INTEGER NOT NULL,"
    " by TEXT NOT NULL, confirmed_by TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;"
    "CREATE INDEX policy_effective ON policy_version(effective, no, version);"
    "CREATE TABLE policy_used(version TEXT PRIMARY KEY) WITHOUT ROWID, STRICT;";

static const Sql sql_put = {"policy.put", "ississis", "",
                            "INSERT INTO policy_version(no, version, hash, effective, by, confirmed_by, at, reason)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"};
static const Sql sql_force = {"policy.in-force", "i", "s",
                              "SELECT version FROM policy_version WHERE effective <= ?1 ORDER BY effective DESC, no DESC LIMIT 1"};
static const Sql sql_list = {"policy.list", "", "ississis",
                             "SELECT no, version, hash, effective, by, confirmed_by, at, reason FROM policy_version"
                             " ORDER BY effective DESC, no DESC"};
static const Sql sql_used = {"policy.used", "s", "", "INSERT INTO policy_used(version) VALUES(?1) ON CONFLICT DO NOTHING"};
static const Sql sql_used_list = {"policy.used-list", "", "s", "SELECT version FROM policy_used ORDER BY version"};

/* ---- the book ------------------------------------------------------------------------------------------ */

static void fold_proposed(Arena *mem, Book *b, const Event *e) {
  Proposal *p = book__add(mem, b, e);
  p->package = arena_str(mem, json_str(e->body, S("version")));
  p->hash = arena_str(mem, json_str(e->body, S("hash")));
  (void)day_parse(json_str(e->body, S("effective")), &p->effective);
}

void *policy_fold(Arena *mem, void *state, const Event *e) {
  Book *b = state ? state : arena_new(mem, Book);
  b->seq = e->seq;
  if (str_eq(e->kind, S("policy.proposed"))) fold_proposed(mem, b, e);
  if (str_eq(e->kind, S("policy.confirmed"))) book__end(mem, b, e, PROPOSAL_CONFIRMED);
  if (str_eq(e->kind, S("policy.rejected"))) book__end(mem, b, e, PROPOSAL_REJECTED);
  return b;
}

/* ---- versions ------------------------------------------------------------------------------------------ */

Code policy_in_force(Cx *cx, Db *views, Day day, Str *version) {
  return db_str_kept(cx, views, &sql_force, day.n, version);
}

Code policy_versions(Cx *cx, Db *views, PolicyVersion **out, size_t *n) {
  enum { SHOWN_MAX = 1000 };
  SCOPED(rows_drop) Rows *r = NULL;
  PolicyVersion *list = arena_array(cx->mem, PolicyVersion, SHOWN_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, views, &sql_list, NO_VALS, &r));
  while (*n < SHOWN_MAX && rows_next(r)) {
    PolicyVersion *v = &list[(*n)++];
    *v = (PolicyVersion){.no = row_i(r, 0), .version = row_s(cx, r, 1), .hash = row_s(cx, r, 2), .effective = {(int32_t)row_i(r, 3)},
                         .by = row_s(cx, r, 4), .confirmed_by = row_s(cx, r, 5), .at = row_i(r, 6), .reason = row_s(cx, r, 7)};
  }
  return rows_end(cx, r);
}

Code policy__need(Cx *cx, const Policies *ps, Str version, Str hash, const Policy **out) {
  if (ps->packages) return packages_need(cx, ps->packages, version, hash, out);
  const Policy *p = policies_find(ps, version);
  if (!str_eq(p->version, version)) FAIL_AT(NOT_FOUND, S("version"), S(""), "没有政策包 %.*s。", SFMT(version));
  if (hash.len && !str_eq(p->dir_hash, hash))
    FAIL_AT(CONFLICT, S("hash"), S(""), "政策包 %.*s 的内容与记录的不同。请恢复原来的文件。", SFMT(version));
  *out = p;
  return OK;
}

Code policy__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Policies *ps = env;
  const Policy *p = NULL;
  Day effective = {0};
  (void)state;
  if (!str_eq(e->kind, S("policy.confirmed"))) return OK;
  Str version = json_str(e->body, S("version")), hash = json_str(e->body, S("hash"));
  (void)day_parse(json_str(e->body, S("effective")), &effective);
  TRY(policy__need(cx, ps, version, hash, &p));
  if (ps->packages) packages_publish(ps->packages);
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(json_int(e->body, S("no"), 0)), val_s(version), val_s(hash), val_i(effective.n),
                  val_s(json_str(e->body, S("proposed_name"))), val_s(e->actor_name), val_i(e->happened),
                  val_s(json_str(e->body, S("reason"))))));
  db_forget(views); /* which package holds is asked again */
  return OK;
}

/* ---- versions that cases need ----------------------------------------------------------------------------- */

Code policy__used(Cx *cx, Db *views, const Policies *ps, Str version) {
  const Policy *p = NULL;
  if (!version.len || !db_first(views, &sql_used, version)) return OK;
  TRY(policy__need(cx, ps, version, S(""), &p));
  return db_run(cx, views, &sql_used, VALS(val_s(version)));
}

static Code used_check(Cx *cx, Db *views, const Policies *ps) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_used_list, NO_VALS, &r));
  while (rows_next(r)) {
    const Policy *p = NULL;
    TRY(policy__need(cx, ps, row_s(cx, r, 0), S(""), &p));
  }
  return rows_end(cx, r);
}

Code policy__ready(Cx *cx, Db *views, const void *env) {
  const Policies *ps = env;
  PolicyVersion *list = NULL;
  size_t n = 0;
  TRY(policy_versions(cx, views, &list, &n));
  for (size_t i = 0; i < n; i++) {
    const Policy *p = NULL;
    TRY(policy__need(cx, ps, list[i].version, list[i].hash, &p));
  }
  if (n && ps->packages) packages_publish(ps->packages);
  return used_check(cx, views, ps);
}
