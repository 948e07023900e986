/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inspect: spot checks by lot 双随机、一公开 (D60-5.16-p2, D01-3.2-p1; 优化营商环境条例 54): who is checked and who checks
 * are both drawn, and plan, draw and result are public. Beside the room approval: neither knows the other's headers. What a
 * draw reads of cases is the table `project`, of lists of credit the table `credit`.
 *
 * Nobody needs to believe the office. The list of objects and inspectors is published with its hash first; then each party
 * commits to a secret 承诺, then all of them reveal 揭示, then a public number 公开随机数 appears that was named beforehand; all
 * these together are the seed, and who is drawn follows from list and seed alone (docs/draw.md, written so that anyone can write
 * it again: src/web/static/draw.html and tests/inspect/draw.py do).
 *
 * What cannot be hidden, and where it shows: another list has another hash, and no commitment fits it any more; a secret that is not
 * revealed ends the draw by the clock, with the name of whoever withheld it; a draw that is tried again has the next number, and its
 * list names the ones before. What cannot be prevented: the public number is typed in by a person while no source of such numbers is
 * connected, so whoever does it last can still abort the draw 中止. That is an event, with a reason, on the public page.
 *
 * Pure like all engines: fold() and decide() do no I/O, read no clock, draw no random numbers.
 */
#ifndef INSPECT_H
#define INSPECT_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "journal/journal.h"
#include "org/org.h"
#include "policy/policy.h"

Str inspect_label(Str word); /* of a state or a result: 待承诺, 未发现问题 …; the text itself when unknown */

/* ---- the lot 抽取: a function of list and seed ------------------------------------------------------------ */

enum { SPOT_OBJECTS_MAX = 2000, SPOT_INSPECTORS_MAX = 200, SPOT_PARTIES_MAX = 8, SPOT_PAIR = 2 };

/* k of the numbers 0 … n-1, each choice of k equally probable, in the order of drawing, into out[0..k). `out` has room for n
 * numbers, n ≥ k. The numbers come from SHA-256(seed ‖ label ‖ LF ‖ 0, 1, 2 …), eight of 32 bits each; what would favour small ones
 * is thrown away. */
uint32_t lot_number(Hash seed, Str label, uint32_t n); /* the first number below n */
void lot_sample(Hash seed, Str label, uint32_t n, uint32_t k, uint32_t *out);

typedef struct LotPick { Str object, class; Str certs[SPOT_PAIR]; } LotPick;
/* Who is drawn. `list` is the published text; INVALID names the line that is not understood, or the object for which there are
 * fewer than two inspectors. Worst class first, within a class in the order of drawing. With seed NULL only the list is judged,
 * and *n is how many would be drawn. */
Code lot_draw(Cx *cx, Str list, const Hash *seed, LotPick **out, size_t *n);
Hash lot_hash(Str text);                                             /* SHA-256 */
Str lot_commitment(Arena *mem, Str list_hash, Str party, Str secret); /* in hex */

/* ---- who may be drawn: objects' classes and inspectors ---------------------------------------------------- */

/* The roll 检查人员名录 and the credit classes 信用等级, stream "pool/main". An inspector stands aside 回避 for the enterprises of `avoid`: his
 * own, his family's, one that he worked for. Of classes A to D an enterprise has that of the list of credit it is on 红黑名单 (Policy.credit_black,
 * credit_red; the table `credit` of the room joint); on none, the one that was typed in, 示例; else the package's spot_class.
 *   pool.add-inspector    person cert avoid[uscc]      head of the unit; again: changes
 *   pool.remove-inspector cert reason                  head of the unit
 *   pool.recuse           cert uscc reason             the inspector, or the head of the unit
 *   pool.set-class        uscc class basis             supervisor */
#define POOL_STREAM S("pool/main")
typedef struct Inspector {
  Str cert, person, name, unit; /* 执法证号, account */
  Str *avoid; size_t avoid_count, avoid_cap;
  bool active;
} Inspector;
typedef struct CreditClass { Str uscc, class, basis, by; int64_t at; } CreditClass;
typedef struct SpotPool {
  Inspector *list; size_t count, cap;
  CreditClass *classes; size_t class_count, class_cap;
  int64_t seq;
} SpotPool;
extern const Engine pool_engine_base; /* env = const Policy *, as for the engine of accounts */
void *pool_fold(Arena *mem, void *state, const Event *e);

/* ---- the plan 抽查计划 --------------------------------------------------------------------------------------- */

/*   DRAFT     --plan.published--> PUBLISHED   for everybody
 *   PUBLISHED --draw.drawn-->     DRAWN       (told by the draw, in the views only)
 *   DRAFT | PUBLISHED --plan.dropped--> DROPPED   with a reason, which is published too
 * Supervisors:
 *   plan.make     title items[text] units[code] category? county? count? from to basis
 *   plan.publish · plan.drop reason */
typedef struct SpotPlan {
  int64_t no;
  Str number;            /* SJ-2026-0001 */
  Str title, basis;
  Str *items; size_t item_count;   /* what is looked at 抽查事项 */
  Str *units; size_t unit_count;   /* whose inspectors take part */
  Str category, county;  /* only these objects; empty: all */
  int count;             /* so many objects; 0: by the rates of the classes */
  Day from, to;          /* when the checks are made */
  Str status, reason;
  int64_t made_at, published_at, ended_at;
  int64_t seq;
} SpotPlan;
extern const Engine plan_engine_base;
void *plan_fold(Arena *mem, void *state, const Event *e);

/* ---- the draw 抽取 and its checks ------------------------------------------------------------------------------ */

/*   COMMITTING  list and hash are public; the parties commit
 *   COMMITTING --draw.committed (the last one)--> REVEALING
 *   REVEALING  --draw.revealed (the last one)-->  WAITING    for the public number
 *   WAITING    --draw.drawn-->                    DRAWN
 *   COMMITTING | REVEALING --draw.voided--> VOIDED   by the clock at the moment of the public number, naming who did not commit or reveal
 *   COMMITTING … WAITING   --draw.voided--> VOIDED   by the supervisor, with a reason
 * A plan is drawn once; a draw that was voided may be followed by the next attempt, whose list names it.
 * Of a drawn object: two inspectors; one records what was found, the other confirms it, and not later than `days` working days after
 * that it is published. */
typedef struct SpotParty { Str id, name; Str commitment, secret; int64_t committed, revealed; } SpotParty;
typedef struct SpotCheck {
  Str object, name, uscc, class;     /* number and name of the project, whose */
  Str certs[SPOT_PAIR], persons[SPOT_PAIR], names[SPOT_PAIR];
  Str result, finding, recorded_by;  /* ok, ordered, pending, refused, unreachable */
  int64_t recorded, confirmed, published;
  Str returned;                      /* why the other inspector did not confirm */
} SpotCheck;
typedef struct SpotDraw {
  int64_t no, plan;
  int attempt;
  Str number, title;     /* of the plan */
  Str list, hash;        /* the published text, SHA-256 in hex */
  size_t objects, inspectors, wanted; /* in the list; to be drawn */
  SpotParty parties[SPOT_PARTIES_MAX]; size_t party_count;
  Str beacon; int64_t beacon_at; /* which public number, and when it appears */
  Str value, seed; int64_t drawn_at;
  SpotCheck *checks; size_t check_count;
  int days;              /* working days for publishing, pinned */
  Str status, reason;
  int64_t opened_at, voided_at;
  Str opened_by;
  const Json *people;    /* {CERT: {"person","name"}} of the list */
  int64_t seq;
} SpotDraw;
/*  supervisors:
 *   draw.open    plan parties[account] beacon beacon_at      "2026-11-27T15:30:00+08:00"
 *   draw.complete value                                      not before beacon_at, when all have revealed
 *   draw.void    reason
 *   draw.publish                                             all confirmed results, to all targets at once
 *  the parties:  draw.commit commitment · draw.reveal secret
 *  the two inspectors of an object:
 *   draw.record object result finding · draw.confirm object · draw.send-back object reason
 *  system: draw.expire */
extern const Engine draw_engine_base;
void *draw_fold(Arena *mem, void *state, const Event *e);
SpotCheck *draw_check(const SpotDraw *d, Str object); /* NULL when it was not drawn */
/* The file that everybody may have: the list, and below it what happened since (docs/draw.md). */
Str draw_file(Arena *mem, const SpotDraw *d);
/* The results for a target, as CSV; published ones only. */
Str draw_results(Arena *mem, const SpotDraw *d);
/* How long is left for publishing; state END_DONE once published. Not before the check is confirmed. */
Reading spot_reading(const Policy *p, int64_t confirmed, int64_t published, int days, int64_t now);

/* ---- lists -------------------------------------------------------------------------------------------------- */

typedef struct PlanRow { int64_t no, at, draws; Str number, title, status; Day from, to; } PlanRow;
Code plans_list(Cx *cx, Reader *rd, bool published, size_t offset, size_t max, PlanRow **out, size_t *n, int64_t *total); /* newest first */
Code plan_load(Cx *cx, Reader *rd, int64_t no, const SpotPlan **out);
typedef struct DrawRow { int64_t no, plan, attempt, opened, beacon_at, ended, mine; Str number, title, status, hash, reason; } DrawRow;
/* Of a plan, by attempt; plan 0: all that are under way, the oldest first. `mine`: it waits for this account's commitment (1) or secret (2). */
Code draws_list(Cx *cx, Reader *rd, int64_t plan, Str account, DrawRow **out, size_t *n);
Code draw_load(Cx *cx, Reader *rd, int64_t no, const SpotDraw **out);
typedef struct CheckRow {
  int64_t draw, confirmed, published;
  int days;
  Str number, object, name, certs[SPOT_PAIR], persons[SPOT_PAIR], result, status;
  Reading reading;       /* of publishing; only when confirmed */
} CheckRow;
/* Not yet published ones of an inspector; account empty: all. */
Code checks_list(Cx *cx, Reader *rd, const Policy *p, Str account, int64_t now, size_t max, CheckRow **out, size_t *n);
/* What is one account's to do: checks to record or to confirm, draws to commit or to reveal; the next day and the next moment. */
typedef struct SpotDuties { int64_t checks, late, draws, draw_by; Day check_by; } SpotDuties;
Code spot_duties(Cx *cx, Reader *rd, const Policy *p, Str account, int64_t now, SpotDuties *out);
Code pool_load(Cx *cx, Reader *rd, const SpotPool **out); /* *out is empty, not NULL, while nobody stands in it */

/* Who may be a party of a draw of this plan: supervisors, leaders, auditors, heads of its units. */
typedef struct SpotPerson { Str id, name, unit; } SpotPerson;
Code spot_parties(Cx *cx, Reader *rd, const SpotPlan *p, SpotPerson **out, size_t *n);

enum { INSPECT_ENGINES = 3 };
extern const Engine *const inspect_engines[INSPECT_ENGINES];

#endif
