/* SPDX-License-Identifier: Apache-2.0 */
/* page_audit.h: what the pages of the trail share: records by the numbers people know. */
#ifndef PAGE_AUDIT_H
#define PAGE_AUDIT_H

#include "web/web_int.h"

Str record_known(Cx *cx, Request *rq, Str stream); /* "directive/350" → 督办单 DBD-2026-0349; without a number of its own as record_label; in rq->mem */
Code record_find(Cx *cx, Request *rq, Str number, Str *stream); /* of a record, a case or a certificate, its number or its whole name as record_known gives it; "user/NUMBER" when nothing has it */
/* What the field for a record says of one that was followed by its address: its name, when that leads back to it; else the address. */
Str record_asked(Cx *cx, Request *rq, Str stream);
/* Into `list`: of a project the records that are about it, and of any record what was told about it and who saw its personal data; each has a trail of its own: "beside" the record, "beside_name". */
Code records_beside(Cx *cx, Request *rq, Str stream, Json *list);

#endif
