/* SPDX-License-Identifier: Apache-2.0 */
/* ways.c: the table, and the ways. Everything happens in stage 1 of an industrial project. */
#include "ways.h"

#include <stdio.h>

#define NONE S("")

static const ItemState *first(const World *w) {
  const StageState *s = &w->pr->stages[1];
  for (size_t i = 0; i < s->item_count; i++)
    if (!s->items[i].parallel) return &s->items[i];
  REQUIRE(false && "an item");
  return NULL;
}

static const char *unit_person(World *w, const char *kind) {
  return arena_z(w->mem, arena_fmt(w->mem, "%s:%.*s", kind, SFMT(first(w)->unit)));
}

static void item_step(World *w, const char *kind, const char *command, const char *key, const char *value) {
  const char *who = kind[2] ? kind : unit_person(w, kind);
  REQUIRE(world_step(w, who, command, 1, first(w)->code, key, value) == OK);
}

/* ---- where it is done ------------------------------------------------------------------------------ */

static void nowhere(World *w) {
  (void)w;
}
static void registered(World *w) {
  world_register(w, S("industry"), S("longgang"));
  REQUIRE(w->pr != NULL);
}
static void submitted(World *w) {
  registered(w);
  REQUIRE(world_upto(w, 1, STAGE_SUBMITTED));
}
static void unanswered(World *w) {
  submitted(w);
  world_days(w, 30);
}
static void lacking(World *w) {
  Json *a = json_obj(w->mem);
  registered(w);
  json_put_int(w->mem, a, S("stage"), 1);
  Json *one = json_push_obj(w->mem, json_put_arr(w->mem, a, S("lacking")));
  json_put_str(w->mem, one, S("material"), S("licence"));
  json_put_str(w->mem, one, S("promised"), day_str(w->mem, (Day){day_of(w->now).n + 3}));
  REQUIRE(world_do(w, S("owner"), S("stage.submit"), a) == OK);
}
static void late_lacking(World *w) {
  lacking(w);
  world_days(w, 5);
}
static void heard(World *w) {
  submitted(w);
  world_heard(w, 1);
}
static void accepted(World *w) {
  registered(w);
  REQUIRE(world_upto(w, 1, STAGE_ACCEPTED));
}
static void slip(World *w) {
  registered(w);
  REQUIRE(world_upto(w, 1, STAGE_SLIP));
}
static void running(World *w) {
  registered(w);
  REQUIRE(world_upto(w, 1, STAGE_RUNNING));
}
static void exempted(World *w) {
  running(w);
  REQUIRE(world_do(w, S("head"), S("project.exempt"), json_obj(w->mem)) == OK);
}
static void withdrawn(World *w) {
  running(w);
  item_step(w, "owner", "item.withdraw", NULL, NULL);
}
static void taken(World *w) {
  running(w);
  item_step(w, "ap", "item.take", NULL, NULL);
}
static void late(World *w) {
  taken(w);
  world_days(w, 60);
}
static void paused(World *w) {
  taken(w);
  item_step(w, "ap", "item.pause", NULL, NULL);
}
static void returned(World *w) {
  taken(w);
  item_step(w, "ap", "item.return", NULL, NULL);
}
static void asked(World *w) {
  taken(w);
  item_step(w, "ap", "item.ask-extension", NULL, NULL);
}
static void decided(World *w) {
  registered(w);
  REQUIRE(world_upto(w, 1, STAGE_DECIDED));
}
static void not_passed(World *w) {
  taken(w);
  item_step(w, "ap", "item.decide", "result", "refuse");
  for (size_t i = 0; i < w->pr->stages[1].item_count; i++)
    if (!w->pr->stages[1].items[i].parallel) world_pass(w, 1, w->pr->stages[1].items[i].code);
  REQUIRE(w->pr->stages[1].status == STAGE_DECIDED);
}
static void certified(World *w) {
  registered(w);
  REQUIRE(world_upto(w, 1, STAGE_CERTIFIED));
}

static void suspended(World *w) {
  certified(w);
  REQUIRE(world_do(w, S("head"), S("certificate.suspend"), json_obj(w->mem)) == OK);
}

/* Revoked, applied for again, passed: to be issued anew. */
static void passed_anew(World *w) {
  Json *a = json_obj(w->mem);
  certified(w);
  json_put_str(w->mem, a, S("way"), S("撤销"));
  REQUIRE(world_do(w, S("head"), S("certificate.revoke"), a) == OK);
  item_step(w, "owner", "item.reapply", NULL, NULL);
  item_step(w, "ap", "item.take", NULL, NULL);
  item_step(w, "ap", "item.decide", NULL, NULL);
}

/* ---- notices and versions -------------------------------------------------------------------------- */

static void notice_args(World *w, Json *a) {
  Json *one = json_push_obj(w->mem, json_put_arr(w->mem, a, S("changes")));
  json_put_str(w->mem, one, S("date"), S("2019-09-12"));
  json_put_str(w->mem, one, S("kind"), S("holiday"));
  json_put_str(w->mem, one, S("name"), S("检修"));
  json_put_str(w->mem, a, S("notice"), S("示例通知〔2019〕1号"));
  json_put_str(w->mem, a, S("reason"), S("示例：临时放假"));
}

static void version_args(World *w, Json *a) {
  json_put_str(w->mem, a, S("version"), w->policies.all[1]->version);
  json_put_str(w->mem, a, S("effective"), S("2019-10-08"));
  json_put_str(w->mem, a, S("reason"), S("示例：调整时限"));
}

static void number_args(World *w, Json *a) {
  json_put_int(w->mem, a, S("no"), 1);
}

/* A notice finds running clocks to move. */
static void noticed(World *w) {
  Json *a = json_obj(w->mem);
  taken(w);
  notice_args(w, a);
  REQUIRE(world_do(w, S("supervisor"), S("calendar.propose"), a) == OK);
}

static void proposed(World *w) {
  Json *a = json_obj(w->mem);
  version_args(w, a);
  REQUIRE(world_do(w, S("supervisor"), S("policy.propose"), a) == OK);
}

/* ---- accounts -------------------------------------------------------------------------------------- */

static const Actor console = {.id = {.ptr = "system", .len = 6}, .name = {.ptr = "系统", .len = 6}, .roles = ROLE_SYSTEM | ROLE_PUBLIC};

static Command account_command(World *w, const char *name, Json *args) {
  Personal *secret = arena_array(w->mem, Personal, 3);
  secret[0] = (Personal){S("v1.pw-chen"), S("password"), S("$argon2id$sample")};
  secret[1] = (Personal){S("v1.ph-chen"), S("phone"), S("13800138000")};
  secret[2] = (Personal){S("v1.pw-next"), S("password"), S("$argon2id$next")};
  bool makes = !strcmp(name, "user.create") || !strcmp(name, "user.register");
  return (Command){.name = str_of(name), .stream = makes ? NONE : S("user/chen"), .actor = console, .now = w->now, .args = args,
                   .personal = secret, .personal_count = 3};
}

static void account_send(World *w, const char *name, Json *args) {
  Cx cx = {.mem = w->mem, .now = w->now};
  Command cmd = account_command(w, name, args);
  CommandResult result;
  cmd.key = arena_fmt(w->mem, "before-%s", name + 5);
  if (w->runner) REQUIRE(runner_run(&cx, w->runner, &cmd, &result) == OK);
}

static void account_args(World *w, Json *a) {
  static const char *const texts[][2] = {{"id", "chen"}, {"name", "陈某"}, {"roles", "applicant"}, {"org_name", "葫芦岛示例机械有限公司"},
                                         {"org_uscc", "91211400MA0XYW122L"}, {"password_ref", "v1.pw-chen"}, {"phone_ref", "v1.ph-chen"}};
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(w->mem, a, str_of(texts[i][0]), str_of(texts[i][1]));
}

static void name_args(World *w, Json *a) {
  json_put_str(w->mem, a, S("name"), S("陈新"));
}

static void password_args(World *w, Json *a) {
  json_put_str(w->mem, a, S("password_ref"), S("v1.pw-next"));
}

static void token_args(World *w, Json *a) {
  name_args(w, a);
  json_put_str(w->mem, a, S("hash"), hash_hex(w->mem, hash_bytes(SUITE_GM, S("token"))));
}

static void account(World *w) {
  Json *a = json_obj(w->mem);
  account_args(w, a);
  account_send(w, "user.create", a);
}

static void disabled(World *w) {
  account(w);
  account_send(w, "user.disable", json_obj(w->mem));
}

static void tokened(World *w) {
  Json *a = json_obj(w->mem);
  account(w);
  token_args(w, a);
  account_send(w, "user.issue-token", a);
}

#define NEWCOMER "{'id':'newcomer','name':'李某','roles':'clerk','unit':'window','reason':'接替调离的人'}"
#define MOVES "{'id':'chen','roles':'agent','unit':'window','reason':'改做代办'}"
static void newcomer(World *w) {
  way_say(w, "sysadmin", "access.create", "", NEWCOMER);
}

static void moves(World *w) {
  account(w);
  way_say(w, "sysadmin", "access.change", "", MOVES);
}

/* ---- the table ------------------------------------------------------------------------------------- */

#define WAY(c, w, b, a) {.command = (c), .who = (w), .before = (b), .args = (a)}
static const Way ways[] = {
    WAY("project.register", "owner", nowhere, NULL),
    WAY("project.correct", "owner", registered, NULL),
    WAY("project.withdraw", "owner", running, NULL),
    WAY("stage.save-draft", "owner", registered, NULL),
    WAY("stage.submit", "owner", registered, NULL),
    WAY("project.exempt", "head", running, NULL),
    WAY("project.end-exemption", "head", exempted, number_args),
    WAY("stage.supply", "owner", lacking, NULL),
    WAY("stage.expire-lacking", "timer", late_lacking, NULL),
    WAY("stage.withdraw", "owner", running, NULL),
    WAY("item.withdraw", "owner", running, NULL),
    WAY("item.reapply", "owner", withdrawn, NULL),
    WAY("stage.report", "ap:natural-resources", submitted, NULL),
    WAY("stage.request-correction", "clerk", heard, NULL),
    WAY("stage.accept", "clerk", submitted, NULL),
    WAY("stage.deem-accepted", "timer", unanswered, NULL),
    WAY("stage.not-accept", "clerk", submitted, NULL),
    WAY("stage.draft-slip", "clerk", accepted, NULL),
    WAY("stage.return-slip", "head", slip, NULL),
    WAY("stage.dispatch", "head", slip, NULL),
    WAY("stage.certify", "clerk", decided, NULL),
    WAY("stage.refuse", "clerk", not_passed, NULL),
    WAY("stage.post", "clerk", certified, NULL),
    WAY("stage.deliver", "clerk", certified, NULL),
    WAY("certificate.change", "head", certified, NULL),
    WAY("certificate.suspend", "head", certified, NULL),
    WAY("certificate.restore", "head", suspended, NULL),
    WAY("certificate.revoke", "head", certified, NULL),
    WAY("certificate.reissue", "head", passed_anew, NULL),
    WAY("document.serve", "clerk", accepted, NULL),
    WAY("item.take", "ap", running, NULL),
    WAY("item.urge", "ap:development-reform", late, NULL),
    WAY("item.pause", "ap", taken, NULL),
    WAY("item.resume", "ap", paused, NULL),
    WAY("item.extend-pause", "ap", paused, NULL),
    WAY("item.return", "ap", taken, NULL),
    WAY("item.supplement", "owner", returned, NULL),
    WAY("item.ask-extension", "ap", taken, NULL),
    WAY("item.extend", "uh", asked, NULL),
    WAY("item.refuse-extension", "uh", asked, NULL),
    WAY("item.decide", "ap", taken, NULL),
    WAY("calendar.propose", "supervisor", taken, notice_args),
    WAY("calendar.confirm", "sysadmin", noticed, number_args),
    WAY("calendar.reject", "sysadmin", noticed, number_args),
    WAY("policy.propose", "supervisor", nowhere, version_args),
    WAY("policy.confirm", "sysadmin", proposed, number_args),
    WAY("policy.reject", "sysadmin", proposed, number_args),
    WAY("user.create", NULL, nowhere, account_args),
    WAY_TOLD("access.create", "sysadmin", nowhere, "", NEWCOMER),
    WAY_TOLD("access.change", "sysadmin", account, "", MOVES),
    WAY_TOLD("access.approve", "secadmin", newcomer, "access/1", "{}"),
    WAY_TOLD("access.refuse", "secadmin", newcomer, "access/1", "{'reason':'岗位还没有批'}"),
    WAY_TOLD("access.withdraw", "sysadmin", newcomer, "access/1", "{}"),
    {.command = "user.admit", .via = "access.approve", .who = "secadmin", .before = newcomer, .stream = "access/1", .json = "{}"},
    {.command = "user.assign", .via = "access.approve", .who = "secadmin", .before = moves, .stream = "access/1", .json = "{}"},
    WAY("user.register", NULL, nowhere, account_args),
    WAY("user.change", NULL, account, name_args),
    WAY("user.set-password", NULL, account, password_args),
    WAY("user.disable", NULL, account, NULL),
    WAY("user.enable", NULL, disabled, NULL),
    WAY("user.issue-token", NULL, account, token_args),
    WAY("user.revoke-token", NULL, tokened, name_args),
};

size_t way_count(void) {
  return COUNT(ways) + way_early_count + way_joint_count + way_inspect_count + way_super_count + way_finish_count + way_exchange_count + way_publish_count + way_ledger_count;
}

const Way *way_at(size_t i) {
  if (i < COUNT(ways)) return &ways[i];
  i -= COUNT(ways);
  if (i < way_early_count) return &ways_early[i];
  i -= way_early_count;
  if (i < way_joint_count) return &ways_joint[i];
  i -= way_joint_count;
  if (i < way_inspect_count) return &ways_inspect[i];
  i -= way_inspect_count;
  if (i < way_exchange_count) return &ways_exchange[i];
  i -= way_exchange_count;
  if (i < way_ledger_count) return &ways_ledger[i];
  i -= way_ledger_count;
  if (i < way_super_count) return &ways_super[i];
  i -= way_super_count;
  return i < way_finish_count ? &ways_finish[i] : &ways_publish[i - way_finish_count];
}

const Way *way_of(Str command) {
  for (size_t i = 0; i < way_count(); i++)
    if (str_eqz(command, way_at(i)->command)) return way_at(i);
  return NULL;
}

static Str key_of(World *w, const char *command) {
  char key[64];
  snprintf(key, sizeof key, "act-%s", command);
  for (char *c = key; *c; c++)
    if (*c == '.') *c = '-';
  return arena_str(w->mem, str_of(key));
}

static Code project_act(Cx *cx, World *w, const Way *way, Json *a, Command *out) {
  static const Personal secret = {{.ptr = "v1.sample", .len = 9}, {.ptr = "phone", .len = 5}, {.ptr = "13800001111", .len = 11}};
  Str name = str_of(way->via ? way->via : way->command);
  bool item = str_starts(name, S("item.")), makes = str_eqz(name, "project.register") || str_ends(name, S(".propose"));
  w->category = S("industry");
  w->county = S("longgang");
  if ((item || str_starts(name, S("stage."))) && !json_get(a, S("stage"))) json_put_int(w->mem, a, S("stage"), 1);
  if (item && !json_get(a, S("item"))) json_put_str(w->mem, a, S("item"), first(w)->code);
  const char *who = way->who[2] ? way->who : unit_person(w, way->who);
  if (world_do(w, str_of(who), name, a) != OK) FAIL(w->code, "%.*s", SFMT(w->detail));
  *out = w->last;
  out->personal = &secret;
  out->personal_count = 1;
  if (makes) out->stream = NONE;
  return OK;
}

Code way_act(Cx *cx, World *w, const Way *way, Command *out) {
  Json *a = json_obj(w->mem);
  w->runner = NULL;
  if (way->args) way->args(w, a);
  if (way->json) *out = way_told(w, way, a);
  else if (way->who) TRY(project_act(cx, w, way, a, out));
  else *out = account_command(w, way->command, a);
  out->key = key_of(w, way->command);
  return OK;
}
