/* SPDX-License-Identifier: Apache-2.0 */
/* page_random: what the pages of spot checks by lot 双随机 share. The public page of a plan or a draw and that of the staff are one view;
 * the staff's has forms. */
#ifndef PAGE_RANDOM_H
#define PAGE_RANDOM_H

#include "inspect/inspect.h"
#include "web/forms.h"

/* "draws": [{no, number, title, attempt, status, status_label, hash, opened, beacon_at, ended, reason, mine, to_commit, to_reveal}] */
Code draws_view(Cx *cx, Request *rq, Json *view, int64_t plan);
/* "checks": those not yet published, of this account or of all; with "lamp" once they are confirmed. */
Code checks_view(Cx *cx, Request *rq, Json *view, bool all);

/* What the reader has to do of spot checks, for his home: pushes {label, href, n, late, by} where there is something. */
Code spots_wait(Cx *cx, Request *rq, Json *list);

/* page_draw.c */
Code page_draw_public(Cx *cx, Request *rq, Reply *rp);
Code page_draw_file(Cx *cx, Request *rq, Reply *rp);
Code page_draw_results(Cx *cx, Request *rq, Reply *rp);
Code page_draw(Cx *cx, Request *rq, Reply *rp);
Code post_draw(Cx *cx, Request *rq, Reply *rp);
Code page_spot(Cx *cx, Request *rq, Reply *rp);
Code post_spot(Cx *cx, Request *rq, Reply *rp);
/* page_pool.c */
Code page_pool(Cx *cx, Request *rq, Reply *rp);
Code post_pool(Cx *cx, Request *rq, Reply *rp);

#endif
