/* SPDX-License-Identifier: Apache-2.0 */
/* page_desk: who of a unit has an item in hand, for the pages that show it (approval/desk.h). */
#ifndef PAGE_DESK_H
#define PAGE_DESK_H

#include "web/page.h"

/* The query's held=mine, free or nothing, as ItemFilter.holder. */
Str held_filter(const Request *rq);
/* "held": the tabs 全部、我的、未认领 with their counts; "held_filter"; "to": the colleagues; "handed_to": to whom something was just handed. */
Code desk_tabs_view(Cx *cx, Request *rq, Json *view);
/* "holder": the name of who has it in hand, empty when nobody; "mine". */
Code desk_item_view(Cx *cx, Request *rq, Json *view, Str unit, int64_t project, int stage, Str item, Str taken);
/* view.desk: the same for the item's own page, with "key", and for its unit "can" and "to". */
Code desk_here_view(Cx *cx, Request *rq, Json *view, Str unit, int64_t project, int stage, Str item, Str taken);

#endif
