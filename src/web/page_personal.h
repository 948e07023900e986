/* SPDX-License-Identifier: Apache-2.0 */
/* page_personal: what the pages about personal data share. */
#ifndef PAGE_PERSONAL_H
#define PAGE_PERSONAL_H

#include "approval/personal.h"
#include "web/page.h"

/* "KEY": each value of a record: "ref", "label", "text" (masked, or 〔已清除〕 with the day), "since", "live"; passwords not. */
Code view_values(Cx *cx, Request *rq, Json *obj, Str key, Str record);
/* "looks": who looked at what, when and why, with "looks_total". */
Code view_looks(Cx *cx, Request *rq, Json *obj, const LookFilter *f);
/* "erasures" and "erasures_total": requests, newest first. */
Code view_erasures(Cx *cx, Request *rq, Json *obj, const ErasureFilter *f);
void view_erasure(Request *rq, Json *o, const Erasure *e);
/* The package that says on what grounds and for what purposes. */
const Policy *personal_rules(const Request *rq);
/* "grounds": code, name, basis, keeps, chosen; "purposes": code, name, chosen; "keep_days", "looks_max", "sample". */
void view_rules(Request *rq, Json *obj);
/* "record", "record_name", "record_href" (empty: not for this person). */
void view_record(Request *rq, Json *o, Str record);

#endif
