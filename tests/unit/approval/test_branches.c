/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The algebra of parallel branches, checked in full: four items of one stage, every interleaving of everything that
 * people can do to an item, in any order and any number. States that behave alike are visited once: of an item its
 * status and how far its extension is (13 kinds), of the stage what follows from them, so 13⁴ = 28561 states and
 * 12 acts on each of the four items in each of them, all asked of the engine itself. What must hold:
 *   - an act on one item changes no other item, and whether it is allowed, and what it leads to, depends on that
 *     item and on whether the stage still runs, never on the state of another item;
 *   - from every state there is a way to the end of the stage: a certificate, a refusal with reasons, or withdrawal;
 *   - from every state in which no item was refused and not all are withdrawn there is a way to the certificate.
 */
#include <stdio.h>
#include <stdlib.h>
#include "world.h"
#include "approval/approval_int.h"
#include "journal/journal_int.h"

#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
enum { ITEMS = 4, LOCALS = 13, STATES = LOCALS * LOCALS * LOCALS * LOCALS, ACTS = 12, STAGE_KINDS = 3 };

static const struct { const char *command, *who, *key, *value; } acts[ACTS] = {
    {"item.take", "ap", NULL, NULL},
    {"item.pause", "ap", "cause", "hearing"},
    {"item.resume", "ap", NULL, NULL},
    {"item.return", "ap", NULL, NULL},
    {"item.supplement", "owner", NULL, NULL},
    {"item.ask-extension", "ap", NULL, NULL},
    {"item.extend", "uh", NULL, NULL},
    {"item.refuse-extension", "uh", NULL, NULL},
    {"item.decide", "ap", "result", "pass"},
    {"item.decide", "ap", "result", "refuse"},
    {"item.withdraw", "owner", NULL, NULL},
    {"item.reapply", "owner", NULL, NULL}};

typedef struct Model {
  World w;
  Arena *scratch;
  const CommandDecl *decl[ACTS], *certify, *refuse;
  Command cmd[ITEMS][ACTS], end[2];
  size_t at[ITEMS];              /* where the four stand among the stage's items */
  Project *state[STATES];        /* one that behaves so; NULL: not reached */
  int32_t next[STATES][ITEMS * ACTS]; /* -1: refused */
  int32_t queue[STATES];
  bool ends[STATES], certified[STATES], withdrawn[STATES];
  int32_t outcome[ITEMS][LOCALS][ACTS][STAGE_KINDS]; /* 0: not seen; 1: refused; 2 + local */
  size_t reached, done;
} Model;

/* ---- keys ------------------------------------------------------------------------------------------ */

static int local_of(const ItemState *i) {
  int ext = i->extension_asked ? 1 : i->extended ? 2 : 0;
  switch (i->status) {
    case ITEM_WAITING: return 0;
    case ITEM_TAKEN: return 1 + ext;
    case ITEM_PAUSED: return 4 + ext;
    case ITEM_RETURNED: return 7 + ext;
    case ITEM_PASSED: return 10;
    case ITEM_REFUSED: return 11;
    case ITEM_WITHDRAWN: return 12;
    case ITEM_HELD: break; /* none of the four waits for the certificate */
    case ITEM_STATUS_UNSET:
    case ITEM_STATUS__MAX: break;
  }
  REQUIRE(false && "an item has a status");
  return 0;
}

static int key_of(const Model *m, const Project *p) {
  int key = 0;
  for (int i = ITEMS - 1; i >= 0; i--) key = key * LOCALS + local_of(&p->stages[1].items[m->at[i]]);
  return key;
}

static int local_in(int key, int item) {
  for (; item > 0; item--) key /= LOCALS;
  return key % LOCALS;
}

static int stage_kind(const Project *p) {
  StageStatus s = p->stages[1].status;
  REQUIRE(s == STAGE_RUNNING || s == STAGE_DECIDED || s == STAGE_WITHDRAWN);
  return s == STAGE_RUNNING ? 0 : s == STAGE_DECIDED ? 1 : 2;
}

/* Texts are shared, what a fold changes in place is not. */
static Project *copy_of(Arena *mem, const Project *p) {
  Project *q = arena_new(mem, Project);
  *q = *p;
  q->moments = NULL;
  q->moment_count = q->moment_cap = 0;
  q->documents = NULL; /* of both, items do not ask for them */
  q->document_count = q->document_cap = 0;
  StageState *s = &q->stages[1];
  s->items = arena_array(mem, ItemState, s->item_count);
  memcpy(s->items, p->stages[1].items, s->item_count * sizeof *s->items);
  for (size_t i = 0; i < s->item_count; i++) {
    ItemState *item = &s->items[i];
    PauseState *pauses = arena_array(mem, PauseState, item->pause_count + 1);
    if (item->pause_count) memcpy(pauses, item->pauses, item->pause_count * sizeof *pauses);
    item->pauses = pauses;
    item->pause_cap = item->pause_count;
    if (item->demands) item->demands = json_clone(mem, item->demands);
  }
  return q;
}

/* ---- asking the engine ------------------------------------------------------------------------------ */

static Code ask(Model *m, const CommandDecl *d, const Command *cmd, Project *p) {
  Cx cx = {.mem = m->scratch, .now = m->w.now};
  struct Decision decision = {.mem = m->scratch};
  Ask a = {.cmd = cmd, .decl = d, .state = p, .seq = p->seq, .happened = m->w.now, .now = m->w.now, .facts = json_obj(m->scratch), .env = &m->w.policies};
  Code code = d->decide(&cx, &a, &decision);
  for (size_t i = 0; code == OK && i < decision.count; i++) {
    Event e = {.stream = cmd->stream, .kind = str_of(decision.events[i].kind), .body = decision.events[i].body, .version = 1, .seq = p->seq + 1,
               .happened = m->w.now, .recorded = m->w.now, .actor = cmd->actor.id, .actor_name = cmd->actor.name, .unit = cmd->actor.unit};
    project_fold(m->scratch, p, &e);
  }
  return code;
}

static bool same_item(const ItemState *a, const ItemState *b) {
  return a->status == b->status && a->seq == b->seq && a->limit == b->limit && a->start.n == b->start.n && a->taken_at == b->taken_at &&
         a->pause_count == b->pause_count && a->extended == b->extended && a->extension_asked == b->extension_asked && a->returns == b->returns &&
         a->decided_at == b->decided_at && (a->demands == NULL) == (b->demands == NULL) && (!a->pause_count || a->pauses[a->pause_count - 1].to == b->pauses[b->pause_count - 1].to);
}

static void fault(Test *t, const Model *m, int key, int item, int act, const char *what) {
  (void)m;
  if (t->bad++ < 5) fprintf(stderr, "  in state %d: %s of item %d: %s\n", key, acts[act].command, item, what);
}

/* One act in one state. */
static void try_act(Test *t, Model *m, int key, int item, int act) {
  arena_reset(m->scratch);
  Project *p = copy_of(m->scratch, m->state[key]);
  const Project *before = m->state[key];
  int kind = stage_kind(p), local = local_in(key, item);
  Code code = ask(m, m->decl[act], &m->cmd[item][act], p);
  int to = code == OK ? key_of(m, p) : -1;
  int32_t out = code == OK ? 2 + local_in(to, item) : 1, *seen = &m->outcome[item][local][act][kind];
  m->next[key][item * ACTS + act] = to;
  m->done += code == OK;
  if (code != OK && code != CONFLICT && code != INVALID) fault(t, m, key, item, act, "refused for another reason than its state");
  if (*seen && *seen != out) fault(t, m, key, item, act, "depends on another item");
  *seen = out;
  for (int k = 0; k < ITEMS; k++) {
    const ItemState *a = &before->stages[1].items[m->at[k]], *b = &p->stages[1].items[m->at[k]];
    if (k != item && !same_item(a, b)) fault(t, m, key, item, act, "changed another item");
  }
  if (to < 0 || m->state[to]) return;
  m->state[to] = copy_of(m->w.mem, p);
  /* Texts that the step made lie in the scratch: take them along. */
  for (size_t i = 0; i < p->stages[1].item_count; i++) {
    ItemState *x = &m->state[to]->stages[1].items[i];
    Str *texts[] = {&x->last_by, &x->taken_by, &x->taken_name, &x->extension_reason, &x->extension_by, &x->opinion, &x->signature, &x->article, &x->decided_by, &x->withdraw_reason};
    for (size_t k = 0; k < COUNT(texts); k++) *texts[k] = arena_str(m->w.mem, *texts[k]);
    for (size_t k = 0; k < x->pause_count; k++) x->pauses[k] = (PauseState){.from = x->pauses[k].from, .to = x->pauses[k].to, .cause = S("hearing"), .planned = x->pauses[k].planned};
  }
  m->state[to]->stages[1].last_by = m->state[to]->stages[1].end_reason = S("");
  m->queue[m->reached++] = to;
}

static void try_ends(Model *m, int key) {
  arena_reset(m->scratch);
  m->withdrawn[key] = m->state[key]->stages[1].status == STAGE_WITHDRAWN;
  m->certified[key] = ask(m, m->certify, &m->end[0], copy_of(m->scratch, m->state[key])) == OK;
  m->ends[key] = m->withdrawn[key] || m->certified[key] || ask(m, m->refuse, &m->end[1], copy_of(m->scratch, m->state[key])) == OK;
}

/* ---- setting up -------------------------------------------------------------------------------------- */

static const CommandDecl *named(const char *name) {
  for (size_t i = 0; i < approval_command_count; i++)
    if (!strcmp(approval_commands[i].name, name)) return &approval_commands[i];
  REQUIRE(false && "a command");
  return NULL;
}

static Command made(Model *m, const CommandDecl *d, const char *who, const ItemState *i, Json *args) {
  World *w = &m->w;
  bool owner = !strcmp(who, "owner"), head = !strcmp(who, "uh"), clerk = !strcmp(who, "clerk");
  Actor actor = {.id = str_of(who), .name = S("张某"), .unit = i ? i->unit : S(""),
                 .roles = owner ? ROLE_APPLICANT : head ? ROLE_UNIT_HEAD : clerk ? ROLE_CLERK : ROLE_APPROVER};
  Json *clean = NULL;
  Cx cx = {.mem = w->mem, .now = w->now};
  json_put_int(w->mem, args, S("stage"), 1);
  if (i) json_put_str(w->mem, args, S("item"), i->code);
  world_fill(w, d, args);
  REQUIRE(command_check(&cx, d, args, &clean) == OK);
  return (Command){.name = str_of(d->name), .stream = S("project/1"), .key = S("k-model-01"), .actor = actor, .now = w->now, .args = clean};
}

static void model_open(Test *t, Model *m, const Policy *p) {
  World *w = &m->w;
  size_t n = 0;
  world_open(w, t->mem, p);
  world_register(w, S("industry"), S("longgang"));
  world_dispatch(w, 1);
  const StageState *s = &w->pr->stages[1];
  for (size_t i = 0; i < s->item_count; i++)
    if (!s->items[i].parallel && n < ITEMS) m->at[n++] = i;
  REQUIRE(n == ITEMS && s->status == STAGE_RUNNING);
  for (int i = 0; i < ITEMS; i++)
    for (int a = 0; a < ACTS; a++) {
      Json *args = json_obj(w->mem);
      if (acts[a].key) json_put_str(w->mem, args, str_of(acts[a].key), str_of(acts[a].value));
      m->decl[a] = named(acts[a].command);
      m->cmd[i][a] = made(m, m->decl[a], acts[a].who, &s->items[m->at[i]], args);
    }
  m->certify = named("stage.certify");
  m->refuse = named("stage.refuse");
  m->end[0] = made(m, m->certify, "clerk", NULL, json_obj(w->mem));
  m->end[1] = made(m, m->refuse, "clerk", NULL, json_obj(w->mem));
  /* What runs beside is done, so that it does not hold the certificate. */
  world_pass(w, 1, S("eia-approval"));
  m->queue[m->reached++] = key_of(m, w->pr);
  m->state[m->queue[0]] = copy_of(w->mem, w->pr);
}

/* Which states can come to one of `goal`? The rest is printed by the first. */
static size_t cannot_reach(const Model *m, const bool *goal, bool *can) {
  size_t left = 0;
  bool more = true;
  memcpy(can, goal, STATES);
  while (more) {
    more = false;
    for (int key = 0; key < STATES; key++)
      for (int a = 0; m->state[key] && !can[key] && a < ITEMS * ACTS; a++)
        if (m->next[key][a] >= 0 && can[m->next[key][a]]) can[key] = more = true;
  }
  for (int key = 0; key < STATES; key++) left += m->state[key] && !can[key];
  return left;
}

static bool hopeless(const Model *m, int key) {
  bool refused = false;
  for (int i = 0; i < ITEMS; i++) refused |= local_in(key, i) == 11;
  return refused || m->withdrawn[key];
}

TEST(four_branches_in_every_order_never_block_or_reset_each_other_and_never_get_stuck) {
  if (SANITIZED) { /* half a million acts, four times as slow there; the rooms' other tests walk the same lines */
    fprintf(stderr, "  all states of four branches: without the sanitizers only\n");
    return;
  }
  Model *m = calloc(1, sizeof *m);
  bool *can = calloc(STATES, sizeof *can);
  REQUIRE(m && can);
  m->scratch = arena_open((size_t)64 << 20);
  model_open(t, m, huludao(cx));
  for (size_t at = 0; at < m->reached; at++) {
    int key = m->queue[at];
    try_ends(m, key);
    for (int a = 0; a < ITEMS * ACTS; a++) try_act(t, m, key, a / ACTS, a % ACTS);
  }
  EXPECT_INT(m->reached, STATES);
  EXPECT_INT(cannot_reach(m, m->ends, can), 0);
  (void)cannot_reach(m, m->certified, can);
  for (int key = 0; key < STATES; key++)
    if (m->state[key] && !can[key] && !hopeless(m, key)) fault(t, m, key, 0, 0, "no way to the certificate");
  EXPECT(m->done > (size_t)STATES * ITEMS * 3);
  /* Every act was possible somewhere. */
  for (int a = 0; a < ACTS; a++) {
    bool once = false;
    for (int l = 0; l < LOCALS; l++) once |= m->outcome[0][l][a][0] > 1 || m->outcome[0][l][a][1] > 1;
    EXPECT(once);
  }
  fprintf(stderr, "  %zu states, %zu acts done of %zu asked\n", m->reached, m->done, m->reached * ITEMS * ACTS);
  arena_close(m->scratch);
  world_close(&m->w);
  free(can);
  free(m);
}
