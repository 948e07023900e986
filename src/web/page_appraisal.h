/* SPDX-License-Identifier: Apache-2.0 */
/* page_appraisal: what the pages of the evaluation 考核评价 share. */
#ifndef PAGE_APPRAISAL_H
#define PAGE_APPRAISAL_H

#include "evaluation/evaluation.h"
#include "web/forms.h"

/* The year of the path. NOT_FOUND: none, or a draft for whoever does not watch. */
Code appraisal_of(Cx *cx, Request *rq, const Appraisal **out);
void appraisal_plan_view(Request *rq, Json *view, const Appraisal *a); /* "criteria","grades","daily","self", … */
/* "departments","regions": [{"unit","name","rank","points","grade"}] */
void appraisal_ranks_view(Request *rq, Json *view, const Result *list, size_t n);

/* page_appraisal_do.c */
void appraisal_draft_form(Request *rq, Json *view, const Appraisal *a); /* a: NULL for a new year */
Code post_appraisals(Cx *cx, Request *rq, Reply *rp);
Code post_appraisal(Cx *cx, Request *rq, Reply *rp);
void appraisal_act_forms(Request *rq, Json *view, const Appraisal *a);
Code page_appraisal_score(Cx *cx, Request *rq, Reply *rp);
Code post_appraisal_score(Cx *cx, Request *rq, Reply *rp);
/* page_appraisal_opinion.c */
enum { APPRAISAL_OPINION_ACTS = 3 };
extern const FormAct appraisal_opinion_acts[APPRAISAL_OPINION_ACTS];
void appraisal_consult_form(Request *rq, Json *view, const Appraisal *a);
void appraisal_opinion_forms(Request *rq, Json *view, const Appraisal *a);
void appraisal_opinions_view(Request *rq, Json *view, const Appraisal *a, bool own); /* "opinions": all, or this person's own */
void appraisal_asking_view(Request *rq, Json *view, const Appraisal *a);             /* "asked": {"until","going","draft","count","answered","adopted"} */
Code page_appraisal_opinion(Cx *cx, Request *rq, Reply *rp);
Code post_appraisal_opinion(Cx *cx, Request *rq, Reply *rp);
/* page_appraisal.c */
Code page_appraisals(Cx *cx, Request *rq, Reply *rp);
Code page_appraisal(Cx *cx, Request *rq, Reply *rp);
/* page_appraisal_out.c */
Code page_appraisal_pdf(Cx *cx, Request *rq, Reply *rp);
Code page_appraisal_xlsx(Cx *cx, Request *rq, Reply *rp);
Code page_appraisals_public(Cx *cx, Request *rq, Reply *rp);
Code page_appraisal_public(Cx *cx, Request *rq, Reply *rp);

#endif
