/* SPDX-License-Identifier: Apache-2.0 */
/*
 * early: what comes before and beside the case 前期: the reserve library 储备库 and project generation 策划生成, regions with
 * their assessments 区域评估, the free agent service 代办, and consultation 前期咨询. Beside the room approval: neither knows the other's headers. Where
 * one must follow the other it subscribes to events by name (Reaction in journal.h), and deciding may read the other's
 * tables as it reads `user`:
 *   project.registered with "reserve"   → reserve.convert    the plot becomes this project; required
 *   project.registered with "mandate"   → agent.bind         the order is about this project from now on
 *   project.withdrawn                   → reserve.release, agent.end
 *   stage.delivered, stage 3            → agent.start        开工: from now on both sides may rate
 *   reserve.condition-changed           → project.change-condition (approval): the locked value of the case follows
 *
 * Pure like all engines: fold() and decide() do no I/O and read no clock. Whose a duty is follows from the package: the
 * lead of stage 1 (市发展改革委) keeps the library, the lead of stage 2 (市自然资源局) sets conditions, the leads of all
 * stages train agents and rate them (D60-2.4.4-(1), (2)).
 */
#ifndef EARLY_H
#define EARLY_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "geo/geo.h"
#include "journal/journal.h"
#include "org/kit.h"
#include "org/org.h"
#include "policy/policy.h"

/* Words of a state: text for programs, label for people. */
Str early_label(Str status); /* any status below: 策划中, 已指派 …; the text itself when unknown */

/* ---- the reserve library 储备库 (D60-2.4.4-(2), 2.4.5-(4)) ------------------------------------------- */

/*   plot   IDEA       策划中: boundary and scale are known; conditions are filled in, pre-opinions asked in parallel
 *     IDEA      --reserve.generated-->  GENERATED  all conditions stated, all opinions given, none of them against.
 *                                                  From here on the conditions are locked
 *     GENERATED --reserve.published-->  PUBLISHED  granted land 出让 only: all conditions at once, once
 *     GENERATED (not granted) | PUBLISHED --reserve.assigned--> ASSIGNED   to one enterprise, which may register it
 *     ASSIGNED  --reserve.converted-->  CONVERTED  by the registration of the project (reaction)
 *     CONVERTED --reserve.released-->   ASSIGNED   when the project is withdrawn
 *     IDEA … ASSIGNED --reserve.dropped--> DROPPED
 *   A locked condition changes only by reserve.change-condition: by the head of the unit that sets conditions, with a
 *   reason; each change is on the supervisor's page, and beside the published conditions.
 * A condition is a field of the package with `condition: true`; its value is canonical text. The empty text is a
 * statement too: 不作要求, and locks nothing. */
typedef struct Opinion { /* a pre-opinion 前期意见 of one department */
  Str kind, topic;       /* planning 规划, land 土地, forest 林地转用, sea 征海, other (topic says what) */
  Str unit;
  int days;              /* working days it has, pinned */
  int64_t asked, given;  /* ms; given = 0 while it is waited for */
  Str result, text, by;  /* agree, agree-if, object */
} Opinion;

typedef struct ConditionChange {
  Str name, was, now, reason, doc, by;
  int64_t at;
} ConditionChange;

typedef struct Plot {
  int64_t no;
  Str number;            /* CB-000001 */
  Str name, county, boundary, scale, basis; /* 四至, 建设规模, 规划依据 */
  bool granted;          /* 出让用地 */
  Str region;            /* the registered region it lies in, locked from the beginning; empty: in none */
  const Json *told;      /* 告知: what of the region was in force when the conditions were published, or the land was assigned: before it is
                            supplied (D60-2.9.1) [{"kind","number","until","requirements"}]; NULL: not yet */
  int64_t told_at;
  Str survey, land_review; /* 地籍调查, 节地评价: in this phase (D60-2.4.5-(4)) */
  Str status;
  Json *conditions;      /* {name: text} */
  Str conditions_by;
  Opinion *opinions; size_t opinion_count, opinion_cap;
  ConditionChange *changes; size_t change_count, change_cap;
  int64_t added_at, generated_at, published_at, ended_at;
  Str generated_by, published_by, end_reason;
  Str owner, uscc;       /* to whom it is assigned */
  int64_t project; Str project_number;
  int64_t seq;
} Plot;

/*  lead of stage 1:
 *   reserve.add            name county boundary scale basis granted region?
 *   reserve.ask-opinions   asks[{kind,unit,topic}]     all at the same moment, in parallel; one that was against may be asked again
 *   reserve.generate, reserve.assign owner uscc, reserve.drop reason
 *  lead of stage 2:
 *   reserve.set-conditions conditions{} survey land_review   while IDEA
 *   reserve.publish                                          its head
 *   reserve.change-condition name value reason doc           its head
 *  the unit that was asked:
 *   reserve.give-opinion   kind unit? result opinion
 *  system: reserve.convert project number · reserve.release */
extern const Engine reserve_engine_base; /* env = const Policy *, as for the engine of accounts */
void *reserve_fold(Arena *mem, void *state, const Event *e);
Str opinion_kind_label(Str kind);
enum { OPINIONS_MAX = 24, CONDITIONS_MAX = 40 };
/* The package's conditions, each once, in the order of facts and forms. */
size_t early_conditions(const Policy *p, const Field *out[CONDITIONS_MAX]);
const Field *early_condition(const Policy *p, Str name); /* NULL when it is none */

typedef struct PlotRow {
  int64_t no, at, project, changes, waiting; /* at: last event; waiting: opinions not yet given */
  Str number, name, county, status, owner, uscc;
  bool granted;
  Day published;         /* 0: not */
} PlotRow;
typedef struct PlotFilter { Str status, uscc, county; bool published; size_t offset, limit; } PlotFilter;
Code plots_list(Cx *cx, Reader *rd, const PlotFilter *f, PlotRow **out, size_t *n, int64_t *total);
Code plot_load(Cx *cx, Reader *rd, int64_t no, const Plot **out);
typedef struct OpinionRow {
  int64_t plot;
  Str number, name, kind, topic, unit, result;
  Reading reading;
  int days;
} OpinionRow;
/* Waited for, oldest first; unit empty: all. */
Code opinions_list(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now, size_t max, OpinionRow **out, size_t *n);
typedef struct ChangeRow { int64_t plot, project, at; Str number, plot_name, name, was, now, reason, by; } ChangeRow;
/* Overrides of locked conditions, newest first: for the supervisor. */
Code changes_list(Cx *cx, Reader *rd, size_t offset, size_t max, ChangeRow **out, size_t *n, int64_t *total);
Reading opinion_reading(const Policy *p, const Opinion *o, int64_t now);

/* ---- regions and their assessments 区域评估 (D60-2.9, 2.10.1-p1) --------------------------------------- */

/* A region 开发区、工业园区… has a name, what its boundary says, and from when it is drawn its area 范围: then who lies inside is decided by the plot of the
 * project's check against the one blueprint (approval/beside.h), and only where there is no plot, or no area, by the name in the form. All areas together
 * are the layer 区域评估范围 of the map (a reaction there). It has assessments of the six
 * kinds of policy_assessments, organised by the government, each with its days: from `since` to `until`, both included, the projects
 * inside share it: they draw up no report of their own, and the item is decided on promise where nothing forbids it. Two of one
 * kind may overlap: the one that holds longest is shared. What was submitted while it held stays so.
 * The room approval reads the tables (approval/beside.h) when a stage is submitted. */
typedef struct Assessment {
  int64_t no;            /* within the region, from 1 */
  Str number;            /* QYPG-2026-0001 */
  Str kind, body, doc;   /* mineral environment energy geology seismic water; 组织编制单位; 评审或批复文件 */
  Str requirements;      /* 建设要求 */
  Day since, until;
  Str blob, file; int64_t size;
  Str by; int64_t at;
  Str stop_reason, stopped_by; int64_t stopped_at; /* 0: not stopped */
} Assessment;
enum { ASSESSMENTS_MAX = 100, REGIONS_MAX = 500, DRAWINGS_MAX = 100, REGION_BYTES = 100000, REGION_POINTS = 2000 };
typedef struct Drawing { /* an area as it was drawn; the newest holds */
  int64_t no;            /* from 1 */
  Str basis;             /* 批准文件 */
  bool sample;           /* 示例: invented for a demonstration */
  Milli area; int64_t points;
  Str by; int64_t at;
} Drawing;
typedef struct Region {
  int64_t no;
  Str number;            /* QY-000001 */
  Str name, kind, county, boundary, body; /* zone park cluster new-area other; body: 管理机构 */
  Assessment *list; size_t count, cap;
  Drawing *drawings; size_t drawing_count, drawing_cap;
  Str shape;             /* of the newest, a text of geo_text; empty: not drawn yet */
  int64_t added_at, seq;
} Region;
/*  lead of stage 1 (市发展改革委):
 *   region.add     name kind county boundary body
 *   region.draw    shape basis sample?       holds from now on; what was submitted before keeps what it had
 *   region.assess  kind body doc since(day) until(day) requirements files[{blob,name,size}]   one file
 *   region.stop    no reason                                                                  its head */
extern const Engine region_engine_base;
void *region_fold(Arena *mem, void *state, const Event *e);
Str region_kind_label(Str kind); /* 开发区 … */
bool assessment_shared(const Assessment *a, Day day);
const Assessment *region_shares(const Region *r, Str kind, Day day); /* NULL: none */
typedef struct RegionRow {
  int64_t no;
  Str number, name, kind, county;
  bool drawn;
  Day until[POLICY_ASSESSMENTS]; /* what is shared today, by the place in policy_assessments: its last day; 0: nothing */
} RegionRow;
Code regions_list(Cx *cx, Reader *rd, Day today, RegionRow **out, size_t *n); /* by number, at most REGIONS_MAX */
Code region_load(Cx *cx, Reader *rd, int64_t no, const Region **out);
Code region_find(Cx *cx, Reader *rd, Str name, const Region **out);            /* NULL: none of that name */

/* ---- the free agent service 代办 (D60-2.4.4-(1), 4.13-p11) -------------------------------------------- */

/* The catalogue 代办事项目录 of a county: stream "catalogue/COUNTY". The county drafts, the city government looks at it
 * and issues it 审核下发; the issued one stays in force while the next is looked at.
 *   catalogue.draft   county items[{name,scope(approval|utility|more),guide}] guide     staff of the county or zone
 *   catalogue.issue   no                                                                leader
 *   catalogue.return  no reason                                                         leader */
typedef struct CatalogueItem { Str name, scope, guide; } CatalogueItem;
typedef struct Catalogue {
  Str county;
  int64_t no;            /* of the newest draft */
  Str status;            /* draft, issued, returned: of the newest */
  Str by, reason; int64_t at;
  CatalogueItem *items; size_t count; Str guide;          /* newest */
  int64_t issued_no, issued_at; Str issued_by;            /* in force; 0 while there is none */
  CatalogueItem *issued; size_t issued_count; Str issued_guide;
  int64_t seq;
} Catalogue;
extern const Engine catalogue_engine_base;
void *catalogue_fold(Arena *mem, void *state, const Event *e);
Str catalogue_scope_label(Str scope);
typedef struct CatalogueRow { Str county, status; int64_t no, issued_no, issued_at, items; } CatalogueRow;
Code catalogues_list(Cx *cx, Reader *rd, CatalogueRow **out, size_t *n);
Code catalogue_load(Cx *cx, Reader *rd, Str county, const Catalogue **out);

/* Joint training 统一培训: stream "roster/main".  roster.train agents[account] day topic   head of a unit that leads a stage */
extern const Engine roster_engine_base;
#define ROSTER_STREAM S("roster/main")
void *roster_fold(Arena *mem, void *state, const Event *e);
typedef struct TrainingRow { Str agent, unit, topic; Day day; } TrainingRow;
Code trainings_list(Cx *cx, Reader *rd, Str agent, TrainingRow **out, size_t *n); /* newest first, at most 200 */

/* An order 代办委托: stream "agent/N". It is the mandate by which one agent acts for one enterprise, and costs nothing:
 * no command, event, table or page of it has a price.
 *   ORDERED  --agent.assigned-->  ASSIGNED   one agent, trained, of the county or of the city's window
 *   ASSIGNED --agent.reassigned-->ASSIGNED   another one, with a reason
 *   ASSIGNED --agent.bound-->     ASSIGNED   the project that was registered under it (reaction)
 *   ASSIGNED --agent.started-->   STARTED    its stage 3 is delivered 开工 (reaction): both sides may rate, once each
 *   ORDERED|ASSIGNED|STARTED --agent.ended--> ENDED   by the enterprise, or with its project
 * While it is ASSIGNED or STARTED the agent may do in the project what the applicant may, and each event has both
 * names: `actor` the agent, `behalf` the enterprise. */
typedef struct AgentStep { int64_t at; Str by, text; } AgentStep;
typedef struct Rating { Str unit, by, text; int score; int64_t at; } Rating; /* unit empty: the enterprise */
enum { RATINGS_MAX = 8 };
typedef struct Order {
  int64_t no;
  Str number;            /* DB-2026-0001 */
  Str county, name, remark;
  Str owner, uscc, applicant;
  CatalogueItem *items; size_t count;
  Str status;
  Str agent, agent_name; int64_t assigned_at;
  bool direct;           /* the mandate 授权委托书 lets the agent hand in; else the enterprise confirms each time (stage.ask-confirm) */
  int64_t project; Str project_number;
  AgentStep *steps; size_t step_count, step_cap;
  Rating ratings[RATINGS_MAX]; size_t rating_count;
  int64_t ordered_at, started_at, ended_at;
  Str end_reason;
  int64_t seq;
} Order;
/*   agent.order     county name items[name] remark project? direct? consent     applicant; items of the county's catalogue in force
 *   agent.assign    agent · agent.reassign agent reason                  staff of the county, or head of the window
 *   agent.log       text                                                 the agent: a step that left no event in the project
 *   agent.rate      score(1..5) text                                     the enterprise
 *   agent.rate-unit score(1..5) text                                     a unit that leads a stage
 *   agent.end       reason                                               the enterprise
 *  system: agent.bind project number · agent.start · agent.close */
extern const Engine agent_engine_base;
void *agent_fold(Arena *mem, void *state, const Event *e);
typedef struct OrderRow {
  int64_t no, at, project, ratings;
  Str number, county, name, owner, uscc, status, agent, agent_name, project_number;
  bool unit_rated;       /* by the unit of the filter */
  bool finished;         /* all of its project is done */
} OrderRow;
Str order_label(Str status, bool finished); /* 已开工 and 已指派 end with the project: 项目已办结 */
typedef struct OrderFilter { Str county, uscc, applicant, agent, status, unit; size_t offset, limit; } OrderFilter;
/* May this agent hand in for the project by himself? (Order.direct) */
Code agent_direct(Cx *cx, Reader *rd, Str agent, int64_t project, bool *out);
Code orders_list(Cx *cx, Reader *rd, const OrderFilter *f, OrderRow **out, size_t *n, int64_t *total); /* newest first */
Code order_load(Cx *cx, Reader *rd, int64_t no, const Order **out);
/* For whom does this agent act in this project; with project 0: for an enterprise of this code that has no project yet
 * under its order? Empty: for nobody. */
Code agent_principal(Cx *cx, Db *views, Str agent, int64_t project, Str uscc, Str *owner);
/* Agents that may be assigned to an order of a county: trained, not disabled, of the county or the window. */
typedef struct AgentRow { Str id, name, unit; int64_t open; bool trained; } AgentRow;
Code agents_list(Cx *cx, Reader *rd, const Policy *p, Str county, AgentRow **out, size_t *n);
/* Ranking 排名 of a month by the ratings given in it: means in hundredths, with n; the better enterprise mean first. */
typedef struct RankRow { Str agent, name; int64_t enterprise, enterprise_n, unit, unit_n; } RankRow;
Code ranking_list(Cx *cx, Reader *rd, int month, RankRow **out, size_t *n); /* month: 202611 */
int month_of(int64_t ms);

/* ---- consultation 前期咨询 (D60-2.4.4-(3), 4.13-p10) --------------------------------------------------- */

/*   ASKED  --consult.assigned--> ASKED   to a named person 专员 of the unit
 *   ASKED  --consult.more-asked-->  MORE    what is missing, all at once, once 一次性告知; the clock stands still
 *   MORE   --consult.supplemented--> ASKED
 *   ASKED  --consult.replied-->  REPLIED  with a number ZX-2026-0001; can be cited in stage forms
 *   ASKED|MORE --consult.withdrawn--> WITHDRAWN
 * The clock: working days pinned from the package (consult_days) when it was asked. */
typedef struct ConsultFile { Str blob, name; int64_t size; } ConsultFile;
typedef struct Consult {
  int64_t no;
  Str unit, county, subject, question, project_name;
  Str owner, uscc, applicant;
  bool open;             /* may the reply be shown to everybody, without names? */
  ConsultFile *files; size_t file_count;
  int days;
  int64_t asked_at;
  Str status;
  Str specialist, specialist_name; /* 专员: account, name */
  Str more, supplement; int64_t more_at, supplement_at; Str more_by;
  Str reply_no, reply, reply_by, basis; int64_t replied_at;
  Str end_reason; int64_t ended_at;
  Str lock, asker, contact; /* asked without an account: what opens it (consult_opens), name and contact in the vault, both may be empty */
  int64_t seq;
} Consult;
/* Is this the query code 查询码 that whoever asked without an account was given? As typed: small, with spaces or dashes. */
bool consult_opens(Arena *mem, const Consult *c, Str code);
Str consult_code(Arena *mem, Str secret); /* 1A2B-3C4D-5E6F-7081, the same for the same secret */
Str consult_code_typed(Arena *mem, Str typed); /* the same code in its four parts */
Str consult_lock(Arena *mem, Str code);   /* what the journal keeps of a code */
/*   consult.ask        unit subject question project_name? county? open files[{blob,name,size}]   applicant
 *   consult.ask-public unit? subject question open name? contact? lock             anybody; name and contact: references of the vault
 *   consult.forget                                                                 the unit, once it has told whoever asked: name and contact go
 *   consult.assign     person                                                     head of the unit
 *   consult.ask-more   what · consult.reply reply basis                           the 专员; while there is none, anybody of the unit
 *   consult.supplement text files · consult.withdraw reason                       the enterprise */
extern const Engine consult_engine_base;
void *consult_fold(Arena *mem, void *state, const Event *e);
Reading consult_reading(const Policy *p, const Consult *c, int64_t now);
typedef struct ConsultRow {
  int64_t no, at, replied_at;
  Str unit, subject, owner, uscc, applicant, status, specialist, reply_no, reply;
  Reading reading;
  int days;
} ConsultRow;
typedef struct ConsultFilter { Str unit, uscc, applicant, status, q; bool open, overdue; size_t offset, limit; } ConsultFilter;
/* Waiting ones first, the oldest first; then the answered ones, newest first. `open`: those shown to everybody. */
Code consults_list(Cx *cx, Reader *rd, const Policy *p, const ConsultFilter *f, int64_t now, ConsultRow **out, size_t *n, int64_t *total);
/* What waits for the answer of this unit, the oldest first; *total counts all of it. By the unit's part of an index alone: the worklist asks each time. */
Code consults_waiting(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now, size_t max, ConsultRow **out, size_t *n, int64_t *total);
Code consult_load(Cx *cx, Reader *rd, int64_t no, const Consult **out);

/* Who may be named as 专员 of a unit: its approvers and heads who are not disabled. */
typedef struct PersonRow { Str id, name; } PersonRow;
Code persons_list(Cx *cx, Reader *rd, Str unit, PersonRow **out, size_t *n);

/* Every clock that waits for a department: opinions and consultations. p: with the calendar in force. */
Code early_clocks(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg);

/* All engines of the room, for those who put a program together. */
enum { EARLY_ENGINES = 6 };
extern const Engine *const early_engines[EARLY_ENGINES];

#endif
