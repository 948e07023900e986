/* SPDX-License-Identifier: Apache-2.0 */
/* verb_user.c: accounts from the command line. The command line acts as "system". */
#include "main/main_int.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

static const Actor system_actor = {
    .id = {.ptr = "system", .len = 6}, .name = {.ptr = "系统", .len = 6}, .roles = ROLE_SYSTEM};

/* One line from standard input; not echoed when it is a terminal. */
static bool secret_read(Cx *cx, const char *prompt, Str *out) {
  struct termios old, quiet;
  bool tty = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &old) == 0;
  char line[512];
  if (tty) {
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    fputs(prompt, stderr);
  }
  bool got = fgets(line, sizeof line, stdin) != NULL;
  if (tty) {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
    fputc('\n', stderr);
  }
  if (!got) {
    fprintf(stderr, "错误：没有读到口令\n");
    return false;
  }
  Str text = str_of(line);
  while (text.len && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r')) text.len--;
  *out = arena_str(cx->mem, text);
  return true;
}

static bool password_read(Cx *cx, Str account, Str *hash) {
  Str once, again;
  if (!secret_read(cx, "口令：", &once)) return false;
  if (isatty(STDIN_FILENO)) {
    if (!secret_read(cx, "再输一次：", &again)) return false;
    if (!str_eq(once, again)) {
      fprintf(stderr, "错误：两次输入的口令不一样\n");
      return false;
    }
  }
  if (password_check(cx, account, once) != OK) {
    report_fault(cx);
    return false;
  }
  *hash = password_hash(cx->mem, once);
  return true;
}

typedef struct UserCall {
  Str command;
  Json *args;
  Personal personal;
  size_t personal_count;
  bool creates;
} UserCall;

/* Opens the store, sends one command about o->id, closes. */
static int user_send(Cx *cx, const Options *o, const UserCall *call) {
  World *w = NULL;
  SCOPED(runner_close_p) Runner *r = NULL;
  CommandResult result;
  if (world_load(cx, o, &w) != OK || runner_open(cx, &w->store, &r) != OK) return report_fault(cx);
  Command cmd = {.name = call->command,
                 .stream = call->creates ? S("") : arena_fmt(cx->mem, "user/%.*s", SFMT(o->id)),
                 .key = random_token(cx->mem, 16), .actor = system_actor, .now = clock_now_ms(),
                 .args = call->args, .personal = &call->personal,
                 .personal_count = call->personal_count};
  if (runner_run(cx, r, &cmd, &result) != OK) return report_fault(cx);
  return EXIT_DONE;
}

/* Before a password is asked for: nobody should type one for nothing. */
static bool ready(Cx *cx, const Options *o) {
  if (!o->id.len) fprintf(stderr, "错误：请用 --id 写明账号\n");
  if (o->id.len && store_needed(cx, o) != OK) report_fault(cx);
  return o->id.len && cx->fault == OK;
}

int verb_user_add(Cx *cx, const Options *o) {
  Str hash;
  if (!ready(cx, o)) return EXIT_CALL;
  if (!o->name.len || !o->roles.len) {
    fprintf(stderr, "错误：请用 --name 写明姓名，用 --role 写明角色\n");
    return EXIT_CALL;
  }
  if (!password_read(cx, o->id, &hash)) return EXIT_CALL;
  UserCall call = {.command = S("user.create"), .args = json_obj(cx->mem), .creates = true,
                   .personal_count = 1};
  call.personal = (Personal){.ref = personal_ref(cx->mem),
                             .kind = S("password"), .value = hash};
  json_put_str(cx->mem, call.args, S("id"), o->id);
  json_put_str(cx->mem, call.args, S("name"), o->name);
  json_put_str(cx->mem, call.args, S("roles"), o->roles);
  if (o->unit.len) json_put_str(cx->mem, call.args, S("unit"), o->unit);
  if (o->org_name.len) json_put_str(cx->mem, call.args, S("org_name"), o->org_name);
  if (o->org_uscc.len) json_put_str(cx->mem, call.args, S("org_uscc"), o->org_uscc);
  json_put_str(cx->mem, call.args, S("password_ref"), call.personal.ref);
  int rc = user_send(cx, o, &call);
  if (rc == EXIT_DONE) printf("已建账号 %.*s\n", SFMT(o->id));
  return rc;
}

int verb_user_password(Cx *cx, const Options *o) {
  Str hash;
  if (!ready(cx, o) || !password_read(cx, o->id, &hash)) return EXIT_CALL;
  UserCall call = {.command = S("user.set-password"), .args = json_obj(cx->mem),
                   .personal_count = 1};
  call.personal = (Personal){.ref = personal_ref(cx->mem),
                             .kind = S("password"), .value = hash};
  json_put_str(cx->mem, call.args, S("password_ref"), call.personal.ref);
  int rc = user_send(cx, o, &call);
  if (rc == EXIT_DONE) printf("已重设 %.*s 的口令\n", SFMT(o->id));
  return rc;
}

static int user_simple(Cx *cx, const Options *o, Str command, const char *done) {
  if (!ready(cx, o)) return EXIT_CALL;
  UserCall call = {.command = command, .args = json_obj(cx->mem)};
  int rc = user_send(cx, o, &call);
  if (rc == EXIT_DONE) printf("%s %.*s\n", done, SFMT(o->id));
  return rc;
}

int verb_user_disable(Cx *cx, const Options *o) {
  return user_simple(cx, o, S("user.disable"), "已停用");
}

int verb_user_enable(Cx *cx, const Options *o) {
  return user_simple(cx, o, S("user.enable"), "已恢复");
}

int verb_user_token(Cx *cx, const Options *o) {
  if (!ready(cx, o)) return EXIT_CALL;
  if (!o->name.len) {
    fprintf(stderr, "错误：请用 --name 给令牌起名，例如 --name 省平台\n");
    return EXIT_CALL;
  }
  Str token = random_token(cx->mem, 32);
  UserCall call = {.command = S("user.issue-token"), .args = json_obj(cx->mem)};
  json_put_str(cx->mem, call.args, S("name"), o->name);
  json_put_str(cx->mem, call.args, S("hash"), hash_hex(cx->mem, hash_bytes(SUITE_INTL, token)));
  int rc = user_send(cx, o, &call);
  if (rc == EXIT_DONE) printf("令牌（只显示这一次）：%.*s\n", SFMT(token));
  return rc;
}

int verb_user_revoke(Cx *cx, const Options *o) {
  if (!ready(cx, o)) return EXIT_CALL;
  if (!o->name.len) {
    fprintf(stderr, "错误：请用 --name 写明收回哪个令牌\n");
    return EXIT_CALL;
  }
  UserCall call = {.command = S("user.revoke-token"), .args = json_obj(cx->mem)};
  json_put_str(cx->mem, call.args, S("name"), o->name);
  int rc = user_send(cx, o, &call);
  if (rc == EXIT_DONE) printf("已收回 %.*s 的令牌“%.*s”\n", SFMT(o->id), SFMT(o->name));
  return rc;
}

static const Sql sql_users = {"main.users", "", "ssssi",
                              "SELECT id, name, unit, roles, disabled FROM account ORDER BY id"};

static Code users_print(Cx *cx, Db *db) {
  SCOPED(rows_drop) Rows *rows = NULL;
  TRY(db_rows(cx, db, &sql_users, NO_VALS, &rows));
  while (rows_next(rows)) {
    Str id = row_s(cx, rows, 0), name = row_s(cx, rows, 1), unit = row_s(cx, rows, 2);
    Str roles = row_s(cx, rows, 3);
    printf("%-20.*s %.*s\t%.*s\t%.*s%s\n", SFMT(id), SFMT(name), SFMT(roles), SFMT(unit),
           row_i(rows, 4) ? "\t（已停用）" : "");
  }
  return rows_end(cx, rows);
}

int verb_user_list(Cx *cx, const Options *o) {
  World *w = NULL;
  SCOPED(runner_close_p) Runner *r = NULL;
  if (world_load(cx, o, &w) != OK || store_needed(cx, o) != OK || runner_open(cx, &w->store, &r) != OK)
    return report_fault(cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  if (reader_open(cx, r, &rd) != OK || users_print(cx, reader_views(rd)) != OK)
    return report_fault(cx);
  return EXIT_DONE;
}
