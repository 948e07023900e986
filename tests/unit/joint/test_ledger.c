/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger of promises: whatever is done, in whatever order, an accepted promise has a check that is due or done. Proven by walking all
 * transitions: from each state that can be reached, each command with each of its arguments, at each of the days that matter.
 */
#include "desk.h"
#include "journal/journal_int.h"

#include <stdio.h>

enum { STATES_MAX = 4000, EVENTS_EACH = 16 };
static const int days[] = {0, 61, 62, 93, 95, 160}; /* after the signing: before and after the two and the three months, long after */
static const struct { const char *command, *args; } acts[] = {
    {"promise.sign", "{'project':1,'kind':'item','stage':3,'item':'waste-disposal','consent':true,'signature':'王某'}"},
    {"promise.sign", "{'project':1,'kind':'architect','bim':true,'architect':'梁建筑师','consent':true,'signature':'王某'}"},
    {"promise.undertake", "{'project':1,'review':1,'by':'王某','applicant':'owner'}"},
    {"promise.withdraw", "{'reason':'按一般程序办理'}"},
    {"promise.check", "{'result':'kept','findings':'现场核查，情况属实，见照片','signature':'陈长'}"},
    {"promise.check", "{'result':'not-due','findings':'现场核查，施工图还在审查','signature':'陈长'}"},
    {"promise.check", "{'result':'broken','findings':'现场核查，没有履行承诺，见照片','signature':'陈长'}"},
    {"promise.accept", "{}"},
    {"promise.close", "{'reason':'事项已撤回'}"},
    {"promise.fulfil", "{'review':1}"},
    {"promise.halt", "{'reason':'施工图设计文件审查不合格'}"},
    {"promise.expire", "{}"}};

typedef struct Node { Event events[EVENTS_EACH]; size_t count; int day; } Node; /* day: index of the day reached */
typedef struct Walk {
  Arena *mem;
  const Policy *policy;
  Node *nodes; Str *keys; size_t count;
  int64_t done[COUNT(acts)], asked, statuses[5], kinds[3];
} Walk;

static Json *told(Walk *w, const char *text) {
  Cx cx = {.mem = w->mem};
  Json *tree = NULL;
  Str copy = arena_str(w->mem, str_of(text));
  char *at = arena_array(w->mem, char, copy.len + 1);
  for (size_t i = 0; i < copy.len; i++) at[i] = copy.ptr[i] == '\'' ? '"' : copy.ptr[i];
  REQUIRE(json_parse(&cx, (Str){.ptr = at, .len = copy.len}, &tree) == OK);
  return tree;
}

static Promise *state_of(Walk *w, const Node *n) {
  Promise *x = NULL;
  for (size_t i = 0; i < n->count; i++) x = promise_fold(w->mem, x, &n->events[i]);
  return x;
}

static int word_of(Str s, const char *const *words, int n) {
  for (int i = 0; i < n; i++)
    if (str_eqz(s, words[i])) return i;
  return -1;
}

/* What makes two histories the same state: all that deciding looks at. */
static Str key_of(Walk *w, const Promise *x, int day) {
  if (!x) return S("-");
  return arena_fmt(w->mem, "%.*s %.*s %d %d %d %d %d %d", SFMT(x->kind), SFMT(x->status), promise_halted(x), x->reviewed_at != 0, x->halt_count > 0, x->check_due.n,
                   x->review_due.n, day);
}

static const CommandDecl *decl_of(const char *name) {
  for (size_t i = 0; i < promise_engine_base.command_count; i++)
    if (!strcmp(promise_engine_base.commands[i].name, name)) return &promise_engine_base.commands[i];
  return NULL;
}

/* The promise is in the ledger: due, or done with a result that is written down. */
static void ledger_holds(Test *t, const Promise *x, const Promise *before) {
  const PromiseCheck *last = x->check_count ? &x->checks[x->check_count - 1] : NULL;
  if (x->accepted_at) {
    bool due = str_eqz(x->status, "accepted") && x->check_due.n > 0;
    bool done = (str_eqz(x->status, "kept") || str_eqz(x->status, "broken")) && last && str_eq(last->result, x->status) && last->findings.len;
    EXPECT(due || done);
    EXPECT(!str_eqz(x->status, "broken") || x->decision.len > 0);
  } else {
    EXPECT(str_eqz(x->status, "signed") || str_eqz(x->status, "closed"));
    EXPECT(!x->check_count && !x->check_due.n);
  }
  if (!before) return;
  EXPECT(!before->accepted_at || x->accepted_at == before->accepted_at); /* nobody takes it back */
  EXPECT(!before->ended_at || str_eq(before->status, x->status));        /* what is over stays so */
}

static bool act(Walk *w, const Node *from, const Promise *x, size_t k, int day, Node *to) {
  const CommandDecl *decl = decl_of(acts[k].command);
  bool owner = (decl->allow & ROLE_APPLICANT) != 0, system = decl->allow == ROLE_SYSTEM;
  Cx cx = {.mem = w->mem};
  Json *facts = told(w, "{'no':1,'year_seq':1,'decision_seq':1,'project':{'no':1,'number':'HLD-1','name':'项目','category':'industry','owner':'葫芦岛示例机械有限公司','uscc':'" USCC
                        "','applicant':'owner','status':'running','items':{'3/waste-disposal':{'status':'taken','unit':'housing-construction','name':'建筑垃圾'}}}}");
  struct Decision d = {.mem = w->mem};
  Command cmd = {.name = str_of(acts[k].command), .stream = S("promise/1"), .args = told(w, acts[k].args),
                 .now = day_start((Day){day_ymd(2019, 7, 10).n + days[day]}) + 9 * 3600000LL};
  cmd.actor = owner ? (Actor){.id = S("owner"), .name = S("王某"), .roles = ROLE_APPLICANT}
                    : (Actor){.id = S("hc-head"), .name = S("陈长"), .unit = x ? x->unit : S(""), .roles = system ? ROLE_SYSTEM : ROLE_UNIT_HEAD | ROLE_APPROVER};
  Ask ask = {.cmd = &cmd, .decl = decl, .state = x, .seq = (int64_t)from->count, .happened = cmd.now, .now = cmd.now, .facts = facts, .env = w->policy};
  w->asked++;
  if (decl->creates != !x || decl->decide(&cx, &ask, &d) != OK || !d.count) return false;
  *to = *from;
  to->day = day;
  for (size_t i = 0; i < d.count; i++) {
    REQUIRE(to->count < EVENTS_EACH);
    to->events[to->count++] = (Event){.stream = cmd.stream, .kind = str_of(d.events[i].kind), .happened = cmd.now, .actor = cmd.actor.id, .actor_name = cmd.actor.name,
                                      .unit = cmd.actor.unit, .body = d.events[i].body ? d.events[i].body : json_obj(w->mem)};
  }
  w->done[k]++;
  return true;
}

static void visit(Walk *w, const Node *n, const Promise *x) {
  static const char *const statuses[] = {"signed", "accepted", "closed", "kept", "broken"}, *const kinds[] = {"item", "drawing", "architect"};
  Str key = key_of(w, x, n->day);
  for (size_t i = 0; i < w->count; i++)
    if (str_eq(w->keys[i], key)) return;
  REQUIRE(w->count < STATES_MAX);
  w->keys[w->count] = key;
  w->nodes[w->count++] = *n;
  if (!x) return;
  int s = word_of(x->status, statuses, 5), k = word_of(x->kind, kinds, 3);
  REQUIRE(s >= 0 && k >= 0);
  w->statuses[s]++;
  w->kinds[k]++;
}

TEST(no_path_leaves_an_accepted_promise_without_a_check_that_is_due_or_done) {
  Arena *mem = arena_open((size_t)1 << 30);
  Town town;
  OPEN_DESK(town);
  Walk *w = arena_new(mem, Walk);
  *w = (Walk){.mem = mem, .policy = &town.policy, .nodes = arena_array(mem, Node, STATES_MAX), .keys = arena_array(mem, Str, STATES_MAX)};
  Node *to = arena_new(mem, Node), *start = arena_new(mem, Node);
  visit(w, start, NULL);
  for (size_t i = 0; i < w->count; i++)
    for (size_t k = 0; k < COUNT(acts); k++)
      for (int day = w->nodes[i].day; day < (int)COUNT(days); day++) {
        const Node *from = &w->nodes[i];
        Promise *before = state_of(w, from);
        if (!before && day) continue; /* signed on the first day */
        if (!act(w, from, before, k, day, to)) continue;
        Promise *x = state_of(w, to);
        ledger_holds(t, x, state_of(w, from));
        visit(w, to, x);
      }
  printf("  %zu states of a promise, %lld acts asked for\n", w->count, (long long)w->asked);
  for (size_t k = 0; k < COUNT(acts); k++) EXPECT(w->done[k] > 0); /* each was done somewhere, so the walk met it */
  for (size_t i = 0; i < COUNT(w->statuses); i++) EXPECT(w->statuses[i] > 0);
  for (size_t i = 0; i < COUNT(w->kinds); i++) EXPECT(w->kinds[i] > 0);
  for (size_t i = 0; i < promise_engine_base.command_count; i++) { /* and none of the engine's commands was left out */
    bool there = false;
    for (size_t k = 0; k < COUNT(acts); k++) there |= !strcmp(acts[k].command, promise_engine_base.commands[i].name);
    EXPECT(there);
  }
  town_drop(&town);
  arena_close(mem);
}

/* ---- the page: each figure is the length of its list ------------------------------------------------------------------ */

static const char *const figures[] = {"accepted", "due", "late", "kept", "broken", "halted"};

static void figures_are_lists(Test *t, Town *w, Cx *cx, const char *unit, const int64_t want[COUNT(figures)]) {
  PromiseCount c;
  EXPECT_INT(promises_count(cx, w->reader, str_of(unit), w->now, &c), OK);
  const int64_t said[] = {c.accepted, c.due, c.late, c.kept, c.broken, c.halted};
  EXPECT_INT(c.accepted, c.due + c.late + c.kept + c.broken);
  for (size_t i = 0; i < COUNT(figures); i++) {
    PromiseRow *rows = NULL;
    size_t n = 0;
    int64_t total = 0;
    EXPECT_INT(promises_list(cx, w->reader, &w->policy, &(PromiseFilter){.unit = str_of(unit), .figure = str_of(figures[i]), .limit = 50}, w->now, &rows, &n, &total), OK);
    EXPECT_INT(said[i], want[i]);
    EXPECT_INT(total, said[i]);
    EXPECT_INT(n, said[i]);
  }
}

TEST(each_figure_of_the_coverage_opens_the_list_of_exactly_its_cases) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-07-10");
  figures_are_lists(t, &w, cx, "", (const int64_t[]){0, 0, 0, 0, 0, 0});
  for (int no = 2; no <= 6; no++) {
    DO("system", "project.register", NULL, arena_fmt(cx->mem, "{'no':%d,'number':'HLD-%06d-X','uscc':'" USCC "'}", no, no).ptr);
    DO("system", "project.mark", "project/1", arena_fmt(cx->mem, "{'no':%d,'stage':3,'item':'construction-permit','status':'taken','name':'许可'}", no).ptr);
    DO("owner", "promise.sign", NULL, arena_fmt(cx->mem, "{'project':%d,'kind':'architect','bim':true,'architect':'梁建筑师','consent':true,'signature':'王某'}", no).ptr);
  }
  figures_are_lists(t, &w, cx, "", (const int64_t[]){0, 0, 0, 0, 0, 0}); /* signed is not yet accepted */
  for (int no = 2; no <= 5; no++)
    DO("hc", "project.decide", arena_fmt(cx->mem, "project/%d", no).ptr,
       arena_fmt(cx->mem, "{'no':%d,'stage':3,'item':'construction-permit','result':'pass','promise':%d}", no, no - 1).ptr);
  figures_are_lists(t, &w, cx, "", (const int64_t[]){4, 4, 0, 0, 0, 0});
  DO("hc-head", "promise.check", "promise/1", "{'result':'broken','findings':'现场核查，没有履行承诺，见照片','signature':'陈长'}");
  town_on(&w, "2019-09-10");
  DO("hc", "promise.check", "promise/2", "{'result':'not-due','findings':'施工图还在审查','signature':'陈建'}");
  figures_are_lists(t, &w, cx, "", (const int64_t[]){4, 3, 0, 0, 1, 0});
  town_on(&w, "2019-09-11");
  figures_are_lists(t, &w, cx, "housing-construction", (const int64_t[]){4, 1, 2, 0, 1, 0});
  figures_are_lists(t, &w, cx, "natural-resources", (const int64_t[]){0, 0, 0, 0, 0, 0});
  town_on(&w, "2019-10-11");
  DO("system", "promise.expire", "promise/3", "{}");
  figures_are_lists(t, &w, cx, "", (const int64_t[]){4, 0, 3, 0, 1, 1});
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
