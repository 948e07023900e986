/* SPDX-License-Identifier: Apache-2.0 */
/* execute.c: one command inside the open transactions: check, decide, append, project. */
#include "journal/journal_int.h"

static const Sql sql_done_get = {"done.get", "s", "bsiis",
                                 "SELECT digest, stream, seq, pos, answer FROM done WHERE key = ?1"};
static const Sql sql_done_put = {"done.put", "sbsiis", "",
                                 "INSERT INTO done(key, digest, stream, seq, pos, answer) VALUES(?1,?2,?3,?4,?5,?6)"};

void decision_emit(Decision *d, const char *kind, int version, const Json *body) {
  REQUIRE(d->count < COUNT(d->events));
  d->events[d->count].kind = kind;
  d->events[d->count].version = version;
  d->events[d->count++].body = body ? body : json_obj(d->mem);
}

Arena *decision_mem(Decision *d) {
  return d->mem;
}

void decision_answer(Decision *d, const Json *answer) {
  d->answer = answer;
}

size_t decision_count(const Decision *d) {
  return d->count;
}

/* ---- checks before anything is read ------------------------------------------------------------- */

static Code key_check(Cx *cx, Str key) {
  bool ok = key.len >= 8 && key.len <= 80;
  for (size_t i = 0; ok && i < key.len; i++) {
    char c = key.ptr[i];
    ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  }
  if (!ok) FAIL_AT(INVALID, S("key"), S(""), "幂等键要有 8 到 80 个字母、数字、横线或下划线");
  return OK;
}

static Code stream_check(Cx *cx, Str stream) {
  Str prefix, name;
  bool ok = str_cut(stream, '/', &prefix, &name) && name.len && name.len <= 80;
  for (size_t i = 0; ok && i < name.len; i++) {
    char c = name.ptr[i];
    ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  }
  if (!ok) FAIL_AT(INVALID, S("stream"), S(""), "“%.*s”不是记录的名称", SFMT(stream));
  return OK;
}

static const CommandDecl *decl_of(const Engine *const *engines, size_t n, Str name, const Engine **engine) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < engines[i]->command_count; k++)
      if (str_eqz(name, engines[i]->commands[k].name)) {
        *engine = engines[i];
        return &engines[i]->commands[k];
      }
  return NULL;
}

/* References to personal data are drawn anew for each request; what the form says is the same without them. The
 * values stay out too: a digest of a telephone number would outlive the erased person. */
static void refs_blank(const Command *cmd, Json *j) {
  for (Json *kid = j->first; kid; kid = kid->next) {
    for (size_t i = 0; kid->kind == JSON_STR && i < cmd->personal_count; i++)
      if (str_eq(kid->str, cmd->personal[i].ref)) kid->str = cmd->personal[i].kind;
    refs_blank(cmd, kid);
  }
}

/* What the key stands for: the same key with another content is a mistake of the caller. */
static Hash digest_of(Cx *cx, Hasher *digests, const Command *cmd) {
  Json *o = json_obj(cx->mem);
  const Json *args = cmd->args;
  if (cmd->personal_count) {
    Json *blank = json_clone(cx->mem, args);
    refs_blank(cmd, blank);
    args = blank;
  }
  json_put_str(cx->mem, o, S("actor"), cmd->actor.id);
  json_put(cx->mem, o, S("args"), args);
  json_put_str(cx->mem, o, S("name"), cmd->name);
  json_put_str(cx->mem, o, S("stream"), cmd->stream);
  Str text = json_text(cx->mem, o);
  if (!digests) return hash_bytes(SUITE_INTL, text);
  hasher_add(digests, text.ptr, text.len);
  return hasher_next(digests);
}

/* True in *again when the key was used: result holds the first answer. */
static Code key_seen(Cx *cx, Writer *w, const Command *cmd, Hash digest, CommandResult *result, bool *again) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *answer = NULL;
  TRY(db_rows(cx, w->journal, &sql_done_get, VALS(val_s(cmd->key)), &r));
  *again = rows_next(r);
  if (!*again) return rows_end(cx, r);
  Str before = row_s(cx, r, 0), text = row_s(cx, r, 4);
  bool same = before.len == sizeof digest.b && memcmp(before.ptr, digest.b, sizeof digest.b) == 0;
  if (!same)
    FAIL_AT(CONFLICT, S("key"), S(""), "此表单已提交过，内容与这次不同。请重新打开页面再填写。");
  *result = (CommandResult){.stream = row_s(cx, r, 1), .seq = row_i(r, 2), .pos = row_i(r, 3), .repeated = true};
  if (text.len) TRY(json_parse(cx, text, &answer));
  result->answer = answer;
  return OK;
}

/* ---- appending ---------------------------------------------------------------------------------- */

typedef struct Act {
  const Command *cmd;
  StreamState *s;
  int64_t happened;
} Act;

/* The body as it will be read back. What could not be read again must never be written; and a state folded now
 * sees the same order of members as one folded after a restart. */
static Code body_kept(Cx *cx, const Json *body, const Json **out, Str *text) {
  Json *kept = NULL;
  *text = json_text(cx->mem, body);
  if (text->len > EVENT_MAX) FAIL(LIMIT, "内容太大，一次最多 16 MB。请把文件作为附件上传。");
  TRY(json_parse_in(cx, *text, &kept));
  *out = kept;
  return OK;
}

/* In the transaction of the event that says so: what it erases is gone when it stands, and never without it. */
static Code erase(Cx *cx, Writer *w, const Event *e) {
  for (const Json *one = NULL; (one = personal__erased(e->body, one)) != NULL;) {
    bool wiped;
    TRY(vault__wipe(cx, w->journal, one->str, &wiped));
    w->scrub |= wiped;
  }
  return OK;
}

static Code append(Cx *cx, Writer *w, const Act *a, const char *kind, int version, const Json *body, Event *made) {
  Event e = {.pos = w->pos + 1, .stream = a->s->stream, .seq = a->s->seq + 1, .kind = str_of(kind), .version = version,
             .happened = a->happened, .recorded = a->cmd->now, .actor = a->cmd->actor.id,
             .actor_name = a->cmd->actor.name, .unit = a->cmd->actor.unit, .behalf = a->cmd->actor.behalf,
             .command = a->cmd->key};
  Str text;
  TRY(body_kept(cx, body, &e.body, &text));
  append__add(w, a->s, &e, text);
  w->pos = e.pos;
  cache__apply(a->s, &e);
  TRY(erase(cx, w, &e));
  TRY(personal__note(cx, w->views, &e));
  *made = e;
  return a->s->engine->project(cx, w->views, &e, a->s->state, a->s->engine->env);
}

/* What no event names could never be found again, and so never be erased: it is not kept. */
static Code personal_put(Cx *cx, Writer *w, const Decision *d, const Personal *p) {
  TRY(vault__fits(cx, p));
  for (size_t i = 0; i < d->count; i++)
    if (personal__names(d->events[i].body, p->ref)) return vault__put(cx, w->journal, &w->key, p);
  return OK;
}

static Code append_all(Cx *cx, Writer *w, const Act *a, const Decision *d, Event *made, CommandResult *result) {
  const Command *cmd = a->cmd;
  for (size_t i = 0; i < cmd->personal_count; i++) TRY(personal_put(cx, w, d, &cmd->personal[i]));
  for (size_t i = 0; i < d->count; i++)
    TRY(append(cx, w, a, d->events[i].kind, d->events[i].version, d->events[i].body, &made[i]));
  /* The name is copied: the state goes when a later command of the batch spoils its transaction. */
  *result = (CommandResult){.stream = arena_str(cx->mem, a->s->stream), .seq = a->s->seq, .pos = w->pos,
                            .answer = d->answer};
  return OK;
}

static Code done_put(Cx *cx, Writer *w, const Act *a, Hash digest, const CommandResult *r) {
  Str answer = r->answer ? json_text(cx->mem, r->answer) : S("");
  Str hash = {.ptr = (const char *)digest.b, .len = sizeof digest.b};
  return db_run(cx, w->journal, &sql_done_put,
                VALS(val_s(a->cmd->key), val_s(hash), val_s(r->stream), val_i(r->seq), val_i(r->pos), val_s(answer)));
}

/* ---- deciding ----------------------------------------------------------------------------------- */

static Code command_allowed(Cx *cx, const CommandDecl *decl, const Command *cmd) {
  if (!(cmd->actor.roles & decl->allow))
    FAIL(DENIED, "您的角色不能办理“%s”。", decl->label);
  if (cmd->happened > cmd->now + 2000) FAIL_AT(INVALID, S("happened"), S(""), "发生时间不能晚于现在");
  return OK;
}

static Code stream_name(Cx *cx, Writer *w, const CommandDecl *decl, const Engine *engine, const Command *cmd, Str *out) {
  *out = cmd->stream;
  if (decl->creates) {
    if (cmd->stream.len) FAIL_AT(INVALID, S("stream"), S(""), "“%s”会新建记录，不要写 stream", decl->label);
    TRY(engine->open(cx, w->views, cmd, out));
  }
  TRY(stream_check(cx, *out));
  if (engine__of(w->engines, w->engine_count, *out) != engine)
    FAIL_AT(INVALID, S("stream"), S(""), "“%s”不能用于 %.*s", decl->label, SFMT(*out));
  return OK;
}

Code command__prepare(Cx *cx, const Engine *const *engines, size_t n, Hasher *digests, const Command *cmd, int depth, Prepared *out) {
  Command checked = *cmd;
  Json *args = NULL;
  *out = (Prepared){0};
  out->decl = decl_of(engines, n, cmd->name, &out->engine);
  if (!out->decl) FAIL_AT(NOT_FOUND, S("name"), S(""), "没有名为 %.*s 的命令", SFMT(cmd->name));
  if (!depth) TRY(key_check(cx, cmd->key)); /* the keys of reactions are written so that nobody can send one */
  TRY(command_allowed(cx, out->decl, cmd));
  TRY(command_check(cx, out->decl, cmd->args, &args));
  checked.args = out->args = args;
  if (!depth) out->digest = digest_of(cx, digests, &checked);
  return OK;
}

Code writer__execute(Cx *cx, Writer *w, const Command *cmd, const Prepared *p, int depth, CommandResult *result, bool *wrote) {
  const Engine *engine = p->engine;
  const CommandDecl *decl = p->decl;
  Command checked = *cmd;
  bool again = false;
  checked.args = p->args;
  if (!depth) TRY(key_seen(cx, w, &checked, p->digest, result, &again));
  if (again) return OK;
  Str stream;
  TRY(stream_name(cx, w, decl, engine, &checked, &stream));
  /* Two clocks may differ by a second or two; the journal still says happened ≤ recorded. */
  Act act = {.cmd = &checked, .happened = cmd->happened && cmd->happened < cmd->now ? cmd->happened : cmd->now};
  TRY(cache__state(cx, w->cache, w->journal, stream, &act.s));
  if (!decl->creates && act.s->seq == 0) FAIL(NOT_FOUND, "没有 %.*s 这个记录。", SFMT(stream));
  const Json *facts = NULL;
  if (engine->look) TRY(engine->look(cx, w->views, &checked, act.s->state, engine->env, &facts));
  else if (engine->facts) TRY(engine->facts(cx, w->views, &checked, act.s->state, &facts));
  Decision d = {.mem = cx->mem};
  Ask ask = {.cmd = &checked, .decl = decl, .state = act.s->state, .seq = act.s->seq, .happened = act.happened,
             .now = cmd->now, .facts = facts, .env = engine->env};
  TRY(decl->decide(cx, &ask, &d));
  REQUIRE(cx->fault == OK);
  *wrote = true;
  Event *made = arena_array(cx->mem, Event, d.count + 1);
  TRY(append_all(cx, w, &act, &d, made, result));
  if (!depth) TRY(done_put(cx, w, &act, p->digest, result)); /* what follows is done when its cause is, and never without it */
  return react__run(cx, w, made, d.count, depth);
}

Code writer__step(Cx *cx, Writer *w, const Command *cmd, int depth, CommandResult *result, bool *wrote) {
  Prepared p;
  TRY(command__prepare(cx, w->engines, w->engine_count, w->digests, cmd, depth, &p));
  return writer__execute(cx, w, cmd, &p, depth, result, wrote);
}

/* ---- transactions ------------------------------------------------------------------------------- */

static const Sql sql_last_pos = {"event.max", "", "i", "SELECT max(pos) FROM event"};

Code writer__begin(Cx *cx, Writer *w) {
  if (w->shared) return shared__begin(cx, w);
  TRY(db__script(cx, w->journal, "BEGIN IMMEDIATE"));
  if (!w->open) TRY(db__script(cx, w->views, "BEGIN IMMEDIATE"));
  w->open = true;
  if (w->pos_known) return OK; /* nobody else writes */
  TRY(db_int(cx, w->journal, &sql_last_pos, NO_VALS, 0, &w->pos));
  w->pos_known = true;
  w->durable = w->shown = w->pos; /* the views have caught up */
  db_forget(w->views);
  cache__epoch(w->cache, ++w->epoch);
  return OK;
}

/* Only the writer's thread counts. */
static void commits_odd(Writer *w, bool odd) {
  if ((atomic_load(&w->commits) % 2 != 0) != odd) atomic_fetch_add(&w->commits, 1);
}

static Code journal_commit(Cx *cx, Writer *w) {
  if (w->shared) return shared__commit(cx, w);
  if (db__script(cx, w->journal, "COMMIT") != OK) {
    Str why = cx->detail;
    cx_clear(cx);
    FAIL(READONLY, "存储写不进去，已转为只读。请立即检查磁盘。（%.*s）", SFMT(why));
  }
  w->durable = w->pos;
  w->batches++;
  return OK;
}

Code writer__commit(Cx *cx, Writer *w) {
  commits_odd(w, true);
  Code code = journal_commit(cx, w);
  if (w->shared || (code == OK && w->durable == w->shown)) commits_odd(w, false);
  return code;
}

Code writer__show(Cx *cx, Writer *w) {
  if (!w->open) return OK;
  if (w->shown != w->durable) TRY(views__set_position(cx, w->views, w->durable));
  TRY(db__script(cx, w->views, "COMMIT"));
  w->open = false;
  w->shown = w->durable;
  w->batches = 0;
  commits_odd(w, false);
  return OK;
}

Code writer__mend(Cx *cx, Writer *w, const StoreOptions *o) {
  TRY(views__catch_up(cx, w->journal, w->views, o, INT64_MAX));
  w->missed = false;
  atomic_fetch_add(&w->commits, 2); /* what was kept since the rollback is of older views */
  return OK;
}

void writer__rollback(Writer *w) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
  Cx cx = {.mem = mem};
  w->pos_known = false;
  db_forget(w->views);
  if (db__state(w->journal) != DB_LOST) (void)db__script(&cx, w->journal, "ROLLBACK");
  cx_clear(&cx);
  if (w->views != w->journal) (void)db__script(&cx, w->views, "ROLLBACK");
  append__forget(w);
  w->open = false;
  w->batches = 0;
  w->missed |= w->shown < w->durable;
  commits_odd(w, false);
  cache__clear(w->cache);
}
