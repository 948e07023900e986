/* SPDX-License-Identifier: Apache-2.0 */
/* page_joint: what the pages of joint review and what stands beside it share. Forms as in page_early.h. */
#ifndef PAGE_JOINT_H
#define PAGE_JOINT_H

#include "joint/joint.h"
#include "web/forms.h"

/* "reviews" and pages; "reviews_total". */
Code reviews_view(Cx *cx, Request *rq, Json *view, const ReviewFilter *f);
/* page_agencies.c */
Code page_agencies(Cx *cx, Request *rq, Reply *rp);
Code page_agency_new(Cx *cx, Request *rq, Reply *rp);
Code post_agency_new(Cx *cx, Request *rq, Reply *rp);
Code page_agency(Cx *cx, Request *rq, Reply *rp);
Code post_agency(Cx *cx, Request *rq, Reply *rp);

#endif
