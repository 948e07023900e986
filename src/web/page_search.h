/* SPDX-License-Identifier: Apache-2.0 */
/* page_search: what page_search.c (asking) and page_cards.c (what was found) share. */
#ifndef PAGE_SEARCH_H
#define PAGE_SEARCH_H

#include "search/search.h"
#include "web/page.h"

/* "title", what stands under it, "acts":[{"label","href","first"}]; false when there is nothing to show any more. `u` may be NULL. */
bool card_view(Cx *cx, const Request *rq, Json *card, const Understood *u, const SearchHit *hit);
Code told_view(Cx *cx, Request *rq, Json *view, Str asked); /* "answer", when `asked` is a plain question: page_told.c */
Str case_address(const Request *rq, const Project *pr);

#endif
