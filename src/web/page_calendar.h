/* SPDX-License-Identifier: Apache-2.0 */
/* page_calendar: what the pages of notices share: days as rows, what moved, a look ahead on a worker. */
#ifndef PAGE_CALENDAR_H
#define PAGE_CALENDAR_H

#include "web/page.h"

Str day_kind_label(DayKind k); /* 放假 上班 照常 */
/* "KEY": date, date_cn, weekday, kind, kind_label, name, was (under p's calendar), past. */
void view_changes(Arena *m, const Policy *p, Json *obj, Str key, const DayChange *list, size_t n, Day today);
/* One row: what, number, project_name, unit_name, was, now, href … */
void view_moved_row(Request *rq, Json *o, const MovedRow *row);
void view_moved_units(Request *rq, Json *obj, const MovedUnit *list, size_t n);

/* A preview on a worker: hands the reply its job; when it is done the view has "preview" {clocks, moved_total,
 * moved, units, cut} and the page goes on. */
void preview_begin(Request *rq, Reply *rp, const DayChange *changes, size_t n);

/* page_calendar_new.c */
Code page_calendar_new(Cx *cx, Request *rq, Reply *rp);
Code post_calendar_new(Cx *cx, Request *rq, Reply *rp);
/* page_moved.c */
Code page_moved(Cx *cx, Request *rq, Reply *rp);
Code page_calendar_year(Cx *cx, Request *rq, Reply *rp);

#endif
