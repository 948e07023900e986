/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo: fills a store through the engines, from a seed, with projects of all categories in every state as
 * of a given day. Nothing is written past the engines, so each case is one that could have happened.
 *
 * A project needs no memory of its own plan: what happens next, and when, follows from its state and from
 * numbers drawn by hashing (seed, project, stage, attempt, item, purpose). The driver keeps the projects
 * in the order of their next steps and sends all steps of one half hour together.
 */
#ifndef DEMO_H
#define DEMO_H

#include "main/main_int.h"

/* Everyone in the demonstration has this password; such accounts exist in no other store. */
#define DEMO_PASSWORD "Yichuang-2026"

enum { DEMO_REGION_DAYS = 346 }; /* the oldest act of the scripts: a region, so many days before the end */

typedef struct DemoAccount {
  Str id, name, roles, unit, org_name, org_uscc;
} DemoAccount;

typedef struct Demo {
  Arena *mem;
  const Policy *policy;
  uint64_t seed;
  int64_t end;              /* ms: nothing happens after */
  int64_t first;            /* ms: the first registration */
  Day back[DEMO_REGION_DAYS + 1]; /* the working day that stands for so many days before the end (demo_days) */
  int64_t projects;
  DemoAccount *accounts;
  size_t account_count;
  size_t applicant_first, applicant_count; /* a run of accounts */
  Str blob;                 /* the sample file that stands for each material */
  int64_t blob_size;
} Demo;

typedef struct Step {
  bool some;                /* false: nothing more happens */
  int64_t at;
  Str name;                 /* command; empty: nothing to send, look again then */
  Str stream;               /* empty: the project's; "+": a new one */
  const DemoAccount *by;
  Json *args;
  Personal personal[4];
  size_t personal_count;
} Step;

/* accounts */
void demo_accounts(Demo *d);
const DemoAccount *demo_account(const Demo *d, Str id);
const DemoAccount *demo_unit_account(const Demo *d, Str unit, bool head);
Code demo_accounts_write(Cx *cx, const Demo *d, Runner *r);
/* demo_exchange.c: last of all, what the projects of one county told a platform. */
Code demo_exchange(Cx *cx, const Demo *d, const Policies *policies, Runner *r, Reader *rd);
Code demo_staff_write(Cx *cx, const Demo *d, Runner *r); /* demo_staff.c: seats of the window and authorisations */
Code demo_access_write(Cx *cx, const Demo *d, Runner *r, bool waiting); /* requests for accounts and roles: decided ones at the beginning, those that wait at the end */
Str demo_accounts_text(Arena *mem, const Demo *d); /* what `demo` and `serve` print */

/* demo_time.c: working days and office hours. demo_days: needs policy and end; demo_day: the working day that stands for so many days before the
 * end (negative: so many days after it, any day); demo_moment: so many minutes after nine on it; demo_days_at: which days stand for this day or the
 * next working one; demo_office: the same moment, or the next one at which the office is open. Staff is everybody but the applicants. */
void demo_days(Demo *d);
Day demo_day(const Demo *d, int days);
int64_t demo_moment(const Demo *d, int days, int minute);
int demo_days_at(const Demo *d, Day day);
bool demo_in_office(const Demo *d, int64_t at);
int64_t demo_office(const Demo *d, int64_t at);
bool demo_is_staff(const Demo *d, const DemoAccount *a);

/* what happens next */
uint64_t demo_roll(const Demo *d, int64_t no, int stage, int attempt, Str item, const char *purpose);
/* A working moment n working days after `from` (0 = the same day when it still works). */
int64_t demo_work_time(const Demo *d, int64_t from, int days, uint64_t roll);
Step demo_register(Arena *mem, const Demo *d, int64_t index);
Step demo_next(Arena *mem, const Demo *d, const Project *p, bool scripted); /* scripted: rows of a script follow, so it is not given up */
Step demo_paper_next(Arena *mem, const Demo *d, const Project *p); /* what is done about documents 文书 */
/* demo_lack.c: 容缺 and 体外循环. demo_lacking: what a submission promises for later, taken out of its files; NULL: nothing. */
Json *demo_lacking(Arena *mem, const Demo *d, const Project *p, int stage, int64_t at, Json **files);
Step demo_lack_next(Arena *mem, const Demo *d, const Project *p, int stage);
Step demo_outside_next(Arena *mem, const Demo *d, const Project *p);
void demo_file(Arena *mem, const Demo *d, Json *one, Str material, Str name); /* the sample file as a material */
/* demo_survey.c: the one survey 多测合一 of a project whose works are done; it comes before its fourth stage. */
Code demo_survey_next(Cx *cx, const Demo *d, Reader *rd, const Project *p, int64_t now, Step *step);
/* Who is to stand still on the last day does so in a stage applied for at most so many days before. */
enum { DEMO_LATELY = 60 };
/* One project in thirty-six stands still in each of these states of its joint acceptance. */
enum { DEMO_ACCEPTANCE_STARTED, DEMO_ACCEPTANCE_SCHEDULED, DEMO_ACCEPTANCE_RECTIFY, DEMO_ACCEPTANCE_READY, DEMO_ACCEPTANCE_WITHDRAWN, DEMO_ACCEPTANCE_FREE };
int demo_acceptance_turn(const Project *p);
/* demo_finish.c: what happens next at the end of its construction, if it comes before `step`. */
Code demo_finish_next(Cx *cx, const Demo *d, Reader *rd, const Project *p, int64_t now, Step *step);
Json *demo_form(Arena *mem, const Demo *d, const Project *p, int stage, Step *step);
/* demo_early.c: what happens before the cases. Sends what is due up to a moment; stops after each registration and says
 * which project (0: all that was due is done), so that it goes on with the others. */
/* The region of the demonstration, DEMO_REGION_DAYS before the end; a shorter one has none. What is shared in it is of these four kinds. */
#define DEMO_REGION "葫芦岛经济开发区（示例）"
bool demo_region_shares(Str kind);
Str demo_region_of(const Demo *d, const Project *p); /* the one that its form names; empty: none */
/* A script of rows, so many days before the end, told among the steps of the projects in the order of time. In args @LABEL is the
 * number of that row's stream, # the sample file {"blob","name","size"}, ~ the same as the result of an assessment, ^ as a qualification, $ the name of who acts, % and %2 the codes of the two agencies. */
typedef struct DemoRow {
  int days, minute;      /* before the end; after nine o'clock */
  const char *who, *command, *label; /* label: a name of the stream, for later rows; NULL: the command has its own */
  const char *args;      /* JSON with ' for " */
  bool perhaps;          /* may be refused: it depends on how far a project has come */
} DemoRow;
extern const DemoRow demo_joint_rows[]; /* demo_joint.c */
extern const size_t demo_joint_count;
extern const DemoRow demo_map_rows[]; /* demo_map.c */
extern const size_t demo_map_count;
/* The checks of a project against the one blueprint, before it applies or while it waits for the window. */
Code demo_map_next(Cx *cx, const Demo *d, Reader *rd, const Project *p, int64_t now, Step *step);
/* demo_ledger.c: rows of the ledgers, reports of last month and this one; fills in days, year and project of a row. */
const DemoRow *demo_ledger_rows(Arena *m, const Demo *d, size_t *n);
Code demo_ledger_args(Cx *cx, const Demo *d, Reader *rd, const DemoRow *r, Json *args);
extern const DemoRow demo_appraise_rows[]; /* demo_appraise.c */
extern const size_t demo_appraise_count;
extern const DemoRow demo_publish_rows[]; /* demo_publish.c */
extern const size_t demo_publish_count;
/* Fills in year, day and scores of a row about an evaluation. */
Code demo_appraise_args(Cx *cx, const Demo *d, Reader *rd, const DemoRow *r, Str stream, int64_t at, Json *args);
typedef struct DemoEarly DemoEarly;
DemoEarly *demo_early_open(Arena *mem, const Demo *d);
int64_t demo_early_at(const DemoEarly *s); /* when the next one is due; INT64_MAX: there is none */
Code demo_early_next(Cx *cx, DemoEarly *s, Runner *runner, Reader *rd, int64_t upto, int64_t *at, int64_t *project);
/* demo_notice.c: addresses of some enterprises; and once a day, in the order of time: reminders, letters, ratings, what is read;
 * and once a working day in office hours what the staff answers and reads. */
Code demo_contacts(Cx *cx, const Demo *d, Runner *r);
Code demo_notice_day(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now);
Code demo_notice_office(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now);
/* demo_inspect.c: spot checks by lot; the time of the next act (INT64_MAX: none), and that act. */
typedef struct DemoInspect DemoInspect;
DemoInspect *demo_inspect_open(Arena *mem, const Demo *d);
int64_t demo_inspect_at(const DemoInspect *s);
Code demo_inspect_send(Cx *cx, DemoInspect *s, Runner *runner, Reader *rd);
Json *demo_json(Cx *cx, const char *text); /* JSON with ' for " */
void demo_answers(Arena *m, const StageState *s, Json *args);
Json *demo_files(Arena *mem, const Demo *d, const Project *p, int stage, const Json *form);

/* demo_super.c: what is done about supervision orders; once a day. */
Code demo_super_day(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now);

#endif
