/* SPDX-License-Identifier: Apache-2.0 */
/* page_credit: what the pages of credit share. */
#ifndef PAGE_CREDIT_H
#define PAGE_CREDIT_H

#include "joint/joint.h"
#include "policy/lists.h"
#include "web/forms.h"

/* "credits" and pages. `masked`: for everybody; names and numbers of persons are masked. */
Code credits_view(Cx *cx, Request *rq, Json *view, const CreditFilter *f);
/* A matter's subject as a page or a file says it: an enterprise in full, a person masked: 张*、LN****89. */
Str credit_subject(Request *rq, const CreditRow *c);
Str credit_subject_no(Request *rq, const CreditRow *c);
/* "credit": how the enterprise stands {"black","number","condition","records","red","promise","lacking"}; nothing when nothing is known. */
Code view_standing(Cx *cx, Request *rq, Json *view, Str uscc);
/* NOT_FOUND: not the subject's; not the office's, a leader's, or of the unit that entered it. */
Code credit_own(Cx *cx, const Request *rq, const Credit *c);
Code credit_seen(Cx *cx, const Request *rq, const Credit *c);
/* page_credit_letter.c: "letters", newest first. */
void credit_letters_view(Request *rq, Json *view, const Credit *c);
Code page_credit_letter(Cx *cx, Request *rq, Reply *rp);
Code page_credit_letter_pdf(Cx *cx, Request *rq, Reply *rp);
Code page_credit_letter_ofd(Cx *cx, Request *rq, Reply *rp);
/* page_credit_new.c */
Code page_credit_new(Cx *cx, Request *rq, Reply *rp);
Code post_credit_new(Cx *cx, Request *rq, Reply *rp);
/* page_credit_out.c */
Code page_credit_out(Cx *cx, Request *rq, Reply *rp);
Code page_credit_file(Cx *cx, Request *rq, Reply *rp);

#endif
