/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beside: what a case has from before it: conditions that the reserve library 储备库 locked, and replies to consultations
 * 前期咨询 that its forms cite. The engines of those are in the room early; this room reads their tables only.
 *   Project.locked      {"plot","number","values":{NAME:text},"changes":[{"name","was","now","reason","doc","at"}]}
 *   StageState.cites    [{"no","unit","subject","reply","consult"}]: as they read when the form was sent
 *   StageState.region   {"name","no","shares":[{"kind","number","until","name","blob","size"}],"check"?,"parcel"?}: the assessments of the region 区域评估 that were in
 *                       force on the day of the submission; later nothing takes them from this submission
 *   StageState.ties     [{"by":"联合验收 LHYS-2026-0001","items":[code…],"over"}]: items that a record of the room finish decides;
 *                       events of it say what ("tied", "settled" in acceptance.started, acceptance.concluded)
 */
#ifndef BESIDE_H
#define BESIDE_H

#include "approval/approval.h"
#include "geo/geo.h"

/* The locked value 锁定的建设条件 of a field, empty when it is free; pr may be NULL. It stands in every form read-only:
 * another value is CONFLICT, an absent one is filled in. Only the reserve library changes it, with a reason. */
Str project_locked(const Project *pr, Str name);
Code project_lock_check(Cx *cx, const Project *pr, const Field *f, const Json *typed);
/* In which record beside the case this item is handled; empty: in none. */
Str item_tied(const StageState *s, Str code);
bool item_rests(const ItemState *i); /* paused while the owner rectifies */
/* Assessments of a region (D60-2.9.1). Under this key of `shared` (library.h) lie the region that a form names and what is in force there
 * on a day, as in StageState.region; "known" says whether there is such a region. */
#define REGION_SHARED S("@region")
/* Which region a form of that stage names: its own field, else the fact. Empty: none. */
Str project_region(const Policy *p, const Project *pr, int stage, const Json *form);
/* Puts REGION_SHARED; nothing when there is no region. Which it is:
 *   no plot (no check against the blueprint), or the region that is named is not drawn: the one that is named, as it says
 *   a plot that lies wholly in one, less than a square metre outside: that one, with "check" and "parcel" (number of the check). The one that
 *     is named, when it lies in several; else the smallest
 *   a plot that does not lie wholly in the one that is named, or in none but partly in one: that one with "why" and without shares */
Code region_shared(Cx *cx, Db *views, const Policy *p, const Project *pr, int stage, const Json *form, Day on, Json *shared);
Str region_inside(const Json *shared); /* the region that the plot lies in; empty when no plot says so */
/* The drawn regions that a plot meets, and the one of the name `also`: [{"no","name","relation","out"?,"metres"?,"area"}]; relation: inside, partly (out:
 * hectares outside), outside (metres to its border); area: of the region, thousandths of square metres. */
Code regions_around(Cx *cx, Db *views, const Geo *plot, Str also, Json **out);
const Json *region_holds(const Json *around); /* the one that holds it; NULL: none */
/* The assessment that a project shares for an item, as of its submission: 共享区域成果，无需单独编报. NULL: none. */
const Json *item_share(const Policy *p, const StageState *s, Str code);
Str share_source(Arena *mem, const Json *share); /* 区域评估 QYPG-2026-0001 */
enum { CITES_MAX = 10 };

/* Decisions against a cited reply 与咨询答复不一致 (D60-2.4.4-(3)): refusals and notices of a stage that cites replies, and
 * what the decider said about them. Newest first. */
typedef struct ContraryRow {
  int64_t project, at;
  int stage;
  Str number, project_name, item, unit, name, relation, cited, reason;
} ContraryRow;
Code contrary_list(Cx *cx, Reader *rd, size_t offset, size_t max, ContraryRow **out, size_t *n, int64_t *total);

#endif
