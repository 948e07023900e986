/* SPDX-License-Identifier: Apache-2.0 */
/* receipt: which events of a stage are worth a receipt 凭证 that proves itself. */
#ifndef RECEIPT_H
#define RECEIPT_H

#include "journal/journal.h"

typedef struct ReceiptKind {
  const char *code, *label, *event;
  bool whole; /* of the project: among those of every stage, for it says whose the project is */
} ReceiptKind;
extern const ReceiptKind receipt_kinds[];  /* ended by a row with code NULL */
const ReceiptKind *receipt_kind(Str word); /* by code or label; NULL */

typedef struct Receipt {
  const ReceiptKind *kind;
  Str item;            /* code of the item that the event is about; empty: of the stage */
  Event event;
} Receipt;
/* SL-000123-1-2: project, stage, attempt. Each application of a stage has its own, a correction keeps it. */
typedef struct ReceiptNo { int64_t project; int stage, attempt; } ReceiptNo;
Str receipt_number(Arena *mem, ReceiptNo r);
/* As people type it from paper: small or large, O for 0, I and L for 1. True: it has the form; whether it was given, project_find says. */
bool receipt_number_read(Arena *mem, Str any, ReceiptNo *out);
/* All of a stage (of one item, when it is named) in the order of the journal, earlier attempts included. */
Code receipts_list(Cx *cx, Reader *rd, int64_t no, int stage, Str item, Receipt **out, size_t *n);
/* The last of a kind; NOT_FOUND. */
Code receipt_last(Cx *cx, Reader *rd, int64_t no, int stage, const ReceiptKind *kind, Str item, Receipt *out);
/* The one whose event is the seq-th of the project; NOT_FOUND. */
Code receipt_at(Cx *cx, Reader *rd, int64_t no, int stage, int64_t seq, Receipt *out);

#endif
