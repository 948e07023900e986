/* SPDX-License-Identifier: Apache-2.0 */
/* publish.c: versions of the package, proposed by one person and confirmed by another, and the shadow's book of them. */
#include "sim.h"

/* The latest effective day that has come; of two of one day, the one confirmed later. */
const Policy *policy_on(City *c, Day day) {
  const Published *b = &c->published;
  size_t best = b->count;
  for (size_t i = 0; i < b->count; i++)
    if (b->list[i].from.n <= day.n && (best == b->count || b->list[i].from.n >= b->list[best].from.n)) best = i;
  return policies_at(c->cx.mem, &c->policies, best < b->count ? b->list[best].version : S(""), c->version);
}

/* ---- what people do ---------------------------------------------------------------------------------------- */

static Sent policy_sent(City *c, const char *name, Str stream, uint32_t percent) {
  Sent s = sent_new(c, str_of(name), stream, chance(c, percent) ? somebody(c, POLICY_ROLES, S("")) : anybody(c));
  if (s.mem && !(s.cmd.actor.roles & POLICY_ROLES)) s.wrong = "not everybody publishes";
  return s;
}

static void propose(City *c) {
  Sent s = policy_sent(c, "policy.propose", S(""), 90);
  uint32_t which = roll(c, PACKAGES);
  bool past = chance(c, 5), other = chance(c, 3);
  Day effective = {day_of(c->now).n + (past ? -1 - (int32_t)roll(c, 5) : (int32_t)roll(c, 40))};
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  if (str_eq(policy_on(c, effective)->version, c->own[which].version) && chance(c, 90)) which = (which + 1) % PACKAGES;
  const Policy *p = &c->own[which];
  json_put_str(s.mem, a, S("version"), p->version);
  json_put_str(s.mem, a, S("hash"), other ? c->own[1].dir_hash : p->dir_hash);
  json_put_str(s.mem, a, S("effective"), day_str(s.mem, effective));
  json_put_str(s.mem, a, S("reason"), S("示例：调整时限"));
  if (c->published.waiting) s.wrong = "another version waits";
  if (past) s.wrong = "what is over never changes";
  if (which == 2 && effective.n < day_ymd(2019, 4, 1).n) s.wrong = "the package itself begins later";
  if (other && p != &c->own[1]) s.wrong = "not the package that was looked at";
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
}

/* The list of versions, and what is in force on some days, are what the shadow's book says. */
static void versions_check(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  PolicyVersion *list = NULL;
  size_t n = 0;
  if (policy_versions(&cx, reader_views(c->reader), &list, &n) != OK) STOP(c, "versions are listed", "%.*s", SFMT(cx.detail));
  CHECK(c, n == c->published.count, "versions are listed", "%zu, %zu confirmed", n, c->published.count);
  for (int i = 0; i < 8 && !c->failed; i++) {
    Str version = {0};
    Day day = {day_of(c->now).n - 20 + (int32_t)roll(c, 80)};
    if (policy_in_force(&cx, reader_views(c->reader), day, &version) != OK) STOP(c, "versions are listed", "%.*s", SFMT(cx.detail));
    if (!version.len) version = c->own[0].version;
    CHECK(c, str_eq(version, policy_on(c, day)->version), "one version is in force on each day", "%.*s: %.*s, by the book %.*s",
          SFMT(day_str(c->cx.mem, day)), SFMT(version), SFMT(policy_on(c, day)->version));
  }
}

void policy_step(City *c) {
  Published *b = &c->published;
  if (b->count + 1 >= PUBLISHED_MAX) return;
  if (!b->waiting || chance(c, 10)) {
    propose(c);
    return;
  }
  bool yes = chance(c, b->from.n < day_of(c->now).n ? 20 : 85);
  Sent s = policy_sent(c, yes ? "policy.confirm" : "policy.reject", POLICY_STREAM, 85);
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_int(s.mem, a, S("no"), b->proposals + (chance(c, 5) ? 1 : 0));
  if (!yes) json_put_str(s.mem, a, S("reason"), S("示例：日期有误"));
  if (yes && str_eq(s.cmd.actor.id, b->by)) s.wrong = "a version takes two persons";
  sent_fill(c, &s, NULL, 0, NULL, a);
  send_one(c, &s);
  sent_keep(c, &s);
  if (!c->failed) versions_check(c);
}

/* ---- the book ------------------------------------------------------------------------------------------------- */

static const Policy *package_of(City *c, const Event *e) {
  const Policy *found = NULL;
  for (int i = 0; i < PACKAGES; i++)
    if (str_eq(c->own[i].version, json_str(e->body, S("version"))) && str_eq(c->own[i].dir_hash, json_str(e->body, S("hash")))) found = &c->own[i];
  return found;
}

static void confirmed(City *c, const Event *e) {
  Published *b = &c->published;
  Day from = {0};
  CHECK(c, !str_eq(e->actor, b->by), "a version takes two persons", "%.*s", SFMT(e->actor));
  CHECK(c, package_of(c, e) && str_eq(json_str(e->body, S("version")), b->version), "what was looked at is what comes into force", "no. %lld",
        (long long)b->proposals);
  CHECK(c, day_parse(json_str(e->body, S("effective")), &from) && from.n == b->from.n && from.n >= day_of(e->happened).n, "what is over never changes",
        "%.*s", SFMT(json_str(e->body, S("effective"))));
  b->list[b->count].version = b->version;
  b->list[b->count++].from = from;
}

void policy_event(City *c, const Event *e) {
  Published *b = &c->published;
  int64_t no = json_int(e->body, S("no"), 0);
  shadow_actor(c, e, POLICY_ROLES);
  if (str_eqz(e->kind, "policy.proposed")) {
    CHECK(c, !b->waiting && no == b->proposals + 1 && package_of(c, e), "one version waits at a time", "no. %lld", (long long)no);
    b->waiting = true;
    b->proposals = no;
    b->by = arena_str(c->mem, e->actor);
    b->version = arena_str(c->mem, json_str(e->body, S("version")));
    CHECK(c, day_parse(json_str(e->body, S("effective")), &b->from), "a version has its day", "no. %lld", (long long)no);
    return;
  }
  CHECK(c, b->waiting && no == b->proposals, "only what waits is decided", "no. %lld", (long long)no);
  b->waiting = false;
  if (str_eqz(e->kind, "policy.confirmed")) confirmed(c, e);
}
