/* SPDX-License-Identifier: Apache-2.0 */
/* page_early: the pages before the case 前期: reserve, agents, consultation. */
#ifndef PAGE_EARLY_H
#define PAGE_EARLY_H

#include "early/early.h"
#include "web/forms.h"

/* page_reserve.c */
Code plots_view(Cx *cx, Request *rq, Json *view, const PlotFilter *f);
Code opinions_view(Cx *cx, Request *rq, Json *view, Str unit);
Code page_plots_public(Cx *cx, Request *rq, Reply *rp);
Code page_plot_public(Cx *cx, Request *rq, Reply *rp);
Code page_plots(Cx *cx, Request *rq, Reply *rp);
Code page_plot(Cx *cx, Request *rq, Reply *rp);
Code post_plot(Cx *cx, Request *rq, Reply *rp);
Code page_plot_new(Cx *cx, Request *rq, Reply *rp);
Code post_plot_new(Cx *cx, Request *rq, Reply *rp);
/* page_agent.c, page_order.c */
Code orders_view(Cx *cx, Request *rq, Json *view, const OrderFilter *f);
Code catalogues_view(Cx *cx, Request *rq, Json *view);
Code page_agents_public(Cx *cx, Request *rq, Reply *rp);
Code page_catalogue_public(Cx *cx, Request *rq, Reply *rp);
Code page_catalogue(Cx *cx, Request *rq, Reply *rp);
Code post_catalogue(Cx *cx, Request *rq, Reply *rp);
Code page_training(Cx *cx, Request *rq, Reply *rp);
Code post_training(Cx *cx, Request *rq, Reply *rp);
Code page_ranking(Cx *cx, Request *rq, Reply *rp);
Code page_order_new(Cx *cx, Request *rq, Reply *rp);
Code post_order_new(Cx *cx, Request *rq, Reply *rp);
Code page_order(Cx *cx, Request *rq, Reply *rp);
Code post_order(Cx *cx, Request *rq, Reply *rp);
Code page_errands(Cx *cx, Request *rq, Reply *rp);
/* page_consult.c */
Code consults_view(Cx *cx, Request *rq, Json *view, const ConsultFilter *f);
void consult_public_view(Request *rq, Json *view, const Consult *c); /* what anybody may see of one: never who asked */
/* page_question.c: questions of people without an account, and their way to the answer */
Code page_question(Cx *cx, Request *rq, Reply *rp);
Code post_question(Cx *cx, Request *rq, Reply *rp);
Code page_question_find(Cx *cx, Request *rq, Reply *rp);
Code page_question_own(Cx *cx, Request *rq, Reply *rp);
Code page_consults_public(Cx *cx, Request *rq, Reply *rp);
Code page_consult_public(Cx *cx, Request *rq, Reply *rp);
Code page_consult_new(Cx *cx, Request *rq, Reply *rp);
Code post_consult_new(Cx *cx, Request *rq, Reply *rp);
Code page_consult(Cx *cx, Request *rq, Reply *rp);
Code post_consult(Cx *cx, Request *rq, Reply *rp);
Code page_consult_file(Cx *cx, Request *rq, Reply *rp);

#endif
