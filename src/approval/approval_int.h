/* SPDX-License-Identifier: Apache-2.0 */
/* approval_int: what the files of room approval share. */
#ifndef APPROVAL_INT_H
#define APPROVAL_INT_H

#include "approval/approval.h"
#include "approval/beside.h"

/* ---- deciding: where a command points ------------------------------------------------------------ */

typedef struct At {
  const Ask *ask;
  const Json *args;
  const Project *pr;
  const Policy *p;         /* of the stage's version once accepted, else the one in force */
  int n;
  const StageState *s;
  const ItemState *i;
  int calendar;            /* the version in force in this transaction */
} At;

/* The package in force on the day of the act, under the calendar in force. */
const Policy *at__current(Cx *cx, const Ask *ask);
/* The package by which the form of a stage was checked: its periods of answer hold until acceptance. */
const Policy *at__form(Cx *cx, const At *at);
int at__calendar(const Ask *ask);
/* Notes in a body which calendar held, when it was not the package's own. */
void at__stamp(const Ask *ask, Arena *m, Json *body);
Code at__project(Cx *cx, const Ask *ask, At *at); /* refuses when the project has ended */
Code at__late(Cx *cx, const Ask *ask, int64_t since); /* happened before it was recorded: allowed, and in order? */
Code at__on(Cx *cx, const Ask *ask); /* "on": a day without a time of day; INVALID when it is not the day of `happened` */
Code at__stage(Cx *cx, const Ask *ask, At *at);   /* and the stage exists for the category */
Code at__item(Cx *cx, const Ask *ask, At *at);    /* and the item was dispatched in it */
Code at__owner(Cx *cx, const At *at);             /* the applicant, or an account of the same enterprise */
Code at__seen(Cx *cx, const At *at);              /* CONFLICT when someone acted on the item since */
/* CONFLICT that names the state: "第 2 阶段现在是“已受理”，不能…" */
Code at__wrong_state(Cx *cx, const At *at, const char *cannot);
Json *at__body(const At *at, Decision *d);        /* {"stage": n} and, with an item, {"item": code} */

Code decide__take_survey(Cx *cx, const Ask *ask, Decision *d); /* library.c */
Code library__aim_survey(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);
void library__fold_survey(Arena *mem, Project *p, const Event *e);
Code decide__tie(Cx *cx, const Ask *ask, Decision *d);
Code decide__untie(Cx *cx, const Ask *ask, Decision *d);
Code decide__rest(Cx *cx, const Ask *ask, Decision *d);
Code decide__move_on(Cx *cx, const Ask *ask, Decision *d);
Code decide__settle(Cx *cx, const Ask *ask, Decision *d);
Code decide__follow(Cx *cx, const Ask *ask, Decision *d);
Code decide__change_condition(Cx *cx, const Ask *ask, Decision *d);
Code decide__register(Cx *cx, const Ask *ask, Decision *d);
Code decide__post(Cx *cx, const Ask *ask, Decision *d);
Code decide__correct(Cx *cx, const Ask *ask, Decision *d);
Code decide__save_draft(Cx *cx, const Ask *ask, Decision *d);
Code decide__submit(Cx *cx, const Ask *ask, Decision *d);
Code decide__stage_withdraw(Cx *cx, const Ask *ask, Decision *d);
Code decide__item_withdraw(Cx *cx, const Ask *ask, Decision *d);
Code decide__item_reapply(Cx *cx, const Ask *ask, Decision *d);
Code decide__project_withdraw(Cx *cx, const Ask *ask, Decision *d);
Code decide__request_correction(Cx *cx, const Ask *ask, Decision *d);
Code decide__accept(Cx *cx, const Ask *ask, Decision *d);
Code decide__deem_accepted(Cx *cx, const Ask *ask, Decision *d);
Code decide__not_accept(Cx *cx, const Ask *ask, Decision *d);
Code decide__draft_slip(Cx *cx, const Ask *ask, Decision *d);
Code decide__return_slip(Cx *cx, const Ask *ask, Decision *d);
Code decide__dispatch(Cx *cx, const Ask *ask, Decision *d);
Code decide__certify(Cx *cx, const Ask *ask, Decision *d);
Code decide__refuse(Cx *cx, const Ask *ask, Decision *d);
Code decide__deliver(Cx *cx, const Ask *ask, Decision *d);
Code decide__serve(Cx *cx, const Ask *ask, Decision *d);
Code decide__cert_suspend(Cx *cx, const Ask *ask, Decision *d);
Code decide__cert_restore(Cx *cx, const Ask *ask, Decision *d);
Code decide__cert_revoke(Cx *cx, const Ask *ask, Decision *d);
Code decide__cert_change(Cx *cx, const Ask *ask, Decision *d);
Code decide__cert_reissue(Cx *cx, const Ask *ask, Decision *d);
Code certs__issue(Cx *cx, const At *at, Arena *m, Str number, Json *body); /* what the stage issues, into its event */
Code certs__hold(Cx *cx, const At *at); /* CONFLICT while one of an earlier stage is suspended or revoked */
void fold__cert(Arena *mem, Project *p, StageState *s, const Event *e); /* after the stage's own fold; s may be NULL */
#define CERTS_SCHEMA \
  "CREATE TABLE cert(number TEXT NOT NULL PRIMARY KEY, project INTEGER NOT NULL, stage INTEGER NOT NULL, name TEXT NOT NULL, issuer TEXT NOT NULL," \
  " status TEXT NOT NULL, at INTEGER NOT NULL, status_at INTEGER NOT NULL) WITHOUT ROWID, STRICT;" \
  "CREATE INDEX cert_at ON cert(at, number);"
Code certs__project(Cx *cx, Db *views, const Project *p, const Event *e);
void fold__document(Arena *mem, Project *p, const Event *e, const StageState *s); /* after the rest of the fold; s may be NULL */
#define DOCUMENTS_SCHEMA \
  "CREATE TABLE letter(project INTEGER NOT NULL, seq INTEGER NOT NULL, stage INTEGER NOT NULL, title TEXT NOT NULL, number TEXT NOT NULL," \
  " at INTEGER NOT NULL, served INTEGER NOT NULL, PRIMARY KEY(project, seq)) WITHOUT ROWID, STRICT;" \
  "CREATE INDEX letter_waits ON letter(at, project, seq) WHERE served = 0;"
Code documents__project(Cx *cx, Db *views, const Project *p, const Event *e);
/* Where one may turn against a decision, with time and body, into its event (documents.c). */
void document__remedies(const At *at, Arena *m, Json *body);
Code decide__take(Cx *cx, const Ask *ask, Decision *d);
Code decide__urge(Cx *cx, const Ask *ask, Decision *d);
Code decide__pause(Cx *cx, const Ask *ask, Decision *d);
Code decide__extend_pause(Cx *cx, const Ask *ask, Decision *d);
Code decide__resume(Cx *cx, const Ask *ask, Decision *d);
bool article__of_documents(const Policy *p, Str text); /* clauses by citation or id, several with 、 between them (article.c) */
Code decide__ask_extension(Cx *cx, const Ask *ask, Decision *d);
Code decide__extend(Cx *cx, const Ask *ask, Decision *d);
Code decide__refuse_extension(Cx *cx, const Ask *ask, Decision *d);
Code decide__item(Cx *cx, const Ask *ask, Decision *d);
Code decide__exempt(Cx *cx, const Ask *ask, Decision *d);
Code decide__end_exemption(Cx *cx, const Ask *ask, Decision *d);
void fold__exemption(Arena *mem, Project *p, const Event *e);
#define WINDOW_SCHEMA \
  "CREATE TABLE exemption(project INTEGER NOT NULL, no INTEGER NOT NULL, matter TEXT NOT NULL, approved_by TEXT NOT NULL," \
  " document TEXT NOT NULL, from_day INTEGER NOT NULL, until_day INTEGER NOT NULL, major INTEGER NOT NULL, ended INTEGER NOT NULL," \
  " at INTEGER NOT NULL, PRIMARY KEY(project, no)) WITHOUT ROWID, STRICT;" \
  "CREATE TABLE act(day INTEGER NOT NULL, kind TEXT NOT NULL, pos INTEGER NOT NULL, project INTEGER NOT NULL, stage INTEGER NOT NULL," \
  " item TEXT NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY(day, kind, pos)) WITHOUT ROWID, STRICT;"
Code window__project(Cx *cx, Db *views, const Project *p, const Event *e);
/* Who was given an item (desk.c). An account `a` of the item's unit has the item `i` in hand: it was last given to it, or it was given to nobody
 * and whoever took it has its name. */
#define DESK_SCHEMA \
  "CREATE TABLE desk(project INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, account TEXT NOT NULL," \
  " PRIMARY KEY(project, stage, item)) WITHOUT ROWID, STRICT;"
#define DESK_ROW "SELECT 1 FROM desk d WHERE d.project = i.project AND d.stage = i.stage AND d.item = i.code"
#define DESK_HAS "(EXISTS (" DESK_ROW " AND d.account = a.id) OR (a.name = i.taken AND NOT EXISTS (" DESK_ROW ")))"
#define FACTS_SCHEMA \
  "CREATE TABLE fact(pos INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, project INTEGER NOT NULL, attempt INTEGER NOT NULL," \
  " known INTEGER NOT NULL, state INTEGER NOT NULL, unit TEXT NOT NULL, received INTEGER NOT NULL, start INTEGER NOT NULL, decided INTEGER NOT NULL," \
  " ended INTEGER NOT NULL, delivered INTEGER NOT NULL, days INTEGER NOT NULL, used INTEGER NOT NULL, gross INTEGER NOT NULL, applicant INTEGER NOT NULL," \
  " third INTEGER NOT NULL, late INTEGER NOT NULL, flags INTEGER NOT NULL, words TEXT NOT NULL, PRIMARY KEY(pos, stage, item)) WITHOUT ROWID, STRICT;"
/* What statistics count (facts.c); an event that changes nothing countable adds no row. */
Code facts__project(Cx *cx, Db *views, const Project *p, const Event *e);
Code facts__stage(Cx *cx, Db *views, const Policies *ps, int calendar, const Project *pr, int n, const Event *e);
Code facts__item(Cx *cx, Db *views, const Policy *p, const Project *pr, int n, const ItemState *i, const ItemClock *k, const Event *e);
Code decide__supply(Cx *cx, const Ask *ask, Decision *d);
Code decide__expire_lacking(Cx *cx, const Ask *ask, Decision *d);
Code lack__settled(Cx *cx, const StageState *s); /* CONFLICT while a promised material is not there */
void fold__library(Arena *mem, Project *p, const StageState *s, int stage, const Event *e); /* files of a body that are new */
void fold__lacking(Arena *mem, StageState *s, const Event *e);
/* Items of an accepted stage that share an assessment of their region: what the room joint reads (region.c). */
#define SHARE_SCHEMA \
  "CREATE TABLE item_share(project INTEGER NOT NULL, stage INTEGER NOT NULL, code TEXT NOT NULL, number TEXT NOT NULL," \
  " PRIMARY KEY(project, stage, code)) WITHOUT ROWID, STRICT;"
Code share__project(Cx *cx, Db *views, const Project *pr, const Event *e);
#define LIBRARY_SCHEMA \
  "CREATE TABLE enterprise_file(uscc TEXT NOT NULL, material TEXT NOT NULL, project INTEGER NOT NULL, name TEXT NOT NULL," \
  " blob TEXT NOT NULL, size INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(uscc, material)) WITHOUT ROWID, STRICT;" \
  "CREATE TABLE lack(promised INTEGER NOT NULL, project INTEGER NOT NULL, stage INTEGER NOT NULL, material TEXT NOT NULL," \
  " expired INTEGER NOT NULL, PRIMARY KEY(promised, project, stage, material)) WITHOUT ROWID, STRICT;" \
  "CREATE INDEX lack_stage ON lack(project, stage);"
Code library__project(Cx *cx, Db *views, const Policy *p, const Project *pr, int stage, const Event *e);
Code decide__report(Cx *cx, const Ask *ask, Decision *d);
Code decide__return(Cx *cx, const Ask *ask, Decision *d);
Code decide__supplement(Cx *cx, const Ask *ask, Decision *d);
/* The item, of the actor's own unit, in one of two states (0: one), not changed since it was looked at (decide_item.c). */
Code item__mine(Cx *cx, const Ask *ask, At *at, ItemStatus need, ItemStatus other, const char *cannot);
/* The window's answer to what departments reported: each subject is in `missing` (may be NULL) or in the argument
 * `dropped` with a reason, and a contradiction was decided (argument `decided`). Puts dropped and decided into body, and
 * who asked into the entries of missing (asks.c). */
Code asks__heard(Cx *cx, const At *at); /* CONFLICT while a department may still answer */
Code asks__settled(Cx *cx, const At *at, Arena *m, Json *missing, Json *body);
#define ASKS_SCHEMA \
  "CREATE TABLE ask(unit TEXT NOT NULL, at INTEGER NOT NULL, project INTEGER NOT NULL, stage INTEGER NOT NULL," \
  " answered INTEGER NOT NULL, PRIMARY KEY(unit, at, project, stage)) WITHOUT ROWID, STRICT;" \
  "CREATE INDEX ask_stage ON ask(project, stage);"
Code asks__project(Cx *cx, Db *views, const Policy *p, const Project *pr, int stage);
Json *subject__put(Arena *m, Json *list, const Subject *s);

/* ---- beside the case (beside.c, locks.c, cites.c) ------------------------------------------------------ */

/* What deciding reads from the tables of the room early, of which nothing else is known here: "plot" (reserve=N),
 * "mandate", "mandate_owner", "mandate_applicant", "mandate_county", "mandate_direct" (an agent acts), "cites" (replies by number). */
Code beside__facts(Cx *cx, Db *views, const Command *cmd, const void *state, Json *out);
Code beside__agent(Cx *cx, const Ask *ask);      /* an agent acts by a mandate, and in both names */
/* The plot that is registered: *locked {"plot","number","values"}; NULL in it when there is none. */
Code locks__register(Cx *cx, const Ask *ask, const Policy *p, Arena *m, Json **locked);
/* CONFLICT when a typed value is another than the locked one. */
Code locks__check(Cx *cx, const Json *locked, const Field *f, const Json *typed);
Code locks__check_form(Cx *cx, const At *at, const Json *form);
void locks__fold(Arena *mem, Project *p, const Event *e);
/* The replies that a form cites, as they read now, into body "cites": [{"no","unit","subject","reply","consult"}]. */
Code cites__put(Cx *cx, const At *at, Decision *d, Json *body);
/* answers.c: refuses a correction that leaves a point unanswered, naming the points; writes "answers" otherwise. */
Code answers__put(Cx *cx, const At *at, Arena *m, const Json *form, const Json *files, const Json *answers, Json *body);
/* confirm.c: an agent sends what he filled in to his client 送委托单位确認; only a mandate that says so lets him hand in himself. */
Code confirm__may_submit(Cx *cx, const At *at);
Code decide__ask_confirm(Cx *cx, const Ask *ask, Decision *d);
Code decide__return_draft(Cx *cx, const Ask *ask, Decision *d);
void confirm__fold(Arena *mem, StageState *s, const Event *e);
bool form__writable(const StageState *s);                 /* whether its applicant may fill in its form now */
/* A reference comes with its value in the same command, or is this project's already (pr may be NULL). */
bool form__ref_ours(const Ask *ask, const Project *pr, Str name, Str ref);
Code form__open(Cx *cx, const Ask *ask, At *at);           /* decide_form.c: the stage's form may be filled in by this actor */
Code form__faults(Cx *cx, const Json *faults);             /* refuses when there are any */
void answers__fold(Arena *mem, StageState *s, const Event *e);
/* Against what was cited? unit empty: any unit's reply. Puts "relation", "contrary", "cited" into the body. */
Code cites__relation(Cx *cx, const At *at, Str unit, const char *what, Decision *d, Json *body);
#define CONTRARY_SCHEMA \
  "CREATE TABLE contrary(project INTEGER NOT NULL, seq INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, unit TEXT NOT NULL," \
  " name TEXT NOT NULL, relation TEXT NOT NULL, cited TEXT NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL," \
  " PRIMARY KEY(project, seq)) WITHOUT ROWID, STRICT;"
Code cites__project(Cx *cx, Db *views, const Project *p, const Event *e);

/* ---- the joint review of drawings (joined.c) ------------------------------------------------------------ */

Code decide__note_review(Cx *cx, const Ask *ask, Decision *d);
Code drawings__may_pass(Cx *cx, const At *at);   /* CONFLICT while the item waits for the drawings */
Code drawings__no_second(Cx *cx, const At *at, const char *cannot); /* CONFLICT for a second technical review */
/* A change of state of the certificates of a stage that follows something else (certs.c); only: of those whose reason begins so; item: of
 * those that stand on it. */
typedef struct CertStep { const char *kind; Str reason, article, way, only; const ItemState *item; bool against; } CertStep;
void certs__follow(Cx *cx, const Ask *ask, Decision *d, int stage, CertStatus need, CertStatus other, const CertStep *to);
Code decide__note_promise(Cx *cx, const Ask *ask, Decision *d);
Code decide__halt(Cx *cx, const Ask *ask, Decision *d);
/* holds.c */
Code decide__hold(Cx *cx, const Ask *ask, Decision *d);
Code decide__free(Cx *cx, const Ask *ask, Decision *d);
Code hold__may_pass(Cx *cx, const At *at);    /* CONFLICT while a ledger holds the item */
Code hold__may_certify(Cx *cx, const At *at); /* or one of the stage */
void holds__fold(Arena *mem, Project *p, const Event *e);
Code decide__resume_work(Cx *cx, const Ask *ask, Decision *d);
Code decide__revoke(Cx *cx, const Ask *ask, Decision *d);
Code joined__restore(Cx *cx, const Project *pr, const Cert *c); /* CONFLICT while the work is stopped */
Code joined__certify(Cx *cx, const At *at);
Code halt__check(Cx *cx, const At *at, const char *what); /* CONFLICT for stage 4 while the work is stopped */
void promise__put(const At *at, Decision *d, Json *body); /* "promise" of a pass that rests on one */
Code decide__note_blueprint(Cx *cx, const Ask *ask, Decision *d); /* blueprint.c */
Code blueprint__accept(Cx *cx, const At *at);   /* CONFLICT for stage 1 while the newest check blocks */
void blueprint__fold(Arena *mem, struct Joined *j, const Event *e);
void joined__fold(Arena *mem, Project *p, const Event *e);
const Json *share__of(const Json *region, Str kind); /* of REGION_SHARED or StageState.region; NULL: none (region.c) */
void joined__cover(Arena *mem, const Policy *p, const Project *pr, Json *facts); /* POLICY_COVERED: what needs no material */
typedef Code Aim(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);
Aim holds__aim, joined__applied, joined__changed, joined__promised, joined__passed, joined__failed, joined__closed, joined__signed, joined__accepted, joined__ended, joined__kept, joined__broken, joined__stops,
    joined__revokes, blueprint__checked;
/* ties.c: CONFLICT when the item is handled in a record beside the case; `what`: 作出决定. */
Code ties__free(Cx *cx, const At *at, const char *what);
void ties__fold(Arena *mem, StageState *s, const Event *e);
Code ties__aim_begun(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);
Code ties__aim_ended(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);
Code ties__aim_turn(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);
Code ties__aim_utility(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);
Code ties__aim_settled(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n);

/* ---- what takes two persons (book.c); `what`: 日历变更, 政策发布 ---------------------------------------- */

#define PROPOSAL_NO {.name = "no", .label = "变更编号", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX}
#define PROPOSAL_WHY {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = 2, .max = 500}
Proposal *book__add(Arena *mem, Book *b, const Event *e);
Proposal *book__end(Arena *mem, Book *b, const Event *e, ProposalStatus status); /* NULL when there is none */
Code book__free(Cx *cx, const Ask *ask, const char *what, Str field);            /* none waits */
Code book__confirm(Cx *cx, const Ask *ask, const char *what, const Proposal **out); /* waits, and of another person */
Code book__reject(Cx *cx, const Ask *ask, const char *what, const char *kind, Decision *d);

/* ---- personal data (personal_views.c) ------------------------------------------------------------------ */

/* {"record","exists","user","owner","uscc","running","open","last","disabled","refs":[{"name","ref"}]} from the views. */
Code personal__about(Cx *cx, Db *views, Str record, const Json **facts);
Code personal__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts);
Code personal__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
extern const char personal_tables[];

/* ---- folding ------------------------------------------------------------------------------------- */

bool item_stopped(const ItemState *i); /* its clock stands: paused or returned */
Code ties__rests(Cx *cx, const At *at, const char *what); /* refuses what a person wants with a pause that the system ends */
int event__calendar(const Event *e); /* the version under which it was decided */
bool stage_closed(const StageState *s); /* delivered, refused, withdrawn or not there */
void fold__item(Arena *mem, ItemState *i, const Event *e);
void fold__stage(Arena *mem, Project *p, StageState *s, const Event *e);
void fold__files_more(Arena *mem, StageState *s, const Json *list, int64_t at);
void fold__reopen(StageState *s, const Event *e);
void fold__settle(StageState *s, const Event *e); /* DECIDED, WITHDRAWN follow from the items */
void fold__open_next(Project *p);

/* ---- projections --------------------------------------------------------------------------------- */

/* Signs of abuse, beside the lists (signs.c) */
#define SIGNS_SCHEMA \
  "CREATE TABLE sign(pos INTEGER NOT NULL, kind TEXT NOT NULL, project INTEGER NOT NULL, stage INTEGER NOT NULL," \
  " item TEXT NOT NULL, unit TEXT NOT NULL, actor TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL," \
  " evidence TEXT NOT NULL, PRIMARY KEY(pos, kind)) WITHOUT ROWID, STRICT;" \
  "CREATE TABLE night(actor TEXT NOT NULL, night INTEGER NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL," \
  " acts INTEGER NOT NULL, pos INTEGER NOT NULL, PRIMARY KEY(actor, night)) WITHOUT ROWID, STRICT;"
Code signs__project(Cx *cx, Db *views, const Policy *p, const Project *pr, const Event *e);

extern const char approval__schema[];
Code approval__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);

/* ---- clocks -------------------------------------------------------------------------------------- */

ItemClock item__clock(Arena *mem, const Policy *p, const ItemState *i);
/* Refused and withdrawn items have no figure on the upper platform. */
bool item__left_out(const ItemState *i);
bool item__runs_stage(const ItemState *i); /* not a parallel one, of a higher authority, or kept from an earlier attempt */
/* The clock of an accepted stage, with the items that run it, and what they had run before they were applied for again:
 * days that the stage has counted do not go away with an item (docs/decisions/0095). */
typedef struct StageParts {
  StageClock clock;
  const ItemState **items; /* in the order of clock.items: an item, then its earlier runs, the last first */
  bool *left_out;
} StageParts;
StageParts stage__parts(Arena *mem, const Policy *p, const StageState *s);
const Calendar *item__calendar(const Policy *p, const ItemState *i);
size_t changes__of(Arena *mem, const Json *body, DayChange **out); /* of an event's body; copied */
extern const char calendar__schema[];
Code calendar__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code calendar__ready(Cx *cx, Db *views, const void *env);
/* A version that a case was made under is written down; opening a store without it is refused (policy_views.c). */
Code policy__used(Cx *cx, Db *views, const Policies *ps, Str version);
Code policy__need(Cx *cx, const Policies *ps, Str version, Str hash, const Policy **out);
extern const char policy__schema[];
Code policy__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code policy__ready(Cx *cx, Db *views, const void *env);

/* ---- what a list shows, and counts (load.c) -------------------------------------------------------- */

/* Of rows of `item` that have ended, in place of `warn`. */
enum { LOAD_DECIDED = -1, LOAD_WITHDRAWN = -2, LOAD_NEVER = -3 };
/* How many rows of `item` have which unit, due and warn: lamps of any day are sums over a few hundred rows, however many
 * items are open. days: of those decided, what they used. Whoever writes or drops rows of `item` says so before. */
#define LOAD_SCHEMA                                                                                              \
  "CREATE TABLE item_load(unit TEXT NOT NULL, due INTEGER NOT NULL, warn INTEGER NOT NULL, n INTEGER NOT NULL,"   \
  " days INTEGER NOT NULL, PRIMARY KEY(unit, due, warn)) WITHOUT ROWID, STRICT;"                                 \
  "CREATE INDEX item_load_none ON item_load(n) WHERE n = 0;"
#define LOAD_DROPPED "project = ?1 AND stage = ?2 AND attempt < ?3 AND open = 0 AND status <> 'passed'"
typedef struct LoadKey {
  Str unit;
  int64_t due, warn, used;
} LoadKey;
Code load__change(Cx *cx, Db *views, const Val *item, LoadKey now); /* item: project, stage, code */
Code load__drop(Cx *cx, Db *views, int64_t project, int n, int attempt); /* what has ended before this attempt */
typedef struct Load { /* of a unit or of all, on a day */
  int64_t red, yellow, grey, green, ended;
  Day yellow_last; /* the last due day of a yellow one */
} Load;
Code load__of(Cx *cx, Reader *rd, Str unit, Day today, Load *out);
/* What the pages show of an open item and no notice changes, as one text: one column of an index costs less than nine. */
Str item__shown(Arena *mem, const Project *pr, const StageState *s, const ItemState *i);
Str item__status_label(Str text);
void item__shown_read(Str text, ItemRow *row, Day *dispatched); /* texts point into it */

/* ---- clocks from rows (rederive.c) ----------------------------------------------------------------- */

enum { ITEM_PAUSES_MAX = 50 };
Str pauses__text(Arena *mem, const ItemClock *k);
size_t pauses__read(Str text, Pause *out, size_t max);
/* Earlier runs of an item that count for its stage, the last first: "18020-18031;18032-18040 18035-18040a": the days
 * of each, then its pauses. Empty: none. The pauses of what is read lie in mem. */
Str runs__text(Arena *mem, const Policy *p, const ItemState *i);
size_t runs__read(Arena *mem, Str text, ItemClock *out, size_t max);
int warn__left(LampRule rule, int limit); /* yellow when so many days are left */
typedef struct ClockFigures { /* as a row of `item` keeps them: see views.c */
  Day due, warn, since;
  int used, left;
} ClockFigures;
ClockFigures clock__figures(const Calendar *c, const ItemClock *k, int warn_left);
bool figures__same(const ClockFigures *a, const ClockFigures *b);

/* ---- every running clock (calendar_sweep.c) --------------------------------------------------------- */

/* Every running clock, from the views alone, as it was and as it is under another calendar. */
typedef struct Clock {
  MovedRow row;
  ClockFigures figures;    /* of an item */
  bool changed;            /* the row of an item is to be written */
} Clock;
typedef struct Sweep {
  Db *views;
  const Policies *ps;      /* of a stage: the lead and the period of answer of its version */
  const Policy *before, *after;
  Day today;
  Arena *mem;              /* holds what is kept */
  Clock *list; size_t count, cap; /* those that moved or changed */
  int64_t clocks, moved;
} Sweep;
Code sweep__run(Cx *cx, Sweep *s);

/* One running stage with the items that run its clock, read from its rows. */
enum { ITEMS_OF_STAGE_MAX = 300 };
typedef struct StageAt {
  int64_t project;
  int stage, attempt;
  Str lead;
  StageClock clock;
  ItemClock items[ITEMS_OF_STAGE_MAX];
} StageAt;
/* cx: memory for one row only. A fault in it ends the reading. */
typedef Code StageSeen(Cx *cx, void *arg, const StageAt *at);
/* late: only those that may be late on that day, as their limit has passed even if every day were counted; 0: all.
 * project: one; 0: all. */
Code stages__each(Cx *cx, Db *views, const Policies *ps, Day late, int64_t project, StageSeen *seen, void *arg);

/* sentence.c: the event at the end of the project's timeline; after the rest of the fold, whose texts it shares. */
void fold__moment(Arena *mem, Project *p, const Event *e);

#endif
