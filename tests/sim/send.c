/* SPDX-License-Identifier: Apache-2.0 */
/* send.c: sending commands alone and in one commit, and the driver's own account of what was answered. */
#include "sim.h"

#include <pthread.h>
#include <stdio.h>

const CommandDecl *decl_named(City *c, Str name) {
  return runner_command(c->runner, name);
}

/* ---- making a command ------------------------------------------------------------------------------- */

/* The way through the door: a session's account is loaded for each request. */
Sent sent_new(City *c, Str name, Str stream, const Account *who) {
  Sent s = {0};
  const User *u = NULL;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  if (!who) return s;
  Code code = user_load(&cx, c->reader, who->id, &u);
  CHECK(c, (code == OK) == !who->disabled, "a disabled account is kept out at once", "%.*s", SFMT(who->id));
  if (code != OK) return s;
  s.mem = arena_open((size_t)64 << 20);
  Actor a = user_actor(u);
  s.cmd = (Command){.name = arena_str(s.mem, name), .stream = arena_str(s.mem, stream), .now = c->now};
  s.cmd.actor = (Actor){.id = arena_str(s.mem, a.id), .name = arena_str(s.mem, a.name), .unit = arena_str(s.mem, a.unit), .roles = a.roles};
  s.cmd.key = arena_fmt(s.mem, "sim-key-%lld", (long long)++c->refs);
  return s;
}

enum { PERSONAL_MAX = 24 };

/* Personal values go to the vault under references of their own; the canaries are looked for in every event. */
static void refs_draw(City *c, Sent *s, Json *j, Personal *list) {
  for (Json *kid = j->first; kid; kid = kid->next) {
    if (kid->kind == JSON_STR && str_starts(kid->str, S("v1.s")) && s->cmd.personal_count < PERSONAL_MAX) {
      kid->str = arena_fmt(s->mem, "v1.s%lld", (long long)++c->refs);
      list[s->cmd.personal_count++] = (Personal){.ref = kid->str, .kind = arena_str(s->mem, kid->key),
                                                 .value = arena_fmt(s->mem, "1380013%04u", roll(c, 10000))};
    }
    refs_draw(c, s, kid, list);
  }
}

void sent_fill(City *c, Sent *s, const Project *p, int stage, const ItemState *item, Json *args) {
  if (!s->mem) return;
  const CommandDecl *d = decl_named(c, s->cmd.name);
  Json *a = args ? json_clone(s->mem, args) : json_obj(s->mem);
  bool staged = d->arg_count && !strcmp(d->args[0].name, "stage");
  if (staged && !json_get(a, S("stage"))) json_put_int(s->mem, a, S("stage"), stage);
  if (item && !json_get(a, S("item"))) json_put_str(s->mem, a, S("item"), item->code);
  World w = {.mem = s->mem, .policies = c->policies, .pr = p, .no = p ? p->no : (int64_t)c->project_count + 1, .blob = c->blob, .corrected = c->corrected,
             .now = c->now, .facts = json_obj(s->mem), .category = S(""), .county = S("")};
  w.policies.current = policy_now(c, S(""));
  if (!p) {
    w.category = c->package->categories[roll(c, (uint32_t)c->package->category_count)].code;
    w.county = S("longgang");
    json_put_str(s->mem, w.facts, S("special_site"), roll(c, 3) ? S("false") : S("true"));
  }
  if (p && str_eqz(p->county, "longgang")) early_region(c, s->mem, w.facts); /* where the region lies */
  json_put_str(s->mem, w.facts, S("floor_area"), roll(c, 2) ? S("280") : S("12500"));
  if (str_eqz(s->cmd.name, "item.decide")) json_put_str(s->mem, a, S("signature"), s->cmd.actor.name);
  if (!str_starts(s->cmd.name, S("user.")) && !str_starts(s->cmd.name, S("access.")) && !str_starts(s->cmd.name, S("calendar.")) && !str_starts(s->cmd.name, S("policy."))) world_fill(&w, d, a);
  Personal *list = arena_array(s->mem, Personal, PERSONAL_MAX);
  s->cmd.personal = list;
  refs_draw(c, s, a, list);
  /* Its own texts, for it may outlive the states that they came from. */
  Cx cx = {.mem = s->mem};
  Json *kept = NULL;
  REQUIRE(json_parse(&cx, json_text(s->mem, a), &kept) == OK);
  s->cmd.args = kept;
}

/* ---- the books -------------------------------------------------------------------------------------- */

Key *key_known(City *c, Str key) {
  for (size_t i = c->key_count; i--;)
    if (str_eq(c->keys[i].key, key)) return &c->keys[i];
  return NULL;
}

static Str answer_text(City *c, const CommandResult *r) {
  return r->answer ? json_text(c->mem, r->answer) : S("");
}

static void key_add(City *c, Str key, const CommandResult *r) {
  REQUIRE(c->key_count < KEYS_MAX);
  c->keys[c->key_count++] = (Key){.key = arena_str(c->mem, key), .answer = answer_text(c, r), .stream = arena_str(c->mem, r->stream),
                                  .seq = r->seq, .pos = r->pos};
}

void sent_answer(City *c, Sent *s) {
  const CommandResult *r = &s->result;
  Key *k = key_known(c, s->cmd.key);
  if (c->trace)
    fprintf(stderr, "%5d %.*s %-26.*s %-14.*s %-12.*s %s %.*s\n", c->step, SFMT(time_cn(c->cx.mem, s->cmd.now)), SFMT(s->cmd.name),
            SFMT(s->cmd.stream), SFMT(s->cmd.actor.id), r->repeated ? "again" : arena_z(c->cx.mem, code_text(r->code)), SFMT(r->detail));
  CHECK(c, r->code != BROKEN && r->code != READONLY && r->code != BUSY, "no fault of ours", "%.*s: %.*s", SFMT(s->cmd.name), SFMT(r->detail));
  CHECK(c, r->code == OK || (r->detail.len && utf8_valid(r->detail)), "a refusal says why", "%.*s", SFMT(s->cmd.name));
  CHECK(c, r->code != OK || !s->wrong, "what is wrong is refused", "%.*s: %s", SFMT(s->cmd.name), s->wrong);
  if (r->code != OK) {
    c->refused++;
    CHECK(c, !k || s->wrong, "a key has one answer", "%.*s was done, now: %.*s", SFMT(k->key), SFMT(r->detail));
    return;
  }
  if (k) {
    c->repeated++;
    CHECK(c, r->repeated && r->seq == k->seq && r->pos == k->pos && str_eq(r->stream, k->stream) && str_eq(k->answer, answer_text(c, r)),
          "a key has one answer", "%.*s: %lld, then %lld", SFMT(k->key), (long long)k->pos, (long long)r->pos);
    return;
  }
  c->done++;
  key_add(c, s->cmd.key, r);
}

/* ---- sending ---------------------------------------------------------------------------------------- */

void sent_keep(City *c, Sent *s) {
  if (!s->mem) return;
  Sent *slot = &c->recent[c->recent_count++ % RECENT];
  arena_close_p(&slot->mem);
  *slot = *s;
}

void send_one(City *c, Sent *s) {
  if (!s->mem) return;
  Cx cx = {.mem = s->mem, .now = c->now};
  (void)runner_run(&cx, c->runner, &s->cmd, &s->result);
  sent_answer(c, s);
  shadow_read(c);
}

typedef struct Gate {
  pthread_mutex_t lock;
  pthread_cond_t turn;
  bool open;
  size_t held, done;
} Gate;
typedef struct Ticket {
  Gate *gate;
  Sent *sent;
} Ticket;

static void gate_hold(void *arg, const CommandResult *result) {
  Gate *g = arg;
  (void)result;
  pthread_mutex_lock(&g->lock);
  g->held = 1;
  pthread_cond_broadcast(&g->turn);
  while (!g->open) pthread_cond_wait(&g->turn, &g->lock);
  pthread_mutex_unlock(&g->lock);
}

static void ticket_done(void *arg, const CommandResult *r) {
  Ticket *t = arg;
  Sent *s = t->sent;
  pthread_mutex_lock(&t->gate->lock);
  s->result = *r;
  s->result.detail = arena_str(s->mem, r->detail);
  s->result.stream = arena_str(s->mem, r->stream);
  s->result.answer = r->answer ? json_clone(s->mem, r->answer) : NULL;
  t->gate->done++;
  pthread_cond_broadcast(&t->gate->turn);
  pthread_mutex_unlock(&t->gate->lock);
}

/* All in one commit: the writer is held by a command that does not exist until the queue has them. The
 * answers are not yet in the books. */
void send_batch(City *c, Sent *list, size_t n) {
  Gate g = {.lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER};
  Ticket tickets[BATCH];
  size_t count = 0;
  Command none = {.name = S("no.such"), .key = S("sim-gate"), .now = c->now};
  runner_submit(c->runner, &none, gate_hold, &g);
  pthread_mutex_lock(&g.lock);
  while (!g.held) pthread_cond_wait(&g.turn, &g.lock);
  pthread_mutex_unlock(&g.lock);
  for (size_t i = 0; i < n && i < BATCH; i++) {
    if (!list[i].mem) continue;
    tickets[count] = (Ticket){&g, &list[i]};
    runner_submit(c->runner, &list[i].cmd, ticket_done, &tickets[count++]);
  }
  pthread_mutex_lock(&g.lock);
  g.open = true;
  pthread_cond_broadcast(&g.turn);
  while (g.done < count) pthread_cond_wait(&g.turn, &g.lock);
  pthread_mutex_unlock(&g.lock);
  c->batches++;
}

void send_timer(City *c) {
  int64_t done = 0;
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  Duties *duties = duties_open(); /* a city looks once in a while, and then at everything */
  if (timer_round(&cx, c->runner, c->reader, duties, c->now, &done) != OK) fault(c, "the timer works", "%.*s", SFMT(cx.detail));
  duties_close(duties);
  c->done += done;
  shadow_read(c);
}
