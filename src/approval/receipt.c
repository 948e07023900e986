/* SPDX-License-Identifier: Apache-2.0 */
/* receipt.c: which events of a stage are worth a receipt 凭证 to whoever applied. */
#include "approval/receipt.h"
#include "policy/policy.h"

const ReceiptKind receipt_kinds[] = {
    {.code = "registered", .label = "项目登记", .event = "project.registered", .whole = true},
    {.code = "submitted", .label = "收件", .event = "stage.submitted"},
    {.code = "asked", .label = "补正告知", .event = "stage.correction-requested"},
    {.code = "corrected", .label = "补正", .event = "stage.corrected"},
    {.code = "accepted", .label = "受理", .event = "stage.accepted"},
    {.code = "not-accepted", .label = "不予受理", .event = "stage.not-accepted"},
    {.code = "returned", .label = "事项退回补正", .event = "item.returned"},
    {.code = "supplemented", .label = "事项补正", .event = "item.supplemented"},
    {.code = "reapplied", .label = "事项重新申报", .event = "item.reapplied"},
    {.code = "decided", .label = "事项决定", .event = "item.decided"},
    {.code = "certified", .label = "出件", .event = "stage.certified"},
    {.code = "refused", .label = "不予许可", .event = "stage.refused"},
    {.code = "cert-changed", .label = "证件变更", .event = "certificate.changed"},
    {.code = "cert-suspended", .label = "证件暂停使用", .event = "certificate.suspended"},
    {.code = "cert-restored", .label = "证件恢复使用", .event = "certificate.restored"},
    {.code = "cert-revoked", .label = "证件撤销", .event = "certificate.revoked"},
    {.code = NULL},
};

const ReceiptKind *receipt_kind(Str word) {
  for (const ReceiptKind *k = receipt_kinds; k->code; k++)
    if (str_eqz(word, k->code) || str_eqz(word, k->label)) return k;
  return NULL;
}

Str receipt_number(Arena *mem, ReceiptNo r) {
  return arena_fmt(mem, "SL-%06lld-%d-%d", (long long)r.project, r.stage, r.attempt);
}

static bool next_part(Str *rest, int64_t most, int64_t *out) {
  Str word = *rest, tail = S("");
  if (!str_cut(*rest, '-', &word, &tail)) word = *rest;
  *rest = tail;
  return str_to_i64(word, out) && *out > 0 && *out <= most;
}

bool receipt_number_read(Arena *mem, Str any, ReceiptNo *out) {
  enum { HEAD = 3, LONGEST = 40, STAGES = 4, MOST = 1000000000 };
  int64_t stage, attempt;
  any = str_trim(any);
  if (any.len <= HEAD || any.len > LONGEST) return false;
  char *text = arena_array(mem, char, any.len);
  for (size_t i = 0; i < any.len; i++) text[i] = i + 1 < HEAD && any.ptr[i] >= 'a' ? (char)(any.ptr[i] - 32) : i < HEAD ? any.ptr[i] : ident_plain(any.ptr[i]);
  Str plain = {.ptr = text, .len = any.len}, rest = str_sub(plain, HEAD, SIZE_MAX);
  if (!str_starts(plain, S("SL-")) || !next_part(&rest, MOST, &out->project) || !next_part(&rest, STAGES, &stage) || !next_part(&rest, MOST, &attempt)) return false;
  out->stage = (int)stage;
  out->attempt = (int)attempt;
  return str_eq(plain, receipt_number(mem, *out)); /* just as it is printed */
}

static const ReceiptKind *kind_of(const Event *e) {
  for (const ReceiptKind *k = receipt_kinds; k->code; k++)
    if (str_eqz(e->kind, k->event)) return k;
  return NULL;
}

static void event_note(const Event *e, int stage, Str item, Receipt *list, size_t *n) {
  Receipt r = {.kind = kind_of(e), .item = json_str(e->body, S("item")), .event = *e};
  if (!r.kind || (!r.kind->whole && json_int(e->body, S("stage"), 0) != stage)) return;
  if (!item.len || str_eq(r.item, item)) list[(*n)++] = r;
}

Code receipts_list(Cx *cx, Reader *rd, int64_t no, int stage, Str item, Receipt **out, size_t *n) {
  enum { BATCH = 500 };
  Str stream = arena_fmt(cx->mem, "project/%lld", (long long)no);
  int64_t after = 0;
  *out = NULL;
  *n = 0;
  for (Events batch = {.count = 1}; batch.count;) {
    TRY(reader_events(cx, rd, stream, after, BATCH, &batch));
    Receipt *more = arena_array(cx->mem, Receipt, *n + batch.count);
    if (*n) memcpy(more, *out, *n * sizeof *more);
    *out = more;
    for (size_t i = 0; i < batch.count; i++) event_note(&batch.list[i], stage, item, *out, n);
    if (batch.count) after = batch.list[batch.count - 1].seq;
  }
  return OK;
}

Code receipt_last(Cx *cx, Reader *rd, int64_t no, int stage, const ReceiptKind *kind, Str item, Receipt *out) {
  Receipt *list;
  size_t n;
  TRY(receipts_list(cx, rd, no, stage, item, &list, &n));
  while (n && list[n - 1].kind != kind) n--;
  if (!n) FAIL(NOT_FOUND, "第 %d 阶段还没有“%s”。", stage, kind->label);
  *out = list[n - 1];
  return OK;
}

Code receipt_at(Cx *cx, Reader *rd, int64_t no, int stage, int64_t seq, Receipt *out) {
  Receipt *list;
  size_t n;
  TRY(receipts_list(cx, rd, no, stage, S(""), &list, &n));
  while (n && list[n - 1].event.seq != seq) n--;
  if (!n) FAIL(NOT_FOUND, "第 %d 阶段没有这份凭证。", stage);
  *out = list[n - 1];
  return OK;
}
