/* SPDX-License-Identifier: Apache-2.0 */
/* witness.c: somebody else keeps the last head and takes a new one only when it continues the kept one. */
#include "journal/note.h"

/* What the witness says is evidence: both heads word for word. */
static Code fork_shown(Cx *cx, const Checkpoint *kept, const Checkpoint *other) {
  FAIL(BROKEN, "分叉：%lld 条有两个不同的检查点，都有有效签名。这是篡改的证据，请保存：\n— 留存的\n%.*s— 收到的\n%.*s", (long long)kept->size,
       SFMT(kept->text), SFMT(other->text));
}

static Code order_check(Cx *cx, const Checkpoint *kept, const Checkpoint *head) {
  if (!str_eq(kept->origin, head->origin))
    FAIL(BROKEN, "这是“%.*s”的检查点，留存的是“%.*s”的。", SFMT(head->origin), SFMT(kept->origin));
  if (head->size < kept->size)
    FAIL(BROKEN, "收到的检查点（%lld 条，%.*s）比留存的（%lld 条，%.*s）旧：像是恢复了较早的备份，其后 %lld 条不见了。", (long long)head->size,
         SFMT(head->time), (long long)kept->size, SFMT(kept->time), (long long)(kept->size - head->size));
  if (head->size == kept->size && !hash_eq(head->root, kept->root)) return fork_shown(cx, kept, head);
  return OK;
}

Code witness_file(Cx *cx, const Keys *keys, const Checkpoint *kept, Str text, Checkpoint *head) {
  Checkpoint old;
  if (!str_starts(text, S("yichuang-consistency/"))) {
    TRY(checkpoint_read(cx, keys, text, head));
    if (!kept) return OK;
    TRY(order_check(cx, kept, head));
    if (head->size == kept->size) return OK;
    FAIL(INVALID, "还要从 %lld 条到 %lld 条的一致性证明。用 yichuang checkpoint proof %lld %lld，或从检查点页下载。", (long long)kept->size,
         (long long)head->size, (long long)kept->size, (long long)head->size);
  }
  TRY(consistency_check(cx, keys, text, &old, head));
  if (!kept) return OK;
  TRY(order_check(cx, kept, head));
  if (old.size == kept->size && !hash_eq(old.root, kept->root)) return fork_shown(cx, kept, &old);
  if (old.size != kept->size && head->size != kept->size)
    FAIL(INVALID, "一致性证明从 %lld 条起，留存的是 %lld 条。", (long long)old.size, (long long)kept->size);
  return OK;
}

/* The store has signed something newer that does not continue what was kept. */
static Code not_continued(Cx *cx, Str dir, Log *log, const Keys *keys, const Checkpoint *kept, const Checkpoint *head) {
  Checkpoint other;
  Hash now;
  if (checkpoint_get(cx, dir, kept->size, &other) == OK && checkpoint_read(cx, keys, other.text, &other) == OK &&
      !hash_eq(other.root, kept->root))
    return fork_shown(cx, kept, &other);
  cx_clear(cx);
  TRY(merkle_root(cx, log_source(log), kept->size, &now));
  FAIL(BROKEN, "检查点（%lld 条，%.*s）不是留存的（%lld 条，%.*s）的延续：前 %lld 条的根留存的是 %.*s，现在算出来是 %.*s。日志被改写过，或恢复较早的"
       "备份后又继续办理。", (long long)head->size, SFMT(head->time), (long long)kept->size, SFMT(kept->time),
       (long long)kept->size, SFMT(hash_hex(cx->mem, kept->root)), SFMT(hash_hex(cx->mem, now)));
}

Code witness_store(Cx *cx, const Keys *keys, const Checkpoint *kept, Str dir, Checkpoint *head) {
  SCOPED(log_close_p) Log *log = NULL;
  Checkpoint *newest;
  Proof p;
  Hash root;
  size_t n;
  TRY(checkpoints_list(cx, dir, 0, 1, &newest, &n));
  if (!n) FAIL(kept ? BROKEN : NOT_FOUND, "存储里没有检查点%s", kept ? "，留存的却有：像是恢复了较早的备份" : "。先用 yichuang checkpoint 签一个");
  TRY(checkpoint_read(cx, keys, newest->text, head));
  TRY(log_open(cx, dir, &log));
  if (kept) TRY(order_check(cx, kept, head));
  TRY(merkle_root(cx, log_source(log), head->size, &root));
  if (!hash_eq(root, head->root))
    FAIL(BROKEN, "日志与 %.*s 签的检查点（%lld 条）不一致：日志被改写过。", SFMT(head->time), (long long)head->size);
  if (!kept) return OK;
  TRY(merkle_consistency(cx, log_source(log), kept->size, head->size, &p));
  if (merkle_consistent(log_suite(log), kept->size, kept->root, head->size, head->root, &p)) return OK;
  return not_continued(cx, dir, log, keys, kept, head);
}
