/* SPDX-License-Identifier: Apache-2.0 */
/* press: documents that are drawn for a reply. Drawing takes tens of milliseconds: a worker does it, with memory of its own. */
#ifndef PRESS_H
#define PRESS_H

#include "paper/paper.h"
#include "web/web.h"

Arena *press_memory(void);
/* The document as PDF, named TITLE-NUMBER.pdf. All that `p` points to lives in `own`, which is closed when the reply is made. */
void reply_press(Reply *rp, Arena *own, const Paper *p);

#endif
