/* SPDX-License-Identifier: Apache-2.0 */
/*
 * approval: the engine of the construction-project approval 工程建设项目审批. One stream "project/N" per project; N is
 * 1, 2, 3 … and its public number 办件编号 is HLD-000123-C (C: check letter, ISO 7064 MOD 37,36).
 *
 * Pure: fold() and decide() do no I/O and read no clock. Limits, items and the policy version are pinned
 * when a stage is accepted; a running case never changes with the package.
 *
 * States and transitions. Anything not listed is refused.
 *
 *   project   RUNNING → COMPLETED (stage 4 delivered) | TERMINATED (withdrawn as a whole)
 *             A COMPLETED project takes only what its open parallel items still need (接入 after acceptance)
 *
 *   stage     NA          the category's limit is 0 (改造类, stage 2): does not exist
 *             OPEN        the form may be filled: the stage before is DELIVERED (or NA), or this attempt
 *                         follows a REFUSED or WITHDRAWN one. Stage 1 is OPEN from registration
 *      OPEN       --stage.submitted-->            SUBMITTED     receipt number, day of receipt
 *      SUBMITTED  --stage.reported-->             SUBMITTED     a department of the stage says what is missing, or that
 *                                                               nothing is (notice.h)
 *      SUBMITTED  --stage.correction-requested--> CORRECTION    the one-time notice 一次性告知, once per attempt: merged
 *                                                               over all departments, when each has answered or its
 *                                                               time is over
 *      CORRECTION --stage.corrected-->            SUBMITTED     a new day of receipt; no second notice
 *      SUBMITTED  --stage.accepted-->             ACCEPTED      by the clerk, or deemed 视为受理 by the timer,
 *                                                               dated back to the day of receipt. When the five
 *                                                               days are over a clerk's acceptance is dated back
 *                                                               too; notice and 不予受理 are refused
 *      SUBMITTED|CORRECTION --stage.not-accepted--> WITHDRAWN   不予受理 with reason, article, where to go
 *      ACCEPTED   --stage.slip-drafted-->         SLIP          业务派转单 by the clerk
 *      SLIP       --stage.slip-returned-->        ACCEPTED      by the window head, with a reason
 *      SLIP       --stage.dispatched-->           RUNNING       by the window head: all items start at once
 *      RUNNING    --last item ended-->            DECIDED       (follows from the items, no event of its own)
 *      DECIDED    --stage.certified-->            CERTIFIED     no item refused or withdrawn; numbers and seal (certs.h)
 *      CERTIFIED  --stage.delivered-->            DELIVERED     送达; stage 4: project.completed follows
 *      DECIDED    --stage.refused-->              REFUSED       an item was refused; reasons, article, remedy
 *      any open   --stage.withdrawn-->            WITHDRAWN     by the applicant; its open items end
 *      After REFUSED or WITHDRAWN the stage may be submitted again (attempt + 1): items that passed in an
 *      earlier attempt are kept and not asked again.
 *      When every item of a running stage was withdrawn (parallel ones apart), it becomes WITHDRAWN.
 *
 *   item      WAITING (dispatched, not taken 待接单) → TAKEN → PAUSED ⇄ TAKEN → PASSED | REFUSED
 *             TAKEN    --item.returned-->     RETURNED  退回补正: what the department still asks for, and why it was not in
 *                                                       the one-time notice; the clock is the applicant's
 *             RETURNED --item.supplemented--> TAKEN     by the applicant, to the same person
 *             RETURNED --item.resumed-->      TAKEN     by the department: taken back, or nothing came
 *             WAITING|TAKEN --item.rested--> PAUSED --item.moved-on--> WAITING|TAKEN  all of the stage, while the owner puts right what a
 *                                                       joint acceptance found 整改 (ties.c): nobody of the departments can do anything
 *             PAUSED   --item.pause-extended--> PAUSED  a later planned end 延长暂停, told to the applicant like the pause
 *             WAITING|TAKEN|PAUSED|RETURNED --item.withdrawn--> WITHDRAWN; the other branches live on
 *             REFUSED and parallel --item.reapplied--> WAITING, with a new clock: its refusal does not end
 *             the stage, so it needs a way back of its own
 *             PASSED, and revoked (or the certificate over it) --item.reapplied--> WAITING, with a new clock, also after the
 *             project's end; when it has passed the certificate is issued anew (certs.h)
 *             WITHDRAWN            --item.reapplied--> WAITING, while the stage is RUNNING or DECIDED (then it
 *             is RUNNING again), a parallel one also later
 *             WAITING|TAKEN|PAUSED|RETURNED --item.settled--> PASSED  by the record beside the case that it is tied to (ties.c)
 *             The item clock starts with the stage's acceptance.
 *             HELD     --stage.certified-->   WAITING   of `opens: certificate`: it begins, and so does its clock, with the certificate
 *                                                       of its own stage (接入 after 竣工验收备案书); until then nobody acts on it
 *
 * Parallel items 并行推进 run beside the stage: they do not hold its DECIDED state, but the certificate of
 * `before_stage` waits for them (a withdrawn 市政公用接入 is not wanted and holds nothing up).
 *
 * Late entry: staff may enter what happened earlier (happened < recorded), in the order of things; applicants
 * may not, or they could make the law accept their application at once.
 */
#ifndef APPROVAL_H
#define APPROVAL_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "journal/journal.h"
#include "org/org.h"
#include "policy/policy.h"

typedef enum ProjectStatus { PROJECT_UNSET, PROJECT_RUNNING, PROJECT_COMPLETED, PROJECT_TERMINATED } ProjectStatus;

#define STAGE_STATUS_LIST(X)                                   \
  X(STAGE_NA, "na", "不适用")                                  \
  X(STAGE_CLOSED, "closed", "未开始")                          \
  X(STAGE_OPEN, "open", "可申报")                              \
  X(STAGE_SUBMITTED, "submitted", "待受理")                    \
  X(STAGE_CORRECTION, "correction", "待补正")                  \
  X(STAGE_ACCEPTED, "accepted", "已受理")                      \
  X(STAGE_SLIP, "slip", "派转单待阅批")                        \
  X(STAGE_RUNNING, "running", "审批中")                        \
  X(STAGE_DECIDED, "decided", "待出件")                        \
  X(STAGE_CERTIFIED, "certified", "待送达")                    \
  X(STAGE_DELIVERED, "delivered", "已办结")                    \
  X(STAGE_REFUSED, "refused", "不予许可")                      \
  X(STAGE_WITHDRAWN, "withdrawn", "已撤回")
typedef enum StageStatus {
  STAGE_STATUS_UNSET,
#define X(name, text, label) name,
  STAGE_STATUS_LIST(X)
#undef X
      STAGE_STATUS__MAX
} StageStatus;

#define ITEM_STATUS_LIST(X)                \
  X(ITEM_WAITING, "waiting", "待接单")     \
  X(ITEM_TAKEN, "taken", "办理中")         \
  X(ITEM_PAUSED, "paused", "已暂停")       \
  X(ITEM_RETURNED, "returned", "退回补正") \
  X(ITEM_PASSED, "passed", "通过")         \
  X(ITEM_REFUSED, "refused", "不通过")     \
  X(ITEM_WITHDRAWN, "withdrawn", "已撤回") \
  X(ITEM_HELD, "held", "出件后开始")
typedef enum ItemStatus {
  ITEM_STATUS_UNSET,
#define X(name, text, label) name,
  ITEM_STATUS_LIST(X)
#undef X
      ITEM_STATUS__MAX
} ItemStatus;

Str stage_status_text(StageStatus s);
Str stage_status_label(StageStatus s);
Str stage_status_plain(StageStatus s); /* the same to applicants and the public: no words of the office */
Str item_status_text(ItemStatus s);
Str item_status_label(ItemStatus s);
Str item_status_plain(ItemStatus s);

typedef struct FileRef {  /* one handed-in material */
  Str material;           /* code */
  Str blob, name;         /* empty blob: reused, or made from the form */
  int64_t size;
  int reused_from;        /* stage whose copy, certificate or result is used; 0 = handed in here */
  int64_t from_project;   /* number of the enterprise's other project whose file is used; 0 = none */
  Str source;             /* whose result it is, from beside the case: 区域评估 QYPG-2026-0001; empty: none */
  int64_t at;
} FileRef;

typedef struct PauseState { /* one pause 暂停 of an item */
  int64_t from, to;       /* ms; to = 0 while open */
  Str cause, notice;      /* cause code; text of the written notice */
  Str by;                 /* name */
  Str ended_by, ended_how; /* name; "resumed", "decided" or "withdrawn": the event that closed it */
  Day planned;            /* planned end; 0: none, of `rest` */
  bool rest;              /* while the owner rectifies after a joint visit; begun and ended by the system */
} PauseState;

typedef struct ItemState {
  Str code, name, unit;
  bool parallel, outside;
  int before_stage;
  int days;               /* pinned limit, extensions included in `limit` */
  int limit;
  ItemStatus status;
  int64_t seq;            /* last event that touched it: forms send it back as `seen` */
  Str last_by; int64_t last_at; /* who and when, for the 409 page */
  Str taken_by, taken_name; int64_t taken_at;
  PauseState *pauses; size_t pause_count, pause_cap;
  bool extension_asked; int extension_days; Str extension_reason; Str extension_by; /* waiting for the head */
  bool extended;
  Json *demands;          /* of the last return: {"missing":[{"of","what","why","kind"}],"reason","by","at"}; of a
                             supplement besides "note", "supplied_at"; NULL when it was never returned */
  int returns;            /* how often it was returned */
  int urged; int64_t urged_at; Str urged_by; /* 催办: how often, when and by whom last */
  Str opinion, signature, article; int64_t decided_at; Str decided_by;
  Str withdraw_reason;
  Day start;              /* of its clock: the acceptance of its attempt, the certificate it waited for, or the day it was applied for
                             again; 0 while HELD */
  Day dispatched;         /* when the department got it, if its clock ran before; 0: it began with the department (again, HELD) */
  bool opens;             /* begins with the certificate of its stage */
  bool again;             /* applied for again by itself */
  bool revoked;           /* its decision was revoked 撤销; until it is applied for again */
  const struct ItemState *before; /* as it stood before it was applied for again after a revocation; NULL: never */
  const struct ItemState *earlier; /* the run 轮次 that ended before it was applied for again, whatever ended it; NULL: none. Its days stay
                             the stage's, see stage__parts */
  int kept_from;          /* attempt in which it passed, when kept; 0 otherwise */
  int calendar;           /* once it has ended: the version of the calendar it ended under */
} ItemState;

typedef struct StageState {
  StageStatus status;
  int attempt;            /* 1, 2, … */
  Json *draft; int64_t draft_at; /* what was saved but not submitted: {"form":{…},"lacking":[…],"answers":[…],"confirm":{…}} */
  FileRef *draft_files; size_t draft_file_count, draft_file_cap;
  Json *form;             /* as submitted */
  FileRef *files; size_t file_count, file_cap;
  struct Lack *lacks; size_t lack_count; /* 容缺: what was promised with this submission */
  Json *cites;            /* replies that the form cites, see beside.h; NULL: none */
  Json *region;           /* the region 区域 that the form names, and what is shared there, see beside.h; NULL: none */
  Json *ties;             /* items handled in a record beside the case, see beside.h; NULL: none */
  Str receipt;            /* SL-000123-1-1: project, stage, attempt */
  int64_t submitted_at;
  bool noticed;           /* the one-time notice was given in this attempt */
  Json *notice;           /* {"missing":[{"of"?,"what","why","basis","units":[…]?,"answered"?,"answer"?}],"dropped","decided","by","at"} */
  Json *reports;          /* of this attempt, one a unit: [{"unit","missing":[{"of"?,"what","why","basis"}],"by","at"}] */
  Json *dropped;          /* what departments asked for and the window did not take up: [{"of"?,"what","reason"}] */
  bool deemed;
  int64_t accepted_at; Day accepted_on;
  Str accepted_by, policy_version;
  Str form_version;       /* of the package that the form was checked by */
  int limit;              /* pinned */
  Json *plan;             /* the items pinned at acceptance: [{"code","name","unit","days",…}] */
  Json *slip;             /* {"no","items":[…],"opinion","by","who" (account),"at","head","head_opinion","head_at"} */
  Str return_reason;      /* of a slip returned by the head */
  ItemState *items; size_t item_count, item_cap;
  int64_t dispatched_at, decided_at;
  Str certificate; int64_t certified_at; Str certified_by;
  int64_t revoked_at;     /* its certificate was revoked and not issued anew since; 0: no */
  int64_t posted_at; Str posted_letter; /* sent by post, not signed for yet; the number of the letter */
  int64_t delivered_at; Str delivered_how, delivered_to, delivered_letter; /* letter: the number of what was posted; may be empty */
  bool delivered_day;     /* entered for an earlier day: of delivered_at the day is meant, no time of day is known */
  Json *refusal;          /* {"reasons":[…],"article","remedy","by","at"} */
  Str end_reason; int64_t ended_at; /* withdrawn or not accepted */
  bool not_accepted;      /* the window did it 不予受理, not the applicant; while status is WITHDRAWN */
  Json *declined;         /* then: {"reason","article","where","remedies"?,…}; where: what the applicant should do */
  Json *former;           /* the last application of this stage that was refused or not accepted, kept when it is made again: {"receipt","at","seq" (of the event),
                             "declined": 不予受理,"why": refusal or declined,"form","plan" (null before acceptance)}; NULL: none was */
  Json *corrected_form;   /* the form as it was before the correction of this attempt; NULL: it was not corrected */
  int calendar;           /* once its clock has ended: the version of the calendar it ended under */
  int64_t seq;            /* last event that touched the stage (not its items) */
  Str last_by; int64_t last_at;
} StageState;

Str stage_status_shown(const StageState *s, bool inside); /* of the two labels of its status; 不予受理 where the window ended it; outside, why a decided one gets no certificate yet */

typedef struct Moment {   /* one event as the timeline 时间线 shows it; pages need not read the journal again */
  int64_t happened, recorded;
  Str who, unit, item;    /* name of the actor, unit code, item code */
  Str more;               /* what is added for those who may know: a reason, a notice, a number */
  Day day;                /* of a deemed acceptance; 0 otherwise */
  uint8_t kind, stage;    /* a row of sentence.c, 0 = none */
  bool pass, behalf;
} Moment;

typedef struct Project {
  int64_t no;             /* N */
  Str number;             /* HLD-000123-C */
  Str code;               /* unified project code 项目代码 */
  Str name, category, county; /* county: unit code */
  Str owner, uscc;        /* 建设单位 */
  Str applicant;          /* account */
  Json *facts;            /* declared facts; stage forms add to them */
  Json *contact;          /* {"name", "phone":"vault ref", "at": when it was corrected last} */
  Json *locked;           /* conditions from the reserve library, see beside.h; NULL: none */
  Str policy_version;     /* at registration */
  int limits[STAGE_MAX + 1];
  ProjectStatus status;
  StageState stages[STAGE_MAX + 1]; /* 1..4 */
  int64_t registered_at, ended_at;
  Str end_reason;
  int64_t seq;
  struct LibFile *library; size_t library_count, library_cap; /* oldest first */
  struct Exemption *exemptions; size_t exemption_count; /* 体外循环, by no */
  struct Cert *certs; size_t cert_count, cert_cap; /* 证照, in the order of issue */
  struct Document *documents; size_t document_count, document_cap; /* 文书, oldest first */
  bool promise_broken;    /* a promise 容缺 was not kept in time */
  struct Joined *joined;  /* the joint review of its drawings, promises, stops, revocations, see joined.h; NULL: none of them */
  Moment *moments; size_t moment_count, moment_cap; /* oldest first */
} Project;

/* Commands. Arguments are declared in commands.c; `stage` is 1..4, `item` an item code.
 *  applicant (or an agent on behalf):
 *   project.register   code name category county owner uscc facts{…} contact_name contact_phone(ref) reserve?
 *   stage.save-draft   stage form{…} files[{material,blob,name,size}] cites["ZX-…"]
 *   stage.ask-confirm  stage                              an agent: the saved draft goes to the enterprise for whom he acts
 *   stage.return-draft stage reason                       the enterprise does not agree; to submit is to confirm
 *   stage.submit       stage form{…} files[…] cites[…]   also the correction, when the stage is CORRECTION: then every point of the notice needs a new file, a changed field
 *                                                               or its answers[{of or what, note}] (project_answers, notice.h)
 *   stage.supply       stage files[…]                     what was promised 容缺
 *   stage.withdraw     stage reason
 *   item.withdraw      stage item reason
 *   item.reapply       stage item reason                  a refused parallel item, a withdrawn one, one that was revoked
 *   item.supplement    stage item files[…] note?          what a returned item waits for
 *   project.withdraw   reason
 *   project.correct    name? facts{…}? contact_name? contact_phone(ref)?   what was registered 改正登记; name and facts while project_correctable
 *  clerk:
 *   stage.request-correction  stage missing[{of?,what,why,basis?}] dropped[{of?,what,reason}] decided?
 *                                                         relation? contrary?
 *                                                         refused a second time in one attempt
 *   stage.accept       stage dropped[…]                   dropped: what departments reported and nobody asks for
 *   stage.not-accept   stage reason article where
 *   stage.draft-slip   stage items["code",…] opinion     must be all that the policy says, no more, no less
 *   stage.certify      stage
 *   stage.refuse       stage                              collects the refused items' reasons
 *   stage.deliver      stage how(窗口领取|邮递|电子送达) to letter? on?   letter: number of what was posted; on: only the day is known, that of `happened`
 *   stage.post         stage letter                       a certificate was posted and is not signed for; its limit runs on
 *   document.serve     seq how to note? on?        a notice or decision 文书 was delivered; also after the project has ended
 *  window head:
 *   certificate.suspend certificate(number) reason article until?   certificate.restore certificate reason
 *   certificate.revoke  certificate way(撤销|撤回|注销|吊销) reason article
 *   certificate.change  certificate change reason article           answers with the new number; all also after the end
 *   certificate.reissue certificate reason                          the same, in place of a revoked one
 *   project.exempt     matter approved_by document from(day) until(day) major reason
 *   project.end-exemption no reason
 *   stage.return-slip  stage reason
 *   stage.dispatch     stage opinion                      by somebody else than who drafted the slip (D60-4.15-p2)
 *  approver or head of a unit that has an item in the stage:
 *   stage.report       stage missing[…]                   before the notice; empty: nothing is missing
 *  approver of the item's unit:
 *   item.take          stage item
 *   item.pause         stage item cause notice planned(day) seen
 *   item.resume        stage item seen                    also takes a return back
 *   item.extend-pause  stage item notice planned(day) seen   the reason goes on; counted from the beginning of the pause it may not last longer than its cause allows
 *   item.return        stage item missing[{of?,what,why,basis?}] why_late until? seen
 *   item.ask-extension stage item days reason seen
 *   item.decide        stage item result(pass|refuse) opinion signature article? seen relation? contrary? (cited replies); only
 *                      by whoever is authorised 授权 for the item on that day (org/staff.h)
 *  staff of the unit that leads the stage 阶段牵头:
 *   item.urge          stage item                         with a yellow or red lamp, once a day; nothing of the item changes
 *  head of the unit:
 *   item.extend        stage item
 *   item.refuse-extension stage item reason
 *  system (reactions, beside.h): stage.tie stage by items[code…] · stage.untie stage by reason · stage.settle stage by number parts[{code,opinion,signature}]
 *   stage.rest stage by · stage.move-on stage by             the owner rectifies; asks for the next visit
 *   item.follow stage item number opinion signature         a parallel item, with a utility's own record
 *  system: stage.deem-accepted stage (timer) · project.change-condition name value was doc reason (reaction)
 *          project.note-blueprint · project.note-review · project.note-promise · item.revoke · project.halt · project.resume (reactions, see joined.h)
 */
extern const CommandDecl approval_commands[];
extern const size_t approval_command_count;

/* Policies by version: a case keeps the version it was accepted under. */
typedef struct Policies {
  const Policy *current;  /* the package of --policy: in force while nothing was published */
  const Policy *const *all; size_t count; /* newest first, current included */
  Packages *packages;     /* and those staged in the store; may be NULL */
} Policies;
const Policy *policies_find(const Policies *ps, Str version); /* current when unknown; a store has all that it needs */
/* The same under a version of the calendar. The calendar belongs to the city and not to a package: all
 * packages have the one of the current package and what was confirmed since. */
const Policy *policies_at(Arena *mem, const Policies *ps, Str version, int calendar);

/* May stage n be issued now? The rule of stage.certify, for pages: they offer it only then. The fault says what stands in the way and whose turn it is. */
Code stage_may_certify(Cx *cx, const Policies *ps, const Project *pr, int n, int64_t now);
bool stage_reapplies(const StageState *s); /* all is decided, none refused, one withdrawn: it waits for the applicant, no certificate before */
bool stage_refused(const StageState *s); /* an item of it did not pass: what is left is stage.refuse */

extern const Engine approval_engine_base; /* copy, set env = const Policies *, pass to the runner */

/* Pure parts, for tests, pages and "what if". */
void *project_fold(Arena *mem, void *state, const Event *e);
/* The clock of an item or stage as of `now`, from the state alone. */
Reading project_item_reading(const Policy *p, const ItemState *i, int64_t now);
Reading project_stage_reading(Arena *mem, const Policy *p, const Project *pr, int stage, int64_t now);
/* The upper platform's figure of the same clock: working days, −1 when it has none. */
int project_item_provincial(const Policy *p, const ItemState *i, int64_t now);
int project_stage_provincial(Arena *mem, const Policy *p, const Project *pr, int stage, int64_t now);
/* A clock told day by day 逐日台账, as a view tree for pages, printing and JSON. `item` empty: the clock of
 * the stage. NOT_FOUND when the stage does not exist or is not accepted, or has no such item. Names of
 * persons stand only under "event_by" and "start_by": a public page leaves these out.
 *  {"number","project","category","stage","stage_name","item","item_name","unit","unit_name","status",
 *   "status_label","as_of","start","start_how","start_at","start_by","ended"(date or null),
 *   "limit","limit_base","limit_added","limit_source":{"clause","number","doc","text","sample"},
 *   "policy_version","calendar":{"last_year","version","package","hash"},
 *   "reading":{"used","left","gross","held":{"unit","applicant","third","nobody"},"paused","overdue",
 *     "overdue_days","provisional","lamp","lamp_label","due","due_cn","if_resumed"},
 *   "provincial"(days or null),"differs":[{"code","text","days"}],"cut",
 *   "rows":[{"date","weekday","work","reason","notice","provisional","holder","holder_label","event",
 *     "event_at","event_by","count","due","ahead","provincial","differs"}]}
 * A row's "event" gave the clock to its holder; its "differs" is a code of the list, or empty. */
Code project_explain(Cx *cx, const Policy *p, const Project *pr, int stage, Str item, int64_t now, Json **out);
/* A row as one line of text, and as one of CSV under explain_csv_head; without a line end. */
Str explain_row_text(Arena *mem, const Json *row);
Str explain_row_csv(Arena *mem, const Json *row);
extern const char explain_csv_head[];
/* Which calendar these clocks follow: the one they ended under, or p's. */
const Calendar *project_item_calendar(const Policy *p, const ItemState *i);
const Calendar *project_stage_calendar(const Policy *p, const Project *pr, int stage);
/* Which stage is the current one: the first not DELIVERED or NA; 5 when all are done. */
int project_current_stage(const Project *pr);
/* Whether name and facts may still be corrected: nobody works by them, no certificate rests on them. `why` (may be NULL): the reason why not. */
bool project_correctable(const Project *pr, const char **why);
const ItemState *stage_item(const StageState *s, Str code); /* NULL when absent */
/* May the applicant apply for this item again by itself? */
bool item_open(const ItemState *i); /* still to be decided: waiting, taken, paused or returned */
bool item_reapplies(const StageState *s, const ItemState *i);
/* What is already known for stage n: {"fields":{NAME: value of an earlier form or fact},
 * "materials":{CODE:{"from": stage,"label","blob","name","size"}}}: the earlier file or certificate that
 * serves, 已提交. */
Json *project_known(Arena *mem, const Policy *p, const Project *pr, int stage);
/* Checks a stage form against the package: *clean gets canonical values, *faults an array of
 * {"field","text"}. Materials that are required and neither handed in nor reusable are faults of field
 * "m_CODE". Personal fields must already be vault references. No fault: *faults is empty. */
Code project_check_form(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *form,
                        const Json *files, Json **clean, Json **faults);
Str stage_draft_state(const StageState *s); /* what an agent saved: "asked" 送委托单位确认, "returned" by it; empty: neither */
/* Facts after the form of stage n is applied. */
Json *project_facts_with(Arena *mem, const Policy *p, const Project *pr, int stage, const Json *form);
Str project_number(Arena *mem, int64_t no);          /* HLD-000123-C */
bool project_number_parse(Str s, int64_t *no);       /* checks the letter; case and spaces forgiven */
bool project_number_read(Arena *mem, Str s, int64_t *no); /* as people type it from paper or by ear: O is 0, I and L are 1 */
/* To whom a sentence is told. Staff read 派转, 接单, 出件; applicants and the public plain words; the public no names of persons and no reasons. */
typedef enum Telling { TELL_ALL, TELL_OWNER, TELL_PUBLIC } Telling;
Str moment_sentence(Arena *mem, const Policy *p, const Moment *m, Telling to); /* 时间线: one Chinese sentence, or nothing */
Str event_sentence(Arena *mem, const Policy *p, const Event *e, Telling to); /* the same of one event */
Str mask_name(Arena *mem, Str name);                 /* 张*三, 葫芦岛****公司 */
Str mask_phone(Arena *mem, Str phone);               /* 138****5678 */

/* ---- lists, from the projections ------------------------------------------------------------------ */

typedef struct ProjectRow {
  int64_t no;
  Str number, code, name, category, county, owner, applicant, status; /* project status text */
  int stage; Str stage_status;
  Str lamp;              /* of the current stage, as of the asked day */
  Day due; bool has_due; int left;
  int64_t registered_at, updated_at;
} ProjectRow;
typedef struct ItemRow {
  int64_t project; int stage, attempt;
  Str number, project_name, code, item_name, unit, status, taken_by;
  Day start, due; bool has_due, paused, overdue;
  int limit, left, used;
  int before;            /* of the used ones before its dispatch, see calendar.h */
  int stalled;           /* calendar days since its pause was to end */
  Lamp lamp;
  int64_t accepted_at;
} ItemRow;

typedef struct StageRow {  /* for the window: what waits where */
  int64_t project; int stage, attempt;
  Str number, project_name, owner, status;
  int64_t at;              /* since when in this status */
  Day accepted_on, deadline; bool has_deadline; /* of the step: notice (5 days), delivery (10 days) */
  int left;
  Lamp lamp;
} StageRow;

typedef struct ItemFilter {
  Str unit;                /* empty = all (supervisor) */
  Str lamp;                /* "red", "yellow", "grey", "green"; empty = all open */
  Str q;                   /* part of project name, number, code or owner; empty = all */
  int stage;               /* 0 = all */
  bool open;               /* true: not ended; false: ended ones, newest first */
  Str category;            /* empty = all */
  Str holder;              /* an account: what it has in hand (desk.h); "-": what nobody has; empty = all */
  size_t offset, limit;
} ItemFilter;

typedef struct LampCount { int64_t red, yellow, grey, green, all; } LampCount;

/* Open items sorted by days left, fewest first. `total` counts all that match. */
Code items_list(Cx *cx, Reader *rd, const Policy *p, const ItemFilter *f, int64_t now, ItemRow **out,
                size_t *n, int64_t *total);
Code items_count(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now, LampCount *out);
Code items_late(Cx *cx, Reader *rd, int64_t now, int64_t late[STAGE_MAX + 1]); /* red ones of all departments, by stage */
/* Stages in one of the statuses (texts, separated by ','), oldest first. */
Code stages_list(Cx *cx, Reader *rd, const Policy *p, Str statuses, int64_t now, size_t max, StageRow **out,
                 size_t *n);
/* `stands`: where a running project stands now: the status of its current stage, or "paused": one of its items does not count. */
typedef struct ProjectFilter { Str applicant, uscc, q, category, county, status, stands; size_t offset, limit; } ProjectFilter;
Code projects_list(Cx *cx, Reader *rd, const Policy *p, const ProjectFilter *f, int64_t now,
                   ProjectRow **out, size_t *n, int64_t *total);
/* Finds a project by number, project code or a receipt of any application of a stage, earlier ones included. NOT_FOUND. */
Code project_find(Cx *cx, Reader *rd, Str any_number, int64_t *no); /* O for 0, I and L for 1 are forgiven */
Code project_load(Cx *cx, Reader *rd, int64_t no, const Project **out);
/* Supervision: per stage and unit, open, red, yellow, paused, done, mean working days. */
typedef struct UnitRow { Str unit; int64_t open, red, yellow, grey, green, done, done_days; } UnitRow;
Code units_summary(Cx *cx, Reader *rd, const Policy *p, int64_t now, UnitRow **out, size_t *n);
typedef struct CategoryRow { Str category; int64_t projects, running, completed, terminated, completed_days; } CategoryRow;
Code categories_summary(Cx *cx, Reader *rd, const Policy *p, CategoryRow **out, size_t *n);

/* ---- signs 异常线索 ---------------------------------------------------------------------------------- */

/* What one event shows, thresholds from the package: "late-pause" paused when next to nothing was left,
 * "night-pause" a pause of less than a day that took a day off the clock, "late-demand" an item returned for what the
 * one-time notice could have named, with the reason that was given, "lack-broken" a promise 容缺 that was not kept, "quick" acceptance and decision
 * within minutes, "late-entry" entered long after it happened. A reason to look, not a finding. Pure: `pr` is
 * the state that the event led to. */
enum { SIGNS_MAX = 4 };
typedef struct Sign { Str kind, evidence; } Sign;
size_t event_signs(Arena *mem, const Policy *p, const Project *pr, const Event *e, Sign out[SIGNS_MAX]);
Str sign_label(Str kind); /* 临期才暂停 */

typedef struct SignRow {
  int64_t pos, project, at; /* pos: of the event; at: ms, when it was entered */
  int stage;
  Str kind, item, unit, actor, name, evidence, number, project_name;
} SignRow;
/* Newest first; kind and unit may be empty. */
Code signs_list(Cx *cx, Reader *rd, Str kind, Str unit, size_t offset, size_t max, SignRow **out, size_t *n, int64_t *total);
typedef struct NightRow { /* one person's acts of one night, which is named by the day on which it began */
  Str actor, name, unit;
  Day night;
  int64_t acts, pos;        /* pos: of the last */
} NightRow;
Code nights_list(Cx *cx, Reader *rd, int least, NightRow **out, size_t *n); /* at least so many acts; at most 200 rows */

#include "approval/certs.h"
#include "approval/documents.h"
#include "approval/joined.h"
#include "approval/library.h"
#include "approval/notice.h"
#include "approval/proposals.h"
#include "approval/window.h"

#endif
