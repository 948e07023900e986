/* SPDX-License-Identifier: Apache-2.0 */
/* receipt: which events of a stage are worth a receipt 凭证 that proves itself. */
#ifndef RECEIPT_H
#define RECEIPT_H

#include "journal/journal.h"

typedef struct ReceiptKind { const char *code, *label, *event; } ReceiptKind;
extern const ReceiptKind receipt_kinds[];  /* ended by a row with code NULL */
const ReceiptKind *receipt_kind(Str word); /* by code or label; NULL */
enum { RECEIPT_KINDS = 7 };
/* The last event of each kind in the stage (of the item, when one is named); pos is 0 where there is none. */
Code receipt_events(Cx *cx, Reader *rd, int64_t no, int stage, Str item, Event out[RECEIPT_KINDS]);
/* One of them; NOT_FOUND. */
Code receipt_event(Cx *cx, Reader *rd, int64_t no, int stage, const ReceiptKind *kind, Str item, Event *out);

#endif
