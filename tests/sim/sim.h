/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim: a city-year from a seed, against the real engines, the real writer and a store in a memory-backed directory.
 *
 * One thread sends everything and waits, so that the order of acts follows from the seed alone. Commands that
 * must lie in one commit are queued behind a gate that holds the writer (send.c). A crash is a copy of the store's
 * files as they are between two commits, opened in place of the running one; answers to what was sent after the
 * copy are lost and asked for again with the same keys.
 *
 * Two books are kept beside the store. The driver's own (City.keys): what was acknowledged. The shadow (shadow.c):
 * accounts, projects, stages, items as the events tell them, by a table of allowed steps written from the law and
 * not from the engine. Every state, view and answer is held against them.
 */
#ifndef SIM_H
#define SIM_H

#include "../unit/approval/world.h"
#include "approval/beside.h"
#include "approval/desk.h"
#include "org/access.h"
#include "early/early.h"
#include "joint/joint.h"
#include "evaluation/evaluation.h"
#include "publish/publish.h"
#include "ledger/ledger.h"
#include "journal/duties.h"
#include "inspect/inspect.h"
#include "map/map.h"
#include "supervision/supervision.h"
#include "notice/notice.h"
#include "finish/finish.h"

#include "journal/proof.h"

enum { PROJECTS_MAX = 64, ACCOUNTS_MAX = 400, KEYS_MAX = 40000, ITEMS_MAX = 40, BATCH = 8, RECENT = 24, PACKAGES = 3, PUBLISHED_MAX = 200 };

typedef struct Account {
  Str id, name, unit, uscc;
  uint32_t roles;
  bool disabled, email, phone, no_mail, no_sms;
} Account;

typedef struct ShItem {
  Str code, unit;
  bool parallel, utility;  /* utility: 市政公用接入, may be withdrawn without holding anything up */
  int before, days, limit;
  ItemStatus status;
  bool asked, answered;
  bool taken, rested;      /* by somebody in this run; it stands still because the owner rectifies */
  bool alone;              /* it went on, or began anew, for a reason of its own: perhaps in the owner's turn */
  bool revoked, anew;      /* its decision was revoked; it was applied for again after that */
  int64_t last;            /* seq of the last event that touched it */
  int urged;               /* day of the last time it was urged */
  Day start, end;
  struct { Day from, to; } pauses[60];
  size_t pause_count;
  Day planned;             /* the end that the last pause was to have */
  int calendar;            /* the version in force when it ended */
  bool frozen;             /* its reading when it had ended, which no notice may change */
  Reading ended;
  struct ShItem *earlier;  /* the run before it was applied for again; NULL: none */
} ShItem;

typedef struct ShStage {
  StageStatus status;
  int attempt, limit;
  bool noticed;
  int64_t submitted;
  Day accepted;
  Str receipt, version, drafter;
  Str asked;               /* the package in force when it was handed in: what the law accepts by */
  const Json *plan;
  struct { Str unit; const Json *missing; } reports[40]; size_t report_count; /* of this attempt */
  ShItem items[ITEMS_MAX];
  size_t count;
  int calendar;            /* as of an item */
  bool frozen;
  Reading ended;
  struct { Str material; Day promised; bool supplied, expired; } lacks[20]; size_t lack_count; /* 容缺 */
} ShStage;

typedef struct ShProject {
  int64_t no, seq;
  Str number, applicant, uscc, category, county;
  int limits[STAGE_MAX + 1];
  const Json *facts;
  ProjectStatus status;
  bool broken;             /* a promise 容缺 was not kept */
  bool beside;             /* what was revoked last is decided beside its stage */
  bool revoked;            /* one of its certificates: nothing is built on it any more */
  struct { Str number; int stage; char state; } certs[60]; size_t cert_count; /* V valid, C changed, S suspended, R revoked, X revoked and issued anew */
  struct { int64_t seq; bool served; } letters[300]; size_t letter_count; /* what has to be delivered 送达 */
  ShStage stages[STAGE_MAX + 1];
} ShProject;

enum { EARLY_MAX = 40, NOTICES_MAX = 6 * PROJECTS_MAX + ACCOUNTS_MAX + 400 };
typedef struct ShPlot { bool set, generated, published, assigned; int asked, given; int64_t project; } ShPlot;
typedef struct ShOrder { Str agent, number; int64_t project; bool started, ended; } ShOrder;
typedef struct ShConsult { bool more, waits, ended; } ShConsult;
typedef struct ShShare { Str number, kind; Day since, until; bool stopped; } ShShare; /* an assessment of the one region */
typedef struct ShEarly {
  ShPlot plots[EARLY_MAX]; size_t plot_count;
  ShOrder orders[EARLY_MAX]; size_t order_count;
  ShConsult consults[EARLY_MAX]; size_t consult_count;
  bool trained, issued, region; int64_t drafts;
  ShShare shares[EARLY_MAX]; size_t share_count;
  int changes_due;         /* changed conditions whose project has not yet followed */
} ShEarly;

enum { DIRECTIVES_MAX = 600 };
typedef struct ShDirective { Str clock, unit; int level, days; Day reply_by; bool replied, overdue, settled, closed; } ShDirective;
typedef struct ShSuper {
  struct { Str unit, leader; Day from; } duties[200]; size_t duty_count; /* in the order of being said */
  ShDirective directives[DIRECTIVES_MAX]; size_t directive_count;
  size_t found, issued;    /* clocks found red, and orders made of them */
  bool watching;
} ShSuper;
typedef struct ShReview { int64_t project; bool pending[DISCIPLINES], wants[DISCIPLINES], promised; int opinion; } ShReview; /* opinion: 0 none, else of 'c' 'p' 'f' 'x' */
typedef struct ShCredit { int state; bool list, objected; Day notice, until; } ShCredit; /* state: 'd' drafted, 'p' published, 'x' over */
typedef struct ShJoint {
  ShReview reviews[EARLY_MAX]; size_t review_count;
  size_t agencies;
  int notes_due;           /* what a review or a promise did and its case has not yet noted */
  struct { int64_t project; Str item; bool item_kind, accepted, ended, halted, broken, reviewed; Day review_due; } promises[EARLY_MAX]; size_t promise_count;
  int credits_due, revokes_due; /* of broken promises */
  ShCredit credits[EARLY_MAX]; size_t credit_count;
} ShJoint;

enum { OUTS_MAX = 4000 };
typedef struct ShOut { Str stream; int64_t id, next; const char *status; int tries; } ShOut;
typedef struct ShRating { bool opened, replied; int level; } ShRating;
typedef struct ShNotice {
  ShOut *outs; size_t out_count;
  ShRating (*ratings)[STAGE_MAX + 1]; /* of each project */
  int accepted_due, ratings_due; /* acts of which nobody has been told yet */
} ShNotice;

enum { FINISH_MAX = 40 };
typedef struct ShPart { Str code, unit; bool utility, due, signed_now, passed; int open; } ShPart;
typedef struct ShAcceptance { int64_t project; int round, day; bool over, passed; ShPart parts[24]; size_t part_count; } ShAcceptance;
typedef struct ShUtility { int64_t project; bool opened, closed; Str kinds[12]; bool answered[12], connected[12]; size_t count; } ShUtility;
typedef struct ShSurveyor { Str uscc; char state; Day until; } ShSurveyor; /* 'a' applied, 'e' entered, 'r' refused, 'x' removed */
typedef struct ShSurvey { int64_t project; Str agency, codes[8]; size_t count; bool open, delivered; } ShSurvey;
typedef struct ShSurveys { ShSurveyor agencies[FINISH_MAX]; size_t agency_count; ShSurvey list[FINISH_MAX]; size_t count; int takes_due; } ShSurveys; /* results that their case has not yet taken */
typedef struct ShFinish { ShAcceptance list[FINISH_MAX]; size_t count; ShUtility utilities[FINISH_MAX]; size_t utility_count; } ShFinish;
enum { SPOT_MAX = 40 };
typedef struct ShSpotCheck { Str object, person[2], by; bool recorded, confirmed, published; } ShSpotCheck;
typedef struct ShSpotDraw {
  int64_t plan, beacon_at;
  Str list, hash;
  struct { Str id, commitment; bool committed, revealed; } party[3]; size_t party_count;
  bool drawn, voided;
  ShSpotCheck checks[SPOT_MAX]; size_t check_count;
} ShSpotDraw;
typedef struct ShSpot {
  struct { Str cert, avoid; } persons[SPOT_MAX]; size_t person_count;
  struct { Str uscc, class; } classes[8]; size_t class_count;
  struct { bool published, dropped; } plans[SPOT_MAX]; size_t plan_count;
  ShSpotDraw draws[SPOT_MAX]; size_t draw_count;
} ShSpot;

typedef struct Key {       /* one acknowledged act */
  Str key, answer, stream;
  int64_t seq, pos;
} Key;

typedef struct Sent {      /* a command with the memory it lies in */
  Arena *mem;
  Command cmd;
  CommandResult result;
  const char *wrong;       /* why it must be refused; NULL when nothing is known */
} Sent;

typedef struct Published { /* the book of versions: what is in force from when */
  bool waiting;
  Str by, version;         /* of what waits */
  Day from;
  int64_t proposals;
  struct { Str version; Day from; } list[PUBLISHED_MAX]; /* in the order of confirming */
  size_t count;
} Published;

typedef struct Copies {    /* heads of the journal, and what is kept outside of the store */
  Keys keys;
  Checkpoint kept;         /* the witness's; size 0: none yet */
  Str backup;              /* a directory, or empty */
  int64_t backup_pos;
} Copies;

typedef struct ShAccess { Str account, by; uint32_t roles; Str unit; bool fresh, over; } ShAccess; /* requests for accounts and roles */
typedef struct ShGrant { Str account, item, unit; Day from, until; } ShGrant;
typedef struct ShAppraisal { const char *state; int year, marks[3][2][2], opinions; bool answered[50]; Day as_of, until; } ShAppraisal; /* marks: hundredths + 1; of whom, at the end of the year, of its own */
typedef struct ShReform {
  ShGrant grants[4000]; size_t grant_count;
  Str seats[100]; size_t seat_count;
  struct { const char *state; Day due; bool overdue; } feedbacks[60]; size_t feedback_count;
  ShAppraisal appraisal;
} ShReform;

enum { MAPS_MAX = 40, FAR_PLOT = -1 };
typedef struct ShMap {      /* one layer, a rectangle from x on, w wide; metres */
  int64_t version, x, w, next_x, next_w, blocks;
  int checks, due;
  bool waiting, blocked[PROJECTS_MAX + 1];
  int64_t region_w;        /* the region reaches from -200 to here, and over all plots that are not far; 0: not drawn */
  int64_t plot[PROJECTS_MAX + 1]; /* how wide the plot of a project is, from 0 on; FAR_PLOT: elsewhere; 0: none */
  int gathers;             /* drawings that are not yet in the layer */
  Str by;
} ShMap;
enum { OPEN_MAX = 40 };
typedef struct ShDoc { char state; Str openness, people[8], says[2]; size_t signs, count, annexes; bool about; } ShDoc; /* state: d draft, r review, x disputed, p public, k kept; people: author, submitter, then who signed */
typedef struct ShOpen { ShDoc docs[OPEN_MAX]; size_t doc_count; } ShOpen;

/* Ledgers as they should stand: the state of each row and report, and the month that is looked at next (empty: not begun). */
typedef struct ShMonth { Str stream; const char *state; bool reported; } ShMonth;
typedef struct ShLedger { const char *rows[60]; size_t row_count; ShMonth months[60]; size_t month_count; Str next; } ShLedger;

typedef struct City {
  uint64_t seed, rng;
  bool trace;
  Arena *mem;
  Cx cx;
  Str dir, snap;           /* the store; an older copy of its views */
  int generation;
  /* engines, new after each crash */
  const Policy *package;
  Policies policies;
  const Policy *versions[PACKAGES];
  Policy own[PACKAGES];
  Arena *engine_mem;
  Engine org, approval, calendar, publish;
  Engine early_own[EARLY_ENGINES], portfolio, access_own, desk_own, joint_own[JOINT_ENGINES], super_own[SUPERVISION_ENGINES], notice_own[NOTICE_ENGINES], finish_own[FINISH_ENGINES];
  const Engine *engines[7 + EARLY_ENGINES + JOINT_ENGINES + SUPERVISION_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES + EVALUATION_ENGINES + PUBLISH_ENGINES + MAP_ENGINES + LEDGER_ENGINES];
  ShEarly early;
  Engine map_own[MAP_ENGINES];
  ShMap map;
  Engine spot_own[INSPECT_ENGINES], reform_own[EVALUATION_ENGINES], open_own[PUBLISH_ENGINES], ledger_own[LEDGER_ENGINES];
  ShOpen open;
  ShSpot spot;
  ShLedger ledger;
  ShSuper super;
  ShJoint joint;
  ShNotice notice;
  ShFinish finish;
  ShSurveys surveys;
  ShReform reform;
  ShAccess access[400]; size_t access_count; int admits_due; /* admits_due: approved, and the account has not followed yet */
  StoreOptions options;
  Runner *runner;
  Reader *reader;
  /* the world */
  int64_t now, first;
  int step, steps;
  Str blob, corrected;
  int64_t blob_size;
  bool polite, timer_off;
  Account *accounts; size_t account_count;
  ShProject *projects; size_t project_count, projects_wanted;
  Str *numbers; size_t number_count;  /* receipts and certificates, each once */
  bool proposal; Str proposed_by; int64_t proposals; int version; /* the calendar's book */
  Published published;
  Copies copies;
  int64_t pos, last_recorded;
  Hash head;               /* leaf of the last event */
  struct { Str stream; int64_t seq; } streams[ACCOUNTS_MAX + PROJECTS_MAX + 9 * EARLY_MAX + NOTICES_MAX + 4 * FINISH_MAX + 80 + 2 * SPOT_MAX + DIRECTIVES_MAX + 208 + 120 + MAPS_MAX + 3 * PROJECTS_MAX + 2 * OPEN_MAX + 200]; size_t stream_count;
  Key *keys; size_t key_count;
  int64_t refs;
  Sent recent[RECENT]; size_t recent_count;
  struct { Day day; uint64_t hash; } figures; /* what was said of a day that is over; stats.c */
  /* what happened */
  int64_t done, refused, repeated, crashes, checks, unknown, batches, stale, late, heads, restored, recognised;
  bool failed;
} City;

/* Says what is wrong, once, with the seed and the step. */
void fault(City *c, const char *name, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
#define CHECK(c, ok, name, ...) \
  do {                          \
    if (!(ok)) fault((c), (name), __VA_ARGS__); \
  } while (0)
#define STOP(c, ...)         \
  do {                       \
    fault((c), __VA_ARGS__); \
    return;                  \
  } while (0)
uint32_t roll(City *c, uint32_t n);
bool chance(City *c, uint32_t percent);

/* city.c: the store and its crashes */
void city_open(City *c, uint64_t seed, const Policy *package, Str root);
void city_close(City *c);
void dir_remove(Arena *mem, Str path);
void city_begin(City *c);               /* blob and accounts */
void city_crash(City *c);               /* between two commits */
void city_lose(City *c, Sent *list, size_t n); /* these are sent, then the machine stops: before or after the commit */
void city_snapshot(City *c);            /* keeps the views as they are now for a later crash */
void city_copy(City *c, Str from, Str to, bool journal, bool views);
void city_move(City *c, Str to);        /* goes on with the store in this directory */
void city_start(City *c);
void city_stop(City *c);
Str city_text(City *c, Arena *mem);     /* every row of every view */

/* send.c */
Sent sent_new(City *c, Str name, Str stream, const Account *who);
void sent_fill(City *c, Sent *s, const Project *p, int stage, const ItemState *item, Json *args);
void send_one(City *c, Sent *s);
void send_batch(City *c, Sent *list, size_t n);
void sent_answer(City *c, Sent *s);     /* the books after an answer */
void sent_keep(City *c, Sent *s);       /* for a later double click; takes its memory */
Key *key_known(City *c, Str key);
void send_timer(City *c);
/* main/timer.h, whose other names are taken here by world.h */
Code timer_round(Cx *cx, Runner *r, Reader *rd, Duties *duties, int64_t now, int64_t *done);
const CommandDecl *decl_named(City *c, Str name);

/* people.c, staff.c */
void person_step(City *c);
bool project_step(City *c, int64_t no); /* what is asked for next; false: nothing to do */
Sent project_act(City *c, const Project *p);
void staff_step(City *c);
void access_event(City *c, const Event *e);     /* requests for accounts and roles */
void access_followed(City *c, const Event *e, const Account *a);
void calendar_step(City *c);
void staff_complete(City *c);           /* somebody is there for every duty */
const Account *account(const City *c, Str id);
const Account *somebody(City *c, uint32_t role, Str unit);
const Account *anybody(City *c);
const Account *owner_of(City *c, const Project *p);
const Project *project_read(City *c, int64_t no);

/* publish.c: versions of the package */
void policy_step(City *c);
void policy_event(City *c, const Event *e);
const Policy *policy_on(City *c, Day day); /* in force then, by the shadow's book */

/* copies.c: signed heads, a witness, backups, and stores restored from them */
void copies_step(City *c);

/* shadow.c, shadow_item.c */
void shadow_actor(City *c, const Event *e, uint32_t need);
void shadow_read(City *c);              /* the events that are new */
ShProject *shadow_project(City *c, int64_t no);
void shadow_lacks(City *c, const Event *e, ShProject *p, ShStage *s);
Day shadow_lack_due(const ShProject *p, const ShStage *s); /* the first promise that still binds; 0: none */
void shadow_item(City *c, const Event *e, ShProject *p, ShStage *s, int n);
void shadow_settle(City *c, ShStage *s);
ShItem *shadow_find(ShStage *s, Str code);
const Policy *policy_now(City *c, Str version);
bool shadow_open(const ShItem *i);
bool shadow_stopped(const ShItem *i);   /* paused or returned */
void shadow_once(City *c, Str number);  /* REQUIRED to be new */

/* joint.c */
void joint_step(City *c);
bool joint_finish(City *c); /* everyone does what a review waits for; false: none waits */
void joint_event(City *c, const Event *e);
void joint_check(City *c);
/* early.c */
Json *sim_json(Arena *mem, const char *text);
void early_region(City *c, Arena *mem, Json *facts); /* what a form says of the region it lies in */
void early_step(City *c);
void early_event(City *c, const Event *e);
void early_check(City *c);
/* finish.c */
void finish_step(City *c);
void finish_event(City *c, const Event *e);
void finish_check(City *c);
void finish_send(City *c, Sent *s, Json *args, const char *duty_of); /* refused to other units than duty_of; NULL: no unit's */
const Account *owner_at(City *c, int64_t project);
/* survey.c: the one survey, and its agencies */
void survey_step(City *c);
void survey_event(City *c, const Event *e);
void survey_check(City *c);
void finish_let_go(City *c); /* owners withdraw what is open: a visit would take days */

/* map.c: the one blueprint */
void map_step(City *c);
void map_finish(City *c);
void map_event(City *c, const Event *e);
void map_check(City *c);

/* inspect.c: spot checks by lot */
void lot_step(City *c);
void spot_event(City *c, const Event *e);
void spot_check(City *c);
bool spot_waits(const ShSpotDraw *d); /* for a commitment or a secret */

/* reform.c */
/* ledger.c: rows of a ledger, monthly reports, who is missed */
void ledger_step(City *c);
void ledger_event(City *c, const Event *e);
void ledger_due(City *c, const Due *list, size_t n, size_t *wanted, size_t *met);
void reform_step(City *c);
void reform_finish(City *c); /* nobody is in the way of the projects' end */
void reform_event(City *c, const Event *e);
void reform_due(City *c, const Due *list, size_t n, size_t *wanted, size_t *met);
void reform_signed(City *c, const Event *e); /* item.decided, by a person */
/* disclose.c: documents, their reviews and interpretations */
void disclose_step(City *c);
void disclose_event(City *c, const Event *e);
void disclose_check(City *c);
/* appraise.c: the evaluation of a year */
void appraise_step(City *c);
void appraise_event(City *c, const Event *e);
void appraise_check(City *c);
/* super.c */
void super_step(City *c);
void super_event(City *c, const Event *e);
void stats_check(City *c);
void super_check(City *c);
void super_due(City *c, const Due *list, size_t n, size_t *wanted, size_t *met); /* counts its part of the due queue */

/* notice.c */
void notice_step(City *c);
void notice_event(City *c, const Event *e);
void notice_check(City *c);

/* check.c, check_clock.c, check_views.c */
void check_project(City *c, int64_t no);
void check_clocks(City *c, const Project *p, ShProject *s);
void check_ledgers(City *c, int64_t no);
void check_views(City *c);
void check_all(City *c);
void check_end(City *c);

/* year.c */
typedef struct YearPlan { const Policy *package; Str root; size_t projects; int steps; bool trace; } YearPlan;
bool year_run(uint64_t seed, const YearPlan *plan, Hash *head);

#endif
