/* SPDX-License-Identifier: Apache-2.0 */
/* page_region: regions 区域 on the pages of others. Each puts nothing when there is nothing to say. */
#ifndef PAGE_REGION_H
#define PAGE_REGION_H

#include "early/early.h"
#include "web/forms.h"

/* A field that is chosen from the register becomes a select of the registered regions. */
Code region_choices(Cx *cx, Request *rq, Json *view, const Field *fields, size_t n);
/* "region": {"name","no","shares":[{"item_name","kind_label","number","until","promise"}],"alone":[…]} of a stage: what its items share, and
 * what is still to be drawn up alone; region: REGION_SHARED (approval/beside.h). */
void region_view(Request *rq, Json *view, const Policy *p, const Project *pr, int stage, const Json *region, const Json *facts);
/* "share": {"kind_label","promise","regions":[{"no","name","until"}]} of an item of the catalogue. */
Code region_guide(Cx *cx, Request *rq, Json *view, const Item *item);
/* "region": {"name","no","told_at","shares":[{"kind_label","number","until","requirements"}]} of a plot of the reserve library. */
Code region_of_plot(Cx *cx, Request *rq, Json *view, const Plot *p);

#endif
