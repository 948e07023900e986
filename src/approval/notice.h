/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notice: the one-time notice 一次性告知 over all departments. Part of approval.h, which includes it.
 *
 * A submission asks every department that has an item in the stage, all at once: what is missing? Each says so
 * (stage.report) within Policy.ask_days working days from the day of receipt; who is silent has no objection, and stays
 * answerable for it. The window merges the answers by what they are about, sees where departments ask differently
 * for one thing, decides, and sends one notice. Whatever a department asks for later needs a reason that the
 * supervisor reads (item.return; sign "late-demand").
 */
#ifndef NOTICE_H
#define NOTICE_H

#include "approval/approval.h"

/* What a demand is about: a material 材料 or a field 申请表栏目 of the package by its code (`of`), or by its name in
 * `what`. Whatever the package does not name may be asked for only with the article of a law in `basis`
 * (D60-4.14-p1: 凡无法律、法规、规章依据的材料，一律取消). Texts live in cx->mem or are borrowed. */
typedef struct Subject {
  Str of;                 /* code of the material or field; empty when it is neither */
  Str what, why, basis;   /* `what` with the package's name when `of` is known; basis of the material or as given */
  const Material *material; /* NULL when it is no material */
} Subject;
/* The materials that this project is asked for in the stage and that its applicant can bring, by the facts that are known; with `issued`
 * those of them that this system issued itself (a certificate, the result of an item, 免提交), which nobody asks an applicant for. */
size_t project_askable(Arena *mem, const Policy *p, const Project *pr, int stage, bool issued, const Material ***out);
/* One entry {of?, what, why, basis?} of a list argument `field`. A name in `what` stands for a material only when project_askable has it
 * and the name is its own, or is contained in it alone, or begins it alone: the notice goes out with the law of that material, so a guess
 * would be a wrong document. INVALID says which entry (no, from 1), why, and which names may be meant. */
Code subject_read(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *entry, Str field, int no, Subject *out);
/* A whole list, each subject once, at least one: {"of"?,"what","why","basis"} into `out`, which lives in m. */
Code subjects_read(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *entries, Str field, Arena *m, Json *out);
/* How each point of the notice is answered 补正 by what is handed in: [{"of"?,"what","how","note"?}] in the order of the notice.
 * how: "file" a new version, "field" its field changed, "form" the form it is made from changed, "note" explained 说明 in
 * `answers` ([{of or what, note}]), "" not at all: such a correction is refused. Empty when the stage is not being corrected. */
Json *project_answers(Arena *mem, const Policy *p, const Project *pr, int stage, const Json *form, const Json *files, const Json *answers);
const Json *subjects_find(const Json *list, const Subject *s); /* NULL when none is about it */
bool subject_same(const Subject *a, const Subject *b); /* the same material or field, or the same words */

typedef enum AskStatus { ASK_WAITING, ASK_ANSWERED, ASK_SILENT } AskStatus; /* silent: its time is over */
typedef struct Ask1 {     /* one department */
  Str unit;
  AskStatus status;
  const Json *report;     /* of StageState.reports; NULL unless answered */
} Ask1;
typedef struct Merged {   /* one subject, with all who ask about it */
  Subject about;          /* `why` of the first */
  const Json *asks[16]; Str units[16]; size_t count; /* entry and unit */
  bool conflict;          /* two departments say different things about it */
} Merged;
typedef struct Asked {
  Ask1 *units; size_t unit_count;
  Merged *merged; size_t merged_count;
  size_t waiting;         /* units that may still answer and have not */
  size_t conflicts;
  Day due;                /* the last day in which they may */
} Asked;
/* For a stage that is SUBMITTED and was not noticed yet: whom it asks, what they said. p: the package by which its form
 * was checked. With ask_days 0 nobody is asked. Units whose items all passed in an earlier attempt, and items of a
 * higher authority, are left out. */
Asked stage_asked(Arena *mem, const Policy *p, const Project *pr, int stage, int64_t now);

typedef struct AskRow {   /* a department's list: applications that wait for its word */
  int64_t project; int stage;
  Str number, project_name, owner;
  Day due;
  int64_t at;             /* of the submission */
  bool answered;
} AskRow;
/* Oldest first; not those that were answered unless `all`. p: in force today. */
Code asks_list(Cx *cx, Reader *rd, const Policy *p, Str unit, bool all, size_t max, AskRow **out, size_t *n);

#endif
