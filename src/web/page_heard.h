/* SPDX-License-Identifier: Apache-2.0 */
/* page_heard.h: whom a message went to, and who may sign. */
#ifndef PAGE_HEARD_H
#define PAGE_HEARD_H

#include "notice/notice.h"
#include "web/page.h"

/* heard_at, heard [{who, seen}]: of the newest such event whose matter is open (messages_told); nothing when there is none. owner: what the applicant is called. */
Code heard_view(Cx *cx, Request *rq, Json *view, const Message *of, const char *event, Str owner);
Code signers_view(Cx *cx, Request *rq, Json *o, Str item); /* signers: colleagues who may sign the item today, heads among them */

#endif
