/* SPDX-License-Identifier: Apache-2.0 */
/* page_directive: what an order 督办单 about a rating 差评 asks in words of its own (page_directive_rating.c). */
#ifndef PAGE_DIRECTIVE_H
#define PAGE_DIRECTIVE_H

#include "notice/notice.h"
#include "supervision/supervision.h"
#include "web/forms.h"

bool order_open_to(const Request *rq, const Directive *d); /* may this reader open it */
const FormAct *order_reply(const Directive *d); /* the form of a reply, asking for what this order is about */
bool rating_named(const Request *rq, int64_t *project, int *stage); /* ?rating=PROJECT-STAGE of the address */
void send_about_rating(Cx *cx, Request *rq, Json *view, Json *form);
/* "rating_href", where this person may open it; "rating_told": when it was answered. An order about something else: nothing. */
void order_rating_view(Cx *cx, Request *rq, Json *view, const Directive *d);

#endif
