/* SPDX-License-Identifier: Apache-2.0 */
/* page_work: what the staff pages share: lists of items and stages, and the window's pages. */
#ifndef PAGE_WORK_H
#define PAGE_WORK_H

#include "web/page.h"

/* view.items, count, total, from, to, previous, next, as_of; filters from the query. unit empty = all. */
Code items_view(Cx *cx, Request *rq, Json *view, Str unit, bool open);
/* view.KEY: stages in one of the statuses with the lamp of the step or else of the stage, most urgent first. */
Code stages_view(Cx *cx, Request *rq, Json *view, Str key, Str statuses);
/* view.to_issue: decided stages that the window can issue or refuse; view.held_up [{…, why}]: those where it waits for somebody else. */
Code issue_view(Cx *cx, Request *rq, Json *view);
/* The field "on" of a form that enters a delivery: into args and *happened, when it is another day than today. INVALID, at "on": no day, to come, or before it
 * was made (`made`: 作出, 出件; made_at). Within the day it comes after last_at. page_docs.c */
Code served_day(Cx *cx, Request *rq, const char *made, int64_t made_at, int64_t last_at, Json *args, int64_t *happened);
Str issue_hindrance(Request *rq, const Project *pr, int n); /* why stage n cannot be issued now, in words for the clerk; empty: it can */

/* view.led: the stages whose board this visitor may open, [{n, name}]; nothing when there is none. */
void leads_view(Request *rq, Json *view);

/* view.asks: applications that wait for the unit's word before acceptance. */
Code asks_view(Cx *cx, Request *rq, Json *view);

/* view.lacking: promised materials 容缺 that are not there yet. */
Code lacks_view(Cx *cx, Request *rq, Json *view);

/* view.lamps: how many letters wait for their delivery, are late, are not, were made today; each leads to that list. page_docs.c. */
Code letters_tabs(Cx *cx, Request *rq, Json *view, Str which, Str title);

Code page_case(Cx *cx, Request *rq, Reply *rp);
Code post_case(Cx *cx, Request *rq, Reply *rp);
Code page_projects(Cx *cx, Request *rq, Reply *rp);
Code page_county(Cx *cx, Request *rq, Reply *rp);
/* view.of_county {name, n}: how many projects are in the visitor's county; nothing for other units. */
Code county_view(Cx *cx, Request *rq, Json *view);
Code page_whole(Cx *cx, Request *rq, Reply *rp);

/* "moved_ahead": how many of the due days that concern this person a notice moved and that are still ahead. */
Code moved_note(Cx *cx, Request *rq, Json *view);

/* view.waits [{label, of?, href, n, late}]: what waits for this person elsewhere, documents and monthly reports; view.questions {total, rows, cut}:
 * consultations that wait for the answer of this unit, when there are any. page_waits.c */
Code waits_view(Cx *cx, Request *rq, Json *view);
/* "sums": of each of the window's lists in `view` how many and how many of them late; after the lists. */
void window_sums(Request *rq, Json *view);
/* view.extensions: those that wait for the head of this unit. page_waits.c */
Code extensions_view(Cx *cx, Request *rq, Json *view);
/* view.waiting, view.waiting_total, view.talks: documents and drafts that wait for this person. page_pub.c */
Code pub_waiting_view(Cx *cx, Request *rq, Json *view);

Str item_open_tied(const StageState *s, const ItemState *i); /* in which record beside the case an open item is decided; empty: none */
/* An item that is decided in a joint acceptance has its own limit still, and the acceptance that of its stage: "joint_until" in a row of a list, where
 * it is one, and both with their days in one sentence, for the page of the item. */
Code joint_until_view(Cx *cx, Request *rq, Json *o, const ItemRow *r);
Str joint_limits(Request *rq, const Project *pr, int n, const ItemState *i);
bool item_open_for_decision(ItemStatus s);
/* "beside": how the other items of the stage stand. */
/* Its item may be passed before the joint acceptance 联合验收 of its stage (D60-4.15-p5), and the certificate waits for both: said wherever it is decided or explained. */
bool item_before_joint(const Policy *p, const Item *item);
void items_beside_view(Request *rq, Json *view, const Project *pr, int n, const ItemState *own);

#endif
