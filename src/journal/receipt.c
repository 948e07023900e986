/* SPDX-License-Identifier: Apache-2.0 */
/* receipt.c: the two files that leave the house: a receipt, and the proof that one head continues another. */
#include "journal/note.h"

static const Str receipt_head = {.ptr = "yichuang-receipt/1", .len = 18};
static const Str consistency_head = {.ptr = "yichuang-consistency/1", .len = 22};

static Str proof_lines(Arena *mem, const Proof *p) {
  Str out = S("");
  for (size_t i = 0; i < p->count; i++) {
    Str h = {.ptr = (const char *)p->list[i].b, .len = sizeof p->list[i].b};
    out = arena_fmt(mem, "%.*s%.*s\n", SFMT(out), SFMT(base64_text(mem, h)));
  }
  return out;
}

/* ---- making ------------------------------------------------------------------------------------- */

static Str signed_at(Arena *mem, Str time) {
  int64_t ms = 0;
  return time_parse(time, &ms) ? time_cn(mem, ms) : time;
}

Code receipt_text(Cx *cx, Str dir, const Event *e, Str *out) {
  SCOPED(log_close_p) Log *log = NULL;
  Checkpoint *head;
  Proof p;
  size_t n;
  TRY(checkpoints_list(cx, dir, 0, 1, &head, &n));
  if (!n || head->size < e->pos)
    FAIL(NOT_FOUND, "系统定期给办理记录签名，%s%.*s，这次办理在那以后。下一次签名以后，凭证就在这里下载；办理本身已经生效，不受影响。",
         n ? "最近一次在 " : "还没有签过", SFMT(n ? signed_at(cx->mem, head->time) : S("")));
  TRY(log_open(cx, dir, &log));
  Str text = event_text(cx->mem, e);
  HashSuite suite = log_suite(log);
  Hash leaf = merkle_leaf(suite, text);
  bool good = false;
  for (int again = 0; again < 2 && !good; again++) { /* the second time without the cache of subtrees */
    if (again) (void)log__trust(log, 0);
    TRY(merkle_inclusion(cx, log_source(log), e->pos - 1, head->size, &p));
    good = merkle_included(suite, leaf, e->pos - 1, head->size, &p, head->root);
  }
  if (!good)
    FAIL(BROKEN, "这次办理与检查点对不上。请管理员运行 yichuang verify。");
  *out = arena_fmt(cx->mem, "%.*s\nevent %.*s\nindex %lld\n%.*s\n%.*s", SFMT(receipt_head), SFMT(text),
                   (long long)(e->pos - 1), SFMT(proof_lines(cx->mem, &p)), SFMT(head->text));
  return OK;
}

Code consistency_text(Cx *cx, Str dir, int64_t old, int64_t size, Str *out) {
  SCOPED(log_close_p) Log *log = NULL;
  Checkpoint a, b;
  Proof p;
  TRY(checkpoint_get(cx, dir, old, &a));
  TRY(checkpoint_get(cx, dir, size, &b));
  TRY(log_open(cx, dir, &log));
  bool good = false;
  for (int again = 0; again < 2 && !good; again++) {
    if (again) (void)log__trust(log, 0);
    TRY(merkle_consistency(cx, log_source(log), old, size, &p));
    good = merkle_consistent(log_suite(log), old, a.root, size, b.root, &p);
  }
  if (!good)
    FAIL(BROKEN, "两个检查点接不上。请管理员运行 yichuang verify。");
  *out = arena_fmt(cx->mem, "%.*s\n%.*s\n%.*s\n%.*s", SFMT(consistency_head), SFMT(proof_lines(cx->mem, &p)),
                   SFMT(a.text), SFMT(b.text));
  return OK;
}

/* ---- reading ------------------------------------------------------------------------------------ */

/* Hashes up to the empty line. */
static bool proof_read(Arena *mem, Str *rest, Proof *p) {
  Str line, bytes;
  p->count = 0;
  while (note__line(rest, &line)) {
    if (!line.len) return true;
    if (p->count == PROOF_MAX || !base64_bytes(mem, line, &bytes) || bytes.len != 32) return false;
    memcpy(p->list[p->count++].b, bytes.ptr, 32);
  }
  return false;
}

static bool index_read(Str line, int64_t *out) {
  if (!str_starts(line, S("index "))) return false;
  line = str_sub(line, 6, SIZE_MAX);
  bool canonical = line.len && line.ptr[0] >= '0' && line.ptr[0] <= '9' && (line.ptr[0] != '0' || line.len == 1);
  return canonical && str_to_i64(line, out);
}

Code receipt_check(Cx *cx, const Keys *keys, Str text, Str *event, Checkpoint *head) {
  Str rest = arena_str(cx->mem, text), line, indexed;
  int64_t index;
  Proof p;
  if (!note__line(&rest, &line) || !str_eq(line, receipt_head) || !note__line(&rest, &line) ||
      !str_starts(line, S("event {")) || !note__line(&rest, &indexed) || !index_read(indexed, &index) ||
      !proof_read(cx->mem, &rest, &p))
    FAIL(INVALID, "这不是凭证，或已损坏");
  *event = str_sub(line, 6, SIZE_MAX);
  TRY(checkpoint_read(cx, keys, rest, head));
  if (!head->key) FAIL(INVALID, "没有公钥，不能核对");
  HashSuite suite = head->key->suite;
  if (!merkle_included(suite, merkle_leaf(suite, *event), index, head->size, &p, head->root))
    FAIL(INVALID, "凭证里的办理不在这个检查点里：凭证被改动过");
  return OK;
}

/* The first note ends where its signature lines end: at the next empty line. */
static bool notes_cut(Str rest, Str *a, Str *b) {
  Str body, tail;
  if (!note__cut(rest, &body, &tail)) return false;
  ptrdiff_t at = str_find(tail, S("\n\n"));
  if (at < 0) return false;
  size_t end = (size_t)(tail.ptr - rest.ptr) + (size_t)at + 1;
  *a = str_sub(rest, 0, end);
  *b = str_sub(rest, end + 1, SIZE_MAX);
  return true;
}

Code consistency_check(Cx *cx, const Keys *keys, Str text, Checkpoint *old, Checkpoint *head) {
  Str rest = arena_str(cx->mem, text), line, a, b;
  Proof p;
  if (!note__line(&rest, &line) || !str_eq(line, consistency_head) || !proof_read(cx->mem, &rest, &p) ||
      !notes_cut(rest, &a, &b))
    FAIL(INVALID, "这不是一致性证明，或已损坏");
  TRY(checkpoint_read(cx, keys, a, old));
  TRY(checkpoint_read(cx, keys, b, head));
  if (!old->key || !head->key || old->key->suite != head->key->suite || !str_eq(old->origin, head->origin))
    FAIL(INVALID, "两个检查点不属于同一份日志");
  if (!merkle_consistent(head->key->suite, old->size, old->root, head->size, head->root, &p))
    FAIL(INVALID, "后一个检查点不是前一个的延续：日志被改写过");
  return OK;
}
