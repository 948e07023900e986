/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finish: the end of construction 竣工: the one survey 多测合一, joint acceptance 联合验收 with its joint site visit 联合勘验; utilities 报装和接入. Beside the rooms
 * approval and early: none knows the other's headers. Where one must follow the other it subscribes to events by name
 * (Reaction in journal.h), and deciding may read the other's tables:
 *   acceptance.started                  → stage.tie (approval)     its special parts are decided here and not in the case; required
 *   acceptance.reported, the last of a round with something to put right → stage.rest; acceptance.rechecked → stage.move-on: meanwhile no clock of the stage runs; required
 *   acceptance.withdrawn                → stage.untie              and in the case again; required, but when the case ended it
 *   acceptance.concluded                → stage.settle             the one opinion passes all items that it covers; required
 *   utility.answered, utility.connected → item.follow (approval)   the utility's item of the case is passed with it
 *   item.decided of such an item       → utility.follow           and the other way round
 *   stage.certified of stage 4         → utility.open             connections begin
 *   project.withdrawn                  → utility.close, survey.close
 *   survey.delivered                   → project.take-survey (approval)  the result lies in the library of the case; required
 *   project.withdrawn, stage.withdrawn,
 *   stage.refused of stage 4            → acceptance.close
 *
 * While a row of a ledger holds the project (room ledger, S34: 幼儿园整改未到位) no opinion is given; the table `entry` says so.
 *
 * Pure like all engines: fold() and decide() do no I/O and read no clock. Whose a duty is follows from the package: the
 * lead of stage 4 (市住房城乡建设局) organises; who takes part are the units of the project's items of stage 4: those with
 * `visit: special` (规划、土地、消防、人防、城建档案) and the municipal connections 市政公用接入 (D60-2.8.2).
 */
#ifndef FINISH_H
#define FINISH_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "journal/journal.h"
#include "org/kit.h"
#include "org/org.h"
#include "policy/policy.h"

Str finish_label(Str status); /* 待安排, 整改中 …; the text itself when unknown */
typedef struct FinishFile { Str blob, name; int64_t size; } FinishFile;

/* ---- who is away 日程 ------------------------------------------------------------------------------------ */

/* One stream "busy/UNIT" for each unit: days on which the unit, or one of its people, cannot come to a visit.
 *   busy.add   from until reason person?      approver or head of the unit; person: an account of the unit; none: the whole unit
 *   busy.drop  no                             the same */
typedef struct Absence {
  int64_t no;
  Str unit, person, name, reason; /* person empty: the whole unit */
  Day from, until;
  bool dropped;
} Absence;
typedef struct Busy {
  Str unit;
  Absence *list; size_t count, cap;
  int64_t seq;
} Busy;
extern const Engine busy_engine_base; /* env = const Policy *, as for the engine of accounts */
void *busy_fold(Arena *mem, void *state, const Event *e);
/* Of a unit, not dropped, that end on `from` or later; by first day. */
Code absences_list(Cx *cx, Reader *rd, Str unit, Day from, Absence **out, size_t *n);

/* ---- which day 联合勘验的日子 --------------------------------------------------------------------------------- */

/* A day fits when it is a working day, no earlier than `first`, none of the owner's `avoid` days, and each party can come:
 * the unit is not away, not all of its people are, and it has fewer than `a_day` visits on that day. Pure. */
typedef struct Party { Str unit, name; int64_t staff; } Party;       /* staff: its people; 0: nobody has an account, then only the unit counts */
typedef struct OtherVisit { Str unit, number; Day day; } OtherVisit; /* visits of the parties that are fixed already */
typedef struct VisitPlan {
  Day first;
  int a_day;
  const Day *avoid; size_t avoid_count;
  const Party *parties; size_t party_count;
  const Absence *absences; size_t absence_count;
  const OtherVisit *visits; size_t visit_count;
} VisitPlan;
typedef struct VisitDay {
  Day day;
  bool fits;
  Str *why; size_t why_count; /* sentences, one for each party that cannot come */
} VisitDay;
enum { VISIT_HORIZON = 60 };  /* working days that are looked at */
/* One working day. */
VisitDay visit_day(Arena *mem, const Calendar *c, const VisitPlan *plan, Day day);
/* Working days from the first on, up to the earliest that fits and `more` that fit behind it; none fits within the horizon: all of it. */
size_t visit_days(Arena *mem, const Calendar *c, const VisitPlan *plan, size_t more, VisitDay **out);

/* ---- joint acceptance 联合验收 (D60-2.4.3-(2), (4), 2.4.4-(4), 2.8.2) ------------------------------------------ */

/*   STARTED   待安排  --acceptance.scheduled--> SCHEDULED  the lead fixes one day for all who take part in this round
 *   SCHEDULED 待勘验  --acceptance.scheduled--> SCHEDULED  another day, with a reason, while nobody has signed
 *   SCHEDULED         --acceptance.noted-->     SCHEDULED  on the spot: a problem, or a record; with photographs
 *   SCHEDULED         --acceptance.reported-->  SCHEDULED  a part signs: pass, or rectify
 *                     … the last of the round   RECTIFY    some part has open problems: together they are the one
 *                                                          rectification list 整改清单
 *                                               READY      all parts have passed
 *   RECTIFY   整改中  --acceptance.rectified--> RECTIFY    the owner answers one problem
 *   RECTIFY           --acceptance.rechecked--> STARTED    all are answered; the next round, for the open parts only:
 *                                                          who has passed keeps the result, new problems are refused
 *   READY     待出意见 --acceptance.concluded-->CONCLUDED  one opinion with a number, by the head of the lead
 *   any but CONCLUDED --acceptance.withdrawn--> WITHDRAWN  by the owner, or with the stage (acceptance.close)
 *   While it is open, the items of its special parts are not decided by themselves in the case (approval/ties.c).
 *   deadline: the end of stage 4's limit, as it was when it started. What turns red then is the stage's own clock; the order
 *   to the lead 督办单 comes from the room supervision. */
typedef struct VisitPoint {   /* a line of the list */
  int no;                /* 1, 2 … */
  Str part, kind;        /* issue 问题, record 记录 */
  Str text, place, by;
  int64_t at;
  FinishFile *files; size_t file_count;
  Str answer, answer_by; int64_t answered_at;
  FinishFile *answer_files; size_t answer_file_count;
  int closed;            /* the round in which it was found in order; 0: open */
} VisitPoint;
typedef struct AcceptPart {    /* 专项, or a utility */
  Str code, name, unit;  /* code of its item of stage 4 */
  bool utility;
  bool due;              /* in this round */
  Str result;            /* pass, rectify; empty: not signed in this round */
  int passed;            /* the round in which it passed; 0: not yet */
  Str opinion, by; int64_t at;
} AcceptPart;
enum { ACCEPT_PARTS_MAX = 24, ACCEPT_POINTS_MAX = 200, POINT_FILES_MAX = 6, AVOID_MAX = 10 };
typedef struct Acceptance {
  int64_t no;
  Str number;            /* LHYS-2026-0001 */
  int64_t project;
  Str project_number, project_name, owner, uscc, county, applicant, starter;
  Str status, note;
  int round;
  Day from;              /* the owner is ready from this day */
  Day avoid[AVOID_MAX]; size_t avoid_count;
  Day day;               /* of the visit; 0: none */
  Str despite;           /* why that day though not all can come; empty: all can */
  Str move_reason, scheduled_by;
  AcceptPart *parts; size_t part_count;
  VisitPoint *points; size_t point_count, point_cap;
  Day accepted, deadline; int limit; /* of stage 4 */
  Str opinion_item;      /* the item of the case that is the opinion itself; empty: none */
  Str opinion_no, opinion, opinion_by; int64_t concluded_at;
  Str end_reason;
  int64_t started_at, ended_at, last_at; /* last_at: the last event */
  int64_t seq;
} Acceptance;
/*  owner (or an agent in the owner's name):
 *   acceptance.start     project from avoid["2026-12-01"] note
 *   acceptance.rectify   point text files[{blob,name,size}]
 *   acceptance.recheck
 *   acceptance.withdraw  reason
 *  lead of stage 4:
 *   acceptance.schedule  day despite? reason?     despite: somebody cannot come; reason: another day than was fixed
 *   acceptance.conclude  opinion signature        its head
 *  the unit of a part, on the day of the visit or later:
 *   acceptance.note      part kind text place? files
 *   acceptance.report    part result opinion signature open[no…]   open: what remains of the list, from the second round on; who signs is authorised for the part, or head of the unit (org/staff.h)
 *  system: acceptance.close reason */
extern const Engine acceptance_engine_base;
void *acceptance_fold(Arena *mem, void *state, const Event *e);
const AcceptPart *acceptance_part(const Acceptance *a, Str code); /* NULL when it takes no part */
bool point_open(const VisitPoint *p);                            /* an issue that is not closed */
size_t acceptance_open(const Acceptance *a, Str part);      /* how many are open; part empty: of all */
bool acceptance_over(const Acceptance *a);                  /* concluded or withdrawn */

typedef struct AcceptanceRow {
  int64_t no, project, at, waiting, open; /* waiting: parts that have not signed in this round; open: problems */
  Str number, project_number, project_name, owner, county, status;
  int round;
  Day day, deadline;
  bool mine;             /* mine: a part of the filter's unit is due in this round and not signed */
} AcceptanceRow;
typedef struct AcceptanceFilter { Str unit, uscc, applicant, status; int64_t project; bool open; size_t offset, limit; } AcceptanceFilter;
/* Open ones first, by deadline; then those that are over, newest first. unit: where it takes part, or all when it is the lead's. */
Code acceptances_list(Cx *cx, Reader *rd, const AcceptanceFilter *f, AcceptanceRow **out, size_t *n, int64_t *total);
Code acceptance_load(Cx *cx, Reader *rd, int64_t no, const Acceptance **out);
Code acceptance_of_project(Cx *cx, Reader *rd, int64_t project, int64_t *no); /* the newest; 0: none */
/* What a proposal of days needs, as of now, for the parts that are due. */
Code acceptance_plan(Cx *cx, Reader *rd, const Policy *p, const Acceptance *a, int64_t now, VisitPlan *out);

/* ---- utilities 市政公用服务报装和接入 (D60-2.4.5-(2), 5.18.1) ------------------------------------------------------ */

/* One form asks up to six: water, power, gas, heat, drainage, telecom, as many as the package has items supply-KIND and
 * connect-KIND of kind 市政公用接入. Each part:
 *   APPLIED 待答复 --utility.answered--> ANSWERED 已有方案 --utility.opened--> CONNECTING 待接入 --utility.connected--> CONNECTED 已接入
 * All parts are opened together, by the certificate of stage 4 竣工验收备案书 (reaction to stage.certified). Two clocks, pinned from
 * the items: from the application to the answer, from the opening to the connection. What a utility does here passes its item
 * in the case (approval/ties.c, item.follow), and what it passes there is recorded here (utility.follow): either door will do. */
enum { UTILITY_KINDS = 12 };
typedef struct UtilityPart {
  Str kind, name, unit;
  int days, connect_days;
  Str plan, answered_by, connection, connected_by;
  int64_t answered_at, opened_at, connected_at;
} UtilityPart;
typedef struct Utility {
  int64_t no;
  Str number;            /* BZ-2026-0001 */
  int64_t project;
  Str project_number, project_name, owner, uscc, applicant, needs;
  Day ready;             /* when works are to begin; 0: not said */
  bool late;             /* applied for after the start of works 开工 */
  bool closed;           /* with its project */
  UtilityPart *parts; size_t part_count;
  int64_t applied_at, opened_at;
  int64_t seq;
} Utility;
/*   utility.apply   project kinds["water",…] needs ready?      owner (or an agent in the owner's name)
 *   utility.answer  kind plan · utility.connect kind text      the utility
 *  system: utility.open · utility.follow kind phase text by · utility.close reason */
extern const Engine utility_engine_base;
void *utility_fold(Arena *mem, void *state, const Event *e);
const UtilityPart *utility_part(const Utility *u, Str kind);
size_t utility_kinds(Cx *cx, const Policy *p, Str out[UTILITY_KINDS]); /* of the package, in its order */
Reading utility_reading(const Policy *p, const Utility *u, const UtilityPart *part, int64_t now); /* the clock that runs, or ran last */
typedef struct UtilityRow {
  int64_t no, project;
  Str number, project_name, owner, kind, name, unit, status; /* status: applied, answered, connecting, connected, closed */
  bool late;
  int limit;
  Reading reading;
} UtilityRow;
typedef struct UtilityFilter { Str unit; int64_t project; bool open; size_t offset, limit; } UtilityFilter; /* open: those that wait for a utility */
/* One row a part; those that wait first. */
Code utilities_list(Cx *cx, Reader *rd, const Policy *p, const UtilityFilter *f, int64_t now, UtilityRow **out, size_t *n, int64_t *total);
Code utility_load(Cx *cx, Reader *rd, int64_t no, const Utility **out);

/* What waits for a utility (kind utility, item: its kind), and with `board` the joint acceptances (acceptance): their clock is that of the
 * fourth stage, so nobody is asked twice. For the board of lamps. */
Code finish_clocks(Cx *cx, Db *views, const Policy *p, Day today, bool board, RunningSeen *seen, void *arg);

/* ---- the one survey 多测合一 (D60-2.4.3-(3)) -------------------------------------------------------------------------- */

/* Agencies enter the hall 入驻 with their qualification, which the lead (the lead of stage 2, 市自然资源局) checks:
 *   APPLIED --surveyor.checked--> ENTERED | REFUSED; ENTERED --surveyor.removed--> REMOVED
 * Only one that is entered, and whose qualification has not run out, can be chosen, and delivers. With a new qualification that lasts longer
 * an agency applies again 续期; once that is entered, it stands for the older one.
 *   surveyor.apply   grade(a|b) document until files      an account of the agency
 *   surveyor.check   result(enter|refuse) note · surveyor.remove reason (its head)        the lead */
typedef struct Surveyor {
  int64_t no;
  Str number, name, uscc, grade, document, status, note, checked_by;
  Day until;
  FinishFile *files; size_t file_count;
  int64_t applied_at, checked_at, seq;
} Surveyor;
extern const Engine surveyor_engine_base;
void *surveyor_fold(Arena *mem, void *state, const Event *e);
enum { SURVEYORS_MAX = 500, SURVEY_PARTS_MAX = 20 };
typedef struct SurveyorRow { int64_t no; Str number, name, uscc, grade, document, status; Day until; } SurveyorRow;
Code surveyors_list(Cx *cx, Reader *rd, Str status, SurveyorRow **out, size_t *n); /* status empty: all; entered: of each agency its latest */
Code surveyor_known(Cx *cx, Reader *rd, Str uscc, bool *known); /* has this enterprise applied for the hall, or entered it? */
Code surveyor_load(Cx *cx, Reader *rd, int64_t no, const Surveyor **out);

/* One commission covers all that the departments of the acceptance and the registry of property need measured (policy/surveys.h); its one
 * result lies in the library of the case, and all of them open that file.
 *   COMMISSIONED --survey.delivered--> DELIVERED;  COMMISSIONED --survey.cancelled--> CANCELLED (owner, or with the project)
 * A second one that is paid for and measures the same is refused with a warning, until it comes with a reason; that one is `repeat`, and
 * the supervisor's list has it. The version of the area rule is that of the day of the commission, and is printed on the result.
 *   survey.commission  project surveyor parts?[code…] fee reason?     owner (or an agent in the owner's name)
 *   survey.deliver     total above below counted note checked files signature   an account of the agency; ㎡, at most three decimals
 *   survey.cancel      reason                                          owner
 *  system: survey.close reason */
typedef struct SurveyTask { Str code, name, unit, item; } SurveyTask;
typedef struct Survey {
  int64_t no;
  Str number;            /* CH-2026-0001 */
  int64_t project, surveyor, fee; /* fee in 元; 0: free 补测 */
  Str project_number, project_name, owner, uscc, applicant, surveyor_name, surveyor_uscc, area_rule;
  bool area_sample;      /* the version is 示例 */
  Str repeat, reason;    /* what was measured before, and why again; empty: the first */
  SurveyTask *tasks; size_t task_count;
  Str status, end_reason;
  FinishFile file;
  Str total, above, below, counted, note, signature; /* ㎡ */
  bool checked;          /* the agency said that it knows of the difference, before it signed */
  int64_t commissioned_at, delivered_at, seq;
} Survey;
extern const Engine survey_engine_base;
void *survey_fold(Arena *mem, void *state, const Event *e);
/* How far the measured total lies from what was declared 登记的建筑面积, when that is more than Policy.area_off percent: a sentence with both numbers;
 * empty when it is not, or when nothing was declared. It is taken all the same, once the agency has `checked` it; who decides reads it. */
Str survey_off(Arena *mem, const Policy *p, Str declared, Str measured);
/* How far, whatever it is: 多 360.5 ㎡，约 3%, or 相同; empty when one of them is no area. */
Str survey_apart(Arena *mem, Str declared, Str measured);
/* All that is wrong with a result at once, [{"field","text"}]: areas that are none or do not agree, no file, another name than the signer's. */
Json *survey_faults(Arena *m, const Policy *p, const Json *args, Str signer);
Code survey_refuse(Cx *cx, const Json *faults); /* INVALID at the first, a sentence of each; OK when there is none */
const SurveyTask *survey_task(const Survey *s, Str code); /* NULL: not measured */
typedef struct SurveyRow { int64_t no, project, fee, at; Str number, project_number, project_name, owner, surveyor, status, repeat, reason; } SurveyRow;
typedef struct SurveyFilter { int64_t project; Str surveyor_uscc, unit; bool repeated, open_first; size_t offset, limit; } SurveyFilter;
Code surveys_list(Cx *cx, Reader *rd, const SurveyFilter *f, SurveyRow **out, size_t *n, int64_t *total); /* newest first; open_first: those without a result before them */
Code survey_load(Cx *cx, Reader *rd, int64_t no, const Survey **out);

/* All engines of the room, for those who put a program together. */
enum { FINISH_ENGINES = 5 };
extern const Engine *const finish_engines[FINISH_ENGINES];

#endif
