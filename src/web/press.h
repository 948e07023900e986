/* SPDX-License-Identifier: Apache-2.0 */
/* press: documents that are drawn for a reply. Drawing takes tens of milliseconds: a worker does it, with memory of its own. */
#ifndef PRESS_H
#define PRESS_H

#include "paper/paper.h"
#include "web/web.h"

typedef enum PressAs { PRESS_PDF, PRESS_OFD, PRESS_BUNDLE } PressAs;
Arena *press_memory(void);
/* All that `p` points to lives in `own`, which is closed when the reply is made. The document as TITLE-NUMBER.pdf (signed with App.sealer, when
 * there is one), as .ofd, or as .zip with both, an SM2 signature beside each, certificate and key. NOT_FOUND: a bundle without App.sealer. */
Code reply_press(Cx *cx, Request *rq, Reply *rp, Arena *own, const Paper *p, PressAs as);

#endif
