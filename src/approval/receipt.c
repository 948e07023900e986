/* SPDX-License-Identifier: Apache-2.0 */
/* receipt.c: which events of a stage are worth a receipt 凭证 to whoever applied. */
#include "approval/approval.h"

const ReceiptKind receipt_kinds[] = {
    {"submitted", "收件", "stage.submitted"}, {"corrected", "补正", "stage.corrected"},
    {"asked", "补正告知", "stage.correction-requested"}, {"accepted", "受理", "stage.accepted"},
    {"decided", "事项决定", "item.decided"},
    {"certified", "出件", "stage.certified"}, {"refused", "不予许可", "stage.refused"},
    {.code = NULL},
};

const ReceiptKind *receipt_kind(Str word) {
  for (const ReceiptKind *k = receipt_kinds; k->code; k++)
    if (str_eqz(word, k->code) || str_eqz(word, k->label)) return k;
  return NULL;
}

Code receipt_event(Cx *cx, Reader *rd, int64_t no, int stage, const ReceiptKind *kind, Str item, Event *out) {
  Str stream = arena_fmt(cx->mem, "project/%lld", (long long)no);
  int64_t after = 0;
  out->pos = 0;
  for (Events batch = {.count = 1}; batch.count;) {
    TRY(reader_events(cx, rd, stream, after, 500, &batch));
    for (size_t i = 0; i < batch.count; i++) {
      const Event *e = &batch.list[i];
      after = e->seq;
      if (str_eqz(e->kind, kind->event) && json_int(e->body, S("stage"), 0) == stage &&
          (!item.len || str_eq(json_str(e->body, S("item")), item)))
        *out = *e;
    }
  }
  if (!out->pos) FAIL(NOT_FOUND, "第 %d 阶段还没有“%s”。", stage, kind->label);
  return OK;
}
