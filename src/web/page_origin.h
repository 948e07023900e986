/* SPDX-License-Identifier: Apache-2.0 */
/* page_origin: where what was refused comes from, for the pages of deliveries (page_exchange.c, page_messages.c). */
#ifndef PAGE_ORIGIN_H
#define PAGE_ORIGIN_H

#include "web/page.h"

/* "origins":[{"column","label","value","origin","who","href"}]: the columns of a row that its refusal names. */
void view_origins(const Request *rq, Json *view, Str table, const Json *row, Str fault);
/* Of a letter: whom it goes to, what it says; both when the refusal does not tell ("refused_known" is false). */
void view_letter_origin(const Request *rq, Json *view, Str account, bool project, bool mail, Str fault);

#endif
