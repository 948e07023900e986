/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy: packages of rules as data 政策包. A package is a folder of YAML files that a city office can read;
 * every number carries the clause 条款 it comes from, or is marked 示例 (an example that no document
 * gives). Pure: it reads the folder once, afterwards nothing changes; a case keeps the version under
 * which it was accepted.
 *
 * Files of a package (required; schema in docs/policy.md):
 *   package.yaml      name, version, title, city code, seal, lamp thresholds, general limits, sample note
 *   clauses.yaml      the clauses that are cited: id, document, number, text
 *   categories.yaml   categories 类别 and their four limits
 *   stages.yaml       four stages 阶段, lead unit 牵头单位, certificate 证件
 *   items.yaml        the catalogue of items 事项清单
 *   materials.yaml    materials 材料 with their legal basis
 *   forms.yaml        facts of a project and the fields of the stage forms 申请表
 *   units.yaml        units 单位, counties 县区, zones, aliases
 *   posts.yaml        posts 岗位 and window staffing
 *   clocks.yaml       statutory and documented periods 法定期限
 *   causes.yaml       causes of pause 暂停事由, refusal and remedy texts
 *   holidays.csv      the calendar
 *   notes.yaml        contradictions of the documents and the choices made (may be absent)
 *   personal.yaml     on what grounds personal data is erased, for what it may be looked at (may be absent: then neither)
 *   notices.yaml      who is told what, by which ways (may be absent: then nobody is); surveys.yaml: surveys.h; blueprint.yaml: blueprint.h; ledgers.yaml: ledgers.h
 *   reform.yaml, evaluation.yaml   bodies 领导小组, rules 配套制度, indicators 考评指标: see policy/reform.h (may be absent)
 *   exchange.yaml     rows for the platforms of nation and province: see policy/spgl.h; search.yaml: what people say, policy/sayings.h (both may be absent)
 */
#ifndef POLICY_H
#define POLICY_H

#include "policy/ident.h"
#include "base/base.h"
#include "calendar/calendar.h"
#include "policy/blueprint.h"
#include "policy/ledgers.h"
#include "policy/reform.h"
#include "policy/spgl.h"

/* The stages of the flow. STAGE_MAX counts the four of the documents (D60-2.6.1). */
enum { STAGE_MAX = 4 };

typedef struct Clause {
  Str id, doc, number, text; /* D60-4.13-p7, 葫政办发〔2019〕60号, 四、（十三）, full sentence */
} Clause;

typedef struct Category {
  Str code, name, qualifier;      /* "industry", 社会投资工业类, 备案类 … */
  int limit[STAGE_MAX + 1];       /* working days per stage 1..4; 0 = the stage does not exist */
  int total;
  Source source;
  Str invest, build;              /* for the advisor: "gov", "social" or empty; what is built, in plain words */
  Str national;                   /* SPLCLX code for the exchange */
  Str note;
} Category;

typedef struct Stage {
  int no;                /* 1..4 */
  Str code, name;        /* 立项用地规划许可 */
  Str lead;              /* unit code */
  Str desk;              /* 审批一科 … */
  Str certificate;       /* 规划用地许可证 */
  const Str *aliases; size_t alias_count; /* other names of the certificate */
  const Str *subjects; size_t subject_count; /* what the documents call its work: 联合验收; whoever leads it leads the stage */
  Source source, certificate_source;
} Stage;

typedef struct Expr Expr; /* a condition over facts; see policy_eval */
typedef struct ItemLimit { Str category; int days; } ItemLimit;
typedef struct Item {
  Str code, name;
  int stage;              /* 1..4 */
  bool parallel;          /* 并行推进: outside the stage clock */
  int before_stage;       /* a parallel item must be decided before the certificate of this stage; 0 = none */
  Str opens;              /* "certificate": a parallel item whose clock begins with the certificate of its own stage; empty: with acceptance */
  Str unit;               /* unit code, or "county": the unit of the project's county */
  const Expr *county_when; /* delegated 下放 to the county when yes; may be NULL */
  Str kind;               /* 审批 核准 备案 中介服务 技术审查 市政公用接入 */
  Str attribute;          /* 行政许可 其他权力 公共服务 内部协作 */
  Str basis;              /* legal basis, with article */
  int days;               /* working days; per category in `limits` when it differs */
  const ItemLimit *limits;
  size_t limit_count;
  const Str *categories;  /* applies to these; empty = all */
  size_t category_count;
  const Expr *when;       /* applies only when this is yes; NULL = always */
  Source when_source;     /* the clause that cancels, merges or re-orders it */
  Source source, days_source;
  bool outside;           /* 国家、省级审批权限: does not run the city's clock */
  bool milestone;
  bool promise;           /* 告知承诺 possible */
  Source promise_source;
  Str drawings;           /* 联合审图 (D60-2.4.3-(1)-p1): "review" its result, "permit" what waits for it; empty: neither */
  Str share;              /* the assessment of a region 区域评估 that a project inside shares (D60-2.9.1); empty: none */
  Str hazard;             /* safety environment health property: touched directly, no promise (D60-2.10.1); empty: none */
  Str result;             /* name of the resulting document */
  Str visit;              /* its part in joint acceptance 联合验收: "special" 专项, decided at the joint visit; "opinion", passed by the
                             one opinion; empty: none */
  const Str *after;       /* legal prerequisites, checked at issue, never at acceptance */
  size_t after_count;
} Item;

typedef struct Material {
  Str code, name;
  const Str *items; size_t item_count; /* needed by these items; empty = by the stage */
  int stage;              /* first stage that asks for it */
  const Str *again; size_t again_count; /* later stages that ask for it too, "3": what was handed in is used again */
  Str basis;              /* legal basis: never empty (D60-4.14-p1) */
  Source source;
  const Expr *when;       /* NULL = always */
  bool required;
  bool form;              /* 网填: made from the form, no file */
  Str from_stage;         /* "1": the certificate of stage 1, 免提交; empty otherwise */
  const Str *types;       /* accepted file types: pdf, ofd, jpg, png, zip, dwg … */
  size_t type_count;
  int max_mb;
  Str hint;
  bool lack;              /* 容缺: may come after acceptance, within Policy.lack_days */
  Str share;              /* the assessment of the region 区域评估 that serves as this material; empty: none */
  bool survey, enterprise; /* survey: the result of the one survey 多测合一 serves as this material; enterprise: says something of the enterprise, not of the project: its other projects share it */
  const Str *results;     /* items of earlier stages, any one of whose results serves as this material: 免提交 */
  size_t result_count;
} Material;

typedef enum FieldType {
  FIELD_UNSET, FIELD_TEXT, FIELD_LONG, FIELD_INT, FIELD_DECIMAL, FIELD_DATE, FIELD_BOOL, FIELD_CHOICE,
  FIELD_PHONE, FIELD_IDNO, FIELD_USCC, FIELD_PROJECT_CODE, FIELD__MAX
} FieldType;

typedef struct Choice { Str value, label; } Choice;

typedef struct Field {
  Str name, label, hint;
  FieldType type;
  bool required, workday, planned; /* workday: a date of something still to come, neither past nor a rest day; planned: one that has gone by is pointed out */
  bool personal;          /* kept in the vault, never in an event */
  bool fact;              /* a fact of the project: conditions may use it */
  bool condition;         /* a condition of construction 建设条件: the reserve library fixes it, the form shows it */
  int64_t min, max;       /* length, integer or thousandths (DECIMAL) */
  Str choose;             /* which register: its values are the names of registered regions ("region"); empty: typed freely */
  Str not_before;         /* a date: the field of the same form whose day it may not precede; empty: any day */
  const Choice *choices;
  size_t choice_count;
  const Expr *when;       /* asked only when yes or unknown */
  Str example, unit, filled; /* unit: ㎡, 万元; filled: "survey.agency", "survey.area": stands in a new form as the survey 多测合一 has it, theirs to change */
} Field;

typedef struct Unit {
  Str code, name;         /* "natural-resources", 市自然资源局 */
  Str kind;               /* department county zone company window institution */
  Str region;             /* GB/T 2260 code for the exchange, or empty */
  const Str *aliases;
  size_t alias_count;
  Str county_of;          /* for a county's bureau */
  Str phone, address, hours; /* empty: shown as 〔待填〕, never invented */
  Source source;
} Unit;

typedef struct Ground {  /* on which personal data is erased 清除的情形 */
  Str code, name, basis;  /* "kept", 保存期限已届满, 个人信息保护法第四十七条第一款第（二）项 */
  bool keeps;             /* only once personal_keep_days are over */
  Source source;
} Ground;

typedef struct Permit {  /* a certificate 证照 that a stage issues, or one that is only named in it */
  Str code, name; int stage;
  const Str *items; size_t item_count; /* one of them passed: it fits; none: it always fits. Of several with one name the first that fits */
  const Str *merges; size_t merge_count; /* what it stands for: 国有土地划拨决定书 … */
  const Str *aliases; size_t alias_count; /* its other names; those of a stage's own certificate stand at the stage */
  const Str *shows; size_t show_count; /* fields of the stage's form, or facts, that stand on it: 施工单位 … */
  Str issuer;             /* the legal issuer 法定发证机关 */
  Str material;           /* must have been handed in before: the land contract; empty: none */
  bool listed;            /* no document of its own: the stage's certificate says what was merged */
  Source source, issuer_source;
} Permit;

typedef struct Purpose { /* for which staff may look at personal data 查看的用途 */
  Str code, name;
  Source source;
} Purpose;

typedef struct ClockRule { /* a period 期限 that law or a document gives */
  Str code, name;
  Str unit;               /* working, calendar, months, month-day */
  int count, extend;      /* extend: at most so many more when extend_by approves; 0 = none */
  Str extend_by, starts, note; /* who approves; from when it counts; what else to know */
  Source source;
} ClockRule;

typedef struct Post {
  Str code, name, unit;   /* a post belongs to a unit */
  Str role;               /* see org.h */
  int seats;
  Source source;
} Post;

typedef struct Cause {    /* a lawful cause of pause */
  Str code, name, basis;
  Holder holder;
  bool certain, joint;    /* 行政许可法 45 names it, otherwise local practice, marked so · while the owner puts right what a joint acceptance found 整改: by the system, no planned end; at most one */
  int max_days;           /* planned end at most this many working days ahead; 0 = no bound */
  Source source;
} Cause;

typedef struct Note {     /* a contradiction or gap of the documents */
  Str id, kind;           /* X01; how the linter sees it, see lint.h; "reading" = only a person can */
  const Str *clauses;
  size_t clause_count;
  Str says, choice;
} Note;

typedef struct Leader {   /* a leader of the city 市领导 with the units of his portfolio 分工, as the document writes them */
  Str code, name;
  const Str *charge;  size_t charge_count;  /* 分管 */
  const Str *assist;  size_t assist_count;  /* 协助分管 */
  const Str *liaison; size_t liaison_count; /* 负责联系 */
  const Str *run;     size_t run_count;     /* 负责 */
  Source source;
} Leader;

typedef struct Rung {     /* a step of the ladder of supervision orders 督办 */
  Str code, name;         /* handler 经办人, section 承办科室, department, bureau 营商部门, leader 分管领导: in this order */
  int days;               /* working days to reply */
  Source source;
} Rung;

typedef struct Milestone { /* a goal of a document with its day 阶段性目标 */
  Str code, name, due;    /* due: 2019-05-31 */
  const Str *leads; size_t lead_count; /* unit codes; none: the document names nobody */
  Source source;
} Milestone;

typedef struct Issued { Str doc, issued; } Issued; /* when a document was issued */
/* Versions of the calendar 日历版本: 0 is the package's holidays.csv, each notice that was confirmed later
 * is one more. Any thread may ask; adding is for the one that projects. */
typedef struct Calendars Calendars;
enum { CALENDARS_MAX = 500 }; /* versions; two or three notices a year */
Calendars *calendars_open(Arena *mem, const Calendar *base); /* lives in mem */
void calendars_close(Calendars *c);                          /* drops what was added; NULL is fine */
const Calendar *calendars_get(const Calendars *c, int version); /* NULL when unknown; never taken back */
/* The version before it must be known; adding the same again changes nothing. Copies what it is given. */
void calendars_add(Calendars *c, int version, const DayChange *changes, size_t n);
int calendars_newest(const Calendars *c);

typedef struct Packages Packages;
typedef struct Policy {
  Str name, version, title, city, city_code, seal, dir_hash; /* dir_hash: SM3 of the files, hex */
  Str effective_from, effective_until; /* 2019-06-28: first and last day; empty = open */
  Str window_unit, supervisor_unit;
  LampRule lamp;
  Source lamp_source;
  int receipt_days;      /* 5: one-time notice (行政许可法 32) */
  int take_days;         /* 接单时限, 示例 */
  int extend_days;       /* 10 (行政许可法 42) */
  int deliver_days;      /* 10 (行政许可法 44) */
  /* What the documents leave to the city, 示例. In packages without the key 0, and then the matter is not there. */
  int ask_days;          /* working days from receipt in which departments say what is missing, before the notice */
  int lack_days;         /* 容缺: what was promised comes at most so many working days after the submission */
  int lack_count;        /* and so many materials of a stage may be lacking at once */
  Str report_period;     /* of the window's report: day, week or month; empty: month */
  /* Signs that a supervisor looks at 异常线索; no document gives the numbers, 示例 */
  int sign_last_days;    /* a pause with so few working days left, or fewer */
  int sign_quick_minutes; /* acceptance and decision within so many minutes */
  int sign_late_hours;   /* entered so many hours after it happened */
  int sign_night_from, sign_night_to; /* hours of the night, e.g. 22 to 6 */
  int sign_night_acts;   /* so many acts of one person in one night */
  Source sign_source;
  /* Before the case 前期; no document gives the numbers, 示例. 0: the package does not say, and what needs it is refused */
  int consult_days; Str consult_unit; /* 前期咨询: working days for a reply; who answers a question of the public that names no unit */
  int opinion_days;      /* 策划生成: working days for a pre-opinion */
  int review_days; Str reviewer_number, reviewer_example; /* 联合审图: working days of one round; 0: not set up, reviews are refused. Pattern (POSIX, extended) of 注册号; empty: any */
  Source consult_source, opinion_source, review_source;
  /* Joint acceptance 联合验收 (room finish); no document gives the numbers, 示例. 0: the package does not say, and scheduling is refused */
  int visit_notice;      /* working days between fixing the day of a visit 联合勘验 and the visit */
  int visits_a_day;      /* one department goes to so many visits on one day */
  Source visit_source;
  Source receipt_source, take_source, extend_source, deliver_source, seal_source, ask_source, lack_source, report_source;
  /* Spot checks by lot 双随机 (inspect.h); no document of the city gives the numbers, 示例. 0 days: there are none */
  int spot_days;         /* working days from a confirmed result to its publication */
  Str spot_class;        /* the class of an enterprise that nobody put into one: A, B, C or D */
  int spot_a, spot_b, spot_c, spot_d; /* of a hundred objects of the class so many are drawn */
  const Str *spot_targets; size_t spot_target_count; /* where results are published (D60-5.16-p2) */
  Source spot_source, spot_targets_source;
  int credit_notice_days, credit_objection_days, credit_repair_days, credit_months, credit_repair_months; /* credit 信用: lists.h */
  const Str *credit_bars, *credit_targets; size_t credit_bar_count, credit_target_count;
  Str credit_black, credit_red; Source credit_source, credit_targets_source;
  /* Personal data 个人信息; no document of the city gives the numbers, 示例. 0: the package does not say */
  int personal_keep_days; /* kept so many days after the last act of a case */
  int personal_looks;     /* one person may look at so many values within an hour */
  Source personal_source;
  /* Telling people 通知, and asking them how it was 好差评; no document gives the numbers, 示例. 0: the package does not say */
  int notice_tries;      /* a delivery is tried so often before it is given up */
  int notice_wait;       /* minutes before the second try; each further one waits twice as long, at most a day */
  Source notice_source;
  int rating_days;       /* 不满意: the window replies within so many working days */
  int rating_least;      /* a mean over fewer answers is not published */
  Source rating_source;
  Str remedy;            /* 复议、诉讼 text for refusals */
  Str review_body, court; /* 复议机关、管辖法院 of decisions against the applicant; empty: the text alone. Both or none */
  Source remedy_source;
  const Clause *clauses;     size_t clause_count;
  const Category *categories; size_t category_count;
  Stage stages[STAGE_MAX + 1]; /* index 1..4 */
  const Item *items;         size_t item_count;
  const Material *materials; size_t material_count;
  const Field *facts;        size_t fact_count;    /* asked when a project is registered */
  const Field *form[STAGE_MAX + 1]; size_t form_count[STAGE_MAX + 1]; /* fields of each stage form */
  const Unit *units;         size_t unit_count;
  const Post *posts;         size_t post_count;
  const ClockRule *clocks;   size_t clock_count;
  const Cause *causes;       size_t cause_count;
  const Note *notes;         size_t note_count;
  const Ground *grounds;     size_t ground_count;
  const Purpose *purposes;   size_t purpose_count;
  const struct NoticeRule *notices; size_t notice_count; /* notices.h */
  /* Supervision 督办: leaders.yaml, supervision.yaml; packages made before have none of it */
  const Leader *leaders;     size_t leader_count;
  Str leaders_from; Source leaders_source; /* 2019-08-23: the portfolios hold from that day */
  const Rung *ladder;        size_t rung_count; /* none: red makes no order */
  const Milestone *milestones; size_t milestone_count;
  int bulletin_days; Source bulletin_source; /* working days after the day of reply, then the order stands in the draft of a 通报; 0: never */
  const struct ListCondition *conditions; size_t condition_count; /* lists.h */
  int search_keep_days, stats_small; Source search_keep_source, stats_source; /* searches without a result are counted for so many days, 0: not at all; public statistics say "fewer than" this in place of a smaller count 小数不公布; 0: all counts */
  const Issued *issued;      size_t issued_count;
  Spgl spgl; Source exchange_source; /* exchange.yaml; packages made before have none of it */
  Reform reform;             /* reform.yaml, evaluation.yaml; packages made before have neither */
  Blueprint blueprint;       /* 一张蓝图, blueprint.h; no layers: nothing is checked */
  const struct SurveyPart *surveys; size_t survey_count; Str area_rule; int area_max, area_off; const Str *survey_types; size_t survey_type_count; Source area_source; Ledgers ledgers; const struct Disclosure *disclosure; /* surveys.h, ledgers.h, gazette.h (NULL: no 公文库) */ const struct Contradiction *contradictions; size_t contradiction_count; /* answers.h */ const struct Saying *sayings; size_t saying_count; const struct Sphere *spheres; size_t sphere_count; const struct Errand *errands; size_t errand_count; /* sayings.h */
  const Permit *permits;     size_t permit_count;  /* none in older packages: then a stage has its one certificate */
  const Calendar *calendar; Calendars *calendars; /* in force; all its versions */
  int calendar_version;        /* which of them `calendar` is */
  const Packages *packages;    /* other versions, whose units exist too; NULL: none */
} Policy;

/* The six assessments of a region 区域评估 (D60-2.9.1), the codes of Item.share (the first is empty), and the label of one. */
enum { POLICY_ASSESSMENTS = 7 };
extern const char *const policy_assessments[POLICY_ASSESSMENTS];
Str policy_assessment_label(Str kind);

/* NULL when unknown. */
const Leader *policy_leader(const Policy *p, Str code);
const Milestone *policy_milestone(const Policy *p, Str code);
/* A unit as a document about portfolios writes it: the plates in brackets and a missing 市 are forgiven. */
const Unit *policy_unit_written(Arena *mem, const Policy *p, Str written);
const Ground *policy_ground(const Policy *p, Str code);
const Purpose *policy_purpose(const Policy *p, Str code);

/* p with that version as its calendar: a copy in mem that shares everything else, or p itself when nothing
 * differs. The version must be known. */
const Policy *policy_with_calendar(Arena *mem, const Policy *p, Calendars *calendars, int version);

/* Versions of the package 政策包版本: the one the program was started with (--policy) and those staged in a folder of
 * the store, one folder a version. Any thread may ask; adding is locked. What was given out is never taken back. */
enum { PACKAGES_MAX = 64 };
#define PACKAGE_MARK "staged.json" /* in a staged folder: its hash when it was staged */
Packages *packages_open(Arena *mem, Str dir, const Policy *base); /* dir need not exist; lives in mem */
void packages_close(Packages *k);                                 /* drops what was loaded; NULL is fine */
/* From where versions come that are not in the folder: asked before it is scanned, and for a version that is needed. */
void packages_source(Packages *k, Code (*fetch)(Cx *cx, const void *arg), const void *arg);
Str packages_dir(const Packages *k);
const Policy *packages_find(const Packages *k, Str version);      /* of those loaded; NULL when unknown */
size_t packages_list(const Packages *k, const Policy *out[PACKAGES_MAX]); /* staged ones that are loaded, without the base */
/* Loads everything staged that is not known yet. CONFLICT when a folder is not what was staged. */
Code packages_scan(Cx *cx, Packages *k);
/* One version, loaded when it is staged and not known yet. NOT_FOUND; CONFLICT when `hash` (may be empty) differs. */
Code packages_need(Cx *cx, Packages *k, Str version, Str hash, const Policy **out);
/* A unit of p or of any other version: somebody has to have an account before the version that names it holds. */
const Unit *policy_unit_known(const Policy *p, Str code);
/* Was any version ever put into force? While none was, nobody need ask the views. */
void packages_publish(Packages *k);
bool packages_published(const Packages *k);
bool package_version_fits(Str version); /* as the name of a folder */

/* A mistake in a package: file, line, column (1-based) and a plain sentence in Chinese. */
typedef struct Mistake {
  Str file;
  int line, column;
  Str text;
} Mistake;
typedef struct Mistakes {
  Mistake *list;
  size_t count;
} Mistakes;

/* Loads and checks a folder. Everything lives in cx->mem (give it the program's life). On INVALID,
 * `mistakes` holds all that were found (at most 100), cx->detail the first. Checked: the schema of each
 * file, unknown and missing keys, duplicate codes, dangling references (unit, clause, item, category),
 * totals (90 = 14+22+29+25), every number with a clause or 示例, materials with a basis, conditions over
 * declared facts, cycles in `after` (互为前置 is forbidden, D60-4.15-p5), item days ≥ 1 and ≤ the stage's. */
Code policy_load(Cx *cx, Str dir, const Policy **out, Mistakes *mistakes);

const Clause *policy_clause(const Policy *p, Str id);       /* NULL when absent, as all below */
void policy_cite(Buf *b, const Policy *p, Str ids);          /* 葫政办发〔2019〕60号 五、（十七）1: as offices write it; one id, or several with 、 between; what is none stays as it is */
const Category *policy_category(const Policy *p, Str code);
const Item *policy_item(const Policy *p, Str code);
const Permit *policy_permit(const Policy *p, Str code);
const Material *policy_material(const Policy *p, Str code);
const Unit *policy_unit(const Policy *p, Str code);
const Unit *policy_unit_named(const Policy *p, Str name_or_alias);
const ClockRule *policy_clock(const Policy *p, Str code);
/* The last day of a period that begins on `start`, extended when asked: working days after it; calendar days
 * and months after it, a rest day moved to the next working day (民法典 203); month-day: the next such day
 * of a month on or after `start`, not moved. */
Day policy_clock_due(const Policy *p, const ClockRule *r, Day start, bool extended);
const Cause *policy_cause(const Policy *p, Str code), *policy_joint_cause(const Policy *p); /* the latter NULL: the clocks go on meanwhile */
const Field *policy_field(const Policy *p, int stage, Str name); /* stage 0: facts */
const Post *policy_post(const Policy *p, Str code);
Str field_type_name(FieldType t);

/* Three-valued: a missing fact makes a condition UNKNOWN, never no. */
typedef enum Truth { NO, YES, UNKNOWN } Truth;
/* facts: an object of fact name → string | int | bool (decimals as strings). NULL expr = YES. When `why`
 * is not NULL it receives one line, the condition with the values that were read:
 * "“建筑面积 > 300”不成立（建筑面积：280）". */
Truth policy_eval(Arena *mem, const Policy *p, const Expr *e, const Json *facts, Str *why);
/* A copy of `facts` (may be NULL) with what is known of every project: category and county. Conditions of
 * items, materials and fields are asked over this, never over the bare facts. */
Json *policy_facts(Arena *mem, const Json *facts, Str category, Str county);
/* Compiles a condition: comparisons (= != < <= > >=), in (a, b), and or not, parentheses; 且 或 非 and
 * full-width operators mean the same; names are fact names or labels; 类别 and 县区 are always known. Numbers
 * and dates have an order, choices and yes/no are only equal or not; a value that the fact cannot have is
 * INVALID. For tests and "what if". */
Code policy_expr(Cx *cx, const Policy *p, Str text, const Expr **out);

/* The names of the facts that a condition reads, each once; at most `max` are written. Returns how many. */
size_t policy_expr_facts(const Expr *e, Str *out, size_t max);
bool policy_expr_same(const Expr *a, const Expr *b); /* written with the same words; NULL is the same as NULL */

/* Which items of a stage apply to a project, in catalogue order. */
typedef struct ItemChoice {
  const Item *item;
  Truth applies;   /* YES: dispatched; UNKNOWN: a fact is missing */
  Str why;         /* for NO and UNKNOWN */
  Str unit;        /* resolved unit code (county delegation applied) */
  int days;        /* limit for this category */
} ItemChoice;
/* Items whose category list excludes `category` are not listed at all. `county`: unit code of the county. */
size_t policy_items(Arena *mem, const Policy *p, int stage, Str category, Str county,
                    const Json *facts, ItemChoice **out);
/* The same without `why`, whose sentences are most of the work. */
size_t policy_items_only(Arena *mem, const Policy *p, int stage, Str category, Str county, const Json *facts, ItemChoice **out);

bool policy_item_in(const Item *item, Str category);   /* is the category in the item's list? */
int policy_item_days(const Item *item, Str category); /* the limit for this category */

/* A fact, a list of item codes: their materials are there already, from beside the case, and they ask for none. */
#define POLICY_COVERED S("covered")
typedef struct MaterialChoice {
  const Material *material;
  Truth needed;
  Str why;
} MaterialChoice;
bool policy_material_of(const Material *m, int stage); /* of that stage, or asked for again there */
size_t policy_materials(Arena *mem, const Policy *p, int stage, Str category, Str county,
                        const Json *facts, MaterialChoice **out);

/* Validates one value typed for a field; *clean receives its canonical text (half-width digits, trimmed,
 * NFC). INVALID with cx->field = field name and a sentence that says what to type. Empty optional
 * values give an empty *clean. */
Code field_check(Cx *cx, const Field *f, Str typed, Str *clean);
/* ---- drafts 草案 ---------------------------------------------------------------------------------- */

/* One change to a package, for "what if". */
typedef enum ChangeKind {
  CHANGE_UNSET,
  CHANGE_STAGE_DAYS, /* category, stage, days: 0 = the stage no longer exists; the total follows */
  CHANGE_ITEM_DAYS,  /* item, days ≥ 1; category empty = the same for all categories */
  CHANGE_ITEM_UNIT,  /* item, code: a unit, or "county" */
  CHANGE_ITEM_AFTER, /* item, code: comes after this item of its stage 串联; empty = at once with the others 并联 */
  CHANGE_ITEM_BESIDE /* item, beside: outside the stage clock 并行推进, or back inside */
} ChangeKind;
typedef struct PolicyChange {
  ChangeKind kind;
  Str category, item, code;
  int stage, days;
  bool beside;
} PolicyChange;
/* A copy of p in cx->mem with the changes, one after the other; everything else is shared, so p must live as
 * long. INVALID with the field ("category", "stage", "days", "item", "unit", "after") when a change names what does
 * not exist, or would make items wait for each other (互为前置, D60-4.15-p5). It is a draft: sums and bounds
 * that the check of a package would refuse are let through, as they are what is being tried. */
Code policy_with(Cx *cx, const Policy *p, const PolicyChange *changes, size_t n, const Policy **out);

/* ---- drawing -------------------------------------------------------------------------------------- */

/* The flow chart of a category as a Graphviz text: stages, items side by side, departments, limits, results,
 * what depends on the project's facts dashed, what runs beside dotted (D60-2.7.2). */
Str policy_dot(Arena *mem, const Policy *p, const Category *c);
/* Lays out and renders such a text; format "svg" or "pdf". Tens of milliseconds; one at a time in the
 * process. BROKEN when Graphviz cannot. */
Code policy_chart(Cx *cx, Str dot, const char *format, Str *out);

#endif
