/* SPDX-License-Identifier: Apache-2.0 */
/* note.c: signed heads as text, in the form of C2SP tlog-checkpoint and signed-note. */
#include "journal/note.h"

static const Str dash = {.ptr = "\xe2\x80\x94 ", .len = 4}; /* "— " */

bool note__line(Str *rest, Str *line) {
  return str_cut(*rest, '\n', line, rest);
}

bool note__cut(Str note, Str *body, Str *signatures) {
  ptrdiff_t at = str_find(note, S("\n\n"));
  if (at < 0) return false;
  *body = str_sub(note, 0, (size_t)at + 1);
  *signatures = str_sub(note, (size_t)at + 2, SIZE_MAX);
  return true;
}

static Str hash_base64(Arena *mem, Hash h) {
  return base64_text(mem, (Str){.ptr = (const char *)h.b, .len = sizeof h.b});
}

Code checkpoint_sign(Cx *cx, const Keys *k, int64_t size, Hash root, Checkpoint *out) {
  const NoteKey *key = keys_current(k);
  uint8_t sig[4 + 64];
  if (!key) FAIL(INVALID, "密钥文件里没有在用的私钥。请换成私钥文件，或用 yichuang key rotate 换一对。");
  Str time = time_str(cx->mem, cx->now);
  Str body = arena_fmt(cx->mem, "%.*s\n%lld\n%.*s\ntime %.*s\n", SFMT(key->name), (long long)size,
                       SFMT(hash_base64(cx->mem, root)), SFMT(time));
  if (str_cmp(time, key->from) < 0) FAIL(INVALID, "现在早于密钥的启用时间。请核对系统的时钟。");
  memcpy(sig, key->id, 4);
  if (!note__sign(key, body, sig + 4)) FAIL(BROKEN, "签名失败，私钥可能已损坏");
  Str word = base64_text(cx->mem, (Str){.ptr = (const char *)sig, .len = sizeof sig});
  *out = (Checkpoint){.origin = key->name, .size = size, .root = root, .time = time, .key = key};
  out->text = arena_fmt(cx->mem, "%.*s\n%.*s%.*s %.*s\n", SFMT(body), SFMT(dash), SFMT(key->name), SFMT(word));
  /* What is given out was read again by the reader that others will use. */
  return checkpoint_read(cx, k, out->text, &(Checkpoint){0});
}

static bool size_read(Str s, int64_t *out) {
  if (!s.len || s.ptr[0] < '0' || s.ptr[0] > '9' || (s.ptr[0] == '0' && s.len > 1)) return false;
  return str_to_i64(s, out);
}

static bool body_read(Arena *mem, Str body, Checkpoint *out) {
  Str size, root, time, bytes;
  int64_t ms;
  if (!note__line(&body, &out->origin) || !note__line(&body, &size) || !note__line(&body, &root) ||
      !note__line(&body, &time) || body.len)
    return false;
  if (!note__name_fits(out->origin) || !size_read(size, &out->size)) return false;
  if (!base64_bytes(mem, root, &bytes) || bytes.len != sizeof out->root.b) return false;
  memcpy(out->root.b, bytes.ptr, sizeof out->root.b);
  if (!str_starts(time, S("time ")) || time.len != 30 || !str_ends(time, S("+08:00"))) return false;
  out->time = str_sub(time, 5, SIZE_MAX);
  return time_parse(out->time, &ms);
}

/* "— name base64(id ‖ signature)" */
static bool signature_read(Arena *mem, Str line, Str *name, Str *bytes) {
  Str word;
  if (!str_starts(line, dash)) return false;
  return str_cut(str_sub(line, dash.len, SIZE_MAX), ' ', name, &word) && note__name_fits(*name) &&
         base64_bytes(mem, word, bytes) && bytes->len > 4;
}

static bool in_force(const NoteKey *k, Str time) {
  return str_cmp(k->from, time) <= 0 && (!k->to.len || str_cmp(time, k->to) <= 0);
}

static const NoteKey *signer_of(const Keys *keys, Str body, Str name, Str sig, const Checkpoint *c) {
  for (size_t i = 0; i < keys->count; i++) {
    const NoteKey *k = &keys->list[i];
    if (!str_eq(k->name, name) || !str_eq(k->name, c->origin) || memcmp(k->id, sig.ptr, 4) != 0) continue;
    if (sig.len == 4 + 64 && in_force(k, c->time) && note__signed(k, body, (const uint8_t *)sig.ptr + 4)) return k;
  }
  return NULL;
}

Code checkpoint_read(Cx *cx, const Keys *keys, Str text, Checkpoint *out) {
  Str body, rest, line, name, sig;
  *out = (Checkpoint){.text = arena_str(cx->mem, text)};
  if (!note__cut(out->text, &body, &rest) || !rest.len || !body_read(cx->mem, body, out))
    FAIL(INVALID, "这不是检查点，或已损坏");
  for (int n = 0; rest.len; n++) {
    if (n == 16 || !note__line(&rest, &line) || !signature_read(cx->mem, line, &name, &sig))
      FAIL(INVALID, "检查点的签名行不合格式");
    if (keys && !out->key) out->key = signer_of(keys, body, name, sig, out);
  }
  if (keys && !out->key) FAIL(INVALID, "检查点没有有效的签名：不是所列密钥签的，签在密钥的期限之外，或被改动过");
  return OK;
}
