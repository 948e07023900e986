/* SPDX-License-Identifier: Apache-2.0 */
/* press: documents that are drawn for a reply. Drawing takes tens of milliseconds: a worker does it, with memory of its own. */
#ifndef PRESS_H
#define PRESS_H

#include "paper/paper.h"
#include "web/web.h"

Arena *press_memory(void);
/* All that `p` points to lives in `own`, which is closed when the reply is made. With App.sealer the PDF is signed. */
/* The document as PDF, named TITLE-NUMBER.pdf. */
void reply_press(Request *rq, Reply *rp, Arena *own, const Paper *p);
/* The same with what is needed to check it: the PDF, an SM2 signature beside it, certificate and key, as TITLE-NUMBER.zip. UNSUPPORTED without
 * App.sealer. */
Code reply_bundle(Cx *cx, Request *rq, Reply *rp, Arena *own, const Paper *p);

#endif
