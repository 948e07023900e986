/* SPDX-License-Identifier: Apache-2.0 */
/* page_open: what the pages of disclosure 政务公开 share. */
#ifndef PAGE_OPEN_H
#define PAGE_OPEN_H

#include "publish/publish.h"
#include "web/forms.h"

/* "blocks": [{"head"|"sub"|"title"|"line","anchor","text"}], "toc": [{"anchor","text","subs":[…]}]. */
void view_blocks(Request *rq, Json *view, Str text);
/* "id","number","title","issuer","day","published","openness_label","force","force_label", … of a document. */
void view_gazette(Request *rq, Json *o, const GazetteFile *g);
/* "article": {"date","source"}: the tags of a page that is one publication (国办发〔2017〕47号); source: whose it is. */
void view_article(Request *rq, Json *view, int64_t published, Str source);
void view_gazette_row(Request *rq, Json *o, const GazetteRow *r);
/* "place", "anchor": where a clause stands in the text of its document; nothing while that is not public. */
Code view_clause_place(Cx *cx, Request *rq, Json *view, Str id);
/* "documents": the latest that are on the site. */
Code view_documents(Cx *cx, Request *rq, Json *view, size_t max);
/* A consultation in a list, and "talks" with "talk_total" (page_talk.c). */
void view_canvass_row(Request *rq, Json *o, const CanvassRow *r);
Code view_talks(Cx *cx, Request *rq, Json *view, const CanvassFilter *f);
/* Rows {about, step, name, at_cn, text} of what was signed (page_pub.c). */
void view_signs(Request *rq, Json *list, const Signature *signs, const char *about);
/* "self": {"lamps", "first"}: how the site stands against the thresholds of an inspection (page_self.c); nothing when the package has none. */
Code view_self(Cx *cx, Request *rq, Json *view);
/* "annexes": [{annex, title, alt, format, size, hash, picture, href}] of one part (0: the document) as the public sees them, or all there are. base: the
 * address that their files stand below (page_annex.c). */
void view_annexes(Request *rq, Json *o, const GazetteFile *g, int about, Str base, bool all);
Code reply_annex(Cx *cx, Request *rq, Reply *rp, const GazetteFile *g, bool all); /* the file of the second parameter of the path */
Code annex_upload(Cx *cx, Request *rq, Json *args);
bool annex_choices(Request *rq, Json *form, const GazetteFile *g); /* form NULL: only whether there are any */
Str annex_hint(Request *rq, const Disclosure *d); /* PDF、OFD，最大 20 MB */
Str item_form(const Request *rq, Str form); /* 撰稿解读 */

#endif
