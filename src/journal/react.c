/* SPDX-License-Identifier: Apache-2.0 */
/* react.c: the commands that follow an event of another engine, inside the transactions of their cause. */
#include "journal/journal_int.h"

static const CommandDecl *command_of(const Engine *engine, const char *name) {
  for (size_t i = 0; i < engine->command_count; i++)
    if (str_eqz(str_of(name), engine->commands[i].name)) return &engine->commands[i];
  return NULL;
}

Code react__check(Cx *cx, const Engine *const *engines, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < engines[i]->reaction_count; k++) {
      const Reaction *r = &engines[i]->reactions[k];
      if (!r->event || !r->aim || !r->command || !command_of(engines[i], r->command))
        FAIL(BROKEN, "%s 的第 %zu 个联动不完整", engines[i]->prefix, k + 1);
      for (size_t j = 0; j < k; j++)
        if (!strcmp(engines[i]->reactions[j].event, r->event) && !strcmp(engines[i]->reactions[j].command, r->command))
          FAIL(BROKEN, "%s 的第 %zu 个联动与第 %zu 个相同", engines[i]->prefix, k + 1, j + 1);
    }
  return OK;
}

static Code follow(Cx *cx, Writer *w, const Engine *engine, const Reaction *r, const Event *e, const Follow *to, size_t nth, int depth,
                   bool *wrote) {
  const CommandDecl *decl = command_of(engine, r->command);
  CommandResult result;
  Command cmd = {.name = str_of(r->command), .stream = to->stream, .now = e->recorded, .happened = e->happened,
                 .args = to->args ? to->args : json_obj(cx->mem),
                 .actor = {.id = S("system"), .name = S("系统"), .roles = decl->allow}};
  if (depth >= REACT_DEPTH_MAX) FAIL(LIMIT, "联动超过 %d 层", REACT_DEPTH_MAX);
  Str target = to->stream.len ? to->stream : arena_fmt(cx->mem, "%zu", nth + 1);
  cmd.key = arena_fmt(cx->mem, "%.*s#%lld>%s>%.*s", SFMT(e->stream), (long long)e->seq, r->command, SFMT(target));
  return writer__step(cx, w, &cmd, depth + 1, &result, wrote);
}

/* Not refused, but never asked: without memory or a readable disk nobody knows what the answer would be. Passed over, the
 * act would stand for ever without what follows it. */
static bool ours(Code code) {
  return code == BROKEN || code == BUSY || code == READONLY;
}

/* A stream that is named twice gets it once: the key would be the same. */
static bool named_before(const Follow *to, size_t n) {
  for (size_t i = 0; i < n && to[n].stream.len; i++)
    if (str_eq(to[i].stream, to[n].stream)) return true;
  return false;
}

static Code react(Cx *cx, Writer *w, const Engine *engine, const Reaction *r, const Event *e, int depth) {
  Follow to[FOLLOW_MAX];
  size_t n = 0;
  TRY(r->aim(cx, w->views, e, to, &n));
  REQUIRE(n <= FOLLOW_MAX);
  for (size_t i = 0; i < n; i++) {
    bool wrote = false;
    if (named_before(to, i)) continue;
    Code code = follow(cx, w, engine, r, e, &to[i], i, depth, &wrote);
    if (code == OK) continue;
    if (r->required || wrote || ours(code)) return code; /* what was half written spoils the transaction in any case */
    log_line(LOG_WARN, "reaction %s to %.*s#%lld: %.*s", r->command, SFMT(e->stream), (long long)e->seq, SFMT(cx->detail));
    cx_clear(cx);
  }
  return OK;
}

Code react__run(Cx *cx, Writer *w, const Event *made, size_t n, int depth) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < w->engine_count; k++)
      for (size_t j = 0; j < w->engines[k]->reaction_count; j++) {
        const Reaction *r = &w->engines[k]->reactions[j];
        if (str_eqz(made[i].kind, r->event)) TRY(react(cx, w, w->engines[k], r, &made[i], depth));
      }
  return OK;
}
