/* SPDX-License-Identifier: Apache-2.0 */
/* receipt.c: which events of a stage are worth a receipt 凭证 to whoever applied. */
#include "approval/receipt.h"

const ReceiptKind receipt_kinds[] = {
    {"submitted", "收件", "stage.submitted"}, {"corrected", "补正", "stage.corrected"},
    {"asked", "补正告知", "stage.correction-requested"}, {"accepted", "受理", "stage.accepted"},
    {"decided", "事项决定", "item.decided"},
    {"certified", "出件", "stage.certified"}, {"refused", "不予许可", "stage.refused"},
    {.code = NULL},
};
_Static_assert(COUNT(receipt_kinds) == RECEIPT_KINDS + 1, "a place for each kind");

const ReceiptKind *receipt_kind(Str word) {
  for (const ReceiptKind *k = receipt_kinds; k->code; k++)
    if (str_eqz(word, k->code) || str_eqz(word, k->label)) return k;
  return NULL;
}

static void event_note(const Event *e, int stage, Str item, Event out[RECEIPT_KINDS]) {
  if (json_int(e->body, S("stage"), 0) != stage) return;
  if (item.len && !str_eq(json_str(e->body, S("item")), item)) return;
  for (size_t k = 0; k < RECEIPT_KINDS; k++)
    if (str_eqz(e->kind, receipt_kinds[k].event)) out[k] = *e;
}

Code receipt_events(Cx *cx, Reader *rd, int64_t no, int stage, Str item, Event out[RECEIPT_KINDS]) {
  Str stream = arena_fmt(cx->mem, "project/%lld", (long long)no);
  int64_t after = 0;
  memset(out, 0, RECEIPT_KINDS * sizeof *out);
  for (Events batch = {.count = 1}; batch.count;) {
    TRY(reader_events(cx, rd, stream, after, 500, &batch));
    for (size_t i = 0; i < batch.count; i++) event_note(&batch.list[i], stage, item, out);
    if (batch.count) after = batch.list[batch.count - 1].seq;
  }
  return OK;
}

Code receipt_event(Cx *cx, Reader *rd, int64_t no, int stage, const ReceiptKind *kind, Str item, Event *out) {
  Event all[RECEIPT_KINDS];
  TRY(receipt_events(cx, rd, no, stage, item, all));
  *out = all[kind - receipt_kinds];
  if (!out->pos) FAIL(NOT_FOUND, "第 %d 阶段还没有“%s”。", stage, kind->label);
  return OK;
}
