/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library: one set of materials 一套申报材料 (D60-4.14). Part of approval.h, which includes it.
 *
 * Whatever an applicant hands in lies in the project's library, once, with its versions: the same file again makes no
 * version. Every stage and every department uses the newest; what a later stage asks for again, or what the certificate of
 * an earlier stage or the result of an earlier item proves, is not asked for (免提交), and the source is written beside
 * it. Materials that say something of the enterprise (Material.enterprise) are shared by all its projects.
 *
 * 容缺: a material with Material.lack may come later when the applicant promises a day, at most Policy.lack_days working days
 * after the submission, at most Policy.lack_count at once. The promise has a clock of its own, which stops no other: on
 * the day after it the system records that it was broken (stage.lacking-expired), the window and the supervisor see it,
 * the project gets no second promise, and no certificate is issued until the material is there. It may come late.
 * An enterprise on the black list 黑名单 makes none, where the package says so (Policy.credit_bars): it hands in what is needed. Nothing else
 * follows from the list here: what is complete is accepted.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include "approval/approval.h"

typedef struct LibFile {  /* one version of one material */
  Str material, blob, name;
  int64_t size, at;
  int version;            /* of this material in this project, from 1 */
  int stage, attempt;     /* where it was handed in; stage 0: it came from beside the case */
  Str source;             /* then from where: 多测合一 CH-2026-0001 */
  Str how;                /* "submitted", "corrected", "supplemented", "supplied": the event; "surveyed" */
  Str by;                 /* name */
} LibFile;
const LibFile *library_latest(const Project *pr, Str material); /* NULL when it was never handed in here */

typedef struct Lack {     /* one promise */
  Str material, name;
  Day promised;
  int64_t supplied_at;    /* 0: not yet */
  bool expired;           /* it was not there when the promised day was over */
} Lack;
enum { LACKS_MAX = 20 };
size_t lacks_open(const StageState *s);    /* promised and not yet supplied */
bool project_broke_promise(const Project *pr); /* a promise of any stage was broken */

/* What comes with a form. Any of them may be NULL. */
typedef struct Handed {
  const Json *files;      /* [{material,blob,name,size}] */
  const Json *lacking;    /* [{material,promised}] */
  const Json *shared;     /* enterprise_files, with region_shared (beside.h) */
  Day today;              /* of the promise */
  bool barred;            /* the enterprise may promise nothing (library_barred) */
} Handed;
/* Is 容缺 barred for the enterprise? Reads the table of the room joint, and only when the package says so. */
Code library_barred(Cx *cx, Db *views, const Policy *p, Str uscc, bool *out);
/* {CODE:{"project","number","name","blob","size","at"}}: the newest file of each enterprise material that the enterprise handed in
 * for any of its projects. */
Code enterprise_files(Cx *cx, Db *views, Str uscc, Json **out);
/* Is this very file, by its content, the newest version of the material? Then it corrects nothing 补正. */
bool library_same(const Project *pr, Str material, Str blob);
/* project_known and project_check_form with all of that. */
Json *project_known_with(Arena *mem, const Policy *p, const Project *pr, int stage, const Json *shared);
Code project_check_handed(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *form, const Handed *h, Json **clean,
                          Json **faults);

typedef struct LackRow {  /* a list: what was promised and is not there */
  int64_t project; int stage;
  Str number, project_name, owner, material;
  Day promised;
  bool expired;
} LackRow;
Code lacks_list(Cx *cx, Reader *rd, size_t max, LackRow **out, size_t *n); /* first promised first */

#endif
