/* SPDX-License-Identifier: Apache-2.0 */
#include "org/org.h"

static const Sql sql_token = {"token.user", "s", "s", "SELECT account FROM token WHERE hash = ?1"};

Code user_load(Cx *cx, Reader *rd, Str id, const User **out) {
  const void *state = NULL;
  int64_t seq;
  TRY(reader_state(cx, rd, arena_fmt(cx->mem, "user/%.*s", SFMT(id)), &state, &seq));
  *out = state;
  if ((*out)->disabled) FAIL(DENIED, "账号 %.*s 已停用，请联系系统管理员。", SFMT(id));
  return OK;
}

Code user_by_token(Cx *cx, Reader *rd, Str token, const User **out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str hash = hash_hex(cx->mem, hash_bytes(SUITE_INTL, token));
  TRY(db_rows(cx, reader_views(rd), &sql_token, VALS(val_s(hash)), &r));
  if (!rows_next(r)) {
    TRY(rows_end(cx, r));
    FAIL(UNKNOWN_USER, "令牌无效或已收回。");
  }
  return user_load(cx, rd, row_s(cx, r, 0), out);
}

Actor user_actor(const User *u) {
  return (Actor){.id = u->id, .name = u->name, .unit = u->unit, .roles = u->roles};
}
