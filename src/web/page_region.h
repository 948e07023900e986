/* SPDX-License-Identifier: Apache-2.0 */
/* page_region: regions 区域 on the pages of others. Each puts nothing when there is nothing to say. */
#ifndef PAGE_REGION_H
#define PAGE_REGION_H

#include "early/early.h"
#include "web/forms.h"

/* "regions": all of them, with what is shared today. */
Code region_rows(Cx *cx, Request *rq, Json *view);
/* "drawings" of one, newest first, and the "picture" of its area. */
Code region_drawings(Cx *cx, Request *rq, Json *view, const Region *r);
/* A field that is chosen from the register becomes a select of the registered regions; `inside`: where the plot lies, chosen while nothing is. */
Code region_choices(Cx *cx, Request *rq, Json *view, const Field *fields, size_t n, Str inside);
/* "region": {"name","no","shares":[{"item_name","kind_label","number","until","promise"}],"alone":[…]} of a stage: what its items share, and
 * what is still to be drawn up alone, "check","parcel": the plot that says so, "why": it does not lie inside; region: REGION_SHARED (approval/beside.h). */
void region_view(Request *rq, Json *view, const Policy *p, const Project *pr, int stage, const Json *region, const Json *facts);
/* Of a stage that waits for its acceptance, "region_now": {"parcel","check","why"}: what the newest plot says of the region that was shared. */
Code region_today(Cx *cx, Request *rq, Json *view, const Policy *p, const Project *pr, int stage);
/* "share": {"kind_label","promise","regions":[{"no","name","until"}]} of an item of the catalogue. */
Code region_guide(Cx *cx, Request *rq, Json *view, const Item *item);
/* "around": [{"no","name","relation","out"?,"kinds":[{"kind_label","number","until"}]}]: drawn regions that a plot meets, and what is shared in those
 * that hold it whole today. *holds: the one that counts; NULL: none. */
Code region_around(Cx *cx, Request *rq, Json *view, const Geo *plot, const Region **holds);
/* "region": {"name","no","told_at","shares":[{"kind_label","number","until","requirements"}]} of a plot of the reserve library. */
Code region_of_plot(Cx *cx, Request *rq, Json *view, const Plot *p);

#endif
